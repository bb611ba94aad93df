"""Each claim as a nanopublication.

By the guidelines at https://nanopub.net/guidelines/ a nanopublication is four graphs: a head that names the
other
three, the assertion, its provenance, and information on the publication. Here they are::

    <claim>              the assertion: the claim's own graph, as it stands in the dataset
    <claim>#Head         the head
    <claim>#provenance   what it rests on: evidence, modality, source, passages, footnotes, publications
    <claim>#pubinfo      about <claim>#nanopub: the statement in words, who made it, licence, date, dataset

The date is that of the release the claim stands in. A claim has no date of its own, and none is made up.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from aisi_kg.graph.prefixes import AISI, META_GRAPH, Prefixes
from aisi_kg.graph.style import write_trig

__all__ = ["NANOPUB_NAMESPACE", "nanopublication", "write_nanopublications"]

NANOPUB_NAMESPACE = "http://www.nanopub.org/nschema#"

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_STATEMENT = NamedNode(AISI + "statement")
_DESCRIPTION = NamedNode("http://purl.org/dc/terms/description")
_PART_OF = NamedNode("http://purl.org/dc/terms/isPartOf")
_CITES = NamedNode("http://purl.org/spar/cito/cites")
_QUOTED = NamedNode("http://www.w3.org/ns/prov#wasQuotedFrom")
_EVIDENCE = NamedNode("http://purl.org/spar/cito/citesAsEvidence")
_DATASET = NamedNode(META_GRAPH + "#dataset")
#: What is true of the dataset is true of each nanopublication in it.
_SHARED = tuple(
    NamedNode(iri)
    for iri in (
        "http://purl.org/dc/terms/creator",
        "http://purl.org/dc/terms/issued",
        "http://purl.org/dc/terms/license",
        "http://www.w3.org/ns/dcat#version",
        "http://www.w3.org/ns/prov#wasAttributedTo",
    )
)
_DEFAULT = DefaultGraph()


def nanopublication(store: Store, claim: NamedNode) -> list[list[Quad]]:
    """Make the nanopublication of a claim.

    :param store: the dataset.
    :param claim: a claim of it.
    :returns: the quads of head, assertion, provenance and publication information.
    """
    nanopub = NamedNode(claim.value + "#nanopub")
    head = NamedNode(claim.value + "#Head")
    provenance = NamedNode(claim.value + "#provenance")
    info = NamedNode(claim.value + "#pubinfo")

    def np(name: str) -> NamedNode:
        return NamedNode(NANOPUB_NAMESPACE + name)

    heads = [
        Quad(nanopub, _TYPE, np("Nanopublication"), head),
        Quad(nanopub, np("hasAssertion"), claim, head),
        Quad(nanopub, np("hasProvenance"), provenance, head),
        Quad(nanopub, np("hasPublicationInfo"), info, head),
    ]
    about = [q for q in store.quads_for_pattern(claim, None, None, _DEFAULT) if q.predicate != _STATEMENT]
    resources = _support(store, claim)
    about += [q for resource in resources for q in store.quads_for_pattern(resource, None, None, _DEFAULT)]
    infos = [
        Quad(nanopub, _DESCRIPTION, quad.object, info)
        for quad in store.quads_for_pattern(claim, _STATEMENT, None, _DEFAULT)
    ]
    infos.append(Quad(nanopub, _PART_OF, _DATASET, info))
    for predicate in _SHARED:
        shared = store.quads_for_pattern(_DATASET, predicate, None, _DEFAULT)
        infos.extend(Quad(nanopub, predicate, quad.object, info) for quad in shared)
    return [
        heads,
        list(store.quads_for_pattern(None, None, None, claim)),
        [Quad(q.subject, q.predicate, q.object, provenance) for q in about],
        infos,
    ]


def _support(store: Store, claim: NamedNode) -> list[NamedNode]:
    """List what a claim rests on: passages, footnotes, and the publications they cite."""

    def values(subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        found = (q.object for q in store.quads_for_pattern(subject, predicate, None, _DEFAULT))
        return [value for value in found if isinstance(value, NamedNode)]

    footnotes = values(claim, _EVIDENCE)
    publications = [publication for footnote in footnotes for publication in values(footnote, _CITES)]
    return list(dict.fromkeys([*values(claim, _QUOTED), *footnotes, *publications]))


def write_nanopublications(store: Store, claims: Iterable[NamedNode], prefixes: Prefixes) -> Iterator[bytes]:
    """Write claims as nanopublications, in TriG.

    :param store: the dataset.
    :param claims: the claims.
    :param prefixes: the prefixes to shorten with.
    :returns: the text, a nanopublication a piece, each readable alone.
    """
    separator = ""
    for claim in claims:
        # "sub" for the parts of one nanopublication is what other programs write too.
        own = Prefixes({**prefixes, "sub": claim.value + "#"})
        declarations: set[str] = set()
        blocks: list[str] = []
        # Programs that read many nanopublications in a row expect each to begin with its head.
        for graph in nanopublication(store, claim):
            text = write_trig(graph, own)
            start = text.index("\n\n") + 2
            declarations.update(text[: start - 1].splitlines())
            blocks.append(text[start:])
        yield (separator + "\n".join([*sorted(declarations), ""]) + "\n" + "\n".join(blocks)).encode()
        separator = "\n"
