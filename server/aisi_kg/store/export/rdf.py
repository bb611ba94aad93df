"""The plain RDF syntaxes, each with the same bytes for the same triples."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, serialize

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.graph.style import write_trig, write_trig_claims, write_turtle
from aisi_kg.store.export.selection import Selection

__all__ = ["document_trig", "lines", "rdf_xml", "trig", "turtle"]

# What is left of a property's IRI after the namespace has to be a name in XML.
_XML_NAME_AT_END = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


def turtle(triples: Iterable[Quad], prefixes: Prefixes) -> Iterator[bytes]:
    """Write a graph as Turtle.

    :param triples: the triples.
    :param prefixes: the prefixes to shorten with.
    :returns: the text, in pieces.
    """
    yield write_turtle(triples, prefixes).encode()


def trig(quads: Iterable[Quad], prefixes: Prefixes) -> Iterator[bytes]:
    """Write named graphs as TriG, sorted by name.

    :param quads: the quads.
    :param prefixes: the prefixes to shorten with.
    :returns: the text, in pieces.
    """
    yield write_trig(quads, prefixes).encode()


def document_trig(selection: Selection, prefixes: Prefixes) -> Iterator[bytes]:
    """Write a selection as TriG, each claim's graph followed by the claim and its passages.

    :param selection: the selection.
    :param prefixes: the prefixes to shorten with.
    :returns: the text, in pieces.
    """
    yield write_trig_claims(selection.quads(), prefixes).encode()


def lines(quads: Iterable[Quad], rdf_format: RdfFormat) -> Iterator[bytes]:
    """Write N-Triples or N-Quads, sorted.

    :param quads: the triples or quads.
    :param rdf_format: ``RdfFormat.N_TRIPLES`` or ``RdfFormat.N_QUADS``.
    :returns: the text, in pieces.
    """
    # A line feed inside a literal is written as an escape, so that every line is a statement.
    text = serialize(quads, format=rdf_format) or b""
    yield b"".join(sorted(text.splitlines(keepends=True)))


def rdf_xml(triples: Iterable[Quad], prefixes: Prefixes) -> Iterator[bytes]:
    """Write a graph as RDF/XML.

    :param triples: the triples, subject by subject.
    :param prefixes: the prefixes of element names.
    :returns: the text, in pieces.
    :raises InputError: if a property's IRI does not end in a name, which RDF/XML cannot write.
    """
    triples = list(triples)
    used: dict[str, str] = {}
    for predicate in sorted({triple.predicate.value for triple in triples}):
        name = _XML_NAME_AT_END.search(predicate)
        if name is None:
            raise InputError(f"RDF/XML cannot write the property {predicate}; use another format.")
        parts = prefixes.split(predicate)
        if parts is not None:
            used[parts[0]] = prefixes[parts[0]]
    plain = (Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    text = serialize(plain, format=RdfFormat.RDF_XML, prefixes=used) or b""
    # A carriage return that is not escaped is read as a line feed; the serialiser leaves it as it is.
    yield text.replace(b"\r", b"&#13;")
