"""JSON-LD: how it looks, that it says what the dataset says, and that the context keeps up with the terms."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib.compare import isomorphic

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import AISI, ONTOLOGY_GRAPH, Prefixes
from aisi_kg.project import Project
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import Context, load_context, write_flat

MakeStore = Callable[[str], Store]
SameDataset = Callable[[Iterable[Quad], Iterable[Quad]], bool]

OWL = "http://www.w3.org/2002/07/owl#"
#: Names of what every data item may carry, and of the axioms' own vocabulary, need no term in a context.
OTHERS = (OWL, "http://www.w3.org/ns/shacl#", "http://purl.org/vocab/vann/")


@pytest.fixture
def write(prefixes: Prefixes, context: Context) -> Callable[[Store, str | None], Any]:
    def written(store: Store, resource: str | None) -> Any:
        return json.loads(b"".join(export(store, "jsonld", resource, prefixes=prefixes, context=context)))

    return written


Write = Callable[[Store, str | None], Any]


def test_a_claim_reads_like_a_document(small: Store, write: Write) -> None:
    document = write(small, "claim:funding")
    assert document["@graph"][0] == {
        "id": "claim:funding",
        "type": "Claim",
        "statement": {"en": "The UK AISI has 100 million.", "zh": "英国一亿英镑。"},
        "modality": "Fact",
        "evidence": "FootnoteOnSentence",
        "primarySource": "source:concordia-2024",
        "passages": [
            {
                "id": "passage:90-99",
                "type": "Passage",
                "anchor": {"zh": "=1+1"},
                "section": "2.1",
                "page": 4,
                "start": 90,
                "end": 99,
                "isPartOf": "source:concordia-2024",
            },
            {
                "id": "passage:900-910",
                "type": "Passage",
                "anchor": {"zh": "-"},
                "section": "3.1",
                "page": 10,
                "start": 900,
                "end": 910,
                "isPartOf": "source:concordia-2024",
            },
        ],
        "footnotes": [
            {
                "id": "footnote:2",
                "type": "Footnote",
                "number": 2,
                "page": 3,
                "isPartOf": "source:concordia-2024",
                "cites": [
                    {
                        "id": "publication:plan",
                        "type": "fabio:Work",
                        "title": {"en": "The plan"},
                        "publisher": ["entity:uk-government"],
                        "issued": {"@value": "2023", "@type": "xsd:gYear"},
                        "url": "https://example.org/plan",
                    }
                ],
            },
            {
                "id": "footnote:10",
                "type": "Footnote",
                "number": 10,
                "page": 4,
                "isPartOf": "source:concordia-2024",
                "cites": [
                    {
                        "id": "publication:budget",
                        "type": "fabio:Work",
                        "title": {"en": "The budget"},
                        "accessed": "2024-10-01",
                        "url": "https://example.org/budget",
                    }
                ],
            },
        ],
        "assertion": [
            {
                "id": "entity:grant",
                "type": "FundingCommitment",
                "amount": ["100.5"],
                "fundingRecipient": ["entity:uk-aisi"],
            }
        ],
    }


def test_an_entity_comes_first_then_its_claims_then_names(small: Store, write: Write) -> None:
    nodes = write(small, "entity:uk-aisi")["@graph"]
    assert [node["id"] for node in nodes[:3]] == ["entity:uk-aisi", "claim:founding", "claim:funding"]
    assert nodes[0] == {
        "id": "entity:uk-aisi",
        "type": ["SafetyInstitute", "prov:Agent"],
        "prefLabel": {"en": "UK AI Safety Institute", "zh": "英国所"},
        "alternateName": {"en": ["UK AISI"]},
        "altLabel": {"zh": ["英国AISI", "英国人工智能安全研究所"]},
    }
    assert {"id": "aisi:Fact", "prefLabel": {"en": "fact", "zh": "事实"}} in nodes[3:]


def test_the_context_in_a_document_holds_what_it_uses_and_no_more(
    small: Store, write: Write, context: Context
) -> None:
    document = write(small, "claim:founding")
    used = document["@context"]
    assert used.items() <= dict(context.document).items()
    assert list(used) == [key for key in context.document if key in used]
    text = json.dumps(document["@graph"]) + json.dumps(list(used.values()))
    names = {key for key in used if not key.startswith("@")}
    unused = {key for key in names if f'"{key}":' not in text and f'"{key}:' not in text}
    assert not unused
    assert names < set(context.document)


def test_a_document_read_with_the_published_context_says_the_same(
    small: Store, write: Write, context: Context
) -> None:
    document = write(small, "entity:uk-aisi")
    published = {**document, "@context": dict(context.document)}
    assert set(parse(json.dumps(document), RdfFormat.JSON_LD)) == set(
        parse(json.dumps(published), RdfFormat.JSON_LD)
    )


@pytest.mark.parametrize(
    "resource", ["entity:uk-aisi", "claim:funding", "footnote:2", "aisi:FundingCommitment"]
)
def test_three_processors_read_the_same(
    small: Store, write: Write, same_dataset: SameDataset, resource: str
) -> None:
    document = write(small, resource)
    text = json.dumps(document)
    first = list(parse(text, RdfFormat.JSON_LD))
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="json-ld")
    second = dataset.serialize(format="nquads")
    third = jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert len(first) > 3
    assert same_dataset(parse(second, RdfFormat.N_QUADS), first)
    assert same_dataset(parse(third, RdfFormat.N_QUADS), first)


def test_the_dump_is_flat_and_each_node_stands_once(real: Store, write: Write) -> None:
    nodes = write(real, None)["@graph"]
    names = [node["id"] for node in nodes]
    assert len(names) == len(set(names))
    claim = next(node for node in nodes if "Claim" in node.get("type", ()))
    assert all(isinstance(passage, str) for passage in claim["passages"])


def test_axioms_are_nested_and_lists_are_lists(small: Store, write: Write) -> None:
    node = next(n for n in write(small, None)["@graph"] if n["id"] == "aisi:FundingCommitment")
    (restriction,) = node["subClassOf"]
    union = restriction["owl:someValuesFrom"]["owl:unionOf"]["@list"]
    assert union == [{"id": "aisi:Fact"}, {"owl:complementOf": {"id": "aisi:Plan"}}]


@pytest.mark.parametrize(
    "trig",
    [
        "entity:a aisi:p _:x . entity:b aisi:p _:x . _:x aisi:p 1 .",
        "_:x aisi:p _:y . _:y aisi:p _:x .",
        "_:x aisi:p _:x .",
        "_:x aisi:p _:y . _:y aisi:p _:z . _:z aisi:p _:y , 3 .",
        "entity:a a [ a owl:Restriction ] .",
        "entity:a a 'no name' .",
        "entity:a aisi:p ( ) , ( 1 ( 2 [ aisi:p () ] ) ) .",
        "entity:a aisi:p [ rdf:first 1 ; rdf:rest [ rdf:first 2 , 3 ; rdf:rest () ] ] .",
        "entity:a aisi:p [ rdf:first 1 ; rdf:rest [ rdf:first 2 ] ] .",
        "entity:a aisi:p [ rdf:first 1 ; rdf:rest 'no list' ] .",
        "entity:a aisi:p _:l . entity:b aisi:p _:l . _:l rdf:first 1 ; rdf:rest () .",
        "entity:a aisi:p [ rdf:first 1 ; rdf:rest () ; a rdf:List ] .",
        "_:l rdf:first 1 ; rdf:rest _:l .",
        "entity:a rdf:rest ( 1 2 ) .",
        "publication:a cito:cites publication:b . publication:b cito:cites publication:a .",
        "publication:a cito:cites publication:a .",
        "claim:a cito:citesAsEvidence [ cito:cites publication:a ] , publication:a .",
        "entity:a skos:prefLabel 'plain' , 'one'@en , 'two'@en , 'drei'@de , entity:b .",
        "entity:a skos:altLabel 'one'@en-gb , 5 .",
        "entity:a aisi:modality 'text' , 5 , entity:b , aisi:statement , aisi:type , aisi:id , <urn:x:y> .",
        "entity:a aisi:earliestDate '2024'^^xsd:gYear , '2024-01-01'^^xsd:date , 'text' , 'x'@en , 1 .",
        "entity:a aisi:page 05 , 1 , 1.0 , 1e0 , '1' , true , '1'^^xsd:boolean , 12345678901234567890 , -0 .",
        "entity:a aisi:statement_x aisi:p . entity:a aisi:label 'x'@en . entity:a aisi:aisi 'x' .",
        "entity:a aisi:p <https://w3id.org/aisi-kg/entity/-> , <https://w3id.org/aisi-kg/a/> , aisi:a.b .",
        "entity:a schema:url <https://example.org/?q=a%20b#c> , <mailto:a@b.c> , 'https://example.org/' .",
        "entity:a <https://example.org/no/prefix> entity:b ; <urn:x:p> 'x' .",
        "entity:a dcterms:isPartOf aisi:Fact ; aisi:topic aisi:Fact ; rdfs:subClassOf aisi:Fact .",
        "entity:a rdfs:subClassOf rdf:nil ; aisi:topic rdf:nil .",
    ],
)
def test_whatever_the_graph_it_comes_back(
    make_store: MakeStore, same_dataset: SameDataset, prefixes: Prefixes, context: Context, trig: str
) -> None:
    store = make_store(trig)
    there = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    flat = b"".join(write_flat(there, context))
    assert same_dataset(parse(flat, RdfFormat.JSON_LD), there), flat.decode()
    for subject in {quad.subject for quad in there if isinstance(quad.subject, NamedNode)}:
        nested = b"".join(export(store, "jsonld", subject.value, prefixes=prefixes, context=context))
        lines = b"".join(export(store, "ntriples", subject.value, prefixes=prefixes, context=context))
        read, expected = parse(nested, RdfFormat.JSON_LD), parse(lines, RdfFormat.N_TRIPLES)
        assert same_dataset(read, expected), nested.decode()
    graph, other = rdflib.Graph(), rdflib.Graph()
    graph.parse(data=flat, format="json-ld")
    other.parse(data=b"".join(export(store, "ntriples", prefixes=prefixes, context=context)), format="nt")
    assert isomorphic(graph, other), flat.decode()


def test_every_literal_that_a_type_has_is_written_bare_only_if_it_comes_back(
    make_store: MakeStore, context: Context
) -> None:
    """Of ``5`` and ``05``, which are one number, the store keeps the form."""
    for value in ("5", "05", "+5", "-5", "0", "-0", "999999999999999", "9999999999999999"):
        literal = Literal(value, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
        quad = Quad(NamedNode("https://example.org/a"), NamedNode(AISI + "page"), literal)
        assert list(parse(b"".join(write_flat([quad], context)), RdfFormat.JSON_LD)) == [quad]


# The context


def test_the_context_has_the_projects_prefixes(context: Context, prefixes: Prefixes) -> None:
    assert dict(context.prefixes) == dict(prefixes)


#: What is said about claims, passages, footnotes and sources has one value, since their shapes say so.
SINGLE = {
    *("accessed", "discrepancyKind", "evidence", "modality", "number", "page", "reviewed", "section"),
    *("sha256", "tableColumn", "tableRow"),
}


def test_every_property_of_the_ontology_has_a_term(real: Store, context: Context) -> None:
    """What is missing is shown as the lines to add; two claims may give two values, hence the lists."""
    missing = []
    for kind in ("ObjectProperty", "DatatypeProperty"):
        pattern = (None, None, NamedNode(OWL + kind), NamedNode(ONTOLOGY_GRAPH))
        for quad in real.quads_for_pattern(*pattern):
            assert isinstance(quad.subject, NamedNode)
            iri = quad.subject.value
            if iri.startswith(AISI) and iri not in context.terms:
                name = iri[len(AISI) :]
                line = {"@id": f"aisi:{name}", "@type": "@vocab", "@container": "@set"}
                if kind == "DatatypeProperty":
                    del line["@type"]
                missing.append(f'    "{name}": {json.dumps(line)},')
    assert not missing, "add to ontology/context.jsonld:\n" + "\n".join(sorted(missing))


def test_what_claims_say_is_always_a_list(context: Context) -> None:
    single = {
        term.key
        for iri, term in context.terms.items()
        if iri.startswith(AISI) and not term.always_list and not term.languages
    }
    assert single == SINGLE


def test_what_is_no_list_has_one_value(real: Store, context: Context) -> None:
    counts: Counter[tuple[object, ...]] = Counter()
    for quad in real.quads_for_pattern(None, None, None, DefaultGraph()):
        term = context.terms.get(quad.predicate.value)
        if term is not None and not term.always_list:
            language = quad.object.language if isinstance(quad.object, Literal) else None
            counts[quad.subject, term.key, language if term.languages else ""] += 1
    assert not [key for key, count in counts.items() if count > 1]
    assert len(counts) > 1000


def test_no_term_names_what_the_ontology_does_not_have(real: Store, context: Context) -> None:
    there = {quad.subject for quad in real.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))}
    unknown = [iri for iri in context.terms if iri.startswith(AISI) and NamedNode(iri) not in there]
    assert not unknown


def test_what_is_said_of_things_is_said_with_terms(real: Store, context: Context) -> None:
    said = {
        quad.predicate.value
        for quad in real
        if isinstance(quad.graph_name, NamedNode)
        and not quad.graph_name.value.endswith(("/ontology", "/meta", "/inferred"))
    }
    unnamed = {iri for iri in said if iri not in context.terms and not iri.endswith("#type")}
    assert not {iri for iri in unnamed if not iri.startswith(OTHERS)}


def test_a_term_of_a_thing_is_written_as_a_name_and_of_a_value_as_a_value(
    real: Store, context: Context
) -> None:
    """The coercion of a term fits what the ontology says of the property."""
    ontology = NamedNode(ONTOLOGY_GRAPH)
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for iri, term in context.terms.items():
        is_object = Quad(NamedNode(iri), rdf_type, NamedNode(OWL + "ObjectProperty"), ontology) in real
        is_value = Quad(NamedNode(iri), rdf_type, NamedNode(OWL + "DatatypeProperty"), ontology) in real
        names = term.coercion in ("@id", "@vocab")
        assert not (is_object and not names), term
        assert not (is_value and names), term


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        ({"a": {"@id": "x:a"}}, "needs a prefix"),
        ({"a": {"@reverse": "aisi:a"}}, "a is defined in a way that the writer does not know"),
        ({"a": {"@id": "aisi:a", "@container": "@index"}}, "does not know"),
        ({"a": {"@type": "@id"}}, "does not know"),
        ({"a": {"@id": "aisi:a"}, "b": {"@id": "aisi:a"}}, "b and a name one property"),
    ],
)
def test_a_context_that_the_writer_does_not_know_is_refused(
    definitions: dict[str, Any], message: str
) -> None:
    value = {"aisi": AISI, **definitions}
    if message == "needs a prefix":
        value["a"] = {"@id": "nonsense"}
    with pytest.raises(InputError, match=message):
        Context(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("[]", "is not JSON with a key @context"),
        ("{}", "is not JSON with a key @context"),
        ('{"@context": 5}', "is not JSON with a key @context"),
    ],
)
def test_a_context_that_cannot_be_read_is_named(tmp_path: Any, text: str | None, message: str) -> None:
    project = Project.at(tmp_path)
    project.ontology.mkdir()
    if text is not None:
        (project.ontology / "context.jsonld").write_text(text)
    with pytest.raises(InputError, match=f"ontology/context.jsonld.*{message}"):
        load_context(project)
