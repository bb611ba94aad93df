"""Run the queries of ``ontology/checks/``, which must return no row, and what a query says badly.

A check is a SPARQL file named for the fault that it finds. Its header says in ``#+`` lines what the rule is:

.. code-block:: sparql

    #+ id: claim-without-graph
    #+ severity: error
    #+ title: A claim has no graph
    #+ title_zh: …
    #+ description: What a claim says stands in a graph of the claim's name.
    #+ description_zh: …
    #+ message: The claim says nothing; add a GRAPH block of its name.
    #+ message_zh: …

The query is a ``SELECT`` with ``?focus``, the resource that is at fault. ``?graph``, ``?predicate`` and
``?value`` help to find the line: the claim in whose graph the fault stands, and the statement. A message may
refer to any variable of the query, as ``{value}``.

Rules that need the calendar, the names of files or a comparison of whole graphs are functions here, with the
same header as data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import combinations
from pathlib import Path, PurePosixPath

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from aisi_kg.errors import InputError
from aisi_kg.graph.dates import bounds
from aisi_kg.graph.findings import Finding, Severity, in_order
from aisi_kg.graph.locations import Locations
from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, Prefixes, load_prefixes
from aisi_kg.project import Project

__all__ = ["Check", "Rule", "check_files", "program_rules", "read_check", "run_checks"]

_HEADER = re.compile(r"#\+\s*([a-z_]+)\s*:\s*(.*?)\s*")
_SLOT = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)

_DCTERMS = "http://purl.org/dc/terms/"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CLAIM = NamedNode(AISI + "Claim")
_QUOTED = NamedNode("http://www.w3.org/ns/prov#wasQuotedFrom")
_PART_OF = NamedNode(_DCTERMS + "isPartOf")
_START = NamedNode("http://www.w3.org/ns/oa#start")
_END = NamedNode("http://www.w3.org/ns/oa#end")
_SECTION = NamedNode(AISI + "section")
_EARLIEST = NamedNode(AISI + "earliestDate")
_LATEST = NamedNode(AISI + "latestDate")
_DATES = tuple(
    NamedNode(iri)
    for iri in (
        AISI + "date",
        AISI + "startDate",
        AISI + "endDate",
        AISI + "plannedDate",
        _DCTERMS + "issued",
    )
)

_TEXTS = ("http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
#: A text is shown up to so many characters, so that a finding stays one line.
_SHOWN = 60

_Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Rule:
    """Say what a check is about, in both languages.

    :param id: the rule's name, in findings and as the file's stem.
    :param severity: what a fault does to a build.
    :param title: the fault, in a few words.
    :param description: the rule as a statement that holds.
    :param message: what to do about a fault; ``{variable}`` stands for a value of its row.
    """

    id: str
    severity: Severity
    title: str
    title_zh: str
    description: str
    description_zh: str
    message: str
    message_zh: str


@dataclass(frozen=True)
class Check:
    """Hold a check that is a query.

    :param rule: what it is about.
    :param file: the file as messages name it.
    :param query: the text of the file, which is the query with its header as comments.
    """

    rule: Rule
    file: str
    query: str


@dataclass(frozen=True)
class _Fault:
    """Hold one row of a check."""

    focus: NamedNode
    graph: NamedNode | None = None
    predicate: NamedNode | None = None
    value: NamedNode | Literal | None = None
    row: Mapping[str, _Term] = field(default_factory=dict)


def check_files(project: Project) -> list[Path]:
    """List the files of checks.

    :param project: the project.
    :returns: the queries of ``ontology/checks/`` by name.
    :raises InputError: if there is none.
    """
    directory = project.ontology / "checks"
    files = sorted(directory.glob("*.rq"))
    if not files:
        raise InputError(f"{project.relative(directory)} has no check; restore the .rq files of the project.")
    return files


def program_rules() -> list[Rule]:
    """List the rules that are functions of this module.

    :returns: the rules by id.
    """
    return [rule for rule, _ in _PROGRAM_CHECKS]


def run_checks(store: Store, project: Project, locations: Locations) -> list[Finding]:
    """Run every check of the project.

    :param store: what the curated files say: named graphs, and their merge as the default graph.
    :param project: the project whose checks are run.
    :param locations: where the curated files say what.
    :returns: the faults, by place; a check that cannot be read or run is a finding too.
    :raises InputError: if there are no checks, or the project's prefixes cannot be read.
    """
    prefixes = load_prefixes(project)
    findings: list[Finding] = []
    for path in check_files(project):
        check, broken = read_check(path, project.relative(path))
        findings += broken
        if check is not None:
            findings += _run(check, store, locations, prefixes)
    for rule, function in _PROGRAM_CHECKS:
        findings += (_finding(rule, fault, locations, prefixes) for fault in function(store, locations))
    return in_order(findings)


def read_check(path: Path, name: str) -> tuple[Check | None, list[Finding]]:
    """Read one check and its header.

    :param path: the file.
    :param name: the file as messages name it.
    :returns: the check, or None where its header cannot be used; and what is wrong with it.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [_broken(name, 1, f"the file cannot be read as UTF-8 text ({error}).")]
    wanted = [parameter.name for parameter in fields(Rule)]
    values: dict[str, str] = {}
    findings: list[Finding] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("#+"):
            continue
        match = _HEADER.fullmatch(line)
        if match is None or match[1] not in wanted or not match[2]:
            findings.append(
                _broken(name, number, f"a header line is one of: {', '.join(wanted)}, a colon, a text.")
            )
        elif match[1] in values:
            findings.append(_broken(name, number, f"{match[1]} is given twice; keep one of the lines."))
        else:
            values[match[1]] = match[2]
            findings += _header_faults(match[1], match[2], path.stem, name, number)
    missing = [key for key in wanted if key not in values]
    if missing and not findings:
        findings.append(
            _broken(name, 1, f"the header lacks {', '.join(missing)}; add a line '#+ {missing[0]}: …'.")
        )
    if findings:
        return None, findings
    texts = {key: value for key, value in values.items() if key != "severity"}
    return Check(Rule(severity=Severity(values["severity"]), **texts), name, text), []


