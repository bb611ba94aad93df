"""``aisi-kg serve``: answer over HTTP."""

import argparse
import errno
import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aisi_kg.cli.terminal import add_dataset, tell
from aisi_kg.cli.verify import REPORT_VARIABLE
from aisi_kg.errors import DatasetError, InputError

if TYPE_CHECKING:
    from aisi_kg.store.directory import OpenDataset
    from aisi_kg.store.source_texts import SourceTexts

__all__ = ["add", "run"]

# Fewer are read before anybody wonders.
_TOLD_FROM_QUADS = 200_000
_PAUSE_S = 1.0
# The engine makes and frees hundreds of blocks for a query, and glibc keeps seven of a size at hand. With
# more, a short query takes a fifth less time. Only glibc reads this, and only when a program starts.
_TUNABLES = "GLIBC_TUNABLES"
_ALLOCATION = "glibc.malloc.tcache_count=1000"


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
    :raises InputError: if the address cannot be listened on, a setting is wrong, or the report's text cannot
        be read.
    :raises DatasetError: if there is no dataset, or it is damaged.
    """
    _tune_allocation()
    from aisi_kg.project import find_project
    from aisi_kg.store import disk
    from aisi_kg.store.directory import open_dataset, terminable
    from aisi_kg.store.engine import Engine
    from aisi_kg.store.export.jsonld import load_context
    from aisi_kg.store.inquiry import conduct
    from aisi_kg.store.lookup import Lookup
    from aisi_kg.store.search import Index
    from aisi_kg.store.source_texts import source_digests
    from aisi_kg.web.generation import Loaded
    from aisi_kg.web.settings import Settings
    from aisi_kg.web.site import DatasetInfo
    from aisi_kg.web.supervisor import Supervisor

    settings = Settings.from_environment(os.environ)
    context = load_context(find_project())
    texts = _source_texts()

    def known(dataset: "OpenDataset", seen: disk.Seen) -> DatasetInfo:
        index = Index(seen.documents)
        return DatasetInfo.of(dataset, seen.prefixes, seen.library, index, seen.catalogue, texts)

    def load() -> Loaded:
        dataset = open_dataset(arguments.dataset)
        if disk.is_large(dataset, settings.memory_quads):
            with terminable():
                _make_disk_store(dataset)
            disk.hold(dataset)
            seen = disk.look_into(dataset)
            prefixes = seen.prefixes

            def engine() -> Engine:
                try:
                    store = disk.open_disk_store(dataset)
                except DatasetError:
                    # Another worker is made at once in place of one that ends.
                    time.sleep(_PAUSE_S)
                    raise
                return Engine.exporting(store, prefixes, context)

            return Loaded(known(dataset, seen), engine, needs_files=True)
        if dataset.quads >= _TOLD_FROM_QUADS:
            tell(f"Reading {dataset.quads:,} quads into memory.")
        store = dataset.load()
        seen = disk.Seen.of(store)
        shared = Engine.exporting(store, seen.prefixes, context)
        if texts and not any(digest in texts for digest in conduct(store, source_digests())):
            tell(
                f"The file of {REPORT_VARIABLE} is not the text of a source of this dataset; it is not shown."
            )
        lookup = Lookup(store, settings.max_rows)
        return Loaded(known(dataset, seen), lambda: shared, needs_files=False, lookup=lookup)

    # Before the dataset is loaded, so that a port in use is told at once.
    listeners = _listen(arguments.host, arguments.port, settings.web_processes)
    address = _address(arguments.host, listeners[0])
    # Here and not in load() alone, where Ctrl-C is not heard.
    coming = open_dataset(arguments.dataset, compare=False)
    if disk.is_large(coming, settings.memory_quads) and not coming.disk_path.is_dir():
        with terminable():
            _make_disk_store(open_dataset(arguments.dataset))
    Supervisor(
        load,
        listeners,
        settings,
        lambda version: print(f"Serving dataset {version} at {address}; Ctrl-C stops.", flush=True),
    ).run()
    return 0


def _tune_allocation() -> None:
    """Start this process's program again with a setting of glibc's, unless the operator has some."""
    if _TUNABLES in os.environ or sys.argv[1:2] != ["serve"] or not sys.executable:
        return
    try:
        is_glibc = bool(os.confstr("CS_GNU_LIBC_VERSION"))
    except (AttributeError, ValueError, OSError):
        is_glibc = False
    if is_glibc:
        sys.stdout.flush()
        # Where it cannot be started again it goes on, and is slower.
        with suppress(OSError):
            os.execve(  # noqa: S606 - this program itself
                sys.executable,
                [sys.executable, *sys.orig_argv[1:]],
                {**os.environ, _TUNABLES: _ALLOCATION},
            )


def _source_texts() -> "SourceTexts":
    """Read the report's text, where the operator has it."""
    from aisi_kg.store.source_texts import SourceTexts
    from aisi_kg.text.report import read_report

    named = os.environ.get(REPORT_VARIABLE, "").strip()
    return SourceTexts([read_report(Path(named))] if named else [])


def _make_disk_store(dataset: "OpenDataset") -> None:
    """Make the store on disk where it is missing, and tell how far it is."""
    from aisi_kg.store.disk import make_disk_store

    begun = time.monotonic()

    def told(part: float) -> None:
        tell(f"Making the store on disk for {dataset.quads:,} quads, once: {part:.0%}")

    if not dataset.disk_path.is_dir():
        told(0)
        make_disk_store(dataset, told)
        tell(f"The store on disk is made ({time.monotonic() - begun:.0f} s).")


def _listen(host: str, port: int, number: int) -> list[socket.socket]:
    """Listen on an address with some sockets, which share what comes in; or say why not."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise InputError(
            f"{host} is no address of this machine; give --host an address or a name."
        ) from error
    listeners: list[socket.socket] = []
    try:
        # The first without sharing: so a port that another server has is in use, even if that one would
        # share it.
        with socket.socket(family, kind, protocol) as first:
            first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            first.bind(address)
            address = first.getsockname()
        for _ in range(number):
            listener = socket.socket(family, kind, protocol)
            listeners.append(listener)
            # A server that ended a moment ago leaves its port in a state that only matters to other programs.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind(address)
            listener.listen(1024)
    except OSError as error:
        for listener in listeners:
            listener.close()
        if error.errno == errno.EADDRINUSE:
            advice = "another program has it, so stop that one or give another --port"
        elif error.errno == errno.EACCES:
            advice = "ports below 1024 are for the administrator, so give another --port"
        else:
            advice = "give another --host or --port"
        raise InputError(f"Port {port} of {host} cannot be used ({error.strerror}); {advice}.") from error
    return listeners


def _address(host: str, listener: socket.socket) -> str:
    """Say where a browser finds the server."""
    port = listener.getsockname()[1]
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - compared with, not listened on
        return f"http://localhost:{port} (on all addresses of this machine)"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
