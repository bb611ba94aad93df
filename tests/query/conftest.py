"""Fixtures: ``store``, a small dataset with its merge as the default graph."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from aisi_kg.graph.dataset import merge


@pytest.fixture(scope="session")
def store(checkout: Path) -> Store:
    loaded = Store()
    loaded.load(path=checkout / "tests" / "query" / "tiny.trig", format=RdfFormat.TRIG)
    loaded.bulk_extend(list(merge(loaded)))
    return loaded
