"""Put the named graphs together, with their merge as the default graph."""

from collections.abc import Iterable, Iterator
from io import BytesIO

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
    serialize,
)

from aisi_kg.graph.files import CuratedFiles
from aisi_kg.graph.literals import stored_forms
from aisi_kg.graph.prefixes import INFERRED_GRAPH, META_GRAPH

__all__ = ["assemble", "asserted", "merge", "named", "sorted_nquads"]


def asserted(files: CuratedFiles) -> Dataset:
    """Give what the curated files say, in its named graphs, each quad once.

    Blank nodes have the labels of RDF Dataset Canonicalization, the same in each run. Each value has the one
    form that the store has for it, so that dumps and answers agree.

    :param files: the files.
    :returns: the quads.
    """
    dataset = Dataset(_as_stored(files.quads()))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def assemble(files: CuratedFiles, inferred: Iterable[Triple], meta: Iterable[Triple]) -> Dataset:
    """Assemble the dataset: every triple in its named graph, and each once in the default graph.

    :param files: the curated files.
    :param inferred: what reasoner and rules found; what is asserted somewhere is left out.
    :param meta: the dataset's description of itself.
    :returns: the dataset; the same for the same input, whatever the order.
    :raises ValueError: if a blank node stands in what was inferred or in the description.
    """
    dataset = asserted(files)
    known = set(merge(dataset))
    for quad in _as_stored(_in_graph(inferred, INFERRED_GRAPH)):
        if Quad(quad.subject, quad.predicate, quad.object) not in known:
            dataset.add(quad)
    for quad in _as_stored(_in_graph(meta, META_GRAPH)):
        dataset.add(quad)
    for quad in list(merge(dataset)):
        dataset.add(quad)
    return dataset


def _in_graph(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    name = NamedNode(graph)
    for triple in triples:
        if any(isinstance(term, BlankNode) for term in (triple.subject, triple.object)):
            # Its label might be that of another node in the merge.
            raise ValueError(f"a blank node in {graph}: {triple}")
        yield Quad(triple.subject, triple.predicate, triple.object, name)


def _as_stored(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Write each value in the store's form; not where its datatype would change, since OWL asks for some."""
    quads = list(quads)
    forms = stored_forms(quad.object for quad in quads if isinstance(quad.object, Literal))
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal):
            form = forms.get(value, value)
            if form != value and form.datatype == value.datatype:
                yield Quad(quad.subject, quad.predicate, form, quad.graph_name)
                continue
        yield quad


def merge(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give the RDF merge of named graphs.

    :param quads: a dataset, with its default graph or without.
    :returns: each triple once, in the default graph.
    """
    seen: set[Quad] = set()
    for quad in quads:
        merged = Quad(quad.subject, quad.predicate, quad.object)
        if merged not in seen:
            seen.add(merged)
            yield merged


def named(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Leave the default graph out.

    :param quads: a dataset.
    :returns: the quads of its named graphs.
    """
    return (quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph))


def sorted_nquads(quads: Iterable[Quad]) -> bytes:
    """Write quads as N-Quads in one order.

    :param quads: the quads; a repeated one is written once.
    :returns: UTF-8, the lines sorted by code point.
    """
    output = BytesIO()
    serialize(quads, output, RdfFormat.N_QUADS)
    # A line feed in a literal is escaped, so that each line is a quad; other line ends stand as they are.
    lines = set(output.getvalue().split(b"\n")) - {b""}
    return b"".join(line + b"\n" for line in sorted(lines))
