"""Each check has files that break it and one that does not.

The world that they change is that of ``tests/shapes/base``, together with the ontology. A fixture is a SPARQL
update: ``invalid/<rule>--<how>.ru`` breaks what ``invalid/expected.csv`` says and nothing else,
``valid/<rule>.ru`` comes near and breaks nothing.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib.plugins.sparql import prepareQuery

from aisi_kg.errors import InputError
from aisi_kg.graph.checks import Check, Rule, check_files, program_rules, read_check, run_checks
from aisi_kg.graph.dataset import asserted
from aisi_kg.graph.files import CuratedFiles, read_files
from aisi_kg.graph.findings import Finding, Severity
from aisi_kg.graph.prefixes import ONTOLOGY_GRAPH, Prefixes, load_prefixes
from aisi_kg.project import Project, find_project

HERE = Path(__file__).resolve().parent
BASE = HERE.parent / "shapes" / "base" / "data"
INVALID = sorted((HERE / "invalid").glob("*.ru"))
VALID = sorted((HERE / "valid").glob("*.ru"))
PROJECT = find_project()
SKOS = "http://www.w3.org/2004/02/skos/core#"
IN_SCHEME = NamedNode(SKOS + "inScheme")
#: No check of a fixture looks at these, which are a large part of the ontology.
UNSEEN = {NamedNode(SKOS + name) for name in ("closeMatch", "definition", "relatedMatch")}
#: These ask that data use all of the ontology, which holds of the project's data and not of the base.
ON_USE = {"class-without-member", "code-not-used", "property-not-used"}


def read_checks() -> list[Check]:
    checks = []
    for path in check_files(PROJECT):
        check, broken = read_check(path, PROJECT.relative(path))
        assert broken == []
        assert check is not None
        checks.append(check)
    return checks


CHECKS = read_checks()
RULES = {rule.id: rule for rule in (*(check.rule for check in CHECKS), *program_rules())}


@cache
def prefixes() -> Prefixes:
    return load_prefixes(PROJECT)


@cache
def base_files() -> CuratedFiles:
    return read_files(replace(PROJECT, data=BASE))


class World:
    """Hold the base in a store, whose default graph is the merge, and change it for a while."""

    def __init__(self, quads: list[Quad]) -> None:
        self.store = Store()
        self._held: Counter[Quad] = Counter()
        self.apply(set(), set(quads))
        # The ontology is large and its graph is only added to, so that a fixture is applied to the rest.
        small = Store()
        small.extend(quad for quad in quads if quad.graph_name != NamedNode(ONTOLOGY_GRAPH))
        self._small = frozenset(small)

    def apply(self, removed: set[Quad], added: set[Quad]) -> None:
        merged = Counter(Quad(q.subject, q.predicate, q.object) for q in added)
        merged.subtract(Quad(q.subject, q.predicate, q.object) for q in removed)
        for quad in removed:
            self.store.remove(quad)
        self.store.extend(added)
        for quad, change in merged.items():
            self._held[quad] += change
            if self._held[quad]:
                self.store.add(quad)
            else:
                self.store.remove(quad)

    @contextmanager
    def changed(self, file: Path) -> Iterator[Store]:
        """Apply a fixture, which has to change something."""
        store = Store()
        store.extend(self._small)
        store.update(prefixes().sparql() + file.read_text("utf-8"))
        after = set(store)
        removed, added = set(self._small - after), after - self._small
        assert removed or added, f"{file.name} changes nothing"
        self.apply(removed, added)
        try:
            yield self.store
        finally:
            self.apply(added, removed)


@cache
def world() -> World:
    """Give the base with as much of the ontology as the fixtures speak of, which saves most of the time."""
    texts = "".join(file.read_text("utf-8") for file in (*INVALID, *VALID))
    quads = list(asserted(base_files()))
    ontology = NamedNode(ONTOLOGY_GRAPH)
    wanted = {prefixes().expand(name) for name in re.findall(r"\baisi:\w+", texts)}
    wanted.update(
        q.object.value for q in quads if q.graph_name != ontology and isinstance(q.object, NamedNode)
    )
    codes = {q.subject for q in quads if q.graph_name == ontology and q.predicate == IN_SCHEME}
    unused: set[object] = {code for code in codes if isinstance(code, NamedNode) and code.value not in wanted}
    return World([q for q in quads if not {q.subject, q.object} & unused and q.predicate not in UNSEEN])


def rule_of(file: Path) -> str:
    return file.stem.partition("--")[0]


@cache
def unused_in_base() -> frozenset[tuple[str, str | None]]:
    findings = run_checks(world().store, PROJECT, base_files().locations)
    return frozenset((f.rule, f.subject) for f in findings if f.rule in ON_USE)


def found(file: Path) -> list[Finding]:
    """Give what the checks find; terms without use in the files about them alone, and only those added."""
    known = unused_in_base()
    with world().changed(file) as store:
        findings = run_checks(store, PROJECT, base_files().locations)
    about_use = rule_of(file) in ON_USE
    return [f for f in findings if f.rule not in ON_USE or (about_use and (f.rule, f.subject) not in known)]


def expected() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (HERE / "invalid" / "expected.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            rows[row["file"]].append(row)
    return rows


EXPECTED = expected()


def test_the_base_is_without_fault() -> None:
    whole = World(list(asserted(base_files())))
    findings = run_checks(whole.store, PROJECT, base_files().locations)
    assert [str(finding) for finding in findings if finding.rule not in ON_USE] == []


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_a_fault_breaks_its_rule_and_no_other(file: Path) -> None:
    findings = found(file)
    rows = EXPECTED.get(file.name, [])
    assert {(f.rule, prefixes().shorten(f.subject or "")) for f in findings} == {
        (row["rule"], row["focus"]) for row in rows
    }
    for row in rows:
        messages = [f.message for f in findings if f.rule == row["rule"]]
        assert row["message"], row
        assert any(row["message"] in message for message in messages), messages
    for finding in findings:
        assert finding.severity is RULES[finding.rule].severity
        assert not re.search(r"\{\w+\}", finding.message + (finding.message_zh or ""))


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_what_comes_near_breaks_nothing(file: Path) -> None:
    assert [str(finding) for finding in found(file)] == []


def test_files_and_rows_correspond() -> None:
    assert sorted(EXPECTED) == [file.name for file in INVALID]


def test_each_fixture_is_named_for_a_rule() -> None:
    assert {rule_of(file) for file in (*INVALID, *VALID)} <= set(RULES)


def test_each_fault_breaks_the_rule_that_it_is_named_for() -> None:
    for file in INVALID:
        assert rule_of(file) in {row["rule"] for row in EXPECTED[file.name]}


def test_each_rule_has_a_file_that_breaks_it() -> None:
    assert sorted(set(RULES) - {rule_of(file) for file in INVALID}) == []


def test_each_rule_has_a_file_that_does_not_break_it() -> None:
    assert sorted(set(RULES) - {rule_of(file) for file in VALID}) == []


# --- the files of checks


def test_no_two_rules_have_one_name() -> None:
    shapes = [
        name
        for file in (PROJECT.ontology / "shapes").glob("*.ttl")
        for name in re.findall(r"^shapes:([\w-]+)$", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert shapes
    ids = [*(check.rule.id for check in CHECKS), *(rule.id for rule in program_rules()), *shapes]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_is_said_in_both_languages(rule: Rule) -> None:
    assert re.fullmatch("[a-z]+(-[a-z]+)*", rule.id)
    for english, chinese in (
        (rule.title, rule.title_zh),
        (rule.description, rule.description_zh),
        (rule.message, rule.message_zh),
    ):
        assert not re.search("[\u3400-\u9fff]", english)
        assert re.search("[\u3400-\u9fff]", chinese)
    assert rule.title[-1] != "."
    assert rule.title_zh[-1] != "。"
    assert rule.description[-1] == rule.message[-1] == "."
    assert rule.description_zh[-1] == rule.message_zh[-1] == "。"
    assert len({rule.title, rule.description, rule.message}) == 3


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.rule.id)
def test_a_check_is_a_query_to_more_than_one_parser(check: Check) -> None:
    prepareQuery(check.query)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.rule.id)
def test_a_check_binds_the_prefixes_of_the_project(check: Check) -> None:
    declared = re.findall(r"^PREFIX (\w+): <(.*)>$", check.query, re.MULTILINE)
    assert declared == sorted(declared)
    for prefix, namespace in declared:
        assert prefixes()[prefix] == namespace
        assert re.search(rf"(?<![\w?]){prefix}:(?! <)", check.query), prefix


# --- findings


def line_of(name: str, *texts: str) -> int:
    """Find the line of the last text, behind the lines of those before it."""
    lines = base_files().by_name[name].text.split("\n")
    number = 0
    for text in texts:
        number = next(n for n, line in enumerate(lines[number:], number + 1) if text in line)
    return number


CLAIMS = "tests/shapes/base/data/sources/concordia-2024/claims/1.trig"
FOOTNOTES = "tests/shapes/base/data/sources/concordia-2024/footnotes.ttl"
ENTITIES = "tests/shapes/base/data/entities/all.ttl"


@pytest.mark.parametrize(
    ("fixture", "file", "texts", "subject"),
    [
        # In the graph of a claim: at the statement, and it is the claim's.
        ("datatype", CLAIMS, ("GRAPH claim:1-staff", "aisi:value"), "claim:1-staff"),
        # A statement that the base does not have: at the graph.
        ("undeclared-entity--subject", CLAIMS, ("GRAPH claim:1-institute",), "claim:1-institute"),
        # What is said about a claim: at the statement in its block.
        ("restates-loop", CLAIMS, ("GRAPH claim:1-signing {", "claim:1-signing"), "claim:1-signing"),
        ("footnote-iri", FOOTNOTES, ("footnote:2", "aisi:number"), "footnote:2"),
        # A thing as such: at its block.
        ("disjoint-types", ENTITIES, ("entity:arden-ministry",), "entity:arden-ministry"),
        ("claim-in-wrong-file", CLAIMS, ("GRAPH claim:1-staff", "claim:1-staff"), "claim:1-staff"),
        ("date-bounds--month", CLAIMS, ("GRAPH claim:1-announcement", "latestDate"), "claim:1-announcement"),
    ],
)
def test_a_fault_is_found_at_its_line(fixture: str, file: str, texts: tuple[str, ...], subject: str) -> None:
    finding = found(HERE / "invalid" / f"{fixture}.ru")[0]
    assert (finding.file, finding.line) == (file, line_of(file, *texts))
    assert finding.subject == prefixes().expand(subject)


def test_a_finding_speaks_both_languages_and_gives_the_values() -> None:
    [finding] = found(HERE / "invalid" / "range.ru")
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "entity:portia-labs is no aisi:Jurisdiction, which aisi:instituteOf takes; "
        "correct the value, its type or the property."
    )
    assert finding.message_zh is not None
    assert finding.message_zh.startswith("entity:portia-labs 不是 aisi:instituteOf 的值域 aisi:Jurisdiction")


def test_a_long_text_is_cut() -> None:
    store = Store()
    name = NamedNode("https://w3id.org/aisi-kg/claim/concordia-2024/x")
    predicate = NamedNode("https://w3id.org/aisi-kg/ontology#statement")
    store.add(Quad(name, predicate, Literal("x" * 500, language="zh")))
    [finding] = [
        f for f in run_checks(store, PROJECT, base_files().locations) if f.rule == "text-in-wrong-language"
    ]
    assert 60 < len(finding.message) < 150
    assert "…" in finding.message


HEADER = """\
#+ id: fault
#+ severity: warning
#+ title: A fault
#+ title_zh: 错误
#+ description: There is none.
#+ description_zh: 没有错误。
#+ message: {focus} is at fault.
#+ message_zh: {focus} 有误。

