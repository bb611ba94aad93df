"""Write a line for each request, without what would tell who asked what.

A query stands there as the start of its digest: enough to find the same query again, and nothing to read. A
path is cut to its first part, and nothing is written of addresses, headers and parameters.
"""

import asyncio
import json
import time
from typing import IO, Literal, cast, get_args

__all__ = ["AccessLog", "LogFormat", "log_format"]

#: How lines are written, or that none are.
LogFormat = Literal["text", "json", "none"]

_FLUSHED_EVERY_S = 0.2


def log_format(name: str) -> LogFormat:
    """Read the name of a format.

    :param name: ``text``, ``json`` or ``none``.
    :returns: the format.
    :raises ValueError: if it is another name.
    """
    for known in get_args(LogFormat):
        if name == known:
            return cast("LogFormat", known)
    raise ValueError(f"{name} is no format of the log")


class AccessLog:
    """Gather lines and write them together.

    :param stream: where they go.
    :param format_: how they are written.
    """

    def __init__(self, stream: IO[str], format_: LogFormat) -> None:
        self._stream = stream
        self._format = format_
        self._lines: list[str] = []
        self._flusher: asyncio.TimerHandle | None = None
        self._second = 0
        self._stamp = ""

    def tail(self, method: str, route: str, status: int, outcome: str, query: str = "", rows: int = 0) -> str:
        """Write what follows the times in a line, which can be kept with an answer.

        :param method: the request's method.
        :param route: what was asked for, without parameters.
        :param status: the status of the answer.
        :param outcome: what became of it, in a word.
        :param query: the start of a query's digest; empty where there was none.
        :param rows: rows or triples of its answer.
        :returns: the end of the line.
        """
        if self._format == "json":
            fields: dict[str, str | int] = {
                "method": method,
                "route": route,
                "status": status,
                "outcome": outcome,
            }
            if query:
                fields |= {"query": query, "rows": rows}
            return json.dumps(fields)[1:] + "\n"
        if query:
            return f"{method} {route} {status} {outcome} query={query} rows={rows}\n"
        return f"{method} {route} {status} {outcome}\n"

    def write(self, tail: str, seconds: float) -> None:
        """Write a line.

        :param tail: its end, from :meth:`tail`.
        :param seconds: how long the request took.
        """
        if self._format == "none":
            return
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
        if self._format == "json":
            line = f'{{"time": "{self._stamp}", "ms": {seconds * 1000:.2f}, {tail}'
        else:
            line = f"{self._stamp} {seconds * 1000:.2f}ms {tail}"
        self._lines.append(line)
        if self._flusher is None:
            self._flusher = asyncio.get_running_loop().call_later(_FLUSHED_EVERY_S, self.flush)

    def flush(self) -> None:
        """Write the lines that were gathered."""
        self._flusher = None
        lines, self._lines = self._lines, []
        try:
            self._stream.write("".join(lines))
            self._stream.flush()
        except (OSError, ValueError):
            # Nobody reads the log any more; the server goes on.
            return
