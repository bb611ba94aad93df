"""Show at ``/challenges`` the challenges that the report sees, each with its arguments as a tree."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.store.challenges import challenges_grid, read_challenges
from aisi_kg.store.grids import Grid
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.tabular import FORMATS, named_format, only, send_grids

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]


@router.api_route("/challenges", methods=_GET)
@router.api_route("/challenges.{extension}", methods=_GET)
async def challenges(request: Request, extension: str = "") -> Response:
    """Show the challenges."""
    only(request, ())
    language = page_language(request, query_string(request))
    format_ = named_format("challenges", extension, FORMATS)
    found = await conduct(request, read_challenges())

    def lay(grids: Sequence[Grid]) -> Response:
        return page_response(
            request,
            "challenges.html",
            path="/challenges",
            language=language,
            formats=FORMATS,
            title=grids[0].title,
            challenges=found,
        )

    return await send_grids(
        request,
        [challenges_grid(found, language)],
        format_ or accepted(request, FORMATS),
        lay,
        path="/challenges",
        language=language,
        is_named=format_ is not None,
    )
