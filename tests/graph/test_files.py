"""Reading the curated files: what goes where, and what is found to be wrong, all of it and with its place."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from aisi_kg.graph.files import CuratedFiles, curated_paths, read_files, read_text
from aisi_kg.graph.findings import Finding, Severity
from aisi_kg.graph.literals import check_literals
from aisi_kg.graph.prefixes import CLAIM_BASE, ENTITIES_GRAPH, ENTITY_BASE, ONTOLOGY_GRAPH, SOURCE_BASE
from aisi_kg.project import Project

MakeProject = Callable[[Mapping[str, str | bytes]], Project]

FILES = Path(__file__).parent / "files"
EXPECTED = FILES / "invalid" / "expected.csv"
CLAIMS = "data/sources/concordia-2024/claims/"

AISI_LINE = "@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .\n"
CLAIM_LINE = f"@prefix claim: <{CLAIM_BASE}concordia-2024/> .\n"
ENTITY_LINE = f"@prefix entity: <{ENTITY_BASE}> .\n"


def rows() -> list[dict[str, str]]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files_of(kind: str) -> list[str]:
    return sorted(path.name for path in (FILES / kind).iterdir() if path != EXPECTED)


def place_of(name: str) -> str:
    return ("data/entities/" if name.endswith(".ttl") else CLAIMS) + name


def findings_of(files: CuratedFiles) -> list[Finding]:
    return [*files.findings, *check_literals(files)]


def entity(name: str, value: str = "30") -> str:
    return f"{AISI_LINE}{ENTITY_LINE}\nentity:{name}\n\taisi:staff {value} ;\n\t.\n"


def claim(name: str) -> str:
    return (
        f"{AISI_LINE}{CLAIM_LINE}{ENTITY_LINE}\n"
        f"GRAPH claim:{name} {{\n\tentity:one\n\t\taisi:staff 30 ;\n\t\t.\n}}\n\n"
        f"claim:{name}\n\ta aisi:Claim ;\n\t.\n"
    )


def test_each_invalid_file_has_a_row_and_each_row_a_file() -> None:
    assert [row["file"] for row in rows()] == files_of("invalid")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_an_invalid_file(row: dict[str, str], make_project: MakeProject) -> None:
    place = place_of(row["file"])
    files = read_files(make_project({place: (FILES / "invalid" / row["file"]).read_bytes()}))
    (finding,) = findings_of(files)
    assert (finding.rule, finding.file, finding.line) == (row["rule"], place, int(row["line"]))
    assert row["message"] in finding.message
    assert finding.severity is Severity.ERROR
    assert files.has_errors or finding.rule.startswith("literal")


@pytest.mark.parametrize("name", files_of("valid"))
def test_a_valid_file(name: str, make_project: MakeProject) -> None:
    files = read_files(make_project({place_of(name): (FILES / "valid" / name).read_bytes()}))
    assert findings_of(files) == []
    assert place_of(name) in files.by_name


def test_the_curated_files_have_no_errors(project: Project) -> None:
    files = read_files(project)
    assert [str(finding) for finding in findings_of(files) if finding.severity is Severity.ERROR] == []
    assert {file.name for file in files.files} == {project.relative(path) for path in curated_paths(project)}


def test_nothing_but_prefixes_is_a_project(make_project: MakeProject) -> None:
    files = read_files(make_project({}))
    assert files.findings == ()
    assert [file.name for file in files.files] == ["ontology/prefixes.ttl"]
    assert "aisi" in files.prefixes


def test_each_file_goes_to_its_graph(make_project: MakeProject) -> None:
    files = read_files(
        make_project(
            {
                "ontology/aisi.ttl": entity("ontology"),
                "ontology/alignment.ttl": entity("alignment"),
                "ontology/shapes.ttl": entity("shapes"),
                "ontology/shapes/aisi.ttl": entity("more-shapes"),
                "data/entities/a.ttl": entity("entities"),
                "data/sources/concordia-2024/source.ttl": entity("source"),
                "data/sources/concordia-2024/footnotes.ttl": entity("footnotes"),
                CLAIMS + "a.trig": claim("a"),
                "data/sources/other/source.ttl": entity("other-source"),
            }
        )
    )
    assert files.findings == ()
    graphs = {
        str(quad.subject).removeprefix(f"<{ENTITY_BASE}").rstrip(">"): quad.graph_name.value
        for quad in files.quads()
        if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode)
        if quad.subject.value.startswith(ENTITY_BASE)
    }
    assert graphs == {
        "ontology": ONTOLOGY_GRAPH,
        "alignment": ONTOLOGY_GRAPH,
        "entities": ENTITIES_GRAPH,
        "source": SOURCE_BASE + "concordia-2024",
        "footnotes": SOURCE_BASE + "concordia-2024",
        "one": CLAIM_BASE + "concordia-2024/a",
        "other-source": SOURCE_BASE + "other",
    }
    assert [
        quad.graph_name.value
        for quad in files.quads()
        if isinstance(quad.graph_name, NamedNode)
        and quad.subject == NamedNode(CLAIM_BASE + "concordia-2024/a")
    ] == [SOURCE_BASE + "concordia-2024"]
    assert not any(isinstance(quad.graph_name, DefaultGraph) for quad in files.quads())
    for shapes in ("ontology/shapes.ttl", "ontology/shapes/aisi.ttl"):
        assert files.by_name[shapes].graph is None
        assert len(files.by_name[shapes].quads) == 1


def test_blank_nodes_of_two_files_are_two(make_project: MakeProject) -> None:
    text = (
        f"{AISI_LINE}{ENTITY_LINE}\nentity:a\n\taisi:p _:c14n0 ;\n\t.\n\nentity:b\n\taisi:p _:c14n0 ;\n\t.\n"
    )
    files = read_files(make_project({"ontology/aisi.ttl": text, "ontology/alignment.ttl": text}))
    assert files.findings == ()
    assert len({quad.object for quad in files.quads() if isinstance(quad.object, BlankNode)}) == 2


def test_all_that_is_wrong_is_found(make_project: MakeProject) -> None:
    files = read_files(
        make_project(
            {
                "ontology/aisi.ttl": "x",
                "data/entities/a.ttl": entity("a") + "# late\n",
                "data/entities/b.ttl": b"\xff",
                "data/entities/c.ttl": entity("c", "_:x"),
                CLAIMS + "a.trig": "}",
                CLAIMS + "b.trig": claim("b"),
                "data/notes.txt": "",
            }
        )
    )
    assert [(finding.file, finding.rule) for finding in files.findings] == [
        ("data/entities/a.ttl", "comment"),
        ("data/entities/b.ttl", "encoding"),
        ("data/entities/c.ttl", "blank-node"),
        ("data/notes.txt", "unexpected-file"),
        (CLAIMS + "a.trig", "syntax"),
        ("ontology/aisi.ttl", "syntax"),
    ]
    assert CLAIMS + "b.trig" in files.by_name
    assert CLAIMS + "a.trig" not in files.by_name


def test_one_claim_in_two_files_is_found(make_project: MakeProject) -> None:
    files = read_files(make_project({CLAIMS + "1.trig": claim("a"), CLAIMS + "2.trig": claim("a")}))
    assert [(f.rule, f.file, f.line, f.subject) for f in files.findings] == [
        ("claim-id", CLAIMS + "2.trig", 5, CLAIM_BASE + "concordia-2024/a"),
        ("claim-id", CLAIMS + "2.trig", 11, CLAIM_BASE + "concordia-2024/a"),
    ]
    assert f"{CLAIMS}1.trig:5" in files.findings[0].message
    assert f"{CLAIMS}1.trig:11" in files.findings[1].message


def test_an_entity_of_two_files_is_a_warning(make_project: MakeProject) -> None:
    files = read_files(make_project({"data/entities/1.ttl": entity("a"), "data/entities/2.ttl": entity("a")}))
    (finding,) = files.findings
    assert (finding.rule, finding.severity) == ("split-description", Severity.WARNING)
    assert (finding.file, finding.line, finding.subject) == ("data/entities/2.ttl", 4, ENTITY_BASE + "a")
    assert "data/entities/1.ttl:4" in finding.message
    assert not files.has_errors


def test_a_passage_of_two_files_is_no_fault(make_project: MakeProject) -> None:
    passage = (
        f"{AISI_LINE}@prefix passage: <{SOURCE_BASE}concordia-2024/passage/> .\n\n"
        "passage:1-2\n\ta aisi:Passage ;\n\t.\n"
    )
    files = read_files(make_project({CLAIMS + "1.trig": passage, CLAIMS + "2.trig": passage}))
    assert files.findings == ()


@pytest.mark.parametrize(
    "name",
    [
        "data/entities/a.trig",
        "data/entities/deeper/a.ttl",
        "data/a.ttl",
        "data/sources/concordia-2024/claims.trig",
        "data/sources/concordia-2024/notes.ttl",
        "data/sources/concordia-2024/claims/a.ttl",
        "data/sources/Concordia 2024/source.ttl",
        "data/table.csv",
    ],
)
def test_a_file_that_nothing_reads_is_found(name: str, make_project: MakeProject) -> None:
    (finding,) = read_files(make_project({name: ""})).findings
    assert (finding.rule, finding.file, finding.severity) == ("unexpected-file", name, Severity.ERROR)


@pytest.mark.parametrize(
    "name", ["data/README.md", "data/entities/.gitkeep", "data/entities/a.ttl~", "data/.x/a.ttl"]
)
def test_a_file_that_is_for_people_or_editors_is_left_alone(name: str, make_project: MakeProject) -> None:
    assert read_files(make_project({name: "x"})).findings == ()


def test_lines_that_end_with_cr_lf_are_named(make_project: MakeProject) -> None:
    files = read_files(make_project({"data/entities/a.ttl": entity("a").replace("\n", "\r\n")}))
    (finding,) = files.findings
    assert (finding.rule, finding.line) == ("style", 1)
    assert "CR LF" in finding.message


def test_nesting_that_cannot_be_formatted_is_found(make_project: MakeProject) -> None:
    text = AISI_LINE + "aisi:a aisi:p " + "[ aisi:p " * 40 + "1" + " ]" * 40 + " ."
    (finding,) = read_files(make_project({"ontology/aisi.ttl": text})).findings
    assert finding.rule == "style"
    assert "32 deep" in finding.message


def test_a_file_that_cannot_be_read_is_found(tmp_path: Path) -> None:
    text, findings = read_text(tmp_path, "data/entities/a.ttl")
    assert text is None
    assert [(finding.rule, finding.file) for finding in findings] == [("unreadable", "data/entities/a.ttl")]
    assert "Is a directory" in findings[0].message


def test_prefixes_that_cannot_be_read_do_not_hide_the_rest(make_project: MakeProject) -> None:
    files = read_files(make_project({"ontology/prefixes.ttl": "x", "data/entities/a.ttl": "y"}))
    assert [(finding.file, finding.rule) for finding in files.findings] == [
        ("data/entities/a.ttl", "syntax"),
        ("ontology/prefixes.ttl", "syntax"),
    ]
    assert len(files.prefixes) == 0


def test_without_a_file_of_prefixes_that_is_the_finding(make_project: MakeProject) -> None:
    project = make_project({"data/entities/a.ttl": entity("a")})
    (project.ontology / "prefixes.ttl").unlink()
    files = read_files(project)
    assert [(finding.file, finding.rule) for finding in files.findings] == [
        ("ontology/prefixes.ttl", "prefixes")
    ]


def test_prefixes_that_are_declared_badly_are_the_finding(make_project: MakeProject) -> None:
    text = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<http://e/a> sh:declare <http://e/b> ."
    (finding,) = read_files(make_project({"ontology/prefixes.ttl": text})).findings
    assert finding.rule == "prefixes"
    assert "sh:namespace" in finding.message


def test_the_places_of_what_is_said_are_known(make_project: MakeProject) -> None:
    files = read_files(make_project({CLAIMS + "a.trig": claim("a"), "data/entities/a.ttl": entity("one")}))
    iri = CLAIM_BASE + "concordia-2024/a"
    assert str(files.locations.find(iri)) == CLAIMS + "a.trig:11"
    assert str(files.locations.graph(iri)) == CLAIMS + "a.trig:5"
    assert str(files.locations.find(ENTITY_BASE + "one")) == "data/entities/a.ttl:4"
