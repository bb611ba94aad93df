"""How a claim is cited in each style, word for word."""

import json
import re

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from aisi_kg.errors import InputError, UnknownResource
from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, Prefixes
from aisi_kg.store.cite import STYLES, Cited, cited, claim_named, style_named, write_citation
from aisi_kg.store.inquiry import conduct

CLAIM = CLAIM_BASE + "concordia-2024/r-money"

GBT7714 = """\
AISI-KG 编者. 初始资金超过15亿英镑[DS/OL]//AISI-KG 编者. AISI-KG: 测试. Version 0.1.0+0123456789ab. \
(2026-11-23)[2026-11-26]. https://w3id.org/aisi-kg/claim/concordia-2024/r-money.
来源：
出版者. 报告: 两部分[R]. [出版地不详]: 出版者, 2024: 4-5.
来源所引：
Publisher, Ruritania. Money: 100% {sure} & "safe"_#1?[EB/OL]. (2023-04-24). https://example.org/money?a=1&b=%7B.
RASSENDYLL R, 谢旻希. 没有日期的页面[EB/OL]. [2024-11-25]. https://example.org/open.
"""
APA = """\
AISI-KG editors. (2026). It has at first more than 1.5 billion pounds. In AISI-KG: a test (Version \
0.1.0+0123456789ab) [Data set]. https://w3id.org/aisi-kg/claim/concordia-2024/r-money
Source (pp. 4–5):
Publisher. (2024). 报告：两部分 [A Report: in Two Parts].
Cited by the source:
Publisher & Ruritania. (2023, April 24). Money: 100% {sure} & "safe"_#1? https://example.org/money?a=1&b=%7B
Rassendyll, R., & 谢旻希. (n.d.). 没有日期的页面. https://example.org/open
"""
BIBTEX = r"""@misc{aisi-kg:r-money,
  author = {{The AISI-KG editors}},
  title = {{It has at first more than 1.5 billion pounds}},
  howpublished = {In: AISI-KG: a test, version 0.1.0+0123456789ab, data set},
  year = {2026},
  month = nov,
  version = {0.1.0+0123456789ab},
  url = {https://w3id.org/aisi-kg/claim/concordia-2024/r-money},
  urldate = {2026-11-26},
  language = {english}
}

@techreport{concordia-2024,
  author = {{出版者}},
  title = {{报告：两部分}},
  institution = {{出版者}},
  year = {2024},
  pages = {4--5},
  language = {chinese},
  note = {Title in English: A Report: in Two Parts}
}

@misc{money-2023,
  author = {{Publisher} and {Ruritania}},
  title = {{Money: 100\% \{sure\} \& "safe"\_\#1?}},
  year = {2023},
  month = apr,
  url = {https://example.org/money?a=1&b=%7B},
  language = {english}
}

@misc{open-questions,
  author = {Rassendyll, Rudolf and {谢旻希}},
  title = {{没有日期的页面}},
  url = {https://example.org/open},
  urldate = {2024-11-25},
  language = {chinese}
}
"""
CSL = [
    {
        "id": CLAIM,
        "citation-key": "aisi-kg:r-money",
        "type": "dataset",
        "title": "It has at first more than 1.5 billion pounds",
        "container-title": "AISI-KG: a test",
        "author": [{"literal": "The AISI-KG editors"}],
        "publisher": "The AISI-KG editors",
        "version": "0.1.0+0123456789ab",
        "issued": {"date-parts": [[2026, 11, 23]]},
        "accessed": {"date-parts": [[2026, 11, 26]]},
        "URL": CLAIM,
        "language": "en",
    },
    {
        "id": "https://w3id.org/aisi-kg/source/concordia-2024",
        "citation-key": "concordia-2024",
        "type": "report",
        "title": "报告：两部分",
        "author": [{"literal": "出版者"}],
        "publisher": "出版者",
        "issued": {"date-parts": [[2024]]},
        "page": "4-5",
        "language": "zh",
        "note": "Title in English: A Report: in Two Parts",
    },
    {
        "id": "https://w3id.org/aisi-kg/publication/money-2023",
        "citation-key": "money-2023",
        "type": "webpage",
        "title": 'Money: 100% {sure} & "safe"_#1?',
        "author": [{"literal": "Publisher"}, {"literal": "Ruritania"}],
        "publisher": "Publisher, Ruritania",
        "issued": {"date-parts": [[2023, 4, 24]]},
        "URL": "https://example.org/money?a=1&b=%7B",
        "language": "en",
    },
    {
        "id": "https://w3id.org/aisi-kg/publication/open-questions",
        "citation-key": "open-questions",
        "type": "webpage",
        "title": "没有日期的页面",
        "author": [{"family": "Rassendyll", "given": "Rudolf"}, {"literal": "谢旻希"}],
        "accessed": {"date-parts": [[2024, 11, 25]]},
        "URL": "https://example.org/open",
        "language": "zh",
    },
]


