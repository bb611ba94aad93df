"""Answer the stored queries: ``/queries`` lists and searches them, ``/queries/<id>`` asks one.

What stands in the URL is turned into RDF terms by the library and handed to the engine as terms; no value
becomes a part of a query's text.
"""

import difflib
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from xml.etree.ElementTree import Element

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.errors import ParameterRefused
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.library.records import Form, Parameter, ParameterType, StoredQuery, Term
from aisi_kg.store.library.values import allowed_values, bind, text_of
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format
from aisi_kg.web.answers import laid_out, markdown_table, unnamed, web_table
from aisi_kg.web.headers import local_path
from aisi_kg.web.html import element
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import MARKDOWN, hidden, invalid, kept, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.rendering import framed
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import client_of, site_of

__all__ = ["MARKDOWN", "SELECTABLE", "TEXT", "formats_of", "router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_PATH = "/queries"

#: The query itself.
TEXT = Format("rq", "application/sparql-query", "rq", "", has_charset=True)
_LIST_JSON = Format("json", "application/json", "json", "")
_LIST_FORMATS = (_LIST_JSON, HTML)
#: So many values can be chosen from in a list; of more, one is written.
SELECTABLE = 200
# A page shows so many rows; the other formats have all.
_SHOWN_ROWS = 500
_LABELLED = 500
_LABELS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?resource ?label {{
  VALUES ?resource {{ {resources} }}
  {{ ?resource skos:prefLabel ?label }} UNION {{ ?resource rdfs:label ?label }}
  FILTER(LANG(?label) = "{language}")
}}"""

#: The words of the pages.
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "queries": "Questions",
        "search": "Search",
        "all": "all",
        "ask": "Ask",
        "tags": "Topics",
        "none": "No question fits.",
        "query": "Query",
        "answer": "Answer",
        "formats": "As",
        "rows": "rows",
        "first": "The first {shown} of {all} rows; the other formats have all.",
        "yes": "Yes.",
        "no": "No.",
        "optional": "optional",
    },
    "zh": {
        "queries": "问题",
        "search": "搜索",
        "all": "全部",
        "ask": "查询",
        "tags": "主题",
        "none": "没有符合的问题。",
        "query": "查询语句",
        "answer": "答案",
        "formats": "格式",
        "rows": "行",
        "first": "此处显示 {all} 行中的前 {shown} 行；其他格式含全部。",
        "yes": "是。",
        "no": "否。",
        "optional": "可选",
    },
}


@router.api_route(_PATH, methods=_GET)
async def listed(request: Request) -> Response:
    """List the queries, all of them or those that are searched for."""
    format_ = accepted(request, _LIST_FORMATS)
    response = await _list(request, format_)
    response.headers["Content-Location"] = local_path(request, f"{_PATH}.{format_.extension}") + kept(
        query_string(request)
    )
    return response


@router.api_route(_PATH + ".{extension}", methods=_GET)
async def listed_in(request: Request, extension: str) -> Response:
    """List the queries in one format."""
    format_ = next((f for f in _LIST_FORMATS if f.extension == extension), None)
    if format_ is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no queries.{extension[:40]}.")
    return await _list(request, format_)


async def _list(request: Request, format_: Format) -> Response:
    parameters = query_string(request)
    words, tag = "", ""
    for name, given in parameters:
        if name == "q":
            words = given
        elif name == "tag":
            tag = given
        elif name != LANGUAGE_PARAMETER:
            allowed = ("q", "tag", LANGUAGE_PARAMETER)
            detail = f"The list of queries has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
    language = page_language(request, parameters)
    library = site_of(request).dataset.library
    found = library.find(words, tag)
    if format_ is HTML:
        body = _list_page(request, found, library.tags, words, tag, language)
    else:
        described = [_as_json(request, query) for query in found]
        value = {"queries": described, "tags": library.tags}
        body = json.dumps(value, ensure_ascii=False).encode()
    return _response(request, format_, body, _PATH, _LIST_FORMATS)


@router.api_route(_PATH + "/{name}", methods=_GET)
async def asked(request: Request, name: str) -> Response:
    """Ask a query, or send its text or its description."""
    stem, dot, extension = name.rpartition(".")
    query = _find(request, stem if dot else name)
    formats = formats_of(query)
    if dot:
        format_ = next((f for f in formats if extension == f.extension or f.is_called(extension)), None)
        if format_ is None:
            offered = tuple(f.extension for f in formats)
            detail = f"There is no {query.id}.{extension[:40]}; there are {', '.join(offered)}."
            raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, offered=offered)
        return await _answer(request, query, format_)
    format_ = accepted(request, formats)
    response = await _answer(request, query, format_)
    path = local_path(request, f"{_PATH}/{query.id}.{_extension(format_)}")
    response.headers["Content-Location"] = path + kept(query_string(request))
    return response


def formats_of(query: StoredQuery) -> tuple[Format, ...]:
    """List the formats of a query at its address; the first is sent where a client takes anything.

    :param query: the query.
    :returns: those of its answer, the text, the description.
    """
    if query.form in (Form.SELECT, Form.ASK):
        # RDF is the description of the query.
        return (*RESULT_FORMATS, MARKDOWN, TEXT, HTML, *GRAPH_FORMATS)
    return (*GRAPH_FORMATS, MARKDOWN, TEXT, HTML)


def _extension(format_: Format) -> str:
    """Name a format as people do: the answers' own extensions (srj, srx) are known to few."""
    return format_.name if format_ in RESULT_FORMATS else format_.extension


def _find(request: Request, name: str) -> StoredQuery:
    queries = site_of(request).dataset.library.queries
    if name in queries:
        return queries[name]
    near = tuple(difflib.get_close_matches(name[:100], list(queries), n=3, cutoff=0.5))
    advice = f"did you mean {', '.join(near)}?" if near else f"{_PATH} lists them."
    detail = f"There is no query {name[:80]!a}; {advice}"
    raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, near=near or None)


