"""Write what a query gives: the formats there are, and how an answer becomes bytes.

The engine's results belong to the thread that made them, so :func:`answer` evaluates and writes in one call.
It pushes the bytes into a :class:`Sink`, which may be a file, a pipe to another process or a queue; a sink
that raises ends the writing.
"""

import re
import shutil
import traceback
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Protocol, TypeVar, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from aisi_kg.errors import FormatRefused, QueryEnded, QueryRejected
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.describing import Description
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.syntax import scan

__all__ = [
    "GRAPH_FORMATS",
    "RESULT_FORMATS",
    "Choice",
    "Format",
    "Sink",
    "Tally",
    "XmlCharacters",
    "answer",
    "dataset_prefixes",
    "find_format",
    "forget_locals",
    "lay_out",
    "table",
    "write_triples",
]


@dataclass(frozen=True)
class Format:
    """Describe a format.

    :param name: what it is called in ``--format`` and ``format=``.
    :param media_type: its media type.
    :param extension: how names of its files end, without the dot.
    :param iri: what the W3C calls it in descriptions of services.
    :param aliases: other names it goes by.
    :param asked_as: other media types under which it is asked for.
    :param has_charset: whether its media type takes ``charset=utf-8``.
    """

    name: str
    media_type: str
    extension: str
    iri: str
    aliases: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    has_charset: bool = False

    @property
    def content_type(self) -> str:
        """Say what a ``Content-Type`` header says.

        :returns: the media type, with its charset where it takes one.
        """
        return f"{self.media_type}; charset=utf-8" if self.has_charset else self.media_type

    def is_called(self, name: str) -> bool:
        """Tell whether a name means this format.

        :param name: a short name, an extension or a media type that it is asked for as, in any case.
        :returns: True if it does.
        """
        lower = name.lower()
        return lower in (self.name, self.extension, self.media_type, *self.aliases, *self.asked_as)


_W3C = "http://www.w3.org/ns/formats/"

#: What a SELECT or an ASK is written in; the first is the default.
RESULT_FORMATS = (
    Format(
        "json",
        "application/sparql-results+json",
        "srj",
        _W3C + "SPARQL_Results_JSON",
        asked_as=("application/json",),
    ),
    Format(
        "xml",
        "application/sparql-results+xml",
        "srx",
        _W3C + "SPARQL_Results_XML",
        asked_as=("application/xml", "text/xml"),
    ),
    Format("csv", "text/csv", "csv", _W3C + "SPARQL_Results_CSV", has_charset=True),
    Format("tsv", "text/tab-separated-values", "tsv", _W3C + "SPARQL_Results_TSV", has_charset=True),
)

#: What a CONSTRUCT or a DESCRIBE is written in; the first is the default.
GRAPH_FORMATS = (
    Format(
        "turtle", "text/turtle", "ttl", _W3C + "Turtle", asked_as=("application/x-turtle",), has_charset=True
    ),
    Format("ntriples", "application/n-triples", "nt", _W3C + "N-Triples", asked_as=("text/plain",)),
    Format(
        "rdfxml",
        "application/rdf+xml",
        "rdf",
        _W3C + "RDF_XML",
        aliases=("xml",),
        asked_as=("application/xml", "text/xml"),
    ),
    Format(
        "jsonld",
        "application/ld+json",
        "jsonld",
        _W3C + "JSON-LD",
        aliases=("json",),
        asked_as=("application/json",),
    ),
    Format("trig", "application/trig", "trig", _W3C + "TriG", asked_as=("application/x-trig",)),
    Format("nquads", "application/n-quads", "nq", _W3C + "N-Quads"),
)

_RESULT_WRITERS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_GRAPH_WRITERS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
#: Formats with a triple on each line, and no prefixes.
_LINES = ("ntriples", "nquads")
#: Formats in which a description keeps the claims' graphs apart; in the others it is one graph, as the dumps.
_WITH_GRAPHS = ("trig", "nquads")

_Statement = TypeVar("_Statement", Triple, Quad)


