"""Finding the project, and the errors that say what is wrong."""

from pathlib import Path

import pytest

from aisi_kg import errors
from aisi_kg.errors import AisiKgError, InputError, QueryRejected, RdfSyntaxError
from aisi_kg.project import PROJECT_VARIABLE, Project, find_project


def test_the_checkout_is_a_project(checkout: Path) -> None:
    assert find_project() == Project.at(checkout)


def test_the_environment_names_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ontology").mkdir()
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path))
    found = find_project()
    assert (found.root, found.ontology, found.data, found.queries) == (
        tmp_path,
        tmp_path / "ontology",
        tmp_path / "data",
        tmp_path / "queries",
    )


def test_a_relative_name_is_taken_from_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "ontology").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PROJECT_VARIABLE, "here")
    assert find_project().root == tmp_path / "here"


def test_an_empty_variable_is_none(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROJECT_VARIABLE, "")
    assert find_project().root == checkout


def test_a_directory_that_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match=f"{PROJECT_VARIABLE} names .* which has no directory ontology/"):
        find_project()


def test_files_are_named_from_the_root(tmp_path: Path) -> None:
    project = Project.at(tmp_path / "p")
    assert project.relative(project.data / "entities" / "a.ttl") == "data/entities/a.ttl"
    assert project.relative(tmp_path / "a.ttl") == (tmp_path / "a.ttl").as_posix()


def test_each_error_is_one_of_ours_and_ends_with_a_failure() -> None:
    kinds = [getattr(errors, name) for name in errors.__all__]
    assert len(kinds) > 5
    for kind in kinds:
        assert issubclass(kind, AisiKgError)
        assert kind.exit_status != 0


def test_a_syntax_error_names_its_place() -> None:
    error = RdfSyntaxError("no full stop", 3, 4)
    assert str(error) == "line 3, column 4: no full stop"
    assert str(error.in_file("a.ttl")) == "a.ttl:3:4: no full stop"
    assert (error.in_file("a.ttl").line, error.in_file("a.ttl").column) == (3, 4)


def test_a_rejected_query_has_its_place_where_it_is_known() -> None:
    error = QueryRejected("no", 1, 2)
    assert (str(error), error.line, error.column) == ("no", 1, 2)
    assert QueryRejected("no").line is None
