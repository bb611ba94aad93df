"""The project's mappings as they are, and projects in which they were changed.

Fixtures: ``text`` is the file, ``table`` its rows as another reader gives them, ``changed`` the project with
one text in the file in place of another.
"""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aisi_kg.project import Project

NAME = "data/mappings/wikidata.sssom.tsv"
Change = Callable[..., Project]


@pytest.fixture(scope="session")
def text(project: Project) -> str:
    return (project.data / "mappings" / "wikidata.sssom.tsv").read_text("utf-8")


@pytest.fixture(scope="session")
def table(text: str) -> list[dict[str, str]]:
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return list(csv.DictReader(io.StringIO(lines, newline=""), delimiter="\t"))


@pytest.fixture
def changed(tmp_path: Path, project: Project, text: str) -> Change:
    def make(*changes: tuple[str, str]) -> Project:
        made = Project.at(tmp_path)
        shutil.copytree(project.ontology, made.ontology)
        # The claims say nothing about the mappings, and most of the time would go to them.
        shutil.copytree(project.data, made.data, ignore=shutil.ignore_patterns("claims"))
        shutil.copytree(project.queries, made.queries)
        new = text
        for old, replacement in changes:
            assert new.count(old) == 1, f"{old!r} is there {new.count(old)} times"
            new = new.replace(old, replacement)
        (made.root / NAME).write_text(new, "utf-8")
        return made

    return make
