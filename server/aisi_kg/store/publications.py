"""Read footnotes and publications, and which claims rest on each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import AISI
from aisi_kg.graph.style import natural_key
from aisi_kg.store.claim_record import Discrepancy, discrepancies_of
from aisi_kg.store.claims import Work, read_works
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.naming import Value, in_one_language, names_of, resource_node, value_of, values_clause

__all__ = [
    "FootnoteRecord",
    "Listed",
    "PublicationRecord",
    "Resting",
    "list_footnotes",
    "list_publications",
    "read_footnote",
    "read_publication",
]

_PREFIXES = f"""PREFIX aisi: <{AISI}>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_FOOTNOTES = (
    _PREFIXES
    + """SELECT ?footnote ?number ?page ?source ?work ?accessed ?printed ?note WHERE {
  ?footnote a aisi:Footnote ; aisi:number ?number .
  OPTIONAL { ?footnote aisi:page ?page }
  OPTIONAL { ?footnote dcterms:isPartOf ?source }
  OPTIONAL { ?footnote cito:cites ?work }
  OPTIONAL { ?footnote aisi:accessed ?accessed }
  OPTIONAL { ?footnote aisi:titleAsPrinted ?printed }
  OPTIONAL { ?footnote skos:editorialNote ?note }
}
ORDER BY ?source ?number ?work"""
)
_CITES = "OPTIONAL { ?footnote cito:cites ?work }"
_RESTING = (
    _PREFIXES
    + """SELECT ?footnote ?claim ?evidence WHERE {{
  VALUES ?footnote {{ {footnotes} }}
  ?claim cito:citesAsEvidence ?footnote ; aisi:evidence ?evidence .
}}
ORDER BY ?footnote ?claim"""
)
_CITING = _PREFIXES + "SELECT ?footnote ?claim WHERE { ?claim cito:citesAsEvidence ?footnote }"


@dataclass(frozen=True)
class Resting:
    """Hold a claim that rests on a footnote.

    :param claim: the claim, by its statement.
    :param evidence: how the footnote bears on it.
    """

    claim: Value
    evidence: Value


@dataclass(frozen=True)
class FootnoteRecord:
    """Hold a footnote of a source.

    :param iri: the footnote.
    :param number: its number.
    :param page: the page at whose foot it stands; empty where not stated.
    :param source: the source.
    :param works: what it cites.
    :param accessed: when the source's authors looked at it; empty where not stated.
    :param printed: the title as the source prints it, where that is another.
    :param notes: what the editors say of it.
    :param claims: the claims that rest on it.
    :param resting: the same in words and in order, where the record is of one footnote.
    """

    iri: str
    number: int
    page: str
    source: str
    works: tuple[Work, ...]
    accessed: str
    printed: tuple[Value, ...]
    notes: tuple[Value, ...]
    claims: frozenset[str]
    resting: tuple[Resting, ...] = ()


@dataclass(frozen=True)
class PublicationRecord:
    """Hold a publication.

    :param work: title, date, address, authors and publishers.
    :param footnotes: the footnotes that cite it, with the claims that rest on each.
    :param discrepancies: places of disagreement that it is involved in.
    """

    work: Work
    footnotes: tuple[FootnoteRecord, ...]
    discrepancies: tuple[Discrepancy, ...]


@dataclass(frozen=True)
class Listed:
    """Hold a publication in a list.

    :param work: title, date, address, authors and publishers.
    :param footnotes: IRI and number of each footnote that cites it.
    :param claims: how many claims rest on them.
    """

    work: Work
    footnotes: tuple[tuple[str, int], ...]
    claims: int


