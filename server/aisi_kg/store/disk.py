"""Keep a dataset that is too large for memory in a store on disk, beside its directory.

The store is made from the dataset's N-Quads and can always be made again, so that it is no part of the
dataset: it stands beside it, as ``<version>.rocksdb``, and goes when the dataset goes. It is written under a
hidden name and renamed when it is complete.

The engine's store on disk has threads, and neither its making nor its opening can be interrupted. So both are
done here in a process of their own, which can be ended at any moment: Ctrl-C is heard, and whoever asks can
still be forked. A process that is not forked any more may open the store by itself (:func:`open_disk_store`).
"""

import os
import pickle
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple, Self

from pyoxigraph import RdfFormat, Store

from aisi_kg.errors import DatasetError
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.directory import STORE_NAME, DatasetWriter, OpenDataset
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library
from aisi_kg.store.reconcile import Catalogue, gather_catalogue
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.store.sandbox import die_with_parent
from aisi_kg.store.search import Document, gather

__all__ = [
    "Seen",
    "Told",
    "hold",
    "is_large",
    "look_into",
    "make_disk_store",
    "open_disk_store",
    "open_store",
]

#: Is told which part of a store is made, from 0 to 1.
Told = Callable[[float], None]

_MAKE, _LOOK = "make", "look"
_STEPS = 10
_FULL = "No space left on device"


def is_large(dataset: OpenDataset, memory_quads: int) -> bool:
    """Tell whether a dataset is too large to be held in memory.

    :param dataset: the dataset.
    :param memory_quads: the most quads that are held in memory.
    :returns: whether it has more, by what its manifest says.
    """
    return dataset.quads > memory_quads


def make_disk_store(dataset: OpenDataset, told: Told | None = None) -> Path:
    """Make the store on disk, unless it is there.

    :param dataset: the dataset.
    :param told: is told how far it is.
    :returns: the store's directory.
    :raises DatasetError: if the disk does not take it, or a build is writing to the same directory.
    """
    if dataset.disk_path.is_dir():
        return dataset.disk_path
    with DatasetWriter(dataset.path.parent) as writer:
        # Whoever had the lock before may have made it.
        if not dataset.disk_path.is_dir():
            writer.write_disk_store(dataset, lambda place: _make(dataset, place, told))
    return dataset.disk_path


def _make(dataset: OpenDataset, place: Path, told: Told | None) -> None:
    with _child(_MAKE, dataset.path / STORE_NAME, place) as child:
        try:
            for line in child.stdout or ():
                if told is not None:
                    told(int(line) / _STEPS)
            _, reason = child.communicate()
        finally:
            # Whatever ends this ends the making too; leaving the block waits for it.
            child.kill()
    if child.returncode == 0:
        return
    what = "the disk is full" if _FULL in reason else reason.strip() or "its process was ended"
    raise DatasetError(
        f"The store on disk for dataset {dataset.version} cannot be made in {place.parent} ({what}); it "
        "takes up to three times as much as the dataset's N-Quads while it is made, so make room, or set "
        "AISI_KG_MEMORY_QUADS higher so that the dataset is held in memory."
    )


class Seen(NamedTuple):
    """Hold what a server has to know of a dataset without asking it.

    :param prefixes: the prefixes that it declares.
    :param library: the queries that it publishes.
    :param documents: what can be searched for in it.
    :param catalogue: the types and properties of its entities.
    """

    prefixes: Prefixes
    library: Library
    documents: list[Document]
    catalogue: Catalogue

    @classmethod
    def of(cls, store: Store, *, is_large: bool = False) -> Self:
        """Ask the dataset.

        :param store: the dataset.
        :param is_large: whether it is too large for asking it everything: to go through ten million quads
            takes minutes at each start, and the words of half a million claims take gigabytes. Then claims
            cannot be searched for, and types and properties are not known.
        :returns: what there is to know.
        """
        prefixes = dataset_prefixes(store)
        documents = conduct(store, gather(with_claims=not is_large))
        catalogue = Catalogue(prefixes=prefixes) if is_large else conduct(store, gather_catalogue(prefixes))
        return cls(prefixes, library_of(store), documents, catalogue)


def look_into(dataset: OpenDataset) -> Seen:
    """See whether the store on disk can be opened, without opening it in this process.

    :param dataset: the dataset, whose store on disk is there.
    :returns: what there is to know of it.
    :raises DatasetError: if it cannot be opened.
    """
    with _child(_LOOK, dataset.disk_path) as child:
        found, reason = child.communicate()
    if child.returncode != 0:
        raise DatasetError(
            f"{dataset.disk_path} cannot be opened ({reason.strip() or 'its process ended'}); remove that "
            "directory, and it is made again."
        )
    seen: Seen = pickle.loads(b64decode(found))  # noqa: S301 - written by this module, in the child
    return seen


def open_disk_store(dataset: OpenDataset) -> Store:
    """Open the store on disk in this process, which must not be forked afterwards.

    :param dataset: the dataset.
    :returns: the store, which can only be read.
    :raises DatasetError: if it is not there, or cannot be opened.
    """
    try:
        return Store.read_only(str(dataset.disk_path))
    except (OSError, RuntimeError) as error:
        raise DatasetError(f"{dataset.disk_path} cannot be opened ({error}).") from error


def open_store(dataset: OpenDataset, memory_quads: int) -> Store:
    """Open a dataset for a process that reads it and ends: from disk where that is possible.

    :param dataset: the dataset.
    :param memory_quads: the most quads that are held in memory where there is a choice.
    :returns: a store.
    :raises DatasetError: if the store on disk cannot be opened.
    """
    if is_large(dataset, memory_quads) and dataset.disk_path.is_dir():
        return open_disk_store(dataset)
    return dataset.load()


def hold(dataset: OpenDataset) -> int:
    """Keep builds from removing the store on disk as long as this process lives, or until closed.

    :param dataset: the dataset, whose store on disk is there.
    :returns: a file descriptor that holds it.
    """
    handle = os.open(dataset.disk_path, os.O_RDONLY)
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def _child(*arguments: str | Path) -> "subprocess.Popen[str]":
    # -P: what lies in the working directory is not imported in place of the package.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "aisi_kg.store.disk", *map(str, arguments), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class _Counted:
    """Read a file, and say from time to time how much of it was read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._step = max(1, size // _STEPS)
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        data = self._file.read(size)
        before = self._read // self._step
        self._read += len(data)
        if self._read // self._step != before:
            sys.stdout.write(f"{self._read // self._step}\n")
            sys.stdout.flush()
        return data


def _run(what: str, *arguments: str) -> None:
    """Do in the process of its own what was asked."""
    *paths, parent = arguments
    die_with_parent(int(parent))
    if what == _LOOK:
        store = Store.read_only(paths[0])
        # Run as a program, this module has another name, by which the parent would not find the class.
        from aisi_kg.store.disk import Seen as Named

        seen = pickle.dumps(Named.of(store, is_large=True))
        sys.stdout.write(b64encode(seen).decode())
        return
    source, place = map(Path, paths)
    store = Store(str(place))
    with source.open("rb") as file:
        store.bulk_load(input=_Counted(file, source.stat().st_size), format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
    # Once, since nothing is ever written to it again.
    store.optimize()
    store.flush()


if __name__ == "__main__":
    try:
        _run(*sys.argv[1:])
    except (OSError, RuntimeError, SyntaxError) as fault:
        sys.stderr.write(str(fault))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
