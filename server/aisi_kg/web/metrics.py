"""Count what the server does, over all of its processes, and write that for Prometheus.

The numbers stand in memory that the processes share, a row for each; adding to one's own row needs no lock.
"""

import mmap
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Metrics", "MetricsBoard"]


class _Series(NamedTuple):
    """Describe a series: its name, with labels, its kind, and what it counts."""

    name: str
    kind: str
    help: str


_SERIES = {
    "requests": _Series("aisi_kg_requests_total", "counter", "Requests that were answered."),
    "hits": _Series("aisi_kg_cache_hits_total", "counter", "Answers that were taken from the cache."),
    "queries": _Series("aisi_kg_queries_total", "counter", "Queries that were given to a worker."),
    "lookups": _Series("aisi_kg_lookups_total", "counter", "Queries that were answered without a worker."),
    "query_us": _Series("aisi_kg_query_microseconds_total", "counter", "Time that queries took."),
    "rows": _Series("aisi_kg_rows_total", "counter", "Rows and triples of whole answers."),
    "timeouts": _Series(
        "aisi_kg_query_timeouts_total", "counter", "Queries that were ended at the time limit."
    ),
    "crashes": _Series("aisi_kg_worker_deaths_total", "counter", "Workers that ended by themselves."),
    "preempted": _Series(
        "aisi_kg_queries_preempted_total", "counter", "Queries ended early to let others in."
    ),
    "refused": _Series(
        "aisi_kg_queries_refused_total", "counter", "Queries refused because too many waited."
    ),
    "service_calls": _Series("aisi_kg_service_calls_total", "counter", "Calls of other endpoints."),
    "service_failures": _Series(
        "aisi_kg_service_failures_total", "counter", "Calls of other endpoints without an answer."
    ),
    "server_errors": _Series("aisi_kg_server_errors_total", "counter", "Requests answered with 500."),
    "workers": _Series("aisi_kg_workers", "gauge", "Worker processes."),
    "busy": _Series("aisi_kg_workers_busy", "gauge", "Worker processes that evaluate a query."),
    "waiting": _Series("aisi_kg_queries_waiting", "gauge", "Queries that wait for a worker."),
    "connections": _Series("aisi_kg_connections", "gauge", "Connections that are open."),
    "cache_bytes": _Series("aisi_kg_cache_bytes", "gauge", "Memory that kept answers take."),
}
_INDEX = {name: number for number, name in enumerate(_SERIES)}
_ITEM_BYTES = 8


class MetricsBoard:
    """Share numbers between processes; made before they are forked.

    :param rows: how many processes write.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._numbers = memoryview(mmap.mmap(-1, rows * len(_SERIES) * _ITEM_BYTES)).cast("Q")

    def row(self, number: int) -> "Metrics":
        """Give a process the row that it writes.

        :param number: the number of the process, from 0.
        :returns: the row.
        """
        start = number * len(_SERIES)
        return Metrics(self, self._numbers[start : start + len(_SERIES)])

    def total(self, name: str) -> int:
        """Add a number up over all processes.

        :param name: the short name of a series.
        :returns: the sum.
        """
        return sum(self._numbers[row * len(_SERIES) + _INDEX[name]] for row in range(self._rows))

    def text(self, more: Sequence[tuple[str, str, str, float]] = ()) -> str:
        """Write the numbers in Prometheus' text format.

        :param more: further gauges: name, help, labels in braces or nothing, value.
        :returns: the text.
        """
        lines = []
        for name, series in _SERIES.items():
            lines += [
                f"# HELP {series.name} {series.help}",
                f"# TYPE {series.name} {series.kind}",
                f"{series.name} {self.total(name)}",
            ]
        for name, explained, labels, value in more:
            lines += [f"# HELP {name} {explained}", f"# TYPE {name} gauge", f"{name}{labels} {value}"]
        return "\n".join(lines) + "\n"


class Metrics:
    """Write the numbers of one process.

    :param board: where they are added up.
    :param numbers: its row.
    """

    def __init__(self, board: MetricsBoard, numbers: memoryview) -> None:
        self.board = board
        self._numbers = numbers

    def add(self, name: str, more: int = 1) -> None:
        """Count.

        :param name: the short name of a counter.
        :param more: how many.
        """
        self._numbers[_INDEX[name]] += more

    def set(self, name: str, value: int) -> None:
        """Say how many there are now.

        :param name: the short name of a gauge.
        :param value: how many.
        """
        self._numbers[_INDEX[name]] = value
