"""Lay out what stored queries find over the whole dataset: the time line and the matrices.

Each groups the rows of one stored query into a table for people, with the claims behind every value.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from aisi_kg.store.chronology import DatedEvent, read_dates
from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.store.inquiry import Inquiry
from aisi_kg.store.library.records import Library, Text
from aisi_kg.store.named import Named
from aisi_kg.store.relations import ACCESS, COOPERATION, Pairs, Relation, read_pairs

__all__ = ["matrix", "matrix_grid", "timeline", "timeline_grid"]

_TIMELINE = Text(en="Time line", zh="时间线")
_TIMELINE_DESCRIPTION = Text(
    en="What the source dates, by the earliest day it can be; a date is as precise as the source.",
    zh="来源注明日期的事项，按其可能的最早日期排序；日期精确到来源所述的程度。",
)
_TIMELINE_HEADS = (
    Text(en="Date", zh="日期"),
    Text(en="Event", zh="事件"),
    Text(en="Kind", zh="类型"),
    Text(en="Institute", zh="研究所"),
    Text(en="Claims", zh="论断"),
)
_PARTY = Text(en="Party", zh="合作方")
_INSTITUTE = Text(en="Institute", zh="研究所")
_COOPERATION = Text(en="Who cooperates with whom", zh="谁与谁合作")
_COOPERATION_DESCRIPTION = Text(
    en=(
        "Each cell lists the kinds of cooperation of the two, with strength (3 signed memorandum, 2 "
        "concluded agreement, 1 neither, 0 only planned) and status. The columns are the parties "
        "with most partners, as many as it takes for every cooperation to have one of them."
    ),
    zh=(
        "每格列出双方合作的形式，并注明强度（3为已签署的备忘录，2为已达成的协议，1为无此类文书，0为仅属计划）和"
        "状态。各栏为合作方最多的几方，直至每项合作均有其中一方。"
    ),
)
_ACCESS = Text(en="Who has access to whose models", zh="谁可访问谁的模型")
_ACCESS_DESCRIPTION = Text(
    en=(
        "Each cell lists the stage or depth of access that an institute has to a developer's models, and its "
        "status."
    ),
    zh="每格列出研究所对开发者模型的访问阶段或深度及其状态。",
)


def timeline(library: Library, language: str) -> Inquiry[Grid]:
    """Rebuild the time line.

    :param library: the stored queries of the dataset.
    :param language: ``en`` or ``zh``.
    :returns: the layout: a row for each date of an event.
    :raises UnknownResource: if the dataset does not have the query.
    """
    return timeline_grid((yield from read_dates(library)), language)


def timeline_grid(dates: Sequence[DatedEvent], language: str) -> Grid:
    """Lay out a time line.

    :param dates: the dates.
    :param language: ``en`` or ``zh``.
    :returns: the layout: a row for each date of an event.
    """
    rows = [
        (
            _cell(each.text(language)),
            Cell((Entry(each.event.label.in_language(language), iri=each.event.iri),)),
            Cell(tuple(Entry(kind.label.in_language(language), iri=kind.iri) for kind in each.kinds)),
            Cell(tuple(Entry(one.label.in_language(language), iri=one.iri) for one in each.institutes)),
            _claims(each.claims),
        )
        for each in dates
    ]
    events = [each.data(language) for each in dates]
    return _grid(
        "timeline", _TIMELINE, _TIMELINE_DESCRIPTION, _TIMELINE_HEADS, rows, language, {"events": events}
    )


def _cell(text: str) -> Cell:
    return Cell((Entry(text),))


def _claims(claims: Sequence[str]) -> Cell:
    """List claims by the last part of their IRIs."""
    return Cell(tuple(Entry(claim.rsplit("/", 1)[-1], (claim,)) for claim in claims))


def _grid(
    name: str,
    title: Text,
    description: Text,
    heads: Sequence[Text],
    rows: Sequence[tuple[Cell, ...]],
    language: str,
    data: Mapping[str, Any],
) -> Grid:
    told = {"name": name, "title": title.in_language(language), "language": language}
    return Grid(
        title.in_language(language),
        description.in_language(language),
        tuple(head.in_language(language) for head in heads),
        tuple(rows),
        language,
        {**told, **data},
    )


def _cooperation(pairs: Pairs, language: str) -> Grid:
    numbers = Counter(party for pair in pairs for party in pair)
    parties = sorted(numbers, key=lambda party: (-numbers[party], party.label.en, party.iri))
    # Those with most partners first, until each pair has one of them.
    columns: list[Named] = []
    for party in parties:
        if any(party in pair and not set(pair) & set(columns) for pair in pairs):
            columns.append(party)
    both: dict[tuple[Named, Named], Mapping[Relation, Sequence[str]]] = {}
    for (one, other), relations in pairs.items():
        for pair in ((one, other), (other, one)):
            merged = {each: list(claims) for each, claims in both.get(pair, {}).items()}
            for each, claims in relations.items():
                merged[each] = list(dict.fromkeys([*merged.get(each, []), *claims]))
            both[pair] = merged
    titles = (_COOPERATION, _COOPERATION_DESCRIPTION)
    return _matrix(COOPERATION, titles, _PARTY, parties, columns, both, pairs, language)


def _access(pairs: Pairs, language: str) -> Grid:
    institutes = list(dict.fromkeys(institute for institute, _ in pairs))
    developers = sorted({developer for _, developer in pairs}, key=lambda each: (not each.iri, each.label.en))
    titles = (_ACCESS, _ACCESS_DESCRIPTION)
    return _matrix(ACCESS, titles, _INSTITUTE, institutes, developers, pairs, pairs, language)


def _matrix(
    name: str,
    titles: tuple[Text, Text],
    head: Text,
    rows: Sequence[Named],
    columns: Sequence[Named],
    cells: Pairs,
    pairs: Pairs,
    language: str,
) -> Grid:
    def cell(row: Named, column: Named) -> Cell:
        return Cell(
            tuple(
                Entry(relation.text(language), tuple(claims), relation.title(language))
                for relation, claims in cells.get((row, column), {}).items()
            )
        )

    laid_out = [
        (
            Cell((Entry(row.label.in_language(language), iri=row.iri),)),
            *(cell(row, column) for column in columns),
        )
        for row in rows
    ]
    data = [
        {
            "of": [each.data(language) for each in pair],
            "relations": [
                {**relation.data(language), "claims": list(claims)} for relation, claims in relations.items()
            ],
        }
        for pair, relations in pairs.items()
    ]
    heads = (head, *(column.label for column in columns))
    return _grid(name, *titles, heads, laid_out, language, {"pairs": data})


def matrix(library: Library, name: str, language: str) -> Inquiry[Grid]:
    """Rebuild a matrix.

    :param library: the stored queries of the dataset.
    :param name: ``cooperation`` or ``access``.
    :param language: ``en`` or ``zh``.
    :returns: the layout.
    :raises UnknownResource: if there is no such matrix, or the dataset does not have its query.
    """
    return matrix_grid(name, (yield from read_pairs(library, name)), language)


def matrix_grid(name: str, pairs: Pairs, language: str) -> Grid:
    """Lay out a matrix.

    :param name: one of :data:`~aisi_kg.store.relations.MATRICES`.
    :param pairs: who has to do with whom.
    :param language: ``en`` or ``zh``.
    :returns: the layout: a row for each party, a column for as many as it takes.
    """
    return (_cooperation if name == COOPERATION else _access)(pairs, language)
