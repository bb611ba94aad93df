"""Make the web application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from aisi_kg import __version__
from aisi_kg.web import documents, dumps, graph_store, sparql
from aisi_kg.web.evaluator import Evaluator
from aisi_kg.web.frame import Frame
from aisi_kg.web.problems import HANDLERS
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo, Site

__all__ = ["create_app"]


def create_app(evaluator: Evaluator, dataset: DatasetInfo, settings: Settings | None = None) -> FastAPI:
    """Make the application.

    :param evaluator: answers queries and writes documents; closed when the application stops.
    :param dataset: what is known of the dataset.
    :param settings: the operator's settings; the defaults where not given.
    :returns: the application.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        evaluator.close()

    # The interactive documentation of the framework loads scripts from elsewhere.
    app = FastAPI(
        title="AISI-KG",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.site = Site(evaluator, dataset, settings or Settings())
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.include_router(sparql.router)
    app.include_router(graph_store.router)
    app.include_router(dumps.router)
    # Last: it takes every path of two parts.
    app.include_router(documents.router)
    app.add_middleware(Frame)
    return app
