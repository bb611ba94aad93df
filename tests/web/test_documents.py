"""Documents about resources, dumps, descriptions and health."""

import json
from collections.abc import Callable
from html.parser import HTMLParser

import httpx
import pytest
import rdflib
from pyoxigraph import NamedNode, Store

from aisi_kg import __version__
from aisi_kg.store.results import GRAPH_FORMATS

Ask = Callable[..., httpx.Response]

BASE = "https://w3id.org/aisi-kg/"
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld", "trig": "trig", "nq": "nquads"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PATHS = [
    "/entity/ruritania-aisi",
    "/claim/concordia-2024/two",
    "/source/concordia-2024",
    "/graph/entities",
    "/graph/meta",
    "/ontology",
]


def triples(response: httpx.Response, extension: str) -> set[tuple[str, str, str]]:
    dataset = rdflib.Dataset()
    dataset.parse(data=response.content, format=RDFLIB[extension])
    return {(str(s), str(p), str(o)) for s, p, o, _ in dataset.quads()}


@pytest.mark.parametrize("path", PATHS)
def test_a_document_is_the_same_in_every_format(ask: Ask, path: str) -> None:
    found = []
    for format_ in GRAPH_FORMATS:
        if path == "/graph/entities" and format_.extension == "rdf":
            # It has a character that XML cannot write.
            continue
        by_suffix = ask("GET", f"{path}.{format_.extension}", "image/png")
        by_accept = ask("GET", path, format_.media_type)
        assert by_suffix.status_code == by_accept.status_code == 200
        assert by_suffix.content == by_accept.content
        for response in (by_suffix, by_accept):
            assert response.headers["content-type"] == format_.content_type
            assert response.headers["vary"] == "Accept, Accept-Encoding"
        found.append(triples(by_suffix, format_.extension))
    assert found[0]
    assert all(each == found[0] for each in found)


def test_every_iri_of_ours_is_answered(ask: Ask, store: Store) -> None:
    subjects = {q.subject.value for q in store if isinstance(q.subject, NamedNode)}
    graphs = {name.value for name in store.named_graphs() if isinstance(name, NamedNode)}
    paths = {"/" + iri.removeprefix(BASE).partition("#")[0] for iri in subjects | graphs}
    assert len(paths) > len(PATHS)
    for path in paths:
        for accept in ("application/n-triples", BROWSER):
            assert ask("GET", path, accept).status_code == 200


def test_a_document_about_an_entity_has_its_claims(ask: Ask) -> None:
    found = triples(ask("GET", "/entity/ruritania-aisi.nt"), "nt")
    subject, terms = BASE + "entity/ruritania-aisi", BASE + "ontology#"
    assert (subject, terms + "staffCount", "12") in found
    assert (BASE + "claim/concordia-2024/two", terms + "statement", "Its staff is twelve.") in found
    assert not any("syldavia" in s for s, _, _ in found)


def test_a_program_that_takes_anything_gets_turtle_and_a_browser_a_page(ask: Ask) -> None:
    assert ask("GET", PATHS[0]).headers["content-type"] == "text/turtle; charset=utf-8"
    assert ask("GET", PATHS[0], "*/*").headers["content-type"] == "text/turtle; charset=utf-8"
    for response in (ask("GET", PATHS[0], BROWSER), ask("GET", PATHS[0] + ".html", "text/turtle")):
        assert response.headers["content-type"] == "text/html; charset=utf-8"


DATA = ("application/json", "application/ld+json")


