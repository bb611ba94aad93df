"""Read what the source dates, and choose from it by kind, subject, institute and time."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution
from aisi_kg.store.library.records import Library, Text
from aisi_kg.store.named import Named, Statement, distinct, named, statements_of
from aisi_kg.store.tables import stored_query
from aisi_kg.store.wording import date_precision, date_text

__all__ = ["Chronology", "DatedEvent", "Period", "period", "read_chronology", "read_dates"]

#: What a date is the date of, where it is not that of the event itself.
_DATE_KINDS = {
    AISI + "startDate": Text(en="start", zh="开始"),
    AISI + "endDate": Text(en="end", zh="结束"),
    AISI + "plannedDate": Text(en="planned", zh="计划"),
    "http://purl.org/dc/terms/issued": Text(en="issued", zh="发布"),
}
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")

# The class of what an event is about, and of what rests on that: an agreement gives access to models.
_SUBJECTS = """PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/aisi-kg/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?event ?subject ?subjectEn ?subjectZh WHERE {
  VALUES ?property { aisi:date aisi:startDate aisi:endDate aisi:plannedDate dcterms:issued }
  ?event ?property ?date .
  VALUES ?relation { aisi:announces aisi:concerns aisi:establishes aisi:target }
  { ?event ?relation ?thing } UNION { ?event ?relation ?basis . ?thing aisi:basedOn ?basis }
  GRAPH ?graph { ?thing a ?subject }
  FILTER(?graph != graph:inferred)
  { ?subject rdfs:label ?subjectEn , ?subjectZh . FILTER(LANG(?subjectEn) = "en" && LANG(?subjectZh) = "zh") }
}
ORDER BY ?event ?subject"""


@dataclass(frozen=True)
class Period:
    """Hold the days between which something must lie.

    :param earliest: the first of them, as ``YYYY-MM-DD``.
    :param latest: the last of them.
    """

    earliest: str
    latest: str


def period(date: str) -> Period:
    """Say which days a date stands for.

    :param date: a year, a month or a day, as XML Schema writes it.
    :returns: its first and its last day.
    :raises ValueError: if it is no such date.
    """
    match = _DATE.fullmatch(date)
    if match is None or match[1] == "0000":
        raise ValueError(
            f"{date[:20]!a} is no date; write a year, a month or a day: 2024, 2024-05, 2024-05-21."
        )
    year, month, day = match.groups()
    if month is None:
        return Period(f"{year}-01-01", f"{year}-12-31")
    last = monthrange(int(year), int(month))[1]
    if day is None:
        return Period(f"{date}-01", f"{date}-{last}")
    if int(day) > last:
        raise ValueError(f"There is no {date}; the month has {last} days.")
    return Period(date, date)


@dataclass(frozen=True)
class DatedEvent:
    """Hold a date of an event.

    :param event: the event, document or plan.
    :param kinds: its classes.
    :param institutes: the institutes that it has to do with.
    :param of: IRI of what the date is of it.
    :param date: the date as stated.
    :param period: the days between which it must lie.
    :param claims: IRIs of the claims that state it.
    """

    event: Named
    kinds: tuple[Named, ...]
    institutes: tuple[Named, ...]
    of: str
    date: str
    period: Period
    claims: tuple[str, ...]

    @property
    def precision(self) -> str:
        """Say how precise the date is.

        :returns: ``year``, ``month`` or ``day``.
        """
        return date_precision(self.date)

    def text(self, language: str) -> str:
        """Say the date and what it is the date of.

        :param language: ``en`` or ``zh``.
        :returns: such as ``February 2025 (planned)``.
        """
        said = date_text(self.date, language)
        if self.of not in _DATE_KINDS:
            return said
        what = _DATE_KINDS[self.of].in_language(language)
        return f"{said}（{what}）" if language == "zh" else f"{said} ({what})"

    def data(self, language: str) -> dict[str, Any]:
        """Tell a program.

        :param language: the language of names.
        :returns: a JSON object.
        """
        return {
            "event": self.event.data(language),
            "kinds": [kind.data(language) for kind in self.kinds],
            "dateProperty": self.of,
            "date": self.date,
            "precision": self.precision,
            "earliest": self.period.earliest,
            "latest": self.period.latest,
            "text": self.text(language),
            "institutes": [each.data(language) for each in self.institutes],
            "claims": self.claims,
        }


def read_dates(library: Library) -> Inquiry[Sequence[DatedEvent]]:
    """Read the dates that claims state.

    :param library: the stored queries of the dataset.
    :returns: the dates, by the earliest day that each can be.
    :raises UnknownResource: if the dataset does not have the query.
    """
    solutions = yield QueryRequest(stored_query(library, "timeline").text)
    groups: dict[tuple[str, str, str], list[Solution]] = {}
    for solution in solutions:
        key = (solution["event"].value, solution["dateProperty"].value, solution["date"].value)
        groups.setdefault(key, []).append(solution)
    return [_dated(group) for group in groups.values()]


def _dated(group: Sequence[Solution]) -> DatedEvent:
    first = group[0]
    return DatedEvent(
        named(first, "event"),
        distinct(named(each, "kind") for each in group),
        distinct(named(each, "institute") for each in group if "institute" in each),
        first["dateProperty"].value,
        first["date"].value,
        Period(first["earliest"].value, first["latest"].value),
        tuple(dict.fromkeys(each["claim"].value for each in group)),
    )


@dataclass(frozen=True)
class Chronology:
    """Hold all dates with what their claims say and what their events are about.

    :param dates: the dates, by the earliest day that each can be.
    :param statements: what the claims say, by their IRIs.
    :param subjects: the classes of what an event is about, by its IRI.
    """

    dates: tuple[DatedEvent, ...]
    statements: Mapping[str, Statement]
    subjects: Mapping[str, tuple[Named, ...]]

    def kinds(self) -> tuple[Named, ...]:
        """List the kinds of events.

        :returns: their classes, by English label.
        """
        return _by_label(kind for each in self.dates for kind in each.kinds)

    def institutes(self) -> tuple[Named, ...]:
        """List the institutes that events have to do with.

        :returns: the institutes, by English label.
        """
        return _by_label(institute for each in self.dates for institute in each.institutes)

    def themes(self) -> tuple[Named, ...]:
        """List what events are about.

        :returns: the classes, by English label.
        """
        return _by_label(subject for each in self.dates for subject in self.subjects.get(each.event.iri, ()))

    def is_planned(self, dated: DatedEvent) -> bool:
        """Tell whether an event had not happened when the source was written.

        :param dated: one of the dates.
        :returns: True where every claim that states it is a plan, a forecast or a recommendation.
        """
        said = [self.statements[claim] for claim in dated.claims if claim in self.statements]
        return bool(said) and all(each.is_of_the_future for each in said)

    def select(
        self, *, kind: str = "", about: str = "", institute: str = "", since: str = "", until: str = ""
    ) -> tuple[DatedEvent, ...]:
        """Choose dates; an empty value restricts nothing.

        :param kind: IRI of a class of events.
        :param about: IRI of a class of what they are about.
        :param institute: IRI of an institute.
        :param since: the date may lie on this day or later.
        :param until: the date may lie on this day or earlier.
        :returns: the dates that meet all.
        """
        return tuple(
            each
            for each in self.dates
            if (not kind or any(kind == found.iri for found in each.kinds))
            and (not about or any(about == found.iri for found in self.subjects.get(each.event.iri, ())))
            and (not institute or any(institute == found.iri for found in each.institutes))
            and (not since or each.period.latest >= since)
            and (not until or each.period.earliest <= until)
        )


def _by_label(found: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(set(found), key=lambda each: (each.label.en.casefold(), each.iri)))


def read_chronology(library: Library) -> Inquiry[Chronology]:
    """Read all dates.

    :param library: the stored queries of the dataset.
    :returns: the dates with what is known of them.
    :raises UnknownResource: if the dataset does not have the query.
    """
    dates = yield from read_dates(library)
    statements = yield from statements_of(claim for each in dates for claim in each.claims)
    subjects: dict[str, list[Named]] = {}
    for solution in (yield QueryRequest(_SUBJECTS)):
        subjects.setdefault(solution["event"].value, []).append(named(solution, "subject"))
    return Chronology(tuple(dates), statements, {event: distinct(found) for event, found in subjects.items()})
