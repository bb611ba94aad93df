"""The footnotes, the publications they cite and the bodies that published them, as the report prints them."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from aisi_kg.text.positions import RADICALS, normalise
from aisi_kg.text.report import Report, read_report

ROOT = Path(__file__).resolve().parents[2]
SOURCE_DIRECTORY = ROOT / "data" / "sources" / "concordia-2024"

AISI = "https://w3id.org/aisi-kg/ontology#"
CITO = "http://purl.org/spar/cito/"
DCTERMS = "http://purl.org/dc/terms/"
ENTITY = "https://w3id.org/aisi-kg/entity/"
FABIO = "http://purl.org/spar/fabio/"
FOOTNOTE = "https://w3id.org/aisi-kg/source/concordia-2024/footnote/"
PUBLICATION = "https://w3id.org/aisi-kg/publication/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SOURCE = "https://w3id.org/aisi-kg/source/concordia-2024"
XSD = "http://www.w3.org/2001/XMLSchema#"

NUMBERS = range(1, 78)
#: The one note that is a remark and no source.
REMARK = 27
SOURCES = [number for number in NUMBERS if number != REMARK]
#: Notes that cite the same page.
SHARED = [{1, 10}, {15, 40}, {29, 50, 77}]
#: Notes that say when the page was visited and not when it was published.
ACCESSED = {9, 41, 42, 66, 72}
#: The one note that cites a page and gives no date of either kind.
UNDATED = {19}
#: The one note whose URL is printed at the foot of the next page.
URL_ON_NEXT_PAGE = 15


class Facts:
    """Look up what a Turtle file says.

    :param path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._objects: dict[tuple[str, str], list[NamedNode | Literal]] = {}
        for quad in parse(path.read_bytes(), RdfFormat.TURTLE):
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, NamedNode | Literal)
            self._objects.setdefault((quad.subject.value, quad.predicate.value), []).append(quad.object)

    def objects(self, subject: str, predicate: str) -> list[NamedNode | Literal]:
        return self._objects.get((subject, predicate), [])

    def values(self, subject: str, predicate: str) -> list[str]:
        return [term.value for term in self.objects(subject, predicate)]

    def value(self, subject: str, predicate: str) -> str:
        (value,) = self.values(subject, predicate)
        return value

    def languages(self, subject: str, predicate: str) -> list[str]:
        return sorted(
            term.language or "" for term in self.objects(subject, predicate) if isinstance(term, Literal)
        )

    def of_type(self, type_iri: str) -> list[str]:
        return [
            subject for subject in self.subjects() if NamedNode(type_iri) in self.objects(subject, RDF_TYPE)
        ]

    def subjects(self) -> set[str]:
        return {subject for subject, _ in self._objects}


NOTES = Facts(SOURCE_DIRECTORY / "footnotes.ttl")
DOCUMENT = Facts(SOURCE_DIRECTORY / "source.ttl")
PUBLISHERS = Facts(ROOT / "data" / "entities" / "publishers.ttl")
PUBLICATIONS = sorted(NOTES.of_type(FABIO + "Work"))


def cited(number: int) -> str:
    return NOTES.value(f"{FOOTNOTE}{number}", CITO + "cites")


def title_as_printed(number: int) -> str:
    printed = NOTES.values(f"{FOOTNOTE}{number}", AISI + "titleAsPrinted")
    (title,) = printed or NOTES.values(cited(number), DCTERMS + "title")
    return title


# What the files say.


def test_the_notes_are_numbered_without_gap() -> None:
    notes = NOTES.of_type(AISI + "Footnote")
    assert {note: NOTES.value(note, AISI + "number") for note in notes} == {
        f"{FOOTNOTE}{number}": str(number) for number in NUMBERS
    }


def test_the_file_holds_nothing_but_notes_and_publications() -> None:
    assert NOTES.subjects() == {f"{FOOTNOTE}{number}" for number in NUMBERS} | set(PUBLICATIONS)
    assert all(publication.startswith(PUBLICATION) for publication in PUBLICATIONS)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_note_stands_on_a_page_of_the_source(number: int) -> None:
    note = f"{FOOTNOTE}{number}"
    assert NOTES.values(note, DCTERMS + "isPartOf") == [SOURCE]
    assert 1 <= int(NOTES.value(note, AISI + "page")) <= int(DOCUMENT.value(SOURCE, SCHEMA + "numberOfPages"))


def test_notes_follow_each_other_through_the_pages() -> None:
    pages = [int(NOTES.value(f"{FOOTNOTE}{number}", AISI + "page")) for number in NUMBERS]
    assert pages == sorted(pages)


def test_each_note_but_the_remark_cites_one_publication() -> None:
    counts = {number: len(NOTES.values(f"{FOOTNOTE}{number}", CITO + "cites")) for number in NUMBERS}
    assert counts == {number: 0 if number == REMARK else 1 for number in NUMBERS}
    assert {cited(number) for number in SOURCES} == set(PUBLICATIONS)


def test_the_remark_is_told_in_both_languages() -> None:
    assert NOTES.languages(f"{FOOTNOTE}{REMARK}", RDFS + "comment") == ["en", "zh"]


