"""``aisi-kg table``: show a table of the report, put together again from its claims."""

import argparse

from aisi_kg.cli.terminal import add_dataset, add_layout

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "table",
        help="rebuild table 3.1 or 3.2 of the report",
        description="Put a table of the report together again from what the claims of its cells say.",
    )
    parser.add_argument("number", metavar="TABLE", choices=("3.1", "3.2"), help="3.1 or 3.2")
    add_layout(parser)
    add_dataset(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the table.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises DatasetError: if there is no dataset.
    :raises UnknownResource: if the dataset does not have what this rests on.
    """
    from aisi_kg.cli.showing import show_table

    show_table(arguments.dataset, arguments.format, arguments.number, arguments.language)
    return 0