"""
QUERY = "SELECT ?focus WHERE {\n\t?focus a <https://w3id.org/aisi-kg/ontology#Claim> .\n}\n"


@pytest.fixture
def copied(tmp_path: Path) -> Project:
    """Copy the prefixes, so that a test can write checks of its own."""
    (tmp_path / "ontology" / "checks").mkdir(parents=True)
    shutil.copy(PROJECT.ontology / "prefixes.ttl", tmp_path / "ontology")
    return Project.at(tmp_path)


def run(project: Project, text: str, name: str = "fault") -> list[Finding]:
    (project.ontology / "checks" / f"{name}.rq").write_text(text, "utf-8")
    store = Store()
    store.extend(quad for quad in world().store if quad.graph_name == DefaultGraph())
    return [
        f for f in run_checks(store, project, base_files().locations) if f.rule in ("fault", "check-file")
    ]


def test_a_check_that_finds_something_says_so(copied: Project) -> None:
    findings = run(copied, HEADER + QUERY)
    assert len(findings) == 20
    assert {f.severity for f in findings} == {Severity.WARNING}
    assert findings[0].message == "claim:1-memorandum is at fault."
    assert findings[0].message_zh == "claim:1-memorandum 有误。"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("#+ title: A fault\n", "", 1, "the header lacks title; add a line '#+ title: …'"),
        ("#+ title: A fault\n", "#+ titel: A fault\n", 3, "a header line is one of: id, severity, title,"),
        ("#+ title: A fault\n", "#+ title:\n", 3, "a header line is one of"),
        ("#+ title: A fault\n", "#+ A fault\n", 3, "a header line is one of"),
        ("#+ title_zh: 错误\n", "#+ title: Again\n", 4, "title is given twice; keep one of the lines"),
        ("id: fault", "id: other", 1, "the id is other and the file's name fault; let them be the same"),
        ("severity: warning", "severity: fatal", 2, "the severity is fatal; write error or warning"),
        ("{focus} is", "{fokus} is", 1, "the message refers to fokus, which the query does not select"),
        ("?focus a", "?focus aa", 11, "the query is no SPARQL: "),
        ("SELECT ?focus", "SELECT ?focus ?focus (1 AS", 10, "the query is no SPARQL: "),
        ("SELECT ?focus WHERE", "ASK", 1, "the query is no SELECT with ?focus"),
        ("SELECT ?focus WHERE", "SELECT (?focus AS ?other) WHERE", 1, "the query is no SELECT with ?focus"),
    ],
)
def test_a_check_that_is_none_is_a_finding(
    copied: Project, old: str, new: str, line: int, message: str
) -> None:
    text = HEADER + QUERY
    assert old in text
    [finding] = run(copied, text.replace(old, new, 1))
    assert (finding.rule, finding.severity) == ("check-file", Severity.ERROR)
    assert (finding.file, finding.line) == ("ontology/checks/fault.rq", line)
    assert message in finding.message


def test_a_check_in_another_encoding_is_a_finding(copied: Project) -> None:
    (copied.ontology / "checks" / "other.rq").write_bytes((HEADER + QUERY).encode("utf-16"))
    assert "cannot be read as UTF-8 text" in str(run(copied, HEADER + QUERY)[0])


def test_a_broken_check_does_not_hide_the_others(copied: Project) -> None:
    (copied.ontology / "checks" / "broken.rq").write_text("SELECT", "utf-8")
    findings = run(copied, HEADER + QUERY)
    assert [f.rule for f in findings].count("check-file") == 1
    assert [f.rule for f in findings].count("fault") == 20


def test_a_project_without_checks_is_refused(copied: Project) -> None:
    with pytest.raises(InputError, match="ontology/checks has no check; restore"):
        run_checks(Store(), copied, base_files().locations)


def test_rows_about_blank_nodes_are_left_to_the_reader_of_files(copied: Project) -> None:
    assert run(copied, HEADER + "SELECT ?focus WHERE { BIND(BNODE() AS ?focus) }\n") == []
