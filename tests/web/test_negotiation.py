"""The choice of a format by what a client accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Format
from aisi_kg.web.negotiation import HTML, best, parse_accept


def chosen(accept: str | None, formats: tuple[Format, ...]) -> str | None:
    format_ = best(formats, parse_accept(accept))
    return format_.name if format_ else None


@pytest.mark.parametrize(
    ("accept", "result", "graph"),
    [
        (None, "json", "turtle"),
        ("", "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("application/sparql-results+xml", "xml", None),
        ("APPLICATION/Sparql-Results+XML", "xml", None),
        ("text/csv", "csv", None),
        ("text/tab-separated-values", "tsv", None),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdfxml"),
        ("text/xml", "xml", "rdfxml"),
        ("text/turtle", None, "turtle"),
        ("application/x-turtle", None, "turtle"),
        ("text/plain", None, "ntriples"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x"', None, "jsonld"),
        # Weights.
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "xml", None),
        ("text/csv; q=0.5 , text/tab-separated-values ;q=0.5", "csv", None),
        ("text/csv;q=0", None, None),
        ("text/csv;Q=1.000", "csv", None),
        ("*/*;q=0.1, text/turtle;q=0.05", "json", "ntriples"),
        ("text/csv;charset=utf-8;q=0.2, application/json;q=0.1", "csv", "jsonld"),
        # A closer range counts more than a wider one, whichever comes first.
        ("*/*, application/sparql-results+json;q=0", "xml", "turtle"),
        ("application/*;q=0.2, text/csv;q=0.1, */*;q=0.9", "tsv", "turtle"),
        ("text/*", "csv", "turtle"),
        ("application/*", "json", "ntriples"),
        # What a browser sends.
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", "xml", "rdfxml"),
        # What is no range is passed over; what leaves nothing is no wish.
        ("text/csv;q=2, application/json;q=0.1", "json", "jsonld"),
        ("*/csv, text/csv", "csv", None),
        (",,text/csv,", "csv", None),
        ("nonsense", "json", "turtle"),
        ("text/html", None, None),
        ("image/*", None, None),
    ],
)
def test_the_best_of_what_there_is(accept: str | None, result: str | None, graph: str | None) -> None:
    assert chosen(accept, RESULT_FORMATS) == result
    assert chosen(accept, GRAPH_FORMATS) == graph


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("*/*", "turtle"),
        ("application/xhtml+xml", "html"),
        ("text/html;q=0.3, text/turtle;q=0.7", "turtle"),
        ("text/html, text/turtle", "turtle"),
    ],
)
def test_pages_are_for_those_who_prefer_them(accept: str, expected: str) -> None:
    assert chosen(accept, (*GRAPH_FORMATS, HTML)) == expected


@given(st.text(alphabet='*/;q=0.15, "\\textcsvhml+', max_size=60))
def test_no_header_breaks_the_choice(accept: str) -> None:
    ranges = parse_accept(accept)
    assert ranges
    assert all(0 <= each.weight <= 1 for each in ranges)
    found = best(RESULT_FORMATS, ranges)
    assert found is None or any(
        each.covers(found.media_type) or each.subtype in ("json", "xml") for each in ranges
    )
