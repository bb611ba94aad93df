"""Who has to do with whom, chosen by matrix, form, party, firmness and status."""

import pytest
from pyoxigraph import Store

from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, ENTITY_BASE
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library
from aisi_kg.store.relations import Network, Tie, read_network

CLAIM = CLAIM_BASE + "concordia-2024/"
RURITANIA, SYLDAVIA, ACME = "ruritania-aisi", "syldavia-aisi", "acme"


@pytest.fixture(scope="module")
def network(store: Store, library: Library) -> Network:
    return conduct(store, read_network(library))


@pytest.fixture(scope="module")
def real_network(real: Store) -> Network:
    return conduct(real, read_network(library_of(real)))


def ends(ties: tuple[Tie, ...]) -> list[tuple[str, str, str]]:
    return sorted((tie.matrix, tie.ends[0].slug, tie.ends[1].slug) for tie in ties)


def test_all_ties(network: Network) -> None:
    assert ends(network.ties) == [
        ("access", RURITANIA, ACME),
        ("access", SYLDAVIA, ""),
        ("cooperation", ACME, RURITANIA),
        ("cooperation", RURITANIA, SYLDAVIA),
    ]
    assert {party.slug for party in network.institutes()} == {RURITANIA, SYLDAVIA}
    assert network.statements[CLAIM + "r-acme"].text.en == "They work together."


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"matrix": "access"}, [("access", RURITANIA, ACME), ("access", SYLDAVIA, "")]),
        ({"party": ENTITY_BASE + ACME}, [("access", RURITANIA, ACME), ("cooperation", ACME, RURITANIA)]),
        ({"strength": "3"}, [("cooperation", RURITANIA, SYLDAVIA)]),
        ({"strength": "0"}, []),
        ({"kind": AISI + "PreDeployment"}, [("access", RURITANIA, ACME)]),
        ({"kind": AISI + "PreDeployment", "matrix": "cooperation"}, []),
        ({"status": "planned"}, []),
        ({"status": "done", "party": ENTITY_BASE + SYLDAVIA, "matrix": "access"}, [("access", SYLDAVIA, "")]),
    ],
)
def test_ties_are_chosen(network: Network, chosen: dict[str, str], found: list[tuple[str, str, str]]) -> None:
    assert ends(network.select(**chosen)) == found


# On the report's data.


def test_the_chosen_relations_are_those_that_meet_it(real_network: Network) -> None:
    planned = real_network.select(status="planned")
    assert planned
    assert all(relation.is_planned for tie in planned for relation in tie.relations)
    done = real_network.select(status="done")
    both = [relation for tie in (*planned, *done) for relation in tie.relations]
    assert len(both) == sum(len(tie.relations) for tie in real_network.ties)
    (memorandum,) = real_network.select(strength="3")
    assert {end.slug for end in memorandum.ends} == {"united-kingdom", "united-states"}
    # What else the two have in common is not of that firmness.
    assert {relation.strength for relation in memorandum.relations} == {"3"}


def test_every_party_and_claim_is_known(real_network: Network) -> None:
    assert all(party.iri in real_network.kinds for party in real_network.parties() if party.iri)
    assert all(claim in real_network.statements for tie in real_network.ties for claim in tie.claims)
    assert {each.slug for each in real_network.institutes()} >= {"uk-aisi", "us-aisi", "eu-ai-office"}
