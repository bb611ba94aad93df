"""Name resources and say values for people, in one language: what every page about a thing needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import AISI, BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm, text_of_term
from aisi_kg.store.library.records import LANGUAGES

__all__ = ["Names", "Value", "in_one_language", "names_of", "resource_node", "value_of", "values_clause"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATES = frozenset(_XSD + name for name in ("date", "gYear", "gYearMonth"))
_NUMBERS = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long"))

_NAMES = """PREFIX aisi: <{aisi}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?resource ?name WHERE {{
  VALUES ?resource {{ {resources} }}
  ?resource skos:prefLabel|rdfs:label|dcterms:title|aisi:statement ?name .
}}
ORDER BY ?resource ?name"""
_PLACES = """PREFIX aisi: <{aisi}>
SELECT ?resource ?number ?section ?page WHERE {{
  VALUES ?resource {{ {resources} }}
  {{ ?resource aisi:number ?number ; a aisi:Footnote }}
  UNION {{ ?resource aisi:section ?section ; aisi:page ?page }}
}}
ORDER BY ?resource ?number ?section ?page"""
_FOOTNOTE = {"en": "Footnote {number}", "zh": "脚注{number}"}
_PASSAGE = {"en": "Section {section}, page {page}", "zh": "{section}节，第{page}页"}


@dataclass(frozen=True, slots=True)
class Value:
    """Hold a term as people read it.

    :param text: its name, or what it says; of dates and numbers as RDF writes them.
    :param iri: the resource that it is; empty where it is a literal.
    :param kind: ``resource``, ``date``, ``number``, ``boolean`` or ``text``.
    :param language: the language of the text, where it is said in another than that of the page, else empty.
    """

    text: str
    iri: str = ""
    kind: str = "text"
    language: str = ""

    @property
    def is_ours(self) -> bool:
        """Tell whether there is a page about it."""
        return self.iri.startswith(BASE)


class Names:
    """Give the names of resources.

    :param found: the names by IRI.
    """

    def __init__(self, found: Mapping[str, Value]) -> None:
        self._found = found

    def of(self, iri: str) -> Value:
        """Name a resource.

        :param iri: the resource.
        :returns: its name; where it has none, the end of its IRI.
        """
        return self._found.get(iri) or Value(_end(iri), iri, "resource")

    def __contains__(self, iri: str) -> bool:
        return iri in self._found


def _end(iri: str) -> str:
    """Take the part of an IRI that tells it from others."""
    own = iri.removeprefix(BASE)
    cut = max(own.rfind("/"), own.rfind("#")) + 1
    return (own[cut:] or own) if own != iri or iri.count("/") > 2 else iri


def resource_node(iri: str) -> NamedNode:
    """Make a term of what a client has sent as an IRI.

    :param iri: the IRI.
    :returns: the term.
    :raises UnknownResource: if it is no IRI, so that nothing can be said of it.
    """
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise UnknownResource("This address is no IRI; the dataset says nothing about it.") from error


def values_clause(iris: Iterable[str]) -> str:
    """Write IRIs as the rows of VALUES.

    :param iris: IRIs of the dataset, and none that a client has sent.
    :returns: the rows, each IRI once.
    """
    return " ".join(str(NamedNode(iri)) for iri in sorted(set(iris)))


def names_of(terms: Iterable["RdfTerm | str"], language: str) -> Inquiry[Names]:
    """Find the names of resources.

    :param terms: terms of the dataset, and none that a client has sent; literals are passed over.
    :param language: the language that is wanted; another where there is no name in it.
    :returns: the names of those that have one; a footnote is named by its number, a passage by its place.
    """
    iris = {term if isinstance(term, str) else term.value for term in terms if not _is_nameless(term)}
    if not iris:
        return Names({})
    texts: dict[str, list[Literal]] = {}
    for solution in (yield QueryRequest(_NAMES.format(aisi=AISI, resources=values_clause(iris)))):
        name = solution["name"]
        if isinstance(name, Literal):
            texts.setdefault(solution["resource"].value, []).append(name)
    found = {iri: _named(iri, literals, language) for iri, literals in texts.items()}
    nameless = {iri for iri in iris - found.keys() if iri.startswith(BASE)}
    if nameless:
        for solution in (yield QueryRequest(_PLACES.format(aisi=AISI, resources=values_clause(nameless)))):
            iri = solution["resource"].value
            template = _FOOTNOTE if "number" in solution else _PASSAGE
            places = {name: text_of_term(solution, name) for name in ("number", "section", "page")}
            found[iri] = Value(template[language].format_map(places), iri, "resource")
    return Names(found)


def _is_nameless(term: "RdfTerm | str") -> bool:
    return isinstance(term, Literal | BlankNode)


def _named(iri: str, literals: Sequence[Literal], language: str) -> Value:
    best = min(literals, key=lambda each: (_rank(each.language or "", language), each.value))
    other = best.language or ""
    return Value(best.value, iri, "resource", other if other != language else "")


def _rank(own: str, wanted: str) -> int:
    """Order languages: the one that is wanted, ours, none, others."""
    if own == wanted:
        return 0
    return 1 if own in LANGUAGES else 2 if not own else 3


def value_of(term: RdfTerm, names: Names, language: str) -> Value:
    """Say a term.

    :param term: the term.
    :param names: the names of resources.
    :param language: the language of the page.
    :returns: the term as people read it.
    """
    if not isinstance(term, Literal):
        return names.of(term.value) if isinstance(term, NamedNode) else Value(term.value)
    datatype = term.datatype.value
    if datatype in _DATES:
        return Value(term.value, kind="date")
    if datatype in _NUMBERS:
        return Value(term.value, kind="number")
    if datatype == _XSD + "boolean":
        return Value("true" if term.value in ("true", "1") else "false", kind="boolean")
    own = term.language or ""
    return Value(term.value, language=own if own != language else "")


def in_one_language(terms: Iterable[RdfTerm], language: str) -> list[RdfTerm]:
    """Leave out texts in other languages where the same is said in the language that is wanted.

    :param terms: the values of one property.
    :param language: the language that is wanted.
    :returns: the values that are to be shown, each once.
    """
    found = list(dict.fromkeys(terms))
    if not any(isinstance(term, Literal) and term.language == language for term in found):
        return found
    return [term for term in found if not isinstance(term, Literal) or term.language in (None, "", language)]
