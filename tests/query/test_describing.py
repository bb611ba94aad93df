"""DESCRIBE: which resources a query asks for, and what is said about each."""

from collections.abc import Iterable

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from aisi_kg.errors import QueryRejected, ServiceRefused
from aisi_kg.graph.dataset import merge
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.describing import Asked, Description, read_describe
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.export.selection import select
from aisi_kg.store.results import GRAPH_FORMATS, Choice, answer

BASE = "https://w3id.org/aisi-kg/"
AISI, ENTITY = BASE + "ontology#", BASE + "entity/"
ONE, TWO, THREE = (f"{BASE}claim/concordia-2024/{name}" for name in ("one", "two", "three"))
SOURCE = BASE + "source/concordia-2024"
RURITANIA = ENTITY + "ruritania-aisi"
PROLOGUE = f"PREFIX aisi: <{AISI}> PREFIX entity: <{ENTITY}> PREFIX claim: <{BASE}claim/concordia-2024/>\n"


def described(
    store: Store, text: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()
) -> Description:
    result = evaluate(store, QueryRequest(PROLOGUE + text, default, named))
    assert isinstance(result, Description)
    return result


def subjects(description: Iterable[Triple]) -> set[str]:
    return {t.subject.value.removeprefix(BASE) for t in description if isinstance(t.subject, NamedNode)}


def graphs(description: Description) -> set[str]:
    names = (quad.graph_name for quad in description.quads())
    return {name.value.rsplit("/", 1)[-1] for name in names if isinstance(name, NamedNode)}


def test_an_entity_is_described_with_its_claims(store: Store) -> None:
    found = set(described(store, "DESCRIBE entity:ruritania-aisi"))
    claim = NamedNode(TWO)
    assert Triple(NamedNode(RURITANIA), NamedNode(AISI + "staffCount"), Literal(12)) in found
    statement = Literal("Its staff is twelve.", language="en")
    assert Triple(claim, NamedNode(AISI + "statement"), statement) in found
    assert not any("syldavia" in name for name in subjects(found))


@pytest.mark.parametrize(
    "name", ["entity/ruritania-aisi", "claim/concordia-2024/two", "ontology", "graph/entities", "entity/none"]
)
def test_a_description_is_the_document(store: Store, name: str) -> None:
    selection = select(store, NamedNode(BASE + name))
    description = described(store, f"DESCRIBE <{BASE}{name}>")
    quads, triples = list(description.quads()), list(description)
    assert set(quads) == set(selection.quads())
    assert {Quad(*triple) for triple in triples} == set(selection.merged())
    assert len(quads) == len(set(quads))
    assert len(triples) == len(set(triples))


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("DESCRIBE claim:one", {"one"}),
        ("DESCRIBE claim:one claim:three", {"one", "three"}),
        ("DESCRIBE claim:one ?c { ?c aisi:statement 'Its staff is twelve.'@en }", {"one", "two"}),
        ("DESCRIBE ?c WHERE { ?c a aisi:Claim }", {"one", "two", "three"}),
        ("describe ?c { ?c a aisi:Claim } ORDER BY DESC(?c) LIMIT 1", {"two"}),
        ("DESCRIBE ?c { ?c a aisi:Claim } ORDER BY ?c LIMIT 1 OFFSET 1", {"three"}),
        ("DESCRIBE ?c { ?c a aisi:Claim } GROUP BY ?c HAVING (COUNT(*) > 1)", set()),
        ("DESCRIBE ?e { ?e aisi:staffCount ?n }", {"one", "two"}),
        ("DESCRIBE * { ?c aisi:statement ?s ; a ?type FILTER(?c = claim:two) }", {"two"}),
        ("DESCRIBE ?c ?c { BIND(claim:one AS ?c) }", {"one"}),
        ("DESCRIBE ?c VALUES ?c { claim:one claim:two }", {"one", "two"}),
        ("DESCRIBE ?c # FROM claim:three\n{ VALUES ?c { claim:one } }", {"one"}),
        ("DESCRIBE?c{VALUES ?c{claim:one}}", {"one"}),
        ("DESCRIBE*{VALUES ?c{claim:one}}", {"one"}),
        # What is named is described, whether or not the pattern is found.
        ("DESCRIBE claim:one { ?s aisi:none ?o }", {"one"}),
        ("DESCRIBE claim:one ?c { ?c aisi:none ?o }", {"one"}),
        ("DESCRIBE ?c { ?c aisi:none ?o }", set()),
        ("DESCRIBE *", set()),
        ("DESCRIBE ?n { ?e aisi:staffCount ?n }", set()),
        ("DESCRIBE entity:none", set()),
        ("DESCRIBE <http://example.org/>", set()),
    ],
)
def test_what_is_asked_for(store: Store, text: str, claims: set[str]) -> None:
    assert graphs(described(store, text)) == claims


