"""The stored queries that join the dataset with Wikidata, with an endpoint on this machine in its place."""

import asyncio
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from aisi_kg.graph.prefixes import CLAIM_BASE, ENTITY_BASE
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.federation import SKOLEM_BASE, Federation, federate
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import ColumnType, Library
from aisi_kg.store.remote import Remote
from aisi_kg.store.services import Reply, ServiceLimits, ServiceList

WIKIDATA = "https://query.wikidata.org/sparql"
ITEM = "http://www.wikidata.org/entity/"
PROPERTY = re.compile(r"\b(?:wdt|p|ps|pq):(P[0-9]+)\b")


class Standing:
    """Answer queries over a file, and keep them."""

    def __init__(self, path: Path) -> None:
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.asked.append(query)
                # A store belongs to the thread that made it.
                store = Store()
                store.load(path=path, format=RdfFormat.TURTLE)
                found = store.query(query)
                assert isinstance(found, QuerySolutions)
                body = found.serialize(format=QueryResultsFormat.JSON) or b""
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json;charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()
        host, port = self.server.server_address[:2]
        self.services = ServiceList.parse(f"{WIKIDATA}=http://{host!s}:{port}/sparql")

    def call(self, number: int, query: str) -> Reply:
        async def asked() -> Reply:
            remote = Remote(self.services, ServiceLimits(), "tests")
            try:
                return await remote.ask(number, query, 1_000_000)
            finally:
                await remote.close()

        return asyncio.run(asked())

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def wikidata(checkout: Path) -> Iterator[Standing]:
    standing = Standing(checkout / "tests" / "library" / "wikidata.ttl")
    yield standing
    standing.close()


@pytest.fixture(scope="module")
def published(real: Store) -> Library:
    return library_of(real)


Rows = list[dict[str, str]]


def ask(real: Store, published: Library, wikidata: Standing, id_: str, **bound: str) -> Rows:
    """Ask a stored query; give its rows."""
    query = published.queries[id_]
    bindings = tuple((name, NamedNode(ENTITY_BASE + value)) for name, value in bound.items())
    request = QueryRequest(query.text, bindings=bindings)
    found = evaluate(
        real, federate(real, request, Federation(wikidata.services, ServiceLimits(), wikidata.call))
    )
    assert isinstance(found, QuerySolutions)
    assert [variable.value for variable in found.variables] == [column.name for column in query.columns]
    names = [column.name for column in query.columns]
    return [{name: row[name].value for name in names if row[name] is not None} for row in found]


def test_there_are_some(published: Library) -> None:
    asking = {id_ for id_, query in published.queries.items() if query.services}
    assert asking == {"developers-in-wikidata", "office-holders-in-wikidata", "parents-in-wikidata"}
    assert {published.queries[id_].services for id_ in asking} == {(WIKIDATA,)}


@pytest.mark.parametrize(
    "id_", ["developers-in-wikidata", "office-holders-in-wikidata", "parents-in-wikidata"]
)
def test_each_row_has_a_claim_and_each_property_its_source(
    real: Store, published: Library, wikidata: Standing, checkout: Path, id_: str
) -> None:
    rows = ask(real, published, wikidata, id_)
    assert rows
    query = published.queries[id_]
    (claim,) = (column.name for column in query.columns if column.type is ColumnType.CLAIM)
    assert all(row[claim].startswith(CLAIM_BASE) for row in rows)
    comments = "".join(line for line in query.text.splitlines() if line.startswith("#"))
    table = (checkout / "data" / "mappings" / "wikidata-properties.sssom.tsv").read_text("utf-8")
    for name in set(PROPERTY.findall(query.text)):
        assert name in comments
        if "line" not in comments:
            assert f"wikidata:{name}\t" in table


def test_only_what_is_mapped_is_asked_for(real: Store, published: Library, wikidata: Standing) -> None:
    for id_ in ("developers-in-wikidata", "office-holders-in-wikidata", "parents-in-wikidata"):
        rows = ask(real, published, wikidata, id_)
        assert ITEM + "Q1" not in {row.get("item") for row in rows}
    assert len(wikidata.asked) == 4
    for query in wikidata.asked:
        assert query.count("VALUES (?item)") == 1
        assert f"(<{ITEM}Q1>)" not in query


def test_parents(real: Store, published: Library, wikidata: Standing) -> None:
    rows = ask(real, published, wikidata, "parents-in-wikidata")
    by_parent = {row["parent"].removeprefix(ENTITY_BASE): row for row in rows}
    assert by_parent["nist"]["inception"] == "1901-03-03T00:00:00Z"
    assert by_parent["nist"]["website"] == "https://www.nist.example/"
    assert by_parent["uk-dsit"]["inception"] == "2023-02-07T00:00:00Z"
    assert "website" not in by_parent["uk-dsit"]
    # What Wikidata says nothing about stays, with what we say.
    assert "inception" not in by_parent["msit"]
    assert by_parent["msit"]["instituteZh"]


def test_a_parameter_restricts_what_is_asked_for(real: Store, published: Library, wikidata: Standing) -> None:
    rows = ask(real, published, wikidata, "parents-in-wikidata", institute="us-aisi")
    assert {row["parent"] for row in rows} == {ENTITY_BASE + "nist"}
    assert all(f"VALUES (?item) {{ (<{ITEM}Q176691>) }}" in query for query in wikidata.asked)


def test_developers(real: Store, published: Library, wikidata: Standing) -> None:
    rows = ask(real, published, wikidata, "developers-in-wikidata")
    by_developer = {row["developer"].removeprefix(ENTITY_BASE): row for row in rows}
    assert set(by_developer) == {"openai", "deepmind"}
    assert by_developer["openai"]["seatEn"] == "San Francisco"
    assert "seatEn" not in by_developer["deepmind"]
    assert by_developer["deepmind"]["owner"] == ITEM + "Q20800404"


def test_office_holders(real: Store, published: Library, wikidata: Standing) -> None:
    rows = ask(real, published, wikidata, "office-holders-in-wikidata")
    assert {row["person"] for row in rows} == {ENTITY_BASE + "rishi-sunak"}
    positions = {row["position"]: row for row in rows}
    first, second = positions[ITEM + "Q14211"], positions[ITEM + "Q654291"]
    assert (first["since"], first["until"]) == ("2022-10-25T00:00:00Z", "2024-07-05T00:00:00Z")
    assert first["positionEn"] == "Prime Minister of the United Kingdom"
    # A value that is there and not known.
    assert second["since"].startswith(SKOLEM_BASE)
    assert "until" not in second
