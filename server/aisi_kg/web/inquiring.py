"""Have the workers evaluate the queries of an inquiry (see :mod:`aisi_kg.store.inquiry`)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, read_solutions
from aisi_kg.store.results import Choice
from aisi_kg.web.evaluator import collect
from aisi_kg.web.site import client_of, site_of

__all__ = ["conduct", "conduct_once"]

_T = TypeVar("_T")


async def conduct(request: Request, inquiry: Inquiry[_T], *, in_thread: bool = False) -> _T:
    """Conduct an inquiry.

    :param request: the request that it is for.
    :param inquiry: the inquiry, not begun.
    :param in_thread: whether it computes for so long between two queries that others should be answered
        meanwhile.
    :returns: what it found.
    :raises QueryRejected: if a query is refused.
    :raises QueryEnded: if one was ended at a limit.
    """
    site = site_of(request)
    client = client_of(request, site.settings)
    data: bytes | None = None
    try:
        while True:
            going = partial(_go_on, inquiry, data)
            asked = await run_in_threadpool(going) if in_thread else going()
            if isinstance(asked, _Found):
                return asked.value
            data = await collect(site.evaluator, asked, Choice("json"), client=client)
    finally:
        inquiry.close()


async def conduct_once(request: Request, name: str, make: Callable[[], Inquiry[_T]]) -> _T:
    """Conduct an inquiry that depends on the dataset alone, and keep what it found as long as that is served.

    A new dataset is served by new processes. Until the first has an answer, others ask too.

    :param request: the request that it is for.
    :param name: what names it among those that are kept.
    :param make: makes the inquiry.
    :returns: what it found; nobody may change it.
    :raises QueryRejected: if a query is refused.
    :raises QueryEnded: if one was ended at a limit.
    """
    kept = site_of(request).found
    if name not in kept:
        kept[name] = await conduct(request, make())
    return cast("_T", kept[name])


@dataclass(frozen=True)
class _Found(Generic[_T]):
    """Hold what an inquiry found; no StopIteration leaves a thread."""

    value: _T


def _go_on(inquiry: Inquiry[_T], data: bytes | None) -> QueryRequest | _Found[_T]:
    """Have an inquiry go on to its next query, or to its end."""
    try:
        return next(inquiry) if data is None else inquiry.send(read_solutions(data))
    except StopIteration as stop:
        return _Found(stop.value)
