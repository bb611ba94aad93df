"""Fixtures: ``store`` is the dataset of mini.trig, with the project's queries and rules."""

import pytest
from pyoxigraph import Quad, Store

from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library
from aisi_kg.store.results import dataset_prefixes


@pytest.fixture(scope="session")
def store(overview_quads: list[Quad]) -> Store:
    loaded = Store()
    loaded.bulk_extend(overview_quads)
    return loaded


@pytest.fixture(scope="session")
def library(store: Store) -> Library:
    return library_of(store)


@pytest.fixture(scope="session")
def prefixes(store: Store) -> Prefixes:
    return dataset_prefixes(store)
