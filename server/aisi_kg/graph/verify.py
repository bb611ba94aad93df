"""Hold the claims against a copy of the report they were read from.

What is checked, each rule with the name its findings carry:

================== ======== ===========================================================================
position           error    a passage has one oa:start and one oa:end, both whole numbers
range              error    they lie inside the text, the start before the end
iri                error    the passage's IRI ends in them
anchor             error    its anchor is the first characters of the passage
page, section      error    they are those of its first character; it ends in the section it begins in
cut-number         error    neither end stands between the digits of a footnote marker
no-passage         error    a claim quotes at least one passage, and each that it quotes is described
no-footnote        error    a claim whose footnote is said to stand on its sentence cites one
unknown-footnote   error    what a claim cites is a footnote of the report
footnote           error    the marker of each such footnote stands inside or directly behind a passage that
                            the claim quotes; where it stands on the lead-in of a list, that is quoted too
table              error    no footnote is said to stand on a table's cell, since the tables bear no marker
footnote-page      error    a footnote's number and page are those of the report
uncited            warning  a claim cites each footnote whose marker stands in or directly behind its passages
over-foot          warning  a passage does not run over footnotes, page numbers, running heads, tables' heads
unused             warning  some claim quotes the passage
undescribed        warning  every footnote of the report is described
================== ======== ===========================================================================

The coverage counts the letters, ideographs and digits of the body text, without the footnote markers, and in
tables each dash that is a cell, since a claim can say that a cell reports nothing.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from aisi_kg.errors import InputError, ReportMismatch
from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, SOURCE_BASE
from aisi_kg.text.layout import Kind, Region
from aisi_kg.text.report import Report

__all__ = ["REPORT", "Coverage", "Finding", "Severity", "Stretch", "Verification", "verify"]

REPORT = NamedNode(SOURCE_BASE + "concordia-2024")
"""The source whose claims are verified unless another one is named."""

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CITES = "http://purl.org/spar/cito/citesAsEvidence"
_PART_OF = "http://purl.org/dc/terms/isPartOf"
_START = "http://www.w3.org/ns/oa#start"
_END = "http://www.w3.org/ns/oa#end"
_PRIMARY_SOURCE = "http://www.w3.org/ns/prov#hadPrimarySource"
_QUOTED_FROM = "http://www.w3.org/ns/prov#wasQuotedFrom"

_WHOLE_NUMBER = re.compile(r"\+?\d+")
_CELL = re.compile(r"\S+")


class Severity(StrEnum):
    """Say whether a finding makes the verification fail."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Say where the data and the report differ.

    :param severity: whether it makes the verification fail.
    :param rule: the name of the rule, as the module's head lists them.
    :param subject: the IRI of the claim, passage, footnote or source concerned.
    :param message: one sentence: what is wrong and what to do.
    :param section: the section of the report concerned, where there is one.
    :param page: the page concerned, where there is one.
    """

    severity: Severity
    rule: str
    subject: str
    message: str
    section: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Say how much of a section's body text some claim quotes.

    :param section: the section's number.
    :param covered: how many of its characters stand in a claim's passage.
    :param total: how many characters it has.
    """

    section: str
    covered: int
    total: int

    @property
    def uncovered(self) -> int:
        """Give how many of its characters stand in no passage."""
        return self.total - self.covered

    @property
    def uncovered_share(self) -> float:
        """Give their share, between 0 and 1."""
        return self.uncovered / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Locate body text that no claim quotes.

    :param section: the section in which it stands.
    :param page: the page on which it stands.
    :param start: the position of its first character.
    :param end: the position behind its last character.
    :param characters: how many of its characters count.
    :param opening: its first characters, as many as an anchor has.
    """

    section: str
    page: int
    start: int
    end: int
    characters: int
    opening: str


@dataclass(frozen=True)
class Verification:
    """Hold what came of holding the claims against the report.

    :param report: the report's name.
    :param sha256: its digest, which is the one that the data names.
    :param claims: how many claims were held against it.
    :param passages: how many passages.
    :param footnotes: how many of its footnotes the data describes.
    :param findings: the differences, errors first.
    :param coverage: the coverage by section, in the order of the report.
    :param uncovered: the stretches that no claim quotes, in the order of the report.
    """

    report: str
    sha256: str
    claims: int
    passages: int
    footnotes: int
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    uncovered: tuple[Stretch, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Give the findings that make the verification fail."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Give the findings that do not."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def ok(self) -> bool:
        """Say whether there are no errors; text that no claim covers is none."""
        return not self.errors

    @property
    def exit_status(self) -> int:
        """Give what a command ends with: 0 where there are no errors, 1 where there are."""
        return 0 if self.ok else 1

    @property
    def total(self) -> Coverage:
        """Give the coverage of all sections together."""
        covered = sum(section.covered for section in self.coverage)
        return Coverage("all", covered, sum(section.total for section in self.coverage))

    def only(self, sections: Collection[str]) -> Verification:
        """Keep what concerns some sections.

        :param sections: numbers of sections; `3.3` stands for 3.3.1 and 3.3.2 as well.
        :returns: the findings, coverage and stretches of these; findings that concern no section are kept.
        :raises InputError: if the report has no body text in a section.
        """
        known = [coverage.section for coverage in self.coverage]
        for wanted in sections:
            if not any(_within(section, wanted) for section in known):
                raise InputError(f"The report has no section {wanted}; use one of {', '.join(known)}.")

        def kept(section: str | None) -> bool:
            return section is None or any(_within(section, wanted) for wanted in sections)

        return replace(
            self,
            findings=tuple(finding for finding in self.findings if kept(finding.section)),
            coverage=tuple(coverage for coverage in self.coverage if kept(coverage.section)),
            uncovered=tuple(stretch for stretch in self.uncovered if kept(stretch.section)),
        )

    def as_text(self) -> str:
        """Write the verification for a terminal.

        :returns: lines of text, ending in a newline.
        """
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"{self.report}: SHA-256 {self.sha256}, the text the claims were read from"
        yield f"{self.claims} claims, {self.passages} passages, {self.footnotes} footnotes"
        yield f"{_count(len(self.errors), 'error')}, {_count(len(self.warnings), 'warning')}"
        if self.findings:
            yield ""
        for finding in self.findings:
            place = f" (section {finding.section}, page {finding.page})" if finding.section else ""
            yield f"{finding.severity}: {_short(finding.subject)}: {finding.message}{place}"
        yield ""
        yield "Coverage of the body text, in characters"
        yield f"{'section':<8} {'total':>7} {'covered':>8} {'uncovered':>10} {'share':>7}"
        for row in (*self.coverage, self.total):
            uncovered = f"{row.uncovered:>10} {row.uncovered_share:>7.1%}"
            yield f"{row.section:<8} {row.total:>7} {row.covered:>8} {uncovered}"
        yield ""
        if not self.uncovered:
            yield "No body text is uncovered."
            return
        yield "Uncovered, since no claim quotes it"
        for stretch in self.uncovered:
            yield (
                f"section {stretch.section}, page {stretch.page}, {stretch.start}-{stretch.end} "
                f"({_count(stretch.characters, 'character')}): {stretch.opening}"
            )

    def as_json(self) -> str:
        """Write the verification as JSON.

        :returns: one object, ending in a newline.
        """
        document = {
            "ok": self.ok,
            "report": {"file": self.report, "sha256": self.sha256},
            "claims": self.claims,
            "passages": self.passages,
            "footnotes": self.footnotes,
            "errors": [_finding_object(finding) for finding in self.errors],
            "warnings": [_finding_object(finding) for finding in self.warnings],
            "coverage": {
                "total": _coverage_object(self.total),
                "sections": {row.section: _coverage_object(row) for row in self.coverage},
            },
            "uncovered": [
                {
                    "section": stretch.section,
                    "page": stretch.page,
                    "start": stretch.start,
                    "end": stretch.end,
                    "characters": stretch.characters,
                    "opening": stretch.opening,
                }
                for stretch in self.uncovered
            ],
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def verify(quads: Iterable[Quad], report: Report, *, source: NamedNode = REPORT) -> Verification:
    """Hold a source's claims against a copy of it.

    :param quads: the data: claims, passages, footnotes and the source itself. In which graphs they stand, and
        whether the default graph repeats them, makes no difference.
    :param report: the copy.
    :param source: the source whose claims are held against it.
    :returns: the differences, and how much of the body text the claims quote.
    :raises ReportMismatch: if the copy is not the file that the claims were read from.
    :raises InputError: if the data does not say which file that is, or the copy cannot be read.
    """
    check = _Check(_Data(quads), report, source.value)
    check.digest()
    check.passages()
    check.claims()
    check.footnotes()
    check.unused()
    return check.verification()


class _Data:
    """Find what the quads say of a subject, without regard to graphs."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._objects: defaultdict[tuple[str, str], set[NamedNode | Literal]] = defaultdict(set)
        self._instances: defaultdict[str, set[str]] = defaultdict(set)
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._objects[quad.subject.value, quad.predicate.value].add(quad.object)
                if quad.predicate.value == _RDF_TYPE:
                    self._instances[quad.object.value].add(quad.subject.value)

    def instances(self, term: str) -> set[str]:
        return self._instances.get(AISI + term, set())

    def values(self, subject: str, predicate: str) -> list[str]:
        return sorted(value.value for value in self._objects.get((subject, predicate), ()))

    def whole_number(self, subject: str, predicate: str) -> int | None:
        """Give the one value, where there is one and it is a whole number."""
        values = self.values(subject, predicate)
        return int(values[0]) if len(values) == 1 and _WHOLE_NUMBER.fullmatch(values[0]) else None


