"""Answer plain queries past the application.

A short query takes less time than its way through an application: a task of the event loop, a scope,
requests, responses. So the plainest requests, ``GET /sparql?query=…`` over HTTP/1.1, are read here; a worker
is asked, and when its whole answer is there it is sent. Whatever is not that plain goes on to the
application as if nothing had happened; if a worker was asked already, with what came of it.
"""

import time
from collections.abc import Awaitable

from aisi_kg.errors import AisiKgError
from aisi_kg.store.wire import Task
from aisi_kg.web.cache import AnswerKey, Shortcut
from aisi_kg.web.connection import Connection
from aisi_kg.web.evaluator import Answering
from aisi_kg.web.job import Job
from aisi_kg.web.pool import Pool, PoolAnswer
from aisi_kg.web.problems import Problem
from aisi_kg.web.requests import parse_form
from aisi_kg.web.site import Site, network_of
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

    def take(self, connection: Connection, shortcut: Shortcut) -> bool:
        """Begin to answer a request, if it is plain enough.

        :param connection: where it came from.
        :param shortcut: how it is spelt.
        :returns: whether it is taken; if not, the application answers.
        """
        path, _, query_string = shortcut.url.partition(b"?")
        settings = self._site.settings
        if path != _PATH or len(shortcut.url) > settings.max_url_bytes or settings.client_header:
            return False
        try:
            parameters = parse_form(query_string, "query string")
            query = self._endpoint.read_query(parameters, parameters)
            key = answer_key(query, parameters, _text(shortcut.accept), _text(shortcut.encodings))
        except (Problem, UnicodeDecodeError):
            # Whatever is wrong with it, the application says so.
            return False
        if is_volatile(key) or self._site.cache.get(key) is not None:
            return False
        client = network_of(connection.client[0] if connection.client else "")
        asked = _Asked(self, connection, shortcut, key)
        job = Job(Task(key.request, key.choice, key.encoding).pack(), client, asked.begun)
        try:
            self._pool.ask(job)
        except AisiKgError:
            return False
        connection.asked = asked
        asked.job = job
        return True

    def answer(self, asked: "_Asked", job: Job) -> None:
        """Send an answer, or hand over to the application what is no small whole one."""
        connection = asked.connection
        if job.whole is None:
            connection.hand_over()
            return
        site = self._site
        answering = PoolAnswer(job, self._pool)
        digest = answer_digest(site.dataset.version, asked.key)
        headers = self._endpoint.headers(answering, digest, is_lasting=True)
        kept = self._endpoint.keep(asked.key, answering, headers, digest, job.whole, is_lasting=True)
        answering.close()
        site.cache.add_shortcut(asked.shortcut, kept)
        connection.send_asked(kept)
        tail = site.log.tail("GET", "/sparql", 200, "sent", query=digest[:12], rows=job.rows)
        site.log.write(tail, time.monotonic() - job.since)
        site.metrics.add("requests")

    def forget(self, job: Job) -> None:
        """Give an answer up that nobody waits for."""
        self._pool.forget(job)

    def begun(self, job: Job) -> Awaitable[Answering]:
        """Wait for an answer, as the application does."""
        return self._pool.begun(job)


class _Asked:
    """Hold a request that a worker was asked for before the application (see :class:`connection.Asked`)."""

    __slots__ = ("_way", "connection", "job", "key", "shortcut")
    job: Job

    def __init__(self, way: QuickWay, connection: Connection, shortcut: Shortcut, key: AnswerKey) -> None:
        self._way = way
        self.connection = connection
        self.shortcut = shortcut
        self.key = key

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
