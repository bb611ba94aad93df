"""Write the dataset, or a document about one resource of it, in the formats that people ask for.

The dumps of a built dataset and what a user exports come from the same functions, so that they agree.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.export import jsonld, rdf
from aisi_kg.store.export.csv_tables import Tables, zipped
from aisi_kg.store.export.jsonld import Context
from aisi_kg.store.export.nanopub import write_nanopublications
from aisi_kg.store.export.quickstatements import Property, QuickStatements, write_commands
from aisi_kg.store.export.selection import Selection, claims_of_dataset, find_resource, select, stable

__all__ = [
    "FORMATS",
    "ExportFormat",
    "Wikidata",
    "export",
    "export_tables",
    "format_named",
    "write_export",
]


@dataclass(frozen=True)
class ExportFormat:
    """Describe a format.

    :param name: what a user calls it.
    :param media_type: its media type.
    :param extension: the extension of files in it, without the dot.
    :param holds_graphs: it keeps named graphs apart; else it holds their merge.
    """

    name: str
    media_type: str
    extension: str
    holds_graphs: bool


#: Every format that :func:`export` writes, by name.
FORMATS = {
    f.name: f
    for f in (
        ExportFormat("turtle", "text/turtle", "ttl", holds_graphs=False),
        ExportFormat("trig", "application/trig", "trig", holds_graphs=True),
        ExportFormat("nquads", "application/n-quads", "nq", holds_graphs=True),
        ExportFormat("ntriples", "application/n-triples", "nt", holds_graphs=False),
        ExportFormat("rdfxml", "application/rdf+xml", "rdf", holds_graphs=False),
        ExportFormat("jsonld", "application/ld+json", "jsonld", holds_graphs=False),
        ExportFormat("csv", "text/csv", "csv", holds_graphs=True),
        ExportFormat("nanopub", "application/trig", "trig", holds_graphs=True),
        ExportFormat("quickstatements", "text/tab-separated-values", "tsv", holds_graphs=False),
    )
}

_Chunks = Iterator[bytes]


@dataclass(frozen=True)
class Wikidata:
    """Say what goes to Wikidata.

    :param properties: its properties by the IRIs of ours.
    :param creates_items: also what is said of entities that have no item.
    """

    properties: Mapping[str, Property]
    creates_items: bool = False


def format_named(name: str) -> ExportFormat:
    """Find a format.

    :param name: its name.
    :returns: the format.
    :raises InputError: if there is none of that name; the message lists those there are.
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise InputError(f"There is no format {name}; use one of {', '.join(FORMATS)}.") from None


def export(
    store: Store,
    format_name: str,
    iri: str | None = None,
    *,
    prefixes: Prefixes,
    context: Context,
    wikidata: "Wikidata | None" = None,
) -> Iterator[bytes]:
    """Write the dataset, or a document about one resource, in a format.

    Formats with graphs keep those of the whole dataset as they are; a document has the claims' graphs apart
    and everything else in its default graph. CSV is the table of statements; :func:`export_tables` writes
    them all.

    :param store: the dataset.
    :param format_name: one of :data:`FORMATS`.
    :param iri: the resource, as an IRI, a CURIE or a path; None for the whole dataset.
    :param prefixes: the prefixes to shorten with.
    :param context: the context of JSON-LD.
    :param wikidata: what QuickStatements are written with.
    :returns: UTF-8 in pieces, the same for the same dataset.
    :raises InputError: if the format or the resource is not known, or has no claims where claims are asked
        for.
    """
    name = format_named(format_name).name
    if name == "quickstatements":
        return write_commands(_commands(store, iri, prefixes, wikidata)[0])
    selection = None if iri is None else select(store, find_resource(store, iri, prefixes))
    if name == "nanopub":
        return write_nanopublications(store, _claims(store, selection, iri), prefixes)
    if name == "csv":
        return Tables(store, selection, prefixes).statements()
    return (
        _whole(store, name, prefixes, context)
        if selection is None
        else _document(selection, name, prefixes, context)
    )


def _commands(
    store: Store, iri: str | None, prefixes: Prefixes, wikidata: "Wikidata | None"
) -> tuple[list[str], int]:
    """Write QuickStatements, and count the statements whose value has no item yet."""
    if wikidata is None:
        raise InputError("QuickStatements need the table of Wikidata's properties; none is given.")
    entity = None if iri is None else find_resource(store, iri, prefixes).value
    statements = QuickStatements(store, wikidata.properties)
    lines = list(statements.commands(entity, create=wikidata.creates_items))
    if not lines:
        advice = "" if wikidata.creates_items else "; --create writes items that are missing"
        raise InputError(
            f"There is nothing to write for Wikidata about {entity or 'anything'}: no fact with a footnote "
            f"has a property and an item there{advice}."
        )
    return lines, sum(entity in (None, subject) for subject in statements.left_out)


