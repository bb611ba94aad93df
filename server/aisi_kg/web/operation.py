"""Tell the operator how the server is: ready, how old, how busy."""

import time

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from aisi_kg import __version__
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.api_route("/healthz", methods=_GET)
async def health(request: Request) -> Response:
    """Say that the server is ready; it takes no request before it is."""
    site = site_of(request)
    board = site.metrics.board
    content = {
        "status": "ready",
        "ready": True,
        "version": __version__,
        "dataset": site.dataset.version,
        "age_s": round(time.time() - site.since, 1),
        "workers": board.total("workers"),
        "workers_busy": board.total("busy"),
        "queries_waiting": board.total("waiting"),
    }
    return JSONResponse(content, headers=_NOT_KEPT)


@router.api_route("/metrics", methods=_GET)
async def metrics(request: Request) -> Response:
    """Give the counters of all processes in Prometheus' text format."""
    site = site_of(request)
    labels = f'{{version="{__version__}",dataset="{site.dataset.version}"}}'
    text = site.metrics.board.text(
        [
            ("aisi_kg_info", "The program and the dataset that it serves.", labels, 1),
            ("aisi_kg_dataset_since_seconds", "When the dataset was taken, since 1970.", "", site.since),
        ]
    )
    return Response(text, headers=_NOT_KEPT, media_type="text/plain; version=0.0.4; charset=utf-8")