def test_what_nothing_is_said_about_gives_nothing(store: Store) -> None:
    assert list(described(store, "DESCRIBE entity:none")) == []


def test_what_two_documents_share_is_said_once(store: Store) -> None:
    # All that there is, some of it in several ways: as a resource, by its claim, and by the graph it is in.
    everything = "DESCRIBE ?x { { ?x ?p ?o } UNION { GRAPH ?x { ?s ?p ?o } } }"
    for text in (
        everything,
        "DESCRIBE entity:ruritania-aisi claim:one claim:two",
        f"DESCRIBE <{SOURCE}> ?c {{ ?c a aisi:Claim }}",
    ):
        description = described(store, text)
        for statements in (list(description), list(description.quads())):
            assert statements
            assert len(statements) == len(set(statements))
    assert {Quad(*t) for t in described(store, everything)} == set(
        store.quads_for_pattern(None, None, None, DefaultGraph())
    )


def test_an_order_does_not_matter(store: Store) -> None:
    entities = f"<{BASE}graph/entities>"
    one = described(store, f"DESCRIBE {entities} entity:ruritania-aisi")
    other = described(store, f"DESCRIBE entity:ruritania-aisi {entities}")
    assert set(one.quads()) == set(other.quads())
    assert graphs(one) == {"one", "two"}


def merged(trig: str) -> Store:
    store = Store()
    store.load(trig.encode(), RdfFormat.TRIG)
    store.bulk_extend(list(merge(store)))
    return store


def test_a_name_that_a_claim_states_is_said_once() -> None:
    store = merged(
        f"""PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        GRAPH <{SOURCE}> {{ <{ONE}> a <{AISI}Claim> . }}
        GRAPH <{ONE}> {{ <{RURITANIA}> skos:prefLabel "Ruritania"@en ; <{AISI}staffCount> 12 . }}"""
    )
    statements = list(described(store, "DESCRIBE claim:one"))
    assert len(statements) == len(set(statements)) == 3


def test_what_a_graph_says_is_not_all_that_is_said() -> None:
    store = merged(
        f"""GRAPH <{BASE}graph/a> {{ <{RURITANIA}> <{AISI}staffCount> 12 . }}
        GRAPH <{BASE}graph/b> {{ <{RURITANIA}> <{AISI}staffCount> 13 . }}"""
    )
    assert len(list(described(store, f"DESCRIBE <{BASE}graph/a>"))) == 1
    assert len(list(described(store, f"DESCRIBE <{BASE}graph/a> entity:ruritania-aisi"))) == 2


def test_a_blank_node_is_described_to_the_end() -> None:
    store = Store()
    inner, outer = BlankNode(), BlankNode()
    p = NamedNode("http://example.org/p")
    store.extend(
        [Quad(NamedNode("http://example.org/s"), p, outer), Quad(outer, p, inner), Quad(inner, p, p)]
    )
    assert len(list(described(store, "DESCRIBE ?b { <http://example.org/s> ?p ?b }"))) == 2
    assert len(list(described(store, "DESCRIBE <http://example.org/s>"))) == 3


@pytest.mark.parametrize(
    ("default", "named", "triples", "claims"),
    [
        ((ONE,), (), {"entity/ruritania-aisi"}, set()),
        ((ONE, TWO), (), {"entity/ruritania-aisi"}, set()),
        ((THREE,), (), set(), set()),
        ((), (TWO,), set(), set()),
        # The source says which graphs are claims.
        ((SOURCE,), (TWO,), {"claim/concordia-2024/two", "entity/ruritania-aisi"}, {"two"}),
        ((SOURCE,), (ONE, THREE), {"claim/concordia-2024/one", "entity/ruritania-aisi"}, {"one"}),
        ((BASE + "graph/none",), (), set(), set()),
    ],
)
def test_a_dataset_bounds_what_is_described(
    store: Store, default: tuple[str, ...], named: tuple[str, ...], triples: set[str], claims: set[str]
) -> None:
    clauses = "".join(f" FROM <{g}>" for g in default) + "".join(f" FROM NAMED <{g}>" for g in named)
    by_text = described(store, f"DESCRIBE entity:ruritania-aisi{clauses}")
    by_pattern = described(store, f"DESCRIBE ?e{clauses} WHERE {{ BIND(entity:ruritania-aisi AS ?e) }}")
    by_request = described(
        store,
        f"DESCRIBE entity:ruritania-aisi FROM <{BASE}graph/entities>",
        default,
        named,
    )
    for description in (by_text, by_pattern, by_request):
        assert subjects(description) == triples
        assert graphs(description) == claims
        statements = list(description)
        assert len(statements) == len(set(statements))


