"""Fixtures: ``datasets`` holds a small built dataset; ``run`` runs a command to its end."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, Store

from aisi_kg import __version__
from aisi_kg.graph.dataset import merge, sorted_nquads
from aisi_kg.store.directory import DUMP_STEM, STORE_NAME, DatasetWriter, Manifest

VERSION = f"{__version__}+0123456789ab"

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def datasets(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write what tests/query/tiny.trig says as a built dataset."""
    store = Store()
    store.load(path=checkout / "tests" / "query" / "tiny.trig", format=RdfFormat.TRIG)
    quads = list(store)
    return write_dataset(tmp_path_factory.mktemp("datasets"), [*quads, *merge(quads)])


@pytest.fixture(scope="session")
def library_datasets(library_quads: list[Quad], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the dataset of tests/library/, which has stored queries, as a built dataset."""
    return write_dataset(tmp_path_factory.mktemp("datasets"), library_quads)


@pytest.fixture(scope="session")
def dataset_writer() -> Callable[[Path, list[Quad]], Path]:
    """Give a function that writes quads as a built dataset into a directory."""
    return write_dataset


def write_dataset(home: Path, quads: list[Quad]) -> Path:
    manifest = Manifest(
        version=VERSION,
        package_version=__version__,
        ontology_version="0",
        input_sha256="0123456789ab" + "0" * 52,
        warnings=0,
        counts={},
        tools={},
    )
    with DatasetWriter(home) as writer:
        writer.write(STORE_NAME, [sorted_nquads(quads)])
        writer.write(f"{DUMP_STEM}.nt", [b"<http://e/a> <http://e/b> 1 .\n"])
        writer.commit(manifest)
    return home


@pytest.fixture
def environment(datasets: Path) -> dict[str, str]:
    return {**os.environ, "AISI_KG_DATASETS": str(datasets), "PYTHONUTF8": "1", "COLUMNS": "80"}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Give a function that runs a command to its end, with nobody at standard input."""

    def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        variables = {**environment, **options.pop("env", {})}
        if "input" not in options:
            options.setdefault("stdin", subprocess.DEVNULL)
        if "stdout" not in options:
            options["stdout"] = subprocess.PIPE
        return subprocess.run(
            [sys.executable, "-m", "aisi_kg", *arguments],
            env=variables,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
            **options,
        )

    return command
