"""A server that is told to take another dataset."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from aisi_kg import __version__
from aisi_kg.store.directory import STORE_NAME, DatasetWriter, open_dataset

Run = Callable[..., subprocess.CompletedProcess[bytes]]

OTHER = f"{__version__}+ba9876543210"
NEW = "<https://example.org/new>"
READY = re.compile(rb"Serving dataset (\S+) at http://127\.0\.0\.1:(\d+); Ctrl-C stops\.\n")


@dataclass(frozen=True)
class Server:
    """Hold a server that runs, where its datasets are, and what its user has in the environment."""

    process: subprocess.Popen[bytes]
    home: Path
    port: int
    variables: dict[str, str]

    def dataset(self) -> str:
        version: str = httpx.get(f"http://127.0.0.1:{self.port}/healthz").json()["dataset"]
        return version

    def finds_new(self) -> bool:
        query = {"query": f"ASK {{ {NEW} ?p ?o }}"}
        found: bool = httpx.get(f"http://127.0.0.1:{self.port}/sparql", params=query).json()["boolean"]
        return found

    def comes_to_serve(self, version: str) -> bool:
        """Wait for new connections to reach the new dataset: the old processes close their sockets last."""
        end = time.monotonic() + 30
        while self.dataset() != version and time.monotonic() < end:
            time.sleep(0.02)
        return self.dataset() == version

    def change_dataset(self) -> Path:
        """Make another dataset current, with a statement more; give its store."""
        before = open_dataset(self.home)
        with DatasetWriter(self.home) as writer:
            writer.write(
                STORE_NAME, [(before.path / STORE_NAME).read_bytes(), f"{NEW} {NEW} {NEW} .\n".encode()]
            )
            return writer.commit(replace(before.manifest, version=OTHER)).path / STORE_NAME


@pytest.fixture
def server(datasets: Path, tmp_path: Path) -> Iterator[Server]:
    home = tmp_path / "datasets"
    shutil.copytree(datasets, home)
    variables = {"AISI_KG_DATASETS": str(home), "XDG_RUNTIME_DIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0"],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = READY.fullmatch(line)
        assert match, (line, process.communicate(timeout=60)[1])
        yield Server(process, home, int(match[2]), variables)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=60)


def test_the_server_takes_the_new_dataset(run: Run, server: Server) -> None:
    assert server.dataset() != OTHER
    assert not server.finds_new()
    server.change_dataset()
    done = run("reload", "--port", str(server.port), env=server.variables)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Serving dataset {OTHER} now.\n".encode(), b"")
    assert server.comes_to_serve(OTHER)
    assert server.finds_new()


def test_the_same_dataset_is_taken_again(run: Run, server: Server) -> None:
    version = server.dataset()
    done = run("reload", "--port", str(server.port), env=server.variables)
    assert (done.returncode, done.stdout) == (0, f"Serving dataset {version} now.\n".encode())


def test_a_damaged_dataset_is_not_taken(run: Run, server: Server) -> None:
    version = server.dataset()
    store = server.change_dataset()
    content = store.read_bytes()
    store.write_bytes(content + b"\n")
    done = run("reload", "--port", str(server.port), env=server.variables)
    assert (done.returncode, done.stdout) == (1, b"")
    message = done.stderr.decode()
    assert message.startswith("aisi-kg: The server goes on with the dataset it has: ")
    assert f"{store} is not what was built" in message
    assert message.count("\n") == 1
    assert (server.dataset(), server.finds_new()) == (version, False)
    store.write_bytes(content)
    assert run("reload", "--port", str(server.port), env=server.variables).returncode == 0
    assert server.comes_to_serve(OTHER)
    assert server.finds_new()


def test_a_server_that_was_killed_is_no_server(run: Run, server: Server) -> None:
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(timeout=60)
    # It had no time to take back what it had said of itself.
    assert list((server.home.parent / "aisi-kg").iterdir()) != []
    no_server_is_told(run, server.port, server.variables)


def test_without_a_server(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        # Something listens there, and is no server of this kind.
        no_server_is_told(run, other.getsockname()[1], {"XDG_RUNTIME_DIR": str(tmp_path)})


def no_server_is_told(run: Run, port: int, variables: dict[str, str]) -> None:
    done = run("reload", "--port", str(port), env=variables)
    assert (done.returncode, done.stdout) == (1, b"")
    sentence = (
        f"aisi-kg: No server of yours runs on port {port}; start one with aisi-kg serve, or give --port.\n"
    )
    assert done.stderr.decode() == sentence


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_what_is_no_port(run: Run, port: str) -> None:
    done = run("reload", f"--port={port}")
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: aisi-kg reload")
