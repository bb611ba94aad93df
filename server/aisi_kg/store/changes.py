"""Read what has changed in the dataset, and when its claims were read a second time."""

from dataclasses import dataclass

from aisi_kg.graph.prefixes import AISI, CHANGES_GRAPH
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry
from aisi_kg.store.library.records import Text

__all__ = ["Change", "Changes", "Reading", "read_changes"]

_CHANGES = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?change ?date ?titleEn ?titleZh ?en ?zh WHERE {{
  GRAPH <{CHANGES_GRAPH}> {{
    ?change dcterms:issued ?date ; dcterms:title ?titleEn , ?titleZh ; dcterms:description ?en , ?zh .
  }}
  FILTER(LANG(?titleEn) = "en" && LANG(?titleZh) = "zh" && LANG(?en) = "en" && LANG(?zh) = "zh")
}}
ORDER BY DESC(?date) ?change"""
_READINGS = f"""PREFIX aisi: <{AISI}>
SELECT ?date (COUNT(?claim) AS ?claims) WHERE {{
  ?claim aisi:reviewed ?date .
}}
GROUP BY ?date
ORDER BY DESC(?date)"""


@dataclass(frozen=True)
class Change:
    """Hold a change of the dataset.

    :param iri: the change.
    :param date: the day on which it was published.
    :param title: what has changed, in a few words.
    :param description: the same in sentences.
    """

    iri: str
    date: str
    title: Text
    description: Text

    @property
    def name(self) -> str:
        """Give the last part of the IRI, for the place on a page."""
        return self.iri.rsplit("#", 1)[-1]


@dataclass(frozen=True)
class Reading:
    """Count the claims that were read against the text on a day by somebody who had not written them.

    :param date: the day.
    :param claims: the number of claims whose last reading that was.
    """

    date: str
    claims: int


@dataclass(frozen=True)
class Changes:
    """Hold changes and readings, the latest first."""

    changes: tuple[Change, ...]
    readings: tuple[Reading, ...]

    @property
    def updated(self) -> str:
        """Give the day of the latest; empty where there is none."""
        dates = [*(each.date for each in self.changes), *(each.date for each in self.readings)]
        return max(dates, default="")


def read_changes() -> Inquiry[Changes]:
    """Read the changes.

    :returns: the changes and readings.
    """
    changes = tuple(
        Change(
            each["change"].value,
            each["date"].value,
            Text(en=each["titleEn"].value, zh=each["titleZh"].value),
            Text(en=each["en"].value, zh=each["zh"].value),
        )
        for each in (yield QueryRequest(_CHANGES))
    )
    readings = tuple(
        Reading(each["date"].value, int(each["claims"].value))
        for each in (yield QueryRequest(_READINGS))
        if "date" in each
    )
    return Changes(changes, readings)
