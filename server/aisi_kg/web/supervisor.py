"""Keep a server running: start it, give it a new dataset without losing a request, stop it.

The supervisor holds the listening socket and nothing else. What serves is a generation
(:mod:`aisi_kg.web.generation`); to take a new dataset, a second one is started on the same socket, and when
it is ready the first is told to answer what it has and end. If the second fails, the first goes on.

What runs is told in a small file, by port, in a directory of the user's: ``aisi-kg reload`` finds it there.
"""

import fcntl
import json
import logging
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from aisi_kg.errors import DatasetError, InputError
from aisi_kg.web.generation import FAILED, STARTED, Loaded, drain_message, run_generation
from aisi_kg.web.settings import Settings

__all__ = ["Supervisor", "reload_server"]

_LOGGER = logging.getLogger(__name__)

_STOP_GRACE_S = 5
# Beyond a query's own limit, so that whatever was asked before the change is answered in full.
_RELOAD_GRACE_MORE_S = 5
_KILLED_AFTER_S = 3
_RESTARTED_AFTER_S = 1.0
_RELOAD_WAIT_S = 120.0
_TICK_S = 0.5


class _Child:
    """Hold a generation's process."""

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.connection = connection
        self.version = ""
        self.error = ""
        self.killed_at: float | None = None


