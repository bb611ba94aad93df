"""The directory of datasets: what is written is whole or not there, and what is read is what was written."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Self

import pytest

from aisi_kg import __version__
from aisi_kg.errors import DatasetError, InputError
from aisi_kg.project import Project
from aisi_kg.store import directory
from aisi_kg.store.directory import (
    CURRENT_NAME,
    MANIFEST_NAME,
    STORE_NAME,
    DatasetWriter,
    Manifest,
    current_version,
    dataset_version,
    datasets_directory,
    input_digest,
    open_dataset,
)

QUADS = b"<https://example.org/s> <https://example.org/p> <https://example.org/o> .\n"


def manifest(letter: str) -> Manifest:
    return Manifest(
        version=dataset_version(letter * 64),
        package_version=__version__,
        ontology_version="0.1.0",
        input_sha256=letter * 64,
        warnings=0,
        counts={"quads": 1},
        tools={"python": "3.11"},
    )


def write(home: Path, letter: str, quads: bytes = QUADS) -> str:
    with DatasetWriter(home) as writer:
        writer.write(STORE_NAME, [quads])
        writer.write("dumps/aisi-kg.nt", [quads])
        return writer.commit(manifest(letter)).version


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def test_what_was_written_is_opened(tmp_path: Path) -> None:
    version = write(tmp_path, "a")
    dataset = open_dataset(tmp_path)
    assert dataset.version == version == f"{__version__}+{'a' * 12}"
    assert len(dataset.load()) == 1
    assert dataset.dump("nt").read_bytes() == QUADS
    assert dataset.manifest.files[STORE_NAME].bytes == len(QUADS)
    assert names(tmp_path) == {CURRENT_NAME, version}


def test_a_dump_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path, "a")
    with pytest.raises(InputError, match=r"no dump \.xls; there are nt"):
        open_dataset(tmp_path).dump("xls")


def test_a_missing_dataset_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="run: aisi-kg build"):
        open_dataset(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", [STORE_NAME, "dumps/aisi-kg.nt"])
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, damage: str) -> None:
    path = tmp_path / write(tmp_path, "a") / name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "cut" else content.replace(b"/o>", b"/x>"))
    with pytest.raises(DatasetError) as caught:
        open_dataset(tmp_path)
    assert str(path) in str(caught.value)
    assert "run: aisi-kg build" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"form": 1}',
        b'{"form": 99, "files": {}}',
        b'{"files": 3, "form": 1}',
        b"[" * 100_000,
    ],
    ids=range(8),
)
def test_a_damaged_manifest_is_named(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / write(tmp_path, "a") / MANIFEST_NAME
    path.write_bytes(text)
    with pytest.raises(DatasetError, match=MANIFEST_NAME):
        open_dataset(tmp_path)


def test_a_manifest_of_another_dataset_is_refused(tmp_path: Path) -> None:
    first, second = write(tmp_path, "a"), write(tmp_path, "b")
    shutil.copy(tmp_path / first / MANIFEST_NAME, tmp_path / second / MANIFEST_NAME)
    with pytest.raises(DatasetError, match="describes another dataset"):
        open_dataset(tmp_path)


@pytest.mark.parametrize("text", ["", "../elsewhere", "latest", "0.1.0"])
def test_a_damaged_pointer_is_named_and_built_over(tmp_path: Path, text: str) -> None:
    version = write(tmp_path, "a")
    (tmp_path / CURRENT_NAME).write_text(text)
    with pytest.raises(DatasetError, match=CURRENT_NAME):
        open_dataset(tmp_path)
    write(tmp_path, "b")
    assert current_version(tmp_path) == dataset_version("b" * 64)
    assert version not in names(tmp_path)


def test_a_pointer_to_what_is_gone_says_so(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / write(tmp_path, "a"))
    with pytest.raises(DatasetError, match="is missing; run: aisi-kg build"):
        open_dataset(tmp_path)


def test_the_last_two_datasets_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    versions = [write(tmp_path, letter) for letter in "abc"]
    assert names(tmp_path) == {"lib", "notes.txt", CURRENT_NAME, *versions[1:]}
    assert open_dataset(tmp_path).version == versions[2]


def test_a_dataset_that_is_there_is_made_current_again(tmp_path: Path) -> None:
    first, second = write(tmp_path, "a"), write(tmp_path, "b")
    with DatasetWriter(tmp_path) as writer:
        assert writer.find(first) is not None
        assert writer.find(dataset_version("c" * 64)) is None
        writer.make_current(first)
    assert open_dataset(tmp_path).version == first
    assert names(tmp_path) == {CURRENT_NAME, first, second}


def test_a_damaged_dataset_is_written_again_in_its_place(tmp_path: Path) -> None:
    version = write(tmp_path, "a")
    (tmp_path / version / STORE_NAME).write_bytes(b"")
    with DatasetWriter(tmp_path) as writer:
        assert writer.find(version) is None
    write(tmp_path, "a")
    assert len(open_dataset(tmp_path).load()) == 1
    assert names(tmp_path) == {CURRENT_NAME, version}


class Interrupted(BaseException):
    """Stand for Ctrl-C, which pytest itself would take."""


@pytest.mark.parametrize("error", [Interrupted(), ValueError("no"), DatasetError("no")])
def test_a_build_that_ends_early_leaves_the_last_good_dataset_alone(
    tmp_path: Path, error: BaseException
) -> None:
    version = write(tmp_path, "a")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def chunks() -> Iterator[bytes]:
        yield QUADS
        raise error

    with pytest.raises(type(error)), DatasetWriter(tmp_path) as writer:
        writer.write(STORE_NAME, chunks())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert open_dataset(tmp_path).version == version


def test_a_first_build_that_ends_early_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "made" / "for" / "it"

    def chunks() -> Iterator[bytes]:
        yield QUADS
        raise Interrupted

    with pytest.raises(Interrupted), DatasetWriter(home) as writer:
        writer.write(STORE_NAME, chunks())
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("moment", ["set aside", "put in place", "switched"])
def test_an_interruption_at_the_last_moment_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The dataset is built again, as one that was asked for, so that the old one has to make room."""
    version = write(tmp_path, "a")
    rename, replace_ = Path.rename, Path.replace

    def interrupted_rename(self: Path, target: Path) -> Path:
        if moment == "set aside" and self.name == version:
            rename(self, target)
            raise Interrupted
        if moment == "put in place" and self.name.startswith(".building"):
            raise Interrupted
        return rename(self, target)

    def interrupted_replace(self: Path, target: Path) -> Path:
        if moment == "switched":
            raise Interrupted
        return replace_(self, target)

    (tmp_path / CURRENT_NAME).write_text(dataset_version("b" * 64) if moment == "switched" else version)
    monkeypatch.setattr(Path, "rename", interrupted_rename)
    monkeypatch.setattr(Path, "replace", interrupted_replace)
    with pytest.raises(Interrupted):
        write(tmp_path, "a", QUADS * 2)
    monkeypatch.undo()
    if moment == "switched":
        # What was put in place stays and is taken by the next build of the same input.
        write(tmp_path, "a", QUADS * 2)
    with DatasetWriter(tmp_path):
        pass
    assert open_dataset(tmp_path).version == version
    assert names(tmp_path) == {CURRENT_NAME, version}


