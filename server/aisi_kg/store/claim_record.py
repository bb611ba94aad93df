"""Read what the page about a claim shows: what it says in words, and what it has to do with other claims."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.cite import Cited, cited
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm, Solution, text_of_term
from aisi_kg.store.naming import Names, Value, in_one_language, names_of, value_of, values_clause

__all__ = [
    "ClaimRecord",
    "Discrepancy",
    "Statement",
    "Subject",
    "discrepancies_of",
    "in_order_of_text",
    "read_claim_record",
]

_PREFIXES = f"""PREFIX aisi: <{AISI}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# They repeat the date beside them for machines, which compare and sort by them.
_BOUNDS = frozenset([AISI + "earliestDate", AISI + "latestDate"])

_SAYS = "SELECT ?s ?p ?o WHERE { GRAPH ?claim { ?s ?p ?o } } ORDER BY ?s ?p ?o"
_ABOUT = (
    _PREFIXES
    + """SELECT ?p ?o WHERE {
  ?claim ?p ?o .
  FILTER(?p IN (aisi:reviewed, aisi:tableRow, aisi:tableColumn, aisi:restates, skos:editorialNote))
}
ORDER BY ?p ?o"""
)
_RESTATED = _PREFIXES + "SELECT ?other WHERE { ?other aisi:restates ?claim } ORDER BY ?other"
_MEANING = (
    _PREFIXES
    + """SELECT ?code ?definition WHERE {{
  VALUES ?code {{ {codes} }}
  ?code skos:definition ?definition .
}}"""
)
_SHA256 = (
    _PREFIXES + "SELECT ?sha256 WHERE { ?claim prov:hadPrimarySource ?source . ?source aisi:sha256 ?sha256 }"
)
_NEIGHBOURS = (
    _PREFIXES
    + """SELECT ?other ?from ?to WHERE {
  ?passage aisi:section ?section ; dcterms:isPartOf ?source ; oa:start ?from ; oa:end ?to .
  ?other prov:wasQuotedFrom ?passage .
}"""
)
_DISCREPANCIES = (
    _PREFIXES
    + """SELECT ?discrepancy ?kind ?note ?claim ?publication WHERE {{
  {{
    SELECT DISTINCT ?discrepancy WHERE {{
      VALUES ?of {{ {sides} }}
      ?discrepancy aisi:involvesClaim|aisi:involvesPublication ?of
    }}
  }}
  {{ ?discrepancy aisi:discrepancyKind ?kind }}
  UNION {{ ?discrepancy skos:editorialNote ?note }}
  UNION {{ ?discrepancy aisi:involvesClaim ?claim }}
  UNION {{ ?discrepancy aisi:involvesPublication ?publication }}
}}
ORDER BY ?discrepancy ?kind ?note ?claim ?publication"""
)


