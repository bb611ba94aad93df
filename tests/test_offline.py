"""The guard of conftest.py that keeps the tests on this machine."""

import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_a_connection_that_leaves_the_machine_is_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(RuntimeError, match="this machine alone"):
        client.connect((address, 80))


def test_a_name_that_would_be_looked_up_is_refused() -> None:
    with pytest.raises(RuntimeError, match="this machine alone"):
        socket.getaddrinfo("example.org", 80)


def test_a_connection_to_this_machine_is_made() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()
