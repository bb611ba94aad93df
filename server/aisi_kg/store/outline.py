"""Read a source as an outline: its sections, and the claims of each in the order of the text."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import AISI
from aisi_kg.graph.style import natural_key
from aisi_kg.store.claim_record import in_order_of_text
from aisi_kg.store.claims import Work, read_works
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm, Solution
from aisi_kg.store.naming import Value, in_one_language, names_of, resource_node, value_of

__all__ = ["Section", "SectionClaim", "SourceRecord", "read_section", "read_source"]

_PREFIXES = f"""PREFIX aisi: <{AISI}>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX doco: <http://purl.org/spar/doco/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_ABOUT = (
    _PREFIXES
    + """SELECT ?p ?o WHERE {
  ?source a aisi:SourceDocument ; ?p ?o .
  FILTER(?p IN (aisi:sha256, dcterms:rights, dcterms:language, schema:numberOfPages, skos:editorialNote))
}
ORDER BY ?p ?o"""
)
_SECTIONS = (
    _PREFIXES
    + """SELECT ?section (COUNT(DISTINCT ?claim) AS ?claims) (MIN(?page) AS ?first) (MAX(?page) AS ?last)
WHERE {
  ?passage dcterms:isPartOf ?source ; aisi:section ?section ; aisi:page ?page .
  ?claim prov:wasQuotedFrom ?passage .
}
GROUP BY ?section"""
)
_TITLES = (
    _PREFIXES
    + """SELECT ?section ?title WHERE {
  ?part a doco:Section ; dcterms:isPartOf ?source ; skos:notation ?section ; dcterms:title ?title .
}"""
)
_OF_SECTION = (
    _PREFIXES
    + """SELECT ?other ?from ?to ?page WHERE {
  ?passage aisi:section ?section ; dcterms:isPartOf ?source ; oa:start ?from ; oa:end ?to ; aisi:page ?page .
  ?other prov:wasQuotedFrom ?passage .
}"""
)
_DETAILS = (
    _PREFIXES
    + """SELECT DISTINCT ?claim ?modality ?evidence ?number ?discrepancy WHERE {
  ?passage aisi:section ?section ; dcterms:isPartOf ?source .
  ?claim prov:wasQuotedFrom ?passage ; aisi:modality ?modality ; aisi:evidence ?evidence .
  OPTIONAL { ?claim cito:citesAsEvidence/aisi:number ?number }
  OPTIONAL { ?discrepancy aisi:involvesClaim ?claim }
}"""
)


@dataclass(frozen=True)
class Section:
    """Hold a section of a source.

    :param number: its number.
    :param title: what it is about; empty where nobody says.
    :param claims: how many claims it has.
    :param first_page: the first page with one.
    :param last_page: the last page with one.
    """

    number: str
    title: str
    claims: int
    first_page: int
    last_page: int

    @property
    def depth(self) -> int:
        """Say how deep it lies: 0 for a chapter."""
        return self.number.count(".")


@dataclass(frozen=True)
class SourceRecord:
    """Hold what the page about a source shows.

    :param work: title, date, address, authors and publishers.
    :param sections: its sections in order.
    :param sha256: the digest of its text; empty where not stated.
    :param pages: how many pages it has; empty where not stated.
    :param languages: the languages that it is written in.
    :param rights: whose it is and what the dataset takes from it.
    :param notes: what the editors say of it.
    """

    work: Work
    sections: tuple[Section, ...]
    sha256: str
    pages: str
    languages: tuple[str, ...]
    rights: tuple[Value, ...]
    notes: tuple[Value, ...]


@dataclass(frozen=True)
class SectionClaim:
    """Hold a claim in the outline.

    :param claim: the claim, by its statement.
    :param pages: the pages of its passages in the section.
    :param start: where the first of them starts in the normalised text.
    :param modality: how the source puts it.
    :param evidence: how the footnotes bear on it.
    :param footnotes: the numbers of the footnotes that it rests on.
    :param is_disputed: whether it is involved in a disagreement.
    """

    claim: Value
    pages: tuple[int, ...]
    start: int
    modality: Value
    evidence: Value
    footnotes: tuple[int, ...]
    is_disputed: bool


