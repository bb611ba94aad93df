"""Reading and writing SSSOM/TSV: what is read, what is refused, and what becomes of it in RDF."""

import csv
import io

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from aisi_kg.graph.sssom import MappingSet, format_sssom, read_sssom, triples_of

METADATA = """\
#sssom_version: "1.1"
#curie_map:
#  x: https://example.org/x/
#  y: https://example.org/y/
#mapping_set_id: https://example.org/set
#license: https://creativecommons.org/licenses/by/4.0/
#creator_label:
#  - A
#  - "B: C"
#subject_type: owl named individual
#object_type: owl named individual
#mapping_date: 2024-02-29
"""
HEADER = (
    "record_id\tsubject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tsee_also\tcomment\n"
)
JUSTIFIED = "semapv:ManualMappingCuration"
ROW = f"x:r1\tx:a\tskos:exactMatch\ty:b\t{JUSTIFIED}\t0.95\thttps://example.org/1|https://example.org/2\tFits.\n"
TEXT = METADATA + HEADER + ROW

SSSOM = "https://w3id.org/sssom/"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RECORD = NamedNode("https://example.org/x/r1")
SUBJECT, OBJECT = NamedNode("https://example.org/x/a"), NamedNode("https://example.org/y/b")


def read(text: str) -> MappingSet:
    mappings, faults = read_sssom(text)
    assert faults == []
    assert mappings is not None
    return mappings


def triples(text: str) -> set[Triple]:
    return {triple for _, triple in triples_of(read(text))}


def test_a_set_is_read_with_what_it_gives_to_its_mappings() -> None:
    mappings = read(TEXT)
    assert mappings.id == "https://example.org/set"
    assert mappings.slots["creator_label"] == ("A", "B: C")
    (row,) = mappings.rows
    assert row.line == 14
    assert (row.iri("subject_id"), row.text("subject_id")) == ("https://example.org/x/a", "x:a")
    assert row.slots["see_also"] == ("https://example.org/1", "https://example.org/2")
    assert row.text("mapping_date") == "2024-02-29"
    assert row.is_same


def test_a_mapping_in_rdf() -> None:
    found = triples(TEXT)
    assert {triple for triple in found if triple.subject == RECORD} == {
        Triple(RECORD, RDF_TYPE, NamedNode(OWL + "Axiom")),
        Triple(RECORD, NamedNode(OWL + "annotatedSource"), SUBJECT),
        Triple(
            RECORD,
            NamedNode(OWL + "annotatedProperty"),
            NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
        ),
        Triple(RECORD, NamedNode(OWL + "annotatedTarget"), OBJECT),
        Triple(
            RECORD,
            NamedNode(SSSOM + "mapping_justification"),
            NamedNode("https://w3id.org/semapv/vocab/ManualMappingCuration"),
        ),
        Triple(RECORD, NamedNode(SSSOM + "confidence"), Literal("0.95", datatype=NamedNode(XSD + "double"))),
        Triple(RECORD, NamedNode(SSSOM + "subject_type"), NamedNode(OWL + "NamedIndividual")),
        Triple(RECORD, NamedNode(SSSOM + "object_type"), NamedNode(OWL + "NamedIndividual")),
        Triple(
            RECORD,
            NamedNode("http://purl.org/dc/terms/created"),
            Literal("2024-02-29", datatype=NamedNode(XSD + "date")),
        ),
        Triple(
            RECORD,
            NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso"),
            NamedNode("https://example.org/1"),
        ),
        Triple(
            RECORD,
            NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso"),
            NamedNode("https://example.org/2"),
        ),
        Triple(RECORD, NamedNode("http://www.w3.org/2000/01/rdf-schema#comment"), Literal("Fits.")),
    }
    set_ = NamedNode("https://example.org/set")
    assert Triple(set_, NamedNode(SSSOM + "mappings"), RECORD) in found
    assert Triple(set_, NamedNode(SSSOM + "sssom_version"), NamedNode(SSSOM + "version1.1")) in found
    # What the set gives to its mappings is not said of the set.
    assert not any(t.subject == set_ and t.predicate.value == SSSOM + "subject_type" for t in found)


@pytest.mark.parametrize(
    ("change", "links"),
    [
        (("", ""), {"exactMatch", "sameAs"}),
        (("skos:exactMatch", "skos:closeMatch"), {"closeMatch"}),
        (("#subject_type: owl named individual\n", "#subject_type: owl class\n"), {"exactMatch"}),
        (("#object_type: owl named individual\n", ""), {"exactMatch"}),
        (("y:b", "sssom:NoTermFound"), set()),
    ],
)
def test_what_links_the_two(change: tuple[str, str], links: set[str]) -> None:
    found = triples(TEXT.replace(*change))
    of_subject = {triple.predicate.value for triple in found if triple.subject == SUBJECT}
    assert {iri.rpartition("#")[2] for iri in of_subject} == links


def test_a_slot_of_the_set_is_not_given_where_a_mapping_has_its_own() -> None:
    header = HEADER.replace("\tconfidence", "\tmapping_date\tconfidence")
    row = ROW.replace("\t0.95", "\t2023-01-01\t0.95")
    other = row.replace("x:r1", "x:r2").replace("2023-01-01", "")
    first, second = read(METADATA + header + row + other).rows
    assert (first.text("mapping_date"), second.text("mapping_date")) == ("2023-01-01", "")