class Supervisor:
    """Keep a server running.

    :param load: loads the current dataset; called in each generation.
    :param listeners: where connections come in, one for each web process.
    :param settings: the operator's settings.
    :param announce: is told the version of the dataset when it is served for the first time.
    """

    def __init__(
        self,
        load: Callable[[], Loaded],
        listeners: list[socket.socket],
        settings: Settings,
        announce: Callable[[str], None],
    ) -> None:
        self._load = load
        self._listeners = listeners
        self._settings = settings
        self._announce = announce
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, _Child] = {}
        self._serving: _Child | None = None
        self._coming: _Child | None = None
        self._is_stopping = False
        self._restart_at: float | None = None
        self._run_file: _RunFile | None = None

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; SIGHUP has the dataset read anew.

        :raises DatasetError: if there is no dataset that can be served.
        """
        wake_in, wake_out = socket.socketpair()
        wake_in.setblocking(False)
        wake_out.setblocking(False)
        before = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
        }
        old_wake = signal.set_wakeup_fd(wake_in.fileno())
        self._selector.register(wake_out, selectors.EVENT_READ, None)
        self._run_file = _RunFile.create(self._listeners[0].getsockname()[1])
        try:
            self._coming = self._start()
            while not (self._is_stopping and not self._children):
                for key, _ in self._selector.select(_TICK_S):
                    if key.data is None:
                        self._signalled(wake_out)
                    else:
                        self._told(key.data)
                self._reap()
                self._look_at_time()
        finally:
            signal.set_wakeup_fd(old_wake)
            for number, handler in before.items():
                signal.signal(number, handler)
            for child in self._children.values():
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
            if self._run_file is not None:
                self._run_file.remove()
            wake_in.close()
            wake_out.close()

    def _signalled(self, wake: socket.socket) -> None:
        try:
            numbers = wake.recv(4096)
        except BlockingIOError:
            return
        if signal.SIGINT in numbers or signal.SIGTERM in numbers:
            if self._is_stopping:
                self._kill(list(self._children.values()))
            self._is_stopping = True
            for child in self._children.values():
                self._drain(child, _STOP_GRACE_S)
        elif signal.SIGHUP in numbers and not self._is_stopping:
            if self._coming is None:
                self._coming = self._start()
            else:
                # It may have read the dataset before it was changed once more.
                self._drain(self._coming, 0)
                self._coming = self._start()

    def _start(self) -> _Child:
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for key in list(self._selector.get_map().values()):
                os.close(key.fd)
            if self._run_file is not None:
                self._run_file.close()
            ours.close()
            status = 1
            try:
                run_generation(self._load, self._listeners, theirs, self._settings)
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        theirs.close()
        child = _Child(pid, ours)
        self._children[pid] = child
        self._selector.register(ours, selectors.EVENT_READ, child)
        return child

    def _told(self, child: _Child) -> None:
        """Read what a generation says."""
        try:
            data = child.connection.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(child.connection)
        elif data.startswith(STARTED) and child is self._coming:
            child.version = data.removeprefix(STARTED).decode()
            before, self._serving, self._coming = self._serving, child, None
            if before is None:
                self._announce(child.version)
            else:
                _LOGGER.warning("Serving dataset %s now.", child.version)
                self._drain(before, self._settings.query_timeout_s + _RELOAD_GRACE_MORE_S)
            self._tell(child.version, "")
        elif data.startswith(FAILED):
            child.error = data.removeprefix(FAILED).decode()

    def _tell(self, version: str, error: str) -> None:
        if self._run_file is not None:
            self._run_file.write(version, error)

    def _drain(self, child: _Child, grace_s: int) -> None:
        child.killed_at = time.monotonic() + grace_s + _KILLED_AFTER_S
        with suppress(OSError):
            child.connection.send(drain_message(grace_s))

    def _kill(self, children: list[_Child]) -> None:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)

    def _reap(self) -> None:
        while self._children:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self._children.pop(pid, None)
            if child is not None:
                self._ended(child)

    def _ended(self, child: _Child) -> None:
        # What it said last may still be unread.
        with suppress(KeyError, ValueError):
            self._told(child)
            self._selector.unregister(child.connection)
        child.connection.close()
        if self._is_stopping:
            return
        if child is self._coming:
            self._coming = None
            error = child.error or "The server ended while it started."
            if self._serving is None and self._restart_at is None:
                raise DatasetError(error)
            self._tell(self._serving.version if self._serving else "", error)
            _LOGGER.warning("The new dataset is not served: %s", error)
            if self._serving is None:
                self._restart_at = time.monotonic() + _RESTARTED_AFTER_S
        elif child is self._serving:
            self._serving = None
            _LOGGER.warning("The server ended unexpectedly and is started again.")
            self._restart_at = time.monotonic() + _RESTARTED_AFTER_S

    def _look_at_time(self) -> None:
        now = time.monotonic()
        self._kill([c for c in self._children.values() if c.killed_at is not None and now > c.killed_at])
        if self._restart_at is not None and now >= self._restart_at and not self._is_stopping:
            if self._serving is None and self._coming is None:
                self._coming = self._start()
            elif self._serving is not None:
                self._restart_at = None


class _RunFile:
    """Say in a file what runs; it is locked as long as that is so."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle
        self._changes = 0

    @staticmethod
    def path(port: int) -> Path:
        """Say where the file for a port is."""
        base = os.environ.get("XDG_RUNTIME_DIR")
        home = Path(base) / "aisi-kg" if base else Path(tempfile.gettempdir()) / f"aisi-kg-{os.getuid()}"
        return home / f"{port}.json"

    @classmethod
    def create(cls, port: int) -> "_RunFile | None":
        """Make the file; None where it cannot be, which only ``aisi-kg reload`` misses."""
        path = cls.path(port)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.parent.stat().st_uid != os.getuid():
                return None
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return None
        made = cls(path, handle)
        made.write("", "")
        return made

    def write(self, version: str, error: str) -> None:
        """Say what is served, or why the last try failed."""
        value = {"pid": os.getpid(), "dataset": version, "error": error, "changes": self._changes}
        self._changes += 1
        data = json.dumps(value).encode()
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, data, 0)

    def close(self) -> None:
        """Let go of the file in a child."""
        os.close(self._handle)

    def remove(self) -> None:
        """Say that nothing runs any more."""
        self._path.unlink(missing_ok=True)
        os.close(self._handle)


def reload_server(port: int) -> str:
    """Have the server on a port take the current dataset, and wait until it does.

    :param port: the port.
    :returns: the version that it serves now.
    :raises InputError: if no server of this user runs on the port.
    :raises DatasetError: if the server refuses the dataset, or does not answer in two minutes.
    """
    before = _running(port)
    os.kill(int(before["pid"]), signal.SIGHUP)
    end = time.monotonic() + _RELOAD_WAIT_S
    while time.monotonic() < end:
        time.sleep(0.05)
        now = _running(port)
        if now["changes"] != before["changes"]:
            if now["error"]:
                raise DatasetError(f"The server goes on with the dataset it has: {now['error']}")
            return str(now["dataset"])
    raise DatasetError("The server has not taken the dataset within two minutes; its log may say why.")


def _running(port: int) -> dict[str, Any]:
    path = _RunFile.path(port)
    missing = InputError(
        f"No server of yours runs on port {port}; start one with aisi-kg serve, or give --port."
    )
    for _ in range(20):
        try:
            with path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    value: dict[str, Any] = json.load(file)
                    return value
        except OSError as error:
            raise missing from error
        except ValueError:
            # It is being written at this moment.
            time.sleep(0.05)
            continue
        break
    raise missing
