"""Write the items that entities may be, with how well they fit, for ``aisi-kg link``."""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aisi_kg.graph.linking.items import ITEM_BASE
from aisi_kg.graph.linking.scoring import PARTS, Part, Score
from aisi_kg.graph.linking.searching import Match
from aisi_kg.graph.linking.subjects import Subject
from aisi_kg.store.export.csv_tables import BYTE_ORDER_MARK, guarded
from aisi_kg.store.results import lay_out

__all__ = ["CANDIDATE_FORMATS", "in_words", "line_of"]

#: The candidates of each entity by its IRI.
_Found = Mapping[str, Sequence[Match]]

_FITS, _DOES_NOT, _NOT_STATED = "=", "≠", "?"
_SHORT = {"English name": "en", "Chinese name": "zh"}
_LONGEST = 48


def _mark(part: Part) -> str:
    if part.value is None:
        return _NOT_STATED
    if part.value in (0, 1):
        return _FITS if part.value else _DOES_NOT
    return f"{part.value:.2f}"


def _marks(score: Score) -> str:
    return " ".join(f"{_SHORT.get(part.name, part.name)}{_mark(part)}" for part in score.parts)


def in_words(part: Part) -> str:
    """Say how well an item fits in one part.

    :param part: the part.
    :returns: a few words.
    """
    found = f" ({part.found})" if part.found else ""
    if part.value is None:
        return "not stated"
    if part.value in (0, 1):
        return f"{'fits' if part.value else 'does not fit'}{found}"
    return f"{part.value:.2f}{found}"


def line_of(match: Match) -> str:
    """Say what a candidate is, for who decides.

    :param match: the candidate.
    :returns: two lines, with the address where the item can be looked at.
    """
    item = match.item
    names = [item.label(), *(name for name in item.names("zh")[0][:1] if name != item.label())]
    called = " · ".join(name for name in names if name) or "no label"
    description = f" — {match.description}" if match.description else ""
    against = f" — {match.score.against}" if match.score.against else ""
    first = f"{item.id} {match.score.value:.0f}  {called}{description}{against}"
    return f"{first}\n     {_marks(match.score)}  {ITEM_BASE}{item.id}"


def _as_text(subjects: Sequence[Subject], found: _Found) -> str:
    rows = []
    for subject in subjects:
        for match in found[subject.iri]:
            score = match.score
            marks = ["" if (part := score.part(name)) is None else _mark(part) for name in PARTS]
            what = [_cut(match.item.label()), _cut(match.description or score.against)]
            rows.append([subject.curie, match.item.id, f"{score.value:.0f}", *marks, *what])
        if not found[subject.iri]:
            rows.append([subject.curie, "-", "", *("" for _ in PARTS), "", "no candidate"])
    heads = ["entity", "item", "score", *(_SHORT.get(name, name) for name in PARTS), "label", "description"]
    legend = f"{_FITS} fits, {_DOES_NOT} does not fit, {_NOT_STATED} is not stated; en and zh: names\n"
    # As wide as it is: names of entities and items have to be whole to be used.
    return lay_out(heads, rows, sys.maxsize) + legend


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _as_csv(subjects: Sequence[Subject], found: _Found) -> str:
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    heads = ["entity", "name_en", "name_zh", "item", "label", "description", "score", "against"]
    writer.writerow([*heads, *(name for part in PARTS for name in (part, f"{part} found"))])
    for subject in subjects:
        for match in found[subject.iri]:
            row = [subject.curie, subject.name(), subject.name("zh"), match.item.id, match.item.label()]
            row += [match.description, f"{match.score.value:.1f}", match.score.against]
            for name in PARTS:
                part = match.score.part(name)
                value = None if part is None else part.value
                row += ["" if value is None else f"{value:g}", "" if part is None else part.found]
            writer.writerow([guarded(cell) for cell in row])
    return BYTE_ORDER_MARK + output.getvalue()


def _as_json(subjects: Sequence[Subject], found: _Found) -> str:
    def candidate(match: Match) -> dict[str, Any]:
        return {
            "item": match.item.id,
            "label": match.item.label(),
            "description": match.description,
            "score": round(match.score.value, 1),
            "against": match.score.against,
            "parts": [{"name": p.name, "value": p.value, "found": p.found} for p in match.score.parts],
        }

    value = [
        {
            "entity": subject.iri,
            "names": {language: list(names) for language, names in subject.names.items()},
            "candidates": [candidate(match) for match in found[subject.iri]],
        }
        for subject in subjects
    ]
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


#: How candidates are written, by the name of the format.
CANDIDATE_FORMATS: Mapping[str, Callable[[Sequence[Subject], _Found], str]] = {
    "text": _as_text,
    "csv": _as_csv,
    "json": _as_json,
}
