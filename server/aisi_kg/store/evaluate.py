"""Evaluate a SPARQL query over a store.

A request is plain data and is evaluated by one call, so that the call can be made in another process. What
comes back belongs to the thread that asked for it: the engine's results must be written where they were made.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
    parse_query_results,
)

from aisi_kg.errors import QueryRejected, ServiceRefused, UpdateRefused
from aisi_kg.store.binding import expose
from aisi_kg.store.describing import Asked, Description, read_describe
from aisi_kg.store.grammar import find_fault
from aisi_kg.store.services import SERVICES_VARIABLE
from aisi_kg.store.syntax import Place, Token, find_service, first_keyword, place_of, scan, too_deep

__all__ = ["Answer", "QueryRequest", "check_text", "dataset_text", "evaluate", "rejection"]

#: What a query gives: the solutions of a SELECT, the truth of an ASK, the triples of a CONSTRUCT, the
#: description of a DESCRIBE.
Answer: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples | Description

_UPDATES = frozenset(["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"])
# Said where the text is grammatical and the engine does not tell its reason.
_NO_MEANING = (
    "the query is grammatical but means nothing; check that no variable is assigned twice, that all rows of "
    "VALUES are as long as its list of variables, and that aggregates stand where groups are made"
)
_ENGINE_MESSAGE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """Hold a query and the dataset it is asked of.

    :param text: the query.
    :param default_graphs: IRIs of the graphs whose merge is the default graph. With these or ``named_graphs``
        given, what the query itself says by FROM does not count.
    :param named_graphs: IRIs of the graphs that GRAPH may name.
    :param base: IRI that relative IRIs in the query are resolved against.
    :param prefixes: prefixes, with their namespaces, that the query may use without declaring them.
    :param bindings: variables, without their mark, and the terms that they are bound to.
    :param is_joined: SERVICE in the text was answered (:mod:`aisi_kg.store.federation`); what stands in its
        place are terms, which may hold the word.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None
    prefixes: tuple[tuple[str, str], ...] = ()
    bindings: tuple[tuple[str, NamedNode | Literal], ...] = ()
    is_joined: bool = False


class _Graphs(NamedTuple):
    """List the graphs that a query is asked of."""

    default: list[NamedNode]
    named: list[NamedNode]


def evaluate(store: Store, request: QueryRequest) -> Answer:
    """Evaluate a query.

    :param store: the store; its default graph is what a query without FROM sees.
    :param request: the query and its dataset.
    :returns: the result, which only the calling thread may read.
    :raises QueryRejected: if the text is no SPARQL query or one that the engine cannot evaluate.
    :raises UpdateRefused: if it is an update.
    :raises ServiceRefused: if it calls another endpoint.
    """
    _check(request, request.text)
    graphs = _Graphs(_nodes(request.default_graphs), _nodes(request.named_graphs))
    try:
        asked = read_describe(request.text)
        if asked is not None and request.bindings:
            raise QueryRejected("The variables of a DESCRIBE cannot be bound; ask with SELECT or CONSTRUCT.")
        if asked is not None:
            return _described(store, request, graphs, asked)
        if not (graphs.default or graphs.named):
            graphs = _graphs_of_text(store, request, at_least=2) or graphs
        return _bound(store, request, graphs) if request.bindings else _result(store, request, graphs)
    except SyntaxError as error:
        raise rejection(request, str(error)) from error
    except RuntimeError as error:
        raise QueryRejected(f"The query cannot be evaluated: {error}.") from error