def test_what_a_killed_build_left_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    version = write(tmp_path, "a")
    (tmp_path / ".building-999" / "store").mkdir(parents=True)
    (tmp_path / ".building-current").write_text("half")
    (tmp_path / version).rename(tmp_path / f".retired-{version}")
    with DatasetWriter(tmp_path) as writer:
        assert writer.find(version) is not None
    assert names(tmp_path) == {CURRENT_NAME, version}


class FullDisk:
    """Take some bytes and then say what the system says when the disk is full."""

    def __init__(self, file: IO[bytes], code: int, room: int) -> None:
        self._file = file
        self._code = code
        self._room = room

    def write(self, chunk: bytes) -> int:
        self._room -= len(chunk)
        if self._room < 0:
            raise OSError(self._code, os.strerror(self._code))
        return self._file.write(chunk)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@pytest.mark.parametrize("room", [0, len(QUADS), 2 * len(QUADS) + 10])
def test_a_full_disk_is_one_sentence_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    version = write(tmp_path, "a")
    opened = Path.open

    def opening(self: Path, mode: str = "r", **options: Any) -> Any:
        file = opened(self, mode, **options)
        return FullDisk(file, errno.ENOSPC, room) if mode == "wb" else file

    monkeypatch.setattr(Path, "open", opening)
    with pytest.raises(DatasetError, match=r"is full; the last good dataset is untouched"):
        write(tmp_path, "b", QUADS * 3)
    monkeypatch.undo()
    assert open_dataset(tmp_path).version == version
    assert names(tmp_path) == {CURRENT_NAME, version}


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="AISI_KG_DATASETS"):
        write(tmp_path / "file", "a")


