"""The distributions hold what the checkout holds, and the lists of dependencies agree with one another."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import aisi_kg

TREES = ("ontology", "data", "queries")
#: What machines make, as .gitignore names it.
MADE = {".git", ".venv", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
#: Made too, and only at the top; a library that the pages load may have folders of these names.
MADE_AT_THE_TOP = {"build", "dist"}
#: What git ignores and the distributions hold.
FETCHED = "server/aisi_kg/web/static/vendor/"
BUILD_TOOLS = {"setuptools"}


@dataclass(frozen=True)
class Distributions:
    wheel: Path
    sdist: Path


def build(source: Path, target: Path, *kinds: str) -> None:
    # hatchling itself and not a front end: those fetch it anew into an environment of its own.
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    command += [argument for kind in kinds for argument in ("--target", kind)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def distributions(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    target = tmp_path_factory.mktemp("dist")
    build(checkout, target, "sdist", "wheel")
    [wheel] = target.glob("*.whl")
    [sdist] = target.glob("*.tar.gz")
    return Distributions(wheel, sdist)


def is_made(name: str) -> bool:
    """Tell whether a file is what machines make."""
    parts = name.split("/")
    return not MADE.isdisjoint(parts) or parts[0] in MADE_AT_THE_TOP


def files_of(folder: Path) -> set[str]:
    """Give the files below a folder that are nobody's cache, relative to it."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not is_made(path.relative_to(folder).as_posix())
    }


def files_of_checkout(checkout: Path) -> set[str]:
    """Give the files that belong to the project: git's where git can tell, else all that stand there."""
    git = shutil.which("git")
    if git is None or not (checkout / ".git").exists():
        return files_of(checkout) - {"PKG-INFO"}
    command = [git, "ls-files", "-z"]
    listed = subprocess.run(command, cwd=checkout, capture_output=True, check=True).stdout.decode()
    return {name for name in listed.split("\0") if name and (checkout / name).is_file()}


def contents(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist()}


def test_the_wheel_holds_the_package_and_the_curated_files(
    checkout: Path, distributions: Distributions
) -> None:
    expected = {f"aisi_kg/{name}" for name in files_of(checkout / "server" / "aisi_kg")}
    for tree in TREES:
        expected |= {f"aisi_kg/_project/{tree}/{name}" for name in files_of(checkout / tree)}
    assert {name for name in contents(distributions.wheel) if ".dist-info/" not in name} == expected
    assert "aisi_kg/_project/ontology/aisi.ttl" in expected


