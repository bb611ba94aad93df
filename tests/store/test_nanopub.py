"""Nanopublications, held against each criterion of https://nanopub.net/guidelines/ for being well-formed."""

from collections import defaultdict

import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import AISI, BASE, META_GRAPH, Prefixes
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import Context
from aisi_kg.store.export.nanopub import NANOPUB_NAMESPACE, nanopublication, write_nanopublications
from aisi_kg.store.export.selection import claims_of_dataset

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DCTERMS = "http://purl.org/dc/terms/"
FUNDING = NamedNode(BASE + "claim/concordia-2024/funding")


def np(name: str) -> NamedNode:
    return NamedNode(NANOPUB_NAMESPACE + name)


def faults(quads: list[Quad]) -> list[str]:
    """List the criteria that the quads of one nanopublication do not meet."""
    types = [quad for quad in quads if quad.predicate == RDF_TYPE and quad.object == np("Nanopublication")]
    if len(types) != 1:
        return [f"{len(types)} nanopublications"]
    nanopub, head = types[0].subject, types[0].graph_name
    parts: list[object] = []
    for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo"):
        stated = [q for q in quads if (q.subject, q.predicate, q.graph_name) == (nanopub, np(name), head)]
        if len(stated) != 1:
            return [f"{len(stated)} of {name}"]
        parts.append(stated[0].object)
    assertion, provenance, info = parts
    graphs: dict[object, list[Quad]] = defaultdict(list)
    for quad in quads:
        graphs[quad.graph_name].append(quad)
    terms = {term for quad in quads for term in (quad.subject, quad.object)}
    criteria = {
        "a triple outside graphs": DefaultGraph() not in graphs,
        "names that are the same": len({nanopub, head, *parts}) == 5,
        "another graph, or an empty one": set(graphs) == {head, *parts},
        "something else in the head": len(graphs[head]) == 4,
        "no reference to the assertion": any(assertion in (q.subject, q.object) for q in graphs[provenance]),
        "no reference to the nanopublication": any(q.subject == nanopub for q in graphs[info]),
        "something else in the publication information": all(q.subject == nanopub for q in graphs[info]),
        "a blank node": not any(isinstance(term, BlankNode) for term in terms),
    }
    return [fault for fault, is_met in criteria.items() if not is_met]


def flat(graphs: list[list[Quad]]) -> list[Quad]:
    return [quad for graph in graphs for quad in graph]


def test_every_claim_is_a_well_formed_nanopublication(real: Store) -> None:
    claims = claims_of_dataset(real)
    assert claims
    for claim in claims:
        assert faults(flat(nanopublication(real, claim))) == [], claim


def broken_nanopublications(graphs: list[list[Quad]]) -> dict[str, list[Quad]]:
    head, assertion, provenance, info = graphs
    nanopub = head[0].subject
    name = NamedNode(FUNDING.value + "#Head")
    same = [Quad(nanopub, np("hasAssertion"), name, name)]
    return {
        "0 nanopublications": flat([head[1:], assertion, provenance, info]),
        "0 of hasAssertion": flat([[head[0], *head[2:]], assertion, provenance, info]),
        "2 of hasProvenance": [
            *flat(graphs),
            Quad(nanopub, np("hasProvenance"), FUNDING, head[0].graph_name),
        ],
        "a triple outside graphs": [*flat(graphs), Quad(FUNDING, RDF_TYPE, FUNDING)],
        "names that are the same": flat([[head[0], *same, *head[2:]], provenance, info]),
        "another graph, or an empty one": flat([head, provenance, info]),
        "something else in the head": [*flat(graphs), Quad(FUNDING, RDF_TYPE, FUNDING, head[0].graph_name)],
        "no reference to the assertion": [
            q for q in flat(graphs) if q not in provenance or q.subject != FUNDING
        ],
        "no reference to the nanopublication": [q for q in flat(graphs) if q not in info],
        "something else in the publication information": [
            *flat(graphs),
            Quad(FUNDING, RDF_TYPE, FUNDING, info[0].graph_name),
        ],
        "a blank node": [*flat(graphs), Quad(nanopub, RDF_TYPE, BlankNode(), info[0].graph_name)],
    }


def test_each_criterion_can_fail(small: Store) -> None:
    graphs = nanopublication(small, FUNDING)
    assert faults(flat(graphs)) == []
    for fault, quads in broken_nanopublications(graphs).items():
        assert fault in faults(quads)


