"""Ask several queries, one after the other, without knowing who evaluates them.

An inquiry is a generator: it yields a query, is sent the solutions, and returns what it has found. The
command line has its queries evaluated by the store that it holds; the web layer by its workers.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)

from aisi_kg.errors import QueryRejected
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.library.records import LANGUAGES, Text

__all__ = ["Inquiry", "RdfTerm", "Solution", "conduct", "labels_of", "read_solutions", "text_of_term"]

RdfTerm: TypeAlias = NamedNode | BlankNode | Literal
#: The terms that a solution gives to variables, by their names; a variable without one is left out.
Solution: TypeAlias = Mapping[str, RdfTerm]

_T = TypeVar("_T")
#: What yields queries, is sent their solutions, and returns what it has found.
Inquiry: TypeAlias = Generator[QueryRequest, Sequence[Solution], _T]

# As a path: with the properties as values, the engine joins each resource with each of them first, which
# takes twenty times as long.
_LABELS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?resource ?label WHERE {{
  VALUES ?resource {{ {resources} }}
  ?resource skos:prefLabel|rdfs:label|dcterms:title ?label .
  FILTER(LANG(?label) IN ("en", "zh"))
}}
ORDER BY ?resource ?label"""


def conduct(store: Store, inquiry: Inquiry[_T]) -> _T:
    """Have a store evaluate the queries of an inquiry.

    :param store: the dataset.
    :param inquiry: the inquiry, not begun.
    :returns: what it found.
    :raises QueryRejected: if a query is refused.
    """
    try:
        request = next(inquiry)
        while True:
            request = inquiry.send(_solutions(evaluate(store, request)))
    except StopIteration as stop:
        found: _T = stop.value
        return found


def read_solutions(data: bytes) -> list[Solution]:
    """Read the solutions of a query.

    :param data: the solutions as SPARQL's JSON.
    :returns: the solutions.
    """
    return _solutions(parse_query_results(data, QueryResultsFormat.JSON))


def _solutions(result: object) -> list[Solution]:
    if not isinstance(result, QuerySolutions):
        raise QueryRejected("An inquiry asks for solutions; ask with SELECT.")
    names = [variable.value for variable in result.variables]
    found: list[Solution] = []
    for solution in result:
        terms = zip(names, solution, strict=True)
        found.append(
            {name: term for name, term in terms if isinstance(term, NamedNode | BlankNode | Literal)}
        )
    return found


def text_of_term(solution: Solution, name: str) -> str:
    """Give the value of a variable as a text.

    :param solution: the solution.
    :param name: the variable.
    :returns: the IRI or the literal's value; empty where it has none.
    """
    term = solution.get(name)
    return "" if term is None else term.value


def labels_of(resources: Iterable[str]) -> Inquiry[dict[str, Text]]:
    """Find the names of resources in both languages.

    :param resources: their IRIs; those of the dataset, and none that a client has sent.
    :returns: the names by IRI, of those that have one; where there is one language alone, it serves for both.
    """
    iris = sorted(set(resources))
    if not iris:
        return {}
    text = _LABELS.format(resources=" ".join(str(NamedNode(iri)) for iri in iris))
    names: dict[str, dict[str, str]] = {}
    for solution in (yield QueryRequest(text)):
        label = solution["label"]
        if isinstance(label, Literal) and label.language in LANGUAGES:
            names.setdefault(solution["resource"].value, {}).setdefault(label.language, label.value)
    return {
        iri: Text(**{each: found.get(each) or next(iter(found.values())) for each in LANGUAGES})
        for iri, found in names.items()
    }
