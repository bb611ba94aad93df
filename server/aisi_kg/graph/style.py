"""The one way to write Turtle and TriG.

A file is parsed and written again: what two people write about the same facts is the same text, and a diff
shows one change as one change. The rules:

- Comment lines at the very top are the header and stay as they are. There is no other comment: it would be
  lost, so that formatting refuses it (a note is data, ``skos:editorialNote``).
- ``@prefix`` lines for the prefixes that are used, sorted; then the subjects, a blank line between two.
- A block has the subject on a line of its own, one predicate a line (``a`` first, the others sorted), a
  single object on its predicate's line, several objects each on a line of their own, and ``.`` at the end.
- Subjects, predicates and IRIs are sorted by their short names, numbers in them by value; the ontology's own
  subject comes first. Literals are sorted by language, datatype and value. Blank nodes come last.
- A blank node is written in place, as ``[ … ]`` or as a list. One that is used twice or refers to itself has
  a label, by the RDF Dataset Canonicalization algorithm.
- Integers, decimals and booleans are written short. A text with a line feed is written in long quotes.
- In a file of claims each claim's graph is followed by the claim and by the passages that no earlier claim
  used; claims are in the order of the text that they were read from.
"""

import re
from collections.abc import Callable, Iterable

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from aisi_kg.errors import AisiKgError, InputError, RdfSyntaxError
from aisi_kg.graph.locations import scan
from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, Prefixes

__all__ = [
    "format_trig",
    "format_turtle",
    "header_of",
    "misplaced_comment",
    "natural_key",
    "parse_text",
    "write_trig",
    "write_trig_claims",
    "write_turtle",
]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST, _NIL = _RDF + "type", _RDF + "first", _RDF + "rest", _RDF + "nil"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"
_CLAIM = AISI + "Claim"
_QUOTED = "http://www.w3.org/ns/prov#wasQuotedFrom"
_START = "http://www.w3.org/ns/oa#start"

#: Datatypes that a literal's form already tells.
_PLAIN = {_XSD + "string", _RDF + "langString"}
_SHORT = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}

# Controls, and the invisible characters that make a text read otherwise than it is stored.
_INVISIBLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_ESCAPED_SHORT = re.compile(f'["\\\\\\t\\n{_INVISIBLE}]')
# In long quotes a quotation mark needs an escape only where it would end the text.
_ESCAPED_LONG = re.compile(f'"(?="|\\Z)|[\\\\\\t{_INVISIBLE}]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f"}

_DIGITS = re.compile("[0-9]+")
_OFFSET = re.compile("[0-9]{1,18}")
_COMMENT_OR_QUOTED = re.compile(
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'(?:[^'\\]|\\.)*'"
    r"|<[^<>\"\s]*>"
    r"|\\."
    r"|#[^\r\n]*",
    re.DOTALL,
)
_POSITION_IN_MESSAGE = re.compile(r"^Parser error (?:at|between|on) .*?: ")

#: How deep blank nodes may stand inside each other; far beyond what an axiom or a shape needs.
_NESTING_LIMIT = 32

_Name = str  # an IRI, or "_:" and the label of a blank node; "" is the default graph
_Predicates = dict[str, dict[NamedNode | BlankNode | Literal, None]]
_Subjects = dict[_Name, _Predicates]


def natural_key(text: str) -> tuple[str, str]:
    """Make the key that sorts ``footnote:2`` before ``footnote:10``.

    :param text: any text.
    :returns: a key; it differs for different texts.
    """
    return _DIGITS.sub(_number_key, text), text


def _number_key(match: re.Match[str]) -> str:
    digits = match.group().lstrip("0")
    return f"{len(digits):04d}{digits}"


def parse_text(text: str, rdf_format: RdfFormat, *, rename_blank_nodes: bool = False) -> list[Quad]:
    """Parse a text and name the position of a fault.

    :param text: the text.
    :param rdf_format: what it is written in.
    :param rename_blank_nodes: give blank nodes labels that no other text has.
    :returns: the quads in the text's order.
    :raises RdfSyntaxError: if the text is not in that format, or uses what RDF 1.1 does not have.
    """
    try:
        quads = list(parse(text, rdf_format, rename_blank_nodes=rename_blank_nodes))
    except SyntaxError as error:
        detail = _POSITION_IN_MESSAGE.sub("", error.msg)
        raise RdfSyntaxError(detail, error.lineno or 1, error.offset or 1) from error
    for quad in quads:
        newer = _newer_than_rdf11(quad)
        if newer is not None:
            # The parser does not say where; these are the marks that either is written with.
            line, column = _position(text, max(text.find(newer[1]), 0))
            raise RdfSyntaxError(f"{newer[0]}, which RDF 1.1 does not have", line, column)
    return quads


