"""Read the files of ``queries/``, one question each, and report all that is wrong with them.

A query is read by the engine as it will be when somebody asks it, over an empty store; what its header says
of it is held against what it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from aisi_kg.errors import QueryRejected, ServiceRefused
from aisi_kg.graph.findings import Finding, Severity, in_order
from aisi_kg.graph.prefixes import ENTITY_BASE, Prefixes
from aisi_kg.project import Project
from aisi_kg.store.binding import obstacles, unbound_variables
from aisi_kg.store.evaluate import Answer, QueryRequest, evaluate
from aisi_kg.store.library.description import with_members
from aisi_kg.store.library.header import Fault, Header, read_header
from aisi_kg.store.library.records import (
    Form,
    Library,
    Parameter,
    ParameterType,
    StoredQuery,
    Term,
)
from aisi_kg.store.syntax import Token, first_keyword, place_of, scan

__all__ = ["RULE", "ReadLibrary", "check_members", "read_library"]

#: The rule of every finding about a stored query.
RULE = "stored-query"

_XSD = "http://www.w3.org/2001/XMLSchema#"
# What the engine's message begins with; a finding has its place beside the message.
_PLACE = re.compile(r"Line \d+, column \d+(?:, or before)?: ")
_SAMPLES: dict[ParameterType, Term] = {
    ParameterType.IRI: NamedNode(ENTITY_BASE + "sample"),
    ParameterType.STRING: Literal("sample"),
    ParameterType.INTEGER: Literal("1", datatype=NamedNode(_XSD + "integer")),
    ParameterType.DATE: Literal("2024-01-01", datatype=NamedNode(_XSD + "date")),
    ParameterType.LANGUAGE: Literal("en"),
}


@dataclass(frozen=True)
class ReadLibrary:
    """Hold the queries that were read, and what is wrong with their files.

    :param library: the queries without a fault.
    :param findings: the faults, by place.
    :param places: the line of each parameter, by the query's id and the parameter's name.
    """

    library: Library
    findings: tuple[Finding, ...]
    places: dict[tuple[str, str], int]


def read_library(project: Project, prefixes: Prefixes) -> ReadLibrary:
    """Read the project's stored queries.

    :param project: the project.
    :param prefixes: the prefixes that headers are written with; a query declares its own.
    :returns: the queries and the findings.
    """
    findings: list[Finding] = []
    queries: dict[str, StoredQuery] = {}
    files: dict[str, str] = {}
    places: dict[tuple[str, str], int] = {}
    for path in _files(project.queries):
        name = project.relative(path)
        try:
            text = path.read_bytes().decode("utf-8")
        except OSError as error:
            findings.append(_finding(name, Fault(f"the file cannot be read ({error.strerror}).")))
            continue
        except UnicodeDecodeError as error:
            findings.append(_finding(name, Fault(f"byte {error.start} is not UTF-8; save the file as that.")))
            continue
        query, header, faults = _read(text, path.stem, prefixes)
        first = files.setdefault(header.id, name) if header.id else name
        if first != name:
            line, column = header.places["id"]
            faults.append(
                Fault(f"{first} has the id {header.id} too; give one of them another.", line, column)
            )
        findings += (_finding(name, fault) for fault in faults)
        if query is not None and not faults:
            queries[query.id] = replace(query, path=name)
            for parameter in query.parameters:
                places[query.id, parameter.name] = header.places[f"parameters.{parameter.name}"][0]
    return ReadLibrary(Library(dict(sorted(queries.items()))), tuple(in_order(findings)), places)


def check_members(read: ReadLibrary, store: Store) -> list[Finding]:
    """Hold the classes and schemes of parameters against a dataset.

    :param read: the queries.
    :param store: what the dataset says, with what was inferred, in its default graph.
    :returns: what is wrong: nothing is a member, or a default is none.
    """
    findings = []
    for query in with_members(store, read.library.queries.values()):
        for parameter in query.parameters:
            if not parameter.is_of_members:
                continue
            message = ""
            members = {member.iri for member in parameter.members}
            if not members:
                message = (
                    f"the parameter {parameter.name} has no possible value; correct its class or scheme."
                )
            elif parameter.default is not None and parameter.default.value not in members:
                message = (
                    f"the default of {parameter.name} is none of the {len(members)} members of its class or "
                    "scheme; name one."
                )
            if message:
                line = read.places[query.id, parameter.name]
                findings.append(_finding(query.path, Fault(message, line)))
    return in_order(findings)


def _files(folder: Path) -> list[Path]:
    found = (path.relative_to(folder) for path in folder.rglob("*.rq") if path.is_file())
    visible = (path for path in found if not any(part.startswith(".") for part in path.parts))
    return [folder / path for path in sorted(visible, key=lambda path: path.as_posix())]


def _finding(file: str, fault: Fault) -> Finding:
    return Finding(Severity.ERROR, RULE, fault.message, file=file, line=fault.line, column=fault.column)


def _read(text: str, stem: str, prefixes: Prefixes) -> tuple[StoredQuery | None, Header, list[Fault]]:
    header, faults = read_header(text, prefixes)
    if header.id and header.id != stem:
        line, column = header.places["id"]
        message = f"the id is {header.id} and the file's name {stem}; let them be the same."
        faults.append(Fault(message, line, column))
    form, result, rejected = _asked(text, header)
    faults += rejected
    if form is None or result is None:
        return None, header, faults
    if header.places:
        faults += _held_against(text, header, form, result)
    body = "\n".join(text.replace("\r\n", "\n").split("\n")[header.lines :]).strip("\n") + "\n"
    query = StoredQuery(
        header.id,
        header.title,
        header.description,
        header.tags,
        form,
        body,
        header.parameters,
        header.columns,
        header.services,
    )
    return query, header, faults


def _asked(text: str, header: Header) -> tuple[Form | None, Answer | None, list[Fault]]:
    """Have the engine read a query, and tell what it asks for."""
    local, faults = _without_services(text, header)
    if faults:
        return None, None, faults
    scanned = scan(local)
    if not scanned.certain:
        message = "the text can be read in two ways; write strings and comparisons apart, with spaces."
        return None, None, [Fault(message, header.lines + 1)]
    try:
        result = evaluate(Store(), QueryRequest(local))
    except ServiceRefused as error:
        message = "SERVICE asks another endpoint; list its address in services of the header, or remove it."
        return None, None, [Fault(message, error.line or 1, error.column)]
    except QueryRejected as error:
        message = _PLACE.sub("", str(error), count=1)
        return None, None, [Fault(message, error.line or header.lines + 1, error.column)]
    keyword = first_keyword(scanned.tokens)
    return Form(keyword.text.upper()) if keyword is not None else None, result, []


def _without_services(text: str, header: Header) -> tuple[str, list[Fault]]:
    """Have a query ask a graph wherever it asks an endpoint that its header lists, on the same places."""
    if not header.services:
        return text, []
    tokens = scan(text).tokens
    faults = []
    listed = {f"<{service}>" for service in header.services}
    unused = set(listed)
    for index, token in enumerate(tokens):
        if token.kind != "word" or token.text.upper() != "SERVICE":
            continue
        text = _exchanged(text, token, "GRAPH")
        following = tokens[index + 1 : index + 3]
        if following and following[0].text.upper() == "SILENT":
            text = _exchanged(text, following[0], "")
            following = following[1:]
        endpoint = following[0].text if following else ""
        unused.discard(endpoint)
        if endpoint not in listed:
            place = place_of(text, token.start)
            message = f"the header's services do not list {endpoint or 'what SERVICE asks'}; add its address."
            faults.append(Fault(message, *place))
    if unused and not faults:
        line, column = header.places["services"]
        faults.append(Fault(f"the query does not ask {min(unused)}; remove it.", line, column))
    return text, faults


def _exchanged(text: str, token: Token, word: str) -> str:
    end = token.start + len(token.text)
    return text[: token.start] + word.ljust(len(token.text)) + text[end:]


def _held_against(text: str, header: Header, form: Form, result: Answer) -> Iterator[Fault]:
    """Hold what a header says of a query against what the query is."""
    yield from _wrong_columns(header, form, result)
    names = [parameter.name for parameter in header.parameters]
    used = {token.text[1:] for token in scan(text).tokens if token.kind == "variable"}
    for name in names:
        if name not in used:
            line, column = header.places[f"parameters.{name}"]
            yield Fault(
                f"the query has no variable ?{name}; use the parameter or leave it out.", line, column
            )
    for token in unbound_variables(text):
        if token.text[1:] not in names:
            message = f"nothing gives {token.text} a value; declare it among the parameters, or bind it."
            yield Fault(message, *place_of(text, token.start))
    wrong = [Fault(f"{each.message}.", *place_of(text, each.start)) for each in obstacles(text, names)]
    yield from wrong
    if names and not wrong and used.issuperset(names):
        yield from _not_bindable(text, header, header.parameters, form)


def _not_bindable(text: str, header: Header, parameters: Sequence[Parameter], form: Form) -> Iterator[Fault]:
    """Have the engine bind the parameters, each alone and all together."""
    local, _ = _without_services(text, header)
    for chosen in (*([parameter] for parameter in parameters), list(parameters)):
        bindings = tuple((each.name, each.default or _SAMPLES[each.type]) for each in chosen)
        try:
            evaluate(Store(), QueryRequest(local, bindings=bindings))
        except QueryRejected as error:
            line, column = header.places[f"parameters.{chosen[0].name}"]
            reason = _PLACE.sub("", str(error), count=1).rstrip(".")
            where = "" if form is Form.SELECT else "; let it stand in a pattern, and not in conditions alone"
            yield Fault(f"the parameter {chosen[0].name} cannot be bound ({reason}){where}.", line, column)
            return


def _wrong_columns(header: Header, form: Form, result: Answer) -> Iterator[Fault]:
    line, column = header.places.get("columns", (1, None))
    if form is not Form.SELECT or not isinstance(result, QuerySolutions):
        if header.columns:
            yield Fault(f"{form} gives no columns; leave columns out.", line, column)
        return
    declared = [key.partition(".")[2] for key in header.places if key.startswith("columns.")]
    given = [variable.value for variable in result.variables]
    if not declared and "columns" not in header.places:
        yield Fault(f"the header lacks columns; add them: {', '.join(given)}.", line, column)
    elif declared != given:
        yield Fault(
            f"the columns are {_listed(declared)} and the query gives {_listed(given)}; "
            "let them be the same, in this order.",
            line,
            column,
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
