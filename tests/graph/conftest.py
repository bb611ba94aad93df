"""Small projects to read.

Fixtures: ``prefixes`` are the project's own, ``make_project`` writes a project with the files a test names.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from aisi_kg.graph.prefixes import Prefixes, load_prefixes
from aisi_kg.project import Project


@pytest.fixture(scope="session")
def prefixes(project: Project) -> Prefixes:
    return load_prefixes(project)


@pytest.fixture
def make_project(tmp_path: Path, project: Project) -> Callable[[Mapping[str, str | bytes]], Project]:
    """Write files below a fresh root that has the project's prefixes."""

    def make(files: Mapping[str, str | bytes]) -> Project:
        made = Project.at(tmp_path)
        made.ontology.mkdir(exist_ok=True)
        shutil.copyfile(project.ontology / "prefixes.ttl", made.ontology / "prefixes.ttl")
        for name, content in files.items():
            path = made.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return made

    return make