def _bound(request: Request, query: StoredQuery) -> tuple[tuple[str, Term], ...]:
    names = {parameter.name for parameter in query.parameters}
    given = [
        (name, value)
        for name, value in query_string(request)
        if name != LANGUAGE_PARAMETER or LANGUAGE_PARAMETER in names
    ]
    try:
        return bind(query, given, site_of(request).prefixes)
    except ParameterRefused as error:
        raise invalid(error.parameter, str(error), error.allowed) from error


async def _answer(request: Request, query: StoredQuery, format_: Format) -> Response:
    site = site_of(request)
    bindings = _bound(request, query)
    language = page_language(request, query_string(request))
    asked = QueryRequest(query.text, bindings=bindings)
    if format_ is TEXT:
        body = query.text.encode()
    elif format_ is HTML:
        body = await _page(request, query, asked, language)
    elif format_ is MARKDOWN:
        body = await _markdown(request, query, asked, language)
    elif query.form in (Form.SELECT, Form.ASK) and format_ in GRAPH_FORMATS:
        body = await site.evaluator.document(query.iri, format_.name, client=_client(request))
    else:
        body = await _collected(request, asked, format_)
    response = _response(request, format_, body, f"{_PATH}/{query.id}", formats_of(query), query.iri)
    if query.services and format_ is not TEXT:
        # What another endpoint says may change at any time.
        response.headers["Cache-Control"] = "no-store"
    return response


def _client(request: Request) -> str:
    return client_of(request, site_of(request).settings)


async def _collected(request: Request, asked: QueryRequest, format_: Format) -> bytes:
    """Have a query evaluated and take its whole answer."""
    choice = Choice(format_.name, None) if format_ in RESULT_FORMATS else Choice(None, format_.name)
    answering = await site_of(request).evaluator.answer(asked, choice, client=_client(request))
    try:
        return b"".join([block async for block in answering])
    finally:
        answering.close()


def _response(
    request: Request,
    format_: Format,
    body: bytes,
    path: str,
    formats: Sequence[Format],
    canonical: str | None = None,
) -> Response:
    named = [Format(f.name, f.media_type, _extension(f), f.iri) for f in formats]
    return tagged(request, format_, body, path, named, canonical)


