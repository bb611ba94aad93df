"""Where built datasets live, and how one is written so that nobody ever meets half of one.

::

    <datasets>/
    ├── current                       the version that is served, as text
    └── 0.1.0+3f2a9c4be017/           one immutable dataset
        ├── manifest.json             counts, digests, tool versions
        ├── store/quads.nq            every named graph, and their merge as the default graph
        └── dumps/aisi-kg.{ttl,nt,rdf,jsonld,trig,nq}

Beside a large dataset stands the store on disk that was made of it (:mod:`aisi_kg.store.disk`), as
``<version>.rocksdb``.

A dataset is written into a hidden directory beside its place, flushed to the disk, and renamed; then
``current`` is replaced. Whatever happens before that leaves the last good dataset as it was. Nothing in the
directory depends on the clock, the machine or the order of files, so that the same input gives the same
bytes.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from pyoxigraph import RdfFormat, Store

from aisi_kg import __version__
from aisi_kg.errors import DatasetError, InputError
from aisi_kg.project import Project, find_project

__all__ = [
    "CURRENT_NAME",
    "DATASETS_VARIABLE",
    "DUMP_STEM",
    "MANIFEST_NAME",
    "STORE_NAME",
    "DatasetWriter",
    "FileRecord",
    "Manifest",
    "OpenDataset",
    "current_version",
    "dataset_version",
    "datasets_directory",
    "input_digest",
    "open_dataset",
    "terminable",
]

#: Environment variable that names the directory of the datasets.
DATASETS_VARIABLE = "AISI_KG_DATASETS"
CURRENT_NAME = "current"
MANIFEST_NAME = "manifest.json"
STORE_NAME = "store/quads.nq"
DUMP_STEM = "dumps/aisi-kg"

# A manifest of another form is refused, so that an old program never misreads a new dataset.
_MANIFEST_FORM = 1
# Only directories of this form are ever removed: the datasets' directory may hold other things.
_VERSION = re.compile(r"[0-9][0-9A-Za-z.]*\+[0-9a-f]{12}")
_DISK = ".rocksdb"
_PENDING = ".building-"
_RETIRED = ".retired-"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileRecord:
    """Say how long a file of a dataset is and what its digest is."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Describe a built dataset.

    :param version: the dataset's version.
    :param package_version: version of the program that built it.
    :param ontology_version: ``owl:versionInfo`` of the ontology.
    :param input_sha256: digest of what it was built from (see :func:`input_digest`).
    :param warnings: how many recommendations the input did not follow.
    :param counts: sizes, by name.
    :param tools: versions of the programs that took part, by name.
    :param files: length and digest of each file, by path relative to the dataset.
    """

    version: str
    package_version: str
    ontology_version: str
    input_sha256: str
    warnings: int
    counts: Mapping[str, int]
    tools: Mapping[str, str]
    files: Mapping[str, FileRecord] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Write the manifest.

        :returns: JSON with sorted keys, the same bytes for the same manifest.
        """
        value = {"form": _MANIFEST_FORM, **asdict(self)}
        return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read a manifest.

        :param text: what :meth:`to_json` wrote.
        :returns: the manifest.
        :raises ValueError: if the text is no manifest of the form this program knows.
        """
        try:
            value = json.loads(text)
        except RecursionError as error:
            raise ValueError("it nests too deeply") from error
        try:
            if value.pop("form") != _MANIFEST_FORM:
                raise ValueError("it was written by another version of aisi-kg")
            files = {name: FileRecord(**record) for name, record in value.pop("files").items()}
            return cls(files=files, **value)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("it has not the keys of a manifest") from error


@dataclass(frozen=True)
class OpenDataset:
    """Hold a built dataset whose files have been compared with their digests.

    :param path: the dataset's own directory.
    :param version: its version.
    :param manifest: its manifest.
    """

    path: Path
    version: str
    manifest: Manifest

    @property
    def quads(self) -> int:
        """Say how many quads it has, the default graph's included."""
        return self.manifest.counts.get("quads", 0) + self.manifest.counts.get("triples", 0)

    @property
    def disk_path(self) -> Path:
        """Say where the store on disk that is made of it is, or would be."""
        return self.path.with_name(self.version + _DISK)

    def load(self) -> Store:
        """Load the dataset into memory.

        :returns: a store with every named graph, and their merge as the default graph.
        """
        store = Store()
        store.load(path=self.path / STORE_NAME, format=RdfFormat.N_QUADS)
        return store

    def dump(self, extension: str) -> Path:
        """Find a dump.

        :param extension: ``ttl``, ``nt``, ``rdf``, ``jsonld``, ``trig`` or ``nq``.
        :returns: the dump's path.
        :raises InputError: if the dataset has no such dump.
        """
        name = f"{DUMP_STEM}.{extension}"
        if name not in self.manifest.files:
            known = sorted(
                Path(other).suffix[1:] for other in self.manifest.files if other.startswith(DUMP_STEM)
            )
            raise InputError(f"There is no dump .{extension}; there are {', '.join(known)}.")
        return self.path / name