def _newer_than_rdf11(quad: Quad) -> tuple[str, str] | None:
    if isinstance(quad.object, Triple):
        return "a triple stands as a term", "<<"
    if isinstance(quad.object, Literal) and quad.object.direction is not None:
        return "a language tag has a direction", "--"
    return None


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def header_of(text: str) -> str:
    """Find the comment lines at the very top of a file.

    :param text: the file's text.
    :returns: the lines up to the last comment before anything else, each with its line feed.
    """
    header: list[str] = []
    length = 0
    for line in text.removeprefix("\ufeff").splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            break
        if stripped or header:
            header.append(stripped)
        if stripped:
            length = len(header)
    return "".join(f"{line}\n" for line in header[:length])


def misplaced_comment(text: str) -> tuple[int, int] | None:
    """Find the first comment that is not part of the header.

    :param text: the text of a file without syntax errors.
    :returns: line and column, counted from 1, or None where there is no such comment.
    """
    seen_other = False
    position = 0
    for match in _COMMENT_OR_QUOTED.finditer(text):
        if not seen_other:
            seen_other = bool(text[position : match.start()].strip("\ufeff \t\r\n"))
        position = match.end()
        if not match.group().startswith("#"):
            seen_other = True
        elif seen_other:
            return _position(text, match.start())
    return None


def format_turtle(text: str, prefixes: Prefixes) -> str:
    """Write a Turtle text in the canonical style.

    :param text: Turtle.
    :param prefixes: the project's prefixes; the text may have bound others.
    :returns: the same graph in the canonical style.
    :raises RdfSyntaxError: if the text is no Turtle.
    :raises InputError: if a comment stands where it would be lost.
    """
    return _reformat(text, RdfFormat.TURTLE, lambda quads, header: write_turtle(quads, prefixes, header))


def format_trig(text: str, prefixes: Prefixes) -> str:
    """Write a TriG text of claims in the canonical style.

    :param text: TriG.
    :param prefixes: the project's prefixes; the text may have bound others.
    :returns: the same dataset in the canonical style.
    :raises RdfSyntaxError: if the text is no TriG.
    :raises InputError: if a comment would be lost, or two claims with one id would become one.
    """
    return _reformat(text, RdfFormat.TRIG, lambda quads, header: write_trig_claims(quads, prefixes, header))


def _reformat(text: str, rdf_format: RdfFormat, write: Callable[[list[Quad], str], str]) -> str:
    quads = parse_text(text, rdf_format)
    comment = misplaced_comment(text)
    if comment is not None:
        raise InputError(
            f"line {comment[0]}, column {comment[1]}: this comment would be lost; "
            "make it an skos:editorialNote or move it to the top of the file."
        )
    if rdf_format == RdfFormat.TRIG:
        _refuse_repeated(text)
    formatted = write(quads, header_of(text))
    if not _same_rdf(quads, parse_text(formatted, rdf_format)):
        raise AisiKgError(
            "Formatting would have changed what the file says, so that it was left as it is; "
            "this is a fault of the program, please report it with the file."
        )
    return formatted


def _refuse_repeated(text: str) -> None:
    found = scan(text, "")
    claims = [
        (subject, at) for graph, subject, at in found.subjects if not graph and subject.startswith(CLAIM_BASE)
    ]
    for blocks in (found.graphs, claims):
        seen: set[str] = set()
        for claim, location in blocks:
            if claim in seen:
                raise InputError(
                    f"line {location.line}, column {location.column}: <{claim}> stands further up "
                    "already, and formatting would make one of the two; give one of them another id."
                )
            seen.add(claim)


def _same_rdf(one: list[Quad], other: list[Quad]) -> bool:
    if set(one) == set(other):
        return True
    datasets = (Dataset(one), Dataset(other))
    for dataset in datasets:
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return datasets[0] == datasets[1]


