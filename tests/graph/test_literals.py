"""The forms of typed literals."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.files import read_files
from aisi_kg.graph.literals import check_literals, lexical_fault, stored_forms
from aisi_kg.project import Project

MakeProject = Callable[[Mapping[str, str | bytes]], Project]

XSD = "http://www.w3.org/2001/XMLSchema#"

VALID = {
    "string": ["", "anything\n"],
    "date": ["2024-02-29", "2024-02-29Z", "2024-02-29+14:00", "2024-02-29-13:59"],
    "gYear": ["2024", "0001", "2024Z"],
    "gYearMonth": ["2024-12", "2024-12-05:00"],
    "dateTime": [
        "2024-02-29T23:59:59",
        "2024-02-29T24:00:00",
        "2024-02-29T00:00:00.5Z",
        "2024-02-29T00:00:00+08:00",
    ],
    "dateTimeStamp": ["2024-02-29T00:00:00Z"],
    "integer": ["0", "-0", "+7", "007", "9" * 100],
    "nonNegativeInteger": ["0", "10"],
    "positiveInteger": ["1"],
    "nonPositiveInteger": ["0", "-1"],
    "negativeInteger": ["-1"],
    "long": ["9223372036854775807", "-9223372036854775808"],
    "int": ["2147483647"],
    "short": ["-32768"],
    "byte": ["127", "-128"],
    "unsignedLong": ["18446744073709551615"],
    "unsignedInt": ["4294967295"],
    "unsignedShort": ["65535"],
    "unsignedByte": ["255"],
    "decimal": ["1", "1.", ".5", "-1.50", "+0.0"],
    "double": ["1", "1e5", "-.5E-3", "INF", "-INF", "+INF", "NaN"],
    "float": ["1.5"],
    "boolean": ["true", "false", "1", "0"],
    "anyURI": ["https://example.org/a?b#c", "urn:isbn:1", "https://例子.example/路"],
}
INVALID = {
    "string": ["a\x00", "\x0b", "\ufffe"],
    "date": [
        "2024-02-30",
        "2024-13-01",
        "2024-02",
        "2024-2-1",
        "24-02-01",
        "2024-02-01+15:00",
        "2024-02-01T00:00:00",
    ],
    "gYear": ["24", "2024-01", "year", "", "0000", "2024+8"],
    "gYearMonth": ["2024-13", "2024-00", "2024", "202401"],
    "dateTime": [
        "2024-02-30T00:00:00",
        "2024-02-29",
        "2024-02-29 00:00:00",
        "2024-02-29T24:00:01",
        "2024-02-29T12:60:00",
        "2024-02-29T00:00",
        "2024-02-29T00:00:00+15:00",
    ],
    "dateTimeStamp": ["2024-02-29T00:00:00", "2024-02-29"],
    "integer": ["", "1.0", "1,000", "one", "１", "--1", "1e3", "9" * 5000],
    "nonNegativeInteger": ["-1"],
    "positiveInteger": ["0"],
    "nonPositiveInteger": ["1"],
    "negativeInteger": ["0"],
    "long": ["9223372036854775808"],
    "int": ["2147483648"],
    "short": ["32768"],
    "byte": ["128", "-129"],
    "unsignedLong": ["18446744073709551616"],
    "unsignedInt": ["-1"],
    "unsignedShort": ["65536"],
    "unsignedByte": ["256"],
    "decimal": ["", ".", "1e3", "1,5", "INF"],
    "double": ["", "1e", "inf", "e5"],
    "float": ["x"],
    "boolean": ["True", "yes", "2", ""],
    "anyURI": ["", "www.example.org", "https://example.org/a b", "//example.org/"],
    "gMonth": ["--01"],
    "duration": ["P1D"],
    "year": ["2024"],
}


def typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(("datatype", "value"), [(d, v) for d, values in VALID.items() for v in values])
def test_a_form_that_is_right(datatype: str, value: str) -> None:
    assert lexical_fault(typed(value, datatype)) is None


@pytest.mark.parametrize(
    ("datatype", "value"),
    [(d, v) for d, values in INVALID.items() for v in values],
    ids=lambda text: ascii(text)[1:20],
)
def test_a_form_that_is_wrong(datatype: str, value: str) -> None:
    assert lexical_fault(typed(value, datatype))


def test_each_datatype_has_a_form_that_is_right_and_one_that_is_wrong() -> None:
    known = {name for name in VALID if lexical_fault(typed(VALID[name][0], name)) is None}
    assert known == VALID.keys()
    assert known <= INVALID.keys()


def test_an_unknown_datatype_is_a_fault() -> None:
    other = Literal("x", datatype=NamedNode("https://w3id.org/aisi-kg/ontology#money"))
    assert "datatype" in (lexical_fault(other) or "")


@pytest.mark.parametrize("tag", ["en", "zh", "zh-hans", "en-gb", "ja", "yue", "sr-latn-rs"])
def test_a_language(tag: str) -> None:
    assert lexical_fault(Literal("x", language=tag)) is None


@pytest.mark.parametrize("tag", ["cn", "jp", "xx", "cn-hans", "english", "x-private"])
def test_what_is_no_language(tag: str) -> None:
    assert lexical_fault(Literal("x", language=tag)) == f"{tag} is no language tag"


@given(st.text(), st.sampled_from([*VALID, "other"]))
def test_any_text_is_judged(value: str, datatype: str) -> None:
    fault = lexical_fault(typed(value, datatype))
    assert fault is None or fault


def test_the_forms_that_the_store_has() -> None:
    given_forms = [
        typed("01", "integer"),
        typed("1.50", "decimal"),
        typed("7", "int"),
        typed("2024", "gYear"),
        Literal("01"),
    ]
    assert stored_forms(given_forms) == {
        typed("01", "integer"): typed("1", "integer"),
        typed("1.50", "decimal"): typed("1.5", "decimal"),
        typed("7", "int"): typed("7", "integer"),
    }


def test_literals_in_blank_nodes_and_shapes_are_checked(make_project: MakeProject) -> None:
    text = (
        "@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n"
        'aisi:a\n\taisi:p [\n\t\taisi:q "x"^^xsd:integer ;\n\t] ;\n\t.\n'
    )
    files = read_files(make_project({"ontology/aisi.ttl": text, "ontology/shapes.ttl": text}))
    assert files.findings == ()
    assert [(f.rule, f.file, f.line) for f in check_literals(files)] == [
        ("literal", "ontology/aisi.ttl", 6),
        ("literal", "ontology/shapes.ttl", 6),
    ]


def test_the_ontology_may_count_as_owl_does(make_project: MakeProject) -> None:
    text = (
        "@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n"
        'aisi:a\n\towl:cardinality "2"^^xsd:nonNegativeInteger ;\n\t.\n'
    )
    assert check_literals(read_files(make_project({"ontology/aisi.ttl": text}))) == []
    (finding,) = check_literals(
        read_files(make_project({"ontology/aisi.ttl": "", "data/entities/a.ttl": text}))
    )
    assert (finding.rule, finding.file, finding.line) == ("literal-datatype", "data/entities/a.ttl", 6)


def test_a_long_text_is_cut_in_the_message(make_project: MakeProject) -> None:
    text = (
        '@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .\n\naisi:a\n\taisi:p "'
        + "é" * 200
        + '"@qq ;\n\t.\n'
    )
    (finding,) = check_literals(read_files(make_project({"data/entities/a.ttl": text})))
    assert len(finding.message) < 120
    assert "…" in finding.message
