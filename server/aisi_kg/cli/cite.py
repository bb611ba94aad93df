"""``aisi-kg cite``: write how a claim is cited."""

import argparse
import os
from datetime import UTC, date, datetime

from aisi_kg.cli.terminal import add_dataset, add_language
from aisi_kg.errors import InputError

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "cite",
        help="write how a claim is cited",
        description="Write the citation of a claim in this version of the dataset, with the source that it "
        "was read from and the publications of its footnotes.",
    )
    parser.add_argument(
        "claim", metavar="CLAIM", help="an IRI, a name such as claim:3.1-us-aisi-funding, or a path"
    )
    parser.add_argument(
        "--style",
        choices=("gbt7714", "apa", "bibtex", "csl-json"),
        default="apa",
        help="GB/T 7714-2015, APA 7, BibTeX or CSL-JSON (default: apa)",
    )
    add_language(parser, None)
    parser.add_argument(
        "--accessed", metavar="DATE", help="the day on which it was looked at (default: today)"
    )
    add_dataset(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Cite.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises InputError: if there is no such claim, or the date is none.
    :raises DatasetError: if there is no dataset.
    """
    from aisi_kg.cli.showing import write
    from aisi_kg.store.cite import cited, write_citation
    from aisi_kg.store.directory import open_dataset
    from aisi_kg.store.disk import open_store
    from aisi_kg.store.export.selection import find_resource
    from aisi_kg.store.inquiry import conduct
    from aisi_kg.store.results import dataset_prefixes
    from aisi_kg.web.settings import Settings

    accessed = _day(arguments.accessed)
    store = open_store(open_dataset(arguments.dataset), Settings.from_environment(os.environ).memory_quads)
    # Names what is meant where a name is a little wrong.
    claim = find_resource(store, arguments.claim, dataset_prefixes(store))
    what = conduct(store, cited(claim.value, accessed))
    text = write_citation(what, arguments.style, arguments.language or "")
    write(text, is_for_people=arguments.style in ("gbt7714", "apa"))
    return 0


def _day(text: str | None) -> str:
    if text is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InputError(f"{text} is no day; write it as 2024-11-25.") from error
