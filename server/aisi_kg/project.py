"""Where the curated files are."""

import os
from dataclasses import dataclass
from pathlib import Path

from aisi_kg.errors import InputError

__all__ = ["PROJECT_VARIABLE", "Project", "find_project"]

#: Environment variable that names the project directory.
PROJECT_VARIABLE = "AISI_KG_PROJECT"


@dataclass(frozen=True)
class Project:
    """Name the directories that hold the ontology, the data and the stored queries."""

    root: Path
    ontology: Path
    data: Path
    queries: Path

    @classmethod
    def at(cls, root: Path) -> "Project":
        """Lay the usual directories out under one root.

        :param root: the project directory.
        :returns: the project; nothing is read or checked.
        """
        return cls(root=root, ontology=root / "ontology", data=root / "data", queries=root / "queries")

    def relative(self, path: Path) -> str:
        """Name a file the way messages do.

        :param path: a file of the project, or any other.
        :returns: the path relative to the root with forward slashes, or the whole path of a file outside it.
        """
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def find_project() -> Project:
    """Find the project: the environment's, else the installed one, else the checkout's.

    :returns: the project.
    :raises InputError: if there is none, or the environment names a directory that is none.
    """
    named = os.environ.get(PROJECT_VARIABLE)
    if named:
        root = Path(named).absolute()
        if not (root / "ontology").is_dir():
            raise InputError(
                f"{PROJECT_VARIABLE} names {root}, which has no directory ontology/; "
                "name the directory that has it."
            )
        return Project.at(root)
    package = Path(__file__).resolve().parent
    for root in (package / "_project", package.parent.parent):
        if (root / "ontology").is_dir():
            return Project.at(root)
    raise InputError(
        "The ontology and the data were not found beside the program; "
        f"set {PROJECT_VARIABLE} to the directory that holds ontology/ and data/."
    )
