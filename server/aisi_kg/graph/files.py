"""Read the curated files, each into its named graph, and report all that is wrong with them as files.

========================================================  ==========================================
files                                                     graph
========================================================  ==========================================
ontology/{aisi,alignment,prefixes}.ttl                    the ontology's
data/entities/*.ttl                                       the entities'
data/sources/<slug>/{source,footnotes,discrepancies}.ttl  the source's
data/sources/<slug>/claims/*.trig, default graph          the source's
data/sources/<slug>/claims/*.trig, named graphs           each its own, whose name is the claim's
data/mappings/wikidata.sssom.tsv                          that of the links to Wikidata
data/mappings/wikidata-properties.sssom.tsv               none; it says what an export to Wikidata has
data/changes.ttl                                          that of the changes of the dataset
other Turtle files in ontology/                           none: shapes are read and checked, but no data
========================================================  ==========================================
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from aisi_kg.errors import InputError, RdfSyntaxError
from aisi_kg.graph.findings import Finding, Severity, has_errors, in_order
from aisi_kg.graph.locations import Location, Locations, Scan, scan
from aisi_kg.graph.mappings import check_mappings, check_properties, check_property_terms, check_set
from aisi_kg.graph.prefixes import (
    AISI,
    CHANGES_GRAPH,
    CLAIM_BASE,
    ENTITIES_GRAPH,
    ONTOLOGY_GRAPH,
    RETIRED_GRAPH,
    SOURCE_BASE,
    WIKIDATA_GRAPH,
    Prefixes,
    load_prefixes,
)
from aisi_kg.graph.sssom import MappingSet, format_sssom, read_sssom, triples_of
from aisi_kg.graph.style import header_of, misplaced_comment, parse_text, write_trig_claims, write_turtle
from aisi_kg.project import Project

__all__ = ["CuratedFile", "CuratedFiles", "curated_paths", "read_files", "read_text"]

_IN_DATASET = ("aisi.ttl", "alignment.ttl", "prefixes.ttl")
_SOURCE_FILES = ("source.ttl", "footnotes.ttl", "discrepancies.ttl")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CLAIM = NamedNode(AISI + "Claim")
_PASSAGE = NamedNode(AISI + "Passage")
_FORMAT_COMMAND = "aisi-kg format"


@dataclass(frozen=True)
class CuratedFile:
    """Hold one file that a parser has accepted.

    :param name: the file relative to the project's root, with forward slashes.
    :param graph: the graph for what stands in the file's default graph; None for a file that is no data.
    :param quads: what the file says, in the graphs that it goes to, in the file's order.
    :param text: the text as it was read.
    """

    name: str
    graph: str | None
    quads: tuple[Quad, ...]
    text: str


@dataclass(frozen=True)
class CuratedFiles:
    """Hold all that was read, and all that is wrong with it.

    :param files: the files without syntax errors, by name.
    :param prefixes: the project's prefixes; empty where they could not be read.
    :param locations: where the files say what.
    :param findings: what is wrong, by place.
    """

    files: tuple[CuratedFile, ...]
    prefixes: Prefixes
    locations: Locations
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        """Tell whether something is wrong that stops a build."""
        return has_errors(self.findings)

    @property
    def by_name(self) -> Mapping[str, CuratedFile]:
        """Give the files by name."""
        return {file.name: file for file in self.files}

    def quads(self) -> Iterator[Quad]:
        """Give what the files say in the graphs of the dataset.

        :returns: the quads of all files that are data; one that two files state comes twice.
        """
        for file in self.files:
            if file.graph is not None:
                yield from file.quads


@dataclass(frozen=True)
class _Place:
    """Say what a path holds and where it goes."""

    path: Path
    graph: str | None
    claims_of: str | None = None
    holds_mappings: bool = False


def _places(project: Project) -> list[_Place]:
    places = [
        _Place(path, ONTOLOGY_GRAPH if path.name in _IN_DATASET and path.parent == project.ontology else None)
        for path in sorted(project.ontology.rglob("*.ttl"))
    ]
    places += [_Place(path, ENTITIES_GRAPH) for path in sorted((project.data / "entities").glob("*.ttl"))]
    places.append(_Place(project.data / "retired.ttl", RETIRED_GRAPH))
    for source in sorted((project.data / "sources").glob("*")):
        if not _SLUG.fullmatch(source.name):
            continue
        graph = SOURCE_BASE + source.name
        places += [_Place(source / name, graph) for name in _SOURCE_FILES]
        places += [_Place(path, graph, source.name) for path in sorted((source / "claims").glob("*.trig"))]
    mappings = project.data / "mappings" / "wikidata.sssom.tsv"
    places.append(_Place(mappings, WIKIDATA_GRAPH, holds_mappings=True))
    places.append(_Place(mappings.with_name("wikidata-properties.sssom.tsv"), None, holds_mappings=True))
    places.append(_Place(project.data / "changes.ttl", CHANGES_GRAPH))
    return [place for place in places if place.path.is_file() and not place.path.name.startswith(".")]


def curated_paths(project: Project) -> list[Path]:
    """Name the curated files of a project.

    :param project: the project.
    :returns: the files that :func:`read_files` reads, in its order.
    """
    return [place.path for place in _places(project)]


def read_files(project: Project) -> CuratedFiles:
    """Read all curated files and report all that is wrong with them.

    :param project: the project; its ``data`` may be empty or absent.
    :returns: what the files without syntax errors say, with the findings of all files.
    """
    reader = _Reader(project)
    for place in _places(project):
        reader.read(place)
    reader.find_unusable_prefixes()
    reader.find_unfit_mappings()
    reader.find_split()
    reader.find_unexpected()
    return CuratedFiles(
        files=tuple(sorted(reader.files, key=lambda file: file.name)),
        prefixes=reader.prefixes,
        locations=reader.locations,
        findings=tuple(in_order(reader.findings)),
    )


def read_text(path: Path, name: str) -> tuple[str | None, list[Finding]]:
    """Read a curated file's text.

    :param path: the file.
    :param name: the file as messages name it.
    :returns: the text without a byte order mark, or None where it cannot be read; and what is wrong with it.
    """

    def finding(rule: str, message: str, line: int, column: int) -> Finding:
        return Finding(Severity.ERROR, rule, message, file=name, line=line, column=column)

    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, [finding("unreadable", f"the file cannot be read: {error.strerror}.", 1, 1)]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        start = raw.rfind(b"\n", 0, error.start) + 1
        line, column = raw.count(b"\n", 0, start) + 1, len(raw[start : error.start].decode("utf-8")) + 1
        message = f"byte {raw[error.start]:#04x} at offset {error.start} is no UTF-8; save the file as UTF-8."
        return None, [finding("encoding", message, line, column)]
    if not text.startswith("\ufeff"):
        return text, []
    message = "the file begins with a byte order mark; save it as UTF-8 without one."
    return text.removeprefix("\ufeff"), [finding("encoding", message, 1, 1)]


class _Reader:
    """Read one file after the other and collect what they say and what is wrong."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.files: list[CuratedFile] = []
        self.locations = Locations()
        self.findings: list[Finding] = []
        self._mappings: dict[str, MappingSet] = {}
        self._property_mappings: dict[str, MappingSet] = {}
        self._claims: dict[tuple[str, str], Location] = {}
        self._described: dict[str, dict[str, Location]] = {}
        self._prefixes_fault: str | None = None
        try:
            self.prefixes = load_prefixes(project)
        except InputError as error:
            self.prefixes = Prefixes({})
            self._prefixes_fault = str(error)

    def _report(
        self,
        rule: str,
        message: str,
        location: Location,
        subject: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.findings.append(
            Finding(
                severity,
                rule,
                message,
                file=location.file,
                line=location.line,
                column=location.column,
                subject=subject,
            )
        )

    def read(self, place: _Place) -> None:
        """Read one file; go on to the next where it cannot be read or parsed."""
        name = self._project.relative(place.path)
        text, findings = read_text(place.path, name)
        self.findings += findings
        if text is None:
            return
        if place.holds_mappings:
            self._read_mappings(text, name, place.graph)
            return
        rdf_format = RdfFormat.TURTLE if place.claims_of is None else RdfFormat.TRIG
        try:
            quads = parse_text(text, rdf_format, rename_blank_nodes=True)
        except RdfSyntaxError as error:
            message = f"{error.detail}; correct the {rdf_format.name} here."
            self._report("syntax", message, Location(name, error.line, error.column))
            return
        found = scan(text, name)
        self.locations.add(found)
        before = len(self.findings)
        self._check_prefixes(found)
        self._check_comments(text, name)
        if place.graph not in (None, ONTOLOGY_GRAPH):
            self._check_data(place, found, quads)
        # Formatting would make one claim of two with one id, and lose a comment: style comes after the rest.
        if len(self.findings) == before and self.prefixes:
            self._check_style(text, name, rdf_format, quads)
        self.files.append(CuratedFile(name, place.graph, tuple(_routed(quads, place.graph)), text))

    def _read_mappings(self, text: str, name: str, graph: str | None) -> None:
        mappings, faults = read_sssom(text)
        if mappings is not None:
            faults += check_set(mappings) if graph is not None else check_properties(mappings)
        for fault in faults:
            self._report(fault.rule, fault.message, Location(name, fault.line), fault.subject)
        if mappings is None:
            return
        formatted = format_sssom(text)
        if formatted != text and not faults:
            self._report_style(text, formatted, name)
        if graph is None:
            self._property_mappings[name] = mappings
            self.files.append(CuratedFile(name, None, (), text))
            return
        found = Scan()
        quads = []
        for line, triple in triples_of(mappings):
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            quads.append(Quad(subject, predicate, value, NamedNode(WIKIDATA_GRAPH)))
            if isinstance(subject, NamedNode):
                if isinstance(value, NamedNode):
                    found.statements[None, subject.value, predicate.value, value.value] = Location(name, line)
                if predicate == _TYPE:
                    found.subjects.append((None, subject.value, Location(name, line)))
        self.locations.add(found)
        self._mappings[name] = mappings
        self.files.append(CuratedFile(name, WIKIDATA_GRAPH, tuple(quads), text))

    def _check_prefixes(self, found: Scan) -> None:
        for prefix, namespace, location in found.prefixes:
            declared = self.prefixes.get(prefix)
            if declared is not None and declared != namespace:
                self._report(
                    "prefix",
                    f"the prefix {prefix} is bound to <{namespace}>, but everywhere else to <{declared}>; "
                    "bind it to the latter or choose another prefix.",
                    location,
                )

    def _check_comments(self, text: str, name: str) -> None:
        comment = misplaced_comment(text)
        if comment is not None:
            self._report(
                "comment",
                "formatting would lose this comment; make it an skos:editorialNote "
                "or move it to the top of the file.",
                Location(name, *comment),
            )

    def _check_data(self, place: _Place, found: Scan, quads: list[Quad]) -> None:
        for location in found.blank_nodes:
            self._report(
                "blank-node", "blank nodes have no place in the data; give this one an IRI.", location
            )
        if place.claims_of is not None:
            for graph, location in found.graphs:
                self._check_graph_name(graph, place.claims_of, location)
                self._check_repeated(graph, "graph", location)
        claims = {quad.subject for quad in quads if quad.predicate == _TYPE and quad.object == _CLAIM}
        passages = {quad.subject for quad in quads if quad.predicate == _TYPE and quad.object == _PASSAGE}
        for graph_of, subject, location in found.subjects:
            if graph_of is not None:
                continue
            if NamedNode(subject) in claims or subject.startswith(CLAIM_BASE):
                self._check_repeated(subject, "description", location)
            elif NamedNode(subject) not in passages:
                self._described.setdefault(subject, {}).setdefault(location.file, location)

    def _check_graph_name(self, graph: str, slug: str, location: Location) -> None:
        if not graph.startswith(f"{CLAIM_BASE}{slug}/") or graph == f"{CLAIM_BASE}{slug}/":
            self._report(
                "graph-name",
                f"the graph {self.prefixes.shorten(graph)} does not have the name of a claim of this source; "
                f"claims of {slug} have names that begin with {CLAIM_BASE}{slug}/.",
                location,
                graph,
            )

    def _check_repeated(self, claim: str, what: str, location: Location) -> None:
        first = self._claims.setdefault((claim, what), location)
        if first is not location:
            self._report(
                "claim-id",
                f"the claim {self.prefixes.shorten(claim)} has a {what} at {first} already, "
                "and the two would become one; give one of them another id.",
                location,
                claim,
            )

    def _check_style(self, text: str, name: str, rdf_format: RdfFormat, quads: list[Quad]) -> None:
        write = write_turtle if rdf_format == RdfFormat.TURTLE else write_trig_claims
        try:
            formatted = write(quads, self.prefixes, header_of(text))
        except InputError as error:
            self._report("style", str(error), Location(name, 1))
            return
        if formatted != text:
            self._report_style(text, formatted, name)

    def _report_style(self, text: str, formatted: str, name: str) -> None:
        lines = zip_longest(text.split("\n"), formatted.split("\n"))
        number = next(number for number, (line, canonical) in enumerate(lines, 1) if line != canonical)
        cause = "since its lines end with CR LF" if "\r\n" in text else "from this line on"
        message = f"the file is not in the canonical style {cause}; run: {_FORMAT_COMMAND} {name}"
        self._report("style", message, Location(name, number))

    def find_unusable_prefixes(self) -> None:
        """Report prefixes that cannot be used, where reading their file has not told why."""
        name = self._project.relative(self._project.ontology / "prefixes.ttl")
        if self._prefixes_fault is not None and all(finding.file != name for finding in self.findings):
            self._report("prefixes", self._prefixes_fault, Location(name, 1))

    def find_unfit_mappings(self) -> None:
        """Report mappings that do not fit the entities."""
        for name, mappings in self._mappings.items():
            quads = (quad for file in self.files for quad in file.quads)
            self.findings += check_mappings(name, mappings, quads)
        for name, mappings in self._property_mappings.items():
            quads = (quad for file in self.files for quad in file.quads)
            self.findings += check_property_terms(name, mappings, quads)

    def find_split(self) -> None:
        """Report resources that two files describe."""
        for subject, places in self._described.items():
            (_, earlier), *others = places.items()
            for _, location in others:
                self._report(
                    "split-description",
                    f"{self.prefixes.shorten(subject)} is described at {earlier} already; "
                    "describe it in one file, or give one of the two another IRI.",
                    location,
                    subject,
                    Severity.WARNING,
                )

    def find_unexpected(self) -> None:
        """Report what lies in the data directory and is not read by anything."""
        known = set(curated_paths(self._project))
        for path in _files_below(self._project.data):
            if path not in known and not path.name.endswith(("~", ".md")):
                self._report(
                    "unexpected-file",
                    "nothing reads this file; move it out of data/, or to data/entities/*.ttl, "
                    "data/sources/<slug>/{source,footnotes,discrepancies}.ttl, "
                    "data/sources/<slug>/claims/*.trig, data/mappings/wikidata{,-properties}.sssom.tsv, "
                    "data/changes.ttl or data/retired.ttl.",
                    Location(self._project.relative(path), 1),
                )


def _routed(quads: Iterable[Quad], graph: str | None) -> Iterator[Quad]:
    """Put what stands in a file's default graph into the graph that the file belongs to."""
    if graph is None:
        yield from quads
        return
    name = NamedNode(graph)
    for quad in quads:
        if isinstance(quad.graph_name, DefaultGraph):
            yield Quad(quad.subject, quad.predicate, quad.object, name)
        else:
            yield quad


def _files_below(directory: Path) -> list[Path]:
    hidden = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return [p for p in hidden if not any(part.startswith(".") for part in p.relative_to(directory).parts)]