def datasets_directory(project: Project | None = None) -> Path:
    """Say where datasets live.

    :param project: the project; looked for where not given.
    :returns: what ``AISI_KG_DATASETS`` names; else ``build`` in a checkout; else the user's data directory.
    """
    named = os.environ.get(DATASETS_VARIABLE)
    if named:
        return Path(named).absolute()
    if project is None:
        try:
            project = find_project()
        except InputError:
            # A dataset can be read where the curated files are not.
            project = None
    if project is not None and (project.root / "pyproject.toml").is_file():
        return project.root / "build"
    data_home = os.environ.get("XDG_DATA_HOME")
    # The XDG specification has relative paths ignored.
    home = (
        Path(data_home) if data_home and Path(data_home).is_absolute() else Path.home() / ".local" / "share"
    )
    return home / "aisi-kg"


def input_digest(project: Project) -> str:
    """Digest everything that a dataset is made from.

    That is each file of ``ontology/``, ``data/`` and ``queries/`` with its path, the package's version, and
    the parts of the program that read, check and write; so a version names one content, and a directory is
    never rewritten.

    :param project: the project.
    :returns: SHA-256 as hexadecimal digits.
    :raises InputError: if a file cannot be read.
    """
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent

    def add(name: str, content: bytes) -> None:
        # The lengths keep two different lists of files from running together into the same bytes.
        encoded = name.encode()
        digest.update(b"%d:%b%d:" % (len(encoded), encoded, len(content)))
        digest.update(content)

    add("version", __version__.encode())
    for part in ("text", "graph", "store"):
        for path in _files(package / part):
            if path.suffix == ".py":
                add("program/" + path.relative_to(package).as_posix(), path.read_bytes())
    for folder in (project.ontology, project.data, project.queries):
        for path in _files(folder):
            try:
                add(f"{folder.name}/{path.relative_to(folder).as_posix()}", path.read_bytes())
            except OSError as error:
                raise InputError(f"{project.relative(path)} cannot be read ({error.strerror}).") from error
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    """List a folder's files in one order, without what editors and interpreters leave."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    visible = (p for p in found if not any(part.startswith(".") or part == "__pycache__" for part in p.parts))
    return [folder / path for path in sorted(visible, key=lambda p: p.as_posix())]


def dataset_version(digest: str) -> str:
    """Name the dataset that an input gives.

    :param digest: the input's digest.
    :returns: a version such as ``0.1.0+3f2a9c4be017``.
    """
    return f"{__version__}+{digest[:12]}"


def current_version(home: Path) -> str | None:
    """Say which version is current.

    :param home: the datasets' directory.
    :returns: the version, or None where there is none.
    :raises DatasetError: if the pointer is damaged.
    """
    pointer = home / CURRENT_NAME
    try:
        version = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{pointer} cannot be read ({error}); run: aisi-kg build") from error
    if not _VERSION.fullmatch(version):
        raise DatasetError(f"{pointer} does not name a dataset version; run: aisi-kg build")
    return version


def open_dataset(home: Path | None = None, *, compare: bool = True) -> OpenDataset:
    """Open the current dataset.

    :param home: the datasets' directory; the usual one where not given.
    :param compare: compare each of its files with its digest.
    :returns: the dataset.
    :raises DatasetError: if there is none, or a file of it is missing or damaged.
    """
    home = home or datasets_directory()
    version = current_version(home)
    if version is None:
        raise DatasetError(f"There is no dataset in {home}; run: aisi-kg build")
    return _open_version(home, version, compare=compare)


def _open_version(home: Path, version: str, *, compare: bool = True) -> OpenDataset:
    path = home / version
    if not path.is_dir():
        raise DatasetError(f"The dataset {path} is missing; run: aisi-kg build")
    manifest_path = path / MANIFEST_NAME
    try:
        manifest = Manifest.from_json(manifest_path.read_bytes())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DatasetError(f"{manifest_path} cannot be used ({reason}); run: aisi-kg build") from error
    if manifest.version != version or STORE_NAME not in manifest.files:
        raise DatasetError(f"{manifest_path} describes another dataset; run: aisi-kg build")
    for name, record in sorted(manifest.files.items()) if compare else ():
        try:
            found = _record(path / name)
        except OSError as error:
            raise DatasetError(
                f"{path / name} cannot be read ({error.strerror}); run: aisi-kg build"
            ) from error
        if found != record:
            raise DatasetError(
                f"{path / name} is not what was built (its digest differs); run: aisi-kg build"
            )
    return OpenDataset(path=path, version=version, manifest=manifest)


def _record(path: Path) -> FileRecord:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return FileRecord(bytes=size, sha256=digest.hexdigest())


class DatasetWriter:
    """Write one dataset, all or nothing.

    ::

        with DatasetWriter(home) as writer:
            writer.write("store/quads.nq", chunks)
            writer.commit(manifest)

    Inside the block no other process can write to the same directory. Leaving it without :meth:`commit`
    removes everything that was written.

    :param home: the datasets' directory; made where it is missing.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._pending = home / f"{_PENDING}{os.getpid()}"
        self._files: dict[str, FileRecord] = {}
        self._made: list[Path] = []
        self._unlock: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        missing = [path for path in (self._home, *self._home.parents) if not path.exists()]
        with self._explained():
            self._home.mkdir(parents=True, exist_ok=True)
            self._made = missing
            self._unlock = _lock(self._home)
        # The lock is held: what is left over here belongs to a build that was killed.
        self._tidy()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tidy()
        self._unlock()
        if _current_or_none(self._home) is None:
            for path in self._made:
                try:
                    path.rmdir()
                except OSError:
                    break

    def _tidy(self) -> None:
        """Remove what no build is writing any more; a dataset whose successor is not there yet comes back."""
        for litter in self._home.glob(f"{_PENDING}*"):
            _remove(litter)
        for retired in self._home.glob(f"{_RETIRED}*"):
            place = self._home / retired.name.removeprefix(_RETIRED)
            if place.exists():
                _remove(retired)
            else:
                retired.rename(place)

    def find(self, version: str) -> OpenDataset | None:
        """Find a version that is already there, whole.

        :param version: the version.
        :returns: the dataset, or None where it is missing or damaged.
        """
        try:
            return _open_version(self._home, version)
        except DatasetError:
            return None

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a file of the dataset.

        :param name: its path in the dataset, with forward slashes.
        :param chunks: its content.
        :raises DatasetError: if the disk does not take it.
        """
        digest, size = hashlib.sha256(), 0
        path = self._pending / name
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("wb")
        try:
            for chunk in chunks:
                with self._explained():
                    file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            with self._explained():
                file.flush()
                os.fsync(file.fileno())
        finally:
            # What could not be flushed is not tried again: closing would raise the same error once more.
            with _quiet():
                file.close()
        self._files[name] = FileRecord(bytes=size, sha256=digest.hexdigest())

    def commit(self, manifest: Manifest) -> OpenDataset:
        """Put what was written in its place and make it current.

        :param manifest: the manifest; the records of the written files are filled in here.
        :returns: the dataset.
        :raises DatasetError: if the disk does not take it.
        """
        whole = replace(manifest, files=dict(sorted(self._files.items())))
        place = self._home / manifest.version
        self.write(MANIFEST_NAME, [whole.to_json()])
        with self._explained():
            for folder in {(self._pending / name).parent for name in self._files}:
                _flush_directory(folder)
            if place.exists():
                # Only a damaged directory, or one that was asked to be built again, is in the way.
                _remove_unless_held(place.with_name(place.name + _DISK))
                retired = self._home / f"{_RETIRED}{manifest.version}"
                _remove(retired)
                place.rename(retired)
            self._pending.rename(place)
            _flush_directory(self._home)
        self.make_current(manifest.version)
        return OpenDataset(path=place, version=manifest.version, manifest=whole)

    def write_disk_store(self, dataset: OpenDataset, make: Callable[[Path], None]) -> None:
        """Write the store on disk of a dataset, and put it in its place when it is complete.

        :param dataset: the dataset.
        :param make: makes the store in a directory that is not there yet.
        :raises DatasetError: if the disk does not take it.
        """
        make(self._pending)
        with self._explained():
            _flush_directory(self._pending)
            self._pending.rename(dataset.disk_path)
            _flush_directory(self._home)

    def make_current(self, version: str) -> None:
        """Point to a version, and remove those older than the one that was current before.

        :param version: a version that is there.
        :raises DatasetError: if the disk does not take it.
        """
        before = _current_or_none(self._home)
        if before == version:
            return
        pointer = self._home / f"{_PENDING}{CURRENT_NAME}"
        with self._explained():
            with pointer.open("w", encoding="utf-8", newline="\n") as file:
                file.write(version + "\n")
                file.flush()
                os.fsync(file.fileno())
            pointer.replace(self._home / CURRENT_NAME)
            _flush_directory(self._home)
        for path in list(self._home.iterdir()):
            owner = path.name.removesuffix(_DISK)
            if owner not in (version, before) and _VERSION.fullmatch(owner) and path.is_dir():
                _remove_unless_held(path)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
                raise DatasetError(
                    f"The disk that holds {self._home} is full; the last good dataset is untouched; make "
                    f"room, or set {DATASETS_VARIABLE} to another directory, and run: aisi-kg build"
                ) from error
            raise DatasetError(
                f"{self._home} cannot be written ({error.strerror or error}); "
                f"set {DATASETS_VARIABLE} to a directory that can."
            ) from error


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM end the program the way Ctrl-C does, so that what was begun is cleared away.

    :returns: a context; outside the main thread, which alone gets signals, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _current_or_none(home: Path) -> str | None:
    """Say which version is current, taking a damaged pointer for none."""
    try:
        return current_version(home)
    except DatasetError:
        return None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _remove_unless_held(path: Path) -> None:
    """Remove a directory unless a server reads from it; then a later build removes it."""
    try:
        unlock = _lock(path)
    except (DatasetError, OSError):
        return
    # Under a hidden name first: what is left where this is ended is no store, and the next build removes it.
    hidden = path.with_name(_PENDING + path.name)
    try:
        with _quiet():
            path.rename(hidden)
            _remove(hidden)
    finally:
        unlock()


@contextmanager
def _quiet() -> Iterator[None]:
    try:
        yield
    except OSError:
        return


def _flush_directory(path: Path) -> None:
    # A rename is on the disk only when its directory is; Windows has no such call.
    if sys.platform != "win32":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _lock(home: Path) -> Callable[[], None]:
    """Lock a directory against other builds; a process that dies lets go of it."""
    if sys.platform == "win32":
        return lambda: None
    import fcntl

    # The directory itself is locked, so that no lock file stays behind.
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise DatasetError(
            f"Another build is writing to {home}; wait for it to end, then run: aisi-kg build"
        ) from error
    return lambda: os.close(handle)
