"""Hold the data and the ontology against the SHACL shapes of ``ontology/shapes/``.

A file of shapes holds rules of one consequence: what is in ``required.ttl`` and in ``style.ttl`` stops a
build, what is in ``recommended.ttl`` is a warning. One shape is one rule with one message in two languages;
it has its own target, so that the validator tests all focus nodes of a rule at once. Shapes that hang on each
other by ``sh:property`` take many times as long.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from aisi_kg.errors import InputError, RdfSyntaxError
from aisi_kg.graph.findings import Finding, Severity, in_order
from aisi_kg.graph.locations import Location, Locations
from aisi_kg.graph.prefixes import CLAIM_BASE, Prefixes, load_prefixes
from aisi_kg.graph.style import parse_text
from aisi_kg.project import Project

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

__all__ = ["Violation", "as_graph", "check_shapes", "read_shapes", "shape_files", "validate"]

_SH = "http://www.w3.org/ns/shacl#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

#: A value is shown up to so many characters, so that a finding stays one line.
_SHOWN = 60

_Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True)
class Violation:
    """Say which rule a focus node breaks.

    :param shape: IRI of the shape.
    :param constraint: local name of the constraint component, such as ``MinCountConstraintComponent``.
    :param severity: what it does to a build.
    :param focus: the node that breaks the rule: an IRI, or what a blank node or a literal looks like.
    :param path: the property concerned, where it is one.
    :param value: the value concerned, where there is one.
    :param message: what to do, in English.
    :param message_zh: the same in Chinese, where the shape has it.
    """

    shape: str
    constraint: str
    severity: Severity
    focus: str
    path: str | None
    value: Node | None
    message: str
    message_zh: str | None


def shape_files(project: Project) -> list[Path]:
    """List the files of shapes.

    :param project: the project.
    :returns: the Turtle files of ``ontology/shapes/`` by name.
    :raises InputError: if there is none.
    """
    directory = project.ontology / "shapes"
    files = sorted(directory.glob("*.ttl"))
    if not files:
        raise InputError(
            f"{project.relative(directory)} has no file of shapes; restore the .ttl files of the project."
        )
    return files


def check_shapes(quads: Iterable[Quad], project: Project, locations: Locations) -> list[Finding]:
    """Hold a dataset against the project's shapes.

    :param quads: the dataset with its named graphs; the shapes see their merge.
    :param project: the project whose shapes are used.
    :param locations: where the curated files say what.
    :returns: what breaks a shape, by place; a file of shapes that cannot be read is a finding too.
    :raises InputError: if there are no shapes, or the project's prefixes cannot be read.
    """
    prefixes = load_prefixes(project)
    quads = list(quads)
    findings: list[Finding] = []
    triples = as_graph(quads)
    by_subject: dict[str, list[Quad]] = {}
    for file in shape_files(project):
        name = project.relative(file)
        try:
            violations = validate(triples, read_shapes(file, name))
        except RdfSyntaxError as error:
            # In the words of the reader of all curated files, so that the fault is reported once.
            message = f"{error.detail}; correct the {RdfFormat.TURTLE.name} here."
            findings.append(
                Finding(Severity.ERROR, "syntax", message, file=name, line=error.line, column=error.column)
            )
            continue
        except InputError as error:
            findings.append(Finding(Severity.ERROR, "shapes", str(error), file=name))
            continue
        if violations and not by_subject:
            by_subject = _by_subject(quads)
        findings.extend(_finding(v, by_subject, locations, prefixes) for v in violations)
    return in_order(findings)


def validate(data: rdflib.Graph, shapes: rdflib.Graph) -> list[Violation]:
    """Run the validator.

    :param data: the merged graph; it is read only.
    :param shapes: the shapes.
    :returns: what breaks them, in no particular order.
    :raises InputError: if a shape is not well-formed.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning, ValidationFailure

    with _quiet():
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
        except (ReportableRuntimeError, ShapeRecursionWarning, ValidationFailure) as error:
            raise InputError(f"A shape is not well-formed ({error}); correct it.") from error
    if isinstance(report, ValidationFailure):
        raise InputError(f"A shape is not well-formed ({report.message}); correct it.")
    return list(_violations(report))


