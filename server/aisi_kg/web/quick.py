"""Answer plain queries past the application.

A short query takes less time than its way through an application: a task of the event loop, a scope,
requests, responses. So the plainest requests, ``GET /sparql?query=…`` over HTTP/1.1, are read here. What can
be looked up is sent at once; else a worker is asked, and when its whole answer is there it is sent. Whatever
is not that plain goes on to the application as if nothing had happened; if a worker was asked already, with
what came of it.
"""

import time
from collections.abc import Awaitable

from aisi_kg.store.wire import Task
from aisi_kg.web.cache import Shortcut
from aisi_kg.web.connection import Connection
from aisi_kg.web.evaluator import Answering, WholeAnswer
from aisi_kg.web.job import Job
from aisi_kg.web.pool import Pool, PoolAnswer
from aisi_kg.web.problems import Problem
from aisi_kg.web.requests import parse_form
from aisi_kg.web.site import Site, client_named
from aisi_kg.web.sparql import SparqlEndpoint, answer_digest, answer_key, is_volatile

__all__ = ["QuickWay"]

_PATH = b"/sparql"


class QuickWay:
    """Answer plain queries.

    :param pool: evaluates them.
    :param endpoint: knows how they are read and answered.
    :param site: what handlers need.
    """

    def __init__(self, pool: Pool, endpoint: SparqlEndpoint, site: Site) -> None:
        self._pool = pool
        self._endpoint = endpoint
        self._site = site
        self._client_header = site.settings.client_header.lower().encode()

    def take(self, connection: Connection, shortcut: Shortcut) -> bool:
        """Begin to answer a request, if it is plain enough.

        :param connection: where it came from.
        :param shortcut: how it is spelt.
        :returns: whether it is taken; if not, the application answers.
        """
        path, _, query_string = shortcut.url.partition(b"?")
        site = self._site
        if path != _PATH or len(shortcut.url) > site.settings.max_url_bytes:
            return False
        try:
            parameters = parse_form(query_string, "query string")
            query = self._endpoint.read_query(parameters, parameters)
            key = answer_key(query, parameters, _text(shortcut.accept), _text(shortcut.encodings))
        except (Problem, UnicodeDecodeError):
            # Whatever is wrong with it, the application says so.
            return False
        if is_volatile(key):
            return False
        digest = answer_digest(site.dataset.version, key)
        if site.cache.get(digest) is not None:
            return False
        found = self._pool.look_up(*key)
        if found is not None:
            self._send(
                connection, shortcut, digest, WholeAnswer(found), 0.0, is_kept=site.cache.wants(digest)
            )
            return True
        client = self._client(connection)
        if self._pool.is_full(client):
            return False
        asked = _Asked(self, connection, shortcut, digest)
        job = Job(Task(*key).pack(), client, asked.begun)
        self._pool.ask(job)
        connection.asked = asked
        asked.job = job
        return True

    def _client(self, connection: Connection) -> str:
        """Say who asks, as :func:`aisi_kg.web.site.client_of` does."""
        header, values = self._client_header, []
        if header:
            values = [value.decode("latin-1") for name, value in connection.headers if name == header]
        return client_named(values, connection.client[0] if connection.client else "")

    def answer(self, asked: "_Asked", job: Job) -> None:
        """Send an answer, or hand over to the application what is no small whole one."""
        connection = asked.connection
        if job.whole is None:
            connection.hand_over()
            return
        answering = PoolAnswer(job, self._pool)
        answering.close()
        seconds = time.monotonic() - job.since
        self._send(connection, asked.shortcut, asked.digest, answering, seconds, is_kept=True)

    def _send(
        self,
        connection: Connection,
        shortcut: Shortcut,
        digest: str,
        answering: Answering,
        seconds: float,
        *,
        is_kept: bool,
    ) -> None:
        """Send a whole answer, and keep it where that is worth it."""
        site = self._site
        written = self._endpoint.written(answering, digest, answering.whole or b"", is_lasting=True)
        connection.send_asked(written)
        site.log.write(site.log.tail("GET", "/sparql", 200, "sent", digest[:12], answering.rows), seconds)
        site.metrics.add("requests")
        if is_kept:
            self._endpoint.keep(written, answering.rows)
            site.cache.add_shortcut(shortcut, written)

    def forget(self, job: Job) -> None:
        """Give an answer up that nobody waits for."""
        self._pool.forget(job)

    def begun(self, job: Job) -> Awaitable[Answering]:
        """Wait for an answer, as the application does."""
        return self._pool.begun(job)


class _Asked:
    """Hold a request that a worker was asked for before the application (see :class:`connection.Asked`)."""

    __slots__ = ("_way", "connection", "digest", "job", "shortcut")
    job: Job

    def __init__(self, way: QuickWay, connection: Connection, shortcut: Shortcut, digest: str) -> None:
        self._way = way
        self.connection = connection
        self.shortcut = shortcut
        self.digest = digest

    def begun(self, job: Job) -> None:
        """Learn that the answer begins."""
        if not self.connection.is_lost:
            self._way.answer(self, job)

    def answering(self) -> Awaitable[Answering]:
        """Give what the application waits for."""
        return self._way.begun(self.job)

    def forget(self) -> None:
        """Learn that the client has left."""
        self._way.forget(self.job)


def _text(value: bytes) -> str | None:
    return value.decode("latin-1") if value else None
