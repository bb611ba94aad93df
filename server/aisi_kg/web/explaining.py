"""Explain a triple at ``/explain``: who states it, or from what it follows.

The triple is given by ``subject``, ``predicate`` and ``object``, each as Turtle writes it, or whole as
``triple``. It is read as terms and bound as terms; what a client sends stands in no query's text unless the
dataset has the same triple.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote
from xml.etree.ElementTree import Element

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import BASE, Prefixes
from aisi_kg.store.claims import Claim
from aisi_kg.store.explain import Explanation, Step, explain, prefixed, read_term, read_triple, turtle
from aisi_kg.store.explanation_text import EXPLANATION_WORDS, passage_text, rule_text, status_text, work_text
from aisi_kg.store.library.records import Text
from aisi_kg.store.results import Format
from aisi_kg.web.grid_page import local
from aisi_kg.web.html import element
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import hidden, invalid, kept, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.rendering import framed
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
_WORDS: Mapping[str, Text] = {
    "subject": Text(en="Subject", zh="主语"),
    "predicate": Text(en="Predicate", zh="谓语"),
    "object": Text(en="Object", zh="宾语"),
    "ask": Text(en="Explain", zh="解释"),
    "intro": Text(
        en="Give a triple as Turtle writes it, with the prefixes of the dataset or in full. For example",
        zh="请按 Turtle 写法给出一个三元组，可用数据集的前缀或完整 IRI。例如",
    ),
}


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
        body = _form_page(request, given, language)
        return tagged(request, format_, body, _PATH, _FORMATS)
    triple = _triple(given, prefixes)
    explanation = await conduct(request, explain(triple, prefixes))
    if format_ is HTML:
        status = HTTPStatus.OK if explanation.step else HTTPStatus.NOT_FOUND
        body = _page(request, explanation, given, language)
        return tagged(request, format_, body, _PATH, _FORMATS, status=status)
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


def _form_page(request: Request, given: Mapping[str, str], language: str) -> bytes:
    example = " ".join(_EXAMPLE.values())
    address = _PATH + kept([*_EXAMPLE.items(), (LANGUAGE_PARAMETER, language)])
    return framed(
        request,
        EXPLANATION_WORDS["title"].in_language(language),
        element("p", _WORDS["intro"].in_language(language), " ", element("a", example, href=address), "."),
        _form(dict(given), language),
        path=_PATH,
        language=language,
    )


def _form(given: Mapping[str, str], language: str) -> Element:
    lines = [
        element(
            "p",
            element("label", _WORDS[part].in_language(language), for_=part),
            " ",
            element("input", id=part, name=part, type="text", value=given.get(part, "")),
        )
        for part in _PARTS
    ]
    button = element("button", _WORDS["ask"].in_language(language), type="submit")
    return element(
        "form", *lines, element("p", hidden(LANGUAGE_PARAMETER, language), button), action=_PATH, method="get"
    )


def _page(request: Request, explanation: Explanation, given: Mapping[str, str], language: str) -> bytes:
    prefixes = site_of(request).prefixes
    said = {name: text.in_language(language) for name, text in EXPLANATION_WORDS.items()}
    content: list[Element | str] = [
        element("p", *_linked(explanation.triple, explanation, prefixes, language)),
        element("p", element("strong", status_text(explanation, language))),
    ]
    if explanation.step is not None:
        content.append(element("ul", _step(explanation.step, explanation, prefixes, language)))
    elif explanation.instead:
        items = [
            element(
                "li",
                *_linked(each.triple, explanation, prefixes, language),
                " ",
                *(_graphs(each.graphs, prefixes) if each.graphs else [f"({said['inferred-mark']})"]),
            )
            for each in explanation.instead
        ]
        content += [element("p", said["instead"]), element("ul", *items)]
    else:
        content.append(element("p", said["nothing-instead"]))
    if explanation.claims:
        content.append(element("h2", said["claims"]))
        content += [
            part for claim in explanation.claims.values() for part in _claim(claim, prefixes, language)
        ]
    parts = dict(zip(_PARTS, (prefixed(term, prefixes) for term in explanation.triple), strict=True))
    content.append(_form(parts, language))
    title = EXPLANATION_WORDS["title"].in_language(language)
    return framed(request, title, *content, path=_PATH, language=language, parameters=list(given.items()))


def _linked(
    triple: Triple, explanation: Explanation, prefixes: Prefixes, language: str
) -> "list[Element | str]":
    """Write a triple as links, each with its name where it has one."""
    parts: list[Element | str] = []
    for term in triple:
        if isinstance(term, NamedNode):
            label = explanation.labels.get(term.value)
            title = {"title": label.in_language(language)} if label else {}
            text = prefixes.shorten(term.value)
            if term.value.startswith((BASE, "https://", "http://")):
                parts.append(element("a", text, href=local(term.value), **title))
            else:
                parts.append(text)
        elif isinstance(term, Literal):
            parts.append(prefixed(term, prefixes))
        parts.append(" ")
    return parts[:-1]


def _graphs(graphs: tuple[str, ...], prefixes: Prefixes) -> "list[Element | str]":
    parts: list[Element | str] = ["["]
    for graph in graphs:
        parts += [element("a", prefixes.shorten(graph), href=local(graph)), " "]
    return [*parts[:-1], "]"]


def _step(step: Step, explanation: Explanation, prefixes: Prefixes, language: str) -> Element:
    said = {name: text.in_language(language) for name, text in EXPLANATION_WORDS.items()}
    item = [*_linked(step.triple, explanation, prefixes, language), " "]
    if step.graphs:
        return element("li", *item, *_graphs(step.graphs, prefixes))
    words = [step.triple.subject, step.triple.predicate, step.triple.object]
    if step is not explanation.step:
        parts = [(part, prefixed(term, prefixes)) for part, term in zip(_PARTS, words, strict=True)]
        address = _PATH + kept([*parts, (LANGUAGE_PARAMETER, language)])
        item += ["(", element("a", said["inferred-mark"], href=address), ")"]
    if step.title is None or step.description is None:
        return element("li", *item, said["unexplained"])
    rule = f"{said['by']} {rule_text(step.title, step.description, language)}"
    lines: list[Element] = [element("li", rule)]
    lines += [element("li", f"{said['axiom']} ", element("code", axiom)) for axiom in step.axioms]
    lines += [element("li", absence.in_language(language)) for absence in step.absences]
    lines += [_step(premise, explanation, prefixes, language) for premise in step.premises]
    return element("li", *item, element("ul", *lines))


def _claim(claim: Claim, prefixes: Prefixes, language: str) -> "list[Element | str]":
    kinds = "; ".join(each[1].in_language(language) for each in (claim.modality, claim.evidence))
    items = [element("li", passage_text(passage, language)) for passage in claim.passages]
    for footnote in claim.footnotes:
        number = f"{EXPLANATION_WORDS['footnote'].in_language(language)} {footnote.number}"
        parts: list[Element | str] = [element("a", number, href=local(footnote.iri))]
        for work in footnote.works:
            name = work_text(work, language)
            is_address = work.url.startswith(("https://", "http://"))
            parts += [": ", element("a", name, href=work.url, rel="noreferrer") if is_address else name]
        items.append(element("li", *parts))
    cite = "/cite" + kept([("claim", claim.iri), ("style", "gbt7714" if language == "zh" else "apa")])
    return [
        element(
            "p",
            element("a", prefixes.shorten(claim.iri), href=quote(local(claim.iri), safe="/:")),
            f" ({kinds}) ",
            claim.statement.in_language(language),
            " ",
            element("a", {"en": "Cite", "zh": "引用"}[language], href=cite),
        ),
        element("ul", *items),
    ]
