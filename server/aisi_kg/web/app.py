"""Make the web application."""

import sys

from fastapi import FastAPI
from starlette.types import ASGIApp

from aisi_kg import __version__
from aisi_kg.web import (
    api_page,
    assets,
    challenges,
    citing,
    comparing,
    contradictions,
    crawling,
    documents,
    dumps,
    embedding,
    explaining,
    graph_store,
    home,
    network,
    ontology,
    openapi,
    operation,
    queries,
    reconcile,
    search_page,
    searching,
    source_pages,
    tables,
    timeline,
)
from aisi_kg.web.access_log import AccessLog, log_format
from aisi_kg.web.cache import AnswerCache
from aisi_kg.web.evaluator import Evaluator
from aisi_kg.web.frame import Frame
from aisi_kg.web.metrics import Metrics, MetricsBoard
from aisi_kg.web.problem_answers import HANDLERS
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo, Site
from aisi_kg.web.sparql import SparqlEndpoint

__all__ = ["create_app", "create_site"]


def create_site(
    evaluator: Evaluator,
    dataset: DatasetInfo,
    settings: Settings | None = None,
    metrics: Metrics | None = None,
) -> Site:
    """Bring together what the handlers of one process need.

    :param evaluator: answers queries and writes documents.
    :param dataset: what is known of the dataset.
    :param settings: the operator's settings; the defaults where not given.
    :param metrics: where it is counted what is done; on a board of its own where not given.
    :returns: the site.
    """
    settings = settings or Settings()
    return Site(
        evaluator,
        dataset,
        settings,
        AnswerCache(settings.cache_bytes // settings.web_processes),
        metrics or MetricsBoard(1).row(0),
        AccessLog(sys.stderr, log_format(settings.log)),
    )


def create_app(site: Site, endpoint: SparqlEndpoint | None = None) -> ASGIApp:
    """Make the application.

    :param site: what its handlers need.
    :param endpoint: answers SPARQL; made where not given.
    :returns: the application.
    """
    endpoint = endpoint or SparqlEndpoint(site)
    # The interactive documentation of the framework loads scripts from elsewhere.
    app = FastAPI(
        title="AISI-KG",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.site = site
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.include_router(assets.router)
    app.include_router(operation.router)
    app.include_router(graph_store.router)
    app.include_router(dumps.router)
    app.include_router(openapi.router)
    app.include_router(api_page.router)
    app.include_router(ontology.router)
    app.include_router(queries.router)
    app.include_router(home.router)
    app.include_router(tables.router)
    app.include_router(comparing.router)
    app.include_router(contradictions.router)
    app.include_router(timeline.router)
    app.include_router(network.router)
    app.include_router(embedding.router)
    app.include_router(challenges.router)
    app.include_router(explaining.router)
    app.include_router(citing.router)
    app.include_router(searching.router)
    app.include_router(search_page.router)
    app.include_router(reconcile.router)
    app.include_router(crawling.router)
    app.include_router(source_pages.router)
    # Last: it takes every path of two parts.
    app.include_router(documents.router)
    return Frame(app, endpoint, site)