def read_shapes(file: Path, name: str) -> rdflib.Graph:
    """Read a file of shapes.

    :param file: the file.
    :param name: the file as messages name it.
    :returns: the shapes.
    :raises RdfSyntaxError: if the file is no Turtle.
    :raises InputError: if the file cannot be read.
    """
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name} cannot be read as UTF-8 text; restore the file.") from error
    return as_graph(parse_text(text, RdfFormat.TURTLE))


def as_graph(quads: Iterable[Quad]) -> rdflib.Graph:
    """Merge quads into one graph of the validator's library.

    :param quads: the quads; the graphs that they stand in are left out.
    :returns: the graph, with each literal in the form that it has.
    :raises InputError: if a triple stands as a term.
    """
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    terms: dict[object, Node] = {}

    def term(value: object) -> Node:
        known = terms.get(value)
        if known is None:
            known = terms[value] = _rdflib(value)
        return known

    with _quiet():
        for quad in quads:
            graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _violations(report: rdflib.Graph) -> Iterator[Violation]:
    from rdflib import URIRef
    from rdflib.term import Literal as RdflibLiteral

    for result in report.objects(None, URIRef(_SH + "result")):
        values: dict[str, list[Node]] = defaultdict(list)
        for predicate, value in report.predicate_objects(result):
            values[str(predicate).removeprefix(_SH)].append(value)
        messages = {m.language: str(m) for m in values["resultMessage"] if isinstance(m, RdflibLiteral)}
        path = values["resultPath"][0] if values["resultPath"] else None
        yield Violation(
            shape=str(values["sourceShape"][0]),
            constraint=str(values["sourceConstraintComponent"][0]).removeprefix(_SH),
            severity=Severity.WARNING
            if URIRef(_SH + "Warning") in values["resultSeverity"]
            else Severity.ERROR,
            focus=str(values["focusNode"][0]),
            path=str(path) if isinstance(path, URIRef) else None,
            value=values["value"][0] if values["value"] else None,
            message=messages.get("en") or next(iter(messages.values()), "Correct this."),
            message_zh=messages.get("zh"),
        )


def _rdflib(term: object) -> Node:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        # Not normalised: 007 is no other way to write 7 where the form is what is judged.
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise InputError(f"{term}: a triple stands as a term, which RDF 1.1 does not have.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from logging each literal that it cannot read: the shapes report those."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _by_subject(quads: Iterable[Quad]) -> dict[str, list[Quad]]:
    found: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            found[quad.subject.value].append(quad)
    return found


def _finding(
    violation: Violation, by_subject: dict[str, list[Quad]], locations: Locations, prefixes: Prefixes
) -> Finding:
    location, claim = _place(violation, by_subject, locations)
    message, message_zh = violation.message, violation.message_zh
    if violation.value is not None and str(violation.value) != violation.focus:
        shown = _shown(violation.value, prefixes)
        message = f"{message.rstrip('.')}; it has {shown}."
        message_zh = f"{message_zh.rstrip('。')}；现为 {shown}。" if message_zh else None
    if claim is not None:
        focus = prefixes.shorten(violation.focus)
        message = f"{focus}: {message}"
        message_zh = f"{focus}：{message_zh}" if message_zh else None
    return Finding(
        violation.severity,
        violation.shape.partition("#")[2] or violation.shape,
        message,
        message_zh,
        file=location.file if location else None,
        line=location.line if location else None,
        column=location.column if location else None,
        subject=claim or violation.focus,
    )


def _place(
    violation: Violation, by_subject: dict[str, list[Quad]], locations: Locations
) -> tuple[Location | None, str | None]:
    """Find the statement that breaks the rule, and the claim in whose graph it stands."""
    if violation.path is not None:
        for quad in by_subject.get(violation.focus, ()):
            if quad.predicate.value != violation.path:
                continue
            if violation.value is not None and _rdflib(quad.object) != violation.value:
                continue
            graph = quad.graph_name
            claim = (
                graph.value if isinstance(graph, NamedNode) and graph.value.startswith(CLAIM_BASE) else None
            )
            value = quad.object if isinstance(quad.object, NamedNode | Literal) else None
            return locations.find(violation.focus, violation.path, value, claim), claim
    return locations.find(violation.focus), None


def _shown(value: Node, prefixes: Prefixes) -> str:
    from rdflib import URIRef

    if isinstance(value, URIRef):
        return prefixes.shorten(str(value))
    text = value.n3()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
