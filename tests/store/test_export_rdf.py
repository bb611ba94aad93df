"""The RDF syntaxes: two parsers read back what was written, and the bytes are always the same."""

import io
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib.compare import isomorphic

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import BASE, ONTOLOGY_GRAPH, Prefixes
from aisi_kg.store.export import FORMATS, export, format_named, write_export
from aisi_kg.store.export.jsonld import Context

MakeStore = Callable[[str], Store]
SameDataset = Callable[[Iterable[Quad], Iterable[Quad]], bool]

GRAPH_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
DATASET_FORMATS = {"trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS}
RDFLIB_NAMES = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld", "trig": "trig"}


def merged(store: Store) -> list[Quad]:
    return list(store.quads_for_pattern(None, None, None, DefaultGraph()))


def named(store: Store) -> list[Quad]:
    return [quad for quad in store if not isinstance(quad.graph_name, DefaultGraph)]


def rdflib_graph(text: bytes, format_name: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data=text, format=format_name)
    return graph


def reference(quads: Iterable[Quad]) -> rdflib.Graph:
    """Give triples to rdflib by the simplest syntax there is."""
    lines = "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in quads)
    return rdflib_graph(lines.encode(), "nt")


@pytest.mark.parametrize("name", sorted(GRAPH_FORMATS))
@pytest.mark.parametrize("which", ["small", "real"])
def test_a_whole_graph_comes_back(
    request: pytest.FixtureRequest,
    prefixes: Prefixes,
    context: Context,
    same_dataset: SameDataset,
    which: str,
    name: str,
) -> None:
    store: Store = request.getfixturevalue(which)
    text = b"".join(export(store, name, prefixes=prefixes, context=context))
    assert same_dataset(parse(text, GRAPH_FORMATS[name]), merged(store))


@pytest.mark.parametrize("name", sorted(DATASET_FORMATS))
@pytest.mark.parametrize("which", ["small", "real"])
def test_a_whole_dataset_comes_back(
    request: pytest.FixtureRequest,
    prefixes: Prefixes,
    context: Context,
    same_dataset: SameDataset,
    which: str,
    name: str,
) -> None:
    store: Store = request.getfixturevalue(which)
    text = b"".join(export(store, name, prefixes=prefixes, context=context))
    assert same_dataset(parse(text, DATASET_FORMATS[name]), named(store))


def test_a_whole_dataset_comes_back_with_another_parser(
    real: Store, prefixes: Prefixes, context: Context, same_dataset: SameDataset
) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=b"".join(export(real, "trig", prefixes=prefixes, context=context)), format="trig")
    read = dataset.serialize(format="nquads")
    assert same_dataset(parse(read, RdfFormat.N_QUADS), named(real))


def test_blank_nodes_stand_in_axioms_alone(real: Store) -> None:
    graphs = {
        quad.graph_name
        for quad in named(real)
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
    }
    assert graphs == {NamedNode(ONTOLOGY_GRAPH)}


@pytest.mark.parametrize("name", sorted(GRAPH_FORMATS))
def test_a_whole_graph_comes_back_with_another_parser(
    real: Store, prefixes: Prefixes, context: Context, same_dataset: SameDataset, name: str
) -> None:
    text = b"".join(export(real, name, prefixes=prefixes, context=context))
    # What rdflib read is compared by the faster of the two.
    read = rdflib_graph(text, RDFLIB_NAMES[name]).serialize(format="nt")
    assert same_dataset(parse(read, RdfFormat.N_TRIPLES), merged(real))


@pytest.mark.parametrize(
    "resource", ["entity:uk-aisi", "claim:funding", "aisi:FundingCommitment", "footnote:2"]
)
@pytest.mark.parametrize("name", sorted(GRAPH_FORMATS))
def test_a_document_says_the_same_in_each_syntax(
    small: Store,
    prefixes: Prefixes,
    context: Context,
    same_dataset: SameDataset,
    resource: str,
    name: str,
) -> None:
    lines = b"".join(export(small, "ntriples", resource, prefixes=prefixes, context=context))
    text = b"".join(export(small, name, resource, prefixes=prefixes, context=context))
    flat = {Quad(q.subject, q.predicate, q.object) for q in parse(text, GRAPH_FORMATS[name])}
    assert same_dataset(flat, parse(lines, RdfFormat.N_TRIPLES))
    assert flat


@pytest.mark.parametrize("name", ["trig", "nquads", "jsonld"])
def test_a_document_keeps_the_graphs_of_claims(
    small: Store, prefixes: Prefixes, context: Context, name: str
) -> None:
    text = b"".join(export(small, name, "entity:uk-aisi", prefixes=prefixes, context=context))
    quads = list(parse(text, {**GRAPH_FORMATS, **DATASET_FORMATS}[name]))
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
    assert graphs == {BASE + "claim/concordia-2024/founding", BASE + "claim/concordia-2024/funding"}
    for graph in graphs:
        written = {(q.subject, q.predicate, q.object) for q in quads if q.graph_name == NamedNode(graph)}
        there = small.quads_for_pattern(None, None, None, NamedNode(graph))
        assert written == {(q.subject, q.predicate, q.object) for q in there}


def test_a_claims_document_reads_as_the_curated_file_does(
    small: Store, prefixes: Prefixes, context: Context
) -> None:
    text = b"".join(export(small, "trig", "claim:founding", prefixes=prefixes, context=context)).decode()
    blocks = [block.partition("\n")[0] for block in text.split("\n\n")]
    assert blocks[1:4] == ["GRAPH claim:founding {", "claim:founding", "passage:5-20"]


