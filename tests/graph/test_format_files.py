"""Formatting files in place."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from aisi_kg.cli.format import format_files
from aisi_kg.errors import InputError
from aisi_kg.graph.files import read_files
from aisi_kg.project import Project

MakeProject = Callable[[Mapping[str, str | bytes]], Project]

WRONG = "@prefix e: <https://w3id.org/aisi-kg/entity/> . e:b e:p 1 . e:a e:p 2 ."
RIGHT = (
    "@prefix entity: <https://w3id.org/aisi-kg/entity/> .\n\n"
    "entity:a\n\tentity:p 2 ;\n\t.\n\nentity:b\n\tentity:p 1 ;\n\t.\n"
)
TRIG = "@prefix c: <https://w3id.org/aisi-kg/claim/concordia-2024/> . c:a { c:x c:p 1 }"
CLAIMS = "data/sources/concordia-2024/claims/a.trig"


def state(project: Project) -> dict[str, bytes]:
    return {project.relative(path): path.read_bytes() for path in project.root.rglob("*") if path.is_file()}


def test_all_curated_files_are_formatted(make_project: MakeProject) -> None:
    project = make_project(
        {
            "data/entities/a.ttl": WRONG,
            "data/entities/b.ttl": "",
            CLAIMS: TRIG,
            "data/x.txt": " ",
        }
    )
    result = format_files(project, [], check=False)
    assert result.changed == ("data/entities/a.ttl", CLAIMS)
    assert result.unchanged == ("ontology/prefixes.ttl", "data/entities/b.ttl")
    assert result.findings == ()
    assert (project.data / "entities" / "a.ttl").read_text("utf-8") == RIGHT
    assert [finding.rule for finding in read_files(project).findings] == ["unexpected-file"]
    assert format_files(project, [], check=False).changed == ()


def test_a_check_writes_nothing(make_project: MakeProject) -> None:
    project = make_project({"data/entities/a.ttl": WRONG, CLAIMS: TRIG})
    before = state(project)
    assert format_files(project, [], check=True).changed == ("data/entities/a.ttl", CLAIMS)
    assert state(project) == before


def test_files_and_directories_can_be_named(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(
        {"data/entities/a.ttl": WRONG, "data/entities/b.ttl": WRONG, "drafts/deep/c.ttl": WRONG}
    )
    monkeypatch.chdir(project.root)
    result = format_files(
        project, [Path("data/entities/a.ttl"), Path("drafts"), Path("drafts/deep/c.ttl")], check=False
    )
    assert result.changed == ("data/entities/a.ttl", "drafts/deep/c.ttl")
    assert (project.data / "entities" / "b.ttl").read_text("utf-8") == WRONG


@pytest.mark.parametrize(
    ("name", "content", "rule", "part"),
    [
        ("data/entities/a.ttl", "@prefix e: <http://e/> .\ne:a e:b\n", "syntax", "end"),
        ("data/entities/a.ttl", WRONG + "# note", "format", "comment would be lost"),
        ("data/entities/a.ttl", b"\xff", "encoding", "UTF-8"),
        (CLAIMS, TRIG + " c:a { c:x c:p 2 }", "format", "give one of them another id"),
        ("data/a.rdf", "", "format", "only .ttl, .trig and .sssom.tsv"),
    ],
)
def test_a_file_that_cannot_be_formatted_stays_as_it_is(
    name: str, content: str | bytes, rule: str, part: str, make_project: MakeProject
) -> None:
    project = make_project({name: content, "data/entities/other.ttl": WRONG})
    before = state(project)
    result = format_files(
        project, [project.root / name, project.data / "entities" / "other.ttl"], check=False
    )
    (finding,) = result.findings
    assert (finding.rule, finding.file) == (rule, name)
    assert part in finding.message
    assert result.changed == ("data/entities/other.ttl",)
    assert state(project) == {**before, "data/entities/other.ttl": RIGHT.encode()}


def test_a_file_that_is_not_there(make_project: MakeProject) -> None:
    project = make_project({})
    (finding,) = format_files(project, [project.data / "none.ttl"], check=False).findings
    assert (finding.rule, finding.file) == ("unreadable", "data/none.ttl")


def test_a_file_that_cannot_be_written_stays_as_it_is(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({"data/entities/a.ttl": WRONG})
    before = state(project)

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = format_files(project, [], check=False)
    assert [finding.rule for finding in result.findings] == ["unwritable"]
    assert "No space left on device" in result.findings[0].message
    assert state(project) == before


def test_an_interruption_leaves_the_file_and_nothing_beside_it(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({"data/entities/a.ttl": WRONG})
    before = state(project)

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        format_files(project, [], check=False)
    assert state(project) == before


def test_mode_and_link_stay(make_project: MakeProject) -> None:
    project = make_project({"elsewhere.ttl": WRONG, "data/entities/b.ttl": RIGHT})
    target = project.root / "elsewhere.ttl"
    target.chmod(0o640)
    link = project.data / "entities" / "a.ttl"
    link.symlink_to(os.path.relpath(target, link.parent))
    assert format_files(project, [], check=False).changed == ("data/entities/a.ttl",)
    assert link.is_symlink()
    assert target.read_text("utf-8") == RIGHT
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_byte_order_mark_goes(make_project: MakeProject) -> None:
    project = make_project({"data/entities/a.ttl": b"\xef\xbb\xbf" + RIGHT.encode()})
    assert format_files(project, [], check=False).changed == ("data/entities/a.ttl",)
    assert (project.data / "entities" / "a.ttl").read_text("utf-8") == RIGHT


def test_without_prefixes_nothing_is_formatted(make_project: MakeProject) -> None:
    project = make_project({"ontology/prefixes.ttl": "x"})
    with pytest.raises(InputError, match=r"ontology/prefixes\.ttl:1:1"):
        format_files(project, [], check=False)
