"""Answer the ``SERVICE`` clauses of a query, so that the engine evaluates what is left without a network.

The engine would call any address by itself. Here each clause is taken out of the text, its pattern is sent
to the service by whoever may (see :data:`aisi_kg.store.services.Call`), and the solutions stand in its place
as ``VALUES``: the join is the engine's, and means what SPARQL 1.1 Federated Query says.

What stands before a clause in its group is evaluated first, and the values of the variables that both have
are sent along, as a ``VALUES`` beside the pattern: a service is asked for some items and not for everything.
That leaves out only what would have joined with nothing, so that the answer is the same; a variable that has
no value somewhere, or a blank node, is not sent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)

from aisi_kg.errors import QueryEnded, ServiceRefused
from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.evaluate import QueryRequest, check_text, dataset_text, evaluate, rejection
from aisi_kg.store.grammar import find_fault
from aisi_kg.store.results import forget_locals
from aisi_kg.store.services import SERVICES_VARIABLE, Call, Reply, ServiceFailed, ServiceLimits, ServiceList
from aisi_kg.store.syntax import Token, find_service, first_keyword, place_of, scan

__all__ = ["SKOLEM_BASE", "Federation", "federate"]

#: Blank nodes of a service's solutions have an IRI that begins so: VALUES takes none.
SKOLEM_BASE = BASE + ".well-known/genid/"

# Values that are sent at once. Much longer queries are refused by some endpoints, and take long to read.
_BATCH = 200
_EMPTY = "{}"
_FORMATS = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}


class Federation(NamedTuple):
    """Hold what is needed to answer ``SERVICE``.

    :param services: the endpoints that may be called.
    :param limits: what a query may take of them.
    :param call: calls one.
    """

    services: ServiceList
    limits: ServiceLimits
    call: Call


def federate(store: Store, request: QueryRequest, federation: Federation) -> QueryRequest:
    """Answer the SERVICE clauses of a query.

    :param store: the dataset, for the values that are sent along.
    :param request: the query.
    :param federation: which services there are and how they are called.
    :returns: the query without SERVICE; the same where it has none, or where its text does not tell for
        certain, so that its evaluation refuses it.
    :raises ServiceRefused: if it would call a service that is not on the list, or has one call another.
    :raises QueryRejected: if it is no SPARQL query.
    :raises ServiceFailed: if a service gives no answer, and the clause is not SILENT.
    :raises QueryEnded: if it would take more calls than a query may.
    """
    found = find_service(request.text)
    if found is None or not found.certain:
        return request
    try:
        return _federated(store, request, federation)
    except BaseException as error:
        forget_locals(error)
        raise


def _federated(store: Store, request: QueryRequest, federation: Federation) -> QueryRequest:
    tokens = scan(request.text).tokens
    end = len(request.text)
    if find_fault(tokens, end, dict(request.prefixes), based=request.base is not None) is not None:
        raise rejection(request, "")
    clauses = _clauses(tokens)
    _check(request, tokens, clauses)
    numbers = [_number(store, request, tokens, clause, federation.services) for clause in clauses]
    text = _Text(request.text, tokens)
    for clause, number in zip(clauses, numbers, strict=True):
        text.answered[clause] = _Clause(store, request, text, clause, number, federation).answer()
    return replace(request, text=text.slice(0, end), is_joined=True)


class _Group(NamedTuple):
    """Say what kind of group an opening brace begins, and the index of its token."""

    kind: str
    start: int


class _Service(NamedTuple):
    """Hold where a SERVICE clause stands: indices of its tokens, and the groups around it.

    :param start: the keyword.
    :param name: what is called.
    :param opening: the opening brace.
    :param closing: the closing brace.
    :param groups: the groups that are open where it begins, the outermost first.
    """

    start: int
    name: int
    opening: int
    closing: int
    is_silent: bool
    groups: tuple[_Group, ...]


def _clauses(tokens: Sequence[Token]) -> list[_Service]:
    """Find the SERVICE clauses that stand in no other, in a text that is grammatical."""
    clauses: list[_Service] = []
    groups: list[_Group] = []
    # At each level, whether the pattern of a SELECT is still to come.
    awaited = [False]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        word = token.text.upper() if token.kind == "word" else ""
        if word == "SERVICE":
            is_silent = tokens[index + 1].kind == "word" and tokens[index + 1].text.upper() == "SILENT"
            name = index + 1 + is_silent
            closing = _closing(tokens, name + 1)
            clauses.append(_Service(index, name, name + 1, closing, is_silent, tuple(groups)))
            index = closing
        elif word in _FORMS:
            awaited[-1] = True
        elif token.kind == "sign" and token.text == "{":
            kind = _kind(tokens, index)
            if kind == "joined" and awaited[-1]:
                kind = "apart"
                awaited[-1] = tokens[index - 1].text.upper() == "CONSTRUCT"
            groups.append(_Group(kind, index))
            awaited.append(False)
        elif token.kind == "sign" and token.text == "}":
            groups.pop()
            awaited.pop()
        index += 1
    return clauses


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].kind == "sign":
            depth += (tokens[index].text == "{") - (tokens[index].text == "}")
        if depth == 0:
            return index
    raise AssertionError("a grammatical text closes what it opens")


_FORMS = frozenset(["ASK", "CONSTRUCT", "DESCRIBE", "SELECT"])
_KINDS = {"EXISTS": "apart", "LATERAL": "other", "MINUS": "apart"}


def _kind(tokens: Sequence[Token], index: int) -> str:
    """Say how a group stands to what is before it, by the tokens before its brace.

    ``joined``: a solution of it has to fit one of what stands before. ``graph``: the same, of another graph.
    ``apart``: it is evaluated on its own. ``other``: nothing is known of it.
    """
    if index > 1 and tokens[index - 2].kind == "word" and tokens[index - 2].text.upper() == "GRAPH":
        return "graph"
    before = tokens[index - 1] if index else None
    return _KINDS.get(before.text.upper(), "joined") if before and before.kind == "word" else "joined"


def _check(request: QueryRequest, tokens: Sequence[Token], clauses: Sequence[_Service]) -> None:
    """Refuse what cannot be told for certain, and services that would call others."""
    text, rest = request.text, request.text
    for clause in clauses:
        start, end = tokens[clause.start].start, tokens[clause.closing].start + 1
        opening = tokens[clause.opening].start
        inner = find_service(text[opening:end])
        if inner is not None:
            place = place_of(text, opening + inner.start)
            raise ServiceRefused(
                f"Line {place.line}, column {place.column}: a service is not asked to call another; "
                "write the two SERVICE side by side.",
                *place,
            )
        # As long as it was, so that places stay what they are.
        blank = "".join(char if char in "\r\n" else " " for char in text[start:end])
        rest = rest[:start] + _EMPTY + blank[len(_EMPTY) :] + rest[end:]
    # The engine sees no more than this, and what services give.
    check_text(rest)


def _number(
    store: Store, request: QueryRequest, tokens: Sequence[Token], clause: _Service, services: ServiceList
) -> int:
    """Find the service that a clause calls."""
    token = tokens[clause.name]
    place = place_of(request.text, tokens[clause.start].start)
    where = f"Line {place.line}, column {place.column}"
    if token.kind == "variable":
        raise ServiceRefused(
            f"{where}: SERVICE {token.text} could call any address; name one that {SERVICES_VARIABLE} lists.",
            *place,
        )
    # The engine resolves prefixes and relative IRIs the way it would have done in place.
    found = store.query(
        f"{_prologue(request.text, tokens)}\nSELECT ?service {{ VALUES ?service {{ {token.text} }} }}",
        base_iri=request.base,
        prefixes=dict(request.prefixes),
    )
    term = next(found)["service"] if isinstance(found, QuerySolutions) else None
    iri = term.value if isinstance(term, NamedNode) else ""
    number = services.find(iri)
    if number is None:
        raise ServiceRefused(
            f"{where}: SERVICE would call <{iri}>, which {SERVICES_VARIABLE} does not list; ask one "
            "that it lists, or the operator to list it.",
            *place,
        )
    return number


def _prologue(text: str, tokens: Sequence[Token]) -> str:
    keyword = first_keyword(tokens)
    return text[: keyword.start] if keyword else ""


@dataclass
class _Text:
    """Give parts of a text, with the clauses that are answered exchanged.

    :param text: the text.
    :param tokens: its tokens.
    :param answered: what stands in place of a clause.
    """

    text: str
    tokens: Sequence[Token]
    answered: dict[_Service, str] = field(default_factory=dict)

    def slice(self, start: int, end: int, without: Iterable[tuple[int, int]] = ()) -> str:
        """Give a part.

        :param start: the offset that it begins at.
        :param end: the offset that it ends before.
        :param without: offsets of what is left out.
        :returns: the part; an exchanged clause is in it whole or not at all.
        """
        edits = [(first, last, " ") for first, last in without]
        for clause, values in self.answered.items():
            first, last = self.tokens[clause.start].start, self.tokens[clause.closing].start + 1
            if start <= first and last <= end:
                edits.append((first, last, values))
        parts = []
        for first, last, values in sorted(edits):
            if first < start:
                # It stands in what is left out.
                continue
            parts += [self.text[start:first], values]
            start = last
        return "".join([*parts, self.text[start:end]])


class _Clause:
    """Answer one clause."""

    def __init__(
        self,
        store: Store,
        request: QueryRequest,
        text: _Text,
        clause: _Service,
        number: int,
        federation: Federation,
    ) -> None:
        self._store = store
        self._request = request
        self._text = text
        self._clause = clause
        self._number = number
        self._federation = federation
        inside = text.tokens[clause.opening : clause.closing + 1]
        self._names = list(dict.fromkeys(t.text[1:] for t in inside if t.kind == "variable"))
        self._gives_all = not any(t.kind == "word" and t.text.upper() == "SELECT" for t in inside)

    def answer(self) -> str:
        """Ask the service.

        :returns: its solutions as a group.
        """
        sent = self._sent()
        names, rows = sent if sent is not None else ([], [()])
        limit = self._federation.limits.calls
        if len(rows) > _BATCH * limit:
            raise QueryEnded(
                "too-many-service-calls",
                f"{len(rows)} combinations of ?{', ?'.join(names)} would be sent to {self._iri()}, and a "
                f"query may make {limit} calls with {_BATCH} each; narrow down what stands before "
                "SERVICE, or begin with it.",
            )
        # The variables that it may give stand in SELECT * even where it gives no solution.
        heads = dict.fromkeys([*(self._names if self._gives_all else ()), *names])
        solutions: list[dict[str, str]] = []
        rest = iter(rows)
        try:
            while batch := list(islice(rest, _BATCH)):
                found, given = self._call(names, batch)
                heads.update(dict.fromkeys(found))
                solutions += given
        except ServiceFailed:
            if not self._clause.is_silent:
                raise
            return _values(list(heads), [{}])
        return _values(list(heads), solutions)

    def _iri(self) -> str:
        return f"<{self._federation.services.services[self._number].iri}>"

    def _call(
        self, names: Sequence[str], rows: Sequence[tuple[str, ...]]
    ) -> tuple[list[str], list[dict[str, str]]]:
        tokens, clause = self._text.tokens, self._clause
        pattern = self._text.text[tokens[clause.opening].start : tokens[clause.closing].start + 1]
        values = _values(names, [dict(zip(names, row, strict=True)) for row in rows]) if names else ""
        query = f"{self._head()}SELECT * WHERE {{ {values} {pattern} }}"
        reply = self._federation.call(self._number, query)
        if reply.status in ("failed", "timeout", "refused"):
            raise self._failure(reply)
        try:
            found = parse_query_results(reply.content, _FORMATS[reply.status])
            if isinstance(found, QueryBoolean):
                raise self._unreadable()
            heads = [name.value for name in found.variables if name.value in self._names]
            return heads, [
                {name: self._written(term) for name in heads if (term := solution[name]) is not None}
                for solution in found
            ]
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise self._unreadable() from error

    def _unreadable(self) -> QueryEnded:
        return self._failure(Reply("failed", b"its answer cannot be read as solutions"))

    def _failure(self, reply: Reply) -> QueryEnded:
        message = f"The service {self._iri()} gave no answer: {reply.content.decode('utf-8', 'replace')}."
        if reply.status == "refused":
            return QueryEnded("too-many-service-calls", message)
        code = "service-failed"
        if reply.status == "timeout":
            code = "service-timeout"
        return ServiceFailed(code, message)

    def _head(self) -> str:
        """Write the declarations that the pattern needs."""
        text, tokens = self._text.text, self._text.tokens
        prologue = _prologue(text, tokens)
        declared = {t.text.partition(":")[0] for t in scan(prologue).tokens if t.kind == "name"}
        used = {t.text.partition(":")[0] for t in tokens if t.kind == "name"}
        base = "" if self._request.base is None else f"BASE <{self._request.base}>\n"
        known = (pair for pair in self._request.prefixes if pair[0] in used - declared)
        return base + "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in known) + f"{prologue}\n"

    def _written(self, term: object) -> str:
        if not isinstance(term, BlankNode):
            return str(term)
        # Two clauses have no blank node in common, whatever their services call them.
        return f"<{SKOLEM_BASE}{self._clause.start}-{term.value}>"

    def _sent(self) -> tuple[list[str], list[tuple[str, ...]]] | None:
        """Find the values that are sent along: names of variables, and combinations of their values.

        :returns: None where nothing is known of what the clause is joined with.
        """
        before, mentioned, is_outermost = self._before()
        bindings = dict(self._request.bindings) if is_outermost else {}
        given = [name for name in self._names if name in bindings and name not in mentioned]
        candidates = [name for name in self._names if name in mentioned]
        rows: list[tuple[object, ...]] = [()]
        if candidates:
            rows = self._rows(before, candidates, {n: t for n, t in bindings.items() if n in mentioned})
        kept = [
            place
            for place in range(len(candidates))
            if all(isinstance(row[place], NamedNode | Literal) for row in rows)
        ]
        names = [*(candidates[place] for place in kept), *given]
        values = [str(bindings[name]) for name in given]
        chosen = dict.fromkeys((*(str(row[place]) for place in kept), *values) for row in rows)
        return (names, list(chosen)) if names else None

    def _rows(
        self, before: str, names: Sequence[str], bindings: Mapping[str, NamedNode | Literal]
    ) -> list[tuple[object, ...]]:
        """Evaluate what stands before the clause."""
        text, tokens = self._text.text, self._text.tokens
        heads = " ".join(f"?{name}" for name in names)
        dataset = dataset_text(tokens)
        query = f"{_prologue(text, tokens)}\nSELECT DISTINCT {heads} {dataset} WHERE {{ {before}"
        asked = replace(self._request, text=query, bindings=tuple(bindings.items()), is_joined=True)
        found = evaluate(self._store, asked)
        rows = found if isinstance(found, QuerySolutions) else ()
        return [tuple(solution[name] for name in names) for solution in rows]

    def _before(self) -> tuple[str, set[str], bool]:
        """Give what stands before the clause, its variables, and whether that is the query's outermost group.

        The text begins inside a group and closes all groups. Conditions on the whole of a group that is
        still open are left out: they may be about what comes later.
        """
        groups = self._clause.groups
        level = next((i for i in range(len(groups) - 1, -1, -1) if groups[i].kind in ("apart", "other")), 0)
        if any(group.kind in ("graph", "other") for group in groups[: level + 1]):
            # What it is evaluated over is not said here alone.
            return "", set(), False
        tokens = self._text.tokens
        first, last = groups[level].start + 1, self._clause.start
        filters = list(_filters(tokens, first, last, {group.start for group in groups[level:]}))
        left_out = {index for start, end in filters for index in range(start, end)}
        mentioned = {
            tokens[i].text[1:]
            for i in range(first, last)
            if tokens[i].kind == "variable" and i not in left_out
        }
        start = tokens[groups[level].start].start + 1
        offsets = [(tokens[a].start, tokens[b - 1].start + len(tokens[b - 1].text)) for a, b in filters]
        text = self._text.slice(start, tokens[last].start, offsets)
        return f"{text} {'}' * (len(groups) - level)}", mentioned, level == 0


def _filters(tokens: Sequence[Token], first: int, last: int, opened: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of tokens that are FILTERs of a group which is open at the end."""
    levels = [True]
    index = first
    while index < last:
        token = tokens[index]
        if token.kind == "word" and token.text.upper() == "FILTER" and levels[-1]:
            end = _end_of_filter(tokens, index + 1)
            yield index, end
            index = end
            continue
        if token.kind == "sign" and token.text == "{":
            levels.append(index in opened)
        elif token.kind == "sign" and token.text == "}":
            levels.pop()
        index += 1


def _end_of_filter(tokens: Sequence[Token], index: int) -> int:
    """Find the token behind a condition: brackets, a call, or EXISTS with its group."""
    while tokens[index].text not in ("(", "{") or tokens[index].kind != "sign":
        index += 1
    depth = 0
    while True:
        if tokens[index].kind == "sign":
            depth += (tokens[index].text in "({") - (tokens[index].text in ")}")
        index += 1
        if depth == 0:
            return index


def _values(names: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """Write solutions as a group."""
    heads = " ".join(f"?{name}" for name in names)
    lines = " ".join(f"({' '.join(row.get(name, 'UNDEF') for name in names)})" for row in rows)
    return f"{{ VALUES ({heads}) {{ {lines} }} }}"
