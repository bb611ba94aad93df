"""Starting, reloading and ending, and what becomes of the others when a process is killed."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from tests.server.conftest import Serve, Server, all_processes, until

from aisi_kg.errors import DatasetError
from aisi_kg.store.directory import STORE_NAME
from aisi_kg.web.supervisor import reload_server

MakeDataset = Callable[[Path, int], str]

NUMBER = "SELECT ?n { ?s <http://e/number> ?n }"
JOINED = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {JOINED} }}"
# A second or so of work.
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STRLEN(STR(?l)) > 0) }"


def number_of(server: Server) -> int:
    # A comment makes it a query that no cache knows.
    rows = server.ask(f"{NUMBER} # {time.monotonic_ns()}").json()["results"]["bindings"]
    return int(rows[0]["n"]["value"])


def fronts(server: Server) -> list[int]:
    """Give the web processes: they are made before any worker is."""
    return server.processes()[server.generation()][:2]


def is_gone(pid: int) -> bool:
    return pid not in all_processes()


# Killing.


def test_a_web_process_that_is_killed_is_replaced(serve: Serve) -> None:
    with serve() as server:
        generation = server.generation()
        for killed in fronts(server):
            os.kill(killed, signal.SIGKILL)
            until(partial(is_gone, killed))
            # Each connection goes to one of them, and waits where it is not there yet.
            for _ in range(8):
                assert httpx.get(f"{server.url}/healthz", timeout=30, trust_env=False).status_code == 200
        assert server.generation() == generation
        assert server.is_well()


def test_a_generation_that_is_killed_is_replaced(serve: Serve) -> None:
    with serve() as server:
        generation = server.generation()
        below = server.processes()[generation]
        os.kill(generation, signal.SIGKILL)
        until(lambda: not set(below) & set(all_processes()))
        server.client.close()
        response = httpx.get(f"{server.url}/sparql?query=ASK%7B%7D", timeout=30, trust_env=False)
        assert response.json()["boolean"] is True
        assert server.generation() != generation


def test_nothing_outlives_a_supervisor_that_is_killed(serve: Serve) -> None:
    with serve({"AISI_KG_QUERY_TIMEOUT_S": "600"}) as server, ThreadPoolExecutor() as pool:
        # With a worker that would go on for long.
        asked = pool.submit(server.ask, RUNAWAY)
        until(lambda: server.client.get("/healthz").json()["workers_busy"])
        below = set(server.processes())
        assert len(below) >= 4
        server.process.kill()
        server.process.wait()
        until(lambda: not below & set(all_processes()))
        with pytest.raises(httpx.TransportError):
            asked.result()
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", server.port))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_when_what_was_asked_is_answered(serve: Serve, number: int) -> None:
    with serve({"AISI_KG_QUERY_TIMEOUT_S": "30"}) as server, ThreadPoolExecutor() as pool:
        (run_file,) = (server.log.parent / "aisi-kg").iterdir()
        told = json.loads(run_file.read_text())
        assert (told["pid"], told["dataset"]) == (server.process.pid, server.version)
        asked = [pool.submit(server.ask, f"{LONG} #{n}") for n in range(2)]
        until(lambda: server.client.get("/healthz").json()["workers_busy"] == 2)
        below = set(server.processes())
        assert server.stop(number) == 0
        for answer in asked:
            assert int(answer.result().json()["results"]["bindings"][0]["n"]["value"]) > 1_000_000
        assert not below & set(all_processes())
        assert not run_file.exists()
        lines = server.log.read_text().splitlines()
        assert len(lines) >= 3
        for line in lines:
            assert re.fullmatch(r"\S+Z [0-9.]+ms (GET|POST) /\w+ 200 \w+( \w+=\w+)*", line), line


def test_a_query_that_does_not_end_does_not_keep_it(serve: Serve) -> None:
    with serve({"AISI_KG_QUERY_TIMEOUT_S": "600"}) as server, ThreadPoolExecutor() as pool:
        asked = pool.submit(server.ask, RUNAWAY)
        until(lambda: server.client.get("/healthz").json()["workers_busy"])
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        # Whoever cannot wait says so again.
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        assert time.monotonic() - started < 15
        with pytest.raises(httpx.TransportError):
            asked.result()


def test_a_connection_on_which_nothing_was_asked_does_not_keep_it(serve: Serve) -> None:
    with serve() as server, server.connect():
        assert server.is_well()
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < 4.5


# Reloading.


@contextmanager
def asking(server: Server) -> Iterator[list[object]]:
    """Ask without a pause, on one connection and on many; give a list that gets what went wrong."""
    stopping = threading.Event()
    wrong: list[object] = []
    answered = [0, 0]

    def loop(index: int, ask: Callable[[str], httpx.Response]) -> None:
        while not stopping.is_set():
            try:
                response = ask(f"/sparql?query={quote(NUMBER)}%23{answered[index] % 50}")
                response.raise_for_status()
                answered[index] += bool(response.json()["results"]["bindings"])
            except httpx.HTTPError as error:
                wrong.append(error)

    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as kept, ThreadPoolExecutor() as pool:
        anew = httpx.Client(
            base_url=server.url, timeout=30, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )
        with anew:
            futures = [pool.submit(loop, 0, kept.get), pool.submit(loop, 1, anew.get)]
            try:
                until(lambda: min(answered) > 10)
                yield wrong
                before = list(answered)
                until(lambda: all(now > then + 10 for now, then in zip(answered, before, strict=True)))
            finally:
                stopping.set()
            for future in futures:
                future.result()


@pytest.fixture
def home(make_dataset: MakeDataset, tmp_path: Path) -> Path:
    make_dataset(tmp_path, 1)
    return tmp_path


@contextmanager
def reloading(server: Server) -> Iterator[Callable[[], str]]:
    """Give what reloads, with the environment of the server for this process."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(server.log.parent)
    try:
        yield lambda: reload_server(server.port)
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


