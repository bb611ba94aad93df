"""What no longer holds of the mappings.

An item may have been merged or deleted, be another kind of thing, or be called otherwise.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aisi_kg.errors import RemoteFailed
from aisi_kg.graph.findings import Finding, Severity, in_order
from aisi_kg.graph.linking.items import ITEM_BASE, Item, ItemSource, printable
from aisi_kg.graph.linking.subjects import Subject
from aisi_kg.graph.sssom import MappingRow, MappingSet

__all__ = ["check_links"]


def check_links(
    name: str, mappings: MappingSet, subjects: Mapping[str, Subject], source: ItemSource
) -> tuple[list[Finding], int]:
    """Read each mapped item again and compare it with its row.

    :param name: the file of the mappings as messages name it.
    :param mappings: the mappings.
    :param subjects: the entities by IRI.
    :param source: reads the items.
    :returns: what no longer holds, by line; and how many items were read.
    :raises RemoteFailed: if the items cannot be read, or none of them is known there.
    """
    rows = [row for row in mappings.rows if row.is_match]
    items = source.read({_item_of(row) for row in rows})
    if items and not any(item.exists for item in items.values()):
        raise RemoteFailed(
            f"{source.address} knows none of the {len(items)} items that are mapped; check the address."
        )
    named = {each for item in items.values() for each in ([item.redirect] if item.redirect else item.types)}
    names: Mapping[str, Sequence[str]] = source.names(named) if named else {}
    findings = []
    for row in rows:
        subject = subjects.get(row.iri("subject_id"))
        findings += [
            Finding(Severity.ERROR, rule, message, file=name, line=row.line, subject=row.iri("subject_id"))
            for rule, message in _faults(row, subject, items[_item_of(row)], names)
        ]
    return in_order(findings), len(items)


def _item_of(row: MappingRow) -> str:
    return row.iri("object_id").removeprefix(ITEM_BASE)


def _faults(
    row: MappingRow, subject: Subject | None, item: Item, names: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    entity = row.text("subject_id")
    if not item.exists:
        message = (
            f"there is no {item.id} any more, or never was; look for the item of {entity} again, or remove "
            "the row."
        )
        yield "link-deleted", message
        return
    if item.redirect:
        called = "".join(f" ({name})" for name in names.get(item.redirect, ())[:1])
        message = (
            f"{item.id} was merged into {item.redirect}{called}; if that is {entity} too, write "
            f"wikidata:{item.redirect}."
        )
        yield "link-redirect", message
        return
    if subject is not None:
        fit = subject.kind.fit(item.classes, bool(item.types))
        if fit.reason:
            said = ", ".join(next(iter(names.get(each, ())), each) for each in item.types)
            message = (
                f"{item.id} is not what {entity} is: {fit.reason}{f' ({said})' if said else ''}; correct the "
                "item, or remove the row."
            )
            yield "link-type", message
    message = _unlike(row, subject, item)
    if message:
        yield "link-label", message


def _unlike(row: MappingRow, subject: Subject | None, item: Item) -> str:
    """Say that an item is not called what it was called, or, where nobody noted that, what the entity is."""
    labels = [label for names in item.labels.values() for label in names]
    aliases = [alias for names in item.aliases.values() for alias in names]
    now = f"{item.label()!r}" if item.label() else "nothing in English, in Chinese or for all languages"
    label = printable(row.text("object_label"))
    if label:
        if _has(labels, label):
            return ""
        still = ", which is an alias of it now" if _has(aliases, label) else ""
        return (
            f"{item.id} is called {now} and no longer {label!r}{still}; see that it still is "
            f"{row.text('subject_id')}, and write the label as it is."
        )
    own = [name for names in subject.names.values() for name in names] if subject is not None else []
    if any(_has([*labels, *aliases], name) for name in own):
        return ""
    return (
        f"{item.id} is called {now}, which is no name of {row.text('subject_id')}; see that it is that, and "
        "write the label into object_label."
    )


def _has(names: Iterable[str], name: str) -> bool:
    return _plain(name) in {_plain(each) for each in names}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