def test_two_builds_at_once_are_one_too_many(tmp_path: Path) -> None:
    with (
        DatasetWriter(tmp_path),
        pytest.raises(DatasetError, match="Another build is writing"),
        DatasetWriter(tmp_path),
    ):
        pytest.fail("the second build began")
    assert write(tmp_path, "a") in names(tmp_path)


def test_a_terminated_build_clears_away_what_it_began(tmp_path: Path) -> None:
    """SIGTERM reaches a real process in the middle of writing."""
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from aisi_kg.store.build import terminable
        from aisi_kg.store.directory import DatasetWriter

        def chunks():
            yield b"begun"
            print("begun", flush=True)
            time.sleep(60)

        with terminable(), DatasetWriter(Path(sys.argv[1])) as writer:
            writer.write("store/quads.nq", chunks())
        """
    )
    version = write(tmp_path, "a")
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        assert len(names(tmp_path)) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
    assert names(tmp_path) == {CURRENT_NAME, version}


def test_a_manifest_is_read_as_it_was_written_and_bytes_follow_from_content() -> None:
    one = replace(manifest("a"), counts={"b": 2, "a": 1})
    other = replace(manifest("a"), counts={"a": 1, "b": 2})
    assert one.to_json() == other.to_json()
    assert Manifest.from_json(one.to_json()) == one
    assert list(json.loads(one.to_json())) == sorted(json.loads(one.to_json()))


# Where, and which version


def test_the_environment_names_the_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISI_KG_DATASETS", str(tmp_path / "here"))
    assert datasets_directory() == tmp_path / "here"


def test_a_checkout_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    project = Project.at(tmp_path)
    assert datasets_directory(project) == tmp_path / "data" / "aisi-kg"
    (tmp_path / "pyproject.toml").write_text("")
    assert datasets_directory(project) == tmp_path / "build"


@pytest.mark.parametrize("value", [None, "", "relative"])
def test_without_a_checkout_it_is_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("XDG_DATA_HOME", value)
    assert datasets_directory(Project.at(tmp_path)) == tmp_path / ".local" / "share" / "aisi-kg"


def test_where_there_is_no_project_a_dataset_is_found_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("AISI_KG_PROJECT", str(tmp_path / "nowhere"))
    assert datasets_directory() == tmp_path / "aisi-kg"


@pytest.fixture
def inputs(tmp_path: Path) -> Project:
    for name in ("ontology/aisi.ttl", "data/entities/a.ttl", "queries/q.rq"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return Project.at(tmp_path)


@pytest.mark.parametrize("name", ["ontology/aisi.ttl", "data/entities/a.ttl", "queries/q.rq"])
def test_every_input_file_is_in_the_digest(inputs: Project, name: str) -> None:
    before = input_digest(inputs)
    (inputs.root / name).write_text("changed")
    assert input_digest(inputs) != before
    (inputs.root / name).write_text(name)
    assert input_digest(inputs) == before
    (inputs.root / name).rename((inputs.root / name).with_name("moved"))
    assert input_digest(inputs) != before


def test_the_digest_tells_files_apart_that_run_together(inputs: Project) -> None:
    (inputs.data / "ab").write_text("c")
    one = input_digest(inputs)
    (inputs.data / "ab").unlink()
    (inputs.data / "a").write_text("bc")
    assert input_digest(inputs) != one


def test_what_editors_leave_is_not_in_the_digest(inputs: Project) -> None:
    before = input_digest(inputs)
    (inputs.data / ".swap").write_text("x")
    (inputs.queries / "__pycache__").mkdir()
    (inputs.queries / "__pycache__" / "x.pyc").write_text("x")
    assert input_digest(inputs) == before


def test_the_version_and_the_program_are_in_the_digest(
    inputs: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = input_digest(inputs)
    monkeypatch.setattr(directory, "__version__", "99")
    assert input_digest(inputs) != before
    monkeypatch.undo()
    package = tmp_path / "package"
    shutil.copytree(Path(directory.__file__).parent.parent, package)
    monkeypatch.setattr(directory, "__file__", str(package / "store" / "directory.py"))
    assert input_digest(inputs) == before
    with (package / "graph" / "dataset.py").open("a") as file:
        file.write("# changed\n")
    assert input_digest(inputs) != before