def _header_faults(key: str, value: str, stem: str, name: str, line: int) -> Iterator[Finding]:
    if key == "id" and value != stem:
        yield _broken(name, line, f"the id is {value} and the file's name {stem}; let them be the same.")
    if key == "severity" and value not in set(Severity):
        yield _broken(name, line, f"the severity is {value}; write {' or '.join(Severity)}.")


def _broken(name: str, line: int, message: str, column: int | None = None) -> Finding:
    return Finding(Severity.ERROR, "check-file", message, file=name, line=line, column=column)


def _run(check: Check, store: Store, locations: Locations, prefixes: Prefixes) -> list[Finding]:
    try:
        solutions = store.query(check.query)
    except SyntaxError as error:
        match = _POSITION.match(error.msg)
        line, column = (int(match[1]), int(match[2])) if match else (1, 1)
        detail = _cut(" ".join((match[3] if match else error.msg).split()))
        return [_broken(check.file, line, f"the query is no SPARQL: {detail}; correct it.", column)]
    variables = [v.value for v in solutions.variables] if isinstance(solutions, QuerySolutions) else []
    if not isinstance(solutions, QuerySolutions) or "focus" not in variables:
        return [_broken(check.file, 1, "the query is no SELECT with ?focus; let it select what is at fault.")]
    slots = {*_SLOT.findall(check.rule.message), *_SLOT.findall(check.rule.message_zh)}
    unknown = sorted(slots - set(variables))
    if unknown:
        message = (
            f"the message refers to {unknown[0]}, which the query does not select; select it or leave it out."
        )
        return [_broken(check.file, 1, message)]
    findings = []
    for solution in solutions:
        row = {name: term for name in variables if (term := solution[name]) is not None}
        focus = row.get("focus")
        if not isinstance(focus, NamedNode):
            # What a blank node is called differs from run to run; a file with one is at fault as such.
            continue
        graph, predicate, value = row.get("graph"), row.get("predicate"), row.get("value")
        fault = _Fault(
            focus,
            graph if isinstance(graph, NamedNode) else None,
            predicate if isinstance(predicate, NamedNode) else None,
            value if isinstance(value, NamedNode | Literal) else None,
            row,
        )
        findings.append(_finding(check.rule, fault, locations, prefixes))
    return findings


