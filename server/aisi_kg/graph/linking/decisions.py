"""Write a decision into the text of the mappings, in its style, or not at all."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from aisi_kg.errors import InputError
from aisi_kg.graph.linking.items import is_item
from aisi_kg.graph.linking.subjects import Subject
from aisi_kg.graph.mappings import check_set
from aisi_kg.graph.sssom import MappingSet, format_sssom, read_sssom

__all__ = ["PREDICATES", "Decision", "decided", "read_mappings"]

#: What can be said of an entity and an item, by the name that the command line has for it.
PREDICATES = {"exact": "skos:exactMatch", "close": "skos:closeMatch", "broad": "skos:broadMatch"}
_NONE = "sssom:NoTermFound"
_DATE = "mapping_date"


@dataclass(frozen=True)
class Decision:
    """Hold what somebody decided about an entity.

    :param subject: the entity.
    :param item: id of the item; empty where a search found none.
    :param label: the item's label as found.
    :param category: the class of the item, as a CURIE.
    :param predicate: one of the values of ``PREDICATES``.
    :param confidence: from 0 to 1.
    :param evidence: the addresses that the decision rests on.
    :param comment: what they say.
    :param date: the day, as ``2024-11-25``.
    """

    subject: Subject
    item: str
    label: str
    category: str
    predicate: str
    confidence: float
    evidence: Sequence[str] = field(default=())
    comment: str = ""
    date: str = ""


def read_mappings(text: str, name: str) -> MappingSet:
    """Read mappings that have to be in order before something is added.

    :param text: the text of the file.
    :param name: the file as messages name it.
    :returns: the mappings.
    :raises InputError: if something is wrong with the text.
    """
    mappings, faults = read_sssom(text)
    if mappings is not None:
        faults += check_set(mappings)
    if mappings is None or faults:
        first = faults[0]
        raise InputError(f"{name}:{first.line}: {first.message} Then decide again; the file is as it was.")
    return mappings


def decided(text: str, name: str, decision: Decision) -> str:
    """Add a decision to mappings.

    :param text: the text of the file, which :func:`read_mappings` accepts.
    :param name: the file as messages name it.
    :param decision: what was decided; where a search had found no item, its row makes way.
    :returns: the text with the decision, in the canonical form.
    :raises InputError: if the entity is mapped already, or the mappings would not be in order.
    """
    mappings = read_mappings(text, name)
    subject = decision.subject
    if decision.item and not is_item(decision.item):
        raise InputError(f"{decision.item} is no item of Wikidata; write Q and its number.")
    for row in mappings.rows:
        if row.iri("subject_id") == subject.iri and (row.is_match or not decision.item):
            where = f"{name}:{row.line}, {row.text('object_id')}"
            raise InputError(f"{subject.curie} has a row already ({where}); change it there.")
    lines = text.split("\n")
    count = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata = lines[:count]
    header, *rows = csv.reader(StringIO("\n".join(lines[count:]), newline=""), delimiter="\t", strict=True)
    table = [dict(zip(header, row, strict=True)) for row in rows]
    kept = [row for row in table if row["subject_id"] != subject.curie]
    date_of_set = next(iter(mappings.slots.get(_DATE, ())), "")
    if _DATE not in header and date_of_set != decision.date:
        # The rows have no longer one date, which the set would say for all of them.
        metadata = [line for line in metadata if not re.match(rf"#{_DATE}:", line)]
        kept = [{**row, _DATE: date_of_set} for row in kept]
        header.append(_DATE)
    cells = _cells(decision)
    if _DATE not in header:
        del cells[_DATE]
    header += [slot for slot in cells if slot not in header]
    new = format_sssom("\n".join([*metadata, _written(header, [*kept, cells])]))
    read_mappings(new, name)
    return new


def _cells(decision: Decision) -> dict[str, str]:
    """Give a row; one for which nothing was found has neither label nor kind."""
    subject = decision.subject
    return {
        "record_id": f"mapping:{subject.slug}",
        "subject_id": subject.curie,
        "subject_label": subject.name(),
        "predicate_id": decision.predicate,
        "object_id": f"wikidata:{decision.item}" if decision.item else _NONE,
        "object_label": decision.label,
        "object_category": decision.category,
        "mapping_justification": "semapv:ManualMappingCuration",
        "confidence": str(decision.confidence),
        _DATE: decision.date,
        "see_also": "|".join(re.sub(r"([\\|])", r"\\\1", each) for each in dict.fromkeys(decision.evidence)),
        "comment": decision.comment,
    }


def _written(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    output = StringIO(newline="")
    writer = csv.DictWriter(output, header, restval="", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue()
