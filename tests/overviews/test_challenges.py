"""Challenges and their arguments as trees: exactly on invented ones, against the stored query on the real."""

from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from aisi_kg.graph.dataset import merge
from aisi_kg.store.challenges import Argument, Challenge, challenges_grid, read_challenges
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of

HEAD = """@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .
@prefix claim: <https://w3id.org/aisi-kg/claim/concordia-2024/> .
@prefix entity: <https://w3id.org/aisi-kg/entity/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix passage: <https://w3id.org/aisi-kg/source/concordia-2024/passage/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def dataset(*graphs: str) -> Store:
    """Load graphs of claims, a challenge in each dataset; a claim's place in the text is that of its line."""
    lines = [HEAD]
    judged = "aisi:verdict aisi:Hard ; aisi:judgedBy entity:author"
    graphs = (f"c1: entity:challenge a aisi:Challenge ; {judged}", *graphs)
    for place, graph in enumerate(graphs, 1):
        name, _, triples = graph.partition(": ")
        triples = triples.replace(
            "UNDER", f"a aisi:Argument ; aisi:underChallenge entity:challenge ; {judged}"
        )
        lines.append(
            f"GRAPH claim:{name} {{ {triples} . }}\n"
            f"claim:{name} a aisi:Claim ; aisi:modality aisi:Fact ;"
            f' aisi:statement "S {name}."@en , "句{name}。"@zh ;'
            f" prov:wasQuotedFrom passage:p{place} . passage:p{place} oa:start {place} .\n"
        )
    store = Store()
    store.load("".join(lines), format=RdfFormat.TRIG)
    store.bulk_extend(list(merge(store)))
    return store


def shape(argument: Argument) -> Any:
    """Write a tree so that it can be read in this file: names, and in brackets what only points elsewhere."""
    below = [
        (
            branch.relation.iri.rsplit("#", 1)[-1],
            shape(branch.argument) if branch.argument else [branch.target.iri.rsplit("/", 1)[-1]],
        )
        for branch in argument.branches
    ]
    return (argument.name, below) if below else argument.name


def shapes(store: Store) -> list[Any]:
    (challenge,) = conduct(store, read_challenges())
    return [shape(argument) for argument in challenge.arguments]


def test_an_argument_stands_below_what_it_supports() -> None:
    store = dataset(
        "c2: entity:a UNDER",
        "c3: entity:b UNDER",
        "c4: entity:a aisi:hasReason entity:b",
        "c5: entity:c UNDER",
        "c6: entity:b aisi:hasEffect entity:c ; aisi:hasExample entity:thing",
    )
    assert shapes(store) == [("a", [("hasReason", ("b", [("hasExample", ["thing"]), ("hasEffect", "c")]))])]
    (challenge,) = conduct(store, read_challenges())
    (top,) = challenge.arguments
    assert [branch.claims[0].rsplit("/", 1)[-1] for branch in top.branches] == ["c4"]
    assert challenge.number == 3
    assert set(challenge.placed) == {each.iri for each, _ in top.walk()}


def test_one_that_supports_several_stands_once_and_is_pointed_to() -> None:
    store = dataset(
        "c2: entity:a UNDER ; aisi:hasReason entity:c",
        "c3: entity:b UNDER ; aisi:hasReason entity:c",
        "c4: entity:c UNDER",
    )
    assert shapes(store) == [("a", [("hasReason", "c")]), ("b", [("hasReason", ["c"])])]


def test_a_circle_has_a_top_and_loses_nothing() -> None:
    store = dataset(
        "c2: entity:a UNDER ; aisi:hasReason entity:b",
        "c3: entity:b UNDER ; aisi:hasReason entity:a",
    )
    assert shapes(store) == [("a", [("hasReason", ("b", [("hasReason", ["a"])]))])]


def test_arguments_are_in_the_order_of_the_text() -> None:
    store = dataset("c2: entity:z UNDER", "c3: entity:y UNDER", "c4: entity:x UNDER")
    assert shapes(store) == ["z", "y", "x"]
    grid = challenges_grid(conduct(store, read_challenges()), "zh")
    assert [row[1].entries[0].text for row in grid.rows] == ["句c2。", "句c3。", "句c4。"]


def test_there_may_be_none() -> None:
    assert conduct(Store(), read_challenges()) == ()
    assert challenges_grid((), "en").rows == ()


# On the report's data.


@pytest.fixture(scope="module")
def challenges(real: Store) -> tuple[Challenge, ...]:
    return conduct(real, read_challenges())


def test_the_real_trees_have_every_argument_of_the_query(
    real: Store, challenges: tuple[Challenge, ...]
) -> None:
    query = library_of(real).queries["arguments"]
    rows: Any = evaluate(real, QueryRequest(query.text))
    wanted = {(row["challenge"].value, row["argument"].value, row["claim"].value) for row in rows}
    found = {
        (challenge.judgement.iri, argument.iri, claim)
        for challenge in challenges
        for top in challenge.arguments
        for argument, _ in top.walk()
        for claim, _ in argument.statements
    }
    assert wanted <= found
    assert {(challenge, argument) for challenge, argument, _ in wanted} == {each[:2] for each in found}


def test_the_real_challenges_are_five_and_each_has_an_advice(challenges: tuple[Challenge, ...]) -> None:
    assert len(challenges) == 5
    assert all(challenge.recommended for challenge in challenges)
    assert [judge.iri.rsplit("/", 1)[-1] for each in challenges for judge in each.judges] == [
        "concordia-ai"
    ] * 5
    for challenge in challenges:
        walked = [argument.iri for top in challenge.arguments for argument, _ in top.walk()]
        assert len(walked) == len(set(walked)) == challenge.number