def test_quotes_tabs_line_feeds_and_bars() -> None:
    cell = '"a ""quoted""\tword\nand a line"'
    row = ROW.replace("Fits.", cell).replace("https://example.org/2", "https://example.org/2\\|3")
    mappings, faults = read_sssom(METADATA + HEADER + row + ROW.replace("x:r1", "x:r2"))
    assert mappings is not None
    assert [fault.line for fault in faults] == [14]
    assert "https://example.org/2|3" in faults[0].message
    first, second = read(METADATA + HEADER + ROW.replace("Fits.", cell) + ROW.replace("x:r1", "x:r2")).rows
    assert first.text("comment") == 'a "quoted"\tword\nand a line'
    assert (first.line, second.line) == (14, 16)


@pytest.mark.parametrize(
    ("change", "line", "part"),
    [
        (("#license: https://creativecommons.org/licenses/by/4.0/\n", ""), 1, "lacks license"),
        (("#mapping_set_id", "#mapping_set_name"), 5, "mapping_set_name is no slot"),
        (("#mapping_date: 2024-02-29", "#mapping_date: [2024-02-29]"), 12, "no line of metadata"),
        (("#  - A", "#   A"), 8, "no line of metadata"),
        (('"B: C"', "B: C"), 9, "no line of metadata"),
        (("#  x: https", "#  y: ftp"), 4, "two namespaces"),
        (("#subject_type", "#  subject_type"), 10, "no line of metadata"),
        (("\tcomment\n", "\tcoment\n"), 13, "'coment' is no slot"),
        (("\tcomment\n", "\tconfidence\n"), 13, "is there twice"),
        (("record_id\t", "creator_label\t"), 13, "the column record_id is missing"),
        (("\tFits.\n", "\n"), 14, "7 cells and the header 8"),
        (("Fits.", '"Fits'), 14, "quotes"),
        ((HEADER + ROW, ""), 13, "the table is missing"),
    ],
)
def test_a_text_that_cannot_be_read(change: tuple[str, str], line: int, part: str) -> None:
    text = TEXT.replace(*change)
    assert text != TEXT
    mappings, faults = read_sssom(text)
    assert mappings is None
    assert ("syntax", line) in {(fault.rule, fault.line) for fault in faults}
    assert any(part in fault.message for fault in faults)


@pytest.mark.parametrize(
    ("change", "line", "part"),
    [
        (("2024-02-29", "2023-02-29"), 12, "mapping_date is '2023-02-29'"),
        (("2024-02-29", "20240229"), 12, "YYYY-MM-DD"),
        (("0.95", "1.01"), 14, "a number from 0 to 1"),
        (("0.95", "-0.1"), 14, "a number from 0 to 1"),
        (("0.95", "high"), 14, "a number from 0 to 1"),
        (("0.95", "nan"), 14, "a number from 0 to 1"),
        (("\tx:a", "\tz:a"), 14, "a prefix of the curie_map"),
        (("\tx:a", "\thttps://example.org/x/a"), 14, "write a CURIE"),
        (("\tx:a", "\t"), 14, "subject_id is empty"),
        (("y:b", "y:<b>"), 14, "write a CURIE"),
        ((JUSTIFIED, "semapv:Guessing"), 14, "no justification of SSSOM"),
        (("https://example.org/2", "example"), 14, "write an absolute URI"),
        (("#object_type: owl named individual", "#object_type: person"), 11, "write one of owl class"),
    ],
)
def test_a_value_that_is_none(change: tuple[str, str], line: int, part: str) -> None:
    text = TEXT.replace(*change)
    assert text != TEXT
    _, faults = read_sssom(text)
    assert [(fault.rule, fault.line) for fault in faults] == [("mapping-value", line)]
    assert part in faults[0].message


def test_the_canonical_form() -> None:
    columns = [2, 0, 1, 4, 3, 5, 7, 6]
    table = [line.split("\t") for line in (HEADER + ROW.replace("x:r1", "x:r2") + ROW).splitlines()]
    mixed = "".join("\t".join(line[column] for column in columns) + "\n" for line in table)
    mixed = mixed.replace("0.95", "0.950").replace("Fits.", '"Fits."')
    assert format_sssom(METADATA + mixed) == METADATA + HEADER + ROW + ROW.replace("x:r1", "x:r2")
    assert format_sssom(TEXT) == TEXT


def test_the_canonical_form_keeps_what_needs_quotes_and_drops_empty_columns() -> None:
    output = io.StringIO()
    writer = csv.writer(output, delimiter="\t", lineterminator="\n")
    writer.writerow([*HEADER.strip().split("\t"), "other"])
    writer.writerow([*ROW.strip().split("\t")[:-1], 'a "b"\nc', ""])
    formatted = format_sssom(METADATA + output.getvalue())
    assert formatted.endswith('\t"a ""b""\nc"\n')
    assert HEADER in formatted
    assert read(formatted).rows[0].text("comment") == 'a "b"\nc'
