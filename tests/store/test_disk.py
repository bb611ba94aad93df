"""The store on disk: whole or not there, with what the dataset holds, and gone when the dataset is."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from aisi_kg import __version__
from aisi_kg.errors import DatasetError
from aisi_kg.store import disk
from aisi_kg.store.directory import (
    CURRENT_NAME,
    STORE_NAME,
    DatasetWriter,
    Manifest,
    OpenDataset,
    dataset_version,
    open_dataset,
)
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.search import gather

QUADS = 2_000
PREFIX = (
    b'<https://e.org/x> <http://www.w3.org/ns/shacl#prefix> "e" .\n'
    b'<https://e.org/x> <http://www.w3.org/ns/shacl#namespace> "https://e.org/" .\n'
)


def content(number: int = QUADS) -> bytes:
    return PREFIX + b"".join(
        b"<https://e.org/s%d> <https://e.org/p> <https://e.org/o%d> <https://e.org/g> .\n" % (n, n % 7)
        for n in range(number - 2)
    )


def write(home: Path, letter: str, quads: bytes | None = None) -> OpenDataset:
    with DatasetWriter(home) as writer:
        writer.write(STORE_NAME, [content() if quads is None else quads])
        return writer.commit(
            Manifest(
                version=dataset_version(letter * 64),
                package_version=__version__,
                ontology_version="0",
                input_sha256=letter * 64,
                warnings=0,
                counts={"quads": QUADS - 2, "triples": 2},
                tools={},
            )
        )


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def rows(store: Store) -> list[str]:
    found = store.query("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
    assert isinstance(found, QuerySolutions)
    return sorted(str(row) for row in found)


def in_a_process(home: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Make the store of the current dataset in a process that does something beforehand."""
    program = textwrap.dedent(
        """
        import os, resource, signal, sys
        from pathlib import Path
        from aisi_kg.store.directory import open_dataset, terminable
        from aisi_kg.store.disk import make_disk_store
        told = None
        """
    ) + "\n".join(lines)
    program += "\nwith terminable():\n    make_disk_store(open_dataset(Path(sys.argv[1])), told)\n"
    return subprocess.run(
        [sys.executable, "-c", program, str(home)], capture_output=True, text=True, timeout=120, check=False
    )


def test_what_the_manifest_says_decides(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a")
    assert dataset.quads == QUADS
    assert disk.is_large(dataset, QUADS - 1)
    assert not disk.is_large(dataset, QUADS)


def test_it_holds_what_the_dataset_holds(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a")
    parts: list[float] = []
    place = disk.make_disk_store(dataset, parts.append)
    assert names(tmp_path) == {CURRENT_NAME, dataset.version, f"{dataset.version}.rocksdb"}
    assert parts == sorted(parts)
    assert parts[-1] == 1
    assert rows(disk.open_disk_store(dataset)) == rows(dataset.load())
    seen = disk.look_into(dataset)
    assert dict(seen.prefixes) == {"e": "https://e.org/"}
    assert seen.library == library_of(dataset.load())
    assert seen.documents == conduct(dataset.load(), gather())
    assert seen.catalogue.types == {}
    assert open_dataset(tmp_path).disk_path == place


def test_it_is_made_once(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a")
    made = disk.make_disk_store(dataset).stat().st_ino
    assert disk.make_disk_store(dataset).stat().st_ino == made


def test_it_is_read_by_several_at_once(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a")
    disk.make_disk_store(dataset)
    first, second = disk.open_disk_store(dataset), disk.open_disk_store(dataset)
    assert len(first) == len(second) == QUADS


def test_a_command_uses_it_where_it_is_there_and_the_dataset_is_large(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a")
    expected = rows(dataset.load())
    assert rows(disk.open_store(dataset, 1)) == expected
    assert names(tmp_path) == {CURRENT_NAME, dataset.version}, "reading makes nothing"
    disk.make_disk_store(dataset)
    (dataset.path / STORE_NAME).unlink()
    assert rows(disk.open_store(dataset, 1)) == expected
    with pytest.raises(OSError, match="No such file"):
        disk.open_store(dataset, QUADS)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing(tmp_path: Path, number: int, status: int) -> None:
    dataset = write(tmp_path, "a")
    done = in_a_process(tmp_path, f"told = lambda part: os.kill(os.getpid(), {number:d})")
    assert done.returncode == status, done.stderr
    assert names(tmp_path) == {CURRENT_NAME, dataset.version}


def test_a_disk_that_takes_no_more_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a")
    done = in_a_process(tmp_path, "resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))")
    assert done.returncode == 1
    assert "DatasetError: The store on disk for dataset" in done.stderr
    assert "File too large" in done.stderr
    assert "AISI_KG_MEMORY_QUADS" in done.stderr
    assert names(tmp_path) == {CURRENT_NAME, dataset.version}


def test_a_full_disk_is_called_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; sys.exit('IO error: No space left on device: While appending to file')"

    def full(*arguments: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    monkeypatch.setattr(disk, "_child", full)
    dataset = write(tmp_path, "a")
    with pytest.raises(DatasetError, match=r"\(the disk is full\)"):
        disk.make_disk_store(dataset)
    assert names(tmp_path) == {CURRENT_NAME, dataset.version}


def test_a_dataset_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a", b"<https://e.org/s> <https://e.org/p> .\n")
    with pytest.raises(DatasetError, match="cannot be made"):
        disk.make_disk_store(dataset)
    assert names(tmp_path) == {CURRENT_NAME, dataset.version}


def test_it_waits_for_no_build(tmp_path: Path) -> None:
    dataset = write(tmp_path, "a")
    with DatasetWriter(tmp_path), pytest.raises(DatasetError, match="Another build"):
        disk.make_disk_store(dataset)


def test_it_goes_with_its_dataset(tmp_path: Path) -> None:
    first = write(tmp_path, "a")
    disk.make_disk_store(first)
    second = write(tmp_path, "b")
    disk.make_disk_store(second)
    assert first.disk_path.is_dir(), "the one before is kept"
    third = write(tmp_path, "c")
    assert names(tmp_path) == {
        CURRENT_NAME,
        second.version,
        second.disk_path.name,
        third.version,
    }


def test_one_that_is_read_stays_until_it_is_not(tmp_path: Path) -> None:
    first = write(tmp_path, "a")
    disk.make_disk_store(first)
    handle = disk.hold(first)
    write(tmp_path, "b")
    write(tmp_path, "c")
    assert first.disk_path.is_dir()
    assert len(disk.open_disk_store(first)) == QUADS
    os.close(handle)
    write(tmp_path, "d")
    assert not first.disk_path.exists()


def test_a_dataset_that_is_written_again_has_its_store_made_again(tmp_path: Path) -> None:
    first = write(tmp_path, "a")
    disk.make_disk_store(first)
    again = write(tmp_path, "a")
    assert names(tmp_path) == {CURRENT_NAME, again.version}


@pytest.mark.parametrize("damage", ["emptied", "cut"])
def test_a_damaged_one_is_named(tmp_path: Path, damage: str) -> None:
    dataset = write(tmp_path, "a")
    for path in disk.make_disk_store(dataset).iterdir():
        if damage == "emptied":
            path.unlink()
        elif path.suffix == ".sst" or path.name.startswith("MANIFEST"):
            os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(DatasetError) as caught:
        disk.look_into(dataset)
    assert str(dataset.disk_path) in str(caught.value)
    assert "is made again" in str(caught.value)
    with pytest.raises(DatasetError, match="cannot be opened"):
        disk.open_disk_store(dataset)
