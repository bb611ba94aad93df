"""``aisi-kg query``: ask the dataset in SPARQL."""

import argparse
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aisi_kg.cli.terminal import INTERRUPTED, add_dataset, leave, tell
from aisi_kg.errors import FormatRefused, InputError, QueryRejected

__all__ = ["add", "run"]

# As much as a server's threads have: a query that one answers, the other answers too.
_STACK_BYTES = 256 * 1024 * 1024


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "query",
        help="ask the dataset in SPARQL",
        description="Ask the dataset in SPARQL, or by a stored query. The project's prefixes need no "
        "declaration.",
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="the query; - for standard input")
    parser.add_argument("-e", "--execute", metavar="TEXT", help="the query itself")
    parser.add_argument("--list", action="store_true", help="list the stored queries")
    parser.add_argument("--name", metavar="ID", help="ask a stored query")
    parser.add_argument(
        "--param",
        metavar="NAME=VALUE",
        action="append",
        type=_parameter,
        default=[],
        help="a value for a parameter of the stored query; may be repeated",
    )
    parser.add_argument(
        "--format",
        metavar="F",
        help="table, json, csv, tsv or xml; for triples turtle, ntriples, rdfxml, jsonld, trig or nquads "
        "(default: a table in a terminal, else json; turtle for triples)",
    )
    add_dataset(parser)
    parser.set_defaults(run=run)


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text} gives no value; write NAME=VALUE")
    return name, value


def run(arguments: argparse.Namespace) -> int:
    """Query.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises InputError: if no query is given, it cannot be read, or the format, the stored query or a
        parameter is not known.
    :raises QueryRejected: if the query is refused.
    :raises DatasetError: if there is no dataset.
    """
    from aisi_kg.cli import asking

    format_ = asking.check_format(arguments.format)
    if arguments.list:
        _only(arguments, "--list")
        asking.list_queries(arguments.dataset)
        return 0
    asked: str | asking.Named
    if arguments.name is not None:
        _only(arguments, "--name")
        asked = asking.Named(arguments.name, tuple(arguments.param))
    elif arguments.param:
        raise InputError("A value is given for a parameter, and no stored query; name one with --name.")
    else:
        asked = _text(arguments.file, arguments.execute)
    before = threading.stack_size(_STACK_BYTES)
    # No signal is heard while a query is evaluated, and nothing else ends one; so it has a thread of its own.
    executor = ThreadPoolExecutor(1)
    future = executor.submit(asking.ask, arguments.dataset, asked, format_)
    threading.stack_size(before)
    try:
        future.result()
    except KeyboardInterrupt:
        tell(INTERRUPTED)
        leave(130)
    except FormatRefused as error:
        raise InputError(f"{error.detail}; use --format {', '.join(asking.names(error.offered))}.") from None
    except QueryRejected as error:
        where = f"{arguments.file}: " if arguments.file not in (None, "-") else ""
        raise QueryRejected(f"{where}{error}", error.line, error.column) from None
    finally:
        executor.shutdown(wait=False)
    return 0


def _only(arguments: argparse.Namespace, option: str) -> None:
    """Refuse a query beside a stored one."""
    given = [name for name in ("--list", "--name") if getattr(arguments, name[2:])]
    if arguments.file is not None or arguments.execute is not None or len(given) > 1:
        raise InputError(f"{option} is given beside another query; leave one of them out.")


def _text(file: str | None, text: str | None) -> str:
    """Take the query from where the user has it."""
    if text is not None:
        if file is not None:
            raise InputError("The query is given twice; give a file or -e TEXT, not both.")
        return text
    if file is None and sys.stdin.isatty():
        raise InputError("No query is given; name a file, give -e TEXT, or send it to standard input.")
    data = sys.stdin.buffer.read() if file in (None, "-") else Path(file).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "standard input" if file in (None, "-") else file
        raise InputError(f"{name} is not UTF-8 (byte {error.start}); save the query as UTF-8.") from error
