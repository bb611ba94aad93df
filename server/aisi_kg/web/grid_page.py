"""Write tables for people as pages."""

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.web.html import element, page

__all__ = ["Address", "absolute", "grid_page", "grids_elements", "local"]

#: Tells where the link to a resource leads.
Address = Callable[[str], str]


def local(iri: str) -> str:
    """Lead to a resource of the dataset on this server.

    :param iri: the resource.
    :returns: its address.
    """
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else iri


def absolute(iri: str) -> str:
    """Lead to a resource at its IRI, for a page that is a file.

    :param iri: the resource.
    :returns: its address.
    """
    return iri


def _grid(grid: Grid, address: Address) -> list[Element]:
    head = element("tr", *(element("th", name, scope="col") for name in grid.heads))
    rows = [
        element(
            "tr",
            element("th", *_content(row[0], address), scope="row"),
            *(element("td", *_content(cell, address)) for cell in row[1:]),
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


def _content(cell: Cell, address: Address) -> list[Element | str]:
    if len(cell.entries) < 2:
        return [part for entry in cell.entries for part in _entry(entry, address)]
    return [element("ul", *(element("li", *_entry(entry, address)) for entry in cell.entries))]


def _entry(entry: Entry, address: Address) -> "list[Element | str]":
    title = {"title": entry.title} if entry.title and entry.title != entry.text else {}
    if entry.iri:
        parts: list[Element | str] = [element("a", entry.text, href=address(entry.iri), **title)]
    else:
        parts = [element("span", entry.text, **title) if title else entry.text]
    for claim in entry.claims:
        name = entry.title or claim.rsplit("/", 1)[-1]
        parts += [" ", element("a", "§", href=address(claim), class_="claim", title=name, aria_label=name)]
    return parts


def grids_elements(grids: Iterable[Grid], address: Address) -> list[Element | str]:
    """Write tables, each with what it shows.

    :param grids: the tables; where there are several, each has its title as a heading.
    :param address: tells where links lead.
    :returns: the elements.
    """
    laid_out = list(grids)
    content: list[Element | str] = []
    for grid in laid_out:
        if len(laid_out) > 1:
            content.append(element("h2", grid.title))
        content += _grid(grid, address)
    return content


def grid_page(title: str, grids: Iterable[Grid], language: str, address: Address) -> bytes:
    """Make a page of tables that stands alone, as a file.

    :param title: the title of the page.
    :param grids: the tables.
    :param language: the language of the page.
    :param address: tells where links lead.
    :returns: HTML in UTF-8.
    """
    return page(title, *grids_elements(grids, address), language=language)
