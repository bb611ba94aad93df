"""Make pages from templates.

Every page extends ``templates/base.html`` and says where it stands, so that the frame can lead to the other
language and to the other formats. Templates escape what they are given; only pictures that were built by
:mod:`aisi_kg.web.drawing` come in as markup.

Functions in templates: ``t(key, **values)`` says a message in the page's language; ``href(path,
**parameters)`` is the address of a page of ours in the same language, ``to(iri)`` that of the page about a
resource (or the IRI itself, where it is not ours); ``file(path)`` that of what is in no language,
``asset(name)`` that of a file of ``static/``; ``date(text)`` and ``number(text)`` say values in words.
"""

import functools
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request

from aisi_kg import __version__
from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.results import Format
from aisi_kg.store.wording import date_text, number_text
from aisi_kg.web.assets import assets
from aisi_kg.web.embedding import is_embedded
from aisi_kg.web.language import LANGUAGE_PARAMETER
from aisi_kg.web.messages import message, messages
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import Parameters, kept, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.site import base_url, site_of

__all__ = ["Addresses", "addresses", "page_response", "prepare", "render", "text_template"]

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_IN_PATH = "/:@!$&'()*+,;=~-._"


class Addresses:
    """Write the addresses of pages.

    :param language: the language that every address keeps.
    :param prefix: what stands before each path, where a proxy serves us below its root.
    """

    def __init__(self, language: str, prefix: str = "") -> None:
        self._language = language
        self._prefix = prefix
        # Most addresses of a long page have no parameter but this.
        self._plain = kept([(LANGUAGE_PARAMETER, language)])

    def page(self, path: str, **parameters: str) -> str:
        """Lead to a page of ours.

        :param path: its path, not encoded.
        :param parameters: its parameters; those without a value are left out.
        :returns: the address, with the language.
        """
        end = kept([*parameters.items(), (LANGUAGE_PARAMETER, self._language)]) if parameters else self._plain
        return self._prefix + quote(path, safe=_IN_PATH) + end

    def resource(self, iri: str) -> str:
        """Lead to what stands for a resource.

        :param iri: the resource.
        :returns: the address of our page about it; of another's resource, its IRI, and ``#`` where that is no
            address of the web.
        """
        if iri.startswith(BASE):
            path, mark, fragment = iri.removeprefix(BASE).partition("#")
            return self.page("/" + path) + (mark + quote(fragment) if mark else "")
        return iri if iri.startswith(("https://", "http://")) else "#"

    def file(self, path: str) -> str:
        """Lead to a file or an answer that is in no language.

        :param path: its path, not encoded.
        :returns: the address.
        """
        return self._prefix + quote(path, safe=_IN_PATH)


def addresses(request: Request, language: str) -> Addresses:
    """Write addresses for whoever asks.

    :param request: the request.
    :param language: the language that every address keeps.
    :returns: what writes them.
    """
    return Addresses(language, urlsplit(site_of(request).settings.public_url).path.rstrip("/"))


def text_template(template: str, **context: Any) -> str:
    """Fill in a template of plain text.

    :param template: its name; nothing in it is escaped.
    :param context: what it says.
    :returns: the text.
    """
    return _environment().get_template(template).render(**context)


def prepare() -> None:
    """Read all that pages are made of; processes share it, and a file that changes later changes no page."""
    messages()
    assets()
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        auto_reload=False,
        cache_size=-1,
        # In all but plain text.
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    request: Request,
    template: str,
    *,
    path: str,
    language: str,
    parameters: Parameters = (),
    formats: Sequence[Format] = (),
    **context: Any,
) -> bytes:
    """Make a page.

    :param request: the request that it answers.
    :param template: the name of its template.
    :param path: its path, without language and format.
    :param language: its language.
    :param parameters: the parameters of its URL without the language.
    :param formats: the other formats that the same is there in.
    :param context: what the template shows; ``title`` is needed by each, and ``description`` may be given.
    :returns: HTML in UTF-8.
    """
    site = site_of(request)
    written = addresses(request, language)
    own = [(name, value) for name, value in parameters if name != LANGUAGE_PARAMETER]
    shown = written.file(path)
    alternates = [(f, f"{shown}.{f.extension}{kept(own)}") for f in formats if f is not HTML]
    languages = {each: shown + kept([*own, (LANGUAGE_PARAMETER, each)]) for each in LANGUAGES}
    text = (
        _environment()
        .get_template(template)
        .render(
            **_functions(written, language),
            language=language,
            languages=languages,
            alternates=alternates,
            here=path,
            version=__version__,
            dataset_version=site.dataset.version,
            origin=_origin(request),
            is_embedded=is_embedded(request),
            **context,
        )
    )
    return text.encode("utf-8", "replace")


def _origin(request: Request) -> str:
    """Say at which server a page is, for addresses that are read elsewhere; nothing where nobody knows."""
    try:
        address = urlsplit(base_url(request))
    except Problem:
        return ""
    # The path before ours, where there is one, stands in every address of a page.
    return f"{address.scheme}://{address.netloc}"


def _functions(written: Addresses, language: str) -> Mapping[str, Any]:
    return {
        "t": functools.partial(_said, language),
        "href": written.page,
        "to": written.resource,
        "file": written.file,
        "asset": lambda name: written.file(assets().address(name)),
        "date": lambda text: date_text(text, language),
        "number": lambda value: number_text(str(value), language),
    }


def _said(language: str, key: str, **values: object) -> str:
    return message(key, language, **values)


def page_response(
    request: Request,
    template: str,
    *,
    path: str,
    language: str,
    parameters: Parameters = (),
    formats: Sequence[Format] = (),
    canonical: str | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **context: Any,
) -> Response:
    """Make a page and send it, or only say that the client has it.

    :param request: the request that it answers.
    :param template: the name of its template.
    :param path: its path, without language and format.
    :param language: its language.
    :param parameters: the parameters of its URL.
    :param formats: the other formats that the same is there in.
    :param canonical: the IRI of what it is about.
    :param status: the status code.
    :param context: what the template shows; ``title`` is needed by each.
    :returns: the response.
    """
    body = render(
        request,
        template,
        path=path,
        language=language,
        parameters=parameters,
        formats=formats,
        **context,
    )
    response = tagged(request, HTML, body, path, formats, canonical, status=status)
    response.headers["Content-Language"] = language
    return response