def _finding(rule: Rule, fault: _Fault, locations: Locations, prefixes: Prefixes) -> Finding:
    graph = fault.graph.value if fault.graph is not None else ""
    claim = graph if graph.startswith(CLAIM_BASE) else None
    predicate = fault.predicate.value if fault.predicate is not None else None
    location = locations.find(fault.focus.value, predicate, fault.value, claim)
    shown = {name: _shown(term, prefixes) for name, term in fault.row.items()}

    def filled(message: str) -> str:
        return _SLOT.sub(lambda match: shown.get(match[1], match[0]), message)

    return Finding(
        rule.severity,
        rule.id,
        filled(rule.message),
        filled(rule.message_zh),
        file=location.file if location else None,
        line=location.line if location else None,
        column=location.column if location else None,
        subject=claim or fault.focus.value,
    )


def _shown(term: _Term, prefixes: Prefixes) -> str:
    if isinstance(term, NamedNode):
        return prefixes.shorten(term.value)
    if isinstance(term, Literal):
        text = _cut(term.value)
        return f'"{text}"' if term.datatype.value in _TEXTS else text
    return str(term)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _claims_in_wrong_file(store: Store, locations: Locations) -> Iterator[_Fault]:
    """Compare the name of each claim's file with the sections that the claim quotes."""
    for quad in store.quads_for_pattern(None, _TYPE, _CLAIM, None):
        claim = quad.subject
        location = locations.find(claim.value) if isinstance(claim, NamedNode) else None
        if not isinstance(claim, NamedNode) or location is None:
            continue
        file = PurePosixPath(location.file)
        sections = {
            section.object.value
            for quoted in store.quads_for_pattern(claim, _QUOTED, None, None)
            if isinstance(quoted.object, NamedNode)
            for section in store.quads_for_pattern(quoted.object, _SECTION, None, None)
            if isinstance(section.object, Literal)
        }
        if sections and file.suffix == ".trig" and file.stem not in sections:
            row: dict[str, _Term] = {
                "file": Literal(file.name),
                "sections": Literal(", ".join(sorted(sections))),
            }
            yield _Fault(claim, row=row)


def _duplicate_claims(store: Store, _locations: Locations) -> Iterator[_Fault]:
    """Find claims with the same graph that quote overlapping passages; each names the first of its like."""
    claims: dict[frozenset[tuple[_Term, ...]], list[NamedNode]] = defaultdict(list)
    for graph in store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value.startswith(CLAIM_BASE):
            quads = store.quads_for_pattern(None, None, None, graph)
            claims[frozenset((quad.subject, quad.predicate, quad.object) for quad in quads)].append(graph)
    for alike in claims.values():
        for claim, other in combinations(sorted(alike, key=lambda name: name.value), 2):
            stretches = [_stretches(store, name) for name in (claim, other)]
            if any(
                source == source_too and start < end_too and start_too < end
                for source, start, end in stretches[0]
                for source_too, start_too, end_too in stretches[1]
            ):
                yield _Fault(other, row={"value": claim})


def _stretches(store: Store, claim: NamedNode) -> list[tuple[_Term, int, int]]:
    """Give source, start and end of each passage that a claim quotes and that has them."""
    found = []
    for quoted in store.quads_for_pattern(claim, _QUOTED, None, DefaultGraph()):
        if not isinstance(quoted.object, NamedNode):
            continue
        source, start, end = (
            next(
                (
                    quad.object
                    for quad in store.quads_for_pattern(quoted.object, wanted, None, DefaultGraph())
                ),
                None,
            )
            for wanted in (_PART_OF, _START, _END)
        )
        if source is not None and isinstance(start, Literal) and isinstance(end, Literal):
            # A position that is no number is a finding of the shapes.
            with suppress(ValueError):
                found.append((source, int(start.value), int(end.value)))
    return found


@dataclass
class _Dated:
    """Hold the dates that one graph gives one thing."""

    stated: list[tuple[date, date]] = field(default_factory=list)
    earliest: set[date] = field(default_factory=set)
    latest: set[date] = field(default_factory=set)


