"""What stands in for other people's endpoints: sockets on loopback that do what they please.

``outside`` starts one: it is given what to do with each connection, and tells what came.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

ANSWER = b'{"head": {"vars": ["i"]}, "results": {"bindings": []}}'


class Outside:
    """Listen, and have each connection dealt with in a thread of its own.

    :param deal: what to do with a connection, after its request was read.
    """

    def __init__(self, deal: Callable[[socket.socket], None]) -> None:
        self._deal = deal
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/sparql"
        #: What came, a request each.
        self.requests: list[bytes] = []
        #: Is set when the other end has closed a connection that was being dealt with.
        self.was_left = threading.Event()
        self.came = threading.Event()
        self.stopped = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.requests.append(_request(connection))
                self.came.set()
                self._deal(connection)
            except OSError:
                self.was_left.set()

    def close(self) -> None:
        """Stop, and close whatever is open."""
        self.stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [
        line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    ]
    while len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


Start = Callable[[Callable[[socket.socket], None]], Outside]


@pytest.fixture
def outside() -> Iterator[Start]:
    """Give the function that starts one."""
    started: list[Outside] = []

    def start(deal: Callable[[socket.socket], None]) -> Outside:
        started.append(Outside(deal))
        return started[-1]

    yield start
    for each in started:
        each.close()