def test_notes_that_cite_the_same_page_share_a_publication() -> None:
    citing: dict[str, set[int]] = {}
    for number in SOURCES:
        citing.setdefault(cited(number), set()).add(number)
    assert sorted((numbers for numbers in citing.values() if len(numbers) > 1), key=min) == SHARED


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_a_publication_has_one_title_and_somebody_behind_it(publication: str) -> None:
    assert NOTES.languages(publication, DCTERMS + "title") in (["en"], ["zh"])
    makers = NOTES.objects(publication, DCTERMS + "publisher") + NOTES.objects(
        publication, DCTERMS + "creator"
    )
    assert makers
    assert all(isinstance(maker, NamedNode) and maker.value.startswith(ENTITY) for maker in makers)


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_a_publication_has_one_absolute_url(publication: str) -> None:
    (url,) = NOTES.objects(publication, SCHEMA + "url")
    assert isinstance(url, NamedNode)
    assert re.fullmatch(r"https?://[a-z0-9.-]+\.[a-z]+/\S*[^\s.,;]", url.value)


def test_no_two_publications_have_one_url() -> None:
    def page(url: str) -> str:
        return url.partition("#")[0].rstrip("/").lower()

    urls = Counter(page(NOTES.value(publication, SCHEMA + "url")) for publication in PUBLICATIONS)
    assert [url for url, count in urls.items() if count > 1] == []


