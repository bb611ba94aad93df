"""Show at ``/contradictions`` where the source disagrees with itself, both sides beside each other."""

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.disagreements import disagreements_grid, read_disagreements
from aisi_kg.store.grids import Grid
from aisi_kg.store.named import Named
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of
from aisi_kg.web.tabular import FORMATS, named_format, only, send_grids
from aisi_kg.web.views import chosen_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_KIND = "kind"


@router.api_route("/contradictions", methods=_GET)
@router.api_route("/contradictions.{extension}", methods=_GET)
async def contradictions(request: Request, extension: str = "") -> Response:
    """Show the discrepancies, all or of one kind."""
    parameters = only(request, (_KIND,))
    language = page_language(request, query_string(request))
    format_ = named_format("contradictions", extension, FORMATS)
    site = site_of(request)
    found = await conduct(request, read_disagreements(site.dataset.library))
    numbers = Counter(kind for each in found for kind in each.kinds)
    kind = chosen_of(dict(parameters), _KIND, list(numbers), site.prefixes)
    shown = [each for each in found if kind is None or kind in each.kinds]

    def lay(grids: Sequence[Grid]) -> Response:
        return page_response(
            request,
            "contradictions.html",
            path="/contradictions",
            language=language,
            parameters=parameters,
            formats=FORMATS,
            title=grids[0].title,
            shown=shown,
            total=len(found),
            kinds=_numbered(numbers, site.prefixes),
            kind=kind,
        )

    return await send_grids(
        request,
        [disagreements_grid(shown, language)],
        format_ or accepted(request, FORMATS),
        lay,
        path="/contradictions",
        language=language,
        is_named=format_ is not None,
    )


def _numbered(numbers: Counter[Named], prefixes: Prefixes) -> list[tuple[Named, str, int]]:
    """List the kinds, the commonest first, each with its short name and the number of discrepancies."""
    ordered = sorted(numbers.items(), key=lambda each: (-each[1], each[0].iri))
    return [(kind, prefixes.shorten(kind.iri), number) for kind, number in ordered]
