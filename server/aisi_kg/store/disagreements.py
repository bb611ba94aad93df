"""Read where a source disagrees with itself or with what it cites: who says what, on which side.

The sides come from what the claims give for properties that admit one value at a time: claims with the same
values are on one side. A claim without such a value stands by itself, since nothing in the graph says with
which of the others it agrees.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.prefixes import AISI, BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.store.inquiry import Inquiry, RdfTerm, Solution, labels_of, text_of_term
from aisi_kg.store.library.records import Library, Text
from aisi_kg.store.named import Named, distinct, named
from aisi_kg.store.tables import stored_query
from aisi_kg.store.wording import date_text, number_text

__all__ = [
    "Disagreement",
    "DisputedClaim",
    "DisputedPublication",
    "Place",
    "Side",
    "Value",
    "contradictions",
    "disagreements_grid",
    "read_disagreements",
]

_TITLE = Text(en="Where the source disagrees with itself", zh="来源自相矛盾之处")
_DESCRIPTION = Text(
    en="Every side stands. Each side leads to its claim, and names the passages: section, page, offsets.",
    zh="各方表述均予保留。每一方均链接至其论断，并注明段落：章节、页码、字符位置。",
)
_HEADS = (
    Text(en="Discrepancy", zh="不一致之处"),
    Text(en="Kind", zh="类型"),
    Text(en="Note", zh="说明"),
    Text(en="Sides", zh="各方"),
)
_DATES = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("gYear", "gYearMonth", "date", "dateTime")
)
_FOOTNOTES = f"""PREFIX aisi: <{AISI}>
PREFIX cito: <http://purl.org/spar/cito/>
SELECT DISTINCT ?claim ?footnote ?number WHERE {{
  ?discrepancy a aisi:Discrepancy ; aisi:involvesClaim ?claim .
  ?claim cito:citesAsEvidence ?footnote .
  ?footnote aisi:number ?number .
}}
ORDER BY ?claim ?number"""


@dataclass(frozen=True)
class Value:
    """Hold what a claim gives for a property that admits one value at a time.

    :param property: IRI of the property.
    :param name: what the property is called.
    :param value: the value as stated, or the IRI of a resource.
    :param label: what the resource is called; None where the value is a literal.
    :param is_date: the value is a date, and no number.
    """

    property: str
    name: Text
    value: str
    label: Text | None = None
    is_date: bool = False

    def text(self, language: str) -> str:
        """Say the value.

        :param language: ``en`` or ``zh``.
        :returns: the text.
        """
        if self.label is not None:
            return self.label.in_language(language)
        return date_text(self.value, language) if self.is_date else number_text(self.value, language)


@dataclass(frozen=True)
class Place:
    """Hold where a source says something.

    :param iri: the passage.
    :param section: the number of its section.
    :param page: the page of the PDF.
    :param start: where it starts in the normalised text.
    :param end: where it ends there.
    """

    iri: str
    section: str
    page: int
    start: int
    end: int

    def data(self) -> dict[str, Any]:
        """Tell a program.

        :returns: a JSON object.
        """
        return {
            "iri": self.iri,
            "section": self.section,
            "page": self.page,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True)
class DisputedClaim:
    """Hold a claim on a side.

    :param iri: the claim.
    :param statement: what it says in a sentence.
    :param values: what tells its side; may be none.
    :param places: where the source says it, in the order of the text.
    :param footnotes: IRI and number of the footnotes that it rests on.
    """

    iri: str
    statement: Text
    values: tuple[Value, ...]
    places: tuple[Place, ...]
    footnotes: tuple[tuple[str, int], ...]

    def data(self, language: str) -> dict[str, Any]:
        """Tell a program.

        :param language: the language of texts.
        :returns: a JSON object.
        """
        return {
            "claim": self.iri,
            "statement": self.statement.in_language(language),
            "values": [{"property": each.property, "value": each.value} for each in self.values],
            "passages": [place.data() for place in self.places],
        }


@dataclass(frozen=True)
class DisputedPublication:
    """Hold a publication on a side.

    :param iri: the publication.
    :param title: its title, in its own language.
    :param language: the language of the title; empty where it is not known.
    :param issued: its date as stated; empty where there is none.
    """

    iri: str
    title: str
    language: str
    issued: str

    def data(self) -> dict[str, str]:
        """Tell a program.

        :returns: a JSON object.
        """
        told = {"publication": self.iri, "title": self.title}
        return {**told, **({"issued": self.issued} if self.issued else {})}


@dataclass(frozen=True)
class Side:
    """Hold what stands on one side.

    :param values: what its claims give; none where nothing tells the side.
    :param claims: its claims.
    :param publications: its publications; a publication is a side by itself.
    """

    values: tuple[Value, ...] = ()
    claims: tuple[DisputedClaim, ...] = ()
    publications: tuple[DisputedPublication, ...] = ()


@dataclass(frozen=True)
class Disagreement:
    """Hold a discrepancy.

    :param iri: the discrepancy.
    :param label: what it is about.
    :param kinds: of which kinds it is.
    :param note: what stands against what, in a sentence.
    :param claims: the claims on its sides.
    :param publications: the publications on its sides.
    """

    iri: str
    label: Text
    kinds: tuple[Named, ...]
    note: Text
    claims: tuple[DisputedClaim, ...]
    publications: tuple[DisputedPublication, ...]

    @property
    def name(self) -> str:
        """Give the last part of the IRI, for the place on a page."""
        return self.iri.rsplit("/", 1)[-1]

    @property
    def sides(self) -> list[Side]:
        """Group what is involved by side."""
        sides: dict[object, list[DisputedClaim]] = {}
        for claim in self.claims:
            sides.setdefault(claim.values or claim.iri, []).append(claim)
        found = [Side(claims[0].values, tuple(claims)) for claims in sides.values()]
        return found + [Side(publications=(each,)) for each in self.publications]


def read_disagreements(library: Library) -> Inquiry[tuple[Disagreement, ...]]:
    """Read all discrepancies.

    :param library: the stored queries of the dataset.
    :returns: the discrepancies, in the order of their IRIs.
    :raises UnknownResource: if the dataset does not have the query.
    """
    solutions = yield QueryRequest(stored_query(library, "contradictions-explained").text)
    footnotes: dict[str, list[tuple[str, int]]] = {}
    for each in (yield QueryRequest(_FOOTNOTES)):
        footnote = each["footnote"].value, int(each["number"].value)
        footnotes.setdefault(each["claim"].value, []).append(footnote)
    iris = {each["property"].value for each in solutions if "property" in each}
    values = (each.get("value") for each in solutions)
    iris |= {each.value for each in values if isinstance(each, NamedNode) and each.value.startswith(BASE)}
    names = yield from labels_of(iris)
    return tuple(
        Disagreement(
            iri,
            _both(group[0], "discrepancy"),
            distinct(named(each, "kind") for each in group),
            _both(group[0], "note"),
            tuple(_claims(group, names, footnotes)),
            tuple(_publications(group)),
        )
        for iri, group in _grouped(solutions, "discrepancy").items()
    )


def _both(solution: Solution, name: str) -> Text:
    return Text(en=text_of_term(solution, name + "En"), zh=text_of_term(solution, name + "Zh"))


def _grouped(solutions: Iterable[Solution], name: str) -> dict[str, list[Solution]]:
    groups: dict[str, list[Solution]] = {}
    for solution in solutions:
        if name in solution:
            groups.setdefault(solution[name].value, []).append(solution)
    return groups


def _claims(
    group: Iterable[Solution],
    names: Mapping[str, Text],
    footnotes: Mapping[str, Sequence[tuple[str, int]]],
) -> Iterator[DisputedClaim]:
    for iri, solutions in _grouped(group, "claim").items():
        by_start = sorted(solutions, key=lambda each: int(each["start"].value))
        values = ((each["property"].value, each["value"]) for each in solutions if "value" in each)
        yield DisputedClaim(
            iri,
            _both(solutions[0], "statement"),
            tuple(_value(property_, term, names) for property_, term in dict.fromkeys(values)),
            tuple(dict.fromkeys(map(_place, by_start))),
            tuple(footnotes.get(iri, ())),
        )


def _value(property_: str, term: RdfTerm, names: Mapping[str, Text]) -> Value:
    name = names.get(property_, Text(property_, property_))
    is_date = isinstance(term, Literal) and term.datatype.value in _DATES
    return Value(property_, name, term.value, names.get(term.value), is_date)


def _place(solution: Solution) -> Place:
    return Place(
        solution["passage"].value,
        solution["section"].value,
        int(solution["page"].value),
        int(solution["start"].value),
        int(solution["end"].value),
    )


def _publications(group: Iterable[Solution]) -> Iterator[DisputedPublication]:
    for iri, solutions in _grouped(group, "publication").items():
        # Where there are titles in several languages, the last in order stands for the work.
        title = solutions[-1]["publicationTitle"]
        language = getattr(title, "language", None) or ""
        yield DisputedPublication(iri, title.value, language, text_of_term(solutions[-1], "issued"))


def disagreements_grid(found: Iterable[Disagreement], language: str) -> Grid:
    """Lay discrepancies out as a table.

    :param found: the discrepancies.
    :param language: ``en`` or ``zh``.
    :returns: the layout: a row for each discrepancy, a value for each claim or publication on a side.
    """
    rows, told = [], []
    for each in found:
        note = each.note.in_language(language)
        rows.append(
            (
                Cell((Entry(each.label.in_language(language), iri=each.iri),)),
                Cell(tuple(Entry(kind.label.in_language(language), iri=kind.iri) for kind in each.kinds)),
                Cell((Entry(note),)),
                Cell(
                    (
                        *(_claim_entry(claim, language) for claim in each.claims),
                        *(_publication_entry(publication, language) for publication in each.publications),
                    )
                ),
            )
        )
        told.append(
            {
                "iri": each.iri,
                "label": each.label.in_language(language),
                "kinds": [kind.data(language) for kind in each.kinds],
                "note": note,
                "sides": [
                    *(claim.data(language) for claim in each.claims),
                    *(publication.data() for publication in each.publications),
                ],
            }
        )
    title = _TITLE.in_language(language)
    data = {"name": "contradictions", "title": title, "language": language, "contradictions": told}
    heads = tuple(head.in_language(language) for head in _HEADS)
    return Grid(title, _DESCRIPTION.in_language(language), heads, tuple(rows), language, data)


def _claim_entry(claim: DisputedClaim, language: str) -> Entry:
    statement = claim.statement.in_language(language)
    places = "; ".join(f"{each.section}, p. {each.page}, {each.start}–{each.end}" for each in claim.places)
    return Entry(f"{statement} [{places}]", (claim.iri,), statement)


def _publication_entry(publication: DisputedPublication, language: str) -> Entry:
    dated = f" [{date_text(publication.issued, language)}]" if publication.issued else ""
    return Entry(publication.title + dated, iri=publication.iri)


def contradictions(library: Library, language: str) -> Inquiry[Grid]:
    """List the discrepancies with their sides.

    :param library: the stored queries of the dataset.
    :param language: ``en`` or ``zh``.
    :returns: the layout.
    :raises UnknownResource: if the dataset does not have the query.
    """
    found = yield from read_disagreements(library)
    return disagreements_grid(found, language)
