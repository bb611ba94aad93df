"""Ask a built dataset, for ``aisi-kg query``."""

import asyncio
import difflib
import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Store

from aisi_kg import __version__
from aisi_kg.errors import FormatRefused, InputError
from aisi_kg.graph.prefixes import BASE, Prefixes
from aisi_kg.store.directory import open_dataset
from aisi_kg.store.disk import open_store
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.federation import Federation, federate
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.values import bind
from aisi_kg.store.remote import Remote
from aisi_kg.store.results import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    Choice,
    Format,
    answer,
    dataset_prefixes,
    find_format,
    table,
)
from aisi_kg.store.services import Reply, ServiceLimits, ServiceList, too_many_calls
from aisi_kg.web.settings import Settings

__all__ = ["Named", "ask", "check_format", "list_queries", "names"]

_TABLE = "table"
_FORMATS = (*RESULT_FORMATS, *GRAPH_FORMATS)


class Named(NamedTuple):
    """Name a stored query and the values of its parameters."""

    id: str
    parameters: tuple[tuple[str, str], ...]


def check_format(name: str | None) -> str | None:
    """Check the name of a format before anything is loaded.

    :param name: the name; None where the terminal decides.
    :returns: the name.
    :raises InputError: if there is no such format.
    """
    if name is not None and name != _TABLE and find_format(name, _FORMATS) is None:
        raise InputError(f"There is no format {name}; use {_TABLE}, {', '.join(f.name for f in _FORMATS)}.")
    return name


def names(media_types: Collection[str]) -> list[str]:
    """Name formats as ``--format`` does.

    :param media_types: their media types.
    :returns: their names.
    """
    return [format_.name for format_ in _FORMATS if format_.media_type in media_types]


def ask(directory: Path | None, asked: str | Named, format_: str | None) -> None:
    """Ask the current dataset, and write the answer to standard output.

    :param directory: the datasets' directory; the usual one where not given.
    :param asked: the query, or the name of a stored one.
    :param format_: the name of a format; None for a table in a terminal, else for the usual ones.
    :raises QueryRejected: if the query is refused.
    :raises FormatRefused: if the answer cannot be written in the format.
    :raises InputError: if there is no such stored query, or a parameter cannot have its value.
    :raises DatasetError: if there is no dataset.
    """
    settings = Settings.from_environment(os.environ)
    store = open_store(open_dataset(directory), settings.memory_quads)
    prefixes = dataset_prefixes(store)
    if isinstance(asked, Named):
        request = _stored(store, asked, prefixes)
    else:
        request = QueryRequest(asked, prefixes=tuple(prefixes.items()))
    services = settings.service_list()
    if services:
        request = _federated(store, request, services, settings.service_limits())
    if format_ == _TABLE or (format_ is None and sys.stdout.isatty()):
        try:
            print(table(store, request, prefixes), end="")
            return
        except FormatRefused:
            if format_ == _TABLE:
                raise
    if format_ is None:
        choice = Choice()
    else:
        result, graph = find_format(format_, RESULT_FORMATS), find_format(format_, GRAPH_FORMATS)
        choice = Choice(result.name if result else None, graph.name if graph else None)
    output = _Output()
    answer(store, request, choice, output, prefixes)
    output.end()


def _federated(
    store: Store, request: QueryRequest, services: ServiceList, limits: ServiceLimits
) -> QueryRequest:
    """Answer SERVICE by calling the services from this process, within the same limits as the server."""
    calls = taken = 0

    def call(number: int, query: str) -> Reply:
        nonlocal calls, taken
        if calls >= limits.calls:
            return Reply("refused", too_many_calls(limits).encode())
        calls += 1
        reply = asyncio.run(_asked(services, limits, number, query, limits.bytes - taken))
        taken += len(reply.content)
        return reply

    return federate(store, request, Federation(services, limits, call))


async def _asked(services: ServiceList, limits: ServiceLimits, number: int, query: str, room: int) -> Reply:
    remote = Remote(services, limits, f"aisi-kg/{__version__} ({BASE})")
    try:
        return await remote.ask(number, query, room)
    finally:
        await remote.close()


def _stored(store: Store, asked: Named, prefixes: Prefixes) -> QueryRequest:
    queries = library_of(store).queries
    query = queries.get(asked.id)
    if query is None:
        near = difflib.get_close_matches(asked.id, list(queries), n=3, cutoff=0.5)
        advice = f"did you mean {', '.join(near)}?" if near else "aisi-kg query --list lists them."
        raise InputError(f"There is no stored query {asked.id}; {advice}")
    return QueryRequest(query.text, bindings=bind(query, asked.parameters, prefixes))


def list_queries(directory: Path | None) -> None:
    """List the stored queries of the current dataset, one a line: id, question, parameters.

    :param directory: the datasets' directory; the usual one where not given.
    :raises DatasetError: if there is no dataset.
    """
    queries = list(library_of(open_dataset(directory).load()).queries.values())
    width = max((len(query.id) for query in queries), default=0)
    for query in queries:
        names = " ".join(f"[{parameter.name}=…]" for parameter in query.parameters)
        print(f"{query.id:<{width}}  {query.title.en}{'  ' if names else ''}{names}")


class _Output:
    """Write an answer to standard output."""

    def __init__(self) -> None:
        self._last = b"\n"

    def begin(self, format_: Format) -> None:
        """Ask nothing: the format was chosen here."""

    def write(self, data: bytes, /) -> int:
        self._last = data[-1:] or self._last
        return sys.stdout.buffer.write(data)

    def end(self) -> None:
        # A terminal's next prompt begins a line; a program gets the answer as it is.
        if sys.stdout.isatty() and self._last != b"\n":
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