def _as_json(request: Request, query: StoredQuery) -> dict[str, Any]:
    """Describe a query to a program."""
    prefixes = site_of(request).prefixes
    parameters = []
    for parameter in query.parameters:
        default = None if parameter.default is None else text_of(parameter.default, prefixes)
        described = {
            "name": parameter.name,
            "type": parameter.type,
            "label": {"en": parameter.label.en, "zh": parameter.label.zh},
            "class": parameter.of_class,
            "scheme": parameter.scheme,
            "default": default,
            "optional": parameter.is_optional,
            "allowed": allowed_values(parameter, prefixes) or None,
        }
        parameters.append({name: value for name, value in described.items() if value is not None})
    return {
        "id": query.id,
        "iri": query.iri,
        "path": local_path(request, f"{_PATH}/{query.id}"),
        "title": {"en": query.title.en, "zh": query.title.zh},
        "description": {"en": query.description.en, "zh": query.description.zh},
        "tags": query.tags,
        "form": query.form,
        "parameters": parameters,
        "columns": [{"name": column.name, "type": column.type} for column in query.columns],
    }


def _list_page(
    request: Request,
    found: Sequence[StoredQuery],
    tags: Mapping[str, int],
    words: str,
    tag: str,
    language: str,
) -> bytes:
    said = _WORDS[language]
    topics: list[Element | str] = [said["tags"], ": "]
    for name, number in tags.items():
        address = _PATH + kept([("q", words), ("tag", name), (LANGUAGE_PARAMETER, language)])
        mark = {"aria-current": "true"} if name == tag else {}
        topics += [element("a", name, href=address, **mark), f" ({number}) "]
    topics.append(
        element("a", said["all"], href=_PATH + kept([("q", words), (LANGUAGE_PARAMETER, language)]))
    )
    items = [
        element(
            "li",
            element(
                "a",
                query.title.in_language(language),
                href=f"{_PATH}/{query.id}" + kept([(LANGUAGE_PARAMETER, language)]),
            ),
            element("br"),
            query.description.in_language(language),
        )
        for query in found
    ]
    unseen = [hidden(LANGUAGE_PARAMETER, language), *([hidden("tag", tag)] if tag else [])]
    return framed(
        request,
        said["queries"],
        element(
            "form",
            element("label", said["search"] + " ", for_="q"),
            element("input", id="q", name="q", type="search", value=words),
            " ",
            *unseen,
            element("button", said["search"], type="submit"),
            action=_PATH,
            method="get",
        ),
        element("p", *topics),
        element("ul", *items) if items else element("p", said["none"]),
        path=_PATH,
        language=language,
        parameters=[("q", words), ("tag", tag)],
    )


async def _solutions(request: Request, asked: QueryRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await _collected(request, asked, RESULT_FORMATS[0]))
    return found


async def _labels(
    request: Request,
    query: StoredQuery,
    asked: QueryRequest,
    rows: Sequence[Mapping[str, Mapping[str, str]]],
    language: str,
) -> dict[str, str]:
    """Find names of what a result holds without one."""
    labels = {
        member.iri: member.label.in_language(language)
        for parameter in query.parameters
        for member in parameter.members
    }
    # What a client has sent may come back in a result, and is not to stand in a text.
    sent = {term.value for _, term in asked.bindings}
    iris = [iri for iri in unnamed(query, rows, _LABELLED) if iri not in sent and iri not in labels]
    if not iris:
        return labels
    text = _LABELS.format(resources=" ".join(str(NamedNode(iri)) for iri in iris), language=language)
    found = await _solutions(request, QueryRequest(text))
    for row in found["results"]["bindings"]:
        labels[row["resource"]["value"]] = row["label"]["value"]
    return labels