def write_turtle(triples: Iterable[Triple | Quad], prefixes: Prefixes, header: str = "") -> str:
    """Write a graph as Turtle in the canonical style.

    :param triples: the triples; the graph names of quads are ignored.
    :param prefixes: the prefixes to shorten with.
    :param header: comment lines, each with its ``#`` and line feed.
    :returns: the text.
    """
    writer = _Writer([Quad(t.subject, t.predicate, t.object) for t in triples], prefixes)
    return writer.document(header, writer.blocks("", 0))


def write_trig(quads: Iterable[Quad], prefixes: Prefixes, header: str = "") -> str:
    """Write a dataset as TriG: the default graph, then the named graphs, sorted.

    :param quads: the quads.
    :param prefixes: the prefixes to shorten with.
    :param header: comment lines, each with its ``#`` and line feed.
    :returns: the text.
    """
    writer = _Writer(list(quads), prefixes)
    blocks = writer.blocks("", 0)
    for graph in sorted((g for g in writer.graphs if g), key=writer.order):
        blocks.append(writer.graph(graph))
    return writer.document(header, blocks)


def write_trig_claims(quads: Iterable[Quad], prefixes: Prefixes, header: str = "") -> str:
    """Write claims as TriG: each claim's graph, the claim, its passages, in the order of the text.

    :param quads: the quads; what is said about claims stands in the default graph.
    :param prefixes: the prefixes to shorten with.
    :param header: comment lines, each with its ``#`` and line feed.
    :returns: the text.
    """
    writer = _Writer(list(quads), prefixes)
    about = writer.graphs.get("", {})
    starts = {name: _start(predicates) for name, predicates in about.items() if _START in predicates}
    claims = {graph for graph in writer.graphs if graph}
    claims.update(name for name, said in about.items() if NamedNode(_CLAIM) in said.get(_TYPE, {}))

    def passages(claim: _Name) -> list[_Name]:
        quoted = about.get(claim, {}).get(_QUOTED, {})
        found = [p.value for p in quoted if isinstance(p, NamedNode) and p.value in starts]
        return sorted(found, key=lambda p: (starts[p], writer.order(p)))

    quoted_by = {claim: passages(claim) for claim in claims}
    nowhere = (1, 0)
    in_order = sorted(
        claims, key=lambda c: (starts[quoted_by[c][0]] if quoted_by[c] else nowhere, writer.order(c))
    )
    blocks: list[str] = []
    written: set[_Name] = set()
    for claim in in_order:
        if claim in writer.graphs:
            blocks.append(writer.graph(claim))
        for name in (claim, *quoted_by[claim]):
            # A claim may, against all sense, be another one's passage; it is written once all the same.
            if name in about and name not in written and (name == claim or name not in claims):
                written.add(name)
                blocks.append(writer.block(name, "", 0))
    return writer.document(header, blocks + writer.blocks("", 0, without=written))


def _start(predicates: _Predicates) -> tuple[int, int]:
    """Return the smallest start that is a number, ordered before everything that has none."""
    texts = [start.value for start in predicates[_START] if isinstance(start, Literal)]
    numbers = [int(text) for text in texts if _OFFSET.fullmatch(text)]
    return (0, min(numbers)) if numbers else (1, 0)


