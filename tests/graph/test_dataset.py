"""The dataset: named graphs and their merge, the same bytes for the same input."""

from collections.abc import Callable, Mapping

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from aisi_kg.graph.dataset import assemble, asserted, merge, named, sorted_nquads
from aisi_kg.graph.files import read_files
from aisi_kg.graph.prefixes import (
    CLAIM_BASE,
    ENTITIES_GRAPH,
    INFERRED_GRAPH,
    META_GRAPH,
    ONTOLOGY_GRAPH,
    SOURCE_BASE,
)
from aisi_kg.project import Project

MakeProject = Callable[[Mapping[str, str | bytes]], Project]

E = "http://e/"
XSD = "http://www.w3.org/2001/XMLSchema#"
ONTOLOGY = """@prefix e: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty e:p ; owl:someValuesFrom e:B ] .
e:B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty e:p ; owl:someValuesFrom e:B ] .
[] a owl:AllDisjointClasses ; owl:members ( e:A e:B ) .
"""
CLAIMS = f"""@prefix e: <http://e/> .
@prefix claim: <{CLAIM_BASE}concordia-2024/> .
GRAPH claim:one {{ e:x e:p e:y ; e:amount 50.0 . }}
GRAPH claim:two {{ e:x e:p e:y ; e:amount 50 , 50.00 . }}
claim:one e:says "one" .
claim:two e:says "two" .
"""
FILES = {
    "ontology/prefixes.ttl": "",
    "ontology/aisi.ttl": ONTOLOGY,
    "ontology/alignment.ttl": "<http://e/A> <http://e/is> [] .",
    "ontology/shapes.ttl": "<http://e/Shape> <http://e/is> [] .",
    "data/entities/a.ttl": "<http://e/x> <http://e/label> 'x'@en . <http://e/x> <http://e/p> <http://e/y> .",
    "data/sources/concordia-2024/claims/a.trig": CLAIMS,
}


def iri(name: str) -> NamedNode:
    return NamedNode(E + name)


def triple(subject: str, predicate: str, value: str | Literal) -> Triple:
    return Triple(iri(subject), iri(predicate), value if isinstance(value, Literal) else iri(value))


INFERRED = [triple("y", "inverse", "x"), triple("x", "p", "y"), triple("y", "inverse", "x")]
META = [triple("dataset", "triples", Literal(3)), triple("x", "p", "y")]


def test_the_named_graphs_hold_what_the_files_say(make_project: MakeProject) -> None:
    dataset = assemble(read_files(make_project(FILES)), INFERRED, META)
    sizes: dict[str, int] = {}
    for quad in named(dataset):
        assert isinstance(quad.graph_name, NamedNode)
        sizes[quad.graph_name.value] = sizes.get(quad.graph_name.value, 0) + 1
    assert sizes == {
        ONTOLOGY_GRAPH: 15,
        ENTITIES_GRAPH: 2,
        SOURCE_BASE + "concordia-2024": 2,
        CLAIM_BASE + "concordia-2024/one": 2,
        CLAIM_BASE + "concordia-2024/two": 3,
        INFERRED_GRAPH: 1,
        META_GRAPH: 2,
    }


def test_the_default_graph_is_the_merge(make_project: MakeProject) -> None:
    dataset = assemble(read_files(make_project(FILES)), INFERRED, META)
    default = [quad for quad in dataset if isinstance(quad.graph_name, DefaultGraph)]
    assert set(default) == set(merge(named(dataset)))
    assert len(default) == len(set(default))
    assert sum(1 for quad in default if quad.subject == iri("x") and quad.predicate == iri("p")) == 1
    assert not any(quad.subject == iri("Shape") for quad in dataset)


def test_the_default_graph_says_what_another_store_finds(make_project: MakeProject) -> None:
    dataset = assemble(read_files(make_project(FILES)), INFERRED, META)
    other = rdflib.Dataset()
    other.parse(data=sorted_nquads(dataset), format="nquads")
    assert len(other.default_graph) == sum(1 for quad in dataset if isinstance(quad.graph_name, DefaultGraph))
    assert sum(len(graph) for graph in other.graphs()) == len(dataset)


