"""Where in the curated files something is said.

An RDF parser gives triples without their places. These are found by reading the tokens of a text that the
parser has accepted: enough of Turtle and TriG to tell subject, predicate and object, and no more.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode

__all__ = ["Location", "Locations", "Scan", "scan"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"

# What ends a name; a full stop belongs to it only where more of the name follows.
_END = r"\s<>\"'{}|^`;,\[\]()#@\\."
_TOKEN = re.compile(
    r"(?P<nothing>[ \t\r\n\ufeff]+|\#[^\r\n]*)"
    r'|(?P<string>"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'(?:[^'\\]|\\.)*')"
    r"|(?P<iri><[^<>\"\s]*>)"
    r"|(?P<at>@[A-Za-z][A-Za-z0-9-]*)"
    r"|(?P<typed>\^\^)"
    r"|(?P<mark>[;,\[\](){}]|\.(?![0-9]))"
    rf"|(?P<name>(?:\\.|[^{_END}]|\.+(?=\\|[^{_END}]))+)",
    re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?(?:(?P<integer>[0-9]+)|(?P<decimal>[0-9]*\.[0-9]+)|[0-9.]+[eE][+-]?[0-9]+)")
_STRING_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

_Literal = tuple[str, str]  # lexical form; "@" and the language, or the datatype
_Value = str | _Literal | None  # an IRI, a literal, or a blank node


@dataclass(frozen=True, order=True)
class Location:
    """Name a place in a file of the project.

    :param file: the file relative to the project's root.
    :param line: the line, counted from 1.
    :param column: the column, counted from 1.
    """

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Scan:
    """Hold the places of what one text says, in its order."""

    prefixes: list[tuple[str, str, Location]] = field(default_factory=list)
    graphs: list[tuple[str, Location]] = field(default_factory=list)
    #: Graph (None for the default one), subject, place of its block.
    subjects: list[tuple[str | None, str, Location]] = field(default_factory=list)
    #: Graph, subject, predicate and value of a statement; those inside a blank node count as its subject's.
    statements: dict[tuple[str | None, str, str, _Value], Location] = field(default_factory=dict)
    blank_nodes: list[Location] = field(default_factory=list)


@dataclass
class _Frame:
    """Hold what has been read of a statement, of a blank node in brackets, or of a list."""

    kind: str
    start: int
    subject: str | None
    predicate: str | None
    expects: str
    begun: bool = False


class _Scanner:
    def __init__(self, file: str, text: str) -> None:
        self.found = Scan()
        self._file = file
        self._text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._namespaces: dict[str, str] = {}
        self._base = ""
        self._graph: str | None = None
        self._frames = [self._statement()]
        self._directive: list[str] = []
        self._literal: tuple[str, int] | None = None
        self._typed = False

    @staticmethod
    def _statement() -> _Frame:
        return _Frame("statement", 0, None, None, "subject")

    def _place(self, offset: int) -> Location:
        line = bisect_right(self._lines, offset)
        return Location(self._file, line, offset - self._lines[line - 1] + 1)

    def run(self) -> Scan:
        for match in _TOKEN.finditer(self._text):
            kind = match.lastgroup
            if kind == "nothing":
                continue
            text, start = match.group(), match.start()
            if self._literal is not None and self._take_suffix(self._literal, kind, text):
                continue
            if kind == "string":
                quotes = 3 if text.startswith(('"""', "'''")) and len(text) >= 6 else 1
                self._literal = (_unescape(text[quotes:-quotes]), start)
            elif kind == "mark":
                self._mark(text, start)
            elif kind == "at" or self._directive:
                self._direct(kind, text, start)
            else:
                self._word(kind, text, start)
        return self.found

    def _take_suffix(self, literal: tuple[str, int], kind: str | None, text: str) -> bool:
        """Complete a literal with what follows its closing quote; tell whether that token is used up."""
        value, start = literal
        if kind == "typed":
            self._typed = True
            return True
        used = True
        if self._typed:
            tag = self._iri(kind, text)
        elif kind == "at":
            tag = text.lower()
        else:
            tag, used = _XSD + "string", False
        self._literal, self._typed = None, False
        self._term((value, tag), start)
        return used

    def _direct(self, kind: str | None, text: str, start: int) -> None:
        """Read ``@prefix`` or ``@base``, in Turtle's or in SPARQL's spelling."""
        self._directive.append(text)
        if kind != "iri":
            return
        words, self._directive = self._directive, []
        iri = self._iri(kind, text)
        if len(words) == 3:
            prefix = words[1].removesuffix(":")
            self._namespaces[prefix] = iri
            self.found.prefixes.append((prefix, iri, self._place(start)))
        else:
            self._base = iri

    def _iri(self, kind: str | None, text: str) -> str:
        if kind == "iri":
            iri = _unescape(text[1:-1])
            return urljoin(self._base, iri) if self._base else iri
        prefix, _, local = text.partition(":")
        return self._namespaces.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)

    def _word(self, kind: str | None, text: str, start: int) -> None:
        upper = text.upper()
        if kind == "name" and ":" not in text:
            if upper in ("PREFIX", "BASE"):
                self._directive = [text]
            elif text == "a" and self._frames[-1].expects == "predicate":
                self._term(_RDF + "type", start)
            elif text in ("true", "false"):
                self._term((text, _XSD + "boolean"), start)
            elif upper != "GRAPH":
                self._number(text, start)
        elif text.startswith("_:"):
            self.found.blank_nodes.append(self._place(start))
            self._term(None, start)
        else:
            self._term(self._iri(kind, text), start)

    def _number(self, text: str, start: int) -> None:
        match = _NUMBER.fullmatch(text)
        if match:
            self._term((text, _XSD + (match.lastgroup or "double")), start)

    def _term(self, value: _Value, start: int) -> None:
        frame = self._frames[-1]
        name = value if isinstance(value, str) else None
        if frame.expects == "subject":
            frame.subject, frame.start, frame.expects = name, start, "predicate"
        elif frame.expects == "predicate":
            if frame.kind == "statement" and not frame.begun and frame.subject is not None:
                self.found.subjects.append((self._graph, frame.subject, self._place(frame.start)))
            frame.predicate, frame.expects, frame.begun = name, "object", True
            # The place of a value that is not found is that of its predicate.
            self._record(frame, None, start)
        else:
            frame.begun = True
            self._record(frame, value, start)

    def _record(self, frame: _Frame, value: _Value, start: int) -> None:
        if frame.subject is not None and frame.predicate is not None:
            key = (self._graph, frame.subject, frame.predicate, value)
            if key not in self.found.statements:
                self.found.statements[key] = self._place(start)

    def _mark(self, text: str, start: int) -> None:
        frame = self._frames[-1]
        if text == ";":
            frame.expects = "predicate"
        elif text == ",":
            frame.expects = "object"
        elif text in "[(":
            expects = "predicate" if text == "[" else "object"
            self._frames.append(_Frame(text, start, frame.subject, frame.predicate, expects))
        elif text in "])":
            if len(self._frames) > 1:
                self._close(self._frames.pop())
        else:
            self._directive = []
            if text == "{" and frame.subject is not None:
                self._graph = frame.subject
                self.found.graphs.append((frame.subject, self._place(frame.start)))
            elif text == "}":
                self._graph = None
            self._frames = [self._statement()]

    def _close(self, closed: _Frame) -> None:
        """Go on after a blank node in brackets or a list, which was a subject, an object or a member."""
        if closed.kind == "[" or closed.begun:
            self.found.blank_nodes.append(self._place(closed.start))
        around = self._frames[-1]
        if around.expects == "subject":
            around.start, around.expects = closed.start, "predicate"
        around.begun = True


