"""Each shape has files that break it and one that does not.

``base/`` is an invented world in which every rule holds of something. A fixture is a SPARQL update that
changes it, mostly by one triple: ``invalid/<rule>--<how>.ru`` breaks what ``invalid/expected.csv`` says and
nothing else, ``valid/<rule>.ru`` comes near and breaks nothing. The rules of style have a small ontology.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from pyshacl.entrypoints import meta_validate
from rdflib import RDF, RDFS, SH, URIRef

from aisi_kg.errors import InputError
from aisi_kg.graph.dataset import asserted
from aisi_kg.graph.files import CuratedFiles, read_files
from aisi_kg.graph.findings import Finding, Severity
from aisi_kg.graph.prefixes import ONTOLOGY_GRAPH, Prefixes, load_prefixes
from aisi_kg.graph.shapes import Violation, as_graph, check_shapes, read_shapes, shape_files, validate
from aisi_kg.graph.style import parse_text
from aisi_kg.project import Project, find_project

HERE = Path(__file__).resolve().parent
INVALID = sorted((HERE / "invalid").glob("*.ru"))
VALID = sorted((HERE / "valid").glob("*.ru"))
PROJECT = find_project()
NAMESPACE = "https://w3id.org/aisi-kg/shapes#"
STYLE = "style"

#: What each parameter of a constraint is called in a result.
CONSTRAINTS = {
    SH["class"]: "Class",
    SH.datatype: "Datatype",
    SH.hasValue: "HasValue",
    SH["in"]: "In",
    SH.languageIn: "LanguageIn",
    SH.lessThan: "LessThan",
    SH.maxCount: "MaxCount",
    SH.maxLength: "MaxLength",
    SH.minCount: "MinCount",
    SH.minExclusive: "MinExclusive",
    SH.minInclusive: "MinInclusive",
    SH.minLength: "MinLength",
    SH.nodeKind: "NodeKind",
    SH["or"]: "Or",
    SH.pattern: "Pattern",
    SH.uniqueLang: "UniqueLang",
}
#: What a shape has beside its constraints.
OTHER = {RDF.type, SH.message, SH.path, SH.severity, SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf}


@cache
def prefixes() -> Prefixes:
    return load_prefixes(PROJECT)


def read_all() -> dict[str, rdflib.Graph]:
    return {file.stem: read_shapes(file, file.name) for file in shape_files(PROJECT)}


#: The files as they are; the validator adds triples of its own to those that it is given.
WRITTEN = read_all()
FILES = read_all()
OF_DATA = FILES["required"] + FILES["recommended"]


def names(graph: rdflib.Graph) -> set[URIRef]:
    return {subject for subject in graph.subjects(unique=True) if isinstance(subject, URIRef)}


#: The file that each rule stands in.
RULES = {str(name).removeprefix(NAMESPACE): file for file, graph in WRITTEN.items() for name in names(graph)}


@cache
def base_files() -> CuratedFiles:
    return read_files(replace(PROJECT, data=HERE / "base" / "data"))


def rule_of(file: Path) -> str:
    return file.stem.partition("--")[0]


class World:
    """Hold what fixtures change, with what they leave alone, as a graph."""

    def __init__(self, quads: Iterable[Quad], fixed: Iterable[Quad] = ()) -> None:
        self.quads = self._stored(quads)
        self.fixed = tuple(fixed)
        self.graph = as_graph([*self.quads, *self.fixed])
        self._stated = Counter((q.subject, q.predicate, q.object) for q in self.quads)

    @staticmethod
    def _stored(quads: Iterable[Quad], update: str | None = None) -> frozenset[Quad]:
        store = Store()
        store.extend(quads)
        if update is not None:
            store.update(prefixes().sparql() + update)
        return frozenset(store)

    def after(self, file: Path) -> frozenset[Quad]:
        """Apply a fixture, which has to change something."""
        quads = self._stored(self.quads, file.read_text("utf-8"))
        assert quads != self.quads, f"{file.name} changes nothing"
        return quads

    @contextmanager
    def changed(self, file: Path) -> Iterator[rdflib.Graph]:
        """Change the graph in place and back; to build it anew takes longer than to validate it."""
        quads = self.after(file)
        change = Counter({(q.subject, q.predicate, q.object): 1 for q in quads - self.quads})
        change.subtract((q.subject, q.predicate, q.object) for q in self.quads - quads)
        none = [Quad(*triple) for triple, by in change.items() if by < 0 and self._stated[triple] + by == 0]
        new = [Quad(*triple) for triple, by in change.items() if by > 0 and not self._stated[triple]]
        removed, added = as_graph(none), as_graph(new)
        self.graph -= removed
        self.graph += added
        try:
            yield self.graph
        finally:
            self.graph -= added
            self.graph += removed


@cache
def world(style: bool) -> World:
    """Give the invented data with the types and superclasses of the ontology, or the small ontology."""
    graph = NamedNode(ONTOLOGY_GRAPH)
    if style:
        text = (HERE / "base" / "ontology.ttl").read_text("utf-8")
        quads = parse_text(text, RdfFormat.TURTLE)
        return World(Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
    everything = list(asserted(base_files()))
    wanted = {NamedNode(str(RDF.type)), NamedNode(str(RDFS.subClassOf))}
    fixed = [quad for quad in everything if quad.graph_name == graph and quad.predicate in wanted]
    return World([quad for quad in everything if quad.graph_name != graph], fixed)


def is_of_style(file: Path) -> bool:
    return RULES.get(rule_of(file)) == STYLE


def rule_name(violation: Violation) -> str:
    return violation.shape.removeprefix(NAMESPACE)


def constraint_name(violation: Violation) -> str:
    return violation.constraint.removesuffix("ConstraintComponent")


def broken(file: Path) -> list[Violation]:
    style = is_of_style(file)
    with world(style).changed(file) as graph:
        return validate(graph, FILES[STYLE] if style else OF_DATA)


def expected() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (HERE / "invalid" / "expected.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            rows[row["file"]].append(row)
    return rows


EXPECTED = expected()


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_a_fault_breaks_its_rule_and_no_other(file: Path) -> None:
    violations = broken(file)
    found = sorted((rule_name(v), constraint_name(v), prefixes().shorten(v.focus)) for v in violations)
    rows = EXPECTED.get(file.name, [])
    assert found == sorted((row["rule"], row["constraint"], row["focus"]) for row in rows)
    messages = {rule_name(v): v.message for v in violations}
    for row in rows:
        assert row["message"], row
        assert row["message"] in messages[row["rule"]]


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_what_comes_near_breaks_nothing(file: Path) -> None:
    assert broken(file) == []


def test_the_base_is_without_fault() -> None:
    assert [str(f) for f in base_files().findings if f.file and f.file.startswith("tests/")] == []
    assert validate(world(style=False).graph, OF_DATA) == []
    assert validate(world(style=True).graph, FILES[STYLE]) == []


def focus_nodes(shape: URIRef, graph: rdflib.Graph, data: rdflib.Graph) -> set[object]:
    """Find what a shape is held against, by the definition of its targets."""
    found: set[object] = set()
    for target in graph.objects(shape, SH.targetClass):
        for below in data.transitive_subjects(RDFS.subClassOf, target):
            found.update(data.subjects(RDF.type, below))
    for target in graph.objects(shape, SH.targetSubjectsOf):
        found.update(data.subjects(target))
    for target in graph.objects(shape, SH.targetObjectsOf):
        found.update(data.objects(None, target))
    return found


def test_each_rule_holds_of_something() -> None:
    for name, graph in WRITTEN.items():
        base = world(name == STYLE)
        for shape in names(graph):
            if not focus_nodes(shape, graph, base.graph):
                # It is about what the base does without, and its valid file has it.
                [file] = [file for file in VALID if rule_of(file) == shape.removeprefix(NAMESPACE)]
                with base.changed(file) as changed:
                    assert focus_nodes(shape, graph, changed), shape


def test_files_and_rows_correspond() -> None:
    assert sorted(EXPECTED) == [file.name for file in INVALID]


def test_each_fixture_is_named_for_a_rule() -> None:
    assert {rule_of(file) for file in (*INVALID, *VALID)} <= set(RULES)


def test_each_fault_breaks_the_rule_that_it_is_named_for() -> None:
    for file in INVALID:
        assert rule_of(file) in {row["rule"] for row in EXPECTED[file.name]}


def test_each_rule_has_a_file_that_does_not_break_it() -> None:
    assert sorted(set(RULES) - {rule_of(file) for file in VALID}) == []


def test_each_constraint_has_a_file_that_breaks_it() -> None:
    shown = {(row["rule"], row["constraint"]) for rows in EXPECTED.values() for row in rows}
    stated = {
        (str(shape).removeprefix(NAMESPACE), CONSTRAINTS[predicate])
        for graph in WRITTEN.values()
        for shape in names(graph)
        for predicate in graph.predicates(shape, unique=True)
        if isinstance(predicate, URIRef) and predicate in CONSTRAINTS
    }
    assert sorted(stated - shown) == []
    assert sorted(shown - stated) == []


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_shape_is_a_rule_with_a_name_a_target_and_messages(name: str) -> None:
    graph = WRITTEN[name]
    severity = SH.Warning if name == "recommended" else SH.Violation
    for shape in names(graph):
        assert re.fullmatch(re.escape(NAMESPACE) + "[a-z]+(-[a-z]+)*", shape)
        assert {*graph.predicates(shape)} - OTHER <= set(CONSTRAINTS), shape
        assert {*graph.predicates(shape)} & set(CONSTRAINTS), shape
        assert {*graph.predicates(shape)} & {SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf}, shape
        assert list(graph.objects(shape, SH.severity)) == [severity], shape
        messages = {
            m.language: str(m) for m in graph.objects(shape, SH.message) if isinstance(m, rdflib.Literal)
        }
        assert set(messages) == {"en", "zh"}, shape
        assert messages["en"].endswith("."), shape
        assert messages["zh"].endswith("。"), shape


def test_no_two_files_have_a_rule_of_the_same_name() -> None:
    assert len(RULES) == sum(len(names(graph)) for graph in WRITTEN.values())


def test_no_two_rules_say_the_same() -> None:
    messages = [str(m) for graph in WRITTEN.values() for m in graph.objects(None, SH.message)]
    assert sorted(messages) == sorted(set(messages))


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_the_shapes_are_well_formed(name: str) -> None:
    # Deeper than usual: a path in a list of alternatives is a list in a list.
    conforms, _, text = meta_validate(read_all()[name], max_validation_depth=60)
    assert conforms, text


# --- findings


def findings(file: Path) -> list[Finding]:
    base = world(style=False)
    found = check_shapes([*base.after(file), *base.fixed], PROJECT, base_files().locations)
    return [finding for finding in found if RULES[finding.rule] != STYLE]


def line_of(name: str, *texts: str) -> int:
    """Find the line of the last text, behind the lines of those before it."""
    lines = base_files().by_name[name].text.split("\n")
    number = 0
    for text in texts:
        number = next(n for n, line in enumerate(lines[number:], number + 1) if text in line)
    return number


CLAIMS = "tests/shapes/base/data/sources/concordia-2024/claims/1.trig"
ENTITIES = "tests/shapes/base/data/entities/all.ttl"


def test_a_wrong_value_in_a_claim_is_found_at_its_line_with_the_claim() -> None:
    [finding] = findings(HERE / "invalid" / "amount--zero.ru")
    assert (finding.rule, finding.severity) == ("amount", Severity.ERROR)
    assert (finding.file, finding.line) == (CLAIMS, line_of(CLAIMS, "GRAPH claim:1-funding", "aisi:amount"))
    assert finding.subject == prefixes().expand("claim:1-funding")
    assert finding.message.startswith("entity:arden-aisi-funding: Give the sum as aisi:amount")
    assert "it has " in finding.message
    assert finding.message_zh is not None
    assert finding.message_zh.startswith("entity:arden-aisi-funding：用 aisi:amount 给出金额")


def test_a_value_that_lacks_is_found_at_the_block_of_its_subject() -> None:
    [finding] = findings(HERE / "invalid" / "claim-modality--missing.ru")
    assert (finding.file, finding.line) == (CLAIMS, line_of(CLAIMS, "GRAPH claim:1-staff {", "claim:1-staff"))
    assert finding.subject == prefixes().expand("claim:1-staff")
    [finding] = findings(HERE / "invalid" / "establishment-of.ru")
    assert (finding.file, finding.line) == (ENTITIES, line_of(ENTITIES, "entity:arden-aisi-establishment"))


def test_what_is_recommended_warns() -> None:
    [finding] = findings(HERE / "invalid" / "event-dated.ru")
    assert finding.severity is Severity.WARNING


def test_a_claim_is_not_named_twice() -> None:
    [finding] = findings(HERE / "invalid" / "claim-modality--two.ru")
    assert finding.message == "Give the claim exactly one aisi:modality, a code of aisi:ModalityScheme."
    assert str(finding).endswith(f"({finding.subject})")


@pytest.fixture
def copied(tmp_path: Path) -> Project:
    """Copy the ontology, so that a test can damage it."""
    shutil.copytree(PROJECT.ontology, tmp_path / "ontology")
    return Project.at(tmp_path)


def test_a_file_of_shapes_with_a_syntax_error_is_a_finding(copied: Project) -> None:
    file = copied.ontology / "shapes" / "style.ttl"
    file.write_text(file.read_text("utf-8") + "\nshapes:more a sh:NodeShape ; ; sh:or ( .\n", "utf-8")
    number = file.read_text("utf-8").count("\n")
    found = check_shapes([], copied, base_files().locations)
    assert [(f.rule, f.severity, f.file, f.line) for f in found] == [
        ("syntax", Severity.ERROR, "ontology/shapes/style.ttl", number)
    ]
    assert found[0].column
    # The reader of all files says the same, so that the fault is reported once.
    assert found[0] in read_files(copied).findings


def test_a_shape_that_is_none_is_a_finding(copied: Project) -> None:
    file = copied.ontology / "shapes" / "style.ttl"
    file.write_text(
        file.read_text("utf-8") + "\nshapes:more a sh:PropertyShape ; sh:targetClass owl:Class .\n", "utf-8"
    )
    found = check_shapes([], copied, base_files().locations)
    assert [(f.rule, f.file) for f in found] == [("shapes", "ontology/shapes/style.ttl")]
    assert "not well-formed" in found[0].message


def test_a_file_of_shapes_in_another_encoding_is_a_finding(copied: Project) -> None:
    (copied.ontology / "shapes" / "style.ttl").write_bytes("# \u6811".encode("utf-16"))
    found = check_shapes([], copied, base_files().locations)
    assert [(f.rule, f.file) for f in found] == [("shapes", "ontology/shapes/style.ttl")]


def test_a_project_without_shapes_is_refused(copied: Project) -> None:
    shutil.rmtree(copied.ontology / "shapes")
    with pytest.raises(InputError, match="ontology/shapes has no file of shapes"):
        check_shapes([], copied, base_files().locations)
