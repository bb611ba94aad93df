"""Show stored queries to people: the list, and each with its form, its answer and ways to go on with it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.errors import ServiceRefused
from aisi_kg.store.binding import written_out
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.library.records import Form, Parameter, ParameterType, StoredQuery
from aisi_kg.store.library.values import allowed_values, text_of
from aisi_kg.store.results import GRAPH_FORMATS, Format
from aisi_kg.web.answers import Table, laid_out, markdown_table
from aisi_kg.web.language import LANGUAGE_PARAMETER
from aisi_kg.web.library_words import by_topic, column_name, topic_name
from aisi_kg.web.messages import message
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import kept
from aisi_kg.web.query_answers import (
    PATH,
    TEXT,
    collected,
    extension_of,
    formats_of,
    labels_for,
    solutions,
)
from aisi_kg.web.rendering import page_response
from aisi_kg.web.site import base_url, site_of

__all__ = ["SELECTABLE", "list_page", "query_markdown", "query_page"]

#: So many values can be chosen from in a list; of more, one is written.
SELECTABLE = 200
# A page shows so many rows; the other formats have all.
_SHOWN_ROWS = 500
_INPUTS = {ParameterType.DATE: "date", ParameterType.INTEGER: "number"}


class _Control(NamedTuple):
    """Hold what a value is chosen or written with."""

    name: str
    label: str
    is_optional: bool
    type: str
    value: str
    options: Sequence[tuple[str, str]]
    hint: str


def list_page(
    request: Request, found: Sequence[StoredQuery], words: str, tag: str, language: str
) -> Response:
    """Show the list, all of it or what was searched for.

    :param request: the request.
    :param found: the queries that fit.
    :param words: what was searched for.
    :param tag: the topic that was chosen.
    :param language: the language of the page.
    :returns: the response.
    """
    library = site_of(request).dataset.library
    # Of a topic that was chosen, all queries stand together.
    groups = [(tag, topic_name(tag, language), found)] if tag and found else by_topic(found, language)
    topics = [(each, topic_name(each, language), number) for each, number in library.tags.items()]
    return page_response(
        request,
        "queries.html",
        path=PATH,
        language=language,
        parameters=[("q", words), ("tag", tag)],
        title=message("queries.title", language),
        words=words,
        tag=tag,
        groups=groups,
        topics=sorted(topics, key=lambda each: topic_name(each[0], "en").casefold()),
        found=len(found),
        all=len(library.queries),
    )


async def query_page(request: Request, query: StoredQuery, asked: QueryRequest, language: str) -> Response:
    """Show a query, its parameters as a form, and its answer.

    :param request: the request.
    :param query: the query.
    :param asked: the query with its values.
    :param language: the language of the page.
    :returns: the response.
    """
    site = site_of(request)
    given = [(name, text_of(term, site.prefixes)) for name, term in asked.bindings]
    path = f"{PATH}/{query.id}"
    named = [
        HTML if f is HTML else Format(f.name, f.media_type, extension_of(f), f.iri) for f in formats_of(query)
    ]
    # Those of the triples of a SELECT or an ASK are of its description.
    other = (HTML, TEXT, *(GRAPH_FORMATS if query.form in (Form.SELECT, Form.ASK) else ()))
    names = {f.name for f in other}
    of_answer = [f for f in named if f.name not in names]
    usual = "csv" if query.form is Form.SELECT else of_answer[0].extension
    return page_response(
        request,
        "query.html",
        path=path,
        language=language,
        parameters=given,
        formats=named,
        canonical=query.iri,
        title=query.title.in_language(language),
        query=query,
        topics=[(tag, topic_name(tag, language)) for tag in query.tags],
        controls=[
            _control(request, each, dict(given).get(each.name, ""), language) for each in query.parameters
        ],
        has_language=any(each.name == LANGUAGE_PARAMETER for each in query.parameters),
        files=[(f.extension, kept(given)) for f in of_answer],
        text=written_out(query.text, asked.bindings),
        address=f"{base_url(request)}{path}.{usual}{kept(given)}",
        usual=usual,
        **await _answered(request, query, asked, language),
    )


async def _answered(
    request: Request, query: StoredQuery, asked: QueryRequest, language: str
) -> dict[str, Any]:
    """Give what the page shows of the answer, or say that this server does not ask where the query would."""
    try:
        return {"refused": (), **await _answer(request, query, asked, language)}
    except ServiceRefused:
        return {"refused": query.services}


async def _answer(request: Request, query: StoredQuery, asked: QueryRequest, language: str) -> dict[str, Any]:
    """Give what the page shows of the answer: triples, a truth, or a table."""
    shown: dict[str, Any] = {"triples": None, "truth": None, "table": None, "rows": 0}
    if query.form in (Form.CONSTRUCT, Form.DESCRIBE):
        return {**shown, "triples": (await collected(request, asked, GRAPH_FORMATS[0])).decode()}
    found = await solutions(request, asked)
    if "boolean" in found:
        return {**shown, "truth": found["boolean"]}
    rows = found["results"]["bindings"]
    first = rows[:_SHOWN_ROWS]
    labels = await labels_for(request, query, asked, first, language, with_claims=True)
    # A long page takes a while to lay out, in which other clients are answered.
    table = await run_in_threadpool(laid_out, query, first, labels, language, site_of(request).prefixes)
    return {**shown, "table": _named(table, language), "rows": len(rows), "claims": labels}


def _named(table: Table, language: str) -> Table:
    return Table([column_name(head, language) for head in table.heads], table.rows)


def _control(request: Request, parameter: Parameter, value: str, language: str) -> _Control:
    label = parameter.label.in_language(language)
    kind = _INPUTS.get(parameter.type, "text")
    values = allowed_values(parameter, site_of(request).prefixes)
    hints = {ParameterType.DATE: "queries.write_day", ParameterType.IRI: "queries.write_iri"}
    hint = message(hints[parameter.type], language) if parameter.type in hints else ""
    if not values or len(values) > SELECTABLE:
        return _Control(parameter.name, label, parameter.is_optional, kind, value, (), hint)
    labels = [member.label.in_language(language) for member in parameter.members] or list(values)
    options = [(text, name) for text, name in zip(values, labels, strict=True)]
    if parameter.is_optional:
        options.insert(0, ("", message("queries.all", language)))
    return _Control(parameter.name, label, parameter.is_optional, "", value, options, "")


async def query_markdown(request: Request, query: StoredQuery, asked: QueryRequest, language: str) -> bytes:
    """Write a query and its answer in Markdown.

    :param request: the request.
    :param query: the query.
    :param asked: the query with its values.
    :param language: the language of names.
    :returns: the text in UTF-8.
    """
    site = site_of(request)
    lines = [f"# {query.title.in_language(language)}\n", query.description.in_language(language) + "\n"]
    given = [f"{name} = {text_of(term, site.prefixes)}" for name, term in asked.bindings]
    if given:
        lines.append("".join(f"- `{each.replace('`', ' ')}`\n" for each in given))
    if query.form in (Form.CONSTRUCT, Form.DESCRIBE):
        text = (await collected(request, asked, GRAPH_FORMATS[0])).decode()
        lines.append(f"```turtle\n{text}```\n")
    else:
        found = await solutions(request, asked)
        if "boolean" in found:
            lines.append(message("queries.yes" if found["boolean"] else "queries.no", language) + "\n")
        else:
            rows = found["results"]["bindings"]
            labels = await labels_for(request, query, asked, rows, language)
            table = await run_in_threadpool(laid_out, query, rows, labels, language, site.prefixes)
            lines.append(markdown_table(table))
    return "\n".join(lines).encode()
