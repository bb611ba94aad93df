"""Have stored queries answered, and write the answers in their formats."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi.responses import Response
from pyoxigraph import NamedNode
from starlette.requests import Request

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.library.records import ColumnType, Form, StoredQuery
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format
from aisi_kg.web.answers import unnamed
from aisi_kg.web.evaluator import collect
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import MARKDOWN, tagged
from aisi_kg.web.site import client_of, site_of

__all__ = [
    "PATH",
    "TEXT",
    "collected",
    "extension_of",
    "formats_of",
    "labels_for",
    "query_response",
    "solutions",
]

#: The path of the list; a query's is below it.
PATH = "/queries"
#: The query itself.
TEXT = Format("rq", "application/sparql-query", "rq", "", has_charset=True)
_LABELLED = 500
_LABELS = """PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?resource ?label {{
  VALUES ?resource {{ {resources} }}
  {{ ?resource skos:prefLabel ?label }} UNION {{ ?resource rdfs:label ?label }} UNION
  {{ ?resource aisi:statement ?label }}
  FILTER(LANG(?label) = "{language}")
}}"""

_Row = Mapping[str, Mapping[str, str]]


def formats_of(query: StoredQuery) -> tuple[Format, ...]:
    """List the formats of a query at its address; the first is sent where a client takes anything.

    :param query: the query.
    :returns: those of its answer, the text, the description.
    """
    if query.form in (Form.SELECT, Form.ASK):
        # RDF is the description of the query.
        return (*RESULT_FORMATS, MARKDOWN, TEXT, HTML, *GRAPH_FORMATS)
    return (*GRAPH_FORMATS, MARKDOWN, TEXT, HTML)


def extension_of(format_: Format) -> str:
    """Name a format as people do: the answers' own extensions (srj, srx) are known to few.

    :param format_: the format.
    :returns: the ending of an address.
    """
    return format_.name if format_ in RESULT_FORMATS else format_.extension


async def collected(request: Request, asked: QueryRequest, format_: Format) -> bytes:
    """Have a query evaluated.

    :param request: the request that it is for.
    :param asked: the query.
    :param format_: what to write its answer in.
    :returns: the whole answer.
    """
    site = site_of(request)
    choice = Choice(format_.name, None) if format_ in RESULT_FORMATS else Choice(None, format_.name)
    return await collect(site.evaluator, asked, choice, client=client_of(request, site.settings))


async def solutions(request: Request, asked: QueryRequest) -> dict[str, Any]:
    """Have a query evaluated and read its answer.

    :param request: the request that it is for.
    :param asked: a SELECT or an ASK.
    :returns: SPARQL's JSON.
    """
    found: dict[str, Any] = json.loads(await collected(request, asked, RESULT_FORMATS[0]))
    return found


async def labels_for(
    request: Request,
    query: StoredQuery,
    asked: QueryRequest,
    rows: Sequence[_Row],
    language: str,
    *,
    with_claims: bool = False,
) -> dict[str, str]:
    """Find names of what a result holds without one.

    :param request: the request that it is for.
    :param query: the query.
    :param asked: the query as it was asked.
    :param rows: the bindings of its solutions.
    :param language: the language of the names.
    :param with_claims: whether what claims state is looked up too.
    :returns: the names by IRI.
    """
    labels = {
        member.iri: member.label.in_language(language)
        for parameter in query.parameters
        for member in parameter.members
    }
    # What a client has sent may come back in a result, and is not to stand in a text.
    sent = {term.value for _, term in asked.bindings}
    found = [*unnamed(query, rows, _LABELLED), *(_claims(query, rows) if with_claims else ())]
    iris = [iri for iri in found if iri not in sent and iri not in labels]
    if not iris:
        return labels
    text = _LABELS.format(resources=" ".join(str(NamedNode(iri)) for iri in iris), language=language)
    named = await solutions(request, QueryRequest(text))
    for row in named["results"]["bindings"]:
        labels[row["resource"]["value"]] = row["label"]["value"]
    return labels


def _claims(query: StoredQuery, rows: Iterable[_Row]) -> list[str]:
    columns = [column.name for column in query.columns if column.type is ColumnType.CLAIM]
    found = [row[name]["value"] for row in rows for name in columns if row.get(name, {}).get("type") == "uri"]
    return list(dict.fromkeys(found))[:_LABELLED]


def query_response(
    request: Request,
    format_: Format,
    body: bytes,
    path: str,
    formats: Sequence[Format],
    canonical: str | None = None,
) -> Response:
    """Send what is at the address of the list or of a query.

    :param request: the request.
    :param format_: the format that it is written in.
    :param body: the content.
    :param path: the path without the extension of a format.
    :param formats: the formats that it is there in.
    :param canonical: its IRI.
    :returns: the response.
    """
    named = [Format(f.name, f.media_type, extension_of(f), f.iri) for f in formats]
    return tagged(request, format_, body, path, named, canonical)
