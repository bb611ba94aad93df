"""Write how a claim is cited, at ``/cite?claim=…&style=…``."""

from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.store.cite import STYLES, cited, claim_named, write_citation
from aisi_kg.store.results import Format
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.pages import invalid, tagged
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_CLAIM, _STYLE = "claim", "style"
_USUAL = "apa"
_FORMATS = {
    style.name: Format(
        style.name, style.media_type, style.extension, "", has_charset="json" not in style.name
    )
    for style in STYLES.values()
}


@router.api_route("/cite", methods=_GET)
async def cite(request: Request) -> Response:
    """Write the citation of a claim."""
    allowed = (_CLAIM, _STYLE, LANGUAGE_PARAMETER)
    given: dict[str, str] = {}
    for name, value in query_string(request):
        if name not in allowed:
            detail = f"This address has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
        given[name] = value
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
    body = write_citation(what, style, language).encode()
    return tagged(request, _FORMATS[style], body, "/cite", (), claim)