def read_source(source: str, language: str) -> Inquiry[SourceRecord]:
    """Read what is known of a source, and its sections.

    :param source: IRI of the source, as a client may have sent it.
    :param language: the language of texts.
    :returns: what is known.
    :raises UnknownResource: if it is no source of the dataset, or has no title.
    """
    node = (("source", resource_node(source)),)
    about = yield QueryRequest(_ABOUT, bindings=node)
    works = (yield from read_works([source])) if about else {}
    if source not in works:
        raise UnknownResource(f"<{source[:200]}> is no source of this dataset.")
    counted = yield QueryRequest(_SECTIONS, bindings=node)
    titles = _titles((yield QueryRequest(_TITLES, bindings=node)), language)
    sections = [
        Section(
            each["section"].value,
            titles.get(each["section"].value, ""),
            int(each["claims"].value),
            int(each["first"].value),
            int(each["last"].value),
        )
        for each in counted
        if "section" in each
    ]
    names = yield from names_of([], language)

    def values(property_: str) -> list[RdfTerm]:
        return in_one_language((each["o"] for each in about if each["p"].value == property_), language)

    def first(property_: str) -> str:
        return next((term.value for term in values(property_)), "")

    dcterms, skos = "http://purl.org/dc/terms/", "http://www.w3.org/2004/02/skos/core#"
    return SourceRecord(
        works[source],
        tuple(sorted(sections, key=lambda each: natural_key(each.number))),
        first(AISI + "sha256"),
        first("https://schema.org/numberOfPages"),
        tuple(term.value for term in values(dcterms + "language")),
        tuple(value_of(term, names, language) for term in values(dcterms + "rights")),
        tuple(value_of(term, names, language) for term in values(skos + "editorialNote")),
    )


def _titles(solutions: Iterable[Solution], language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for solution in solutions:
        title = solution["title"]
        if isinstance(title, Literal) and title.language == language:
            found[solution["section"].value] = title.value
    return found


def read_section(source: str, section: str, language: str) -> Inquiry[tuple[SectionClaim, ...]]:
    """Read the claims of a section in the order of the text.

    :param source: IRI of the source.
    :param section: the number of the section, as a client may have sent it.
    :param language: the language of texts.
    :returns: the claims; none where there is no such section.
    """
    bindings = (("source", NamedNode(source)), ("section", Literal(section)))
    placed = yield QueryRequest(_OF_SECTION, bindings=bindings)
    detailed = _grouped((yield QueryRequest(_DETAILS, bindings=bindings)))
    places: dict[str, list[Solution]] = {}
    for each in placed:
        places.setdefault(each["other"].value, []).append(each)
    concepts = {
        each[name].value for group in detailed.values() for each in group for name in ("modality", "evidence")
    }
    names = yield from names_of([*places, *concepts], language)
    found = []
    for claim in in_order_of_text(placed):
        group = detailed.get(claim)
        if group is None:
            continue
        found.append(
            SectionClaim(
                names.of(claim),
                tuple(sorted({int(each["page"].value) for each in places[claim]})),
                min(int(each["from"].value) for each in places[claim]),
                names.of(group[0]["modality"].value),
                names.of(group[0]["evidence"].value),
                tuple(sorted({int(each["number"].value) for each in group if "number" in each})),
                any("discrepancy" in each for each in group),
            )
        )
    return tuple(found)


def _grouped(solutions: Iterable[Solution]) -> dict[str, list[Solution]]:
    groups: dict[str, list[Solution]] = {}
    for solution in solutions:
        if "claim" in solution:
            groups.setdefault(solution["claim"].value, []).append(solution)
    return groups
