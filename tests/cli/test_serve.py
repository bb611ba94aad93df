"""What ``aisi-kg serve`` refuses before it serves; tests/server has what it serves."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[bytes]]


def test_a_port_in_use_is_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stdout == b""
    message = done.stderr.decode()
    assert message.startswith(f"aisi-kg: Port {port} of 127.0.0.1 cannot be used")
    assert "another program has it" in message
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (["--host", "300.1.1.1"], {}, "300.1.1.1 is no address of this machine"),
        (["--host", "192.0.2.1"], {}, "Port 0 of 192.0.2.1 cannot be used"),
        (["--dataset", "none"], {}, "There is no dataset in"),
        (
            [],
            {"AISI_KG_QUERY_SLOTS": "0"},
            "AISI_KG_QUERY_SLOTS is 0; set it to a whole number from 1 to 1024",
        ),
        ([], {"AISI_KG_PUBLIC_URL": "here"}, "AISI_KG_PUBLIC_URL is here"),
    ],
)
def test_what_cannot_be_served(run: Run, arguments: list[str], variables: dict[str, str], words: str) -> None:
    done = run("serve", "--port", "0", *arguments, env=variables)
    assert done.returncode == 1
    assert done.stdout == b""
    message = done.stderr.decode()
    assert message.startswith("aisi-kg: ")
    assert words in message
    assert message.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no other system shows it")
@pytest.mark.parametrize("chosen", [None, "", "glibc.malloc.tcache_count=9"])
def test_the_allocator_has_blocks_at_hand_unless_the_operator_says_otherwise(
    environment: dict[str, str], datasets: Path, chosen: str | None
) -> None:
    variables = environment if chosen is None else {**environment, "GLIBC_TUNABLES": chosen}
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0"],
        env={**variables, "AISI_KG_LOG": "none", "AISI_KG_WEB_PROCESSES": "1"},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"Serving dataset ")
        given = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
        expected = chosen
        if chosen is None and "glibc" in (os.confstr("CS_GNU_LIBC_VERSION") or ""):
            expected = "glibc.malloc.tcache_count=1000"
        found = [line.partition(b"=")[2].decode() for line in given if line.startswith(b"GLIBC_TUNABLES=")]
        assert found == ([] if expected is None else [expected])
    finally:
        process.terminate()
        process.communicate(timeout=60)