def test_what_is_asserted_is_not_inferred(make_project: MakeProject) -> None:
    inferred = [*INFERRED, triple("x", "amount", Literal("050", datatype=NamedNode(XSD + "integer")))]
    dataset = assemble(read_files(make_project(FILES)), inferred, META)
    assert [str(quad.subject) for quad in dataset.quads_for_graph_name(NamedNode(INFERRED_GRAPH))] == [
        "<http://e/y>"
    ]
    assert len(list(dataset.quads_for_graph_name(NamedNode(META_GRAPH)))) == 2


def test_each_value_has_one_form(make_project: MakeProject) -> None:
    dataset = assemble(read_files(make_project(FILES)), [], [])
    amounts = sorted(
        str(q.object) for q in dataset if q.predicate == iri("amount") and q.graph_name == DefaultGraph()
    )
    assert amounts == [f'"50"^^<{XSD}decimal>', f'"50"^^<{XSD}integer>']


def test_the_store_gives_back_what_was_assembled(make_project: MakeProject) -> None:
    dataset = assemble(read_files(make_project(FILES)), INFERRED, META)
    store = Store()
    store.bulk_extend(dataset)
    assert sorted_nquads(store) == sorted_nquads(dataset)


def test_the_datatypes_of_owl_stay(make_project: MakeProject) -> None:
    text = f'<http://e/A> <http://e/cardinality> "02"^^<{XSD}nonNegativeInteger> .'
    dataset = assemble(read_files(make_project({"ontology/aisi.ttl": text})), [], [])
    values = {str(quad.object) for quad in dataset if quad.predicate == iri("cardinality")}
    assert values == {f'"02"^^<{XSD}nonNegativeInteger>'}


def test_two_runs_give_the_same_bytes(make_project: MakeProject) -> None:
    one = sorted_nquads(assemble(read_files(make_project(FILES)), INFERRED, META))
    turned = "\n".join(ONTOLOGY.split("\n")[:3] + ONTOLOGY.split("\n")[:2:-1])
    other = sorted_nquads(
        assemble(read_files(make_project({**FILES, "ontology/aisi.ttl": turned})), INFERRED[::-1], META[::-1])
    )
    assert one == other
    assert b"_:c14n0" in one


def test_blank_nodes_of_two_files_stay_two(make_project: MakeProject) -> None:
    files = {
        "ontology/aisi.ttl": "_:c14n0 <http://e/p> 1 .",
        "ontology/alignment.ttl": "_:c14n0 <http://e/p> 2 .",
    }
    subjects = {quad.subject for quad in asserted(read_files(make_project(files)))}
    assert sum(isinstance(subject, BlankNode) for subject in subjects) == 2


def test_a_blank_node_cannot_be_inferred(make_project: MakeProject) -> None:
    files = read_files(make_project({}))
    for bad in (Triple(BlankNode(), iri("p"), iri("y")), Triple(iri("x"), iri("p"), BlankNode())):
        with pytest.raises(ValueError, match="a blank node in"):
            assemble(files, [bad], [])
        with pytest.raises(ValueError, match="a blank node in"):
            assemble(files, [], [bad])


def test_nothing_makes_an_empty_dataset(make_project: MakeProject) -> None:
    files = read_files(make_project({"ontology/prefixes.ttl": ""}))
    assert len(assemble(files, [], [])) == 0
    assert sorted_nquads([]) == b""


def test_nquads_are_sorted_and_hold_each_quad_once() -> None:
    odd = 'a\nb\r\u2028\u0085\x0c"\\'
    quads = [
        Quad(iri("b"), iri("p"), Literal(odd), iri("g")),
        Quad(iri("a"), iri("p"), Literal("x", language="zh")),
        Quad(iri("a"), iri("p"), Literal("中"), iri("g")),
        Quad(iri("a"), iri("p"), Literal("x", language="zh")),
    ]
    written = sorted_nquads(quads)
    lines = written.split(b"\n")
    assert lines[-1] == b""
    assert lines[:-1] == sorted(lines[:-1])
    assert len(lines) == 4
    assert Dataset(parse(written, RdfFormat.N_QUADS)) == Dataset(quads)