def _footnotes(language: str, *, footnote: str = "", work: str = "") -> Inquiry[list[FootnoteRecord]]:
    """Read all footnotes, or one of them, or those that cite a work."""
    bound = {"footnote": footnote, "work": work}
    bindings = tuple((name, resource_node(iri)) for name, iri in bound.items() if iri)
    # A variable that is bound from outside restricts nothing within OPTIONAL.
    text = _FOOTNOTES.replace(_CITES, _CITES.removeprefix("OPTIONAL ")) if work else _FOOTNOTES
    solutions = yield QueryRequest(text, bindings=bindings)
    citing: dict[str, set[str]] = {}
    for each in (yield QueryRequest(_CITING)):
        citing.setdefault(each["footnote"].value, set()).add(each["claim"].value)
    works = yield from read_works(each["work"].value for each in solutions if "work" in each)
    groups: dict[str, list[Solution]] = {}
    for each in solutions:
        groups.setdefault(each["footnote"].value, []).append(each)
    names = yield from names_of([], language)
    found = []
    for iri, group in groups.items():
        first = group[0]
        cited = dict.fromkeys(each["work"].value for each in group if "work" in each)

        def texts(name: str, group: list[Solution] = group) -> tuple[Value, ...]:
            terms = in_one_language((each[name] for each in group if name in each), language)
            return tuple(value_of(term, names, language) for term in terms)

        found.append(
            FootnoteRecord(
                iri,
                int(first["number"].value),
                text_of_term(first, "page"),
                text_of_term(first, "source"),
                tuple(works.get(work, Work(work)) for work in cited),
                text_of_term(first, "accessed"),
                texts("printed"),
                texts("note"),
                frozenset(citing.get(iri, ())),
            )
        )
    return found


def list_footnotes(language: str) -> Inquiry[tuple[FootnoteRecord, ...]]:
    """List the footnotes of all sources.

    :param language: the language of texts.
    :returns: the footnotes by source and number.
    """
    return tuple((yield from _footnotes(language)))


def read_footnote(footnote: str, language: str) -> Inquiry[FootnoteRecord]:
    """Read a footnote, and which claims rest on it.

    :param footnote: IRI of the footnote, as a client may have sent it.
    :param language: the language of texts.
    :returns: the footnote.
    :raises UnknownResource: if it is no footnote of the dataset.
    """
    found = yield from _footnotes(language, footnote=footnote)
    if not found:
        raise UnknownResource(f"<{footnote[:200]}> is no footnote of this dataset.")
    resting = yield from _resting([footnote], language)
    return replace(found[0], resting=resting.get(footnote, ()))


def _resting(footnotes: Iterable[str], language: str) -> Inquiry[dict[str, tuple[Resting, ...]]]:
    solutions = yield QueryRequest(_RESTING.format(footnotes=values_clause(footnotes)))
    names = yield from names_of(
        (each[name] for each in solutions for name in ("claim", "evidence")), language
    )
    groups: dict[str, list[Resting]] = {}
    for each in sorted(solutions, key=lambda each: natural_key(each["claim"].value)):
        resting = Resting(names.of(each["claim"].value), names.of(each["evidence"].value))
        groups.setdefault(each["footnote"].value, []).append(resting)
    return {footnote: tuple(group) for footnote, group in groups.items()}


def read_publication(publication: str, language: str) -> Inquiry[PublicationRecord]:
    """Read a publication, the footnotes that cite it and the claims that rest on them.

    :param publication: IRI of the publication, as a client may have sent it.
    :param language: the language of texts.
    :returns: the publication.
    :raises UnknownResource: if no footnote cites it, or it has no title.
    """
    found = yield from _footnotes(language, work=publication)
    works = (yield from read_works([publication])) if found else {}
    if publication not in works:
        raise UnknownResource(f"No footnote of this dataset cites <{publication[:200]}>.")
    resting = yield from _resting([each.iri for each in found], language)
    discrepancies = yield from discrepancies_of([publication], language)
    return PublicationRecord(
        works[publication],
        tuple(replace(each, resting=resting.get(each.iri, ())) for each in found),
        discrepancies,
    )


def list_publications(language: str) -> Inquiry[tuple[Listed, ...]]:
    """List the publications that footnotes cite.

    :param language: the language of names.
    :returns: the publications by title.
    """
    footnotes = yield from _footnotes(language)
    by_work: dict[str, list[FootnoteRecord]] = {}
    works: dict[str, Work] = {}
    for footnote in footnotes:
        for work in footnote.works:
            works[work.iri] = work
            by_work.setdefault(work.iri, []).append(footnote)
    found = [
        Listed(
            works[iri],
            tuple((each.iri, each.number) for each in group),
            len(frozenset[str]().union(*(each.claims for each in group))),
        )
        for iri, group in by_work.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.work.title(language).casefold(), each.work.iri)))
