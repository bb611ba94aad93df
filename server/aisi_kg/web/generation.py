"""Hold one dataset, and make the processes that serve it.

A generation is a process that loads the dataset once and then only forks: web processes when it starts, and a
worker whenever one of them asks. So all share the dataset's memory, and a worker is there in some
milliseconds. It has one thread and no event loop, since only such a process can be forked safely.

::

    supervisor ── generation ─┬─ web process 1 ─┐ sockets
                              ├─ web process 2 ─┤
                              ├─ worker ────────┤
                              └─ worker ────────┘
"""

import gc
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from aisi_kg.errors import AisiKgError
from aisi_kg.store.engine import Engine
from aisi_kg.store.lookup import Lookup
from aisi_kg.store.sandbox import die_with_parent
from aisi_kg.store.worker import WorkerLimits, run_worker
from aisi_kg.web.front import DRAIN, END_WORKER, MAKE_WORKER, NEW_WORKER, READY, WORKER_ENDED, run_front
from aisi_kg.web.metrics import MetricsBoard
from aisi_kg.web.pool import CONTROL
from aisi_kg.web.rendering import prepare
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

__all__ = ["FAILED", "STARTED", "Loaded", "drain_message", "run_generation"]

#: What a generation tells the supervisor: that it serves, and which version; or why it does not.
STARTED, FAILED = b"started ", b"failed "

_LOGGER = logging.getLogger(__name__)

# Workers stand back a little behind the processes that speak with clients.
_NICENESS = 5
_COLLECTED_AFTER = 20_000
_RESTARTED_AFTER_S = 1.0
_TICK_S = 1.0


class Loaded(NamedTuple):
    """Hold a dataset that is loaded.

    :param dataset: what is known of it.
    :param engine: gives what answers from it; called in each worker.
    :param needs_files: whether a worker opens files.
    :param lookup: answers plain queries in a web process; None where the dataset is not in memory.
    """

    dataset: DatasetInfo
    engine: Callable[[], Engine]
    needs_files: bool
    lookup: Lookup | None = None


def drain_message(grace_s: int) -> bytes:
    """Write what the supervisor tells a generation whose time is over.

    :param grace_s: seconds that answers under way have to end.
    :returns: the message.
    """
    return CONTROL.pack(DRAIN, 0, grace_s)


class _Front(NamedTuple):
    number: int
    pid: int
    control: socket.socket
    since: float


