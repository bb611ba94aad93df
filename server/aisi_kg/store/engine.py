"""Answer queries and write documents, in the thread and the process that ask."""

from collections.abc import Callable
from typing import Self

from pyoxigraph import DefaultGraph, NamedNode, Store

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import Context
from aisi_kg.store.federation import Federation, federate
from aisi_kg.store.results import Choice, Format, Sink, Tally, answer

__all__ = ["Engine", "Export"]

#: Write a document: the format's name and the resource to bytes.
Export = Callable[[str, str], bytes]


class Engine:
    """Answer from one store.

    :param store: the dataset.
    :param prefixes: what IRIs are shortened with.
    :param export: writes documents.
    """

    def __init__(self, store: Store, prefixes: Prefixes, export: Export) -> None:
        self._store = store
        self._prefixes = prefixes
        self._export = export

    @classmethod
    def exporting(cls, store: Store, prefixes: Prefixes, context: Context) -> Self:
        """Make an engine whose documents are those that ``aisi-kg export`` writes.

        :param store: the dataset.
        :param prefixes: what IRIs are shortened with.
        :param context: the context of JSON-LD.
        :returns: the engine.
        """

        def write(format_: str, iri: str) -> bytes:
            return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

        return cls(store, prefixes, write)

    def answer(self, request: QueryRequest, choice: Choice, sink: Sink, tally: Tally | None = None) -> Format:
        """Evaluate a query and write its result (see :func:`aisi_kg.store.results.answer`).

        :param request: the query and its dataset.
        :param choice: the formats to answer in.
        :param sink: what takes the bytes.
        :param tally: counts the rows and says when there are too many.
        :returns: the format that was written.
        """
        return answer(self._store, request, choice, sink, self._prefixes, tally)

    def federate(self, request: QueryRequest, federation: Federation) -> QueryRequest:
        """Answer the SERVICE clauses of a query (see :func:`aisi_kg.store.federation.federate`).

        :param request: the query.
        :param federation: which services there are and how they are called.
        :returns: the query without them.
        """
        return federate(self._store, request, federation)

    def document(self, iri: str, format_: str) -> bytes:
        """Write the document about a resource.

        :param iri: the resource.
        :param format_: the name of a format for triples.
        :returns: the document.
        :raises UnknownResource: if the dataset says nothing about it.
        """
        try:
            node = NamedNode(iri)
        except ValueError as error:
            raise UnknownResource("This address is no IRI; the dataset says nothing about it.") from error
        known = any(self._store.quads_for_pattern(node, None, None, DefaultGraph())) or any(
            self._store.quads_for_pattern(None, None, None, node)
        )
        if not known:
            raise UnknownResource(f"The dataset says nothing about <{iri}>.")
        return self._export(format_, iri)
