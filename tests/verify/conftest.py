from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from aisi_kg.graph.verify import Verification, verify
from aisi_kg.text import Report, read_report

MINI_REPORT = Path(__file__).resolve().parents[1] / "text" / "mini-report.txt"

PREFIXES = """\
@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix claim: <https://w3id.org/aisi-kg/claim/concordia-2024/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix entity: <https://w3id.org/aisi-kg/entity/> .
@prefix footnote: <https://w3id.org/aisi-kg/source/concordia-2024/footnote/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix passage: <https://w3id.org/aisi-kg/source/concordia-2024/passage/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix source: <https://w3id.org/aisi-kg/source/> .
"""

FOOTNOTE_PAGES = {1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 3, 7: 3, 8: 3, 9: 3, 10: 7}

# Name, kind of evidence, footnotes, quotations: what the faultless data holds.
CLAIMS: list[tuple[str, str, list[int], list[str]]] = [
    ("damage", "FootnoteOnSentence", [1], ["风浪每年损坏约3百艘船"]),
    ("sharing", "FootnoteOnSentence", [6], ["各国商定每", "年交换一次观测数据6"]),
    ("group", "FootnoteOnSentence", [10], ["双方各用一套标准", "设立格式工作组"]),
    ("staff", "ReportOnly", [], ["有12名工作人员"]),
    ("budget", "FootnotedElsewhere", [7], ["100万元"]),
    ("silence", "ReportOnly", [], ["-林某"]),
]


@pytest.fixture
def mini() -> Report:
    """A report of nine pages in the layout of the real one, about invented institutes."""
    return read_report(MINI_REPORT)


@pytest.fixture
def span(mini: Report) -> Callable[[str], tuple[int, int]]:
    """Find the one place of a quotation."""

    def find(quote: str) -> tuple[int, int]:
        assert mini.text.text.count(quote) == 1
        start = mini.text.text.index(quote)
        return start, start + len(quote)

    return find


@pytest.fixture
def passage(mini: Report) -> Callable[[int, int], str]:
    """Write a passage as TriG."""

    def write(start: int, end: int) -> str:
        return (
            f'passage:{start}-{end} a aisi:Passage ; aisi:anchor "{mini.anchor_of(start, end)}"@zh ; '
            f'aisi:page {mini.page_of(start)} ; aisi:section "{mini.section_of(start)}" ; '
            f"dcterms:isPartOf source:concordia-2024 ; oa:start {start} ; oa:end {end} .\n"
        )

    return write


@pytest.fixture
def claim(span: Callable[[str], tuple[int, int]], passage: Callable[[int, int], str]) -> Callable[..., str]:
    """Write a claim and its passages as TriG."""

    def write(name: str, evidence: str, footnotes: list[int], quotes: list[str]) -> str:
        spans = [span(quote) for quote in quotes]
        cites = "".join(f"cito:citesAsEvidence footnote:{number} ; " for number in footnotes)
        quoted = ", ".join(f"passage:{start}-{end}" for start, end in spans)
        return (
            f"GRAPH claim:{name} {{ entity:a aisi:hosts entity:b . }}\n"
            f"claim:{name} a aisi:Claim ; aisi:evidence aisi:{evidence} ; {cites}"
            f"prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom {quoted} .\n"
            + "".join(passage(*place) for place in spans)
        )

    return write


@pytest.fixture
def sound(mini: Report, claim: Callable[..., str]) -> str:
    """Data without a fault, as TriG."""
    notes = "".join(
        f"footnote:{number} a aisi:Footnote ; aisi:number {number} ; aisi:page {page} .\n"
        for number, page in FOOTNOTE_PAGES.items()
    )
    source = f'source:concordia-2024 aisi:sha256 "{mini.sha256}" .\n'
    return source + notes + "".join(claim(*described) for described in CLAIMS)


@pytest.fixture
def quads_of() -> Callable[[str], list[Quad]]:
    """Parse TriG that is written without its prefixes."""
    return lambda trig: list(parse(PREFIXES + trig, RdfFormat.TRIG))


@pytest.fixture
def run(mini: Report, quads_of: Callable[[str], list[Quad]]) -> Callable[[str], Verification]:
    """Hold TriG against the mini-report."""
    return lambda trig: verify(quads_of(trig), mini)