class _Check:
    def __init__(self, data: _Data, report: Report, source: str) -> None:
        self._data = data
        self._report = report
        self._source = source
        self._passage_base = f"{source}/passage/"
        self._footnote_base = f"{source}/footnote/"
        self._passages = {
            passage
            for passage in data.instances("Passage")
            if source in data.values(passage, _PART_OF) or passage.startswith(self._passage_base)
        }
        self._claims = {
            claim
            for claim in data.instances("Claim")
            if source in data.values(claim, _PRIMARY_SOURCE) or self._passages & set(self._quoted(claim))
        }
        self._footnotes = {
            footnote for footnote in data.instances("Footnote") if footnote.startswith(self._footnote_base)
        }
        self._placed: dict[str, tuple[int, int]] = {}
        self._described: set[int] = set()
        self._findings: list[Finding] = []

    def _quoted(self, claim: str) -> list[str]:
        return self._data.values(claim, _QUOTED_FROM)

    def digest(self) -> None:
        """Refuse another file than the one that the data names."""
        named = self._data.values(self._source, AISI + "sha256")
        if not named:
            raise InputError(
                f"The data does not say which file {_short(self._source)} was read from; give it aisi:sha256."
            )
        if [self._report.sha256] != [digest.lower() for digest in named]:
            raise ReportMismatch(
                f"{self._report.name} is not the text that the claims were read from: its SHA-256 is "
                f"{self._report.sha256}, theirs {', '.join(named)}; give the file with that digest."
            )

    def passages(self) -> None:
        """Check where each passage stands and what it says of itself."""
        for passage in sorted(self._passages):
            if (place := self._place(passage)) is not None:
                self._placed[passage] = place
                self._describe(passage, *place)

    def _place(self, passage: str) -> tuple[int, int] | None:
        start = self._data.whole_number(passage, _START)
        end = self._data.whole_number(passage, _END)
        if start is None or end is None:
            missing = "oa:start" if start is None else "oa:end"
            self._error("position", passage, f"it needs one {missing}, a whole number; give it")
            return None
        length = len(self._report.text)
        if not start < end <= length:
            self._error(
                "range",
                passage,
                f"{start}-{end} is no range inside the text, which has {length} characters; correct oa:start "
                "and oa:end",
            )
            return None
        return start, end

    def _describe(self, passage: str, start: int, end: int) -> None:
        region = self._report.region_of(start)
        if passage != f"{self._passage_base}{start}-{end}":
            self._error(
                "iri", passage, f"its IRI should end in {start}-{end}, its offsets; rename it", region
            )
        self._compare("anchor", passage, self._report.anchor_of(start, end), region)
        self._compare("page", passage, str(region.page), region)
        self._compare("section", passage, region.section, region)
        if (last := self._report.section_of(end - 1)) != region.section:
            sections = f"{region.section} and ends in {last}"
            self._error("section", passage, f"it begins in section {sections}; part it", region)
        for marker in self._report.markers:
            if marker.start < start < marker.end or marker.start < end < marker.end:
                cut = f"it cuts the number of footnote {marker.number} at {marker.start}-{marker.end}"
                self._error("cut-number", passage, f"{cut}; take the number in or leave it out", region)
        if over := self._kinds_run_over(start, end):
            self._warn("over-foot", passage, f"it runs over {' and '.join(over)}; quote two passages", region)

    def _kinds_run_over(self, start: int, end: int) -> list[str]:
        # A passage that lies in a footnote altogether is in order: a footnote can say something of its own.
        plural = {
            Kind.FOOTNOTES: "footnotes",
            Kind.PAGE_NUMBER: "a page number",
            Kind.RUNNING_HEAD: "a running head",
            Kind.TABLE_HEAD: "the head of a table",
        }
        kinds = {region.kind for region in self._report.regions if region.start < end and start < region.end}
        return [name for kind, name in plural.items() if kind in kinds] if len(kinds) > 1 else []

    def _compare(self, name: str, passage: str, expected: str, region: Region) -> None:
        given = self._data.values(passage, AISI + name)
        if given != [expected]:
            says = " and ".join(f"“{value}”" for value in given) or "missing"
            self._error(name, passage, f"its aisi:{name} should be “{expected}” and is {says}", region)

    def claims(self) -> None:
        """Check each claim's passages and footnotes."""
        for claim in sorted(self._claims):
            quoted = self._quoted(claim)
            if not quoted:
                self._error("no-passage", claim, "it quotes no passage; give it prov:wasQuotedFrom")
            for passage in quoted:
                if passage not in self._passages:
                    unknown = f"it quotes {_short(passage)}, which is not described"
                    self._error("no-passage", claim, f"{unknown}; describe it or quote another")
            self._claim(claim, sorted(self._placed[passage] for passage in quoted if passage in self._placed))

    def _claim(self, claim: str, places: list[tuple[int, int]]) -> None:
        region = self._report.region_of(places[0][0]) if places else None
        known = {note.number for note in self._report.notes}
        cited: set[int] = set()
        for footnote in self._data.values(claim, _CITES):
            number = self._footnote_number(footnote)
            if number in known:
                cited.add(number)
            else:
                unknown = f"it cites {_short(footnote)}, which is no footnote of the report"
                self._error("unknown-footnote", claim, f"{unknown}; cite one of 1-{len(known)}", region)
        here = {marker.number: marker for place in places for marker in self._report.markers_at(*place)}
        if AISI + "FootnoteOnSentence" in self._data.values(claim, AISI + "evidence"):
            self._on_sentence(claim, places, cited, here.keys(), region)
        for number in sorted(here.keys() - cited):
            marker = here[number]
            place = f"footnote {number} stands at {marker.start}, in or directly behind its passage"
            self._warn("uncited", claim, f"{place}, and is not cited; cite it or quote less", region)

    def _on_sentence(
        self,
        claim: str,
        places: list[tuple[int, int]],
        cited: set[int],
        here: Collection[int],
        region: Region | None,
    ) -> None:
        if not self._data.values(claim, _CITES):
            nothing = "its footnote is said to stand on its sentence, and it cites none"
            self._error("no-footnote", claim, f"{nothing}; cite one or change aisi:evidence", region)
        table = next(
            (place for place in places if self._report.section_of(place[0]) in self._report.tables), None
        )
        if table is not None:
            quoted = f"it quotes {table[0]}-{table[1]} of a table, and the tables bear no footnotes"
            remedy = "say aisi:ReportOnly, or aisi:FootnotedElsewhere with aisi:restates"
            self._error("table", claim, f"{quoted}; {remedy}", region)
            return
        for number in sorted(cited.difference(here)):
            marker = next(marker for marker in self._report.markers if marker.number == number)
            place = f"the marker of footnote {number} stands at {marker.start} on page {marker.page}"
            fault = f"{place}, neither inside nor directly behind its passages"
            remedy = "quote the text it stands on, or its list's lead-in too"
            self._error("footnote", claim, f"{fault}; {remedy}", region)

    def _footnote_number(self, footnote: str) -> int | None:
        number = footnote.removeprefix(self._footnote_base)
        return int(number) if footnote.startswith(self._footnote_base) and number.isdecimal() else None

    def footnotes(self) -> None:
        """Check the numbers and pages of the footnotes that the data describes."""
        notes = {note.number: note for note in self._report.notes}
        for footnote in sorted(self._footnotes):
            number = self._footnote_number(footnote)
            if number is None or number not in notes:
                self._error("unknown-footnote", footnote, "the report has no such footnote; remove it")
                continue
            self._described.add(number)
            page = notes[number].page
            for name, expected in (("number", number), ("page", page)):
                if (given := self._data.values(footnote, AISI + name)) != [str(expected)]:
                    says = " and ".join(given) or "missing"
                    self._error(
                        "footnote-page",
                        footnote,
                        f"its aisi:{name} should be {expected}, and is {says}",
                        self._report.region_of(notes[number].start),
                    )
        if missing := sorted(notes.keys() - self._described):
            names = ", ".join(map(str, missing))
            self._warn("undescribed", self._source, f"its footnotes {names} are not described; describe them")

    def unused(self) -> None:
        """Warn of passages that no claim quotes."""
        quoted = {passage for claim in self._claims for passage in self._quoted(claim)}
        for passage in sorted(self._passages - quoted):
            place = self._placed.get(passage)
            region = self._report.region_of(place[0]) if place else None
            self._warn("unused", passage, "no claim quotes it; remove it", region)

    def verification(self) -> Verification:
        """Put the findings together, with the coverage."""
        quoted = {passage for claim in self._claims for passage in self._quoted(claim)}
        cover = _Cover(self._report, [self._placed[passage] for passage in quoted & self._placed.keys()])
        return Verification(
            report=self._report.name,
            sha256=self._report.sha256,
            claims=len(self._claims),
            passages=len(self._passages),
            footnotes=len(self._described),
            findings=tuple(
                sorted(
                    self._findings,
                    key=lambda finding: (finding.severity is Severity.WARNING, *_natural(finding.subject)),
                )
            ),
            coverage=cover.sections,
            uncovered=tuple(cover.stretches()),
        )

    def _error(self, rule: str, subject: str, message: str, region: Region | None = None) -> None:
        self._find(Severity.ERROR, rule, subject, message, region)

    def _warn(self, rule: str, subject: str, message: str, region: Region | None = None) -> None:
        self._find(Severity.WARNING, rule, subject, message, region)

    def _find(self, severity: Severity, rule: str, subject: str, message: str, region: Region | None) -> None:
        section, page = (region.section, region.page) if region else (None, None)
        self._findings.append(Finding(severity, rule, subject, f"{message}.", section, page))