def run_generation(
    load: Callable[[], Loaded], listeners: list[socket.socket], supervisor: socket.socket, settings: Settings
) -> None:
    """Serve a dataset until told to stop, by SIGTERM, or until the supervisor ends.

    :param load: loads the dataset.
    :param listeners: where connections come in, one for each web process.
    :param supervisor: the socket to the supervisor.
    :param settings: the operator's settings.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    die_with_parent(os.getppid())
    try:
        loaded = load()
    except AisiKgError as error:
        supervisor.sendall(FAILED + str(error).encode())
        return
    prepare()
    # What is there now is never looked at by the collector, which would write to it and so copy it to each
    # process.
    gc.collect()
    gc.freeze()
    # A request makes some hundred objects, which go without the collector; it would look for rings in vain.
    gc.set_threshold(_COLLECTED_AFTER)
    _Generation(loaded, listeners, supervisor, settings).run()


class _Generation:
    def __init__(
        self, loaded: Loaded, listeners: list[socket.socket], supervisor: socket.socket, settings: Settings
    ) -> None:
        self._loaded = loaded
        self._listeners = listeners
        self._supervisor = supervisor
        self._settings = settings
        self._board = MetricsBoard(settings.web_processes)
        self._fronts: dict[int, _Front] = {}
        #: The web process that each worker is for, by their process ids.
        self._workers: dict[int, int] = {}
        self._ready: set[int] = set()
        self._is_draining = False
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Make processes and wait for them."""
        wake_in, wake_out = socket.socketpair()
        wake_in.setblocking(False)
        wake_out.setblocking(False)
        signal.set_wakeup_fd(wake_in.fileno())
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        self._selector.register(wake_out, selectors.EVENT_READ, self._signalled)
        self._selector.register(self._supervisor, selectors.EVENT_READ, self._told_by_supervisor)
        for front in range(self._settings.web_processes):
            self._make_front(front)
        while self._fronts or not self._is_draining:
            for key, _ in self._selector.select(_TICK_S):
                key.data(key.fileobj)
            self._reap()
        # The socket goes with this call, and the children that end now still send a signal each.
        signal.set_wakeup_fd(-1)
        self._end_all()

    def _signalled(self, wake: socket.socket) -> None:
        with suppress(BlockingIOError):
            if signal.SIGTERM in wake.recv(4096):
                self._drain(0)

    def _told_by_supervisor(self, supervisor: socket.socket) -> None:
        try:
            data = supervisor.recv(CONTROL.size)
        except OSError:
            data = b""
        if len(data) < CONTROL.size:
            # The supervisor is gone; nobody would start another generation, nor stop this one.
            self._end_all()
            os._exit(1)
        self._drain(CONTROL.unpack(data)[2])

    def _drain(self, grace_s: int) -> None:
        """Have the web processes answer what has come, and end."""
        self._is_draining = True
        for front in self._fronts.values():
            with suppress(OSError):
                front.control.send(CONTROL.pack(DRAIN, 0, grace_s))

    def _make_front(self, number: int) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            listener = self._listeners[number]
            self._become(parent, [theirs, listener])
            loaded, metrics = self._loaded, self._board.row(number)
            run_front(theirs, listener, loaded.dataset, self._settings, metrics, loaded.lookup)
            os._exit(0)
        theirs.close()
        front = _Front(number, pid, ours, time.monotonic())
        self._fronts[pid] = front
        self._selector.register(ours, selectors.EVENT_READ, lambda control: self._told(control, pid))

    def _told(self, control: socket.socket, pid: int) -> None:
        """Read what a web process asks for."""
        try:
            data = control.recv(CONTROL.size)
        except OSError:
            data = b""
        if len(data) < CONTROL.size:
            self._selector.unregister(control)
            return
        what, worker, _ = CONTROL.unpack(data)
        if what == MAKE_WORKER:
            self._make_worker(control, pid)
        elif what == END_WORKER and self._workers.get(worker) == pid:
            # It is a child that was not waited for yet, so that the number is its and nobody else's.
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        elif what == READY:
            self._ready.add(pid)
            if len(self._ready) == self._settings.web_processes and not self._is_draining:
                self._supervisor.sendall(STARTED + self._loaded.dataset.version.encode())
                self._ready.clear()

    def _make_worker(self, control: socket.socket, front: int) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become(parent, [theirs])
            self._work(theirs)
            os._exit(0)
        theirs.close()
        self._workers[pid] = front
        with ours:
            try:
                socket.send_fds(control, [CONTROL.pack(NEW_WORKER, pid, 0)], [ours.fileno()])
            except OSError:
                os.kill(pid, signal.SIGKILL)

    def _become(self, parent: int, kept: list[socket.socket]) -> None:
        """Be a child: keep only what it needs of the parent's."""
        die_with_parent(parent)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        numbers = sorted({0, 1, 2, *(each.fileno() for each in kept)})
        for low, high in zip(numbers, [*numbers[1:], os.sysconf("SC_OPEN_MAX")], strict=True):
            os.closerange(low + 1, high)

    def _work(self, connection: socket.socket) -> None:
        settings = self._settings
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            # The engine reports on standard error what ends it; whoever asked is told by other means.
            os.dup2(nothing, number)
        os.close(nothing)
        os.nice(_NICENESS)
        # A group of its own: a priority is set for all threads of a group, but for one of a process only.
        os.setpgid(0, 0)
        engine = self._loaded.engine()
        limits = WorkerLimits(
            settings.query_timeout_s,
            settings.query_memory_bytes,
            settings.max_rows,
            settings.service_list(),
            settings.service_limits(),
        )
        run_worker(engine, connection, limits, needs_files=self._loaded.needs_files)

    def _reap(self) -> None:
        """Learn which children have ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            front = self._fronts.pop(pid, None)
            if front is not None:
                self._front_ended(front)
                continue
            owner = self._fronts.get(self._workers.pop(pid, 0))
            if owner is not None:
                number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                with suppress(OSError):
                    owner.control.send(CONTROL.pack(WORKER_ENDED, pid, number))

    def _front_ended(self, front: _Front) -> None:
        with suppress(KeyError, ValueError):
            self._selector.unregister(front.control)
        front.control.close()
        for worker, owner in self._workers.items():
            if owner == front.pid:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
        if self._is_draining:
            return
        _LOGGER.warning("A web process ended unexpectedly; another takes its place.")
        if time.monotonic() - front.since < _RESTARTED_AFTER_S:
            time.sleep(_RESTARTED_AFTER_S)
        self._make_front(front.number)

    def _end_all(self) -> None:
        for pid in (*self._workers, *self._fronts):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
