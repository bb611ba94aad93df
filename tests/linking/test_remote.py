"""What other servers do wrong: each ends in a clear sentence, and in a status of its own."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from aisi_kg.errors import InputError, RemoteFailed
from aisi_kg.graph.linking.reconciliation import Candidate, Name, Reconciler
from aisi_kg.graph.linking.remote import Remote
from aisi_kg.graph.linking.services import Services

Link = Callable[..., tuple[int, str, str]]
Plant = tuple[int, dict[str, str], bytes]

FAILED = 69
MANIFEST = json.dumps({"identifierSpace": "http://www.wikidata.org/entity/", "versions": ["0.2"]}).encode()


def sentence(link: Link, *arguments: str) -> str:
    """Run a command that has to fail for the sake of a server, and give its one sentence."""
    status, out, err = link(*arguments)
    assert (status, out) == (FAILED, "")
    assert "Traceback" not in err
    last = err.splitlines()[-1]
    assert last.startswith("aisi-kg: ")
    assert last.endswith(".")
    return last


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def test_without_a_network_there_is_a_sentence(link: Link) -> None:
    address = f"http://127.0.0.1:{closed_port()}"
    said = sentence(link, "uk-aisi", "--service", f"{address}/{{language}}/api")
    assert f"127.0.0.1:{address.rpartition(':')[2]} cannot be reached (Connection refused); check" in said
    for items in (f"{address}/sparql", f"{address}/{{item}}.json"):
        assert "cannot be reached (Connection refused)" in sentence(link, "--check", "--items", items)


def test_a_name_that_nobody_has_is_told(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    said = sentence(link, "uk-aisi", "--service", "https://wikidata.reconci.link/{language}/api")
    assert "wikidata.reconci.link cannot be reached (Name or service not known)" in said


MANIFESTS: dict[str, tuple[Plant, str]] = {
    "no JSON": ((200, {}, b"<!DOCTYPE html><title>Hello"), "is no JSON (it begins with '<!DOCTYPE html>"),
    "nothing": ((200, {}, b""), "is no JSON (it is empty)"),
    "nested too deep": ((200, {}, b"[" * 100_000), "is no JSON (it begins with '[[[["),
    "bytes": ((200, {}, b"\xff\xfe\x1b[2J"), "is no JSON"),
    "a list": ((200, {}, b"[]"), "does not answer with the manifest of a reconciliation service"),
    "no manifest": ((200, {}, b"{}"), "does not answer with the manifest of a reconciliation service"),
    "not found": ((404, {}, b""), "does not answer with the manifest of a reconciliation service"),
    "about something else": (
        (200, {}, json.dumps({"identifierSpace": "https://d-nb.info/gnd/", "versions": ["0.2"]}).encode()),
        "is about https://d-nb.info/gnd/ and not about Wikidata's items",
    ),
    "another version": (
        (200, {}, MANIFEST.replace(b"0.2", b"1.0-draft")),
        "speaks version ['1.0-draft'] of the Reconciliation Service API, and this program 0.1 and 0.2",
    ),
    "versions that are none": ((200, {}, MANIFEST.replace(b'["0.2"]', b'"0.2"')), "speaks version 0.2"),
    "refused": (
        (403, {}, b'{"status": "error", "message": "invalid query", "details": "No \\u001b[2Jlang"}'),
        "answers with status 403 (invalid query: No [2Jlang); check the address",
    ),
    "broken": ((500, {}, b"<h1>Oh\n dear</h1>"), "answers with status 500 (Oh dear)"),
    "overloaded": ((503, {}, b""), "answers with status 503; check the address, or try again later"),
    "compressed": ((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"), "with a compression that was not asked"),
    "breaking off": ((200, {"Content-Length": "10", "Connection": "close"}, b"{}"), "breaks off"),
    "to nowhere": ((302, {}, b""), "redirects to nowhere"),
    "to a file": ((302, {"Location": "file:///etc/passwd"}, b""), "redirects to file:///etc/passwd; if you"),
    "to another port": (
        (301, {"Location": "http://127.0.0.1:1/x"}, b""),
        "redirects to http://127.0.0.1:1/x; if you mean that server, give its address",
    ),
    "to a private address": ((307, {"Location": "//10.0.0.1/"}, b""), "redirects to http://10.0.0.1/"),
    "to no address": ((302, {"Location": "http://[/"}, b""), "redirects to what is no address"),
    "in circles": ((302, {"Location": "/en/api"}, b""), "redirects more than 5 times"),
}


def find(wikidata: Any) -> dict[Name, tuple[Candidate, ...]]:
    """Look for two names in English."""
    services = Services(reconciliation=wikidata.service, timeout_s=20)
    reconciler = Reconciler(services, Remote(services, lambda _: None))
    return reconciler.find("en", [Name("x"), Name("y", "Q5")], 5)


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_service_that_answers_badly_is_told(wikidata: Any, name: str) -> None:
    plant, message = MANIFESTS[name]
    wikidata.planted["/en/api"] = [plant] * 5
    with pytest.raises(RemoteFailed) as failed:
        find(wikidata)
    assert message in str(failed.value)
    assert str(failed.value).endswith(".")


def test_what_a_service_answers_badly_is_a_sentence_of_the_command(wikidata: Any, link: Link) -> None:
    wikidata.planted["/en/api"] = [(200, {}, b"<!DOCTYPE html>\x1b[2J")]
    assert "is no JSON (it begins with '<!DOCTYPE html> [2J'); check the address." in sentence(
        link, "uk-aisi"
    )
    wikidata.planted["/zh/api"] = [(200, {}, MANIFEST), (200, {}, b"{}")]
    assert "/zh/api answers is no batch of results" in sentence(link, "uk-aisi")


RESULTS = {
    "a list": b"[]",
    "no result": b'{"q0": {"result": []}}',
    "a result that is none": b'{"q0": {"result": {}}, "q1": {"result": []}}',
    "a candidate that is none": b'{"q0": {"result": [7]}, "q1": {"result": []}}',
    "another's id": b'{"q0": {"result": [{"id": "118540238", "name": "x", "score": 1}]}}',
    "an id that would be SPARQL": b'{"q0": {"result": [{"id": "Q1 } #", "name": "x", "score": 1}]}}',
    "no score": b'{"q0": {"result": [{"id": "Q1", "name": "x"}]}}',
    "no name": b'{"q0": {"result": [{"id": "Q1", "name": null, "score": 1}]}}',
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_that_are_none_are_told(wikidata: Any, name: str) -> None:
    wikidata.planted["/en/api"] = [(200, {}, MANIFEST), (200, {}, RESULTS[name])]
    message = "/en/api answers is no batch of results of the Reconciliation Service API: "
    with pytest.raises(RemoteFailed, match=message):
        find(wikidata)


def test_results_may_have_more_than_is_read(wikidata: Any) -> None:
    candidate = {"id": "Q1", "name": "a\nb", "score": 7, "match": True, "type": ["Q2"], "features": []}
    results = {"q0": {"result": [candidate] * 9}, "q1": {"result": []}, "q2": "no query"}
    wikidata.planted["/en/api"] = [(200, {}, MANIFEST), (200, {}, json.dumps(results).encode())]
    # Nothing beyond the limit, and a name on one line.
    assert find(wikidata) == {Name("x"): (Candidate("Q1", "a b", "", 7.0),) * 5, Name("y", "Q5"): ()}


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b'{"results": {"bindings": [{}]}}', b'{"results": {"bindings": 7}}', b'{"boolean": true}'],
)
def test_an_endpoint_that_answers_something_else_is_told(wikidata: Any, link: Link, body: bytes) -> None:
    wikidata.planted["/sparql"] = [(200, {}, body)]
    assert "is no result of a SPARQL query in JSON" in sentence(link, "--check")


@pytest.mark.parametrize(
    "body",
    [b"[]", b'{"entities": {}}', b'{"entities": {"Q1": 7}}', b'{"entities": {"P1": {"id": "P1"}}}'],
)
def test_documents_of_something_else_are_told(wikidata: Any, link: Link, body: bytes) -> None:
    wikidata.planted["/wiki/Special:EntityData/Q1057600.json"] = [(200, {}, body)]
    for item in ("Q104819", "Q1"):
        wikidata.add(item, {"en": item})
    said = sentence(link, "--check", "--items", wikidata.documents)
    assert "Q1057600.json answers is not the data of an item" in said


def test_a_redirection_on_the_same_server_is_followed(wikidata: Any, link: Link) -> None:
    wikidata.planted["/en/api"] = [(303, {"Location": "/elsewhere/api"}, b"")]
    status, out, _ = link("uk-aisi")
    assert (status, "no candidate" in out) == (0, True)
    # A form is not sent to another address.
    wikidata.planted["/en/api"] = [(200, {}, MANIFEST), (307, {"Location": "/elsewhere/api"}, b"")]
    assert "redirects to" in sentence(link, "uk-aisi")


# Haste


def waiting(wikidata: Any) -> tuple[Remote, list[float], list[str]]:
    """Give a client that notes how long it would wait, and what it tells."""
    waits: list[float] = []
    told: list[str] = []
    services = Services(reconciliation=f"{wikidata.url}/en/api", timeout_s=20)
    return Remote(services, told.append, waits.append), waits, told


def test_a_server_that_asks_for_less_haste_is_asked_again(wikidata: Any) -> None:
    remote, waits, told = waiting(wikidata)
    wikidata.planted["/en/api"] = [
        (429, {"Retry-After": "7"}, b""),
        (429, {}, b""),
        (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, b""),
    ]
    assert remote.get(f"{wikidata.url}/en/api", "application/json").status == 200
    # Where the server does not say how long, a minute; a date that has passed, not at all.
    assert waits == [7, 60, 0]
    assert "asks for less haste; the next request is sent in 7 s." in told[0]


def test_a_server_that_asks_to_be_left_alone_is(wikidata: Any, link: Link) -> None:
    wikidata.planted["/en/api"] = [(429, {"Retry-After": "3600"}, b"")]
    said = sentence(link, "uk-aisi")
    assert "has too much to do (status 429) and asks to be left alone for 3600 s; try again then." in said
    assert len(wikidata.requests) == 1


def test_a_server_that_never_has_time_is_given_up(wikidata: Any) -> None:
    remote, waits, _ = waiting(wikidata)
    wikidata.planted["/en/api"] = [(429, {"Retry-After": "1"}, b"")] * 9
    with pytest.raises(RemoteFailed, match="has too much to do"):
        remote.get(f"{wikidata.url}/en/api", "application/json")
    assert waits == [1, 1, 1]


# Limits


@contextmanager
def hostile(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Run a server that answers one connection by itself."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connected, _ = server.accept()
            with connected:
                connected.recv(65536)
                try:
                    answer(connected, over)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/en/api"
        finally:
            over.set()
            thread.join()


def say_nothing(_connected: socket.socket, over: threading.Event) -> None:
    over.wait()


def drip_head(connected: socket.socket, over: threading.Event) -> None:
    connected.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.wait(0.05):
        connected.sendall(b"x")


def drip_body(connected: socket.socket, over: threading.Event) -> None:
    connected.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.wait(0.05):
        connected.sendall(b" ")


def no_end(connected: socket.socket, over: threading.Event) -> None:
    connected.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.is_set():
        connected.sendall(b" " * 65536)


def no_http(connected: socket.socket, _over: threading.Event) -> None:
    connected.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


@pytest.mark.parametrize("answer", [say_nothing, drip_head, drip_body])
def test_a_slow_server_is_left_when_the_time_is_over(
    answer: Callable[[socket.socket, threading.Event], None],
) -> None:
    with hostile(answer) as url:
        remote = Remote(Services(timeout_s=1), lambda _: None)
        with pytest.raises(RemoteFailed, match="has not answered within 1 s; try again later, or set AISI"):
            remote.get(url, "application/json")


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    with hostile(no_end) as url:
        remote = Remote(Services(answer_bytes=100_000), lambda _: None)
        with pytest.raises(RemoteFailed, match="has more than 100000 bytes; set AISI_KG_LINK_ANSWER_BYTES"):
            remote.get(url, "application/json")


def test_what_is_no_http_is_told() -> None:
    with hostile(no_http) as url:
        remote = Remote(Services(), lambda _: None)
        with pytest.raises(RemoteFailed, match="what it says is no HTTP, or breaks off"):
            remote.get(url, "application/json")


# Settings


def test_what_is_not_set_has_its_default() -> None:
    assert Services.from_environment({}) == Services()
    assert Services.from_environment({"AISI_KG_ITEMS_URL": " "}) == Services()
    assert Services().reconciliation_in("zh") == "https://wikidata.reconci.link/zh/api"
    as_openrefine_has_it = Services().at("https://example.org/${lang}/api", None)
    assert as_openrefine_has_it.reconciliation_in("en") == "https://example.org/en/api"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AISI_KG_RECONCILIATION_URL", "file:///etc/passwd"),
        ("AISI_KG_RECONCILIATION_URL", "wikidata.reconci.link"),
        ("AISI_KG_RECONCILIATION_URL", "https://example.org/{other}"),
        ("AISI_KG_ITEMS_URL", "ftp://example.org/"),
        ("AISI_KG_ITEMS_URL", "http:///x"),
        ("AISI_KG_ITEMS_URL", "http://[::1/x"),
        ("AISI_KG_ITEMS_URL", "http://example.org:port/"),
        ("AISI_KG_ITEMS_URL", "https://example.org/a b"),
        ("AISI_KG_ITEMS_URL", "https://example.org/\r\nX: y"),
        ("AISI_KG_ITEMS_URL", "https://user:secret@example.org/"),
        ("AISI_KG_LINK_TIMEOUT_S", "0"),
        ("AISI_KG_LINK_TIMEOUT_S", "soon"),
        ("AISI_KG_LINK_ANSWER_BYTES", "1"),
        ("AISI_KG_LINK_CONTACT", "me (here)"),
        ("AISI_KG_LINK_CONTACT", "a\r\nX: y"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name):
        Services.from_environment({name: value})


def test_addresses_on_the_command_line_are_checked_too(link: Link) -> None:
    status, _, err = link("uk-aisi", "--service", "file:///etc/passwd")
    assert (status, "--service is file:///etc/passwd; give an address" in err) == (1, True)
