"""``aisi-kg serve``: answer over HTTP."""

import argparse
import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aisi_kg.cli.terminal import add_dataset, leave
from aisi_kg.errors import InputError

__all__ = ["add", "run"]

# How long answers that are being sent have to end when the server is told to stop.
_GRACE_S = 5


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "serve",
        help="answer SPARQL and serve documents over HTTP",
        description="Answer SPARQL at /sparql and serve a document about every resource, until Ctrl-C.",
    )
    parser.add_argument(
        "--host", metavar="H", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        metavar="N",
        type=_port,
        default=8000,
        help="port; 0 for any that is free (default: %(default)s)",
    )
    add_dataset(parser)
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; give a number from 0 to 65535")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal says to stop.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises InputError: if the address cannot be listened on, or a setting is wrong.
    :raises DatasetError: if there is no dataset, or it is damaged.
    """
    from aisi_kg.project import find_project
    from aisi_kg.store.directory import open_dataset
    from aisi_kg.store.export import export
    from aisi_kg.store.export.jsonld import load_context
    from aisi_kg.store.results import dataset_prefixes
    from aisi_kg.web.app import create_app
    from aisi_kg.web.evaluator import Engine, ThreadEvaluator
    from aisi_kg.web.settings import Settings
    from aisi_kg.web.site import DatasetInfo

    settings = Settings.from_environment(os.environ)
    # Before the dataset is loaded, so that a port in use is told at once.
    listener = _listen(arguments.host, arguments.port)
    with listener:
        dataset = open_dataset(arguments.dataset)
        context = load_context(find_project())
        store = dataset.load()
        prefixes = dataset_prefixes(store)

        def write(format_: str, iri: str) -> bytes:
            return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

        evaluator = ThreadEvaluator(Engine(store, prefixes, write), settings.query_threads)
        app = create_app(evaluator, DatasetInfo.of(dataset, prefixes), settings)
        ready = f"Serving dataset {dataset.version} at {_address(arguments.host, listener)}; Ctrl-C stops."
        _serve(app, listener, ready, settings.max_url_bytes)
    if not evaluator.close():
        # A query that cannot be interrupted would keep the process alive.
        leave(0)
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """Listen on an address, or say why not."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise InputError(
            f"{host} is no address of this machine; give --host an address or a name."
        ) from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            # A server that ended a moment ago leaves its port in a state that only matters to other programs.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
        listener.set_inheritable(True)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            advice = "another program has it, so stop that one or give another --port"
        elif error.errno == errno.EACCES:
            advice = "ports below 1024 are for the administrator, so give another --port"
        else:
            advice = "give another --host or --port"
        raise InputError(f"Port {port} of {host} cannot be used ({error.strerror}); {advice}.") from error
    return listener


def _address(host: str, listener: socket.socket) -> str:
    """Say where a browser finds the server."""
    port = listener.getsockname()[1]
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - compared with, not listened on
        return f"http://localhost:{port} (on all addresses of this machine)"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(app: Callable[..., Any], listener: socket.socket, ready: str, url_bytes: int) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        """Say when it is ready, and end quietly when it is told to."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(ready, flush=True)

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # uvicorn raises the signal again when it has ended, as if nothing had been done about it.
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self.handle_exit, number, None)
            try:
                yield
            finally:
                for number in (signal.SIGINT, signal.SIGTERM):
                    loop.remove_signal_handler(number)

    config = uvicorn.Config(
        app,
        # The framing of requests is checked by one parser, whatever else is installed.
        http="h11",
        ws="none",
        h11_max_incomplete_event_size=url_bytes + 64 * 1024,
        log_level="warning",
        # Who asked what is nobody's business.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    Server(config).run(sockets=[listener])
