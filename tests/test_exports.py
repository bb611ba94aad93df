"""What each module offers is what its ``__all__`` lists."""

import ast
import importlib
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).resolve().parent.parent / "server"


def module_names() -> list[str]:
    names = []
    for file in (SERVER / "aisi_kg").rglob("*.py"):
        parts = file.relative_to(SERVER).with_suffix("").parts
        if parts[-1] == "__main__":
            continue
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(names)


def is_registered(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Tell a handler that ``@router.get(…)`` takes in: it is reached through the router, not by its name."""
    return any(
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
        for decorator in node.decorator_list
    )


def defined_names(source: str) -> Iterator[str]:
    """Give the public names that a module binds itself, not those that it imports."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [] if is_registered(node) else [node.name]
        elif isinstance(node, ast.Assign):
            names = [
                name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)
            ]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def load(name: str) -> types.ModuleType:
    return importlib.import_module(name)


@pytest.mark.parametrize("name", module_names())
def test_a_module_lists_what_it_offers(name: str) -> None:
    module = load(name)
    listed = getattr(module, "__all__", None)
    assert isinstance(listed, list | tuple), f"{name} has no __all__"
    assert len(listed) == len(set(listed)), f"{name}.__all__ lists a name twice"
    missing = [item for item in listed if not hasattr(module, item)]
    assert not missing, f"{name}.__all__ lists what is not there: {missing}"
    assert module.__file__ is not None
    unlisted = sorted(set(defined_names(Path(module.__file__).read_text("utf-8"))) - set(listed))
    assert not unlisted, f"{name} binds public names that __all__ does not list: {unlisted}"


@pytest.mark.parametrize("name", module_names())
def test_a_module_tells_what_it_is_for(name: str) -> None:
    assert (load(name).__doc__ or "").strip(), f"{name} has no docstring"


def test_names_that_a_module_binds_are_found() -> None:
    source = (
        "import a\nB = 1\nC: int = 2\n_d = 3\ne, f = 4, 5\ndef g(): ...\nasync def h(): ...\nclass I: ...\n"
        "@cache\ndef j(): ...\n@router.get('/')\ndef k(): ...\n"
    )
    assert set(defined_names(source)) == {"B", "C", "e", "f", "g", "h", "I", "j"}
