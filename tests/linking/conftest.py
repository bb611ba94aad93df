"""A server that stands in for Wikidata's, on loopback, and projects whose mappings may be written.

What it answers has the forms of the real ones: batches of results of the Reconciliation Service API as
openrefine-wikibase gives them, documents of ``Special:EntityData``, results of SPARQL queries that pyoxigraph
evaluates over the items in Wikibase's RDF binding. The ids of the items are larger than those that Wikidata
has, except where a mapping of ours names one.

Fixtures: ``wikidata`` is the server, empty; ``project_copy`` a project whose files can be changed; ``link``
runs the command against both.
"""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from aisi_kg.cli import main
from aisi_kg.project import Project

ENTITY = "http://www.wikidata.org/entity/"
DIRECT = "http://www.wikidata.org/prop/direct/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
VERSION = NamedNode("http://schema.org/version")
NAME = "data/mappings/wikidata.sssom.tsv"

Claims = dict[str, list[str]]


class Wikidata:
    """Hold items and answer for them.

    :param url: where the server listens.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.items: dict[str, dict[str, Any]] = {}
        self.redirects: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.manifest: dict[str, Any] = {
            "versions": ["0.1", "0.2"],
            "name": "Wikidata (en)",
            "identifierSpace": ENTITY,
            "schemaSpace": DIRECT,
            "view": {"url": "https://www.wikidata.org/wiki/{{id}}"},
        }
        self.requests: list[tuple[str, str, dict[str, str], str]] = []
        #: What is answered in place of the usual, by path: status, headers, body; each once.
        self.planted: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}

    @property
    def service(self) -> str:
        return f"{self.url}/{{language}}/api"

    @property
    def sparql(self) -> str:
        return f"{self.url}/sparql"

    @property
    def documents(self) -> str:
        return f"{self.url}/wiki/Special:EntityData/{{item}}.json"

    def add(
        self,
        item: str,
        labels: dict[str, str],
        *types: str,
        aliases: dict[str, list[str]] | None = None,
        description: str = "",
        **claims: list[str],
    ) -> None:
        """Add an item in the form that Special:EntityData gives it."""
        self.descriptions[item] = description
        values = {**({"P31": list(types)} if types else {}), **claims}
        self.items[item] = {
            "pageid": 1,
            "ns": 0,
            "title": item,
            "lastrevid": 1,
            "modified": "2026-11-01T00:00:00Z",
            "type": "item",
            "id": item,
            "labels": {tag: {"language": tag, "value": value} for tag, value in labels.items()},
            "descriptions": {},
            "aliases": {
                tag: [{"language": tag, "value": value} for value in found]
                for tag, found in (aliases or {}).items()
            },
            # PHP writes an empty map as a list.
            "claims": {p: [_statement(item, p, value) for value in found] for p, found in values.items()}
            or [],
            "sitelinks": {},
        }

    def document(self, item: str) -> dict[str, Any] | None:
        target = self.redirects.get(item, item)
        found = self.items.get(target)
        return None if found is None else {"entities": {target: found}}

    def store(self) -> Store:
        """Give the items as the query service has them."""
        store = Store()
        for item, entity in self.items.items():
            store.extend(_triples(item, entity))
        for item, target in self.redirects.items():
            store.add(Quad(NamedNode(ENTITY + item), NamedNode(OWL + "sameAs"), NamedNode(ENTITY + target)))
        return store

    def types_of(self, item: str) -> list[str]:
        claims = self.items[item]["claims"] or {}
        return [claim["mainsnak"]["datavalue"]["value"]["id"] for claim in claims.get("P31", [])]

    def is_below(self, cls: str, other: str) -> bool:
        claims = self.items.get(cls, {}).get("claims") or {}
        above = [claim["mainsnak"]["datavalue"]["value"]["id"] for claim in claims.get("P279", [])]
        return cls == other or any(self.is_below(each, other) for each in above)

    def reconcile(self, query: dict[str, Any], language: str) -> dict[str, Any]:
        """Find items one of whose names has a word of the query, of the type that is wanted."""
        results = []
        words = set(query["query"].casefold().split())
        for item, entity in self.items.items():
            names = [label["value"] for label in entity["labels"].values()]
            names += [alias["value"] for group in entity["aliases"].values() for alias in group]
            types = self.types_of(item)
            fits = not query.get("type") or not types or any(self.is_below(t, query["type"]) for t in types)
            overlap = max((len(words & set(name.casefold().split())) for name in names), default=0)
            if not overlap or not fits or not self.descriptions[item]:
                continue
            label = entity["labels"].get(language) or next(iter(entity["labels"].values()))
            score = 100 * overlap / len(words)
            results.append(
                {
                    "id": item,
                    "name": label["value"],
                    "description": self.descriptions[item],
                    "score": score,
                    "features": [{"id": "all_labels", "value": score}],
                    "type": [{"id": each, "name": each} for each in types],
                    "match": False,
                }
            )
        return {"result": sorted(results, key=lambda one: -one["score"])[: int(query.get("limit", 25))]}


def _statement(item: str, property_: str, value: str) -> dict[str, Any]:
    if property_ == "P571":
        snak: dict[str, Any] = {
            "value": {
                "time": value,
                "timezone": 0,
                "before": 0,
                "after": 0,
                "precision": 9,
                "calendarmodel": ENTITY + "Q1985727",
            },
            "type": "time",
        }
    else:
        number = int(value[1:])
        snak = {
            "value": {"entity-type": "item", "numeric-id": number, "id": value},
            "type": "wikibase-entityid",
        }
    return {
        "mainsnak": {"snaktype": "value", "property": property_, "datavalue": snak},
        "type": "statement",
        "id": f"{item}$1",
        "rank": "normal",
    }


def _triples(item: str, entity: dict[str, Any]) -> Iterator[Quad]:
    node = NamedNode(ENTITY + item)
    yield Quad(node, VERSION, Literal(1))
    for label in entity["labels"].values():
        yield Quad(node, NamedNode(RDFS + "label"), Literal(label["value"], language=label["language"]))
    for group in entity["aliases"].values():
        for alias in group:
            yield Quad(
                node, NamedNode(SKOS + "altLabel"), Literal(alias["value"], language=alias["language"])
            )
    for property_, claims in (entity["claims"] or {}).items():
        for claim in claims:
            value = claim["mainsnak"]["datavalue"]["value"]
            if property_ == "P571":
                time = Literal(value["time"].lstrip("+"), datatype=NamedNode(XSD + "dateTime"))
                yield Quad(node, NamedNode(DIRECT + property_), time)
            else:
                yield Quad(node, NamedNode(DIRECT + property_), NamedNode(ENTITY + value["id"]))


class _Handler(BaseHTTPRequestHandler):
    wikidata: Wikidata
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        self._handle("")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers["Content-Length"])).decode("ascii"))

    def _handle(self, body: str) -> None:
        path = urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.wikidata.requests.append((self.command, self.path, headers, body))
        planted = self.wikidata.planted.get(path)
        status, more, data = planted.pop(0) if planted else self._usual(path, parse_qs(body))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _usual(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        kind = {"Content-Type": "application/json"}
        if path.endswith("/api"):
            language = path.strip("/").split("/")[0]
            if "queries" not in form:
                return 200, kind, json.dumps(self.wikidata.manifest).encode()
            queries = json.loads(form["queries"][0])
            found = {name: self.wikidata.reconcile(query, language) for name, query in queries.items()}
            return 200, kind, json.dumps(found).encode()
        if path == "/sparql" and "query" in form:
            result = self.wikidata.store().query(form["query"][0])
            assert isinstance(result, QuerySolutions)
            return 200, kind, result.serialize(format=QueryResultsFormat.JSON) or b""
        if path.startswith("/wiki/Special:EntityData/"):
            document = self.wikidata.document(path.rpartition("/")[2].removesuffix(".json"))
            if document is not None:
                return 200, kind, json.dumps(document).encode()
        return 404, {"Content-Type": "text/html"}, b"<h1>Not Found</h1>"


@pytest.fixture
def wikidata(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wikidata]:
    # A proxy of the machine's would be asked for what is on loopback.
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    class Handler(_Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Handler.wikidata = Wikidata(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Handler.wikidata
        server.shutdown()
        thread.join()


@pytest.fixture
def project_copy(tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Copy what the command reads, of the claims those of one section, and have the command find the copy."""
    made = Project.at(tmp_path / "project")
    made.root.mkdir()
    for path in (project.ontology / "prefixes.ttl", project.ontology / "aisi.ttl"):
        made.ontology.mkdir(exist_ok=True)
        shutil.copy(path, made.ontology)
    shutil.copytree(project.data / "entities", made.data / "entities")
    (made.root / NAME).parent.mkdir()
    shutil.copy(project.root / NAME, made.root / NAME)
    claims = made.data / "sources" / "concordia-2024" / "claims"
    claims.mkdir(parents=True)
    shutil.copy(project.data / "sources" / "concordia-2024" / "claims" / "3.1.trig", claims)
    monkeypatch.setenv("AISI_KG_PROJECT", str(made.root))
    return made


@pytest.fixture
def link(
    wikidata: Wikidata,
    project_copy: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str, str]]:
    """Give a function that runs ``aisi-kg link`` and gives status, output and errors."""
    monkeypatch.setenv("AISI_KG_RECONCILIATION_URL", wikidata.service)
    monkeypatch.setenv("AISI_KG_ITEMS_URL", wikidata.sparql)
    monkeypatch.setenv("AISI_KG_LINK_TIMEOUT_S", "20")

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["link", *arguments])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run