@dataclass(frozen=True)
class Statement:
    """Hold what is said of one thing with one property.

    :param property: the property.
    :param values: its values.
    """

    property: Value
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Subject:
    """Hold what a claim says of one thing.

    :param thing: the thing.
    :param kinds: what the claim says that it is.
    :param statements: what it says of it besides.
    """

    thing: Value
    kinds: tuple[Value, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Discrepancy:
    """Hold a place where a source disagrees with itself or with what it cites.

    :param discrepancy: the place, by its name.
    :param kinds: in what respect.
    :param notes: what the editors say of it.
    :param claims: the claims on its sides.
    :param publications: the publications on its sides.
    """

    discrepancy: Value
    kinds: tuple[Value, ...]
    notes: tuple[Value, ...]
    claims: tuple[Value, ...]
    publications: tuple[Value, ...]


@dataclass(frozen=True)
class ClaimRecord:
    """Hold what the page about a claim shows.

    :param cited: the claim with passages, footnotes and publications, and the dataset.
    :param subjects: what it says, thing by thing, those first that it speaks of by themselves.
    :param modality_meaning: what its modality means; empty where nobody says.
    :param evidence_meaning: what its kind of evidence means; empty where nobody says.
    :param reviewed: when it was read against the source by somebody who had not written it.
    :param cell: row and column of the table whose cell makes it.
    :param notes: what the editors say of it.
    :param restates: claims with a footnote that say the same.
    :param restated_by: claims that rest on this one's footnotes.
    :param discrepancies: places of disagreement that it is involved in.
    :param section: the section of its first passage; empty where it has none.
    :param place: its place among the claims of the section, from 1.
    :param number: how many claims the section has.
    :param previous: the claim before it there.
    :param following: the claim behind it there.
    :param sha256: the digest of the source's text.
    """

    cited: Cited
    subjects: tuple[Subject, ...]
    modality_meaning: str
    evidence_meaning: str
    reviewed: tuple[str, ...]
    cell: tuple[Value, ...]
    notes: tuple[Value, ...]
    restates: tuple[Value, ...]
    restated_by: tuple[Value, ...]
    discrepancies: tuple[Discrepancy, ...]
    section: str
    place: int
    number: int
    previous: Value | None
    following: Value | None
    sha256: str


def read_claim_record(claim: str, language: str, accessed: str) -> Inquiry[ClaimRecord]:
    """Read what the page about a claim shows.

    :param claim: IRI of the claim, as a client may have sent it.
    :param language: the language of the page.
    :param accessed: the day on which it is looked at, which citations name.
    :returns: what it shows.
    :raises UnknownResource: if the dataset has no such claim, or not all that a citation names.
    """
    what = yield from cited(claim, accessed)
    node = (("claim", NamedNode(claim)),)
    said = yield QueryRequest(_SAYS, bindings=node)
    about = yield QueryRequest(_ABOUT, bindings=node)
    retold = [each["other"].value for each in (yield QueryRequest(_RESTATED, bindings=node))]
    digests = yield QueryRequest(_SHA256, bindings=node)
    own = [each["o"].value for each in about if each["p"].value == AISI + "restates"]
    meanings = yield from _meanings([what.claim.modality[0], what.claim.evidence[0]], language)
    section, beside = yield from _section(what)
    place = beside.index(claim) if claim in beside else -1
    previous = beside[place - 1] if place > 0 else ""
    following = beside[place + 1] if 0 <= place < len(beside) - 1 else ""
    discrepancies = yield from discrepancies_of([claim], language)
    terms = [each[name] for each in said for name in ("s", "p", "o")]
    others = [iri for iri in (*own, *retold, previous, following) if iri]
    names = yield from names_of([*terms, *(each["o"] for each in about), *others], language)

    def stated(*properties: str) -> tuple[RdfTerm, ...]:
        return tuple(each["o"] for each in about if each["p"].value in properties)

    notes = in_one_language(stated("http://www.w3.org/2004/02/skos/core#editorialNote"), language)
    return ClaimRecord(
        what,
        tuple(_subjects(said, names, language)),
        meanings.get(what.claim.modality[0], ""),
        meanings.get(what.claim.evidence[0], ""),
        tuple(term.value for term in stated(AISI + "reviewed")),
        tuple(names.of(term.value) for term in stated(AISI + "tableRow") + stated(AISI + "tableColumn")),
        tuple(value_of(term, names, language) for term in notes),
        tuple(names.of(iri) for iri in own),
        tuple(names.of(iri) for iri in retold),
        discrepancies,
        section,
        place + 1,
        len(beside),
        names.of(previous) if previous else None,
        names.of(following) if following else None,
        text_of_term(digests[0], "sha256") if digests else "",
    )


def _meanings(codes: Iterable[str], language: str) -> Inquiry[dict[str, str]]:
    solutions = yield QueryRequest(_MEANING.format(codes=values_clause(codes)))
    found: dict[str, str] = {}
    for solution in solutions:
        definition = solution["definition"]
        if isinstance(definition, Literal) and definition.language == language:
            found[solution["code"].value] = definition.value
    return found


def _section(what: Cited) -> Inquiry[tuple[str, list[str]]]:
    """Find the claims of the section in which a claim's first passage stands, in the order of the text."""
    if not what.claim.passages:
        return "", []
    section = what.claim.passages[0].section
    bindings = (("source", NamedNode(what.claim.source.iri)), ("section", Literal(section)))
    solutions = yield QueryRequest(_NEIGHBOURS, bindings=bindings)
    return section, in_order_of_text(solutions)


def in_order_of_text(solutions: Iterable[Solution]) -> list[str]:
    """Order claims as tables do: by the first start, the last start and the last end of their passages.

    :param solutions: the claim ``other``, with ``from`` and ``to`` of each of its passages.
    :returns: the claims, each once.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for each in solutions:
        places.setdefault(each["other"].value, []).append((int(each["from"].value), int(each["to"].value)))

    def key(claim: str) -> tuple[int, int, int, str]:
        starts, ends = zip(*places[claim], strict=True)
        return min(starts), max(starts), max(ends), claim

    return sorted(places, key=key)


def _subjects(said: Sequence[Solution], names: Names, language: str) -> Iterable[Subject]:
    by_subject: dict[RdfTerm, dict[str, list[RdfTerm]]] = {}
    for solution in said:
        properties = by_subject.setdefault(solution["s"], {})
        properties.setdefault(solution["p"].value, []).append(solution["o"])
    inner = {each["o"] for each in said if each["o"] != each["s"]}
    # What nothing else in the claim leads to comes first; the rest is what that is made of.
    for subject in sorted(by_subject, key=lambda each: each in inner):
        properties = by_subject[subject]
        kinds = tuple(names.of(term.value) for term in properties.get(_TYPE, ()))
        statements = tuple(
            Statement(
                names.of(property_),
                tuple(value_of(term, names, language) for term in in_one_language(terms, language)),
            )
            for property_, terms in properties.items()
            if property_ != _TYPE and property_ not in _BOUNDS
        )
        yield Subject(value_of(subject, names, language), kinds, statements)


def discrepancies_of(sides: Iterable[str], language: str) -> Inquiry[tuple[Discrepancy, ...]]:
    """Find the places of disagreement that claims or publications are involved in.

    :param sides: IRIs of claims and publications of the dataset, and none that a client has sent.
    :param language: the language of texts.
    :returns: the places, by their names.
    """
    iris = list(sides)
    if not iris:
        return ()
    solutions = yield QueryRequest(_DISCREPANCIES.format(sides=values_clause(iris)))
    groups: dict[str, dict[str, list[RdfTerm]]] = {}
    for solution in solutions:
        group = groups.setdefault(solution["discrepancy"].value, {})
        for name, term in solution.items():
            group.setdefault(name, []).append(term)
    names = yield from names_of(
        [*groups, *(t for g in groups.values() for ts in g.values() for t in ts)], language
    )

    def said(group: dict[str, list[RdfTerm]], name: str) -> tuple[Value, ...]:
        terms = in_one_language(group.get(name, ()), language)
        return tuple(value_of(term, names, language) for term in terms)

    found = [
        Discrepancy(
            names.of(iri),
            said(group, "kind"),
            said(group, "note"),
            said(group, "claim"),
            said(group, "publication"),
        )
        for iri, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.discrepancy.text, each.discrepancy.iri)))
