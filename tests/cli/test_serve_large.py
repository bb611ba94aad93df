"""A dataset that is larger than what is held in memory is served from disk, with the same answers."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from aisi_kg.store.directory import CURRENT_NAME, STORE_NAME, DatasetWriter, open_dataset

READY = re.compile(rb"Serving dataset \S+ at (http://\S+:\d+); Ctrl-C stops\.\n")
QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o",
)


@pytest.fixture
def large(datasets: Path, tmp_path: Path) -> Path:
    """Write the small dataset with a manifest that counts its quads."""
    small = open_dataset(datasets)
    quads = (small.path / STORE_NAME).read_bytes()
    with DatasetWriter(tmp_path) as writer:
        writer.write(STORE_NAME, [quads])
        writer.commit(replace(small.manifest, counts={"quads": quads.count(b"\n"), "triples": 0}))
    return tmp_path


@contextmanager
def serving(home: Path, memory_quads: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0", "--dataset", str(home)],
        env={**os.environ, "AISI_KG_MEMORY_QUADS": str(memory_quads), "AISI_KG_LOG": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        match = READY.fullmatch(process.stdout.readline())
        assert match, process.communicate(timeout=60)
        yield match[1].decode(), process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=60)


def answers(home: Path, memory_quads: int) -> tuple[list[bytes], bytes]:
    """Give the answers, and what the server said."""
    with serving(home, memory_quads) as (url, process):
        bodies = [
            httpx.get(f"{url}/sparql", params={"query": query}).raise_for_status().content
            for query in QUERIES
        ]
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0
    return bodies, said


def test_the_answers_are_the_same(large: Path) -> None:
    version = open_dataset(large).version
    in_memory, _ = answers(large, 1_000_000)
    assert {path.name for path in large.iterdir()} == {CURRENT_NAME, version}
    on_disk, said = answers(large, 1)
    assert on_disk == in_memory
    assert {path.name for path in large.iterdir()} == {CURRENT_NAME, version, f"{version}.rocksdb"}
    assert b"Making the store on disk" in said
    assert b"The store on disk is made" in said
    again, said = answers(large, 1)
    assert again == in_memory
    assert said == b""


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_all_threads_of_a_worker_are_confined(large: Path) -> None:
    with serving(large, 1) as (url, process):
        httpx.get(f"{url}/sparql", params={"query": QUERIES[0]}).raise_for_status()
        (generation,) = children(process.pid)
        end = time.monotonic() + 30
        # A worker that begins may be confined after one of its threads was looked at and before another.
        while not are_confined(states := {child: threads(child) for child in children(generation)}):
            assert time.monotonic() < end, states
            time.sleep(0.1)


def threads(pid: int) -> list[str]:
    """Give how each thread of a process is confined: 2 is by a filter."""
    states = []
    for path in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(OSError):
            states += re.findall(r"^Seccomp:\t(\d)$", path.read_text(), re.MULTILINE)
    return states


def are_confined(states: Mapping[int, list[str]]) -> bool:
    """Tell whether there are workers, which are those that confined a thread, and each confined all."""
    workers = [each for each in states.values() if "2" in each]
    # The main thread, the one that answers, and those of the store on disk.
    return bool(workers) and all(len(each) > 2 and set(each) == {"2"} for each in workers)


def test_a_store_that_cannot_be_opened_is_told(large: Path) -> None:
    dataset = open_dataset(large)
    dataset.disk_path.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0", "--dataset", str(large)],
        env={**os.environ, "AISI_KG_MEMORY_QUADS": "1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert str(dataset.disk_path).encode() in done.stderr
    assert b"is made again" in done.stderr
    assert b"Traceback" not in done.stderr


def test_commands_read_it(large: Path) -> None:
    with serving(large, 1):
        pass
    dataset = open_dataset(large)
    expected = dataset.load()
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "aisi_kg", "query", "--dataset", str(large), "--format", "csv"),
            *("-e", QUERIES[0]),
        ],
        env={**os.environ, "AISI_KG_MEMORY_QUADS": "1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    default = sum(1 for quad in expected if str(quad.graph_name) == "DEFAULT")
    assert done.stdout.split() == [b"n", str(default).encode()]