class _Cover:
    """Count which of the body's characters stand in a passage."""

    def __init__(self, report: Report, passages: Iterable[tuple[int, int]]) -> None:
        self._report = report
        self._covered = bytearray(len(report.text))
        for start, end in passages:
            self._covered[start:end] = b"\x01" * (end - start)

    @cached_property
    def _counts(self) -> bytearray:
        """Mark the characters that carry content."""
        counts = bytearray(len(self._report.text))
        for region in self._report.body:
            for position in range(region.start, region.end):
                counts[position] = self._report.text.text[position].isalnum()
        for marker in self._report.markers:
            counts[marker.start : marker.end] = bytes(marker.end - marker.start)
        for position in self._dash_cells():
            counts[position] = 1
        return counts

    def _dash_cells(self) -> Iterator[int]:
        """Find the dashes that are table cells: those alone between spaces, unless one begins an item."""
        for region in self._report.body:
            if region.section not in self._report.tables:
                continue
            first = self._report.text.raw_offset(region.start)
            raw = self._report.raw_text[first : self._report.text.raw_offset(region.end - 1) + 1]
            for line in re.finditer(r"[^\n]+", raw):
                words = list(_CELL.finditer(line[0]))
                dashes = [word for word in words if word[0] == "-"]
                if len(dashes) == 1 and words[0][0] == "-" and len(words) > 1:
                    continue
                for dash in dashes:
                    yield self._report.text.position_of(first + line.start() + dash.start())

    @property
    def sections(self) -> tuple[Coverage, ...]:
        covered: defaultdict[str, int] = defaultdict(int)
        total: defaultdict[str, int] = defaultdict(int)
        for region in self._report.body:
            for position in range(region.start, region.end):
                if self._counts[position]:
                    total[region.section] += 1
                    covered[region.section] += self._covered[position]
        return tuple(
            Coverage(section, covered[section], total[section])
            for section in self._report.sections
            if total[section]
        )

    def stretches(self) -> Iterator[Stretch]:
        for region in self._report.body:
            counted: list[int] = []
            for position in range(region.start, region.end):
                if not self._covered[position]:
                    if self._counts[position]:
                        counted.append(position)
                elif counted:
                    yield self._stretch(region, counted)
                    counted = []
            if counted:
                yield self._stretch(region, counted)

    def _stretch(self, region: Region, counted: list[int]) -> Stretch:
        start, end = counted[0], counted[-1] + 1
        opening = self._report.anchor_of(start, end)
        return Stretch(region.section, region.page, start, end, len(counted), opening)


def _within(section: str, wanted: str) -> bool:
    return section == wanted or section.startswith(f"{wanted}.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _short(iri: str) -> str:
    """Write an IRI of the project's own as people read it."""
    for base, prefix in ((CLAIM_BASE, "claim"), (SOURCE_BASE, "source")):
        if iri.startswith(base):
            parts = iri.removeprefix(base).split("/")
            if prefix == "source" and len(parts) == 1:
                return f"source:{parts[0]}"
            return f"{prefix if prefix == 'claim' else parts[-2]}:{parts[-1]}"
    return f"<{iri}>"


def _natural(iri: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", iri))


def _finding_object(finding: Finding) -> dict[str, str | int | None]:
    return {
        "rule": finding.rule,
        "subject": finding.subject,
        "message": finding.message,
        "section": finding.section,
        "page": finding.page,
    }


def _coverage_object(coverage: Coverage) -> dict[str, int | float]:
    return {
        "total": coverage.total,
        "covered": coverage.covered,
        "uncovered": coverage.uncovered,
        "uncovered_share": round(coverage.uncovered_share, 4),
    }