def find_format(name: str, formats: Iterable[Format]) -> Format | None:
    """Find a format by what people call it.

    :param name: a short name, an extension or a media type.
    :param formats: the formats to choose from.
    :returns: the format, or None.
    """
    return next((format_ for format_ in formats if format_.is_called(name)), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """Say what an answer is to be written in, whatever form the query turns out to have.

    :param result: name of the format for solutions and truths; None where the client accepts none.
    :param graph: name of the format for triples; None where the client accepts none.
    """

    result: str | None = RESULT_FORMATS[0].name
    graph: str | None = GRAPH_FORMATS[0].name


class Sink(Protocol):
    """Take what an answer is made of."""

    def begin(self, format_: Format) -> None:
        """Learn the format, once, before the first byte and after everything that can fail at once."""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes.

        :returns: how many were taken, which is all of them.
        """


def answer(
    store: Store,
    request: QueryRequest,
    choice: Choice,
    sink: Sink,
    prefixes: Mapping[str, str] | None = None,
    tally: "Tally | None" = None,
) -> Format:
    """Evaluate a query and write its result.

    :param store: the store.
    :param request: the query and its dataset.
    :param choice: what to write each kind of result in.
    :param sink: what takes the bytes; an exception that it raises ends the writing and is passed on.
    :param prefixes: what IRIs are shortened with where the format has prefixes.
    :param tally: counts what is written, and bounds it.
    :returns: the format that was written.
    :raises QueryRejected: if the query is refused, or fails before or while it is written.
    :raises QueryEnded: if it gives more rows than the tally allows.
    :raises FormatRefused: if the choice has no format for this kind of result.
    """
    try:
        return _answer(store, request, choice, sink, prefixes or {}, tally)
    except BaseException as error:
        forget_locals(error)
        raise


def forget_locals(error: BaseException) -> None:
    """Let go of what the frames of an exception hold: the engine's results must die in their thread.

    :param error: the exception, to be raised again.
    """
    seen: BaseException | None = error
    while seen is not None:
        traceback.clear_frames(seen.__traceback__)
        seen = seen.__cause__ or seen.__context__


def _answer(
    store: Store,
    request: QueryRequest,
    choice: Choice,
    sink: Sink,
    prefixes: Mapping[str, str],
    tally: "Tally | None",
) -> Format:
    result = evaluate(store, request)
    try:
        if isinstance(result, QueryTriples | Description):
            return _write_triples(result, choice.graph, sink, prefixes, tally)
        return _write_results(result, choice.result, sink, tally)
    except RuntimeError as error:
        raise QueryRejected(f"The query cannot be evaluated: {error}.") from error


class _Started:
    """Pass bytes on to a sink, and begin it with the first of them.

    The engine evaluates while it writes, and hands over blocks of some kilobytes: what fails before the first
    block is full has not begun an answer.
    """

    def __init__(self, sink: Sink, format_: Format) -> None:
        self._sink = sink
        self._format = format_
        self._begun = False

    def write(self, data: bytes) -> int:
        self.begin()
        self._sink.write(bytes(data))
        return len(data)

    def begin(self) -> None:
        """Begin the sink, which an answer without a byte does too."""
        if not self._begun:
            self._begun = True
            self._sink.begin(self._format)

    def flush(self) -> None:
        """Do nothing: the engine flushes what it writes to."""


class XmlCharacters:
    """Replace by U+FFFD the characters that XML 1.0 has no way to write, and keep carriage returns.

    The engine writes both as they are: no parser reads the first, and every parser takes CR LF for one LF.

    :param output: what takes the bytes.
    """

    _UNWRITABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
    _REPLACEMENT = "\ufffd".encode()

    def __init__(self, output: "_Started | IO[bytes]") -> None:
        self._output = output
        self._held = b""

    def write(self, data: bytes) -> int:
        """Take the next bytes; an incomplete character at their end waits for the next call.

        :param data: XML in UTF-8.
        :returns: the number of bytes.
        """
        whole = self._held + bytes(data)
        # U+FFFE and U+FFFF have three bytes and may be cut in two.
        cut = next((n for n in (2, 1) if whole[-n:] == b"\xef\xbf"[:n]), 0)
        self._held = whole[len(whole) - cut :]
        clean = self._UNWRITABLE.sub(self._REPLACEMENT, whole[: len(whole) - cut])
        self._output.write(clean.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is held back is no character yet."""


def write_triples(triples: Iterable[Triple], format_: Format, prefixes: Mapping[str, str]) -> bytes:
    """Write triples that are at hand.

    :param triples: the triples.
    :param format_: one of :data:`GRAPH_FORMATS`.
    :param prefixes: what IRIs are shortened with where the format has prefixes.
    :returns: the bytes.
    :raises FormatRefused: if the format cannot express them.
    """
    kept = _Kept()
    _serialise(iter(triples), format_, _Started(kept, format_), prefixes)
    return b"".join(kept.blocks)


class _Kept:
    """Keep what is written."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    def begin(self, format_: Format) -> None:
        """Ask nothing: whoever keeps the bytes knows the format."""

    def write(self, data: bytes, /) -> int:
        self.blocks.append(data)
        return len(data)


class Tally:
    """Count the rows or triples of an answer, and end it where there are more than allowed.

    :param most: how many are allowed.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.rows = 0

    def add(self, rows: int) -> None:
        """Count some more.

        :param rows: how many.
        :raises QueryEnded: if they are more than allowed.
        """
        self.rows += rows
        if self.rows > self.most:
            raise QueryEnded(
                "too-many-rows",
                f"The answer has more than {self.most} rows, which is the most that is sent; ask for fewer "
                "with LIMIT, or take the dump.",
            )

    def counting(self, statements: Iterable[_Statement]) -> Iterator[_Statement]:
        """Pass triples or quads on and count them.

        :param statements: the triples or quads.
        :returns: the same.
        """
        for statement in statements:
            self.add(1)
            yield statement


# What stands before the first row in JSON, and before any other: there a name follows, or the end of a row
# without a value. A text may hold the same, but what follows it there is no name.
_FIRST_ROW = b'"bindings":[{'
_NEXT_ROW = re.compile(rb'\},\{(?="[^,}]|\}[,\]])')
_NEXT_ROW_BYTES = 5


class _Rows:
    """Count the rows in the bytes of solutions, of which the engine says no number, and pass the bytes on.

    :param output: what takes the bytes.
    :param format_: the format they are in.
    :param tally: is told of the rows.
    """

    def __init__(self, output: "_Started | XmlCharacters", format_: Format, tally: Tally) -> None:
        self._output = output
        self._tally = tally
        # A function and no method of this object: that would be a reference to itself, and the output, with a
        # compressor of a megabyte behind it, would stay until the collector comes by.
        self._count = {"csv": _Rows._csv, "tsv": _Rows._tsv, "xml": _Rows._xml, "json": _Rows._json}[
            format_.name
        ]
        self._is_first = True
        self._has_rows = False
        self._in_quotes = 0
        # The end of the block before, in which each sign may begin.
        self._tails: dict[bytes, bytes] = {}

    def write(self, data: bytes) -> int:
        data = bytes(data)
        self._tally.add(self._count(self, data))
        self._is_first = False
        return self._output.write(data)

    def flush(self) -> None:
        """Do nothing: the engine flushes what it writes to."""

    def _csv(self, data: bytes) -> int:
        # A line may end inside quotation marks, and then ends no row. The heads are a line too.
        parts = data.split(b'"')
        lines = sum(part.count(b"\n") for part in parts[self._in_quotes :: 2])
        self._in_quotes = (self._in_quotes + len(parts) - 1) % 2
        return lines - self._is_first

    def _tsv(self, data: bytes) -> int:
        return data.count(b"\n") - self._is_first

    def _xml(self, data: bytes) -> int:
        return self._count_of(b"<result>", data)

    def _json(self, data: bytes) -> int:
        # Most bytes that are sent come by here, so that they are looked through once.
        whole = self._tails.get(b"", b"") + data
        self._tails[b""] = whole[1 - _NEXT_ROW_BYTES :]
        rows = len(_NEXT_ROW.findall(whole))
        if not self._has_rows and self._count_of(_FIRST_ROW, data):
            self._has_rows = True
            rows += 1
        return rows

    def _count_of(self, sign: bytes, data: bytes) -> int:
        tail = self._tails.get(sign)
        whole = tail + data if tail else data
        self._tails[sign] = whole[1 - len(sign) :]
        return whole.count(sign)


class _Lines:
    """Count the triples in bytes that have one on each line, and pass the bytes on.

    :param output: what takes the bytes.
    :param tally: is told of the triples.
    """

    def __init__(self, output: _Started, tally: Tally) -> None:
        self._output = output
        self._tally = tally

    def write(self, data: bytes) -> int:
        data = bytes(data)
        # A line break in a literal is written as an escape.
        self._tally.add(data.count(b"\n"))
        return self._output.write(data)

    def flush(self) -> None:
        """Do nothing: the engine flushes what it writes to."""


def _write_results(
    result: QuerySolutions | QueryBoolean, name: str | None, sink: Sink, tally: Tally | None
) -> Format:
    format_ = _chosen(name, _RESULTS_BY_NAME, "solutions")
    started = _Started(sink, format_)
    output: _Started | XmlCharacters | _Rows
    output = XmlCharacters(started) if format_.name == "xml" else started
    if tally is not None and isinstance(result, QuerySolutions):
        output = _Rows(output, format_, tally)
    if format_.name == "csv" and isinstance(result, QuerySolutions):
        _write_csv(result, output)
    else:
        result.serialize(cast("IO[bytes]", output), _RESULT_WRITERS[format_.name])
    started.begin()
    return format_


# Lines of CSV that are written together: some kilobytes, as the engine does.
_TOGETHER = 100
_QUOTED = re.compile('[",\r\n]')


def _write_csv(solutions: QuerySolutions, output: "_Started | XmlCharacters | _Rows") -> None:
    """Write solutions as CSV: the engine leaves an IRI with a comma unquoted, which makes two cells of it."""
    heads = [variable.value for variable in solutions.variables]
    lines = chain([",".join(heads)], (_csv_line(list(map(_csv_value, solution))) for solution in solutions))
    while together := list(islice(lines, _TOGETHER)):
        output.write("".join(f"{line}\r\n" for line in together).encode())


def _csv_line(values: list[str]) -> str:
    line = ",".join(values)
    # Most lines have nothing to quote, and are looked at once.
    if line.count(",") < len(values) and '"' not in line and "\n" not in line and "\r" not in line:
        return line
    quoted = ('"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value for value in values)
    return ",".join(quoted)


def _csv_value(term: NamedNode | Literal | BlankNode | Triple | None) -> str:
    if isinstance(term, NamedNode | Literal):
        return term.value
    if isinstance(term, Triple):
        # The specification has no form for it.
        return " ".join(map(_csv_value, term))
    return "" if term is None else str(term)


def _write_triples(
    result: QueryTriples | Description,
    name: str | None,
    sink: Sink,
    prefixes: Mapping[str, str],
    tally: Tally | None,
) -> Format:
    format_ = _chosen(name, _GRAPHS_BY_NAME, "triples")
    started = _Started(sink, format_)
    if isinstance(result, QueryTriples) and format_.name in _LINES:
        # The engine writes them by itself, in less than half of the time: no triple becomes an object.
        output = started if tally is None else _Lines(started, tally)
        result.serialize(cast("IO[bytes]", output), _GRAPH_WRITERS[format_.name])
        started.begin()
        return format_
    statements: Iterable[Triple] | Iterable[Quad]
    if isinstance(result, Description) and format_.name in _WITH_GRAPHS:
        statements = result.quads()
    else:
        statements = result
    _serialise(tally.counting(statements) if tally else iter(statements), format_, started, prefixes)
    started.begin()
    return format_


def _serialise(
    result: Iterator[_Statement], format_: Format, started: _Started, prefixes: Mapping[str, str]
) -> None:
    output = XmlCharacters(started) if format_.name == "rdfxml" else started
    triples = result
    if format_.name == "rdfxml":
        triples = _writable_in_xml(result)
    elif format_.name == "jsonld":
        triples = _writable_in_json(result)
    used: dict[str, str] = {}
    if format_.name in ("turtle", "trig", "rdfxml"):
        triples, used = _used_prefixes(triples, prefixes)
    serialize(triples, cast("IO[bytes]", output), _GRAPH_WRITERS[format_.name], prefixes=used)


_RESULTS_BY_NAME = {format_.name: format_ for format_ in RESULT_FORMATS}
_GRAPHS_BY_NAME = {format_.name: format_ for format_ in GRAPH_FORMATS}


def _chosen(name: str | None, formats: Mapping[str, Format], kind: str) -> Format:
    found = formats.get(name or "")
    if found is None:
        offered = tuple(format_.media_type for format_ in formats.values())
        raise FormatRefused(
            f"This query gives {kind}, which cannot be written in what was asked for", offered
        )
    return found


_XML_NAME = re.compile(r"[^\W\d][\w.\-]*\Z")


def _writable_in_xml(triples: Iterable[_Statement]) -> Iterator[_Statement]:
    """Pass triples on, refusing a predicate that RDF/XML has no name for."""
    known: set[str] = set()
    for triple in triples:
        inner: object = triple
        while isinstance(inner, Triple | Quad):
            predicate = inner.predicate.value
            if predicate not in known:
                if _XML_NAME.search(predicate) is None:
                    why = f"RDF/XML cannot write the predicate <{predicate}>, as it does not end in a name"
                    raise _unwritable("rdfxml", why)
                known.add(predicate)
            inner = inner.object
        yield triple


def _writable_in_json(triples: Iterable[_Statement]) -> Iterator[_Statement]:
    """Pass triples on, refusing one in a triple, for which JSON-LD has no form."""
    for triple in triples:
        if isinstance(triple.object, Triple):
            raise _unwritable("jsonld", "JSON-LD cannot write a triple within a triple")
        yield triple


def _unwritable(name: str, why: str) -> FormatRefused:
    return FormatRefused(why, tuple(each.media_type for each in GRAPH_FORMATS if each.name != name))


# Triples that are looked at for the prefixes they use. Those that only later triples would use are left out,
# and the IRIs are then written in full; so the first byte need not wait for the last triple.
_LOOKED_AT = 2_000


def _used_prefixes(
    triples: Iterator[_Statement], prefixes: Mapping[str, str]
) -> tuple[Iterator[_Statement], dict[str, str]]:
    first = list(islice(triples, _LOOKED_AT))
    names: set[str] = set()
    for triple in first:
        for term in triple:
            if isinstance(term, NamedNode):
                names.add(term.value)
            elif isinstance(term, Literal):
                names.add(term.datatype.value)
    # By their lengths, of which there are fewer than of namespaces.
    namespaces = frozenset(prefixes.values())
    lengths = {len(namespace) for namespace in namespaces}
    starts = namespaces.intersection([name[:length] for name in names for length in lengths])
    used = {prefix: namespace for prefix, namespace in prefixes.items() if namespace in starts}
    return chain(first, triples), used


def dataset_prefixes(store: Store) -> Prefixes:
    """Read the prefixes that a dataset's ontology declares.

    :param store: the store.
    :returns: the prefixes; none where the dataset declares none.
    """
    rows = store.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?prefix ?namespace "
        "{ ?declaration sh:prefix ?prefix ; sh:namespace ?namespace }"
    )
    found: dict[str, str] = {}
    if isinstance(rows, QuerySolutions):
        for row in rows:
            prefix, namespace = row["prefix"], row["namespace"]
            if isinstance(prefix, Literal) and isinstance(namespace, Literal):
                found[prefix.value] = namespace.value
    return Prefixes(found)


def table(store: Store, request: QueryRequest, prefixes: Prefixes, width: int | None = None) -> str:
    """Evaluate a SELECT or ASK and lay the result out for people.

    :param store: the store.
    :param request: the query and its dataset.
    :param prefixes: what IRIs are shortened with.
    :param width: cells in a line; the terminal's where not given.
    :returns: lines of text.
    :raises QueryRejected: if the query is refused or fails.
    :raises FormatRefused: if the query gives triples.
    """
    try:
        return _table(store, request, prefixes, width or shutil.get_terminal_size().columns)
    except BaseException as error:
        forget_locals(error)
        raise


def _table(store: Store, request: QueryRequest, prefixes: Prefixes, width: int) -> str:
    result = evaluate(store, request)
    if isinstance(result, QueryTriples | Description):
        offered = tuple(format_.media_type for format_ in GRAPH_FORMATS)
        raise FormatRefused("This query gives triples, which make no table", offered)
    if isinstance(result, QueryBoolean):
        return "true\n" if result else "false\n"
    heads = _ordered([variable.value for variable in result.variables], request.text)
    try:
        rows = [[_shown(solution[head], prefixes) for head in heads] for solution in result]
    except RuntimeError as error:
        raise QueryRejected(f"The query cannot be evaluated: {error}.") from error
    return lay_out(heads, rows, width)


def _ordered(heads: list[str], text: str) -> list[str]:
    """Put the variables of a SELECT * in the order of the text; the engine sorts them by name."""
    tokens = scan(text).tokens
    words = [token.text.upper() for token in tokens]
    start = words.index("SELECT") + 1 if "SELECT" in words else len(words)
    start += words[start : start + 1] in (["DISTINCT"], ["REDUCED"])
    if words[start : start + 1] != ["*"]:
        return heads
    names = dict.fromkeys(token.text[1:] for token in tokens if token.kind == "variable")
    return [*(name for name in names if name in heads), *(head for head in heads if head not in names)]


def _shown(term: object, prefixes: Prefixes) -> str:
    """Write a term as it is easiest to read: a short name, or the text of a literal with its language."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return _visible(prefixes.shorten(term.value))
    if isinstance(term, Literal):
        language = f" @{term.language}" if term.language else ""
        return _visible(term.value) + language
    return str(term) if isinstance(term, BlankNode) else _visible(str(term))


def _visible(text: str) -> str:
    """Replace what would move the cursor, change colours or turn the writing direction."""
    return "".join(_UNSEEN.get(unicodedata.category(char), char) for char in " ".join(text.split()))


_UNSEEN = {"Cc": "\ufffd", "Cf": "", "Cn": "\ufffd", "Co": "\ufffd", "Cs": "\ufffd"}
_GAP = "  "
_NARROWEST = 6


def lay_out(heads: list[str], rows: list[list[str]], width: int) -> str:
    """Lay a table out for a terminal.

    :param heads: the names of the columns.
    :param rows: the cells, each on one line and without what would command the terminal.
    :param width: cells in a line.
    :returns: lines of text, the last of which counts the rows.
    """
    count = f"({len(rows)} row{'' if len(rows) == 1 else 's'})\n"
    if not heads:
        return count
    wanted = [max(map(_cells, column)) for column in zip(heads, *rows, strict=True)]
    widths = _fitted(wanted, max(width - len(_GAP) * (len(heads) - 1), len(heads)))
    lines = [heads, ["─" * cells for cells in widths], *rows]
    return "".join(_GAP.join(map(_padded, line, widths)).rstrip() + "\n" for line in lines) + count


def _fitted(wanted: list[int], room: int) -> list[int]:
    """Take room from the widest columns until all fit."""
    widths = list(wanted)
    while sum(widths) > room:
        widest = max(widths)
        if widest <= _NARROWEST:
            break
        next_widest = max((w for w in widths if w < widest), default=_NARROWEST)
        columns = [index for index, w in enumerate(widths) if w == widest]
        excess = sum(widths) - room
        step = max(1, min(widest - max(next_widest, _NARROWEST), -(-excess // len(columns))))
        for index in columns:
            widths[index] -= min(step, max(0, sum(widths) - room))
    return widths


def _cells(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    """Count the cells of a terminal that a character takes."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _padded(text: str, cells: int) -> str:
    """Bring a text to a number of cells: cut it with an ellipsis, or fill it with spaces."""
    free = cells - _cells(text)
    if free >= 0:
        return text + " " * free
    kept, used = [], 0
    for char in text:
        used += _width(char)
        if used > cells - 1:
            used -= _width(char)
            break
        kept.append(char)
    return "".join(kept) + "…" + " " * (cells - 1 - used)
