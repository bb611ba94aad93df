"""What a document about one resource holds, and how the resource is named."""

import json

import pytest
from pyoxigraph import NamedNode, Store

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import BASE, Prefixes
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import Context
from aisi_kg.store.export.selection import claims_of_dataset, find_resource, select


def local(iris: object) -> list[str]:
    return [str(iri).strip("<>").rsplit("/", 1)[-1] for iri in iris]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    [
        "entity:uk-aisi",
        "entity/uk-aisi",
        "/entity/uk-aisi",
        "https://w3id.org/aisi-kg/entity/uk-aisi",
        "<https://w3id.org/aisi-kg/entity/uk-aisi>",
        " entity:uk-aisi ",
    ],
)
def test_a_resource_has_three_names(small: Store, prefixes: Prefixes, name: str) -> None:
    assert find_resource(small, name, prefixes) == NamedNode(BASE + "entity/uk-aisi")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("entity:uk-aissi", "did you mean entity:uk-aisi"),
        ("UK-AISI", "did you mean entity:uk-aisi"),
        ("footnote:3", "did you mean footnote:2"),
        ("https://w3id.org/aisi-kg/entity/us_aisi", "did you mean entity:us-aisi"),
        ("https://example.com/nothing-of-the-kind", "a query lists what there is"),
        ("nobody:uk-aisi", "prefix of nobody:uk-aisi is not declared"),
        ("a b", "is no IRI"),
        ("", "no IRI|did you mean|says nothing"),
    ],
)
def test_an_unknown_resource_is_refused_with_near_ones(
    small: Store, prefixes: Prefixes, name: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        find_resource(small, name, prefixes)


def test_claims_are_in_the_order_of_the_text(small: Store) -> None:
    assert local(claims_of_dataset(small)) == ["founding", "funding", "silence"]


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("claim:funding", ["funding"]),
        ("entity:uk-aisi", ["founding", "funding"]),
        ("entity:us-aisi", ["silence"]),
        ("footnote:2", ["founding", "funding"]),
        ("footnote:10", ["funding"]),
        ("publication:plan", ["founding", "funding"]),
        ("passage:900-910", ["funding"]),
        ("source:concordia-2024", ["founding", "funding", "silence"]),
        ("entity:uk-government", []),
        ("aisi:Fact", []),
        ("aisi:amount", []),
        ("ontology", []),
        ("graph/entities", []),
    ],
)
def test_a_document_has_the_claims_that_bear_on_its_resource(
    small: Store, prefixes: Prefixes, name: str, claims: list[str]
) -> None:
    assert local(select(small, find_resource(small, name, prefixes)).claims) == claims


def described(small: Store, prefixes: Prefixes, name: str) -> set[str]:
    selection = select(small, find_resource(small, name, prefixes))
    bare = {"prefLabel", "label"}
    return {
        prefixes.shorten(quad.subject.value)
        for quad in selection.about
        if isinstance(quad.subject, NamedNode) and quad.predicate.value.rsplit("#", 1)[-1] not in bare
    }


def test_a_claims_document_goes_from_the_graph_to_the_publication(small: Store, prefixes: Prefixes) -> None:
    assert described(small, prefixes, "claim:founding") == {
        "claim:founding",
        "passage:5-20",
        "footnote:2",
        "publication:plan",
        "source:concordia-2024",
    }


def test_an_entitys_document_says_what_is_said_of_it_and_by_whom(small: Store, prefixes: Prefixes) -> None:
    assert described(small, prefixes, "entity:us-aisi") == {
        "entity:us-aisi",
        "claim:silence",
        "passage:1000-1001",
        "source:concordia-2024",
    }


def test_a_publications_document_has_the_footnotes_that_cite_it(small: Store, prefixes: Prefixes) -> None:
    assert "footnote:10" in described(small, prefixes, "publication:budget")


def test_the_ontologys_document_is_the_ontology(small: Store, prefixes: Prefixes) -> None:
    node = find_resource(small, "ontology", prefixes)
    merged = select(small, node).merged()
    assert len(merged) == len(list(small.quads_for_pattern(None, None, None, node)))


def test_a_terms_document_has_its_axioms_to_the_end(small: Store, prefixes: Prefixes) -> None:
    merged = select(small, find_resource(small, "aisi:FundingCommitment", prefixes)).merged()
    assert any(quad.predicate.value.endswith("complementOf") for quad in merged)


def test_what_is_spoken_of_is_named(small: Store, prefixes: Prefixes) -> None:
    selection = select(small, find_resource(small, "claim:founding", prefixes))
    named = {quad.subject for quad in selection.about if quad.predicate.value.endswith("prefLabel")}
    assert NamedNode(BASE + "entity/uk-aisi") in named
    assert NamedNode(BASE + "ontology#Fact") in named
    assert NamedNode(BASE + "entity/us-aisi") not in named


def test_a_document_is_a_part_of_the_dataset(real: Store, prefixes: Prefixes) -> None:
    for name in ("entity:uk-aisi", "footnote:29", "source:concordia-2024"):
        selection = select(real, find_resource(real, name, prefixes))
        assert selection.claims
        assert all(quad in real for quad in selection.about)
        assert all(quad in real for graph in selection.claims.values() for quad in graph)


def test_an_entitys_document_links_the_item_that_it_is(
    real: Store, prefixes: Prefixes, context: Context
) -> None:
    about = select(real, find_resource(real, "entity/united-kingdom", prefixes)).about
    item = NamedNode("http://www.wikidata.org/entity/Q145")
    assert {quad.predicate.value for quad in about if quad.object == item} == {
        "http://www.w3.org/2002/07/owl#sameAs",
        "http://www.w3.org/2004/02/skos/core#exactMatch",
    }
    written = b"".join(export(real, "jsonld", "entity/united-kingdom", prefixes=prefixes, context=context))
    [node] = [node for node in json.loads(written)["@graph"] if node["id"] == "entity:united-kingdom"]
    assert node["sameAs"] == ["wikidata:Q145"]


def test_a_mapping_is_found_in_the_document_of_its_graph(real: Store, prefixes: Prefixes) -> None:
    merged = select(real, find_resource(real, "graph/wikidata", prefixes)).merged()
    record = NamedNode(BASE + "graph/wikidata#united-kingdom")
    assert any(quad.subject == record and quad.predicate.value.endswith("confidence") for quad in merged)
