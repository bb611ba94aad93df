"""Find something by an inquiry in a built dataset, and write it, for the commands that show tables."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.directory import open_dataset
from aisi_kg.store.disk import open_store
from aisi_kg.store.grids import GRID_FORMATS, Grid
from aisi_kg.store.inquiry import Inquiry, conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.store.tables import rebuild, table_grid
from aisi_kg.web.grid_page import grid_page
from aisi_kg.web.settings import Settings

__all__ = ["conduct_in", "show_grid", "show_table", "write"]

_T = TypeVar("_T")


def conduct_in(directory: Path | None, inquiry: Callable[[Library, Prefixes], Inquiry[_T]]) -> _T:
    """Conduct an inquiry in the current dataset.

    :param directory: the datasets' directory; the usual one where not given.
    :param inquiry: makes the inquiry of the dataset's stored queries and prefixes.
    :returns: what it found.
    :raises DatasetError: if there is no dataset.
    """
    store = open_store(open_dataset(directory), Settings.from_environment(os.environ).memory_quads)
    return conduct(store, inquiry(library_of(store), dataset_prefixes(store)))


def show_grid(directory: Path | None, format_: str, inquiry: Callable[[Library], Inquiry[Grid]]) -> None:
    """Write a table to standard output.

    :param directory: the datasets' directory; the usual one where not given.
    :param format_: the format: one of ``GRID_FORMATS``, or ``html``.
    :param inquiry: makes the inquiry of the dataset's stored queries.
    :raises DatasetError: if there is no dataset.
    :raises UnknownResource: if the dataset does not have what the table rests on.
    """

    def with_prefixes(library: Library, prefixes: Prefixes) -> Inquiry[tuple[Grid, Prefixes]]:
        grid = yield from inquiry(library)
        return grid, prefixes

    grid, prefixes = conduct_in(directory, with_prefixes)
    if format_ == "html":
        sys.stdout.buffer.write(grid_page(grid))
        sys.stdout.buffer.flush()
    else:
        write(GRID_FORMATS[format_]([grid], prefixes), is_for_people=format_ == "text")


def show_table(directory: Path | None, format_: str, number: str, language: str) -> None:
    """Write a table of the report to standard output.

    :param directory: the datasets' directory; the usual one where not given.
    :param format_: the format.
    :param number: the number of the table.
    :param language: ``en`` or ``zh``.
    :raises DatasetError: if there is no dataset.
    :raises UnknownResource: if the dataset does not have what the table rests on.
    """

    def inquiry(library: Library) -> Inquiry[Grid]:
        table = yield from rebuild(library, number)
        return table_grid(table, language)

    show_grid(directory, format_, inquiry)


def write(text: str, *, is_for_people: bool) -> None:
    """Write a text to standard output.

    :param text: the text.
    :param is_for_people: it is written as the terminal can show it; else in UTF-8, whatever that can show.
    """
    if is_for_people:
        sys.stdout.write(text)
    else:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
