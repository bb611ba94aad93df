"""Run one web process: speak HTTP, and have queries evaluated by workers."""

import asyncio
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from aisi_kg.store.lookup import Lookup
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.connection import Connection, ConnectionConfig
from aisi_kg.web.metrics import Metrics
from aisi_kg.web.pool import CONTROL, Control, Pool, PoolLimits
from aisi_kg.web.quick import QuickWay
from aisi_kg.web.service_calls import ServiceCalls
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo
from aisi_kg.web.sparql import SparqlEndpoint

__all__ = ["DRAIN", "END_WORKER", "MAKE_WORKER", "NEW_WORKER", "READY", "WORKER_ENDED", "run_front"]

#: What a web process and the one that makes workers tell each other.
MAKE_WORKER, END_WORKER, READY = b"M", b"E", b"R"
NEW_WORKER, WORKER_ENDED, DRAIN = b"N", b"D", b"Q"

_CHECKED_EVERY_S = 0.5
_DRAINED_EVERY_S = 0.05
_IDLE_WHILE_DRAINING_S = 2.0
# Workers that are always there; more than one, so that a query seldom waits for another.
_BASE = 2
# Files beside those of connections and workers: the event loop's, the listening socket, dumps that are sent.
_OTHER_FILES = 64
# More than clients and the proxies before them send.
_HEADERS_BYTES = 32 * 1024


def run_front(
    control: socket.socket,
    listener: socket.socket,
    dataset: DatasetInfo,
    settings: Settings,
    metrics: Metrics,
    lookup: Lookup | None,
) -> None:
    """Serve until told to stop.

    :param control: the socket to the process that makes workers.
    :param listener: where connections come in.
    :param dataset: what is known of the dataset.
    :param settings: the operator's settings.
    :param metrics: where it is counted what is done.
    :param lookup: answers plain queries without a worker; None where a store is on disk.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    uvloop.run(_Front(control, listener, dataset, settings, metrics, lookup).run())


def _files_for_connections(connections: int, slots: int) -> int:
    """Raise the limit of open files for so many connections; give how many of them it allows.

    Without a number that is free no worker can be taken from the process that makes them.
    """
    beside = slots + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = connections + beside
    if soft != unlimited and soft < wanted:
        soft = wanted if hard == unlimited else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return connections if soft == unlimited else max(1, min(connections, soft - beside))


class _Server(uvicorn.Server):
    """Serve, and leave signals to the process that started all."""

    def __init__(self, config: ConnectionConfig, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Front:
    def __init__(
        self,
        control: socket.socket,
        listener: socket.socket,
        dataset: DatasetInfo,
        settings: Settings,
        metrics: Metrics,
        lookup: Lookup | None,
    ) -> None:
        self._control = control
        self._listener = listener
        self._settings = settings
        self._metrics = metrics
        share = settings.web_processes
        limits = PoolLimits(
            base=min(_BASE, max(1, settings.query_slots // share)),
            slots=max(1, settings.query_slots // share),
            queue=-(-settings.queue_length // share),
            timeout_s=settings.query_timeout_s,
        )
        asked = Control(wake=lambda: self._tell(MAKE_WORKER), end=lambda pid: self._tell(END_WORKER, pid))
        services = settings.service_list()
        self._calls = ServiceCalls(services, settings.service_limits(), metrics) if services else None
        self._pool = Pool(asked, limits, metrics, lookup, self._calls)
        self._site = create_site(self._pool, dataset, settings, metrics)
        endpoint = SparqlEndpoint(self._site)
        config = ConnectionConfig(
            create_app(self._site, endpoint),
            cache=self._site.cache,
            metrics=metrics,
            log=self._site.log,
            request_timeout_s=settings.request_timeout_s,
            keep_alive_s=settings.keep_alive_s,
            connections=_files_for_connections(-(-settings.max_connections // share), limits.slots),
            head_bytes=settings.max_url_bytes + _HEADERS_BYTES,
            take=QuickWay(self._pool, endpoint, self._site).take,
        )
        self._server = _Server(config, self._ready)
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining: asyncio.Task[None] | None = None

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        self._control.setblocking(False)
        loop.add_reader(self._control.fileno(), self._told)
        self._pool.start()
        loop.call_later(_CHECKED_EVERY_S, self._check)
        try:
            await self._server.serve(sockets=[self._listener])
        finally:
            self._pool.stop()
            if self._calls is not None:
                await self._calls.close()
            self._site.log.flush()

    def _ready(self) -> None:
        self._tell(READY)

    def _tell(self, what: bytes, pid: int = 0) -> None:
        try:
            self._control.send(CONTROL.pack(what, pid, 0))
        except OSError:
            # The process at the other end is gone, and this one goes too when it reads that.
            return

    def _told(self) -> None:
        """Read what the process that makes workers says."""
        while True:
            try:
                data, files, _, _ = socket.recv_fds(self._control, CONTROL.size, 1)
            except BlockingIOError:
                return
            except OSError:
                data, files = b"", []
            if len(data) < CONTROL.size:
                os._exit(1)
            what, pid, number = CONTROL.unpack(data)
            if what == NEW_WORKER and files:
                connection = socket.socket(fileno=files[0])
                connection.setblocking(False)
                task = asyncio.get_running_loop().create_task(self._pool.add(pid, connection))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            elif what == WORKER_ENDED:
                self._pool.ended(pid, number)
            elif what == DRAIN and self._draining is None:
                self._draining = asyncio.get_running_loop().create_task(self._drain(number))

    def _check(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        connections = self._connections()
        for connection in connections:
            connection.check(now)
        self._metrics.set("connections", len(connections))
        self._metrics.set("cache_bytes", self._site.cache.size)
        loop.call_later(_CHECKED_EVERY_S, self._check)

    def _connections(self) -> list[Connection]:
        return [each for each in self._server.server_state.connections if isinstance(each, Connection)]

    async def _drain(self, grace_s: int) -> None:
        """Take no more connections, answer what has come, and stop.

        With time to spare, a client that is between two requests gets an answer to the second too.
        """
        loop = asyncio.get_running_loop()
        for server in self._server.servers:
            server.close()
        end = loop.time() + grace_s
        idle_s = min(_IDLE_WHILE_DRAINING_S, grace_s / 5)
        for connection in self._connections():
            connection.drain(idle_s if grace_s > self._settings.query_timeout_s else 0)
        while (connections := self._connections()) and loop.time() < end:
            for connection in connections:
                connection.check(loop.time())
            await asyncio.sleep(_DRAINED_EVERY_S)
        for connection in self._connections():
            if connection.is_idle:
                connection.transport.close()
            else:
                connection.abort()
        self._server.force_exit = True
        self._server.should_exit = True