async def _page(request: Request, query: StoredQuery, asked: QueryRequest, language: str) -> bytes:
    """Show a query, its parameters as a form, and its answer."""
    site = site_of(request)
    said = _WORDS[language]
    if query.form in (Form.CONSTRUCT, Form.DESCRIBE):
        text = (await _collected(request, asked, GRAPH_FORMATS[0])).decode()
        answer: list[Element | str] = [element("pre", text)]
    else:
        found = await _solutions(request, asked)
        if "boolean" in found:
            answer = [element("p", said["yes"] if found["boolean"] else said["no"])]
        else:
            rows = found["results"]["bindings"]
            shown = rows[:_SHOWN_ROWS]
            labels = await _labels(request, query, asked, shown, language)
            count = f"{len(rows)} {said['rows']}"
            if len(rows) > len(shown):
                count = said["first"].format(shown=len(shown), all=len(rows))
            # A long page takes a while to lay out, in which other clients are answered.
            table = await run_in_threadpool(laid_out, query, shown, labels, language, site.prefixes)
            answer = [element("p", count), web_table(table)]
    given = [(name, text_of(term, site.prefixes)) for name, term in asked.bindings]
    path = f"{_PATH}/{query.id}"
    formats: list[Element | str] = [said["formats"]]
    for format_ in formats_of(query):
        extension = _extension(format_)
        formats += [" ", element("a", extension, href=f"{path}.{extension}" + kept(given))]
    form = [_form(request, query, dict(given), language)] if query.parameters else []
    return framed(
        request,
        query.title.in_language(language),
        element("p", query.description.in_language(language)),
        *form,
        element("h2", said["answer"]),
        *answer,
        element("p", *formats),
        element("h2", said["query"]),
        element("pre", query.text),
        element("p", element("a", said["queries"], href=_PATH + kept([(LANGUAGE_PARAMETER, language)]))),
        path=path,
        language=language,
        parameters=given,
    )


def _form(request: Request, query: StoredQuery, given: Mapping[str, str], language: str) -> Element:
    lines = []
    for parameter in query.parameters:
        label = parameter.label.in_language(language)
        if parameter.is_optional:
            label += f" ({_WORDS[language]['optional']})"
        control = _control(request, parameter, given.get(parameter.name, ""), language)
        lines.append(element("p", element("label", label, for_=f"parameter-{parameter.name}"), " ", control))
    has_language = any(parameter.name == LANGUAGE_PARAMETER for parameter in query.parameters)
    unseen = [] if has_language else [hidden(LANGUAGE_PARAMETER, language)]
    button = element("p", *unseen, element("button", _WORDS[language]["ask"], type="submit"))
    return element("form", *lines, button, action=f"{_PATH}/{query.id}", method="get")


_INPUTS = {ParameterType.DATE: "date", ParameterType.INTEGER: "number"}


def _control(request: Request, parameter: Parameter, value: str, language: str) -> Element:
    """Make what a value is chosen or written with."""
    names = {"id": f"parameter-{parameter.name}", "name": parameter.name}
    values = allowed_values(parameter, site_of(request).prefixes)
    if not values or len(values) > SELECTABLE:
        return element("input", type=_INPUTS.get(parameter.type, "text"), value=value, **names)
    labels = [member.label.in_language(language) for member in parameter.members] or list(values)
    options = [(text, label) for text, label in zip(values, labels, strict=True)]
    if parameter.is_optional:
        options.insert(0, ("", _WORDS[language]["all"]))
    chosen = {"selected": "selected"}
    return element(
        "select",
        *(
            element("option", label, value=text, **(chosen if text == value else {}))
            for text, label in options
        ),
        **names,
    )


async def _markdown(request: Request, query: StoredQuery, asked: QueryRequest, language: str) -> bytes:
    site = site_of(request)
    lines = [f"# {query.title.in_language(language)}\n", query.description.in_language(language) + "\n"]
    given = [f"{name} = {text_of(term, site.prefixes)}" for name, term in asked.bindings]
    if given:
        lines.append("".join(f"- `{each.replace('`', ' ')}`\n" for each in given))
    if query.form in (Form.CONSTRUCT, Form.DESCRIBE):
        text = (await _collected(request, asked, GRAPH_FORMATS[0])).decode()
        lines.append(f"```turtle\n{text}```\n")
    else:
        found = await _solutions(request, asked)
        if "boolean" in found:
            lines.append(_WORDS[language]["yes" if found["boolean"] else "no"] + "\n")
        else:
            rows = found["results"]["bindings"]
            labels = await _labels(request, query, asked, rows, language)
            table = await run_in_threadpool(laid_out, query, rows, labels, language, site.prefixes)
            lines.append(markdown_table(table))
    return "\n".join(lines).encode()