class Links(HTMLParser):
    """Collect where a page's links lead, what it loads, and what would run or be styled within it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.text = ""
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.hrefs.append(value or "")
            elif name in ("src", "srcset", "data", "href"):
                self.loaded.append(value or "")
            elif name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
        if tag in ("style", "iframe", "object") or (
            tag == "script" and "src" not in given and given.get("type") not in DATA
        ):
            self.inline.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("path", [*PATHS, "/", "/sparql", "/.well-known/void", "/entity/none"])
def test_a_page_loads_from_this_server_alone_and_runs_nothing_inline(ask: Ask, path: str) -> None:
    response = ask("GET", path, BROWSER)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Links(response.text)
    assert page.inline == []
    assert page.loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in page.loaded)
    assert all(href.startswith(("/", "#", "https://", "http://")) for href in page.hrefs)
    policy = response.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy


def test_a_page_shows_text_as_text(ask: Ask) -> None:
    response = ask("GET", "/entity/syldavia-aisi", BROWSER)
    assert "<script>" not in response.text
    page = Links(response.text)
    assert '<script>alert(1)</script> & "Co"' in page.text
    assert "https://example.org/?a=1&b=2" in page.hrefs


def test_a_page_links_what_is_ours_to_this_server(ask: Ask) -> None:
    page = Links(ask("GET", "/entity/ruritania-aisi", BROWSER).text)
    local = [href for href in page.hrefs if href.startswith("/")]
    assert {
        "/entity/ruritania?lang=en",
        "/claim/concordia-2024/one?lang=en",
        "/entity/ruritania-aisi.ttl",
    } <= set(local)
    assert not any(href.startswith(BASE) for href in page.hrefs)
    assert all(ask("GET", href, BROWSER).status_code in (200, 404) for href in local)
    for format_ in GRAPH_FORMATS:
        assert ask("GET", f"/entity/ruritania-aisi.{format_.extension}").status_code == 200


def test_a_term_of_the_ontology_has_its_place_in_the_page(ask: Ask) -> None:
    text = ask("GET", "/ontology", BROWSER).text
    assert text.count(' id="hasHost"') == 1


def test_the_home_pages_links_lead_somewhere(ask: Ask) -> None:
    text = ask("GET", "/", BROWSER).text
    # The frame leads to pages over stored queries too, which this dataset is without.
    page = Links(text[text.index("<main") : text.index("</main>")])
    assert {"/about?lang=en", "/changes?lang=en", "/queries?lang=en", "/dump.ttl"} <= set(page.hrefs)
    assert all(ask("GET", href, BROWSER).status_code == 200 for href in page.hrefs)
    about = ask("GET", "/about", BROWSER).text
    for href in ("/sparql?lang=en", "/ontology?lang=en", "/.well-known/void"):
        assert f'href="{href}"' in about
        assert ask("GET", href, BROWSER).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/entity/none",
        "/entity/none.ttl",
        "/entity/",
        "/entity/ruritania-aisi/",
        "/entity/ruritania-aisi.png",
        "/claim/concordia-2024",
        "/ontology.png",
        "/dump.zip",
        "/dump.ttl/x",
        "/nothing",
        "/entity/%3Cscript%3Ealert(1)%3C/script%3E",
        "/entity/a%20b",
        "/entity/%00",
        "/entity/%FF",
        "/entity/..%2f..%2fetc%2fpasswd",
        "/entity//ruritania-aisi",
        "/entity/ruritania-aisi%2Fx",
        "/entity/ruritania-aisi%0d%0aX-Injected:%20x",
        "/entity/%E7%A0%94%E7%A9%B6%E6%89%80",
        "/entity/研究所.ttl",
        "/entity/" + "x" * 10_000,
        "/entity/" + "%41" * 3_000,
        "/entity/.ttl",
        "/entity/ruritania-aisi.ttl.ttl",
        "/entity/ruritania-aisi.TTL",
        "/ontology/",
        "/ontology/0.2.0",
        "/ontology/%22%20%7D",
        "/entity/../../etc/passwd",
        "/dump.ttl%00",
        "/dump.../manifest.json",
        "//example.org/entity/x",
        "/graph/<x>",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", BROWSER])
def test_what_is_not_there_is_not_found(ask: Ask, path: str, accept: str) -> None:
    response = ask("GET", path, accept)
    assert response.status_code == 404
    if accept == BROWSER:
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert Links(response.text).inline == []
    else:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "not-found"
    assert "<script>" not in response.text


def test_what_nothing_is_written_in_is_not_acceptable(ask: Ask) -> None:
    response = ask("GET", PATHS[0], "image/png")
    assert response.status_code == 406
    assert set(response.json()["offered"]) == {*(f.media_type for f in GRAPH_FORMATS), "text/html"}


@pytest.mark.parametrize("path", [PATHS[0], "/.well-known/void", "/dump.ttl"])
def test_what_a_client_has_is_not_sent_again(ask: Ask, path: str) -> None:
    first = ask("GET", path)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = ask("GET", path, headers={"if-none-match": known})
        assert again.status_code == 304
        assert again.content == b""
        for name in ("etag", "cache-control", "vary"):
            assert again.headers[name] == first.headers[name]
    assert ask("GET", path, headers={"if-none-match": '"other"'}).status_code == 200
    # Another format is another thing.
    if path != "/dump.ttl":
        assert ask("GET", path, "application/n-triples").headers["etag"] != tag


def test_the_dataset_describes_itself(ask: Ask) -> None:
    void = "http://rdfs.org/ns/void#Dataset"
    for extension, media_type in (
        ("ttl", None),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
    ):
        found = triples(ask("GET", "/.well-known/void", media_type), extension)
        assert found == {(BASE + "graph/meta", str(rdflib.RDF.type), void)}


def test_the_description_is_the_document_about_its_graph(ask: Ask) -> None:
    response = ask("GET", "/.well-known/void", "application/n-triples")
    assert response.headers["content-location"] == "/graph/meta.nt"
    assert response.content == ask("GET", "/graph/meta.nt").content
    head = ask("HEAD", "/.well-known/void", "application/n-triples")
    assert head.status_code == 200
    assert head.headers["content-length"] == str(len(response.content))


def link_header(response: httpx.Response) -> set[tuple[str, str, str]]:
    """Give target, relation and type of each link."""
    found = set()
    for link in response.headers["link"].split(", "):
        target, *parameters = link.split("; ")
        values = dict(parameter.split("=", 1) for parameter in parameters)
        found.add((target.strip("<>"), values["rel"].strip('"'), values.get("type", "").strip('"')))
    return found


@pytest.mark.parametrize("path", PATHS)
def test_a_document_says_how_else_it_is_to_be_had(ask: Ask, path: str) -> None:
    for response in (ask("GET", path), ask("GET", path + ".nt"), ask("HEAD", path, BROWSER)):
        links = link_header(response)
        alternates = {(target, type_) for target, rel, type_ in links if rel == "alternate"}
        assert all(ask("HEAD", target).status_code == 200 for target, _ in alternates)
        formats = {(f"{path}.{f.extension}", f.media_type) for f in GRAPH_FORMATS}
        assert alternates == formats | {(f"{path}.html", "text/html")}
        assert {link for link in links if link[1] != "alternate"} == {
            ("/.well-known/void", "describedby", ""),
            ("https://creativecommons.org/licenses/by/4.0/", "license", ""),
            (BASE.rstrip("/") + path, "canonical", ""),
        }
        assert response.headers["cache-control"] == "public, max-age=600"


def test_what_was_chosen_says_where_it_is(ask: Ask) -> None:
    for accept, extension in ((None, "ttl"), ("application/ld+json", "jsonld"), (BROWSER, "html")):
        response = ask("GET", PATHS[0], accept)
        assert response.headers["content-location"] == f"{PATHS[0]}.{extension}"
        assert ask("GET", response.headers["content-location"]).content == response.content
    assert "content-location" not in ask("GET", PATHS[0] + ".ttl").headers
    not_again = ask("GET", PATHS[0], headers={"if-none-match": "*"})
    assert not_again.headers["content-location"] == f"{PATHS[0]}.ttl"


def test_links_lead_through_a_proxy(make_ask: Callable[..., Ask]) -> None:
    response = make_ask(public_url="https://example.org/kg")("GET", PATHS[0])
    assert response.headers["content-location"] == f"/kg{PATHS[0]}.ttl"
    assert (f"/kg{PATHS[0]}.nt", "alternate", "application/n-triples") in link_header(response)
    assert ("/kg/.well-known/void", "describedby", "") in link_header(response)


def test_the_iri_of_the_version_leads_to_the_ontology(ask: Ask) -> None:
    response = ask("GET", "/ontology/0.1.0", "text/turtle")
    assert response.headers["content-location"] == "/ontology.ttl"
    assert response.content == ask("GET", "/ontology.ttl").content


def test_scripts_can_read_the_headers_they_need(ask: Ask) -> None:
    exposed = set(ask("GET", PATHS[0]).headers["access-control-expose-headers"].split(", "))
    assert {"Content-Location", "ETag", "Link", "Accept-Ranges", "Content-Range", "Repr-Digest"} <= exposed


def test_health(ask: Ask) -> None:
    response = ask("GET", "/healthz")
    assert response.status_code == 200
    told = response.json()
    assert (told["status"], told["ready"]) == ("ready", True)
    assert (told["version"], told["dataset"]) == (__version__, "0.0.0+tiny")
    assert told["age_s"] >= 0
    assert told["workers"] == 0
    assert ask("HEAD", "/healthz").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/dump.ttl", 200),
        ("GET", "/entity/ruritania-aisi", 200),
        ("GET", "/entity/none", 404),
        ("GET", "/sparql?query=nonsense", 400),
        ("PUT", "/sparql", 405),
        ("POST", "/healthz", 405),
        ("GET", "/" + "x" * 20_000, 414),
        ("OPTIONS", "/sparql", 204),
        ("OPTIONS", "/entity/ruritania-aisi", 204),
    ],
)
def test_every_answer_has_the_common_headers(ask: Ask, method: str, path: str, status: int) -> None:
    response = ask(method, path, headers={"origin": "https://example.org"})
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers.get_list("access-control-allow-origin") == ["*"]
    assert "access-control-allow-credentials" not in response.headers
    assert "ETag" in response.headers["access-control-expose-headers"]


def test_a_browser_may_ask_before_it_asks(ask: Ask) -> None:
    response = ask(
        "OPTIONS",
        "/sparql",
        headers={
            "origin": "https://example.org",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )
    assert response.status_code == 204
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "content-type" in response.headers["access-control-allow-headers"].lower()
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert ask("OPTIONS", "/ontology").headers["allow"] == "GET, HEAD, OPTIONS"


def test_json_ld_reads_like_a_document(ask: Ask) -> None:
    document = json.loads(ask("GET", "/entity/ruritania-aisi.jsonld").content)
    assert document["@graph"][0]["prefLabel"]["en"] == "Ruritanian AI Safety Institute"
