"""Write a table for people as a page that stands alone, as a file."""

from xml.etree.ElementTree import Element

from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.web.html import element, page

__all__ = ["grid_page"]


def grid_page(grid: Grid) -> bytes:
    """Make the page.

    :param grid: the table; its links lead to IRIs, since a file has no server.
    :returns: HTML in UTF-8.
    """
    return page(grid.title, *_grid(grid), language=grid.language)


def _grid(grid: Grid) -> list[Element]:
    head = element("tr", *(element("th", name, scope="col") for name in grid.heads))
    rows = [
        element(
            "tr",
            element("th", *_content(row[0]), scope="row"),
            *(element("td", *_content(cell)) for cell in row[1:]),
        )
        for row in grid.rows
    ]
    return [
        element("p", grid.description),
        element(
            "div",
            element("table", element("thead", head), element("tbody", *rows)),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_label=grid.title,
        ),
    ]


def _content(cell: Cell) -> list[Element | str]:
    if len(cell.entries) < 2:
        return [part for entry in cell.entries for part in _entry(entry)]
    return [element("ul", *(element("li", *_entry(entry)) for entry in cell.entries))]


def _entry(entry: Entry) -> "list[Element | str]":
    title = {"title": entry.title} if entry.title and entry.title != entry.text else {}
    if entry.iri:
        parts: list[Element | str] = [element("a", entry.text, href=entry.iri, **title)]
    else:
        parts = [element("span", entry.text, **title) if title else entry.text]
    for claim in entry.claims:
        name = entry.title or claim.rsplit("/", 1)[-1]
        parts += [" ", element("a", "§", href=claim, class_="claim", title=name, aria_label=name)]
    return parts
