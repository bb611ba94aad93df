"""Gather from the store what can be searched for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pyoxigraph import Literal

from aisi_kg.graph.prefixes import AISI, BASE, ENTITIES_GRAPH, ENTITY_BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.library.records import LANGUAGES, Text
from aisi_kg.store.wording import date_text

__all__ = ["Document", "Field", "Kind", "Role", "gather"]


_NOTHING = Text(en="", zh="")


class Kind(StrEnum):
    """Name what is found. The order is that of groups whose best hits are equally good."""

    ENTITY = "entity"
    CLAIM = "claim"
    PUBLICATION = "publication"
    FOOTNOTE = "footnote"
    TERM = "term"
    QUERY = "query"


class Role(StrEnum):
    """Name what a text is to what it belongs to."""

    LABEL = "label"
    ALTERNATIVE = "alternative"
    IDENTIFIER = "identifier"
    TEXT = "text"


class Field(NamedTuple):
    """Hold one text that can be found.

    :param role: what it is.
    :param language: its language; empty where it has none.
    :param text: the text.
    """

    role: Role
    language: str
    text: str


@dataclass
class Document:
    """Hold what can be found.

    :param iri: its IRI.
    :param kind: what it is.
    :param fields: the texts by which it is found.
    :param classes: its classes, the one that it was declared with first.
    :param note: what tells it from its namesakes, in both languages.
    :param mentions: how many statements are about it.
    """

    iri: str
    kind: Kind
    fields: list[Field] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    note: Text = _NOTHING
    mentions: int = 0

    def label(self, language: str) -> str:
        """Name it.

        :param language: ``en`` or ``zh``.
        :returns: its name in that language, else the one that it has, else the end of its IRI.
        """
        return next(
            (text for role, own, text in self.fields if role is Role.LABEL and own == language),
            next(
                (text for role, _, text in self.fields if role is Role.LABEL),
                self.iri.removeprefix(BASE),
            ),
        )

    @property
    def path(self) -> str:
        """Give the path at which the server answers for it.

        :returns: the path, not encoded.
        """
        return "/" + self.iri.removeprefix(BASE)


_PREFIXES = """PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_IN_ENTITIES = f'FILTER(STRSTARTS(STR(?resource), "{ENTITY_BASE}"))'

_NAMES = f"""SELECT DISTINCT ?resource ?role ?text WHERE {{
  VALUES (?property ?role) {{
    (skos:prefLabel "label") (rdfs:label "label")
    (skos:altLabel "alternative") (schema:alternateName "alternative")
  }}
  ?resource ?property ?text {_IN_ENTITIES}
}} ORDER BY ?resource ?role ?text"""
_DECLARED = (
    f"SELECT ?resource ?class WHERE {{ GRAPH <{ENTITIES_GRAPH}> {{ ?resource a ?class }} {_IN_ENTITIES} }}"
)
# A large dataset may say much of what has no name.
_NAMED = f"""{{ SELECT DISTINCT ?resource WHERE {{
    VALUES ?naming {{ skos:prefLabel rdfs:label skos:altLabel schema:alternateName }}
    ?resource ?naming ?name {_IN_ENTITIES}
  }} }}"""
_CLASSES = f"""SELECT ?resource ?class WHERE {{
  {_NAMED}
  ?resource a ?class
}} ORDER BY ?resource ?class"""
_ITEMS = f"""SELECT ?resource ?item WHERE {{
  ?resource skos:exactMatch ?item {_IN_ENTITIES}
}} ORDER BY ?resource ?item"""
_MENTIONS = f"""SELECT ?resource (COUNT(?other) AS ?mentions) WHERE {{
  {_NAMED}
  ?other ?property ?resource
}} GROUP BY ?resource"""
_STATEMENTS = (
    "SELECT ?resource ?text WHERE { ?resource a aisi:Claim ; aisi:statement ?text } ORDER BY ?resource ?text"
)
_WORKS = """SELECT DISTINCT ?resource ?text ?publisher ?date WHERE {
  ?resource a fabio:Work ; dcterms:title ?text .
  OPTIONAL { ?resource dcterms:publisher/rdfs:label ?publisher }
  OPTIONAL { ?resource dcterms:issued ?date }
} ORDER BY ?resource ?text ?publisher ?date"""
_FOOTNOTES = """SELECT DISTINCT ?resource ?number ?text WHERE {
  ?resource a aisi:Footnote ; aisi:number ?number .
  OPTIONAL { ?resource cito:cites/dcterms:title ?text }
} ORDER BY ?resource ?text"""
_TERMS = f"""SELECT DISTINCT ?resource ?role ?text WHERE {{
  VALUES (?property ?role) {{
    (rdfs:label "label") (skos:prefLabel "label") (skos:altLabel "alternative") (skos:definition "text")
  }}
  ?resource ?property ?text FILTER(STRSTARTS(STR(?resource), "{AISI}"))
}} ORDER BY ?resource ?role ?text"""
_TERM_CLASSES = f"""SELECT DISTINCT ?resource ?class WHERE {{
  ?resource a ?class ; rdfs:label ?text FILTER(STRSTARTS(STR(?resource), "{AISI}"))
}} ORDER BY ?resource ?class"""
_QUERIES = """SELECT DISTINCT ?resource ?role ?text WHERE {
  VALUES (?property ?role) {
    (rdfs:label "label") (rdfs:comment "text")
    (dcterms:identifier "identifier") (schema:keywords "alternative")
  }
  ?resource a sh:SPARQLExecutable ; ?property ?text
} ORDER BY ?resource ?role ?text"""
_CLASS_LABELS = f"""SELECT DISTINCT ?resource ?text WHERE {{
  GRAPH <{ENTITIES_GRAPH}> {{ ?thing a ?resource }}
  ?resource rdfs:label ?text
}} ORDER BY ?resource ?text"""

