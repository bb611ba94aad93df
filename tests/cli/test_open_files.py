"""A server whose system allows it few open files."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

READY = re.compile(rb"Serving dataset \S+ at http://127\.0\.0\.1:(\d+); Ctrl-C stops\.\n")
# The interpreter, the libraries and some workers fit; the connections that are allowed by default do not.
FEW = 160
LIMITED = (
    "import os, resource, sys\n"
    "resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[3:]])\n"
)


@pytest.fixture
def port(environment: dict[str, str], request: pytest.FixtureRequest) -> Iterator[int]:
    soft, hard = map(str, request.param)
    process = subprocess.Popen(
        [sys.executable, "-c", LIMITED, soft, hard, "-m", "aisi_kg", "serve", "--port", "0"],
        env={**environment, "AISI_KG_WEB_PROCESSES": "1", "AISI_KG_QUERY_SLOTS": "4", "AISI_KG_LOG": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = READY.fullmatch(line)
        assert match, (line, process.communicate(timeout=60)[1])
        yield int(match[1])
    finally:
        process.terminate()
        errors = process.communicate(timeout=60)[1]
    assert errors == b""


@pytest.mark.parametrize("port", [(FEW, FEW), (FEW, 1024)], indirect=True, ids=["hard", "soft"])
def test_more_connections_than_files_leave_room_for_queries(port: int, datasets: Path) -> None:
    with ExitStack() as opened:
        for _ in range(2 * FEW):
            opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
        # Each ends its worker, so that new ones have to be taken.
        for number in range(6):
            text = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} # {number}"
            url = f"http://127.0.0.1:{port}/sparql"
            with httpx.stream("GET", url, params={"query": text}, timeout=60) as response:
                assert response.status_code == 200
                assert next(response.iter_bytes())
        answer = httpx.get(f"http://127.0.0.1:{port}/sparql", params={"query": "ASK {}"}, timeout=60)
        assert answer.json()["boolean"] is True