def test_the_source_distribution_holds_the_checkout(checkout: Path, distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {entry.name.partition("/")[2] for entry in archive.getmembers() if entry.isfile()}
    missing = files_of_checkout(checkout) - names
    assert not missing, f"not in the source distribution; add its folder in pyproject.toml: {sorted(missing)}"
    assert not [name for name in names if is_made(name)]
    assert {name for name in names if name.startswith(FETCHED)} == {
        FETCHED + name for name in files_of(checkout / FETCHED)
    }


def test_a_wheel_built_from_the_source_distribution_is_the_same(
    distributions: Distributions, tmp_path: Path
) -> None:
    with tarfile.open(distributions.sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    [source] = (tmp_path / "source").iterdir()
    build(source, tmp_path / "dist", "wheel")
    [wheel] = (tmp_path / "dist").glob("*.whl")
    assert contents(wheel) == contents(distributions.wheel)


def test_the_wheel_offers_the_command(distributions: Distributions) -> None:
    with zipfile.ZipFile(distributions.wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert archive.read(name).decode().split() == [
            "[console_scripts]",
            "aisi-kg",
            "=",
            "aisi_kg.cli:main",
        ]
        [name] = [name for name in archive.namelist() if name.endswith("dist-info/METADATA")]
        metadata = archive.read(name).decode()
    assert f"\nVersion: {aisi_kg.__version__}\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert "\nLicense-Expression: Apache-2.0 AND CC-BY-4.0\n" in metadata


def test_an_installed_wheel_finds_its_own_curated_files(
    checkout: Path, distributions: Distributions, tmp_path: Path
) -> None:
    installed, elsewhere = tmp_path / "site-packages", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(distributions.wheel) as archive:
        archive.extractall(installed)
    program = (
        "import json, aisi_kg\n"
        "from aisi_kg.project import find_project\n"
        "project = find_project()\n"
        "trees = project.ontology, project.data, project.queries\n"
        "print(json.dumps([aisi_kg.__file__, *map(str, trees)]))\n"
    )
    environment = {**os.environ, "HOME": str(elsewhere), "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    package, *trees = map(Path, json.loads(done.stdout))
    assert package == installed / "aisi_kg" / "__init__.py"
    for tree, found in zip(TREES, trees, strict=True):
        assert found == installed / "aisi_kg" / "_project" / tree
        assert files_of(found) == files_of(checkout / tree)


def test_an_editable_installation_takes_the_curated_files_from_the_checkout(checkout: Path) -> None:
    assert Path(aisi_kg.__file__) == checkout / "server" / "aisi_kg" / "__init__.py"
    assert not (checkout / "server" / "aisi_kg" / "_project").exists()


def test_one_version_everywhere(checkout: Path) -> None:
    changelog = (checkout / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == aisi_kg.__version__
    assert importlib.metadata.version("aisi-kg") == aisi_kg.__version__


def declared(checkout: Path) -> list[Requirement]:
    """Give what pyproject.toml asks for, to run and to develop."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    return [
        Requirement(text) for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    ]


def closure(requirements: list[Requirement]) -> Iterator[str]:
    """Give the names of all distributions that the requirements bring in on this Python."""
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                needs = importlib.metadata.requires(name) or []
                waiting += [(Requirement(need), wanted) for need in needs]
        yield name


def pins(checkout: Path) -> dict[str, str]:
    """Give the versions of constraints.txt that hold on this Python."""
    found = {}
    for line in (checkout / "constraints.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        assert re.fullmatch(r'[a-z0-9-]+==[0-9.]+( ; python_version < "3\.\d+")?', line), line
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            found[requirement.name] = str(requirement.specifier).removeprefix("==")
    return found


def test_the_constraints_pin_all_that_is_needed_and_nothing_else(checkout: Path) -> None:
    assert set(pins(checkout)) == set(closure(declared(checkout))) | BUILD_TOOLS


def test_the_constraints_are_what_the_tests_run_with(checkout: Path) -> None:
    installed = {name: importlib.metadata.version(name) for name in pins(checkout)}
    assert installed == pins(checkout)


def test_the_constraints_satisfy_what_is_declared(checkout: Path) -> None:
    for requirement in declared(checkout):
        assert requirement.specifier.contains(pins(checkout)[canonicalize_name(requirement.name)]), (
            requirement
        )


def test_each_dependency_has_its_reason_and_licence(checkout: Path) -> None:
    page = (checkout / "docs" / "decisions" / "0001-dependencies.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| ([\w-]+) \| ([^|]+?) \| [^|]{20,} \|$", page, re.MULTILINE))
    assert set(rows) == {requirement.name for requirement in declared(checkout)}
    for name, licence in rows.items():
        told = importlib.metadata.metadata(name).get_all("License-Expression", [licence])
        assert told == [licence], f"{name} is under {told}, not {licence}"


def test_each_file_has_a_licence_whose_text_is_here(checkout: Path) -> None:
    tables = tomllib.loads((checkout / "REUSE.toml").read_text("utf-8"))["annotations"]
    assert tables[0]["path"] == "**"
    licences = {table["SPDX-License-Identifier"] for table in tables}
    assert {file.stem for file in (checkout / "LICENSES").iterdir()} == licences
    ours = {
        pattern
        for table in tables
        for pattern in table["path"]
        if table["SPDX-License-Identifier"] == "CC-BY-4.0"
    }
    assert {f"{tree}/**" for tree in TREES} <= ours
