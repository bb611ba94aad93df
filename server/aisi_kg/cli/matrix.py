"""``aisi-kg matrix``: show who cooperates with whom, or who has access to whose models."""

import argparse
from typing import TYPE_CHECKING

from aisi_kg.cli.terminal import add_dataset, add_layout

if TYPE_CHECKING:
    from aisi_kg.store.grids import Grid
    from aisi_kg.store.inquiry import Inquiry
    from aisi_kg.store.library.records import Library

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "matrix",
        help="rebuild the matrix of cooperation or of access",
        description="Show who cooperates with whom, or who has access to whose models, with the claims "
        "behind each.",
    )
    parser.add_argument(
        "name", metavar="MATRIX", choices=("cooperation", "access"), help="cooperation or access"
    )
    add_layout(parser)
    add_dataset(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the matrix.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises DatasetError: if there is no dataset.
    :raises UnknownResource: if the dataset does not have what this rests on.
    """
    from aisi_kg.cli.showing import show_grid
    from aisi_kg.store.overviews import matrix

    def inquiry(library: "Library") -> "Inquiry[Grid]":
        return matrix(library, arguments.name, arguments.language)

    show_grid(arguments.dataset, arguments.format, inquiry)
    return 0
