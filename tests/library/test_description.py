"""The library as the dataset publishes it: all that the files say, in terms that others read, and back."""

from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, Store, Triple

from aisi_kg.graph.prefixes import META_GRAPH, ONTOLOGY_GRAPH
from aisi_kg.store.export.selection import select
from aisi_kg.store.library.description import describe_library, library_of
from aisi_kg.store.library.reading import ReadLibrary
from aisi_kg.store.library.records import QUERY_BASE, Library, StoredQuery, Text

SH = "http://www.w3.org/ns/shacl#"


def without_members(query: StoredQuery) -> StoredQuery:
    parameters = tuple(replace(parameter, members=()) for parameter in query.parameters)
    return replace(query, parameters=parameters)


def test_what_is_published_is_what_was_written(mini_library: ReadLibrary, library: Library) -> None:
    assert list(library.queries) == sorted(library.queries)
    read_back = {query.id: without_members(query) for query in library.queries.values()}
    assert read_back == mini_library.library.queries


def test_the_members_are_those_of_the_dataset(library: Library) -> None:
    [institute] = library.queries["money"].parameters
    assert [member.iri.rsplit("/", 1)[-1] for member in institute.members] == [
        "borduria-aisi",
        "ruritania-aisi",
        "syldavia-aisi",
    ]
    assert institute.members[1].label == Text("Ruritanian Institute", "卢里塔尼亚研究所")
    [basis] = library.queries["by-basis"].parameters
    assert [member.label.en for member in basis.members] == ["existing body", "new body"]


def rows(store: Store, text: str) -> list[tuple[str, ...]]:
    prologue = f"PREFIX sh: <{SH}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    prologue += "PREFIX schema: <https://schema.org/> "
    found = store.query(prologue + text)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value for term in row) for row in found]


def test_a_reader_of_collections_of_examples_finds_each_query(store: Store, library: Library) -> None:
    found = rows(
        store,
        "SELECT DISTINCT ?query ?text { ?query a sh:SPARQLExecutable ; rdfs:comment ?comment ; "
        "rdfs:label ?label ; schema:keywords ?tag ; sh:prefixes/sh:declare/sh:prefix 'aisi' . "
        "?query sh:select|sh:ask|sh:construct|sh:describe ?text }",
    )
    assert set(found) == {(query.iri, query.text) for query in library.queries.values()}
    assert rows(store, "SELECT ?q { ?q a sh:SPARQLSelectExecutable ; sh:ask ?text }") == []
    [(ask,)] = rows(store, "SELECT ?q { ?q a sh:SPARQLAskExecutable ; sh:ask ?text }")
    assert ask == QUERY_BASE + "any-founded"
    [(construct,)] = rows(store, "SELECT ?q { ?q a sh:SPARQLConstructExecutable ; sh:construct ?text }")
    assert construct == QUERY_BASE + "facts"


def test_a_parameter_is_described_in_shacl(store: Store) -> None:
    node = f"<{QUERY_BASE}by-basis#parameter-basis>"
    [(path, kind, of_class, scheme)] = rows(
        store,
        f"SELECT ?path ?kind ?class ?scheme {{ {node} a sh:Parameter ; sh:path ?path ; sh:nodeKind ?kind ; "
        "sh:class ?class ; sh:optional true ; sh:property [ sh:hasValue ?scheme ] }",
    )
    assert path == QUERY_BASE + "by-basis#basis"
    assert (kind, of_class.rpartition("#")[2], scheme.rpartition("#")[2]) == (
        SH + "IRI",
        "InstitutionalBasis",
        "BasisScheme",
    )
    listed = f"<{QUERY_BASE}sized#parameter-size> sh:in/rdf:rest*/rdf:first ?value"
    rdf = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
    found = store.query(f"{rdf} PREFIX sh: <{SH}> SELECT ?value {{ {listed} }}")
    assert isinstance(found, QuerySolutions)
    assert sorted(row["value"].value for row in found) == ["large", "small"]


def test_no_node_is_blank_and_each_is_below_its_query(mini_library: ReadLibrary) -> None:
    triples = set(describe_library(mini_library.library.queries.values()))
    assert triples
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        assert triple.subject.value.startswith(QUERY_BASE)
        assert not isinstance(triple.object, BlankNode | Triple)


def test_the_document_about_a_query_has_its_parameters_and_columns(store: Store, library: Library) -> None:
    for query in library.queries.values():
        quads = select(store, NamedNode(query.iri)).quads()
        alone = Store()
        alone.extend(Quad(q.subject, q.predicate, q.object, NamedNode(META_GRAPH)) for q in quads)
        [read] = library_of(alone).queries.values()
        assert without_members(read) == without_members(query)


def test_a_dataset_without_queries_has_an_empty_library() -> None:
    assert library_of(Store()).queries == {}


def test_the_prefixes_are_those_of_the_ontology(mini_library: ReadLibrary) -> None:
    triples = describe_library(mini_library.library.queries.values())
    assert {t.object for t in triples if t.predicate == NamedNode(SH + "prefixes")} == {
        NamedNode(ONTOLOGY_GRAPH)
    }


def test_searching_is_by_words_in_either_language_and_by_tag(library: Library) -> None:
    assert [query.id for query in library.find("money")] == ["money", "sized", "totals", "without-money"]
    assert [query.id for query in library.find("资金 negative")] == ["without-money"]
    assert [query.id for query in library.find(tag="time")] == ["any-founded", "founded"]
    assert [query.id for query in library.find("INSTITUTE", "time")] == ["any-founded", "founded"]
    assert library.find("nothing of the kind") == library.find(tag="none") == []
    assert library.tags["money"] == 4
