"""Answer at the ontology's IRI: RDF for programs, a page for people with every term at its own address."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.graph.prefixes import ONTOLOGY_GRAPH
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry
from aisi_kg.store.results import GRAPH_FORMATS, Format
from aisi_kg.store.vocabulary import Kind, Term, Vocabulary, read_vocabulary
from aisi_kg.web.class_tree import draw_classes
from aisi_kg.web.headers import local_path
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.rendering import render
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_PATH = "/ontology"
_FORMATS = (*GRAPH_FORMATS, HTML)
_VERSION = f"SELECT ?version {{ <{ONTOLOGY_GRAPH}> <http://www.w3.org/2002/07/owl#versionIRI> ?version }}"
_PARTS = (
    ("classes", "classes", Kind.CLASS),
    ("object-properties", "object_properties", Kind.OBJECT_PROPERTY),
    ("data-properties", "data_properties", Kind.DATA_PROPERTY),
    ("annotation-properties", "annotation_properties", Kind.ANNOTATION_PROPERTY),
    ("other-terms", "other_terms", Kind.OTHER),
)
_ROWS = 100


@router.api_route(_PATH, methods=_GET)
async def ontology(request: Request) -> Response:
    """Send the ontology."""
    return await _negotiated(request)


@router.api_route(_PATH + ".{extension}", methods=_GET)
async def ontology_file(request: Request, extension: str) -> Response:
    """Send the ontology in one format."""
    format_ = next((f for f in _FORMATS if f.extension == extension), None)
    if format_ is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no ontology.{extension[:40]}.")
    return await _document(request, format_)


@router.api_route(_PATH + "/{version}", methods=_GET)
async def ontology_version(request: Request, version: str) -> Response:
    """Send the ontology by the IRI of its version, if it is this one."""
    if f"{ONTOLOGY_GRAPH}/{version}" not in await conduct(request, _versions()):
        detail = "This is not the version that is served; /ontology is, and says which it is."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail)
    return await _negotiated(request)


def _versions() -> Inquiry[Sequence[str]]:
    return [each["version"].value for each in (yield QueryRequest(_VERSION))]


async def _negotiated(request: Request) -> Response:
    """Send it in the format that the client likes best, and say where that format is."""
    format_ = accepted(request, _FORMATS)
    response = await _document(request, format_)
    response.headers["Content-Location"] = local_path(request, f"{_PATH}.{format_.extension}")
    return response


async def _document(request: Request, format_: Format) -> Response:
    if format_ is not HTML:
        body = await site_of(request).evaluator.document(ONTOLOGY_GRAPH, format_.name)
        response = tagged(request, format_, body, _PATH, _FORMATS, ONTOLOGY_GRAPH)
        response.headers["Vary"] = "Accept"
        return response
    language = page_language(request, query_string(request))
    body = await _page(request, language)
    response = tagged(request, HTML, body, _PATH, _FORMATS, ONTOLOGY_GRAPH)
    response.headers["Content-Language"] = language
    return response


async def _page(request: Request, language: str) -> bytes:
    """Give the page; it takes as long as some hundred queries, and is the same as long as the dataset is."""
    state = request.app.state
    if not hasattr(state, "ontology_pages"):
        state.ontology_pages = {}
    pages: dict[str, bytes] = state.ontology_pages
    if language not in pages:
        if not hasattr(state, "vocabulary"):
            state.vocabulary = await conduct(request, read_vocabulary(site_of(request).prefixes))
        # In a thread, so that other clients are answered meanwhile.
        pages[language] = await run_in_threadpool(_rendered, request, state.vocabulary, language)
    return pages[language]


def _rendered(request: Request, vocabulary: Vocabulary, language: str) -> bytes:
    parts = [(anchor, key, vocabulary.of_kind(kind)) for anchor, key, kind in _PARTS]
    shorten = site_of(request).prefixes.shorten
    return render(
        request,
        "ontology.html",
        path=_PATH,
        language=language,
        formats=_FORMATS,
        title=vocabulary.title.in_language(language),
        v=vocabulary,
        parts=parts,
        properties=sum(len(terms) for _, _, terms in parts[1:4]),
        schemes=vocabulary.of_kind(Kind.SCHEME),
        codes=len(vocabulary.of_kind(Kind.CODE)),
        drawing=draw_classes(vocabulary, language),
        shorten=shorten,
        asking=_asking,
    )


def _asking(term: Term) -> str:
    """Write the query that finds members of a class, or triples of a property, each with its claim."""
    if term.kind == Kind.CLASS:
        return f"SELECT ?member\nWHERE {{ ?member a <{term.iri}> }}\nLIMIT {_ROWS}\n"
    triple = f"?subject <{term.iri}> ?object"
    return f"SELECT ?subject ?object ?claim\nWHERE {{ GRAPH ?claim {{ {triple} }} }}\nLIMIT {_ROWS}\n"
