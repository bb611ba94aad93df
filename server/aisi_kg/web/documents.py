"""Answer for every IRI of the dataset at its path, and for the dataset as a whole.

A document is RDF in the format asked for, by suffix or by ``Accept``; a browser gets the same triples as a
page.
"""

import hashlib
from collections.abc import Iterable
from http import HTTPStatus
from xml.etree.ElementTree import Element

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.graph.prefixes import BASE, META_GRAPH, Prefixes
from aisi_kg.store.results import GRAPH_FORMATS, Format
from aisi_kg.web.headers import CACHE_CONTROL, DESCRIPTION, is_known, links, local_path
from aisi_kg.web.html import element
from aisi_kg.web.language import page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.problems import Problem
from aisi_kg.web.rendering import framed
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
#: What documents are written in. RDF comes before HTML, so that a program that accepts anything gets data.
_FORMATS = (*GRAPH_FORMATS, HTML)
#: Pages, each with the stored query that it rests on.
_OVERVIEWS = (
    ("table-3-1", "/tables/3.1", "Table 3.1: institutes, establishment, set-up, money, people"),
    ("table-3-2", "/tables/3.2", "Table 3.2: institutes, goals, functions, risks, work"),
    ("timeline", "/timeline", "Time line"),
    ("cooperation-matrix", "/network", "Who cooperates with whom, who has access to whose models"),
    ("contradictions-explained", "/contradictions", "Contradictions"),
)
_RESOURCES = ("entity", "claim", "source", "publication", "graph")


@router.api_route("/", methods=_GET)
async def home(request: Request) -> Response:
    """Show what there is."""
    dataset = site_of(request).dataset
    language = page_language(request, query_string(request))
    return Response(
        framed(
            request,
            "AISI-KG",
            element("p", "A knowledge graph of national AI safety institutes: every claim with its source."),
            element(
                "ul",
                _item("/queries", "Questions"),
                *(_item(path, text) for name, path, text in _OVERVIEWS if name in dataset.library.queries),
                _item("/explain", "Who says so, or why does it follow"),
                _item("/sparql", "Ask in SPARQL"),
                _item("/ontology", "Ontology"),
                _item("/graph/entities", "Entities"),
                _item("/.well-known/void", "Description of the dataset"),
                *(_item(f"/dump.{extension}", f"All of it as {extension}") for extension in dataset.dumps),
            ),
            path="/",
            language=language,
        ),
        media_type=HTML.content_type,
    )


def _item(href: str, text: str) -> Element:
    return element("li", element("a", text, href=href))


@router.api_route(DESCRIPTION, methods=_GET)
async def void(request: Request) -> Response:
    """Describe the dataset."""
    return await _negotiated(request, META_GRAPH.removeprefix(BASE))


@router.api_route("/{kind}/{name:path}", methods=_GET)
async def resource(request: Request, kind: str, name: str) -> Response:
    """Send the document about a resource."""
    if kind not in _RESOURCES or not name:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "There is nothing at this address.")
    stem, dot, extension = name.rpartition(".")
    format_ = next((f for f in _FORMATS if dot and f.extension == extension), None)
    if format_ is not None:
        return await _document(request, f"{kind}/{stem}", format_)
    return await _negotiated(request, f"{kind}/{name}")


async def _negotiated(request: Request, path: str) -> Response:
    """Send a document in the format that the client likes best, and say where that format is."""
    format_ = accepted(request, _FORMATS)
    response = await _document(request, path, format_)
    response.headers["Content-Location"] = local_path(request, f"/{path}.{format_.extension}")
    return response


async def _document(request: Request, path: str, format_: Format) -> Response:
    """Send a document with its tag, or only say that the client has it."""
    iri = BASE + path
    if format_ is HTML:
        body = await _page(request, iri, path)
    else:
        body = await site_of(request).evaluator.document(iri, format_.name)
    headers = {
        # By content: the same document keeps its tag from one dataset to the next.
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": CACHE_CONTROL,
        "Link": links(request, "/" + path, _FORMATS, canonical=iri),
        "Vary": "Accept, Accept-Language" if format_ is HTML else "Accept",
    }
    if is_known(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type=format_.content_type)


async def _page(request: Request, iri: str, title: str) -> bytes:
    site = site_of(request)
    data = await site.evaluator.document(iri, "nquads")
    # A long page takes a second to lay out, in which other clients are answered.
    language = page_language(request, query_string(request))
    content = await run_in_threadpool(_laid_out, data, iri, site.prefixes)
    return framed(request, title, *content, path="/" + title, language=language, formats=GRAPH_FORMATS)


def _laid_out(data: bytes, iri: str, prefixes: Prefixes) -> list[Element]:
    """Lay the document about a resource out as a page of links."""
    quads = list(parse(data, RdfFormat.N_QUADS))
    about = [quad for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    own = [quad for quad in about if quad.subject == NamedNode(iri)]
    others = [quad for quad in about if quad.subject != NamedNode(iri)]
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name.value, []).append(quad)
    sections: list[Element] = []
    if own:
        sections.append(_table(own, prefixes, subjects=False))
    for name, part in graphs.items():
        sections += [element("h2", "What ", _link(name, prefixes), " says"), _table(part, prefixes)]
    if others:
        sections += [element("h2", "About what is spoken of"), _table(others, prefixes, inside=iri + "#")]
    return [element("p", f"<{iri}>"), *sections]


def _table(
    quads: Iterable[Quad], prefixes: Prefixes, *, subjects: bool = True, inside: str | None = None
) -> Element:
    """Make a table, a row a statement; rows about what has its address in this page are anchors for it."""
    rows = []
    anchors: set[str] = set()
    for quad in quads:
        terms = (quad.subject, quad.predicate, quad.object) if subjects else (quad.predicate, quad.object)
        row = element("tr", *(element("td", _shown(term, prefixes)) for term in terms))
        if inside and isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(inside):
            fragment = quad.subject.value.removeprefix(inside)
            if fragment not in anchors:
                anchors.add(fragment)
                row.set("id", fragment)
        rows.append(row)
    return element("table", *rows)


def _shown(term: object, prefixes: Prefixes) -> "Element | str":
    if isinstance(term, NamedNode):
        return _link(term.value, prefixes)
    if isinstance(term, Literal):
        return element("span", term.value, lang=term.language) if term.language else term.value
    return str(term)


def _link(iri: str, prefixes: Prefixes) -> "Element | str":
    """Link an IRI: one of ours on this server, another where it is an address; else only show it."""
    text = prefixes.shorten(iri)
    if iri.startswith(BASE):
        return element("a", text, href="/" + iri.removeprefix(BASE))
    if iri.startswith(("https://", "http://")):
        return element("a", text, href=iri, rel="noreferrer")
    return text
