"""Answer the plainest queries by looking into the store's index, without the engine's parser and planner.

A query that asks what is said of a thing takes the engine less time than its way to another process and back.
Such a one may be answered where nothing can be ended, if it is certain that it ends by itself and soon. So
the rule here is not what a query looks like but what it can cost:

- Its text is read by one regular expression and one loop, in linear time and without recursion, and only in
  the small part of SPARQL that :data:`_QUERY` spells out: prefixes, ``SELECT`` of variables or of one
  ``COUNT``, or ``ASK``, triple patterns of IRIs and variables, ``LIMIT``. No other text is looked at further,
  and the engine's parser sees none.
- A pattern is looked up by its subject or its object, which has to be known by then and to stand in few
  quads: the index lists these, and nothing else is walked through.
- All patterns together may look up and find a bounded number of times.
- How many triples there are, and how many of a predicate or with a class, is counted once for all.

What is beyond that is given back unanswered, for the engine in a process that can be ended. Whether it is
depends on dataset and query alone, so that the same question always has the same bytes for its answer.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import NamedTuple, Self, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from aisi_kg.store.compression import Encoding, compressed
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import RESULT_FORMATS, Choice, Format

__all__ = ["LONGEST_LIST", "MOST_STEPS", "Found", "Lookup"]

_JSON = RESULT_FORMATS[0]

# More than people write for such a query.
_LONGEST_TEXT = 2_000
#: The most quads, of all graphs, that a term stands in for being looked up by.
LONGEST_LIST = 512
#: The most quads that are walked through, and times that are looked, in all; a fraction of a millisecond.
MOST_STEPS = 1024
# Rows take longer than steps. The engine is faster where there are many.
_MOST_FOUND = 256
# Where a pattern is joined so many times, the engine is faster.
_MOST_JOINED = 24
# Longer answers are the business of a process that sends them in blocks.
_LONGEST_ANSWER = 128 * 1024
_REMEMBERED_TERMS = 8192
_REMEMBERED_PROLOGUES = 256

# Every repetition is possessive: what was read is not read again in another way. Only ASCII comes here.
_SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_IRI = r"<[^\x00-\x20<>\"{}|^`\\]++>"
_PREFIX = r"(?:[A-Za-z][A-Za-z0-9_\-]*+)?+:"
# A local name may have more in it, such as a full stop or an escape, and then does not end like this.
_NAME = rf"{_PREFIX}[A-Za-z0-9_][A-Za-z0-9_\-]*+(?=[ \t\r\n;,]|\.?(?:[ \t\r\n]|\Z))"
_VARIABLE = r"[?$][A-Za-z0-9_]++"
_QUERY = re.compile(
    rf"""
    (?P<prologue> (?: {_SPACE} (?i:PREFIX) [ \t\r\n]++ {_PREFIX} {_SPACE} {_IRI} )*+ ) {_SPACE}
    (?: (?P<ask> (?i:ASK) )
      | (?i:SELECT) (?P<distinct> [ \t\r\n]++ (?i:DISTINCT) (?=[ \t\r\n?$*]) )?+
        (?P<variables> {_SPACE} \* | (?: {_SPACE} {_VARIABLE} )++ )
      | (?i:SELECT) {_SPACE} \( {_SPACE} (?i:COUNT) {_SPACE} \( {_SPACE}
        (?P<once> (?i:DISTINCT) (?=[ \t\r\n?$*]) )?+ {_SPACE} (?P<counted> \* | {_VARIABLE} ) {_SPACE} \)
        {_SPACE} (?i:AS) {_SPACE} (?P<number> {_VARIABLE} ) {_SPACE} \)
    ) {_SPACE}
    (?: (?i:WHERE) {_SPACE} )?+
    \{{ (?P<pattern> (?: {_IRI} | [^<>{{}}+*/|^!"'] )*+ ) \}}
    (?: {_SPACE} (?i:LIMIT) [ \t\r\n]++ (?P<limit> [0-9]{{1,9}}+ ) )?+
    {_SPACE} \Z
    """,
    re.VERBOSE,
)
_DECLARATION = re.compile(rf"{_SPACE}(?i:PREFIX)[ \t\r\n]++({_PREFIX}){_SPACE}({_IRI})")
# A comment begins with what is nothing here.
_TOKEN = re.compile(
    rf"[ \t\r\n]*+(?:(?P<iri>{_IRI})|(?P<name>{_NAME})|(?P<variable>{_VARIABLE})"
    r"|(?P<a>a(?=[ \t\r\n]))|(?P<sign>[.;,])|(?P<nothing>[^ \t\r\n]))"
)
_NAMES = re.compile(_VARIABLE)
#: A variable by its name, or an IRI.
_Place: TypeAlias = str | NamedNode
_Pattern: TypeAlias = tuple[_Place, _Place, _Place]
_Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
_Solution: TypeAlias = tuple[_Term, ...]

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_DEFAULT = DefaultGraph()
#: What of a quad is found, by the places of a pattern that are to be found.
_MEMBERS: dict[tuple[int, ...], Callable[[Quad], _Solution]] = {
    (): lambda _: (),
    (0,): lambda quad: (quad.subject,),
    (1,): lambda quad: (quad.predicate,),
    (2,): lambda quad: (quad.object,),
    (0, 1): attrgetter("subject", "predicate"),
    (0, 2): attrgetter("subject", "object"),
    (1, 2): attrgetter("predicate", "object"),
    (0, 1, 2): attrgetter("subject", "predicate", "object"),
}
_NO_SUBJECT = (Literal, Triple)
_NO_PREDICATE = (Literal, Triple, BlankNode)


class Found(NamedTuple):
    """Hold an answer: its format, compression, number of rows, and bytes."""

    format: Format
    encoding: Encoding
    rows: int
    data: bytes


class _BeyondError(Exception):
    """Say that a query is beyond what is looked up."""


class _Query(NamedTuple):
    """Hold what a query asks; ``variables`` are those of a SELECT in order, and None for an ASK.

    Where a number is asked for, ``counted`` is the variable whose values are counted, or ``*``.
    """

    patterns: Sequence[_Pattern]
    variables: Sequence[str] | None
    is_distinct: bool
    limit: int | None
    counted: str | None = None


class _Counts(NamedTuple):
    """Hold how many triples there are, of each predicate, and with each class."""

    all: int
    by_predicate: Mapping[_Term, int]
    by_class: Mapping[_Term, int]

    @classmethod
    def of(cls, store: Store) -> Self:
        """Count, in a second for some millions."""
        by_predicate = _counted(store, "?s ?term ?o")
        return cls(sum(by_predicate.values()), by_predicate, _counted(store, f"?s {_TYPE} ?term"))

    def find(self, query: _Query) -> int | None:
        """Give the number that a query asks for, if it is one of these."""
        if len(query.patterns) > 1:
            return None
        subject, predicate, object_ = query.patterns[0]
        names = [place for place in query.patterns[0] if isinstance(place, str)]
        # The same value of a variable may stand in several triples, unless nothing else differs in them.
        are_different = query.counted == "*" or len(names) == 1
        if not isinstance(subject, str) or (query.is_distinct and not are_different):
            return None
        if isinstance(object_, str):
            return self.all if isinstance(predicate, str) else self.by_predicate.get(predicate, 0)
        return self.by_class.get(object_, 0) if predicate == _TYPE else None


def _counted(store: Store, pattern: str) -> dict[_Term, int]:
    rows = store.query(f"SELECT ?term (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?term")
    if not isinstance(rows, QuerySolutions):
        return {}
    return {row["term"]: int(row["n"].value) for row in rows}


class Lookup:
    """Answer plain queries from a store that does not change.

    :param store: the store; its default graph is what is asked.
    :param rows: the most rows of an answer.
    """

    def __init__(self, store: Store, rows: int) -> None:
        self._store = store
        self._rows = rows
        self._counts = _Counts.of(store)
        # To count the quads that have a term takes as long as looking it up.
        self._as_subject = lru_cache(_REMEMBERED_TERMS)(lambda term: self._count(term, None))
        self._as_object = lru_cache(_REMEMBERED_TERMS)(lambda term: self._count(None, term))

    def answer(self, request: QueryRequest, choice: Choice, encoding: Encoding = "") -> Found | None:
        """Answer a query, if it is one of these.

        :param request: the query and its dataset.
        :param choice: the formats to answer in; only JSON is written here.
        :param encoding: what to compress the answer with; a short one is not compressed.
        :returns: the answer; None where the engine has to be asked, be it to say what is wrong.
        """
        of_another = request.default_graphs or request.named_graphs or request.bindings
        if choice.result != _JSON.name or of_another or request.prefixes or request.base is not None:
            return None
        query = _read(request.text)
        if query is None:
            return None
        try:
            rows, text = self._write(query)
        except _BeyondError:
            return None
        data, encoding = compressed(text.encode(), encoding)
        return Found(_JSON, encoding, rows, data)

    def _write(self, query: _Query) -> tuple[int, str]:
        """Give the number of rows, and the answer in JSON."""
        names, solutions = self._found(query)
        if query.variables is None:
            return 0, f'{{"head":{{}},"boolean":{"true" if solutions[: query.limit] else "false"}}}'
        columns = [(f'"{name}":', names.index(name)) for name in query.variables if name in names]
        rows = [
            f"{{{','.join([head + _term(solution[number]) for head, number in columns])}}}"
            for solution in solutions
        ]
        if query.is_distinct:
            rows = list(dict.fromkeys(rows))
        rows = rows[: query.limit]
        heads = ",".join([f'"{name}"' for name in query.variables])
        text = f'{{"head":{{"vars":[{heads}]}},"results":{{"bindings":[{",".join(rows)}]}}}}'
        if len(rows) > self._rows or len(text) > _LONGEST_ANSWER:
            raise _BeyondError
        return len(rows), text

    def _found(self, query: _Query) -> tuple[list[str], list[_Solution]]:
        """Give the variables and the solutions; of a number, the one that has it."""
        if query.counted is None or query.variables is None:
            return self._solve(query.patterns)
        number = self._counts.find(query)
        if number is None:
            names, solutions = self._solve(query.patterns)
            if query.is_distinct and query.counted != "*":
                place = names.index(query.counted)
                solutions = list({solution[place : place + 1] for solution in solutions})
            number = len(solutions)
        return list(query.variables), [(Literal(str(number), datatype=_INTEGER),)]

    def _solve(self, patterns: Sequence[_Pattern]) -> tuple[list[str], list[_Solution]]:
        """Match one pattern after the other, each with what those before have found.

        Gives the variables, and the solutions with a term for each in the same order.
        """
        steps = MOST_STEPS
        names: list[str] = []
        solutions: list[_Solution] = [()]
        for number, pattern in enumerate(patterns, start=1):
            # Each of what is found is joined with what follows.
            most = _MOST_FOUND if number == len(patterns) else _MOST_JOINED
            places = [
                (names.index(place), None) if isinstance(place, str) and place in names else (-1, place)
                for place in pattern
            ]
            new = [n for n, (known, place) in enumerate(places) if known < 0 and isinstance(place, str)]
            names += [str(pattern[n]) for n in new]
            members = _MEMBERS[tuple(new)]
            found: list[_Solution] = []
            for solution in solutions:
                terms = [
                    solution[known] if known >= 0 else None if isinstance(place, str) else place
                    for known, place in places
                ]
                steps -= 1 + self._length(terms[0], terms[2])
                if steps < 0:
                    raise _BeyondError
                quads = islice(self._quads(*terms), most + 1)
                found += [solution + members(quad) for quad in quads]
                if len(found) > most:
                    raise _BeyondError
            solutions = found
        return names, solutions

    def _length(self, subject: _Term | None, object_: _Term | None) -> int:
        """Count the quads by which a pattern is looked up, with those of a term that has too many for it."""
        length = 0
        for term, count in ((subject, self._as_subject), (object_, self._as_object)):
            if term is not None:
                counted = count(term)
                length += counted
                if counted <= LONGEST_LIST:
                    return length
        raise _BeyondError

    def _quads(self, subject: _Term | None, predicate: _Term | None, object_: _Term | None) -> Iterable[Quad]:
        """Look a pattern up; the engine walks through the shortest of its terms' lists."""
        if isinstance(subject, _NO_SUBJECT) or isinstance(predicate, _NO_PREDICATE):
            return ()
        return self._store.quads_for_pattern(subject, predicate, object_, _DEFAULT)

    def _count(self, subject: _Term | None, object_: _Term | None) -> int:
        """Count the quads, of all graphs, that have a term where it is looked up, one too many at most."""
        if isinstance(subject, _NO_SUBJECT):
            return 0
        quads = self._store.quads_for_pattern(subject, None, object_, None)
        return sum(1 for _ in islice(quads, LONGEST_LIST + 1))


def _term(term: _Term) -> str:
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{quoted(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{quoted(term.value)}}}'
    if not isinstance(term, Literal) or term.direction is not None:
        raise _BeyondError
    value = quoted(term.value)
    if term.language is not None:
        return f'{{"type":"literal","value":{value},"xml:lang":{quoted(term.language)}}}'
    datatype = term.datatype.value
    if datatype == _STRING:
        return f'{{"type":"literal","value":{value}}}'
    return f'{{"type":"literal","value":{value},"datatype":{quoted(datatype)}}}'


def _read(text: str) -> _Query | None:
    """Read a query; None where it is none of these, or has a fault that the engine is to tell."""
    # Most queries that are none of these have more braces or other brackets.
    if len(text) > _LONGEST_TEXT or not text.isascii() or text.count("{") != 1:
        return None
    match = _QUERY.match(text) if text.count("(") in (0, 2) else None
    if match is None:
        return None
    prologue, ask, distinct, heads, once, counted, number, pattern, limit = match.groups()
    prefixes = _prefixes(prologue)
    if prefixes is None:
        return None
    patterns = _patterns(pattern, prefixes)
    if patterns is None:
        return None
    most = None if limit is None else int(limit)
    if ask is not None:
        return _Query(patterns, None, is_distinct=False, limit=most)
    names = {place for each in patterns for place in each if isinstance(place, str)}
    if number is not None:
        counted = counted.lstrip("?$")
        if number[1:] in names or counted not in (*names, "*"):
            return None
        return _Query(patterns, [number[1:]], once is not None, most, counted)
    variables = [name[1:] for name in _NAMES.findall(heads)] or sorted(names)
    if not variables or len(set(variables)) < len(variables):
        return None
    return _Query(patterns, variables, distinct is not None, most)


@lru_cache(_REMEMBERED_PROLOGUES)
def _prefixes(prologue: str) -> Mapping[str, str] | None:
    """Read declarations of prefixes; None where the engine may find a fault in one."""
    found: dict[str, str] = {}
    for prefix, iri in _DECLARATION.findall(prologue):
        if prefix in found or not _is_iri(iri[1:-1]):
            return None
        found[prefix] = iri[1:-1]
    return found


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _patterns(text: str, prefixes: Mapping[str, str]) -> list[_Pattern] | None:
    """Read triple patterns: subjects, predicates and objects, with what may stand between them."""
    found: list[_Pattern] = []
    places: list[_Place] = []
    for token in _TOKEN.finditer(text):
        kind, value = token.lastgroup, token[token.lastindex or 0]
        if kind == "sign":
            if len(places) < 3:
                return None
            del places[{".": 0, ";": 1, ",": 2}[value] :]
            continue
        if len(places) == 3:
            return None
        place = _place(kind, value, prefixes)
        if place is None or (kind == "a" and len(places) != 1):
            return None
        places.append(place)
        if len(places) == 3:
            names = [each for each in places if isinstance(each, str)]
            if len(set(names)) < len(names):
                return None
            found.append((places[0], places[1], places[2]))
    # Behind a full stop there may be nothing; behind another sign there may not.
    is_whole = len(places) in (0, 3) and found
    return found if is_whole else None


def _place(kind: str | None, value: str, prefixes: Mapping[str, str]) -> _Place | None:
    if kind == "variable":
        return value[1:]
    if kind == "a":
        return _TYPE
    if kind == "name":
        prefix, _, local = value.partition(":")
        namespace = prefixes.get(f"{prefix}:")
        value = f"<{namespace}{local}>" if namespace is not None else ""
    elif kind != "iri":
        return None
    try:
        return NamedNode(value[1:-1])
    except ValueError:
        return None
