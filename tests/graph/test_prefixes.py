"""Prefixes: what is declared, and when an IRI has a short name."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import BASE, Prefixes, load_prefixes
from aisi_kg.project import Project

MakeProject = Callable[[Mapping[str, str | bytes]], Project]

# The names that others' queries and pages are written with.
PROMISED = {
    "aisi": "https://w3id.org/aisi-kg/ontology#",
    "entity": "https://w3id.org/aisi-kg/entity/",
    "source": "https://w3id.org/aisi-kg/source/",
    "claim": "https://w3id.org/aisi-kg/claim/concordia-2024/",
    "footnote": "https://w3id.org/aisi-kg/source/concordia-2024/footnote/",
    "graph": "https://w3id.org/aisi-kg/graph/",
    "schema": "https://schema.org/",
    "cito": "http://purl.org/spar/cito/",
    "fabio": "http://purl.org/spar/fabio/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
}


def test_the_promised_prefixes_are_declared(prefixes: Prefixes) -> None:
    assert {prefix: prefixes.get(prefix) for prefix in PROMISED} == PROMISED


def test_no_two_prefixes_share_a_namespace(prefixes: Prefixes) -> None:
    assert len(set(prefixes.values())) == len(prefixes)
    assert list(prefixes) == sorted(prefixes)


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (BASE + "entity/uk-aisi", "entity:uk-aisi"),
        (BASE + "source/concordia-2024", "source:concordia-2024"),
        (BASE + "source/concordia-2024/footnote/21", "footnote:21"),
        (BASE + "source/concordia-2024/passage/4210-4263", "passage:4210-4263"),
        (BASE + "claim/concordia-2024/uk.v1_a-", "claim:uk.v1_a-"),
        (BASE + "claim/other/a", f"<{BASE}claim/other/a>"),
        (BASE + "entity/", f"<{BASE}entity/>"),
        (BASE + "entity/a.", f"<{BASE}entity/a.>"),
        (BASE + "entity/-a", f"<{BASE}entity/-a>"),
        (BASE + "entity/a%20b", f"<{BASE}entity/a%20b>"),
        (BASE + "entity/é", f"<{BASE}entity/é>"),
        (BASE + "ontology", f"<{BASE}ontology>"),
        ("urn:x", "<urn:x>"),
    ],
)
def test_the_short_name_of_an_iri(iri: str, short: str, prefixes: Prefixes) -> None:
    assert prefixes.shorten(iri) == short


def test_a_namespace_may_end_in_any_character() -> None:
    prefixes = Prefixes({"isbn": "urn:isbn:", "nine": "urn:isbn:9", "q": "http://e/Q", "e": "http://e/"})
    assert prefixes.shorten("urn:isbn:123") == "isbn:123"
    assert prefixes.shorten("urn:isbn:978") == "nine:78"
    assert prefixes.shorten("http://e/x") == "e:x"


def test_the_first_of_two_names_for_a_namespace_is_used() -> None:
    assert Prefixes({"b": "http://e/", "a": "http://e/"}).shorten("http://e/x") == "a:x"


def test_a_short_name_is_expanded(prefixes: Prefixes) -> None:
    assert prefixes.expand("entity:uk-aisi") == BASE + "entity/uk-aisi"
    assert prefixes.expand("entity:") == BASE + "entity/"
    for unknown in ("nobody:x", "entity", ""):
        with pytest.raises(InputError, match="is not declared; use one of aisi, "):
            prefixes.expand(unknown)


@given(name=st.text(max_size=6), namespace=st.sampled_from(["entity", "claim", "oa", "xsd"]))
def test_what_is_short_can_be_expanded_and_parsed(name: str, namespace: str, prefixes: Prefixes) -> None:
    iri = prefixes[namespace] + name
    parts = prefixes.split(iri)
    if parts is not None:
        short = prefixes.shorten(iri)
        assert prefixes.expand(short) == iri
        declared = f"PREFIX {parts[0]}: <{prefixes[parts[0]]}>\n"
        (quad,) = parse(f"{declared}{short} {short} {short} .", RdfFormat.TURTLE)
        assert str(quad.subject) == str(quad.object) == f"<{iri}>"


def test_a_prologue_is_written(prefixes: Prefixes) -> None:
    prologue = prefixes.sparql().split("\n")
    assert prologue[0] == "PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>"
    assert len(prologue) == len(prefixes) + 1


DECLARED = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e/> sh:declare
    [ sh:prefix "a" ; sh:namespace "http://a/" ] ,
    [ sh:prefix "b" ; sh:namespace "http://b#" ] .
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", r"ontology/prefixes\.ttl:1:1: .*; correct the Turtle"),
        (DECLARED.replace('sh:prefix "a" ;', ""), "needs an sh:prefix"),
        (DECLARED.replace('"a"', '"a:"'), "needs an sh:prefix"),
        (DECLARED.replace('"http://a/"', '"no-iri"'), "an sh:namespace"),
        (DECLARED.replace('"b"', '"a"'), "the prefix a is declared twice"),
    ],
)
def test_a_declaration_that_is_wrong(text: str, message: str, make_project: MakeProject) -> None:
    with pytest.raises(InputError, match=message):
        load_prefixes(make_project({"ontology/prefixes.ttl": text}))


def test_declarations_are_read(make_project: MakeProject) -> None:
    assert dict(load_prefixes(make_project({"ontology/prefixes.ttl": DECLARED}))) == {
        "a": "http://a/",
        "b": "http://b#",
    }


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"prefixes\.ttl cannot be read \(No such file or directory\)"):
        Prefixes.load(tmp_path / "prefixes.ttl")