@pytest.mark.parametrize("resource", [None, "entity:uk-aisi", "aisi:FundingCommitment"])
@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"nanopub", "csv", "quickstatements"}))
def test_the_bytes_follow_from_the_triples_alone(
    small: Store, prefixes: Prefixes, context: Context, name: str, resource: str | None
) -> None:
    """Order and blank nodes' labels differ; a store gives new labels whenever it loads a file."""
    quads = list(small)
    random.Random(name).shuffle(quads)
    labels: dict[str, BlankNode] = {}

    def other(term: object) -> object:
        return labels.setdefault(term.value, BlankNode()) if isinstance(term, BlankNode) else term

    again = Store()
    again.extend(
        Quad(other(q.subject), q.predicate, other(q.object), q.graph_name)  # type: ignore[arg-type]
        for q in quads
    )
    texts = [
        b"".join(export(store, name, resource, prefixes=prefixes, context=context))
        for store in (small, again)
    ]
    assert labels
    assert texts[0] == texts[1]
    assert texts[0]


@pytest.mark.parametrize("name", ["turtle", "trig", "rdfxml", "jsonld", "nanopub"])
def test_prefixes_are_used(small: Store, prefixes: Prefixes, context: Context, name: str) -> None:
    text = b"".join(export(small, name, "claim:funding", prefixes=prefixes, context=context)).decode()
    body = "\n".join(line for line in text.splitlines() if '": "http' not in line and "prefix" not in line)
    assert "aisi:evidence" in body or '"evidence"' in body
    if name != "rdfxml":
        assert BASE + "entity" not in body


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"csv", "quickstatements"}))
def test_there_are_no_blank_nodes_outside_axioms(
    real: Store, prefixes: Prefixes, context: Context, name: str
) -> None:
    text = b"".join(export(real, name, "entity:uk-aisi", prefixes=prefixes, context=context))
    media = {**GRAPH_FORMATS, **DATASET_FORMATS, "nanopub": RdfFormat.TRIG}[name]
    terms = [term for quad in parse(text, media) for term in (quad.subject, quad.object, quad.graph_name)]
    assert terms
    assert not any(isinstance(term, BlankNode) for term in terms)


def test_texts_with_every_awkward_character_come_back(
    make_store: MakeStore, prefixes: Prefixes, context: Context, same_dataset: SameDataset
) -> None:
    text = "\"\\\t\n\r'<&>]]>\u2028\u00a0é汉𠮷=@#{}"
    store = make_store("")
    for number, literal in enumerate(
        [
            Literal(text),
            Literal(text, language="zh"),
            Literal(" "),
            Literal(""),
            Literal(text, datatype=NamedNode("https://example.org/type")),
        ]
    ):
        subject = NamedNode(f"https://example.org/{number}?a=b&c=%20'")
        store.add(Quad(subject, NamedNode("https://example.org/p"), literal))
        store.add(Quad(subject, NamedNode(BASE + "ontology#statement"), literal))
    for name, rdf_format in GRAPH_FORMATS.items():
        written = b"".join(export(store, name, prefixes=prefixes, context=context))
        assert same_dataset(parse(written, rdf_format), merged(store)), name
        assert isomorphic(rdflib_graph(written, RDFLIB_NAMES[name]), reference(merged(store))), name


def test_rdf_xml_refuses_what_it_cannot_write(
    make_store: MakeStore, prefixes: Prefixes, context: Context
) -> None:
    store = make_store("<https://example.org/a> <https://example.org/1/> 1 .")
    with pytest.raises(InputError, match=r"RDF/XML cannot write the property https://example.org/1/"):
        list(export(store, "rdfxml", prefixes=prefixes, context=context))


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no format xml; use one of turtle, trig, nquads"):
        format_named("xml")


class Output:
    """Run an export as the command line does."""

    def __init__(self, store: Store, prefixes: Prefixes, context: Context) -> None:
        self.store, self.prefixes, self.context = store, prefixes, context
        self.stdout = io.BytesIO()
        self.told: list[str] = []

    def __call__(self, name: str, iri: str | None, output: object) -> None:
        write_export(
            self.store,
            name,
            iri,
            None if output is None else str(output),
            prefixes=self.prefixes,
            context=self.context,
            stdout=self.stdout,
            tell=self.told.append,
        )


@pytest.fixture
def run(small: Store, prefixes: Prefixes, context: Context) -> Output:
    return Output(small, prefixes, context)


def test_an_export_goes_to_standard_output_or_to_a_file(run: Output, tmp_path: Path) -> None:
    file = tmp_path / "made" / "claim.ttl"
    run("turtle", "claim:funding", None)
    run("turtle", "claim:funding", file)
    assert file.read_bytes() == run.stdout.getvalue() != b""
    assert [path.name for path in file.parent.iterdir()] == ["claim.ttl"]
    assert run.told == []


def test_an_export_that_fails_leaves_the_file_as_it_was(run: Output, tmp_path: Path) -> None:
    file = tmp_path / "out.rdf"
    file.write_text("before")
    run.store = Store()
    run.store.add(Quad(NamedNode("https://example.org/a"), NamedNode("https://example.org/1/"), Literal("x")))
    with pytest.raises(InputError):
        run("rdfxml", None, file)
    assert file.read_text() == "before"
    assert [path.name for path in file.parent.iterdir()] == ["out.rdf"]


def test_an_output_that_cannot_be_written_is_one_sentence(run: Output, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    with pytest.raises(InputError, match=r"cannot be written .*; name a place"):
        run("turtle", None, place / "x.ttl")


def test_a_device_takes_an_export(run: Output) -> None:
    run("turtle", "claim:funding", "/dev/null")


def test_a_full_device_is_one_sentence(run: Output) -> None:
    with pytest.raises(InputError, match=r"/dev/full cannot be written .*make room"):
        run("turtle", None, "/dev/full")
