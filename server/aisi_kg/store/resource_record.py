"""Read what the dataset says of a resource that has no page of its own kind, and what a graph holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import BASE, CLAIM_BASE
from aisi_kg.graph.style import natural_key
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm, Solution
from aisi_kg.store.naming import Names, Value, in_one_language, names_of, resource_node, value_of

__all__ = ["PAGE_LENGTH", "Held", "ResourceRecord", "Said", "read_resource"]

#: How many statements of a graph stand on one page.
PAGE_LENGTH = 100
_SHOWN = 20
# So many lead to what everything leads to, such as a class.
_MOST_LINKS = 2000
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ABOUT = "SELECT ?p ?x ?g WHERE { GRAPH ?g { ?resource ?p ?x } } ORDER BY ?p ?x ?g"
_LINKS = f"SELECT ?p ?x ?g WHERE {{ GRAPH ?g {{ ?x ?p ?resource }} }} LIMIT {_MOST_LINKS}"
_NUMBER = "SELECT ?resource (COUNT(*) AS ?n) WHERE { GRAPH ?resource { ?s ?p ?o } } GROUP BY ?resource"
_TITLE = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
SELECT ?title WHERE { ?part sd:name ?resource ; dcterms:title ?title }
ORDER BY ?title"""
# In the order of the store, which is the same for every page of one dataset; to sort a graph for each page of
# it would take a hundred times as long.
_HELD = "SELECT ?s ?p ?o WHERE {{ GRAPH ?resource {{ ?s ?p ?o }} }} LIMIT {limit} OFFSET {offset}"


@dataclass(frozen=True)
class Said:
    """Hold what is said with one property.

    :param property: the property.
    :param values: the values that are shown, each with the claims that state it.
    :param total: how many there are.
    """

    property: Value
    values: tuple[tuple[Value, tuple[str, ...]], ...]
    total: int


@dataclass(frozen=True)
class Held:
    """Hold what a graph says of one thing.

    :param thing: the thing.
    :param anchor: the part of its IRI that names it within the graph's; empty where it is named otherwise.
    :param statements: property and value of each statement.
    """

    thing: Value
    anchor: str
    statements: tuple[tuple[Value, Value], ...]


@dataclass(frozen=True)
class ResourceRecord:
    """Hold what the dataset says of a resource.

    :param name: its name.
    :param kinds: what it is.
    :param about: what is said of it.
    :param links: what leads to it.
    :param has_more_links: more leads to it than was looked at.
    :param held: what it holds, where it is a graph, on the page that is asked for.
    :param number: how many statements it holds.
    """

    name: Value
    kinds: tuple[Value, ...]
    about: tuple[Said, ...]
    links: tuple[Said, ...]
    has_more_links: bool
    held: tuple[Held, ...]
    number: int


def read_resource(iri: str, language: str, page: int = 1) -> Inquiry[ResourceRecord]:
    """Read what the dataset says of a resource.

    :param iri: the resource, as a client may have sent it.
    :param language: the language of texts.
    :param page: which page of what it holds, from 1.
    :returns: what is said.
    :raises UnknownResource: if nothing is said of it and it is no graph.
    """
    node = (("resource", resource_node(iri)),)
    about = yield QueryRequest(_ABOUT, bindings=node)
    counted = yield QueryRequest(_NUMBER, bindings=node)
    number = int(counted[0]["n"].value) if counted and "n" in counted[0] else 0
    if not about and not number:
        raise UnknownResource(f"The dataset says nothing about <{iri[:200]}>.")
    links = yield QueryRequest(_LINKS, bindings=node)
    held: Sequence[Solution] = ()
    titles: list[RdfTerm] = []
    if number:
        titles = [each["title"] for each in (yield QueryRequest(_TITLE, bindings=node))]
        text = _HELD.format(limit=PAGE_LENGTH, offset=(page - 1) * PAGE_LENGTH)
        held = yield QueryRequest(text, bindings=node)
    grouped = {
        name: _grouped(solutions, language) for name, solutions in (("about", about), ("links", links))
    }
    shown: list[RdfTerm | str] = [iri]
    for groups in grouped.values():
        for property_, values in groups.items():
            shown += [property_, *list(values)[:_SHOWN]]
    shown += [each[name] for each in held for name in ("s", "p", "o")]
    names = yield from names_of(shown, language)
    name = names.of(iri)
    if titles and iri not in names:
        # A graph has the name of the part of the dataset that it is.
        title = value_of(in_one_language(titles, language)[0], names, language)
        name = Value(title.text, iri, "resource", title.language)
    kinds = dict.fromkeys(each["x"].value for each in about if each["p"].value == _TYPE)
    return ResourceRecord(
        name,
        tuple(names.of(kind) for kind in kinds),
        _said({p: v for p, v in grouped["about"].items() if p != _TYPE}, names, language),
        _said(grouped["links"], names, language),
        len(links) >= _MOST_LINKS,
        tuple(_held(held, iri, names, language)),
        number,
    )


def _grouped(solutions: Iterable[Solution], language: str) -> dict[str, dict[RdfTerm, list[str]]]:
    groups: dict[str, dict[RdfTerm, list[str]]] = {}
    for each in solutions:
        claims = groups.setdefault(each["p"].value, {}).setdefault(each["x"], [])
        if each["g"].value.startswith(CLAIM_BASE):
            claims.append(each["g"].value)
    for property_, values in groups.items():
        kept = in_one_language(values, language)
        groups[property_] = {term: values[term] for term in sorted(kept, key=lambda t: natural_key(t.value))}
    return groups


def _said(groups: dict[str, dict[RdfTerm, list[str]]], names: Names, language: str) -> tuple[Said, ...]:
    return tuple(
        Said(
            names.of(property_),
            tuple(
                (value_of(term, names, language), tuple(claims))
                for term, claims in list(values.items())[:_SHOWN]
            ),
            len(values),
        )
        for property_, values in groups.items()
    )


def _held(solutions: Iterable[Solution], iri: str, names: Names, language: str) -> Iterable[Held]:
    groups: dict[RdfTerm, list[tuple[Value, Value]]] = {}
    for each in solutions:
        statement = (names.of(each["p"].value), value_of(each["o"], names, language))
        groups.setdefault(each["s"], []).append(statement)
    for subject, statements in groups.items():
        own = subject.value.removeprefix(iri + "#")
        anchor = own if own != subject.value and iri.startswith(BASE) else ""
        yield Held(value_of(subject, names, language), anchor, tuple(statements))