def _unescape(text: str) -> str:
    return _STRING_ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else _CONTROLS.get(match.group(3), match.group(3))


def scan(text: str, file: str) -> Scan:
    """Find the places of what a Turtle or TriG text says.

    :param text: a text that a parser has accepted; of another one the places are guesses.
    :param file: the file as messages name it.
    :returns: the places.
    """
    return _Scanner(file, text).run()


class Locations:
    """Find where the curated files say something."""

    def __init__(self) -> None:
        self._subjects: dict[str, Location] = {}
        self._graphs: dict[str, Location] = {}
        self._inside: dict[str, Location] = {}
        self._statements: dict[tuple[str | None, str, str, _Value], Location] = {}
        self._in_files: dict[tuple[str, str, _Value], Location] = {}

    def add(self, found: Scan) -> None:
        """Take in the places of one more file; the first place of a thing counts.

        :param found: the places.
        """
        for graph, location in found.graphs:
            self._graphs.setdefault(graph, location)
        for inside, subject, location in found.subjects:
            (self._subjects if inside is None else self._inside).setdefault(subject, location)
        for key, location in found.statements.items():
            self._statements.setdefault(key, location)
            self._in_files.setdefault((location.file, *key[2:]), location)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._subjects, *self._graphs, *self._inside]))

    def subject(self, iri: str) -> Location | None:
        """Find the block that describes a subject outside claims' graphs.

        :param iri: the subject.
        :returns: the place of its first block, or None.
        """
        return self._subjects.get(iri)

    def graph(self, iri: str) -> Location | None:
        """Find the ``GRAPH`` block of a name.

        :param iri: the graph's name.
        :returns: the place of its first block, or None.
        """
        return self._graphs.get(iri)

    def find(
        self,
        iri: str,
        predicate: str | None = None,
        value: NamedNode | BlankNode | Literal | None = None,
        graph: str | None = None,
    ) -> Location | None:
        """Find the best known place of a subject, or of a statement about it.

        :param iri: a subject or the name of a graph.
        :param predicate: the predicate, for the place of a statement.
        :param value: its object.
        :param graph: the claim whose graph holds the statement; None for what is said outside claims' graphs.
        :returns: the place of the statement, else of its predicate, else of the given graph, else of the
            subject's block, else None.
        """
        if predicate is not None:
            for known in (_value(value), None):
                location = self._statements.get((graph, iri, predicate, known))
                if location is not None:
                    return location
        if graph is not None and graph in self._graphs:
            return self._graphs[graph]
        return self._subjects.get(iri) or self._graphs.get(iri) or self._inside.get(iri)

    def find_in(self, file: str, predicate: str, value: NamedNode | BlankNode | Literal) -> Location | None:
        """Find where a file says something about a blank node, which has no name to look for.

        :param file: the file as messages name it.
        :param predicate: the predicate.
        :param value: the object.
        :returns: the first place where the file has that predicate and object of any subject, or None.
        """
        return self._in_files.get((file, predicate, _value(value)))


def _value(term: NamedNode | BlankNode | Literal | None) -> _Value:
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, Literal):
        return term.value, f"@{term.language.lower()}" if term.language else term.datatype.value
    return None
