"""Explain a triple at ``/explain``: who states it, or from what it follows.

The triple is given by ``subject``, ``predicate`` and ``object``, each as Turtle writes it, or whole as
``triple``. It is read as terms and bound as terms; what a client sends stands in no query's text unless the
dataset has the same triple.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.explain import Explanation, explain, prefixed, read_term, read_triple, turtle
from aisi_kg.store.explanation_text import EXPLANATION_WORDS, passage_text, rule_text, status_text, work_text
from aisi_kg.store.results import Format
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import invalid, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_PATH = "/explain"
_JSON = Format("json", "application/json", "json", "")
_FORMATS = (HTML, _JSON)
_PARTS = ("subject", "predicate", "object")
_WHOLE = "triple"
_EXAMPLE = {
    "subject": "entity:uk-aisi",
    "predicate": "a",
    "object": "aisi:InstituteWithPreDeploymentAccess",
}


class _Shown(NamedTuple):
    """Hold a term as the page shows it: what it is called, what resource it is, how Turtle writes it."""

    text: str
    iri: str
    turtle: str
    language: str = ""


@router.api_route(_PATH, methods=_GET)
@router.api_route(_PATH + ".{extension}", methods=_GET)
async def explained(request: Request, extension: str = "") -> Response:
    """Explain the triple of the URL, or ask for one."""
    given = _given(request)
    language = page_language(request, query_string(request))
    format_ = next((f for f in _FORMATS if f.extension == extension), None)
    if extension and format_ is None:
        offered = tuple(f.extension for f in _FORMATS)
        detail = f"There is no explain.{extension[:40]}; there are {', '.join(offered)}."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, offered=offered)
    format_ = format_ or accepted(request, _FORMATS)
    prefixes = site_of(request).prefixes
    if not any(given.values()) and format_ is HTML:
        return _page(request, None, given, language)
    triple = _triple(given, prefixes)
    explanation = await conduct(request, explain(triple, prefixes))
    if format_ is HTML:
        return _page(request, explanation, given, language)
    data = explanation.data(prefixes, language)
    if explanation.step is None:
        detail = f"{turtle(triple, prefixes)[:500]}: {status_text(explanation, 'en')}"
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "not-stated",
            detail,
            triple=data["triple"],
            instead=data["instead"],
            claims=data["claims"],
        )
    body = json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"
    return tagged(request, format_, body, _PATH, _FORMATS)


def _given(request: Request) -> dict[str, str]:
    allowed = (*_PARTS, _WHOLE, LANGUAGE_PARAMETER)
    given: dict[str, str] = {}
    for name, value in query_string(request):
        if name not in allowed:
            raise invalid(
                name, f"This page has no parameter {name[:80]!a}; it has {', '.join(allowed)}.", allowed
            )
        if name in given:
            raise invalid(name, f"The parameter {name} is given twice; give it once.")
        if name != LANGUAGE_PARAMETER:
            given[name] = value
    return given


def _triple(given: Mapping[str, str], prefixes: Prefixes) -> Triple:
    whole = given.get(_WHOLE, "")
    if whole:
        if any(given.get(part) for part in _PARTS):
            raise invalid(_WHOLE, f"A triple is given whole and in parts; give {_WHOLE} or the parts.")
        try:
            return read_triple(whole, prefixes)
        except InputError as error:
            raise invalid(_WHOLE, str(error)) from error
    words = []
    for part in _PARTS:
        if not given.get(part):
            detail = f"The parameter {part} is missing; give {', '.join(_PARTS)}, or all of it as {_WHOLE}."
            raise invalid(part, detail)
        try:
            words.append(read_term(given[part], part, prefixes))
        except InputError as error:
            raise invalid(part, str(error)) from error
    return read_triple(" ".join(words), prefixes)


def _page(
    request: Request, explanation: Explanation | None, given: Mapping[str, str], language: str
) -> Response:
    """Show an explanation, or ask for a triple."""
    prefixes = site_of(request).prefixes
    parts = {part: given.get(part, "") for part in _PARTS}
    if explanation is not None:
        terms = (prefixed(term, prefixes) for term in explanation.triple)
        parts = dict(zip(_PARTS, terms, strict=True))

    def shown(term: object) -> _Shown:
        written = prefixed(term, prefixes)
        if isinstance(term, NamedNode):
            label = explanation.labels.get(term.value) if explanation else None
            return _Shown(label.in_language(language) if label else written, term.value, written)
        if isinstance(term, Literal):
            return _Shown(term.value, "", written, term.language or "")
        return _Shown(written, "", written)

    def address(triple: Triple) -> dict[str, str]:
        return dict(zip(_PARTS, (prefixed(term, prefixes) for term in triple), strict=True))

    claims = explanation.claims if explanation is not None else {}
    is_known = explanation is None or explanation.step is not None
    return page_response(
        request,
        "explain.html",
        path=_PATH,
        language=language,
        parameters=list(given.items()),
        formats=_FORMATS if explanation is not None else (),
        status=HTTPStatus.OK if is_known else HTTPStatus.NOT_FOUND,
        title=EXPLANATION_WORDS["title"].in_language(language),
        said={name: text.in_language(language) for name, text in EXPLANATION_WORDS.items()},
        explanation=explanation,
        titles={iri: claim.statement.in_language(language) for iri, claim in claims.items()},
        standing=status_text(explanation, language) if explanation is not None else "",
        parts=parts,
        example=_EXAMPLE,
        shown=shown,
        address=address,
        shorten=prefixes.shorten,
        rule=lambda step: rule_text(step.title, step.description, language),
        passage=lambda each: passage_text(each, language),
        work=lambda each: work_text(each, language),
        style="gbt7714" if language == "zh" else "apa",
    )