def test_a_pattern_is_matched_in_the_dataset(store: Store) -> None:
    assert graphs(described(store, f"DESCRIBE ?e FROM <{THREE}> {{ ?e aisi:staffCount ?n }}")) == set()
    text = f"DESCRIBE ?g FROM <{SOURCE}> FROM NAMED <{TWO}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert graphs(described(store, text)) == {"two"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("DESCRIBE", (1, 9), "ends too early"),
        ("DESCRIBE LIMIT 1", (1, 10), 'found "LIMIT"'),
        ("DESCRIBE e:a", (1, 10), "the prefix e: is not declared"),
        ("DESCRIBE ?x e:a\n{ ?x ?p ?o }", (1, 13), "the prefix e: is not declared"),
        ("DESCRIBE <a>", (1, 10), "the IRI <a> is relative"),
        ("DESCRIBE ?x FROM { ?x ?p ?o }", (1, 18), 'found "{"'),
        ("DESCRIBE ?x FROM e:g { ?x ?p ?o }", (1, 18), "the prefix e: is not declared"),
        ("DESCRIBE <http://e/a> ?x\nWHERE { ?x ?p }", (2, 15), 'found "}"'),
        ("DESCRIBE <http://e/a>\nWHERE { ?x ?p }", (2, 15), 'found "}"'),
        ("DESCRIBE <http://e/a> LIMIT x", (1, 29), "expected a whole number"),
        ("DESCRIBE ?x { ?x ?p ?o }}", (1, 25), 'found "}"'),
        ("DESCRIBE ?x ?y, ?z { ?x ?y ?z }", (1, 15), 'found ","'),
    ],
)
def test_a_fault_keeps_its_place(store: Store, text: str, place: tuple[int, int], words: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        evaluate(store, QueryRequest(text))
    assert (caught.value.line, caught.value.column) == place
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text", ["DESCRIBE ?x ?y LIMIT 1", "DESCRIBE <http://e/a>", "DESCRIBE ?a <http://e/b> {}"]
)
def test_what_is_exchanged_takes_no_more_room(text: str) -> None:
    asked = read_describe(text)
    assert asked is not None
    assert len(asked.solutions) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?describe { ?describe ?p ?o }",
        "ASK { ?s ?p 'DESCRIBE <x>' }",
        "DESCRIBE",
        "DESCRIBE { ?s ?p ?o }",
    ],
)
def test_what_is_no_describe_is_left_alone(text: str) -> None:
    assert read_describe(text) is None


def test_no_other_endpoint_is_called(store: Store) -> None:
    for text in (
        "DESCRIBE ?x { SERVICE <http://127.0.0.1:1/> { ?x ?p ?o } }",
        "DESCRIBE <http://e/a> { SERVICE <http://127.0.0.1:1/> { ?x ?p ?o } }",
    ):
        with pytest.raises(ServiceRefused):
            evaluate(store, QueryRequest(text))


def test_what_was_exchanged_is_checked_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if a text could be read in two ways.
    asked = Asked("SELECT ?x { SERVICE <http://127.0.0.1:1/> { ?x ?p ?o } }", None)
    monkeypatch.setattr("aisi_kg.store.evaluate.read_describe", lambda _text: asked)
    with pytest.raises(ServiceRefused):
        evaluate(store, QueryRequest("DESCRIBE ?x"))


class Kept:
    def __init__(self) -> None:
        self.data = b""

    def begin(self, format_: object) -> None:
        """Take any format."""

    def write(self, data: bytes, /) -> int:
        self.data += data
        return len(data)


def test_trig_and_nquads_keep_the_claims_apart(store: Store) -> None:
    request = QueryRequest(f"DESCRIBE <{RURITANIA}>")
    readers = {
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
        "trig": RdfFormat.TRIG,
        "nquads": RdfFormat.N_QUADS,
    }
    selection = select(store, NamedNode(RURITANIA))
    for format_ in GRAPH_FORMATS:
        kept = Kept()
        assert answer(store, request, Choice(None, format_.name), kept, Prefixes({"aisi": AISI})) == format_
        expected = selection.quads() if format_.name in ("trig", "nquads") else selection.merged()
        assert set(parse(kept.data, readers[format_.name])) == set(expected), format_.name