class _Writer:
    """Write the parts of one document and remember which prefixes they used."""

    def __init__(self, quads: list[Quad], prefixes: Prefixes) -> None:
        self._prefixes = prefixes
        self._used: set[str] = set()
        self._iris: dict[str, str] = {}
        self._keys: dict[str, tuple[str, str]] = {}
        self._load(quads)
        if self._labelled:
            # Labels have to follow from the graph alone; those of a text are its author's, or random.
            dataset = Dataset(quads)
            dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
            self._load(list(dataset))

    def _load(self, quads: list[Quad]) -> None:
        self.graphs: dict[_Name, _Subjects] = {}
        self._graph_of: dict[_Name, _Name] = {}
        shared: set[_Name] = set()
        parents: dict[_Name, tuple[_Name, str]] = {}

        def place(name: _Name, graph: _Name) -> None:
            if self._graph_of.setdefault(name, graph) != graph:
                shared.add(name)

        for quad in quads:
            graph = "" if isinstance(quad.graph_name, DefaultGraph) else _name(quad.graph_name)
            subject, predicate, value = _name(quad.subject), quad.predicate.value, quad.object
            if isinstance(value, Triple):
                raise _triple_as_term(value)
            objects = self.graphs.setdefault(graph, {}).setdefault(subject, {}).setdefault(predicate, {})
            if isinstance(quad.subject, BlankNode):
                place(subject, graph)
            if isinstance(value, BlankNode) and value not in objects:
                name = _name(value)
                place(name, graph)
                if name in parents:
                    shared.add(name)
                parents[name] = (subject, predicate)
            objects[value] = None
        shared.update(graph for graph in self.graphs if graph.startswith("_:"))
        self._find_lists(shared, parents)
        self._find_labelled(shared, parents)
        self._has_parent = set(parents)

    def _properties(self, blank: _Name) -> _Predicates:
        return self.graphs[self._graph_of[blank]].get(blank, {})

    def _find_lists(self, shared: set[_Name], parents: dict[_Name, tuple[_Name, str]]) -> None:
        """Find the blank nodes from which a well-formed list runs to its end."""
        self._list_next: dict[_Name, _Name] = {}
        cells: dict[_Name, _Name] = {}
        ends: list[_Name] = []
        for blank in self._graph_of:
            predicates = self._properties(blank)
            if blank in shared or blank not in parents or predicates.keys() != {_FIRST, _REST}:
                continue
            if any(len(objects) != 1 for objects in predicates.values()):
                continue
            (rest,) = predicates[_REST]
            if isinstance(rest, NamedNode) and rest.value == _NIL:
                ends.append(blank)
            cells[blank] = "" if isinstance(rest, Literal) else _name(rest)
        for end in ends:
            self._list_next[end] = ""
            cell = end
            while True:
                parent, predicate = parents[cell]
                if predicate != _REST or cells.get(parent) != cell or parent in self._list_next:
                    break
                self._list_next[parent] = cell
                cell = parent

    def _find_labelled(self, shared: set[_Name], parents: dict[_Name, tuple[_Name, str]]) -> None:
        """Find the blank nodes that cannot be written in place."""
        self._labelled = set(shared)
        depths: dict[_Name, int] = dict.fromkeys(shared, 0)
        for blank in parents:
            path: dict[_Name, None] = {}
            name = blank
            while name in parents and name not in depths and name not in path:
                path[name] = None
                name = parents[name][0]
            steps = list(path)
            if name in path:
                cycle = steps[steps.index(name) :]
                self._labelled.update(cycle)
                depths.update(dict.fromkeys(cycle, 0))
                del steps[-len(cycle) :]
            depth = depths.get(name, 0)
            for step in reversed(steps):
                parent, predicate = parents[step]
                if not (predicate == _REST and step in self._list_next and parent in self._list_next):
                    depth += 1
                if depth > _NESTING_LIMIT:
                    raise InputError(
                        f"Blank nodes stand inside each other more than {_NESTING_LIMIT} deep; "
                        "give the inner ones IRIs."
                    )
                depths[step] = depth

    def iri(self, iri: str) -> str:
        text = self._iris.get(iri)
        if text is None:
            parts = self._prefixes.split(iri)
            if parts is None:
                text = f"<{iri}>"
            else:
                self._used.add(parts[0])
                text = f"{parts[0]}:{parts[1]}"
            self._iris[iri] = text
        return text

    def order(self, name: _Name) -> tuple[str, str]:
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = natural_key(name if name.startswith("_:") else self.iri(name))
        return key

    def document(self, header: str, blocks: list[str]) -> str:
        parts = [header] if header else []
        if self._used:
            parts.append("".join(f"@prefix {p}: <{self._prefixes[p]}> .\n" for p in sorted(self._used)))
        return "\n".join(parts + blocks)

    def graph(self, graph: _Name) -> str:
        name = graph if graph.startswith("_:") else self.iri(graph)
        return f"GRAPH {name} {{\n" + "\n".join(self.blocks(graph, 1)) + "}\n"

    def blocks(self, graph: _Name, depth: int, without: Iterable[_Name] = ()) -> list[str]:
        """Write the subjects of a graph: the ontology first, blank nodes last."""
        subjects = self.graphs.get(graph, {})
        left_out = set(without)
        named = [s for s in subjects if not s.startswith("_:") and s not in left_out]
        ontology = NamedNode(_ONTOLOGY)
        named.sort(key=lambda s: (ontology not in subjects[s].get(_TYPE, {}), self.order(s)))
        blank = [
            self.block(s, graph, depth)
            for s in subjects
            if s.startswith("_:") and (s in self._labelled or s not in self._has_parent)
        ]
        return [self.block(s, graph, depth) for s in named] + sorted(blank, key=natural_key)

    def block(self, subject: _Name, graph: _Name, depth: int) -> str:
        if not subject.startswith("_:"):
            name = self.iri(subject)
        else:
            name = subject if subject in self._labelled else "[]"
        tabs = "\t" * depth
        return f"{tabs}{name}\n{self._predicate_lines(self.graphs[graph][subject], depth + 1)}{tabs}\t.\n"

    def _predicate_lines(self, predicates: _Predicates, depth: int) -> str:
        tabs = "\t" * depth
        lines: list[str] = []
        # The type's short name is not asked for, so that its prefix does not count as used.
        others = sorted((p for p in predicates if p != _TYPE), key=self.order)
        for predicate in [_TYPE, *others] if _TYPE in predicates else others:
            name = "a" if predicate == _TYPE else self.iri(predicate)
            objects = predicates[predicate]
            if len(objects) == 1:
                (value,) = objects
                lines.append(f"{tabs}{name} {self._object(value, depth)} ;\n")
            else:
                texts = [self._object(value, depth + 1) for value in sorted(objects, key=self._object_order)]
                blank = len(texts) - sum(isinstance(value, BlankNode) for value in objects)
                texts[blank:] = sorted(texts[blank:], key=natural_key)
                lines.append(f"{tabs}{name}\n{tabs}\t" + f" ,\n{tabs}\t".join(texts) + f"\n{tabs}\t;\n")
        return "".join(lines)

    def _object_order(self, value: NamedNode | BlankNode | Literal) -> tuple[int, str, str, tuple[str, str]]:
        if isinstance(value, NamedNode):
            return 0, "", "", natural_key(self._object(value, 0))
        if isinstance(value, Literal):
            return 1, value.language or "", value.datatype.value, natural_key(value.value)
        return 2, "", "", ("", "")

    def _object(self, value: NamedNode | BlankNode | Literal, depth: int) -> str:
        """Write an object whose line is indented by so many tabs."""
        if isinstance(value, NamedNode):
            return "()" if value.value == _NIL else self.iri(value.value)
        if isinstance(value, Literal):
            return self._literal(value)
        name = _name(value)
        if name in self._labelled:
            return name
        if name in self._list_next:
            return self._list(name, depth)
        predicates = self._properties(name)
        if not predicates:
            return "[]"
        tabs = "\t" * depth
        return f"[\n{self._predicate_lines(predicates, depth + 1)}{tabs}]"

    def _list(self, head: _Name, depth: int) -> str:
        members: list[NamedNode | BlankNode | Literal] = []
        cell = head
        while cell:
            members.extend(self._properties(cell)[_FIRST])
            cell = self._list_next[cell]
        texts = [self._object(member, depth + 1) for member in members]
        if not any(isinstance(member, BlankNode) for member in members) and not any("\n" in t for t in texts):
            return f"( {' '.join(texts)} )"
        tabs = "\t" * depth
        return "(\n" + "".join(f"{tabs}\t{text}\n" for text in texts) + f"{tabs})"

    def _literal(self, literal: Literal) -> str:
        value, datatype = literal.value, literal.datatype.value
        short = _SHORT.get(datatype)
        if short is not None and short.fullmatch(value):
            return value
        if "\n" in value:
            quoted = f'"""{_ESCAPED_LONG.sub(_escape, value)}"""'
        else:
            quoted = f'"{_ESCAPED_SHORT.sub(_escape, value)}"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype in _PLAIN else f"{quoted}^^{self.iri(datatype)}"


def _name(term: NamedNode | BlankNode | Triple) -> _Name:
    if isinstance(term, Triple):
        raise _triple_as_term(term)
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _triple_as_term(term: Triple) -> InputError:
    return InputError(f"{term}: a triple stands as a term, which RDF 1.1 does not have; state it by itself.")


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
