"""The description: every number in it is the one that SPARQL counts."""

from collections.abc import Callable

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from aisi_kg.graph.prefixes import BASE, META_GRAPH, Prefixes
from aisi_kg.store.describe import DATASET, DUMPS, describe
from aisi_kg.store.export import FORMATS
from aisi_kg.store.library.records import QUERY_BASE

VOID = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#> "
DCTERMS = "PREFIX dcterms: <http://purl.org/dc/terms/> "
#: Any triple of the dataset, those of its description among them.
COUNTED = "?s ?p ?o"

MakeStore = Callable[[str], Store]


@pytest.fixture(params=["small", "real"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(term.value for term in row) for row in solutions]


def number(store: Store, query: str) -> int:
    ((value,),) = rows(store, query)
    return int(value)


@pytest.mark.parametrize(
    ("name", "count", "condition"),
    [
        ("triples", "*", "true"),
        ("distinctSubjects", "DISTINCT ?s", "true"),
        ("distinctObjects", "DISTINCT ?o", "true"),
        ("properties", "DISTINCT ?p", "true"),
        ("entities", "DISTINCT ?s", f"isIRI(?s) && STRSTARTS(STR(?s), '{BASE}')"),
        ("classes", "DISTINCT ?o", "isIRI(?o) && STRENDS(STR(?p), '22-rdf-syntax-ns#type')"),
    ],
)
def test_the_totals_are_what_a_query_counts(store: Store, name: str, count: str, condition: str) -> None:
    stated = number(store, VOID + f"SELECT ?n {{ <{DATASET.value}> void:{name} ?n }}")
    counted = number(store, f"SELECT (COUNT({count}) AS ?n) {{ {COUNTED} FILTER({condition}) }}")
    assert stated == counted > 0


def test_each_property_has_its_numbers(store: Store) -> None:
    stated, counted = numbers_of_properties(store)
    assert len(stated) == len(set(stated))
    assert set(stated) <= set(counted)
    # By chance, how many different numbers there are may have no value that is true while it stands there.
    missing = {row[0] for row in counted} - {row[0] for row in stated}
    assert missing <= {f"http://rdfs.org/ns/void#distinct{end}" for end in ("Subjects", "Objects")}


def test_the_links_to_wikidata_are_linksets(real: Store) -> None:
    stated = rows(
        real,
        VOID + "SELECT ?p ?n { ?links a void:Linkset ; void:linkPredicate ?p ; void:triples ?n ; "
        "void:objectsTarget/void:uriSpace 'http://www.wikidata.org/entity/' }",
    )
    counted = rows(
        real,
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o "
        "FILTER(ISIRI(?o) && STRSTARTS(STR(?o), 'http://www.wikidata.org/entity/')) "
        "FILTER(!CONTAINS(STR(?p), 'annotated')) } GROUP BY ?p",
    )
    assert sorted(stated) == sorted(counted)
    assert len(stated) == 4


def numbers_of_properties(store: Store) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Give what is stated of properties and what is counted: triples, subjects and objects."""
    stated = rows(
        store,
        VOID
        + f"SELECT ?property ?triples ?subjects ?objects {{ <{DATASET.value}> void:propertyPartition ?part . "
        "?part void:property ?property ; void:triples ?triples ; void:distinctSubjects ?subjects ; "
        "void:distinctObjects ?objects }",
    )
    counted = rows(
        store,
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) (COUNT(DISTINCT ?o) AS ?k) "
        f"{{ {COUNTED} }} GROUP BY ?p",
    )
    return stated, counted


def test_each_class_has_its_numbers(store: Store) -> None:
    stated = rows(
        store,
        VOID + f"SELECT ?class ?entities ?triples {{ <{DATASET.value}> void:classPartition ?part . "
        "?part void:class ?class ; void:entities ?entities ; void:triples ?triples }",
    )
    counted = rows(
        store,
        "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) (COUNT(*) AS ?m) "
        f"{{ ?s a ?class . {COUNTED} FILTER(isIRI(?class)) }} GROUP BY ?class",
    )
    assert sorted(stated) == sorted(counted)


def test_each_class_of_ours_has_the_numbers_of_its_properties(store: Store) -> None:
    stated = rows(
        store,
        VOID + f"SELECT ?class ?property ?n {{ <{DATASET.value}> void:classPartition ?part . "
        "?part void:class ?class ; void:propertyPartition ?inner . "
        "?inner void:property ?property ; void:triples ?n }",
    )
    counted = rows(
        store,
        f"SELECT ?class ?p (COUNT(*) AS ?n) {{ ?s a ?class . {COUNTED} "
        f"FILTER(STRSTARTS(STR(?class), '{BASE}ontology#')) }} GROUP BY ?class ?p",
    )
    classes = {row[0] for row in stated}
    assert sorted(stated) == sorted(row for row in counted if row[0] in classes)
    assert f"{BASE}ontology#SafetyInstitute" in classes


def test_each_subset_has_its_number(store: Store) -> None:
    sd = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
    stated = rows(store, VOID + sd + "SELECT ?g ?n { ?d a void:Dataset ; sd:name ?g ; void:triples ?n }")
    counted = rows(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    own = [row for row in counted if "/claim/" not in row[0] and row[0] != META_GRAPH]
    assert sorted(stated) == sorted(own)


def test_the_claims_of_each_source_are_a_subset(store: Store) -> None:
    prov = "PREFIX prov: <http://www.w3.org/ns/prov#> "
    stated = rows(
        store,
        VOID
        + DCTERMS
        + f"SELECT ?source ?claims ?n {{ <{DATASET.value}> void:subset ?d . ?d dcterms:source ?source ; "
        "void:documents ?claims ; void:triples ?n }",
    )
    counted = rows(
        store,
        prov
        + "SELECT ?source (COUNT(DISTINCT ?claim) AS ?claims) (SUM(?one) AS ?n) { { SELECT ?source ?s ?p ?o "
        "(SAMPLE(?c) AS ?claim) (1 AS ?one) { ?c prov:hadPrimarySource ?source . GRAPH ?c { ?s ?p ?o } } "
        "GROUP BY ?source ?s ?p ?o } } GROUP BY ?source",
    )
    claims = rows(
        store, prov + "SELECT ?source (COUNT(?c) AS ?n) { ?c prov:hadPrimarySource ?source } GROUP BY ?source"
    )
    assert [(row[0], row[2]) for row in stated] == [(row[0], row[2]) for row in counted]
    assert [row[:2] for row in stated] == claims


def test_each_dump_is_a_distribution(store: Store) -> None:
    stated = rows(
        store,
        VOID + f"SELECT ?url ?type {{ <{DATASET.value}> dcat:distribution ?d ; void:dataDump ?url . "
        "?d dcat:downloadURL ?url ; dcat:mediaType ?type }",
    )
    media = "https://www.iana.org/assignments/media-types/"
    assert sorted(stated) == [(f"{BASE}dump.{e}", media + t) for e, t, _ in sorted(DUMPS)]
    formats = {f.extension: f.media_type for f in FORMATS.values()}
    assert all(formats[extension] == media_type for extension, media_type, _ in DUMPS)


def test_the_header_says_whose_it_is_in_both_languages(store: Store) -> None:
    about = list(store.quads_for_pattern(DATASET, None, None, DefaultGraph()))
    said = {quad.predicate.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1] for quad in about}
    assert said >= {
        "title",
        "description",
        "license",
        "version",
        "creator",
        "issued",
        "sparqlEndpoint",
        "source",
    }
    # Search engines for datasets read schema.org.
    terms, schema = "http://purl.org/dc/terms/", "https://schema.org/"
    for name in (terms + "title", terms + "description", schema + "name", schema + "description"):
        texts = [q.object for q in about if q.predicate.value == name]
        assert sorted(text.language for text in texts if isinstance(text, Literal)) == ["en", "zh"]  # type: ignore[type-var]
    examples = [q.object for q in about if q.predicate.value.endswith("exampleResource")]
    assert len(examples) >= 2
    assert all(any(store.quads_for_pattern(example, None, None)) for example in examples)  # type: ignore[arg-type]


def test_every_node_has_a_name_of_its_own(real: Store) -> None:
    meta = list(real.quads_for_pattern(None, None, None, NamedNode(META_GRAPH)))
    assert meta
    for quad in meta:
        assert isinstance(quad.subject, NamedNode)
        assert quad.subject.value.startswith((META_GRAPH + "#", QUERY_BASE))
        assert not isinstance(quad.object, BlankNode)
    kinds = {"http://rdfs.org/ns/void#class", "http://rdfs.org/ns/void#property"}
    named: dict[NamedNode, set[object]] = {}
    for quad in meta:
        if quad.predicate.value in kinds:
            assert isinstance(quad.subject, NamedNode)
            named.setdefault(quad.subject, set()).add(quad.object)
    assert all(len(values) == 1 for values in named.values())


def test_a_number_that_does_not_settle_is_left_out(
    make_store: MakeStore, prefixes: Prefixes, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store("GRAPH <https://example.org/g> { entity:a a aisi:Claim ; aisi:number 1 , 2 . }")
    whole = describe(store, version="1", prefixes=prefixes)
    # As if what changes in the third round would never settle.
    monkeypatch.setattr("aisi_kg.store.describe._ROUNDS", 2)
    meta = describe(store, version="1", prefixes=prefixes)
    more, less = ({(t.subject, t.predicate) for t in found} for found in (whole, meta))
    assert less < more
    # Whatever is still said is true.
    for triple in meta:
        store.add(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()))
    stated_numbers, counted_numbers = numbers_of_properties(store)
    assert set(stated_numbers) < set(counted_numbers)


def test_names_that_come_out_alike_are_told_apart(make_store: MakeStore, prefixes: Prefixes) -> None:
    store = make_store("entity:a <https://example.org/x-y> 1 ; <https://example.org/x/y> 2 .")
    meta = describe(store, version="1", prefixes=prefixes)
    nodes = {t.subject for t in meta if t.predicate.value.endswith("#property")}
    names = {node.value.rsplit("#", 1)[-1] for node in nodes}  # type: ignore[union-attr]
    assert {name for name in names if "example.org" in name} == {
        "property-https-example.org-x-y",
        "property-https-example.org-x-y-2",
    }


def test_creators_with_an_iri_are_named_by_it(make_store: MakeStore, prefixes: Prefixes) -> None:
    store = make_store(f"<{BASE}ontology> dcterms:creator <https://example.org/me> . entity:a aisi:p 1 .")
    meta = describe(store, version="1", prefixes=prefixes)
    creators = {t.object for t in meta if t.predicate.value == "http://purl.org/dc/terms/creator"}
    assert creators == {NamedNode("https://example.org/me")}


def test_the_description_does_not_depend_on_the_order(small: Store, prefixes: Prefixes) -> None:
    plain = [q for q in small if q.graph_name != NamedNode(META_GRAPH)]
    meta = {Quad(q.subject, q.predicate, q.object) for q in small if q.graph_name == NamedNode(META_GRAPH)}
    one, other = Store(), Store()
    one.extend(q for q in plain if q not in meta)
    other.extend(reversed([q for q in plain if q not in meta]))
    assert describe(one, version="1", prefixes=prefixes) == describe(other, version="1", prefixes=prefixes)
