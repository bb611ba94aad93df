"""Answer for every IRI of the dataset at its path, and for the dataset as a whole.

A document is RDF in the format asked for, by suffix or by ``Accept``; a browser gets the same triples as a
page.
"""

import hashlib
from collections.abc import Iterable
from http import HTTPStatus
from xml.etree.ElementTree import Element

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg import __version__
from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import BASE, META_GRAPH, Prefixes
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, Choice, Format
from aisi_kg.web.evaluator import collect
from aisi_kg.web.html import element, page
from aisi_kg.web.negotiation import HTML, best, parse_accept
from aisi_kg.web.problems import Problem
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
#: What documents are written in. RDF comes before HTML, so that a program that accepts anything gets data.
_FORMATS = (*GRAPH_FORMATS, HTML)
_RESOURCES = ("entity", "claim", "source", "publication", "graph")


@router.api_route("/", methods=_GET)
async def home(request: Request) -> Response:
    """Show what there is."""
    dataset = site_of(request).dataset
    return Response(
        page(
            "AISI-KG",
            element("p", "A knowledge graph of national AI safety institutes: every claim with its source."),
            element(
                "ul",
                _item("/sparql", "Ask in SPARQL"),
                _item("/ontology", "Ontology"),
                _item("/graph/entities", "Entities"),
                _item("/.well-known/void", "Description of the dataset"),
                *(_item(f"/dump.{extension}", f"All of it as {extension}") for extension in dataset.dumps),
            ),
            element("p", f"Dataset {dataset.version}, program {__version__}."),
        ),
        media_type=HTML.content_type,
    )


def _item(href: str, text: str) -> Element:
    return element("li", element("a", text, href=href))


@router.api_route("/dump.{extension}", methods=_GET)
async def dump(request: Request, extension: str) -> Response:
    """Send a dump."""
    dumps = site_of(request).dataset.dumps
    found = dumps.get(extension)
    format_ = next((f for f in GRAPH_FORMATS if f.extension == extension), None)
    if found is None or format_ is None:
        names = ", ".join(f"/dump.{name}" for name in dumps) or "none"
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no such dump; there are {names}.")
    headers = {"ETag": f'"{found.sha256}"'}
    if _is_known(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return FileResponse(found.path, headers=headers, media_type=format_.content_type)


@router.api_route("/.well-known/void", methods=_GET)
async def void(request: Request) -> Response:
    """Describe the dataset."""
    format_ = _negotiated(request)
    if format_ is HTML:
        return _cached(request, await _page(request, META_GRAPH, "Description of the dataset"), HTML)
    query = QueryRequest(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{META_GRAPH}> {{ ?s ?p ?o }} }}")
    body = await collect(site_of(request).evaluator, query, Choice(None, format_.name))
    return _cached(request, body, format_)


@router.api_route("/ontology", methods=_GET)
async def ontology(request: Request) -> Response:
    """Send the ontology."""
    return await _document(request, "ontology", _negotiated(request))


@router.api_route("/ontology.{extension}", methods=_GET)
async def ontology_file(request: Request, extension: str) -> Response:
    """Send the ontology in one format."""
    format_ = next((f for f in _FORMATS if f.extension == extension), None)
    if format_ is None:
        raise UnknownResource(f"There is no ontology.{extension}.")
    return await _document(request, "ontology", format_)


@router.api_route("/{kind}/{name:path}", methods=_GET)
async def resource(request: Request, kind: str, name: str) -> Response:
    """Send the document about a resource."""
    if kind not in _RESOURCES or not name:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "There is nothing at this address.")
    stem, dot, extension = name.rpartition(".")
    format_ = next((f for f in _FORMATS if dot and f.extension == extension), None)
    if format_ is not None:
        return await _document(request, f"{kind}/{stem}", format_)
    return await _document(request, f"{kind}/{name}", _negotiated(request))


def _negotiated(request: Request) -> Format:
    format_ = best(_FORMATS, parse_accept(request.headers.get("accept")))
    if format_ is None:
        offered = tuple(f.media_type for f in _FORMATS)
        detail = f"Nothing in Accept can be written here; ask for one of {', '.join(offered)}."
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, offered=offered)
    return format_


async def _document(request: Request, path: str, format_: Format) -> Response:
    iri = BASE + path
    if format_ is HTML:
        return _cached(request, await _page(request, iri, path), HTML)
    return _cached(request, await site_of(request).evaluator.document(iri, format_.name), format_)


def _cached(request: Request, body: bytes, format_: Format) -> Response:
    """Send a body with its tag, or only say that the client has it."""
    # By content: the same document keeps its tag from one dataset to the next.
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Vary": "Accept"}
    if _is_known(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type=format_.content_type)


def _is_known(request: Request, tag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in known.split(","))


async def _page(request: Request, iri: str, title: str) -> bytes:
    site = site_of(request)
    data = await site.evaluator.document(iri, "nquads")
    # A long page takes a second to lay out, in which other clients are answered.
    return await run_in_threadpool(_laid_out, data, iri, title, site.prefixes)


def _laid_out(data: bytes, iri: str, title: str, prefixes: Prefixes) -> bytes:
    """Lay the document about a resource out as a page of links."""
    quads = list(parse(data, RdfFormat.N_QUADS))
    suffix = "/" + iri.removeprefix(BASE)
    formats = [
        part
        for f in GRAPH_FORMATS
        for part in (" ", element("a", f.extension, href=f"{suffix}.{f.extension}"))
    ]
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
    return page(title, element("p", f"<{iri}> ·", *formats), *sections)


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
