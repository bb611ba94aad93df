"""Publish the stored queries in the dataset's own description, and read them back from there.

A query is what SIB's collections of example queries make of it: an ``sh:SPARQLExecutable`` with its text,
the declarations of its prefixes, a comment and keywords. Its parameters are parameters of SHACL
(``sh:Parameter``), its columns those of CSV on the Web (``csvw:Column``). All that a header says is said
here, so that whoever has the dataset has the library. Every node has an IRI below the query's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from aisi_kg.graph.prefixes import AISI, META_GRAPH, ONTOLOGY_GRAPH
from aisi_kg.graph.style import natural_key
from aisi_kg.store.library.records import (
    LANGUAGES,
    QUERY_BASE,
    Column,
    ColumnType,
    Form,
    Library,
    Member,
    Parameter,
    ParameterType,
    StoredQuery,
    Term,
    Text,
)

__all__ = ["describe_library", "library_of", "with_members"]

_CSVW = "http://www.w3.org/ns/csvw#"
_DCTERMS = "http://purl.org/dc/terms/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SCHEMA = "https://schema.org/"
_SH = "http://www.w3.org/ns/shacl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_XSD = "http://www.w3.org/2001/XMLSchema#"

_TYPE, _FIRST, _REST, _NIL = (NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil"))
_LABEL, _COMMENT = NamedNode(_RDFS + "label"), NamedNode(_RDFS + "comment")
_EXECUTABLE = NamedNode(_SH + "SPARQLExecutable")
_ONTOLOGY, _META, _DEFAULT = NamedNode(ONTOLOGY_GRAPH), NamedNode(META_GRAPH), DefaultGraph()
_TRUE = Literal("true", datatype=NamedNode(_XSD + "boolean"))

# SHACL has no class for a DESCRIBE; SIB's collections use sh:describe for its text all the same.
_CLASSES = {
    Form.SELECT: "SPARQLSelectExecutable",
    Form.ASK: "SPARQLAskExecutable",
    Form.CONSTRUCT: "SPARQLConstructExecutable",
}
_DATATYPES = {
    ParameterType.STRING: _XSD + "string",
    ParameterType.INTEGER: _XSD + "integer",
    ParameterType.DATE: _XSD + "date",
    # As LANG() gives it: a string, whose values are listed.
    ParameterType.LANGUAGE: _XSD + "string",
}
#: The datatypes that CSV on the Web has for what stands in a column.
_IN_COLUMNS = {
    ColumnType.IRI: _XSD + "anyURI",
    ColumnType.CLAIM: _XSD + "anyURI",
    ColumnType.LITERAL: _XSD + "anyAtomicType",
    ColumnType.NUMBER: _XSD + "double",
    ColumnType.DATE: _XSD + "date",
    ColumnType.BOOLEAN: _XSD + "boolean",
    ColumnType.LABEL: _RDF + "langString",
}


def describe_library(queries: Iterable[StoredQuery]) -> Iterator[Triple]:
    """Describe stored queries.

    :param queries: the queries.
    :returns: the triples; no blank nodes among them.
    """
    for query in queries:
        node = NamedNode(query.iri)
        yield Triple(node, _TYPE, _EXECUTABLE)
        if query.form in _CLASSES:
            yield Triple(node, _TYPE, NamedNode(_SH + _CLASSES[query.form]))
        yield Triple(node, NamedNode(_DCTERMS + "identifier"), Literal(query.id))
        yield from _both(node, _LABEL, query.title)
        yield from _both(node, _COMMENT, query.description)
        yield Triple(node, NamedNode(_SH + query.form.lower()), Literal(query.text))
        yield Triple(node, NamedNode(_SH + "prefixes"), _ONTOLOGY)
        for tag in query.tags:
            yield Triple(node, NamedNode(_SCHEMA + "keywords"), Literal(tag))
        for service in query.services:
            yield Triple(node, NamedNode(_DCTERMS + "requires"), NamedNode(service))
        for number, parameter in enumerate(query.parameters):
            yield from _parameter(query, number, parameter)
        for number, column in enumerate(query.columns):
            yield from _column(query, number, column)


def _both(node: NamedNode, predicate: NamedNode, text: Text) -> Iterator[Triple]:
    for language in LANGUAGES:
        yield Triple(node, predicate, Literal(text.in_language(language), language=language))


def _parameter(query: StoredQuery, number: int, parameter: Parameter) -> Iterator[Triple]:
    node = NamedNode(f"{query.iri}#parameter-{parameter.name}")
    yield Triple(NamedNode(query.iri), NamedNode(_SH + "parameter"), node)
    yield Triple(node, _TYPE, NamedNode(_SH + "Parameter"))
    # Of a parameter's path, SHACL takes the last part for the name of its variable.
    yield Triple(node, NamedNode(_SH + "path"), NamedNode(f"{query.iri}#{parameter.name}"))
    yield from _both(node, NamedNode(_SH + "name"), parameter.label)
    yield Triple(node, NamedNode(_SH + "order"), _number(number))
    if parameter.type is ParameterType.IRI:
        yield Triple(node, NamedNode(_SH + "nodeKind"), NamedNode(_SH + "IRI"))
    else:
        yield Triple(node, NamedNode(_SH + "datatype"), NamedNode(_DATATYPES[parameter.type]))
    if parameter.of_class is not None:
        yield Triple(node, NamedNode(_SH + "class"), NamedNode(parameter.of_class))
    if parameter.scheme is not None:
        inner = NamedNode(f"{node.value}-scheme")
        yield Triple(node, NamedNode(_SH + "property"), inner)
        yield Triple(inner, _TYPE, NamedNode(_SH + "PropertyShape"))
        yield Triple(inner, NamedNode(_SH + "path"), NamedNode(_SKOS + "inScheme"))
        yield Triple(inner, NamedNode(_SH + "hasValue"), NamedNode(parameter.scheme))
    if parameter.default is not None:
        yield Triple(node, NamedNode(_SH + "defaultValue"), parameter.default)
    else:
        yield Triple(node, NamedNode(_SH + "optional"), _TRUE)
    allowed = LANGUAGES if parameter.type is ParameterType.LANGUAGE else parameter.allowed
    if allowed:
        yield from _list(node, allowed)


def _list(node: NamedNode, values: tuple[str, ...]) -> Iterator[Triple]:
    """State the values as an RDF list whose nodes have IRIs."""
    nodes = [NamedNode(f"{node.value}-value-{number}") for number, _ in enumerate(values, 1)]
    yield Triple(node, NamedNode(_SH + "in"), nodes[0])
    for here, value, after in zip(nodes, values, [*nodes[1:], _NIL], strict=True):
        yield Triple(here, _FIRST, Literal(value))
        yield Triple(here, _REST, after)


def _column(query: StoredQuery, number: int, column: Column) -> Iterator[Triple]:
    node = NamedNode(f"{query.iri}#column-{column.name}")
    yield Triple(NamedNode(query.iri), NamedNode(_CSVW + "column"), node)
    yield Triple(node, _TYPE, NamedNode(_CSVW + "Column"))
    yield Triple(node, NamedNode(_CSVW + "name"), Literal(column.name))
    yield Triple(node, NamedNode(_CSVW + "datatype"), NamedNode(_IN_COLUMNS[column.type]))
    yield Triple(node, NamedNode(_SH + "order"), _number(number))
    if column.type is ColumnType.CLAIM:
        yield Triple(node, NamedNode(_SH + "class"), NamedNode(AISI + "Claim"))


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(_XSD + "integer"))


def library_of(store: Store) -> Library:
    """Read the library that a dataset publishes.

    :param store: the dataset.
    :returns: the queries, with the values that their parameters can have.
    """
    found = store.quads_for_pattern(None, _TYPE, _EXECUTABLE, _META)
    nodes = [quad.subject for quad in found if isinstance(quad.subject, NamedNode)]
    named = [node for node in nodes if node.value.startswith(QUERY_BASE)]
    queries = with_members(store, [_read(_Node(store, node)) for node in named])
    return Library({query.id: query for query in sorted(queries, key=lambda query: query.id)})


class _Node:
    """Read what the description says of a resource."""

    def __init__(self, store: Store, node: NamedNode) -> None:
        self.store = store
        self.node = node

    def all(self, predicate: str) -> list[Term]:
        found = self.store.quads_for_pattern(self.node, NamedNode(predicate), None, _META)
        return [quad.object for quad in found if isinstance(quad.object, NamedNode | Literal)]

    def one(self, predicate: str) -> Term | None:
        return next(iter(self.all(predicate)), None)

    def value(self, predicate: str) -> str:
        term = self.one(predicate)
        return "" if term is None else term.value

    def both(self, predicate: str) -> Text:
        texts = {term.language: term.value for term in self.all(predicate) if isinstance(term, Literal)}
        return Text(texts.get("en", ""), texts.get("zh", ""))

    def nodes(self, predicate: str) -> list["_Node"]:
        """Give the nodes that it leads to, in their order."""
        found = [_Node(self.store, term) for term in self.all(predicate) if isinstance(term, NamedNode)]
        return sorted(found, key=lambda node: int(node.value(_SH + "order") or 0))

    def listed(self, predicate: str) -> tuple[str, ...]:
        values = []
        term = self.one(predicate)
        while isinstance(term, NamedNode) and term != _NIL:
            here = _Node(self.store, term)
            values.append(here.value(_FIRST.value))
            term = here.one(_REST.value)
        return tuple(values)


def _read(node: _Node) -> StoredQuery:
    form = next(form for form in Form if node.one(_SH + form.lower()) is not None)
    return StoredQuery(
        node.node.value.removeprefix(QUERY_BASE),
        node.both(_LABEL.value),
        node.both(_COMMENT.value),
        tuple(sorted(term.value for term in node.all(_SCHEMA + "keywords"))),
        form,
        node.value(_SH + form.lower()),
        tuple(map(_read_parameter, node.nodes(_SH + "parameter"))),
        tuple(map(_read_column, node.nodes(_CSVW + "column"))),
        tuple(sorted(term.value for term in node.all(_DCTERMS + "requires"))),
    )


def _read_parameter(node: _Node) -> Parameter:
    datatype = node.value(_SH + "datatype")
    allowed = node.listed(_SH + "in")
    if not datatype:
        type_ = ParameterType.IRI
    elif allowed == LANGUAGES:
        type_, allowed = ParameterType.LANGUAGE, ()
    else:
        type_ = next(type_ for type_, iri in _DATATYPES.items() if iri == datatype)
    scheme = next((inner.value(_SH + "hasValue") for inner in node.nodes(_SH + "property")), None)
    return Parameter(
        node.value(_SH + "path").rpartition("#")[2],
        type_,
        node.both(_SH + "name"),
        node.value(_SH + "class") or None,
        scheme,
        node.one(_SH + "defaultValue"),
        allowed,
    )


def _read_column(node: _Node) -> Column:
    datatype, is_claim = node.value(_CSVW + "datatype"), node.one(_SH + "class") is not None
    kind = next(kind for kind, iri in _IN_COLUMNS.items() if iri == datatype)
    return Column(node.value(_CSVW + "name"), ColumnType.CLAIM if is_claim else kind)


def with_members(store: Store, queries: Iterable[StoredQuery]) -> list[StoredQuery]:
    """Find the values that parameters can have in a dataset.

    :param store: the dataset.
    :param queries: the queries.
    :returns: the same queries; a parameter of a class or a scheme has its members.
    """
    known: dict[tuple[str | None, str | None], tuple[Member, ...]] = {}

    def completed(parameter: Parameter) -> Parameter:
        if not parameter.is_of_members:
            return parameter
        key = (parameter.of_class, parameter.scheme)
        if key not in known:
            known[key] = tuple(_members(store, *key))
        return replace(parameter, members=known[key])

    return [replace(query, parameters=tuple(map(completed, query.parameters))) for query in queries]


def _members(store: Store, of_class: str | None, scheme: str | None) -> list[Member]:
    conditions = ((_TYPE, of_class), (NamedNode(_SKOS + "inScheme"), scheme))
    found: set[NamedNode] | None = None
    for predicate, value in conditions:
        if value is None:
            continue
        quads = store.quads_for_pattern(None, predicate, NamedNode(value), _DEFAULT)
        nodes = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        found = nodes if found is None else found & nodes
    members = [Member(node.value, _name(store, node)) for node in found or ()]
    return sorted(members, key=lambda member: natural_key(member.iri))


def _name(store: Store, node: NamedNode) -> Text:
    texts: dict[str, str] = {}
    for predicate in (NamedNode(_SKOS + "prefLabel"), _LABEL):
        for quad in store.quads_for_pattern(node, predicate, None, _DEFAULT):
            if isinstance(quad.object, Literal) and quad.object.language:
                texts.setdefault(quad.object.language, quad.object.value)
    name = texts.get("en") or texts.get("zh") or node.value
    return Text(texts.get("en", name), texts.get("zh", name))