def test_a_new_dataset_is_taken_without_losing_a_request(
    serve: Serve, home: Path, make_dataset: MakeDataset
) -> None:
    with serve(home=home) as server, reloading(server) as reload:
        assert number_of(server) == 1
        with asking(server) as wrong:
            for number in (2, 3):
                version = make_dataset(home, number)
                assert reload() == version
                # Whoever comes now gets the new one; those who were there are served to the end.
                with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
                    assert client.get("/healthz").json()["dataset"] == version
                    found = client.get("/sparql", params={"query": NUMBER}).json()
                    assert found["results"]["bindings"][0]["n"]["value"] == str(number)
        assert wrong == []
        # The former ones end.
        until(lambda: len(server.processes()[server.process.pid]) == 1)


def test_a_hangup_has_it_reloaded(serve: Serve, home: Path, make_dataset: MakeDataset) -> None:
    with serve(home=home) as server:
        version = make_dataset(home, 2)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: httpx.get(f"{server.url}/healthz", trust_env=False).json()["dataset"] == version)
        until(lambda: f"Serving dataset {version} now." in server.log.read_text())


def damage(home: Path, version: str) -> None:
    path = home / version / STORE_NAME
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-10])


def lose(home: Path, version: str) -> None:
    shutil.rmtree(home / version)


@pytest.mark.parametrize(("spoil", "words"), [(damage, STORE_NAME), (lose, "000000000002")])
def test_a_dataset_that_cannot_be_served_leaves_the_old_one(
    serve: Serve, home: Path, make_dataset: MakeDataset, spoil: Callable[[Path, str], None], words: str
) -> None:
    with serve(home=home) as server, reloading(server) as reload:
        spoil(home, make_dataset(home, 2))
        with asking(server) as wrong:
            with pytest.raises(DatasetError, match="goes on with the dataset it has") as caught:
                reload()
            assert words in str(caught.value)
        assert wrong == []
        assert number_of(server) == 1
        assert words in server.log.read_text()
        # And when it is mended, it is taken.
        version = make_dataset(home, 3)
        assert reload() == version


@pytest.mark.parametrize(("spoil", "words"), [(damage, STORE_NAME), (lose, "000000000001")])
def test_a_dataset_that_cannot_be_served_is_told_at_the_start(
    home: Path, spoil: Callable[[Path, str], None], words: str
) -> None:
    (version,) = (entry.name for entry in home.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    spoil(home, version)
    done = subprocess.run(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0"],
        env={**os.environ, "AISI_KG_DATASETS": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == b""
    message = done.stderr.decode()
    assert message.startswith("aisi-kg: ")
    assert words in message
    assert message.count("\n") == 1
