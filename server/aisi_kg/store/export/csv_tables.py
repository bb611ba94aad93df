"""Tables that an analyst opens in a spreadsheet.

UTF-8 with a byte order mark, so that Excel reads Chinese; lines end with CR LF; every IRI has its labels in
English and in Chinese beside it; several values in one cell are separated by ``; `` in the same order in each
of these columns.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, and so does one that begins with
an apostrophe: to get the value back, remove the first apostrophe of every cell that begins with one. Numbers
stay as they are.

====================  =================================================================================
statements.csv        what the claims say: a row for each triple of each claim
claims.csv            the claims: statement, modality, evidence, passages, footnotes
entities.csv          what the claims are about
footnotes.csv         the footnotes of the sources
publications.csv      what the footnotes cite
passages.csv          where in the sources the claims are read
things/<class>.csv    for each class with members: a row for each, a column for each property
====================  =================================================================================
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from aisi_kg.graph.prefixes import AISI, ENTITY_BASE, INFERRED_GRAPH, Prefixes
from aisi_kg.graph.style import natural_key
from aisi_kg.store.export.selection import Selection, claims_of_dataset

__all__ = ["BYTE_ORDER_MARK", "Tables", "guarded", "unguarded", "zipped"]

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_LABELS = tuple(NamedNode(iri) for iri in (_SKOS + "prefLabel", _RDFS + "label", _DCTERMS + "title"))
_SHORT_NAME = NamedNode("https://schema.org/alternateName")
_OTHER_NAME = NamedNode(_SKOS + "altLabel")
_NAMES = {*_LABELS, _SHORT_NAME, _OTHER_NAME}
_NOTE = NamedNode(_SKOS + "editorialNote")
_DEPRECATED = NamedNode("http://www.w3.org/2002/07/owl#deprecated")
_STATEMENT = NamedNode(AISI + "statement")
_MODALITY = NamedNode(AISI + "modality")
_EVIDENCE_KIND = NamedNode(AISI + "evidence")
_RESTATES = NamedNode(AISI + "restates")
_ANCHOR = NamedNode(AISI + "anchor")
_PAGE = NamedNode(AISI + "page")
_SECTION = NamedNode(AISI + "section")
_NUMBER = NamedNode(AISI + "number")
_ACCESSED = NamedNode(AISI + "accessed")
_FOOTNOTE, _PASSAGE = NamedNode(AISI + "Footnote"), NamedNode(AISI + "Passage")
_SOURCE = NamedNode("http://www.w3.org/ns/prov#hadPrimarySource")
_QUOTED = NamedNode("http://www.w3.org/ns/prov#wasQuotedFrom")
_CITES_AS_EVIDENCE = NamedNode("http://purl.org/spar/cito/citesAsEvidence")
_CITES = NamedNode("http://purl.org/spar/cito/cites")
_PART_OF, _TITLE = NamedNode(_DCTERMS + "isPartOf"), NamedNode(_DCTERMS + "title")
_PUBLISHER, _ISSUED = NamedNode(_DCTERMS + "publisher"), NamedNode(_DCTERMS + "issued")
_URL = NamedNode("https://schema.org/url")
_START, _END = NamedNode("http://www.w3.org/ns/oa#start"), NamedNode("http://www.w3.org/ns/oa#end")
_DEFAULT = DefaultGraph()
_INFERRED = NamedNode(INFERRED_GRAPH)

_LANGUAGES = ("en", "zh")
# The fullwidth signs begin a formula in the East Asian editions of Excel.
_FORMULA = re.compile(r"[=+\-@\t\r'＝＋－＠]")
_NUMERAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
#: Tells Excel that a file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"

_Row = Sequence[str]


def guarded(value: str) -> str:
    """Write a value so that no spreadsheet takes it for a formula.

    :param value: the value.
    :returns: the cell.
    """
    return "'" + value if _FORMULA.match(value) and not _NUMERAL.fullmatch(value) else value


def unguarded(cell: str) -> str:
    """Read back what :func:`guarded` wrote.

    :param cell: the cell.
    :returns: the value.
    """
    return cell.removeprefix("'")


class Tables:
    """Make the tables of a dataset, or of one selection from it.

    :param store: the dataset.
    :param selection: the selection; None for the whole dataset.
    :param prefixes: the prefixes that name properties without a label.
    """

    def __init__(self, store: Store, selection: Selection | None, prefixes: Prefixes) -> None:
        self._store = store
        self._prefixes = prefixes
        self._label_cache: dict[NamedNode, tuple[str, str]] = {}
        # Most cells are looked up again and again.
        self._object_cache: dict[tuple[NamedNode, NamedNode], list[NamedNode | Literal]] = {}
        self._claims = claims_of_dataset(store) if selection is None else list(selection.claims)
        graphs = {claim: list(store.quads_for_pattern(None, None, None, claim)) for claim in self._claims}
        self._graphs = {claim: sorted(quads, key=_order) for claim, quads in graphs.items()}
        self._scope: set[NamedNode] | None = None
        if selection is not None:
            terms = (t for q in selection.quads() for t in (q.subject, q.object))
            self._scope = {term for term in terms if isinstance(term, NamedNode)}
        # Of a passage or a footnote, the claims that rest on it.
        self._claims_on: dict[NamedNode, list[NamedNode]] = {}
        for claim in self._claims:
            for ground in (*self._iris(claim, _QUOTED), *self._iris(claim, _CITES_AS_EVIDENCE)):
                self._claims_on.setdefault(ground, []).append(claim)
        self._claims_by_thing: dict[NamedNode, dict[NamedNode, None]] = {}
        for claim, quads in self._graphs.items():
            for quad in quads:
                for term in (quad.subject, quad.object):
                    if isinstance(term, NamedNode):
                        self._claims_by_thing.setdefault(term, {})[claim] = None

    def statements(self) -> Iterator[bytes]:
        """Write the table of statements.

        :returns: CSV, in pieces.
        """
        return _csv(self._statements())

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Write every table.

        :returns: names, with forward slashes, and contents.
        """
        tables = {
            "statements.csv": self._statements(),
            "claims.csv": self._claim_rows(),
            "entities.csv": self._entity_rows(),
            "footnotes.csv": self._footnote_rows(),
            "publications.csv": self._publication_rows(),
            "passages.csv": self._passage_rows(),
        }
        for name, rows in tables.items():
            yield name, b"".join(_csv(rows))
        for name, rows in self._class_tables():
            yield f"things/{name}.csv", b"".join(_csv(rows))

    # Rows

    def _statements(self) -> Iterator[_Row]:
        yield (
            "claim",
            *("subject", "subject_en", "subject_zh"),
            *("property", "property_en", "property_zh"),
            *("value", "value_en", "value_zh", "datatype", "language"),
            *("statement_en", "statement_zh"),
            *("modality", "modality_en", "modality_zh"),
            *("evidence", "evidence_en", "evidence_zh"),
            *("pages", "footnote_numbers", "footnote_urls"),
        )
        for claim, quads in self._graphs.items():
            statement = self._texts(claim, _STATEMENT)
            modality = self._things(self._iris(claim, _MODALITY))
            evidence = self._things(self._iris(claim, _EVIDENCE_KIND))
            pages = self._pages(claim)
            footnotes = self._footnotes(claim)
            for quad in quads:
                subject, value = quad.subject, quad.object
                yield (
                    claim.value,
                    *self._thing(subject),
                    *self._thing(quad.predicate),
                    *self._thing(value),
                    value.datatype.value if isinstance(value, Literal) and not value.language else "",
                    (value.language or "") if isinstance(value, Literal) else "",
                    *statement,
                    *modality,
                    *evidence,
                    pages,
                    *footnotes,
                )

    def _claim_rows(self) -> Iterator[_Row]:
        yield (
            *("claim", "statement_en", "statement_zh"),
            *("modality", "modality_en", "modality_zh"),
            *("evidence", "evidence_en", "evidence_zh"),
            *("source", "source_en", "source_zh", "sections", "pages", "passages"),
            *("footnotes", "footnote_numbers", "footnote_urls"),
            *("restates", "restates_en", "restates_zh", "note_en", "note_zh"),
        )
        for claim in self._claims:
            passages = self._passages(claim)
            footnotes = sorted(self._iris(claim, _CITES_AS_EVIDENCE), key=_by_name)
            restated = self._iris(claim, _RESTATES)
            yield (
                claim.value,
                *self._texts(claim, _STATEMENT),
                *self._things(self._iris(claim, _MODALITY)),
                *self._things(self._iris(claim, _EVIDENCE_KIND)),
                *self._things(self._iris(claim, _SOURCE)),
                _joined(v for passage in passages for v in self._values(passage, _SECTION)),
                self._pages(claim),
                _joined(passage.value for passage in passages),
                _joined(footnote.value for footnote in footnotes),
                *self._footnotes(claim),
                _joined(other.value for other in restated),
                *(_joined(self._texts(o, _STATEMENT)[i] for o in restated) for i in (0, 1)),
                *self._texts(claim, _NOTE),
            )

    def _entity_rows(self) -> Iterator[_Row]:
        yield (
            *("entity", "label_en", "label_zh", "short_name_en", "short_name_zh"),
            *("also_named_en", "also_named_zh", "classes", "classes_en", "classes_zh"),
            *("claim_count", "claims", "footnote_numbers", "footnote_urls"),
        )
        for entity in self._entities():
            claims = list(self._claims_by_thing.get(entity, ()))
            yield (
                *self._thing(entity),
                *self._texts(entity, _SHORT_NAME),
                *self._texts(entity, _OTHER_NAME),
                *self._things(self._iris(entity, _TYPE)),
                str(len(claims)),
                _joined(claim.value for claim in claims),
                *self._footnotes(*claims),
            )

    def _footnote_rows(self) -> Iterator[_Row]:
        yield (
            *("footnote", "number", "page", "source", "source_en", "source_zh"),
            *("publications", "publications_en", "publications_zh", "urls", "note_en", "note_zh"),
            *("claim_count", "claims"),
        )
        for footnote in self._members(_FOOTNOTE):
            publications = self._iris(footnote, _CITES)
            claims = self._claims_on.get(footnote, [])
            yield (
                footnote.value,
                _joined(self._values(footnote, _NUMBER)),
                _joined(self._values(footnote, _PAGE)),
                *self._things(self._iris(footnote, _PART_OF)),
                *self._things(publications),
                _joined(url for publication in publications for url in self._values(publication, _URL)),
                *self._texts(footnote, _NOTE),
                str(len(claims)),
                _joined(claim.value for claim in claims),
            )

    def _publication_rows(self) -> Iterator[_Row]:
        yield (
            *("publication", "title_en", "title_zh", "publishers", "publishers_en", "publishers_zh"),
            *("issued", "accessed", "urls", "footnotes", "footnote_numbers"),
        )
        cited = {q.object for q in self._store.quads_for_pattern(None, _CITES, None, _DEFAULT)}
        for publication in sorted(self._in_scope(cited), key=_by_name):
            citing = (q.subject for q in self._store.quads_for_pattern(None, _CITES, publication, _DEFAULT))
            footnotes = sorted((f for f in citing if isinstance(f, NamedNode)), key=_by_name)
            yield (
                publication.value,
                *self._texts(publication, _TITLE),
                *self._things(self._iris(publication, _PUBLISHER)),
                _joined(self._values(publication, _ISSUED)),
                _joined(self._values(publication, _ACCESSED)),
                _joined(self._values(publication, _URL)),
                _joined(footnote.value for footnote in footnotes),
                _joined(number for footnote in footnotes for number in self._values(footnote, _NUMBER)),
            )

    def _passage_rows(self) -> Iterator[_Row]:
        yield (
            "passage",
            "source",
            "source_en",
            "source_zh",
            "section",
            "page",
            "start",
            "end",
            "anchor",
            "claims",
        )
        for passage in self._members(_PASSAGE):
            yield (
                passage.value,
                *self._things(self._iris(passage, _PART_OF)),
                *(_joined(self._values(passage, p)) for p in (_SECTION, _PAGE, _START, _END, _ANCHOR)),
                _joined(claim.value for claim in self._claims_on.get(passage, ())),
            )

    def _class_tables(self) -> Iterator[tuple[str, Iterator[_Row]]]:
        """Give a table for each class of the ontology that entities belong to, as the data have it."""
        members: dict[NamedNode, list[NamedNode]] = {}
        for entity in self._entities():
            for kind in self._iris(entity, _TYPE):
                if kind.value.startswith(AISI):
                    members.setdefault(kind, []).append(entity)
        names = {kind: _file_name(kind.value[len(AISI) :]) for kind in members}
        for kind in sorted(members, key=lambda k: names[k]):
            yield names[kind], self._member_rows(members[kind])

    def _member_rows(self, members: Sequence[NamedNode]) -> Iterator[_Row]:
        values: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
        for member in members:
            for quad in self._stated(member):
                if isinstance(quad.object, NamedNode | Literal):
                    values.setdefault(quad.predicate, {}).setdefault(member, []).append(quad.object)
        columns = sorted(values, key=lambda p: natural_key(self._column(p)))
        linking = [any(isinstance(v, NamedNode) for vs in values[p].values() for v in vs) for p in columns]
        head = ["iri", "label_en", "label_zh"]
        for predicate, links in zip(columns, linking, strict=True):
            name = self._column(predicate)
            head += [name, f"{name}_en", f"{name}_zh"] if links else [name]
        yield [*head, "claims", "footnote_numbers", "footnote_urls"]
        for member in members:
            row = list(self._thing(member))
            for predicate, links in zip(columns, linking, strict=True):
                cells = sorted(values[predicate].get(member, ()), key=lambda v: natural_key(v.value))
                row += self._things(cells) if links else [_joined(value.value for value in cells)]
            claims = list(self._claims_by_thing.get(member, ()))
            yield [*row, _joined(claim.value for claim in claims), *self._footnotes(*claims)]

    # What the rows are made of

    def _stated(self, subject: NamedNode) -> Iterator[Quad]:
        """Give what is asserted of a resource, without names and classes: a row is traced to its claims."""
        seen: set[tuple[object, object]] = set()
        for quad in self._store.quads_for_pattern(subject, None, None):
            pair = (quad.predicate, quad.object)
            if quad.graph_name not in (_DEFAULT, _INFERRED) and pair not in seen:
                seen.add(pair)
                if quad.predicate != _TYPE and quad.predicate not in _NAMES:
                    yield quad

    def _column(self, predicate: NamedNode) -> str:
        """Name a column after its property; those of other vocabularies with their prefix."""
        iri = predicate.value
        return iri[len(AISI) :] if iri.startswith(AISI) else self._prefixes.shorten(iri).strip("<>")

    def _in_scope(self, terms: Iterable[object]) -> list[NamedNode]:
        found = (term for term in terms if isinstance(term, NamedNode))
        return [term for term in found if self._scope is None or term in self._scope]

    def _entities(self) -> list[NamedNode]:
        # Of a name that was given up only that is said.
        retired = {quad.subject for quad in self._store.quads_for_pattern(None, _DEPRECATED, None, _DEFAULT)}
        subjects = {
            quad.subject for quad in self._store.quads_for_pattern(None, None, None, _DEFAULT)
        } - retired
        found = (entity for entity in self._in_scope(subjects) if entity.value.startswith(ENTITY_BASE))
        return sorted(found, key=_by_name)

    def _members(self, kind: NamedNode) -> list[NamedNode]:
        subjects = {quad.subject for quad in self._store.quads_for_pattern(None, _TYPE, kind, _DEFAULT)}
        return sorted(self._in_scope(subjects), key=_by_name)

    def _passages(self, claim: NamedNode) -> list[NamedNode]:
        return sorted(self._iris(claim, _QUOTED), key=_by_name)

    def _pages(self, claim: NamedNode) -> str:
        return _joined(page for passage in self._passages(claim) for page in self._values(passage, _PAGE))

    def _footnotes(self, *claims: NamedNode) -> tuple[str, str]:
        footnotes = {footnote for claim in claims for footnote in self._iris(claim, _CITES_AS_EVIDENCE)}
        in_order = sorted(footnotes, key=_by_name)
        publications = [publication for footnote in in_order for publication in self._iris(footnote, _CITES)]
        return (
            _joined(number for footnote in in_order for number in self._values(footnote, _NUMBER)),
            _joined(url for publication in publications for url in self._values(publication, _URL)),
        )

    def _objects(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode | Literal]:
        found = self._object_cache.get((subject, predicate))
        if found is None:
            values = (q.object for q in self._store.quads_for_pattern(subject, predicate, None, _DEFAULT))
            found = [value for value in values if isinstance(value, NamedNode | Literal)]
            if len(found) > 1:
                found.sort(key=lambda value: natural_key(value.value))
            self._object_cache[subject, predicate] = found
        return found

    def _values(self, subject: NamedNode, predicate: NamedNode) -> list[str]:
        return [value.value for value in self._objects(subject, predicate)]

    def _iris(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self._objects(subject, predicate) if isinstance(value, NamedNode)]

    def _texts(self, subject: NamedNode, predicate: NamedNode) -> tuple[str, str]:
        texts = [v for v in self._objects(subject, predicate) if isinstance(v, Literal)]
        english, chinese = (
            _joined(t.value for t in texts if (t.language or "").partition("-")[0] == language)
            for language in _LANGUAGES
        )
        return english, chinese

    def _labels(self, resource: NamedNode) -> tuple[str, str]:
        if resource not in self._label_cache:
            found = ("", "")
            for predicate in _LABELS:
                english, chinese = self._texts(resource, predicate)
                found = (found[0] or english, found[1] or chinese)
            self._label_cache[resource] = found
        return self._label_cache[resource]

    def _thing(self, term: object) -> tuple[str, str, str]:
        if isinstance(term, NamedNode):
            return (term.value, *self._labels(term))
        return (term.value if isinstance(term, Literal) else str(term), "", "")

    def _things(self, terms: Sequence[NamedNode | Literal]) -> tuple[str, str, str]:
        things = [self._thing(term) for term in terms]
        iris, english, chinese = (_joined((thing[i] for thing in things), keep_empty=True) for i in range(3))
        return iris, english, chinese


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Put files into a ZIP archive that has the same bytes for the same files.

    :param files: names and contents.
    :returns: the archive.
    """
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            # The earliest time the format knows, since a build has none; and the owner's system left out.
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return output.getvalue()


def _csv(rows: Iterable[_Row]) -> Iterator[bytes]:
    start = BYTE_ORDER_MARK
    for row in rows:
        output = io.StringIO(newline="")
        csv.writer(output).writerow([guarded(cell) for cell in row])
        yield (start + output.getvalue()).encode()
        start = ""


def _joined(values: Iterable[str], *, keep_empty: bool = False) -> str:
    """Join the values of one cell, each once; an empty one has its place where columns go in step."""
    if keep_empty:
        in_step = list(values)
        return "; ".join(in_step) if any(in_step) else ""
    return "; ".join(dict.fromkeys(value for value in values if value))


def _by_name(resource: NamedNode) -> tuple[str, str]:
    return natural_key(resource.value)


def _order(quad: Quad) -> tuple[str, bool, str, str]:
    return str(quad.subject), quad.predicate != _TYPE, quad.predicate.value, str(quad.object)


def _file_name(local: str) -> str:
    """Turn ``FundingCommitment`` into ``funding-commitment``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", local).lower()
