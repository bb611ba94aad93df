"""``aisi-kg timeline``: show what happened when."""

import argparse

from aisi_kg.cli.terminal import add_dataset, add_layout

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "timeline",
        help="rebuild the time line",
        description="Show what the source dates, with the claims behind each date.",
    )
    add_layout(parser)
    add_dataset(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the time line.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises DatasetError: if there is no dataset.
    :raises UnknownResource: if the dataset does not have what this rests on.
    """
    from aisi_kg.cli.showing import show_grid
    from aisi_kg.store.overviews import timeline

    show_grid(arguments.dataset, arguments.format, lambda library: timeline(library, arguments.language))
    return 0