def _bound(
    store: Store, request: QueryRequest, graphs: _Graphs
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Have the engine evaluate a query some of whose variables are bound to terms."""
    exposed = expose(request.text, [name for name, _ in request.bindings])
    # What was changed might be read in another way.
    _check(request, exposed.text)
    result = _result(store, replace(request, text=exposed.text), graphs)
    if not isinstance(result, QuerySolutions):
        return result
    if exposed.is_ask:
        truth = store.query("ASK {}" if next(result, None) is not None else "ASK { FILTER(false) }")
        return truth if isinstance(truth, QueryBoolean) else result
    return _without(result, exposed.hidden) if exposed.hidden else result


def _without(result: QuerySolutions, names: frozenset[str]) -> QuerySolutions:
    """Take variables out of solutions."""
    value = json.loads(result.serialize(format=QueryResultsFormat.JSON) or b"")
    value["head"]["vars"] = [name for name in value["head"]["vars"] if name not in names]
    for solution in value["results"]["bindings"]:
        for name in names:
            solution.pop(name, None)
    parsed = parse_query_results(json.dumps(value), QueryResultsFormat.JSON)
    if not isinstance(parsed, QuerySolutions):
        raise QueryRejected("The query cannot be evaluated: its solutions cannot be read.")
    return parsed


def _result(
    store: Store, request: QueryRequest, graphs: _Graphs
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Have the engine evaluate a query."""
    prefixes = dict(request.prefixes)
    substitutions: dict[Variable, NamedNode | BlankNode | Literal | Triple] | None = None
    if request.bindings:
        substitutions = {Variable(name): term for name, term in request.bindings}
    if len(graphs.default) > 1:
        # The engine joins the graphs without merging them: a triple of two graphs would come out twice.
        return _merged(store, graphs).query(
            request.text,
            base_iri=request.base,
            prefixes=prefixes,
            default_graph=DefaultGraph(),
            named_graphs=list(graphs.named),
            substitutions=substitutions,
        )
    if graphs.default or graphs.named:
        return store.query(
            request.text,
            base_iri=request.base,
            prefixes=prefixes,
            default_graph=list(graphs.default),
            named_graphs=list(graphs.named),
            substitutions=substitutions,
        )
    return store.query(request.text, base_iri=request.base, prefixes=prefixes, substitutions=substitutions)


def _described(store: Store, request: QueryRequest, graphs: _Graphs, asked: Asked) -> Description:
    """Find the resources that a DESCRIBE asks for, and describe them from the dataset that it is asked of."""
    if not (graphs.default or graphs.named):
        graphs = _graphs_of_text(store, request, at_least=0) or graphs
    if graphs.default or graphs.named:
        store = _merged(store, graphs)
    resources: dict[NamedNode | BlankNode, None] = {}
    for text in (asked.resources, asked.solutions):
        if text is None:
            continue
        # What was exchanged might be read in another way.
        _check(request, text)
        found = store.query(
            text,
            base_iri=request.base,
            prefixes=dict(request.prefixes),
            # In place of what the text says by FROM.
            default_graph=DefaultGraph(),
        )
        if isinstance(found, QuerySolutions):
            for solution in found:
                for term in solution:
                    if isinstance(term, NamedNode | BlankNode):
                        resources[term] = None
    return Description(store, resources)


def rejection(request: QueryRequest, reason: str) -> QueryRejected:
    """Explain, with the place of the fault, why the engine did not read a query.

    :param request: the query.
    :param reason: the engine's own words.
    :returns: the error, to be raised.
    """
    text = request.text
    tokens = scan(text).tokens
    keyword = first_keyword(tokens)
    if keyword is not None and keyword.text.upper() in _UPDATES:
        place = place_of(text, keyword.start)
        return UpdateRefused(
            f"{_at(place)}: {keyword.text} changes data, and this dataset is read-only; ask with SELECT, "
            "ASK, CONSTRUCT or DESCRIBE.",
            *place,
        )
    fault = find_fault(tokens, len(text), dict(request.prefixes), based=request.base is not None)
    if fault is not None:
        place = place_of(text, fault.start)
        return QueryRejected(f"{_at(place)}: {fault.message}.", *place)
    match = _ENGINE_MESSAGE.match(reason)
    if match is None:
        return QueryRejected(f"The query cannot be read: {reason.rstrip('.')}.")
    place = Place(int(match[1]), int(match[2]))
    meaning = [part for part in match[3].split(", ") if part.count(" ") >= 2 and part[0] not in "['\""]
    message = meaning[0].rstrip(".") if meaning else _NO_MEANING
    return QueryRejected(f"{_at(place)}, or before: {message}.", *place)


def _at(place: Place) -> str:
    return f"Line {place.line}, column {place.column}"


def _check(request: QueryRequest, text: str) -> None:
    if not request.is_joined:
        check_text(text)


def check_text(text: str) -> None:
    """Refuse what must not reach the engine.

    :param text: the text of a query.
    :raises QueryRejected: if it holds what is no character, or nests too deeply.
    :raises ServiceRefused: if it calls another endpoint, or may be read so.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        place = place_of(text, error.start)
        raise QueryRejected(f"{_at(place)}: half of a surrogate pair is no character.", *place) from error
    call = find_service(text)
    if call is not None:
        place = place_of(text, call.start)
        if call.certain:
            message = (
                "SERVICE would call another endpoint, and queries stay inside the dataset as long as "
                f"{SERVICES_VARIABLE} lists none; remove it"
            )
        else:
            message = "this text can be read as calling SERVICE, which is not offered; remove that word"
        raise ServiceRefused(f"{_at(place)}: {message}.", *place)
    offset = too_deep(text)
    if offset is not None:
        place = place_of(text, offset)
        raise QueryRejected(
            f"{_at(place)}: the query is nested too deeply here; write it with fewer brackets.", *place
        )


def _nodes(iris: Iterable[str]) -> list[NamedNode]:
    """Turn the graphs of a request into nodes."""
    nodes = []
    for iri in dict.fromkeys(iris):
        try:
            nodes.append(NamedNode(iri))
        except ValueError as error:
            raise QueryRejected(f"The graph <{iri}> is not an absolute IRI; write it in full.") from error
    return nodes


def _graphs_of_text(store: Store, request: QueryRequest, at_least: int) -> _Graphs | None:
    """Read the dataset of a query that names so many graphs by FROM; the engine reads others itself."""
    if request.text.upper().count("FROM") < at_least:
        return None
    tokens = scan(request.text).tokens
    clauses = list(_dataset_clauses(tokens))
    if not clauses or sum(not named for named, _ in clauses) < at_least:
        return None
    keyword = first_keyword(tokens)
    prologue = request.text[: keyword.start] if keyword else ""
    values = " ".join(token.text for _, token in clauses)
    try:
        # The engine resolves prefixes and relative IRIs the way it would have done in place.
        found = store.query(
            f"{prologue}\nSELECT ?graph {{ VALUES ?graph {{ {values} }} }}",
            base_iri=request.base,
            prefixes=dict(request.prefixes),
        )
    except SyntaxError:
        # The query itself has the same fault, and is told so with its place.
        return None
    if not isinstance(found, QuerySolutions):
        return None
    graphs = _Graphs([], [])
    for (named, _), solution in zip(clauses, found, strict=True):
        graph = solution["graph"]
        if isinstance(graph, NamedNode):
            (graphs.named if named else graphs.default).append(graph)
    return _Graphs(list(dict.fromkeys(graphs.default)), list(dict.fromkeys(graphs.named)))


def dataset_text(tokens: Sequence[Token]) -> str:
    """Write the dataset of a query as the query does.

    :param tokens: the query's tokens.
    :returns: its FROM clauses; nothing where it has none.
    """
    return " ".join(
        f"FROM {'NAMED ' if named else ''}{token.text}" for named, token in _dataset_clauses(tokens)
    )


def _dataset_clauses(tokens: Sequence[Token]) -> Iterable[tuple[bool, Token]]:
    """Yield the IRI of each FROM outside brackets, and whether it says NAMED."""
    depth = 0
    state = ""
    for token in tokens:
        word = token.text.upper() if token.kind == "word" else ""
        if token.kind == "sign":
            depth += (token.text in "([{") - (token.text in ")]}")
        if state and token.kind in ("iri", "name"):
            yield state == "NAMED", token
            state = ""
        elif depth == 0 and (word == "FROM" or (word == "NAMED" and state == "FROM")):
            state = word
        else:
            state = ""


def _merged(store: Store, graphs: _Graphs) -> Store:
    """Make a store whose default graph is the merge of the default graphs."""
    merged = Store()
    for graph in graphs.default:
        merged.extend(
            Quad(q.subject, q.predicate, q.object, DefaultGraph())
            for q in store.quads_for_pattern(None, None, None, graph)
        )
    for graph in graphs.named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged
