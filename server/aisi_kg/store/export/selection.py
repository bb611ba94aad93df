"""What a document about one resource holds.

A selection is a part of the dataset: triples of its default graph, and whole graphs of claims. What is said
about a claim, its passages, footnotes and publications stands in the default graph of the selection, whatever
graph it stands in in the dataset; so that a document is a claim's graph and a description of the claim, and
nothing about bookkeeping.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Store,
    Triple,
)

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import AISI, BASE, Prefixes
from aisi_kg.graph.style import natural_key
from aisi_kg.store.library.records import QUERY_BASE

__all__ = ["Part", "Selection", "claims_of_dataset", "find_resource", "in_text_order", "select", "stable"]

_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CLAIM = NamedNode(AISI + "Claim")
_QUOTED = NamedNode("http://www.w3.org/ns/prov#wasQuotedFrom")
_SOURCE = NamedNode("http://www.w3.org/ns/prov#hadPrimarySource")
_EVIDENCE = NamedNode("http://purl.org/spar/cito/citesAsEvidence")
_CITES = NamedNode("http://purl.org/spar/cito/cites")
_START = NamedNode("http://www.w3.org/ns/oa#start")
_NAMES = tuple(
    NamedNode(iri)
    for iri in ("http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label")
)
#: The classes of what every document holds; their names would be said in each.
_BOOKKEEPING = {NamedNode(AISI + name) for name in ("Claim", "Footnote", "Passage", "SourceDocument")}
_DEFAULT = DefaultGraph()


@dataclass
class Selection:
    """Hold the part of a dataset that one document is about.

    :param focus: the resource, or None for the whole dataset.
    :param about: triples of the default graph.
    :param claims: the claims' graphs, in the order of the text.
    """

    focus: NamedNode | None
    about: set[Quad] = field(default_factory=set)
    claims: dict[NamedNode, list[Quad]] = field(default_factory=dict)

    def quads(self) -> list[Quad]:
        """List the selection as a dataset.

        :returns: the triples of the default graph and the claims' graphs, in a stable order.
        """
        return stable([*self.about, *(quad for graph in self.claims.values() for quad in graph)])

    def merged(self) -> list[Quad]:
        """List the selection as one graph.

        :returns: every triple once, in a stable order.
        """
        named = (Quad(q.subject, q.predicate, q.object) for graph in self.claims.values() for q in graph)
        return stable({*self.about, *named})


def stable(quads: Iterable[Quad]) -> list[Quad]:
    """Put quads in an order, and give blank nodes labels, that follow from the quads alone.

    :param quads: the quads.
    :returns: the same dataset, sorted.
    """
    named: list[Quad] = []
    blank: list[Quad] = []
    for quad in quads:
        has_blank = isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
        (blank if has_blank else named).append(quad)
    if blank:
        # The algorithm reads only the quads that blank nodes stand in, and the others are far more.
        dataset = Dataset(blank)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        named.extend(dataset)
    return sorted(named, key=_order)


def _order(quad: Quad) -> tuple[str, str, bool, str, str]:
    graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
    return graph, str(quad.subject), quad.predicate != _RDF_TYPE, quad.predicate.value, str(quad.object)


def find_resource(store: Store, name: str, prefixes: Prefixes) -> NamedNode:
    """Find the resource that a name stands for.

    :param store: the dataset.
    :param name: an IRI, a CURIE (``entity:uk-aisi``) or a path (``entity/uk-aisi``).
    :param prefixes: the prefixes of CURIEs.
    :returns: the resource.
    :raises InputError: if nothing is said about it; the message lists similar names.
    """
    text = name.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if not colon or "/" in prefix:
        iri = BASE + text.lstrip("/")
    else:
        iri = text if local.startswith("//") else prefixes.expand(text)
    try:
        node = NamedNode(iri)
    except ValueError as error:
        raise InputError(
            f"{name} is no IRI; give one, a CURIE such as entity:uk-aisi, or a path such as entity/uk-aisi."
        ) from error
    if store.contains_named_graph(node) or any(store.quads_for_pattern(node, None, None, _DEFAULT)):
        return node
    raise InputError(f"The dataset says nothing about {name}; {_similar(store, iri, prefixes)}")


def _similar(store: Store, iri: str, prefixes: Prefixes) -> str:
    names: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, None, None, _DEFAULT):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE):
            names[quad.subject.value] = prefixes.shorten(quad.subject.value)
    near = difflib.get_close_matches(iri, sorted(names), n=3, cutoff=0.8)
    tail = iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].lower()
    # Someone who writes the name alone, or its capitals otherwise, means the resource that ends in it.
    near += [
        other for other in sorted(names, key=natural_key) if other.lower().endswith((f"/{tail}", f"#{tail}"))
    ]
    found = list(dict.fromkeys(names[other] for other in near))[:3]
    if found:
        return f"did you mean {' or '.join(found)}?"
    return "a query lists what there is: SELECT DISTINCT ?s WHERE { ?s ?p ?o }"


def claims_of_dataset(store: Store) -> list[NamedNode]:
    """List every claim.

    :param store: the dataset.
    :returns: the claims in the order of the text that they were read from.
    """
    found = (q.subject for q in store.quads_for_pattern(None, _RDF_TYPE, _CLAIM, _DEFAULT))
    return in_text_order(store, {claim for claim in found if isinstance(claim, NamedNode)})


def in_text_order(store: Store, claims: Iterable[NamedNode]) -> list[NamedNode]:
    """Put claims in the order of the text that they were read from.

    :param store: the dataset.
    :param claims: the claims.
    :returns: the claims by source, by the start of their first passage, and by name.
    """

    def key(claim: NamedNode) -> tuple[str, bool, int, tuple[str, str]]:
        sources = sorted(str(q.object) for q in store.quads_for_pattern(claim, _SOURCE, None, _DEFAULT))
        starts = [
            int(start.object.value)
            for passage in store.quads_for_pattern(claim, _QUOTED, None, _DEFAULT)
            if isinstance(passage.object, NamedNode)
            for start in store.quads_for_pattern(passage.object, _START, None, _DEFAULT)
            if isinstance(start.object, Literal) and start.object.value.isdecimal()
        ]
        return sources[0] if sources else "", not starts, min(starts, default=0), natural_key(claim.value)

    return sorted(claims, key=key)


def select(store: Store, focus: NamedNode) -> Selection:
    """Select what a document about one resource holds (see :class:`Part`).

    :param store: the dataset.
    :param focus: a resource that the dataset says something about.
    :returns: the selection.
    """
    part = Part(store)
    part.add(focus)
    part.name_everything()
    return Selection(focus, set(part.about()), {claim: list(part.graph(claim)) for claim in part.claims})


def _claims_about(store: Store, focus: NamedNode) -> set[NamedNode]:
    def subjects(predicate: NamedNode, value: NamedNode) -> set[NamedNode]:
        found = (q.subject for q in store.quads_for_pattern(None, predicate, value, _DEFAULT))
        return {subject for subject in found if isinstance(subject, NamedNode)}

    claims = subjects(_SOURCE, focus) | subjects(_QUOTED, focus)
    for footnote in {focus} | subjects(_CITES, focus):
        claims |= subjects(_EVIDENCE, footnote)
    # A class or a code is spoken of by a good part of the dataset; its document is what it means.
    if not focus.value.startswith(AISI):
        claims.add(focus)
        for quads in (store.quads_for_pattern(focus, None, None), store.quads_for_pattern(None, None, focus)):
            claims.update(q.graph_name for q in quads if isinstance(q.graph_name, NamedNode))
    return {claim for claim in claims if Quad(claim, _RDF_TYPE, _CLAIM, _DEFAULT) in store}


def _is_part(resource: NamedNode | BlankNode, value: NamedNode) -> bool:
    """Tell whether a node stands in a stored query as blank nodes do elsewhere."""
    if not resource.value.startswith(QUERY_BASE):
        return False
    return value.value.startswith(resource.value.partition("#")[0] + "#")


class Part:
    """Tell what the documents about some resources hold together, each statement once.

    The document about a resource is what is said of it, and claims with their graphs, passages, footnotes and
    publications: a claim itself; of a passage, footnote or publication the claims that rest on it; of a
    source its claims; of anything else the claims whose graphs speak of it. Of the ontology and the other
    graphs it is what stands in them, of a stored query also its parameters and columns. All that is spoken of
    is named.

    Only the names of resources and graphs are kept, and the statements are read from the dataset when they
    are asked for; so that a part may be the whole dataset.

    :param store: the dataset.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        # Dictionaries in place of sets keep the order, which is that of reading.
        self._described: dict[NamedNode | BlankNode, None] = {}
        self._named: dict[NamedNode, None] = {}
        self._graphs: dict[NamedNode, None] = {}
        self._claims: dict[NamedNode, None] = {}
        #: What stands in a graph that is there as a whole is not described beyond it in the same document.
        self._covered: set[NamedNode | BlankNode] = set()

    @property
    def claims(self) -> list[NamedNode]:
        """List the claims whose graphs belong to it.

        :returns: the claims; those of one resource in the order of the text.
        """
        return list(self._claims)

    def add(self, resource: NamedNode | BlankNode) -> None:
        """Add the document about a resource; one that nothing is said about adds nothing.

        :param resource: the resource.
        """
        self._covered = set()
        self._describe(resource)
        if isinstance(resource, BlankNode):
            return
        claims = _claims_about(self._store, resource)
        if resource not in claims:
            self._take_graph(resource)
        for claim in in_text_order(self._store, claims):
            self._take_claim(claim)
        self._take_footnote(resource)
        for quad in self._store.quads_for_pattern(None, _CITES, resource, _DEFAULT):
            if isinstance(quad.subject, NamedNode):
                self._take_footnote(quad.subject)

    def name_everything(self) -> None:
        """Add the names of all that is spoken of; called once, after the last resource."""
        standing = {subject for graph in self._graphs for subject in self._subjects(graph)}
        graphs = (quad for claim in self._claims for quad in self.graph(claim))
        for quad in chain(self.about(), graphs):
            for term in (quad.subject, quad.object):
                if (
                    isinstance(term, NamedNode)
                    and term.value.startswith(BASE)
                    and term not in self._described
                    and term not in standing
                    and term not in _BOOKKEEPING
                ):
                    self._named[term] = None

    def about(self) -> Iterator[Quad]:
        """Read what belongs to it outside the claims' graphs.

        :returns: the triples, in the default graph.
        """
        for resource in self._described:
            yield from self._store.quads_for_pattern(resource, None, None, _DEFAULT)
        before: list[NamedNode] = []
        for graph in self._graphs:
            for quad in self._store.quads_for_pattern(None, None, None, graph):
                if not (self._is_described(quad) or self._is_in(before, quad)):
                    yield Quad(quad.subject, quad.predicate, quad.object)
            before.append(graph)
        for resource in self._named:
            for predicate in _NAMES:
                yield from self._store.quads_for_pattern(resource, predicate, None, _DEFAULT)

    def graph(self, claim: NamedNode) -> Iterator[Quad]:
        """Read a claim's graph.

        :param claim: the claim.
        :returns: its quads.
        """
        return self._store.quads_for_pattern(None, None, None, claim)

    def quads(self) -> Iterator[Quad]:
        """Read it as a dataset.

        :returns: the triples of the default graph, then the claims' graphs.
        """
        yield from self.about()
        for claim in self._claims:
            yield from self.graph(claim)

    def merged(self) -> Iterator[Triple]:
        """Read it as one graph.

        :returns: each triple once.
        """
        for quad in self.about():
            yield quad.triple
        before: list[NamedNode] = [*self._graphs]
        seen: set[NamedNode] = set()
        for claim in self._claims:
            for quad in self.graph(claim):
                if self._is_described(quad) or self._is_name(quad) or self._is_in(before, quad):
                    continue
                # Few triples stand in more than one graph, so that they are looked up and not kept.
                others = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
                if not any(other.graph_name in seen for other in others):
                    yield quad.triple
            seen.add(claim)

    def _describe(self, resource: NamedNode | BlankNode) -> None:
        if resource in self._described or resource in self._covered:
            return
        self._described[resource] = None
        for quad in self._store.quads_for_pattern(resource, None, None, _DEFAULT):
            value = quad.object
            if isinstance(value, BlankNode) or (isinstance(value, NamedNode) and _is_part(resource, value)):
                self._describe(value)

    def _take_graph(self, name: NamedNode) -> None:
        """Take what stands in a graph that is no claim's, if there is one of this name."""
        self._covered = self._subjects(name)
        if self._covered:
            self._graphs[name] = None

    def _subjects(self, graph: NamedNode) -> set[NamedNode | BlankNode]:
        found = (quad.subject for quad in self._store.quads_for_pattern(None, None, None, graph))
        return {subject for subject in found if not isinstance(subject, Triple)}

    def _take_claim(self, claim: NamedNode) -> None:
        self._describe(claim)
        self._claims[claim] = None
        for passage in self._values(claim, _QUOTED):
            self._describe(passage)
        for footnote in self._values(claim, _EVIDENCE):
            self._take_footnote(footnote)
        for source in self._values(claim, _SOURCE):
            self._describe(source)

    def _take_footnote(self, footnote: NamedNode) -> None:
        self._describe(footnote)
        for publication in self._values(footnote, _CITES):
            self._describe(publication)

    def _values(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        found = (q.object for q in self._store.quads_for_pattern(subject, predicate, None, _DEFAULT))
        return [value for value in found if isinstance(value, NamedNode)]

    def _is_described(self, quad: Quad) -> bool:
        return quad.subject in self._described and self._is_in([_DEFAULT], quad)

    def _is_name(self, quad: Quad) -> bool:
        return quad.subject in self._named and quad.predicate in _NAMES and self._is_in([_DEFAULT], quad)

    def _is_in(self, graphs: Iterable[NamedNode | DefaultGraph], quad: Quad) -> bool:
        return any(Quad(quad.subject, quad.predicate, quad.object, graph) in self._store for graph in graphs)