def _dated(store: Store) -> dict[tuple[NamedNode, NamedNode], _Dated]:
    """Collect the dates of each named graph; a literal that is no date is another check's."""
    found: dict[tuple[NamedNode, NamedNode], _Dated] = defaultdict(_Dated)
    for predicate in (*_DATES, _EARLIEST, _LATEST):
        for quad in store.quads_for_pattern(None, predicate, None, None):
            if not (isinstance(quad.graph_name, NamedNode) and isinstance(quad.subject, NamedNode)):
                continue
            if not isinstance(quad.object, Literal):
                continue
            try:
                first, last = bounds(quad.object)
            except InputError:
                continue
            dated = found[quad.graph_name, quad.subject]
            if predicate == _EARLIEST:
                dated.earliest.add(first)
            elif predicate == _LATEST:
                dated.latest.add(last)
            else:
                dated.stated.append((first, last))
    return found


def _wrong_bounds(store: Store, _locations: Locations) -> Iterator[_Fault]:
    """Compare the bounds of each dated thing with the dates that the same graph states."""
    for (graph, subject), dated in _dated(store).items():
        if not dated.stated or not (dated.earliest or dated.latest):
            continue
        first, last = min(first for first, _ in dated.stated), max(last for _, last in dated.stated)
        for predicate, given, expected in ((_EARLIEST, dated.earliest, first), (_LATEST, dated.latest, last)):
            if given != {expected}:
                row: dict[str, _Term] = {
                    "focus": subject,
                    "property": predicate,
                    "expected": Literal(expected.isoformat()),
                }
                yield _Fault(subject, graph, predicate, row=row)


def _unbounded_dates(store: Store, _locations: Locations) -> Iterator[_Fault]:
    """Find dates without bounds in the graph of the same claim, and bounds without a date."""
    for (graph, subject), dated in _dated(store).items():
        if not graph.value.startswith(CLAIM_BASE) or bool(dated.stated) == bool(
            dated.earliest or dated.latest
        ):
            continue
        yield _Fault(subject, graph, None if dated.stated else _EARLIEST, row={"focus": subject})


_PROGRAM_CHECKS: tuple[tuple[Rule, Callable[[Store, Locations], Iterable[_Fault]]], ...] = (
    (
        Rule(
            id="claim-in-wrong-file",
            severity=Severity.ERROR,
            title="A claim stands in the file of another section",
            title_zh="论断写在了其他章节的文件中",
            description="A file of claims is named for the section that each claim in it quotes.",
            description_zh="论断文件以章节命名，其中每条论断均引用该章节的段落。",
            message="{file} is for another section than {sections}, which the claim quotes; move the claim.",
            message_zh="{file} 与论断所引章节 {sections} 不符；请移动论断。",
        ),
        _claims_in_wrong_file,
    ),
    (
        Rule(
            id="date-bounds",
            severity=Severity.ERROR,
            title="The bounds of a date do not fit it",
            title_zh="日期的界限与日期不符",
            description="aisi:earliestDate and aisi:latestDate are the first and last day of its dates.",
            description_zh="aisi:earliestDate 与 aisi:latestDate 为所述日期的第一天和最后一天。",
            message="By the stated date, {property} of {focus} should be {expected}; correct one of them.",
            message_zh="按所述日期，{focus} 的 {property} 应为 {expected}；请更正其一。",
        ),
        _wrong_bounds,
    ),
    (
        Rule(
            id="duplicate-claim",
            severity=Severity.ERROR,
            title="Two claims say the same of the same place",
            title_zh="两条论断据同一处陈述相同内容",
            description="No two claims with the same graph quote overlapping passages of one source.",
            description_zh="内容相同的两条论断不得引用同一来源的重叠段落。",
            message="It says the same as {value}, of the same place in the source; keep one of them.",
            message_zh="与 {value} 内容相同、出处重叠；请保留其一。",
        ),
        _duplicate_claims,
    ),
    (
        Rule(
            id="date-without-bounds",
            severity=Severity.ERROR,
            title="A claim gives a date without its bounds, or bounds without a date",
            title_zh="论断有日期而无界限，或有界限而无日期",
            description="The graph of a claim gives a date with aisi:earliestDate and aisi:latestDate.",
            description_zh="论断的图为事物给出日期时，须同时给出日期、aisi:earliestDate 与 aisi:latestDate。",
            message="Give {focus} its date, aisi:earliestDate and aisi:latestDate in the graph of one claim.",
            message_zh="请在同一论断的图中给出 {focus} 的日期、aisi:earliestDate 与 aisi:latestDate。",
        ),
        _unbounded_dates,
    ),
)