@pytest.fixture(scope="module")
def what(store: Store) -> Cited:
    return conduct(store, cited(CLAIM, "2026-11-26"))


@pytest.mark.parametrize(("style", "text"), [("gbt7714", GBT7714), ("apa", APA), ("bibtex", BIBTEX)])
def test_the_form(what: Cited, style: str, text: str) -> None:
    assert write_citation(what, style) == text


def test_the_items_of_csl(what: Cited) -> None:
    assert json.loads(write_citation(what, "csl-json")) == CSL


def test_the_other_language(what: Cited) -> None:
    english = write_citation(what, "gbt7714", "en").splitlines()
    assert english[0].startswith(
        "AISI-KG editors. It has at first more than 1.5 billion pounds[DS/OL]//AISI-KG editors. AISI-KG: "
    )
    # A source stands in its own language, whoever reads.
    assert english[1:3] == ["Source:", "出版者. 报告: 两部分[R]. [出版地不详]: 出版者, 2024: 4-5."]
    chinese = write_citation(what, "apa", "zh").splitlines()
    assert chinese[0].startswith("AISI-KG 编者. (2026). 初始资金超过15亿英镑. In AISI-KG：测试 (Version")


def test_one_page_and_no_footnote(store: Store) -> None:
    one = conduct(store, cited(CLAIM_BASE + "concordia-2024/r-set-up", "2026-11-26"))
    assert write_citation(one, "apa").splitlines()[1:] == [
        "Source (p. 5):",
        "Publisher. (2024). 报告：两部分 [A Report: in Two Parts].",
    ]


def test_what_is_no_claim_is_refused(store: Store) -> None:
    for name in (CLAIM_BASE + "concordia-2024/nothing", "https://w3id.org/aisi-kg/entity/acme"):
        with pytest.raises(UnknownResource, match="The dataset has no claim <"):
            conduct(store, cited(name, "2026-11-26"))
    with pytest.raises(UnknownResource, match="is no IRI"):
        conduct(store, cited("no iri> } {", "2026-11-26"))


def test_another_style_is_refused() -> None:
    with pytest.raises(InputError, match="There is no style 'mla'; use gbt7714, apa, bibtex, csl-json"):
        style_named("mla")


@pytest.mark.parametrize(
    "name", [CLAIM, f"<{CLAIM}>", "claim:r-money", "claim/concordia-2024/r-money", f" {CLAIM} "]
)
def test_a_claim_has_several_names(prefixes: Prefixes, name: str) -> None:
    assert claim_named(name, prefixes) == CLAIM


# On the report's data, described as a build does.

ENTRY = re.compile(r"@(misc|techreport)\{([A-Za-z0-9.:-]+),\n((?:  [a-z]+ = .+\n)+)\}\n")
FIELD = re.compile(r"  ([a-z]+) = (\{.*\}|[a-z]{3}),?\n")


def entries_of(text: str) -> list[tuple[str, dict[str, str]]]:
    """Read BibTeX strictly: every character belongs to an entry, every brace is closed."""
    found = []
    for part in text.split("\n\n"):
        match = ENTRY.fullmatch(part.rstrip("\n") + "\n")
        assert match, part
        lines = match[3].splitlines(keepends=True)
        assert all(line.endswith(",\n") for line in lines[:-1])
        fields = {}
        for line in lines:
            field = FIELD.fullmatch(line)
            assert field, line
            assert field[1] not in fields
            fields[field[1]] = field[2]
            bare = re.sub(r"\\.", "", field[2])
            depth = 0
            for index, char in enumerate(bare):
                depth += (char == "{") - (char == "}")
                assert depth > 0 or index == len(bare) - 1 or not bare.startswith("{"), line
            assert depth == 0, line
        found.append((match[2], fields))
    return found


def test_every_claim_of_the_report_can_be_cited(real: Store) -> None:
    described = Store()
    described.bulk_extend(list(real))
    described.update(
        """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/>
        INSERT DATA { GRAPH <https://w3id.org/aisi-kg/graph/meta> { <https://w3id.org/aisi-kg/graph/meta#dataset>
          a dcat:Dataset ; dcat:version "1" ; dcterms:title "AISI-KG"@en , "AISI-KG"@zh } }"""
    )
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    members = real.quads_for_pattern(None, kind, NamedNode(AISI + "Claim"), DefaultGraph())
    claims = sorted(quad.subject.value for quad in members if isinstance(quad.subject, NamedNode))
    assert len(claims) > 1000
    for claim in claims[::20]:
        found = conduct(described, cited(claim, "2026-11-26"))
        keys = [key for key, _ in entries_of(write_citation(found, "bibtex"))]
        items = json.loads(write_citation(found, "csl-json"))
        assert [item["citation-key"] for item in items] == keys
        assert len(set(keys)) == len(keys)
        for style in STYLES:
            for language in ("en", "zh"):
                text = write_citation(found, style, language)
                assert claim in text
                assert ".." not in text
                assert "None" not in text
