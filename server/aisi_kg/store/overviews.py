"""Lay out what stored queries find over the whole dataset: the time line and the matrices.

Each groups the rows of one stored query into a table for people, with the claims behind every value.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.library.records import Library, Text
from aisi_kg.store.tables import stored_query
from aisi_kg.store.wording import date_precision, date_text

__all__ = ["MATRICES", "matrix", "timeline"]

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
#: What a date is the date of, where it is not that of the event itself.
_DATE_KINDS = {
    AISI + "startDate": Text(en="start", zh="开始"),
    AISI + "endDate": Text(en="end", zh="结束"),
    AISI + "plannedDate": Text(en="planned", zh="计划"),
    "http://purl.org/dc/terms/issued": Text(en="issued", zh="发布"),
}

_PARTY = Text(en="Party", zh="合作方")
_INSTITUTE = Text(en="Institute", zh="研究所")
_EVERYBODY = Text(en="every developer", zh="所有开发者")
_STRENGTHS = {
    "0": Text(en="only planned", zh="仅属计划"),
    "1": Text(en="without an instrument", zh="无文书"),
    "2": Text(en="concluded agreement", zh="已达成协议"),
    "3": Text(en="signed memorandum", zh="已签署备忘录"),
}
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


class _Named(NamedTuple):
    """Name a resource in both languages."""

    iri: str
    label: Text

    def data(self, language: str) -> dict[str, str]:
        label = {"label": self.label.in_language(language)}
        return {"iri": self.iri, **label} if self.iri else label


def _named(solution: Solution, name: str) -> _Named:
    return _Named(
        text_of_term(solution, name),
        Text(en=text_of_term(solution, name + "En"), zh=text_of_term(solution, name + "Zh")),
    )


def timeline(library: Library, language: str) -> Inquiry[Grid]:
    """Rebuild the time line.

    :param library: the stored queries of the dataset.
    :param language: ``en`` or ``zh``.
    :returns: the layout: a row for each date of an event.
    :raises UnknownResource: if the dataset does not have the query.
    """
    solutions = yield QueryRequest(stored_query(library, "timeline").text)
    groups: dict[tuple[str, str, str], list[Solution]] = {}
    for solution in solutions:
        key = (solution["event"].value, solution["dateProperty"].value, solution["date"].value)
        groups.setdefault(key, []).append(solution)
    rows, events = [], []
    for (_, property_, date), group in groups.items():
        first = group[0]
        event = _named(first, "event")
        kinds = _distinct(_named(each, "kind") for each in group)
        institutes = _distinct(_named(each, "institute") for each in group if "institute" in each)
        claims = tuple(dict.fromkeys(each["claim"].value for each in group))
        said = date_text(date, language)
        if property_ in _DATE_KINDS:
            of = _DATE_KINDS[property_].in_language(language)
            said = f"{said}（{of}）" if language == "zh" else f"{said} ({of})"
        rows.append(
            (
                _cell(said),
                Cell((Entry(event.label.in_language(language), iri=event.iri),)),
                Cell(tuple(Entry(kind.label.in_language(language), iri=kind.iri) for kind in kinds)),
                Cell(tuple(Entry(each.label.in_language(language), iri=each.iri) for each in institutes)),
                _claims(claims),
            )
        )
        events.append(
            {
                "event": event.data(language),
                "kinds": [kind.data(language) for kind in kinds],
                "dateProperty": property_,
                "date": date,
                "precision": date_precision(date),
                "earliest": first["earliest"].value,
                "latest": first["latest"].value,
                "text": said,
                "institutes": [each.data(language) for each in institutes],
                "claims": claims,
            }
        )
    return _grid(
        "timeline", _TIMELINE, _TIMELINE_DESCRIPTION, _TIMELINE_HEADS, rows, language, {"events": events}
    )


def _distinct(found: Iterable[_Named]) -> list[_Named]:
    return list(dict.fromkeys(found))


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


class _Relation(NamedTuple):
    """Hold what two have to do with each other: in one form, of one strength and status."""

    kind: _Named
    strength: str
    status: _Named

    def text(self, language: str) -> str:
        kind, status = self.kind.label.in_language(language), self.status.label.in_language(language)
        of = [each for each in (self.strength, status) if each]
        return f"{kind}（{'，'.join(of)}）" if language == "zh" else f"{kind} ({', '.join(of)})"

    def title(self, language: str) -> str:
        return _STRENGTHS[self.strength].in_language(language) if self.strength in _STRENGTHS else ""

    def data(self, language: str) -> dict[str, Any]:
        return {
            "kind": self.kind.data(language),
            **({"strength": int(self.strength)} if self.strength else {}),
            "status": self.status.data(language),
        }


#: The claims behind each relation of two, by the two.
_Pairs = Mapping[tuple[_Named, _Named], Mapping[_Relation, Sequence[str]]]


def _pairs(
    solutions: Iterable[Solution],
    ends: Callable[[Solution], tuple[_Named, _Named]],
    relation: Callable[[Solution], _Relation],
) -> _Pairs:
    pairs: dict[tuple[_Named, _Named], dict[_Relation, list[str]]] = {}
    for solution in solutions:
        claims = pairs.setdefault(ends(solution), {}).setdefault(relation(solution), [])
        if solution["claim"].value not in claims:
            claims.append(solution["claim"].value)
    return pairs


def _cooperation(library: Library, language: str) -> Inquiry[Grid]:
    solutions = yield QueryRequest(stored_query(library, "cooperation-matrix").text)

    def ends(solution: Solution) -> tuple[_Named, _Named]:
        return _named(solution, "party"), _named(solution, "other")

    def relation(solution: Solution) -> _Relation:
        strength = text_of_term(solution, "strength")
        return _Relation(_named(solution, "kind"), strength, _named(solution, "status"))

    pairs = _pairs(solutions, ends, relation)
    numbers = Counter(party for pair in pairs for party in pair)
    parties = sorted(numbers, key=lambda party: (-numbers[party], party.label.en, party.iri))
    # Those with most partners first, until each pair has one of them.
    columns: list[_Named] = []
    for party in parties:
        if any(party in pair and not set(pair) & set(columns) for pair in pairs):
            columns.append(party)
    both: dict[tuple[_Named, _Named], Mapping[_Relation, Sequence[str]]] = {}
    for (one, other), relations in pairs.items():
        for pair in ((one, other), (other, one)):
            merged = {each: list(claims) for each, claims in both.get(pair, {}).items()}
            for each, claims in relations.items():
                merged[each] = list(dict.fromkeys([*merged.get(each, []), *claims]))
            both[pair] = merged
    return _matrix(
        "cooperation",
        (_COOPERATION, _COOPERATION_DESCRIPTION),
        _PARTY,
        parties,
        columns,
        both,
        pairs,
        language,
    )


def _access(library: Library, language: str) -> Inquiry[Grid]:
    solutions = yield QueryRequest(stored_query(library, "access-matrix").text)
    everybody = _Named("", _EVERYBODY)

    def ends(solution: Solution) -> tuple[_Named, _Named]:
        developer = _named(solution, "developer") if "developer" in solution else everybody
        return _named(solution, "institute"), developer

    def relation(solution: Solution) -> _Relation:
        return _Relation(_named(solution, "stage"), "", _named(solution, "status"))

    pairs = _pairs(solutions, ends, relation)
    institutes = list(dict.fromkeys(institute for institute, _ in pairs))
    developers = sorted({developer for _, developer in pairs}, key=lambda each: (not each.iri, each.label.en))
    return _matrix(
        "access", (_ACCESS, _ACCESS_DESCRIPTION), _INSTITUTE, institutes, developers, pairs, pairs, language
    )


def _matrix(
    name: str,
    titles: tuple[Text, Text],
    head: Text,
    rows: Sequence[_Named],
    columns: Sequence[_Named],
    cells: _Pairs,
    pairs: _Pairs,
    language: str,
) -> Grid:
    def cell(row: _Named, column: _Named) -> Cell:
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


#: The matrices by name.
MATRICES: Mapping[str, Callable[[Library, str], Inquiry[Grid]]] = {
    "cooperation": _cooperation,
    "access": _access,
}


def matrix(library: Library, name: str, language: str) -> Inquiry[Grid]:
    """Rebuild a matrix.

    :param library: the stored queries of the dataset.
    :param name: ``cooperation`` or ``access``.
    :param language: ``en`` or ``zh``.
    :returns: the layout.
    :raises UnknownResource: if there is no such matrix, or the dataset does not have its query.
    """
    if name not in MATRICES:
        raise UnknownResource(f"There is no matrix {name[:40]!a}; there are {' and '.join(MATRICES)}.")
    return (yield from MATRICES[name](library, language))
