"""Write the headers that documents, graphs and dumps have in common."""

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from starlette.requests import Request

from aisi_kg.store.results import Format
from aisi_kg.web.negotiation import field_value
from aisi_kg.web.site import site_of

__all__ = ["CACHE_CONTROL", "DESCRIPTION", "LICENSED", "is_known", "links", "local_path"]

#: Ten minutes: a dataset is replaced seldom, and the tag of a document then tells whether it changed.
CACHE_CONTROL = "public, max-age=600"
#: The path of the dataset's description.
DESCRIPTION = "/.well-known/void"
#: The relation of everything here to its licence.
LICENSED = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'

# What may stand in a path as it is; whatever else a name has is encoded.
_IN_PATH = "/:@!$&'()*+,;=~-._"


def is_known(request: Request, tag: str) -> bool:
    """Tell whether a client has what it asks for.

    :param request: the request.
    :param tag: the entity tag of what would be sent.
    :returns: True if ``If-None-Match`` names it; weak and strong tags compare as equal. A client that sends a
        POST has nothing yet that it could be told to use.
    """
    if request.method not in ("GET", "HEAD"):
        return False
    known = field_value(request.headers, "if-none-match") or ""
    opaque = tag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") in (opaque, "*") for each in known.split(","))


def local_path(request: Request, path: str) -> str:
    """Say at which path of the server's address a client finds something.

    :param request: the request; where a proxy hides the server, the operator has set what is before the path.
    :param path: the path as the server knows it, not encoded.
    :returns: the path, encoded.
    """
    return urlsplit(site_of(request).settings.public_url).path.rstrip("/") + quote(path, safe=_IN_PATH)


def links(
    request: Request,
    path: str,
    formats: Iterable[Format] = (),
    canonical: str | None = None,
    suffix: str = "",
) -> str:
    """Write a ``Link`` header.

    :param request: the request.
    :param path: the path of what is sent, without the extension of a format.
    :param formats: the formats that it is there in.
    :param canonical: its IRI.
    :param suffix: the query string that other formats are asked for with, encoded, with its mark.
    :returns: the value: the same in each format, the dataset's description, the licence, the IRI.
    """
    alternates = [
        f'<{local_path(request, f"{path}.{f.extension}")}{suffix}>; rel="alternate"; type="{f.media_type}"'
        for f in formats
    ]
    described = f'<{local_path(request, DESCRIPTION)}>; rel="describedby"'
    named = [] if canonical is None else [f'<{quote(canonical, safe=_IN_PATH + "#?%")}>; rel="canonical"']
    return ", ".join([*alternates, described, LICENSED, *named])