def test_the_assertion_is_the_claims_own_graph(small: Store) -> None:
    _, assertion, _, _ = nanopublication(small, FUNDING)
    assert set(assertion) == set(small.quads_for_pattern(None, None, None, FUNDING))
    assert {quad.graph_name for quad in assertion} == {FUNDING}


def test_the_provenance_says_what_the_claim_rests_on(small: Store, prefixes: Prefixes) -> None:
    _, _, provenance, _ = nanopublication(small, FUNDING)
    predicates = {prefixes.shorten(q.predicate.value) for q in provenance if q.subject == FUNDING}
    assert predicates == {
        "rdf:type",
        "aisi:evidence",
        "aisi:modality",
        "cito:citesAsEvidence",
        "prov:hadPrimarySource",
        "prov:wasQuotedFrom",
    }
    subjects = {q.subject.value.removeprefix(BASE) for q in provenance if isinstance(q.subject, NamedNode)}
    assert subjects == {
        "claim/concordia-2024/funding",
        "publication/budget",
        "publication/plan",
        "source/concordia-2024/footnote/10",
        "source/concordia-2024/footnote/2",
        "source/concordia-2024/passage/90-99",
        "source/concordia-2024/passage/900-910",
    }


def test_the_publication_information_is_that_of_the_release(small: Store) -> None:
    *_, info = nanopublication(small, FUNDING)
    said = {(quad.predicate.value, quad.object) for quad in info}
    date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    editors = NamedNode(META_GRAPH + "#editors")
    assert said == {
        (DCTERMS + "description", Literal("The UK AISI has 100 million.", language="en")),
        (DCTERMS + "description", Literal("英国一亿英镑。", language="zh")),
        (DCTERMS + "creator", editors),
        ("http://www.w3.org/ns/prov#wasAttributedTo", editors),
        (DCTERMS + "issued", Literal("2026-01-02", datatype=date)),
        (DCTERMS + "license", NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        (DCTERMS + "isPartOf", NamedNode(META_GRAPH + "#dataset")),
        ("http://www.w3.org/ns/dcat#version", Literal("0.1.0+0123456789ab")),
    }


def test_all_are_written_and_read_back_by_two_parsers(real: Store, prefixes: Prefixes) -> None:
    claims = claims_of_dataset(real)
    expected = {quad for claim in claims for quad in flat(nanopublication(real, claim))}
    text = b"".join(write_nanopublications(real, claims, prefixes))
    assert set(parse(text, RdfFormat.TRIG)) == expected
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="trig")
    assert set(parse(dataset.serialize(format="nquads"), RdfFormat.N_QUADS)) == expected


def test_each_is_readable_alone_and_begins_with_its_head(small: Store, prefixes: Prefixes) -> None:
    pieces = list(write_nanopublications(small, claims_of_dataset(small), prefixes))
    assert len(pieces) == 3
    for piece in pieces:
        assert faults(list(parse(piece, RdfFormat.TRIG))) == []
        graphs = [line for line in piece.decode().splitlines() if line.startswith("GRAPH")]
        assert graphs[0] == "GRAPH sub:Head {"
        assert graphs[2:] == ["GRAPH sub:provenance {", "GRAPH sub:pubinfo {"]


def test_of_an_entity_they_are_those_of_its_claims(
    small: Store, prefixes: Prefixes, context: Context
) -> None:
    text = b"".join(export(small, "nanopub", "entity:us-aisi", prefixes=prefixes, context=context))
    quads = list(parse(text, RdfFormat.TRIG))
    assert [q.object for q in quads if q.predicate == np("hasAssertion")] == [
        NamedNode(BASE + "claim/concordia-2024/silence")
    ]


def test_where_there_is_no_claim_there_is_no_nanopublication(
    small: Store, prefixes: Prefixes, context: Context
) -> None:
    with pytest.raises(InputError, match=r"No claim speaks of aisi:Fact"):
        export(small, "nanopub", "aisi:Fact", prefixes=prefixes, context=context)


def test_a_statement_is_said_once(small: Store) -> None:
    quads = flat(nanopublication(small, FUNDING))
    assert not [quad for quad in quads if quad.predicate == NamedNode(AISI + "statement")]
