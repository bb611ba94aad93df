"""Search at ``/search.json``, and complete what is typed at ``/suggest.json``.

Both look into the index that was made when the dataset was loaded. A search takes milliseconds whatever is
asked, since the words and the texts that it looks at are bounded; so it is done here and not by a worker.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.library.records import Text
from aisi_kg.store.results import Format
from aisi_kg.store.search import Hit, Kind, search
from aisi_kg.web.headers import local_path
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.pages import Parameters, invalid, tagged
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import base_url, site_of

__all__ = [
    "KIND_NAMES",
    "LIMIT",
    "MOST_HITS",
    "MOST_PASSED",
    "SUGGESTED",
    "address_of",
    "read_classes",
    "read_kinds",
    "read_number",
    "router",
]

router = APIRouter()

_GET = ["GET", "HEAD"]
_JSON = Format("json", "application/json", "json", "")
#: What browsers take for completions: https://github.com/dewitt/opensearch, extension "Suggestions" 1.1.
_SUGGESTIONS = Format("json", "application/x-suggestions+json", "json", "", asked_as=("application/json",))
_PARAMETERS = ("q", "kind", "class", "limit", "offset", LANGUAGE_PARAMETER)
#: The most hits of a kind that are sent, and the most that are passed over.
MOST_HITS, MOST_PASSED = 100, 10_000
#: How many hits of a kind, and how many completions, are sent where no number is asked for.
LIMIT, SUGGESTED = 10, 8

#: What the kinds are called above their hits.
KIND_NAMES = {
    Kind.ENTITY: Text(en="Entities", zh="实体"),
    Kind.CLAIM: Text(en="Claims", zh="论断"),
    Kind.PUBLICATION: Text(en="Publications", zh="出版物"),
    Kind.FOOTNOTE: Text(en="Footnotes", zh="脚注"),
    Kind.TERM: Text(en="Terms of the ontology", zh="本体术语"),
    Kind.QUERY: Text(en="Questions", zh="问题"),
}


@router.api_route("/search.json", methods=_GET)
async def searched(request: Request) -> Response:
    """Search; without words nothing is found."""
    parameters = _only(request, _PARAMETERS)
    language = page_language(request, parameters)
    site = site_of(request)
    text = _one(parameters, "q")
    results = search(
        site.dataset.search,
        text,
        language,
        read_kinds(parameters),
        read_number(parameters, "limit", LIMIT, 1, MOST_HITS),
        read_classes(parameters, site.prefixes),
        read_number(parameters, "offset", 0, 0, MOST_PASSED),
    )
    content = {
        "query": text,
        "language": language,
        "whole": results.is_whole,
        "total": results.total,
        "groups": [
            {
                "kind": group.kind.value,
                "label": KIND_NAMES[group.kind].in_language(language),
                "total": group.total,
                "hits": [_hit(request, hit, site.prefixes) for hit in group.hits],
            }
            for group in results.groups
        ],
    }
    body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    return tagged(request, _JSON, body, "/search", (_JSON,))


@router.api_route("/suggest.json", methods=_GET)
async def suggested(request: Request) -> Response:
    """Complete what is typed, by the best hits of all kinds."""
    parameters = _only(request, ("q", "kind", "limit", LANGUAGE_PARAMETER))
    language = page_language(request, parameters)
    text = _one(parameters, "q")
    limit = read_number(parameters, "limit", SUGGESTED, 1, MOST_HITS)
    results = search(site_of(request).dataset.search, text, language, read_kinds(parameters), limit)
    hits = sorted((hit for group in results.groups for hit in group.hits), key=lambda hit: -hit.score)[:limit]
    base = base_url(request)
    content = [
        text,
        [hit.label for hit in hits],
        [hit.note for hit in hits],
        [base + address_of(request, hit.document.path, is_local=False) for hit in hits],
    ]
    body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    return tagged(request, _SUGGESTIONS, body, "/suggest", (_SUGGESTIONS,))


def address_of(request: Request, path: str, *, is_local: bool = True) -> str:
    """Say where a client finds what was found.

    :param request: the request.
    :param path: its path, not encoded; it may have a fragment.
    :param is_local: whether what a proxy has before the path is part of it.
    :returns: the path with its fragment, encoded.
    """
    before, mark, fragment = path.partition("#")
    encoded = local_path(request, before) if is_local else quote(before, safe="/:@!$&'()*+,;=~-._")
    return encoded + mark + quote(fragment)


def _hit(request: Request, hit: Hit, prefixes: Prefixes) -> dict[str, Any]:
    return {
        "iri": hit.document.iri,
        "path": address_of(request, hit.document.path),
        "kind": hit.document.kind.value,
        "label": hit.label,
        "note": hit.note,
        "classes": [prefixes.shorten(each) for each in hit.document.classes],
        "score": hit.score,
        "snippet": {
            "text": hit.snippet.text,
            "ranges": [list(each) for each in hit.snippet.ranges],
            "language": hit.snippet.language,
            "role": hit.snippet.role.value,
        },
    }


def _only(request: Request, allowed: Sequence[str]) -> Parameters:
    parameters = query_string(request)
    for name, _ in parameters:
        if name not in allowed:
            detail = f"This address has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
    return parameters


def _one(parameters: Parameters, name: str) -> str:
    values = [value for each, value in parameters if each == name]
    if len(values) > 1:
        raise invalid(name, f"The parameter {name} is given twice; give it once.")
    return values[0] if values else ""


def read_number(parameters: Parameters, name: str, default: int, least: int, most: int) -> int:
    """Read a number.

    :param parameters: the parameters of the URL.
    :param name: which of them.
    :param default: what it is where it is not given, or empty.
    :param least: the least that it can be.
    :param most: the most.
    :returns: the number.
    :raises Problem: if it is none, or beyond the bounds.
    """
    text = _one(parameters, name)
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise invalid(name, f"The parameter {name} is a whole number from {least} to {most}.")
    return int(text)


def read_kinds(parameters: Parameters) -> tuple[Kind, ...]:
    """Read the kinds that count.

    :param parameters: the parameters of the URL; ``kind`` may be given several times.
    :returns: the kinds; none where all count.
    :raises Problem: if one is unknown.
    """
    names = [value for name, value in parameters if name == "kind" and value]
    allowed = tuple(kind.value for kind in Kind)
    for name in names:
        if name not in allowed:
            raise invalid(
                "kind", f"There is no kind {name[:80]!a}; name one or more of {', '.join(allowed)}.", allowed
            )
    return tuple(Kind(name) for name in names)


def read_classes(parameters: Parameters, prefixes: Prefixes) -> tuple[str, ...]:
    """Read the classes that count.

    :param parameters: the parameters of the URL; ``class`` may be given several times, in full or with a
        prefix.
    :param prefixes: the prefixes of the dataset.
    :returns: the IRIs of the classes; none where any counts.
    :raises Problem: if a prefix is not declared.
    """
    found = []
    for name, value in parameters:
        if name != "class" or not value:
            continue
        try:
            found.append(value if "://" in value else prefixes.expand(value))
        except InputError as error:
            raise invalid("class", str(error)[:500]) from error
    return tuple(found)
