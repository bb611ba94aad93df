"""The page of the ontology, over the project's own data: every term in its place, and what is said of it."""

import gzip
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode, Store

from aisi_kg.graph.prefixes import AISI, ONTOLOGY_GRAPH
from aisi_kg.project import Project
from aisi_kg.store.engine import Engine
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.store.vocabulary import Kind, Vocabulary, read_vocabulary
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.class_tree import draw_classes
from aisi_kg.web.site import DatasetInfo

Ask = Callable[..., httpx.Response]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def vocabulary(real: Store) -> Vocabulary:
    return conduct(real, read_vocabulary(dataset_prefixes(real)))


@pytest.fixture(scope="module")
def ask(real: Store, project: Project, inline: Any, asking: Callable[..., Ask]) -> Ask:
    """Give what asks an application over the project's own data."""
    prefixes, context = dataset_prefixes(real), load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(real, format_, iri, prefixes=prefixes, context=context))

    return asking(
        create_app(create_site(inline(Engine(real, prefixes, write)), DatasetInfo("0+real", prefixes)))
    )


class Page(HTMLParser):
    """Collect the anchors of a page and the links to them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids[str(given["id"])] += 1
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))


@pytest.fixture(scope="module", params=["en", "zh"])
def page(ask: Ask, request: pytest.FixtureRequest) -> str:
    response = ask("GET", "/ontology", BROWSER, params={"lang": request.param})
    assert response.status_code == 200
    assert response.headers["content-language"] == request.param
    return response.text


def entry(page: str, name: str) -> str:
    match = re.search(rf'<h3 id="{name}".*?(?=<h[23] )', page, re.DOTALL)
    assert match is not None
    return unescape(match[0])


def test_each_term_has_one_place_and_links_lead_to_one(page: str, real: Store) -> None:
    found = Page(page)
    assert [name for name, number in found.ids.items() if number > 1] == []
    terms = {
        quad.subject.value.removeprefix(AISI)
        for quad in real.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(AISI)
    }
    assert len(terms) > 1000
    assert terms <= set(found.ids)
    within = {link[1:] for link in found.links if link.startswith("#")}
    assert within <= set(found.ids)


def test_each_term_is_named_and_defined_in_both_languages(vocabulary: Vocabulary) -> None:
    lacking = [
        term.name
        for term in vocabulary.terms.values()
        if not (term.label.en and term.label.zh and term.definition.en and term.definition.zh)
    ]
    assert lacking == []
    assert vocabulary.of_kind(Kind.OTHER) == []


def test_a_class_says_what_is_known_of_it(page: str) -> None:
    institute = entry(page, "SafetyInstitute")
    for name in ("EvaluatingInstitute", "hasParentAgency", "hasInstitute"):
        assert f'href="#{name}"' in institute
    assert "/entity/caisi?lang=" in institute
    assert "aisi:SafetyInstitute and (aisi:hasEvaluated some aisi:Evaluation)" in entry(
        page, "EvaluatingInstitute"
    )
    assert re.search(r'href="/sparql\?lang=\w+#query=SELECT', institute)


def test_a_property_says_what_is_known_of_it(page: str) -> None:
    party = entry(page, "hasParty")
    assert 'href="#Cooperation"' in party
    assert 'href="#isPartyTo"' in party
    assert "→" in entry(page, "representedIn")


def test_an_example_is_a_claim_that_uses_the_term(vocabulary: Vocabulary, real: Store) -> None:
    kinds = (Kind.OBJECT_PROPERTY, Kind.DATA_PROPERTY, Kind.CODE)
    used = [term for term in vocabulary.of_kind(*kinds) if term.examples]
    assert len(used) > 500
    for term in used:
        for claim in term.examples:
            assert vocabulary.statements[claim].zh
            graph, node = NamedNode(claim), NamedNode(term.iri)
            if term.kind == Kind.CODE:
                found = real.quads_for_pattern(None, None, node, graph)
            else:
                found = real.quads_for_pattern(None, node, None, graph)
            assert any(found), (term.name, claim)


def test_numbers_are_those_of_the_graph(vocabulary: Vocabulary, real: Store) -> None:
    for name in ("hasParty", "amount"):
        graphs = {quad.graph_name for quad in real.quads_for_pattern(None, NamedNode(AISI + name), None)}
        claims = {graph for graph in graphs if isinstance(graph, NamedNode) and "/claim/" in graph.value}
        assert vocabulary.terms[AISI + name].claims == len(claims) > 0


def test_the_drawing_has_each_class_below_its_own(vocabulary: Vocabulary) -> None:
    drawing = draw_classes(vocabulary, "zh")
    classes = {term.iri for term in vocabulary.of_kind(Kind.CLASS)}
    assert classes <= {box.iri for box in drawing.boxes}
    ys = [box.y for box in drawing.boxes]
    assert len(set(ys)) == len(ys)
    assert max(ys) < drawing.height
    assert all(box.x < drawing.width for box in drawing.boxes)
    depth = {box.iri: box.x for box in drawing.boxes}
    for iri in classes:
        for above in vocabulary.terms[iri].supers:
            if above in classes and len(vocabulary.terms[iri].supers) == 1:
                assert depth[iri] > depth[above]


def test_the_page_is_sent_compressed_and_light(ask: Ask) -> None:
    plain = ask("GET", "/ontology", BROWSER, headers={"accept-encoding": "identity"})
    packed = ask("GET", "/ontology", BROWSER, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert len(gzip.compress(plain.content)) < MOST_BYTES / 2
    known = {"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]}
    assert ask("GET", "/ontology", BROWSER, headers=known).status_code == 304


def test_a_program_gets_rdf_at_the_same_address(ask: Ask) -> None:
    response = ask("GET", "/ontology", "text/turtle")
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "aisi:SafetyInstitute" in response.text
    assert ask("GET", "/ontology/0.1.0", "text/turtle").status_code == 200
    assert ask("GET", "/ontology/0.0.9", "text/turtle").status_code == 404
    assert ask("GET", "/ontology.csv").status_code == 404
