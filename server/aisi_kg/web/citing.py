"""Write how a claim is cited, at ``/cite?claim=…&style=…``; without a style, a browser sees all of them."""

from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.store.cite import STYLES, Cited, cited, claim_named, write_citation
from aisi_kg.store.results import Format
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.messages import message
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import invalid, kept, tagged
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_PATH = "/cite"
_CLAIM, _STYLE = "claim", "style"
_USUAL = "apa"
_FORMATS = {
    style.name: Format(
        style.name, style.media_type, style.extension, "", has_charset="json" not in style.name
    )
    for style in STYLES.values()
}


@router.api_route(_PATH, methods=_GET)
async def cite(request: Request) -> Response:
    """Write the citation of a claim."""
    allowed = (_CLAIM, _STYLE, LANGUAGE_PARAMETER)
    given: dict[str, str] = {}
    for name, value in query_string(request):
        if name not in allowed:
            detail = f"This address has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
        given[name] = value
    chosen = accepted(request, (_FORMATS[_USUAL], HTML)) if not given.get(_STYLE) else None
    if chosen is HTML and not given.get(_CLAIM):
        return _page(request, None, page_language(request, query_string(request)))
    if not given.get(_CLAIM):
        raise invalid(_CLAIM, "The parameter claim is missing; give the IRI of a claim.")
    style = given.get(_STYLE) or _USUAL
    if style not in STYLES:
        detail = f"There is no style {style[:40]!a}; use {', '.join(STYLES)}."
        raise invalid(_STYLE, detail, tuple(STYLES))
    # A style has a language of its own, which what a browser likes does not change.
    language = page_language(request, query_string(request)) if given.get(LANGUAGE_PARAMETER) else ""
    try:
        claim = claim_named(given[_CLAIM], site_of(request).prefixes)
    except InputError as error:
        raise invalid(_CLAIM, str(error)) from error
    what = await conduct(request, cited(claim, datetime.now(UTC).date().isoformat()))
    if chosen is HTML:
        return _page(request, what, page_language(request, query_string(request)))
    body = write_citation(what, style, language).encode()
    return tagged(request, _FORMATS[style], body, _PATH, (), claim)


def _page(request: Request, what: Cited | None, language: str) -> Response:
    """Show a claim in every style, each in its own language, or ask for a claim."""
    claim = what.claim if what is not None else None
    return page_response(
        request,
        "cite.html",
        path=_PATH,
        language=language,
        parameters=[(_CLAIM, claim.iri)] if claim is not None else [],
        canonical=claim.iri if claim is not None else None,
        title=message("cite.title", language),
        claim=claim,
        shown=site_of(request).prefixes.shorten(claim.iri).strip("<>") if claim is not None else "",
        citations=_citations(what) if what is not None else [],
    )


def _citations(what: Cited) -> list[tuple[str, str, str, str]]:
    """Give each style: its name, its language, the citation, and the end of the address that has it alone."""
    return [
        (
            style.name,
            style.language,
            write_citation(what, style.name).strip(),
            kept([(_CLAIM, what.claim.iri), (_STYLE, style.name)]),
        )
        for style in STYLES.values()
    ]
