"""Cut the miniature of the dataset that the stored queries are tested on, and write their answers.

Run by hand after a query or the shape of the data changed, on a built dataset::

    .venv/bin/python tests/library/cut_miniature.py

It takes the first rows of each query's answer, the claims that state them, and what those speak of, and
writes ``miniature.trig`` and ``expected/<id>.tsv``. The tests compare two engines with these files; whoever
runs this reads in the diff whether the new answers are right.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    serialize,
)

from aisi_kg.graph.dataset import merge
from aisi_kg.graph.prefixes import (
    AISI,
    BASE,
    CLAIM_BASE,
    ENTITIES_GRAPH,
    ENTITY_BASE,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    SOURCE_BASE,
)
from aisi_kg.store.directory import open_dataset
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library, StoredQuery
from aisi_kg.store.results import dataset_prefixes

HERE = Path(__file__).parent
SOURCE = SOURCE_BASE + "concordia-2024"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SKOS = "http://www.w3.org/2004/02/skos/core#"
# What is kept of a term: enough to name it and to climb from it.
OF_TERMS = {
    TYPE,
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    "http://www.w3.org/2000/01/rdf-schema#subPropertyOf",
    *(
        "http://www.w3.org/2004/02/skos/core#" + name
        for name in ("broader", "inScheme", "notation", "prefLabel")
    ),
    AISI + "oneValueAtATime",
}
# What compares things has no row unless there are several to compare.
ROWS, ROWS_OF_COMPARISONS, MOST_BETWEEN = 1, 12, 8


def named(store: Store, query: StoredQuery, rows: int) -> Iterator[NamedNode]:
    """Give the terms that a query names, and the resources in the first rows of its answer."""
    for name in re.findall(r"\baisi:(\w+)", query.text):
        yield NamedNode(AISI + name)
    for name in re.findall(r"\bentity:([\w-]+)", query.text):
        yield NamedNode(ENTITY_BASE + name)
    answer = store.query(query.text)
    if isinstance(answer, QuerySolutions):
        for number, solution in enumerate(answer):
            if number < rows:
                yield from (term for term in solution if isinstance(term, NamedNode))


def relating(store: Store, nodes: set[NamedNode]) -> set[NamedNode]:
    """Find claims that relate resources to one another, directly or through a third, or that date them."""
    things = {node for node in nodes if node.value.startswith((ENTITY_BASE, AISI))}
    found = set()
    linked: dict[tuple[NamedNode | BlankNode | DefaultGraph, object], set[NamedNode]] = {}
    for thing in sorted(things, key=str):
        for quad in store.quads_for_pattern(thing, None, None, None):
            is_dated = quad.predicate.value in (AISI + "earliestDate", AISI + "latestDate")
            if is_dated or quad.object in things:
                found.add(quad.graph_name)
        for quad in store.quads_for_pattern(None, None, thing, None):
            if quad.predicate.value != TYPE:
                linked.setdefault((quad.graph_name, quad.subject), set()).add(thing)
    between = {graph for (graph, _), ends in linked.items() if len(ends) > 1}
    found |= set(sorted(between, key=str)[:MOST_BETWEEN])
    return {graph for graph in found if isinstance(graph, NamedNode) and graph.value.startswith(CLAIM_BASE)}


def leads_on(term: object) -> bool:
    """Tell whether what a kept statement speaks of is kept too."""
    return isinstance(term, NamedNode) and (
        term.value.startswith((ENTITY_BASE, AISI, BASE + "publication/"))
        or term.value.startswith((SOURCE + "/passage/", SOURCE + "/footnote/"))
        or term.value == SOURCE
    )


def cut(store: Store, nodes: set[NamedNode]) -> set[Quad]:
    """Cut out the claims among some resources, and what they speak of."""
    source = NamedNode(SOURCE)
    for node in list(nodes):
        # A note on a discrepancy brings all its sides.
        told = store.quads_for_pattern(node, None, None, source)
        nodes |= {
            q.object
            for q in told
            if isinstance(q.object, NamedNode) and q.object.value.startswith(CLAIM_BASE)
        }
    claims = {node for node in nodes if node.value.startswith(CLAIM_BASE)}
    kept: set[Quad] = set()
    for claim in claims:
        for quad in store.quads_for_pattern(None, None, None, claim):
            kept.add(quad)
            nodes |= {t for t in (quad.subject, quad.predicate, quad.object) if isinstance(t, NamedNode)}
    seen: set[NamedNode] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node in seen or (node.value.startswith(CLAIM_BASE) and node not in claims):
            continue
        seen.add(node)
        about = [
            *store.quads_for_pattern(node, None, None, source),
            *store.quads_for_pattern(node, None, None, NamedNode(ENTITIES_GRAPH)),
            *(
                quad
                for quad in store.quads_for_pattern(node, None, None, NamedNode(ONTOLOGY_GRAPH))
                if quad.predicate.value in OF_TERMS and not isinstance(quad.object, BlankNode)
            ),
        ]
        kept.update(about)
        waiting += [
            quad.object for quad in about if isinstance(quad.object, NamedNode) and leads_on(quad.object)
        ]
    inferred = store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH))
    return kept | {
        quad
        for quad in inferred
        if quad.subject in seen
        and quad.object in seen
        and (quad.predicate.value != TYPE or str(quad.subject).startswith("<" + ENTITY_BASE))
    }


def loaded(quads: set[Quad]) -> Store:
    """Load quads and their merge."""
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend(list(merge(store)))
    return store


def answers(store: Store, library: Library) -> dict[str, bytes]:
    """Ask all queries."""
    found = {}
    for id_, query in library.queries.items():
        answer = store.query(query.text)
        if isinstance(answer, QuerySolutions):
            found[id_] = answer.serialize(format=QueryResultsFormat.TSV) or b""
    return found


def without_rows(found: dict[str, bytes]) -> list[str]:
    """Name the queries whose answer has a head and nothing else."""
    return [id_ for id_, answer in found.items() if answer.count(b"\n") < 2]


def main() -> None:
    """Write the miniature and the answers."""
    store = open_dataset().load()
    # What asks another endpoint has no answer of its own.
    queries = {id_: query for id_, query in library_of(store).queries.items() if not query.services}
    library = Library(queries)
    nodes = {node for query in library.queries.values() for node in named(store, query, ROWS)}
    first = answers(loaded(cut(store, set(nodes))), library)
    for id_ in without_rows(first):
        more = set(named(store, library.queries[id_], ROWS_OF_COMPARISONS))
        nodes |= more | relating(store, more)
    kept = cut(store, nodes)
    prefixes = dict(dataset_prefixes(store))
    ordered = sorted(kept, key=lambda quad: tuple(map(str, (quad.graph_name, *quad.triple))))
    (HERE / "miniature.trig").write_bytes(serialize(ordered, format=RdfFormat.TRIG, prefixes=prefixes) or b"")
    (HERE / "expected").mkdir(exist_ok=True)
    for old in (HERE / "expected").glob("*.tsv"):
        old.unlink()
    found = answers(loaded(kept), library)
    for id_, answer in found.items():
        (HERE / "expected" / f"{id_}.tsv").write_bytes(answer)
    empty = ", ".join(without_rows(found)) or "none"
    sys.stdout.write(f"{len(kept)} quads, {len(found)} answers, without a row: {empty}\n")


if __name__ == "__main__":
    main()