def bounds(issued: Literal) -> tuple[date, date]:
    """Give the first and last day of a date, or fail where it is no date.

    :param issued: a literal of type xsd:date, xsd:gYearMonth or xsd:gYear.
    :returns: the two days.
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", issued.value)
    assert match, f"{issued} is no date"
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        assert issued.datatype.value == XSD + "gYear"
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        assert issued.datatype.value == XSD + "gYearMonth"
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    assert issued.datatype.value == XSD + "date"
    return date(year, month, day), date(year, month, day)


@pytest.mark.parametrize("thing", [*PUBLICATIONS, SOURCE])
def test_dates_are_dates_and_have_their_bounds(thing: str) -> None:
    facts = DOCUMENT if thing == SOURCE else NOTES
    limits = [
        literal
        for name in ("earliestDate", "latestDate")
        for literal in facts.objects(thing, AISI + name)
        if isinstance(literal, Literal)
    ]
    issued = facts.objects(thing, DCTERMS + "issued")
    if not issued:
        assert limits == []
        return
    (literal,) = issued
    assert isinstance(literal, Literal)
    assert [limit.datatype.value for limit in limits] == [XSD + "date"] * 2
    assert tuple(date.fromisoformat(limit.value) for limit in limits) == bounds(literal)


def test_an_access_date_belongs_to_the_note_and_is_no_date_of_issue() -> None:
    accessed = {
        number: NOTES.objects(f"{FOOTNOTE}{number}", AISI + "accessed")
        for number in NUMBERS
        if NOTES.objects(f"{FOOTNOTE}{number}", AISI + "accessed")
    }
    assert set(accessed) == ACCESSED
    for (literal,) in accessed.values():
        assert isinstance(literal, Literal)
        assert literal.datatype.value == XSD + "date"
        date.fromisoformat(literal.value)
    assert not any(NOTES.objects(publication, AISI + "accessed") for publication in PUBLICATIONS)
    unissued = {number for number in SOURCES if not NOTES.objects(cited(number), DCTERMS + "issued")}
    assert unissued == ACCESSED | UNDATED


def test_notes_that_differ_about_a_page_are_both_kept_and_the_difference_is_told() -> None:
    for numbers in SHARED:
        notes = [f"{FOOTNOTE}{number}" for number in sorted(numbers)]
        publication = cited(min(numbers))
        for name in ("titleAsPrinted", "publisherAsPrinted"):
            printed = [NOTES.values(note, AISI + name) for note in notes]
            if any(printed):
                assert all(len(values) == 1 for values in printed), f"{publication} {name}"
                assert len({value for (value,) in printed}) > 1, f"{publication} {name}"
                assert NOTES.languages(publication, SKOS + "editorialNote") == ["en", "zh"]


def test_editorial_notes_come_in_both_languages() -> None:
    for facts in (NOTES, DOCUMENT, PUBLISHERS):
        for subject in facts.subjects():
            assert facts.languages(subject, SKOS + "editorialNote") in ([], ["en", "zh"]), subject


@pytest.mark.parametrize("entity", sorted(PUBLISHERS.subjects()))
def test_a_publisher_is_named_in_both_languages_and_has_published_something(entity: str) -> None:
    assert entity.startswith(ENTITY)
    assert PUBLISHERS.languages(entity, SKOS + "prefLabel") == ["en", "zh"]
    preferred = PUBLISHERS.objects(entity, SKOS + "prefLabel")
    assert not set(preferred) & set(PUBLISHERS.objects(entity, SKOS + "altLabel"))
    for name in (SKOS + "altLabel", SCHEMA + "alternateName"):
        assert set(PUBLISHERS.languages(entity, name)) <= {"en", "zh"}
    assert any(
        NamedNode(entity)
        in NOTES.objects(publication, DCTERMS + "publisher") + NOTES.objects(publication, DCTERMS + "creator")
        for publication in PUBLICATIONS
    )


# What the report prints, where it is at hand.


@pytest.fixture(scope="module")
def report(report_path: Path) -> Report:
    found = read_report(report_path)
    assert found.sha256 == DOCUMENT.value(SOURCE, AISI + "sha256")
    return found


@pytest.fixture(scope="module")
def pages(report: Report) -> list[str]:
    """Split the report into pages.

    A page begins at a line with a leading space; chapter 4, whose first line is the running head, has none.
    """
    found: list[list[str]] = []
    chapter_4_begun = False
    for line in report.raw_text.split("\n"):
        begins_chapter_4 = not chapter_4_begun and normalise(line).text == "4挑战"
        chapter_4_begun = chapter_4_begun or begins_chapter_4
        if line.startswith(" ") or begins_chapter_4:
            found.append([])
        found[-1].append(line)
    return ["\n".join(lines) for lines in found]


def note_paragraph(number: int, pages: list[str]) -> str:
    """Give a note as its page prints it: the paragraph that its number begins.

    :param number: the note's number.
    :param pages: the pages' texts.
    :returns: the raw text, its URL included where that stands at the foot of the next page.
    """
    page = int(NOTES.value(f"{FOOTNOTE}{number}", AISI + "page"))
    paragraphs = re.split(r"\n\s*\n", pages[page - 1])
    (paragraph,) = [text for text in paragraphs if re.match(rf"{number}(?:\s|[A-Z])\D", text)]
    if number == URL_ON_NEXT_PAGE:
        foot = re.split(r"\n\s*\n", pages[page].rstrip())[-1]
        assert foot.startswith("http")
        paragraph += foot
    return paragraph


def note_text(number: int, pages: list[str]) -> str:
    return normalise(note_paragraph(number, pages)).text


def date_pattern(literal: NamedNode | Literal) -> str:
    """Give the pattern of a date as the notes print it: months and days with or without a leading zero."""
    year, *rest = literal.value.split("-")
    return year + "".join(rf"[-‒]0?{int(part)}" for part in rest)


def test_each_note_is_where_the_layout_of_the_report_has_it(report: Report) -> None:
    assert {note.number: note.page for note in report.notes} == {
        number: int(NOTES.value(f"{FOOTNOTE}{number}", AISI + "page")) for number in NUMBERS
    }


def test_printed_page_numbers_are_two_behind(pages: list[str]) -> None:
    for printed in (9, 10, 22):
        assert str(printed) in pages[printed + 1].split("\n")


@pytest.mark.parametrize("number", SOURCES)
def test_a_note_is_accounted_for_from_its_number_to_its_url(number: int, pages: list[str]) -> None:
    """Each part stands in the note, and nothing is left between them or behind the URL."""
    publication = cited(number)
    title = re.escape(normalise(title_as_printed(number)).text)
    issued = NOTES.objects(publication, DCTERMS + "issued")
    accessed = NOTES.objects(f"{FOOTNOTE}{number}", AISI + "accessed")
    when = "".join(
        [date_pattern(literal) + "[,，]" for literal in issued]
        + [date_pattern(literal) + r"\(引用日期\)[,，]" for literal in accessed]
    )
    url = re.escape(NOTES.value(publication, SCHEMA + "url"))
    quoted = rf"(?:“{title}[”“]|{title})"
    text = note_text(number, pages)
    assert re.fullmatch(rf"{number}[^“”]+[,，]{quoted}[,，]{when}{url}[.,]?", text), text


@pytest.mark.parametrize("number", SOURCES)
def test_a_title_is_spaced_as_printed(number: int, pages: list[str]) -> None:
    """Positions count no white space; a title does."""
    on_one_line = " ".join(note_paragraph(number, pages).translate(RADICALS).split())
    assert title_as_printed(number) in on_one_line


@pytest.mark.parametrize("number", SOURCES)
def test_a_note_begins_with_the_name_of_the_body_or_person(number: int, pages: list[str]) -> None:
    printed = [
        normalise(name).text for name in NOTES.values(f"{FOOTNOTE}{number}", AISI + "publisherAsPrinted")
    ]
    publication = cited(number)
    makers = NOTES.values(publication, DCTERMS + "publisher") + NOTES.values(publication, DCTERMS + "creator")
    names = printed or [
        normalise(name).text
        for maker in makers
        for label in (SKOS + "prefLabel", SKOS + "altLabel")
        for name in PUBLISHERS.values(maker, label)
    ]
    if not names:
        # The body is described with the institutes and agencies, not with those that only publish.
        assert not set(makers) & PUBLISHERS.subjects()
        return
    text = note_text(number, pages).removeprefix(str(number))
    assert any(re.match(rf"{re.escape(name)}[,，]", text) for name in names), text


def test_the_remark_stands_on_its_page_and_cites_nothing(pages: list[str]) -> None:
    text = note_text(REMARK, pages)
    assert "VivaTech" in text
    assert "http" not in text