def _claims(store: Store, selection: Selection | None, iri: str | None) -> list[NamedNode]:
    claims = claims_of_dataset(store) if selection is None else list(selection.claims)
    if not claims:
        raise InputError(
            f"No claim speaks of {iri or 'anything'}, so that there is no nanopublication to write."
        )
    return claims


def _whole(store: Store, name: str, prefixes: Prefixes, context: Context) -> _Chunks:
    if FORMATS[name].holds_graphs:
        named = stable(q for q in store if not isinstance(q.graph_name, DefaultGraph))
        return rdf.trig(named, prefixes) if name == "trig" else rdf.lines(named, RdfFormat.N_QUADS)
    merged = stable(store.quads_for_pattern(None, None, None, DefaultGraph()))
    if name == "jsonld":
        return jsonld.write_flat(merged, context)
    return _graph(merged, name, prefixes)


def _document(selection: Selection, name: str, prefixes: Prefixes, context: Context) -> _Chunks:
    if name == "jsonld":
        return jsonld.write_document(selection, context)
    if name == "trig":
        return rdf.document_trig(selection, prefixes)
    if name == "nquads":
        return rdf.lines(selection.quads(), RdfFormat.N_QUADS)
    return _graph(selection.merged(), name, prefixes)


def _graph(triples: list[Quad], name: str, prefixes: Prefixes) -> _Chunks:
    if name == "ntriples":
        return rdf.lines(triples, RdfFormat.N_TRIPLES)
    return rdf.turtle(triples, prefixes) if name == "turtle" else rdf.rdf_xml(triples, prefixes)


def export_tables(store: Store, iri: str | None = None, *, prefixes: Prefixes) -> Iterator[tuple[str, bytes]]:
    """Write the dataset, or what concerns one resource, as tables for a spreadsheet.

    :param store: the dataset.
    :param iri: the resource, as an IRI, a CURIE or a path; None for the whole dataset.
    :param prefixes: the prefixes that name properties without a label.
    :returns: names of files, with forward slashes, and their contents.
    :raises InputError: if the resource is not known.
    """
    selection = None if iri is None else select(store, find_resource(store, iri, prefixes))
    return Tables(store, selection, prefixes).files()


def write_export(
    store: Store,
    format_name: str,
    iri: str | None,
    output: str | None,
    *,
    prefixes: Prefixes,
    context: Context,
    stdout: IO[bytes],
    tell: Callable[[str], None],
    wikidata: Wikidata | None = None,
) -> None:
    """Write an export to where a user wants it, whole or not at all.

    :param store: the dataset.
    :param format_name: one of :data:`FORMATS`.
    :param iri: the resource; None for the whole dataset.
    :param output: a file; for CSV also a directory (it exists, or its name ends with ``/``) or a ``.zip``;
        None for standard output.
    :param prefixes: the prefixes to shorten with.
    :param context: the context of JSON-LD.
    :param stdout: standard output.
    :param tell: takes a sentence for the user.
    :param wikidata: what QuickStatements are written with.
    :raises InputError: if format, resource or output cannot be used.
    """
    if format_name == "csv" and output is not None and _holds_tables(output):
        files = export_tables(store, iri, prefixes=prefixes)
        if output.endswith(".zip"):
            _write_file(Path(output), [zipped(files)])
        else:
            # Everything is made before anything is written.
            for name, content in list(files):
                _write_file(Path(output) / name, [content])
        return
    if format_name == "quickstatements":
        lines, left_out = _commands(store, iri, prefixes, wikidata)
        chunks = write_commands(lines)
        if left_out:
            tell(f"Not written, as their values have no item in Wikidata: {left_out} statements of claims.")
    else:
        chunks = export(store, format_name, iri, prefixes=prefixes, context=context)
    if output is not None:
        _write_file(Path(output), chunks)
        return
    for chunk in chunks:
        stdout.write(chunk)
    stdout.flush()
    if format_name == "csv":
        tell("This is the table of statements; -o DIRECTORY/ or -o FILE.zip writes all tables.")


def _holds_tables(output: str) -> bool:
    return output.endswith(("/", os.sep, ".zip")) or Path(output).is_dir()


def _write_file(path: Path, chunks: Iterable[bytes]) -> None:
    with _explained(path):
        if path.exists() and not path.is_file():
            # A pipe or a device takes what is written and has nothing to lose.
            with path.open("wb") as file:
                file.writelines(chunks)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        pending = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with pending.open("wb") as file:
                file.writelines(chunks)
            pending.replace(path)
        finally:
            pending.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno == errno.ENOSPC
        advice = "make room on the disk" if full else "name a place that can be written"
        raise InputError(f"{path} cannot be written ({error.strerror}); {advice}.") from error