_FOOTNOTE = Text(en="Footnote", zh="脚注")


def gather(*, with_claims: bool = True) -> Inquiry[list[Document]]:
    """Gather what can be searched for.

    :param with_claims: whether that includes claims; a large dataset has too many to hold their words.
    :returns: an inquiry that gives the documents, by kind and IRI.
    """
    documents: list[Document] = []
    documents += yield from _entities()
    if with_claims:
        documents += yield from _claims()
    documents += yield from _publications()
    documents += yield from _footnotes()
    documents += yield from _named(_TERMS, Kind.TERM)
    terms = {each.iri: each for each in documents if each.kind is Kind.TERM}
    for solution in (yield _asked(_TERM_CLASSES)):
        if solution["resource"].value in terms:
            terms[solution["resource"].value].classes.append(solution["class"].value)
    for term in terms.values():
        term.fields.append(Field(Role.IDENTIFIER, "", term.iri.removeprefix(AISI)))
    documents += yield from _named(_QUERIES, Kind.QUERY)
    return documents


def _asked(text: str) -> QueryRequest:
    return QueryRequest(_PREFIXES + text)


def _language(solution: Solution, name: str = "text") -> str:
    term = solution.get(name)
    language = term.language if isinstance(term, Literal) else None
    # A tag may name a script or a country too.
    return (language or "").partition("-")[0]


def _named(query: str, kind: Kind) -> Inquiry[list[Document]]:
    """Make a document of each resource, with the texts that a query gives by their roles."""
    found: dict[str, Document] = {}
    for solution in (yield _asked(query)):
        iri = solution["resource"].value
        document = found.setdefault(iri, Document(iri, kind))
        text = Field(Role(solution["role"].value), _language(solution), solution["text"].value)
        if not any(text[1:] == other[1:] for other in document.fields):
            document.fields.append(text)
    return list(found.values())


def _entities() -> Inquiry[list[Document]]:
    documents = yield from _named(_NAMES, Kind.ENTITY)
    found = {document.iri: document for document in documents}
    labels: dict[str, dict[str, str]] = {}
    for solution in (yield _asked(_CLASS_LABELS)):
        labels.setdefault(solution["resource"].value, {})[_language(solution)] = solution["text"].value
    for query in (_DECLARED, _CLASSES):
        for solution in (yield _asked(query)):
            document = found.get(solution["resource"].value)
            if document is not None and solution["class"].value not in document.classes:
                document.classes.append(solution["class"].value)
    for solution in (yield _asked(_ITEMS)):
        if solution["resource"].value in found:
            identifier = solution["item"].value.rpartition("/")[2]
            found[solution["resource"].value].fields.append(Field(Role.IDENTIFIER, "", identifier))
    for solution in (yield _asked(_MENTIONS)):
        if solution["resource"].value in found:
            found[solution["resource"].value].mentions = int(solution["mentions"].value)
    for document in documents:
        document.fields.append(Field(Role.IDENTIFIER, "", document.iri.removeprefix(ENTITY_BASE)))
        document.note = _both(labels.get(document.classes[0], {})) if document.classes else _NOTHING
    return documents


def _both(texts: dict[str, str]) -> Text:
    first = next(iter(texts.values()), "")
    return Text(**{language: texts.get(language, first) for language in LANGUAGES})


def _claims() -> Inquiry[list[Document]]:
    found: dict[str, Document] = {}
    for solution in (yield _asked(_STATEMENTS)):
        iri = solution["resource"].value
        if iri not in found:
            local = iri.rpartition("/")[2]
            found[iri] = Document(iri, Kind.CLAIM, [Field(Role.IDENTIFIER, "", local)], [AISI + "Claim"])
        found[iri].fields.append(Field(Role.LABEL, _language(solution), solution["text"].value))
    return list(found.values())


def _publications() -> Inquiry[list[Document]]:
    found: dict[str, Document] = {}
    publishers: dict[str, dict[str, str]] = {}
    dates: dict[str, str] = {}
    for solution in (yield _asked(_WORKS)):
        iri = solution["resource"].value
        document = found.setdefault(iri, Document(iri, Kind.PUBLICATION))
        title = Field(Role.LABEL, _language(solution), solution["text"].value)
        if title not in document.fields:
            document.fields.append(title)
        if "publisher" in solution:
            language = _language(solution, "publisher")
            publishers.setdefault(iri, {})[language] = solution["publisher"].value
        dates[iri] = text_of_term(solution, "date")
    for iri, document in found.items():
        names = publishers.get(iri, {})
        document.fields += [Field(Role.TEXT, language, name) for language, name in names.items()]
        document.note = Text(
            **{
                language: ", ".join(
                    part
                    for part in (_both(names).in_language(language), date_text(dates[iri], language))
                    if part
                )
                for language in LANGUAGES
            }
        )
    return list(found.values())


def _footnotes() -> Inquiry[list[Document]]:
    found: dict[str, Document] = {}
    for solution in (yield _asked(_FOOTNOTES)):
        iri = solution["resource"].value
        if iri not in found:
            found[iri] = Document(iri, Kind.FOOTNOTE, list(_numbered(solution["number"].value)))
        if "text" in solution:
            found[iri].fields.append(Field(Role.TEXT, _language(solution), solution["text"].value))
    for document in found.values():
        titles = {language: text for role, language, text in document.fields if role is Role.TEXT}
        document.note = _both(titles)
    return list(found.values())


def _numbered(number: str) -> Iterator[Field]:
    yield Field(Role.LABEL, "en", f"{_FOOTNOTE.en} {number}")
    yield Field(Role.LABEL, "zh", f"{_FOOTNOTE.zh}{number}")
