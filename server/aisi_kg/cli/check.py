"""``aisi-kg check``: check the curated files without building."""

import argparse
import sys

from aisi_kg.cli.terminal import show_findings, summary, tell

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "check",
        help="check the curated files",
        description="Check the ontology and the data, and list all that is wrong with them.",
    )
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Check.

    :param _arguments: the command's arguments, of which it has none.
    :returns: 0 where there is no error, else 1.
    :raises InputError: if the project cannot be found.
    """
    from aisi_kg.project import find_project
    from aisi_kg.store.build import check, progress_on

    checked = check(find_project(), progress_on(sys.stderr))
    show_findings(checked.findings, sys.stdout)
    tell(f"{summary(checked.findings)}.")
    return 1 if checked.has_errors else 0
