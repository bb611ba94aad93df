"""The mappings to Wikidata: what they are in the dataset, and that a wrong one is caught."""

from collections import Counter
from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from aisi_kg.cli.format import format_files
from aisi_kg.graph.dataset import asserted
from aisi_kg.graph.files import CuratedFiles, read_files
from aisi_kg.graph.findings import Finding
from aisi_kg.graph.prefixes import ENTITY_BASE, INFERRED_GRAPH, WIKIDATA_GRAPH
from aisi_kg.project import Project
from aisi_kg.store.build import check

Change = Callable[..., Project]
Table = list[dict[str, str]]

NAME = "data/mappings/wikidata.sssom.tsv"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
ITEMS = "http://www.wikidata.org/entity/"
GRAPH = NamedNode(WIKIDATA_GRAPH)


@pytest.fixture(scope="session")
def files(project: Project) -> CuratedFiles:
    return read_files(project)


@pytest.fixture(scope="session")
def graph(files: CuratedFiles) -> list[Quad]:
    return [quad for quad in asserted(files) if quad.graph_name == GRAPH]


def links(graph: list[Quad], predicate: str) -> set[tuple[str, str]]:
    return {
        (quad.subject.value, quad.object.value)
        for quad in graph
        if quad.predicate.value == predicate
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        if quad.subject.value.startswith(ENTITY_BASE)
    }


def rows(table: Table, predicate: str) -> set[tuple[str, str]]:
    return {
        (row["subject_id"].replace("entity:", ENTITY_BASE), row["object_id"].replace("wikidata:", ITEMS))
        for row in table
        if row["predicate_id"] == predicate and row["object_id"] != "sssom:NoTermFound"
    }


def test_each_row_is_a_link_and_an_exact_match_the_same_thing(table: Table, graph: list[Quad]) -> None:
    for name in ("exactMatch", "closeMatch", "broadMatch"):
        found = links(graph, SKOS + name)
        assert found == rows(table, f"skos:{name}")
        assert found
    assert links(graph, OWL + "sameAs") == rows(table, "skos:exactMatch")
    of_entities = [q for q in graph if str(q.subject).startswith(f"<{ENTITY_BASE}")]
    assert {quad.predicate.value for quad in of_entities} == {
        OWL + "sameAs",
        *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch")),
    }


def test_each_row_is_described_with_its_evidence(table: Table, graph: list[Quad]) -> None:
    said = {(quad.subject, quad.predicate.value, quad.object) for quad in graph}
    for row in table:
        record = NamedNode(row["record_id"].replace("mapping:", WIKIDATA_GRAPH + "#"))
        entity = NamedNode(row["subject_id"].replace("entity:", ENTITY_BASE))
        assert (record, OWL + "annotatedSource", entity) in said
        assert (record, "http://www.w3.org/2000/01/rdf-schema#comment", Literal(row["comment"])) in said
    types = Counter(q.object for q in graph if q.predicate.value.endswith("#type"))
    assert types == {
        NamedNode(OWL + "Axiom"): len(table),
        NamedNode("https://w3id.org/sssom/MappingSet"): 1,
    }


def test_a_version_of_a_model_is_not_its_family(table: Table) -> None:
    of_models = {
        row["subject_id"]: row["predicate_id"] for row in table if row["object_category"] == "aisi:AIModel"
    }
    assert of_models == {
        "entity:claude-3-5-sonnet": "skos:broadMatch",
        "entity:claude-3-5-sonnet-upgraded": "skos:broadMatch",
        "entity:gpt-4": "skos:exactMatch",
        "entity:llama-3-1-405b": "skos:broadMatch",
    }


def test_what_cannot_be_the_same_is_no_exact_match(table: Table) -> None:
    predicates = {row["subject_id"]: (row["predicate_id"], row["object_id"]) for row in table}
    # The evidence for these names two items, or an item of another kind of thing.
    for name in ("metr", "ntu-singapore", "faculty"):
        assert predicates[f"entity:{name}"][0] == "skos:closeMatch"
    assert predicates["entity:trail-of-bits"] == ("skos:exactMatch", "sssom:NoTermFound")
    # The candidates for these are in doubt.
    assert not {"entity:imda", "entity:singapore-mci"} & set(predicates)


def test_an_entity_that_is_mapped_is_found_in_the_line_of_its_row(files: CuratedFiles, text: str) -> None:
    location = files.locations.find(f"{ENTITY_BASE}france", OWL + "sameAs", NamedNode(ITEMS + "Q142"))
    assert location is not None
    assert location.file == NAME
    assert text.splitlines()[location.line - 1].startswith("mapping:france\t")


#: What is planted in one row: the rule that finds it, the row that it names, and a part of what it says.
PLANTED = {
    "unknown entity": (
        ("\tentity:france\tFrance", "\tentity:frence\tFrance"),
        ("mapping-entity", "france", "entity:frence is not described in data/entities"),
    ),
    "something that is no entity": (
        ("\tentity:france\tFrance", "\tgraph:france\tFrance"),
        ("mapping-entity", "france", "graph:france is not described"),
    ),
    "another label": (
        ("\tentity:france\tFrance", "\tentity:france\tFrench Republic"),
        ("mapping-entity", "france", "'French Republic' is not that of entity:france, 'France'"),
    ),
    "no item": (
        ("wikidata:Q142\t", "wikidata:Q0142\t"),
        ("mapping-value", "france", "wikidata:Q0142 is no item of Wikidata"),
    ),
    "a property for an item": (
        ("wikidata:Q142\t", "wikidata:P17\t"),
        ("mapping-value", "france", "wikidata:P17 is no item"),
    ),
    "unknown predicate": (
        ("skos:exactMatch\twikidata:Q142\t", "skos:narrowMatch\twikidata:Q142\t"),
        ("mapping-value", "france", "skos:narrowMatch is none of skos:exactMatch, skos:closeMatch"),
    ),
    "no kind": (
        ("wikidata:Q142\tFrance\taisi:Country", "wikidata:Q142\tFrance\t"),
        ("mapping-value", "france", "object_category is missing"),
    ),
    "a kind that is no class": (
        ("wikidata:Q142\tFrance\taisi:Country", "wikidata:Q142\tFrance\tcountry"),
        ("mapping-value", "france", "object_category is 'country'"),
    ),
    "a country mapped to a company": (
        ("wikidata:Q142\tFrance\taisi:Country", "wikidata:Q142\tFrance\taisi:Company"),
        ("mapping-kind", "france", "entity:france is aisi:Country and wikidata:Q142 aisi:Company"),
    ),
    "a record of another name": (
        ("mapping:france\t", "entity:france\t"),
        ("mapping-value", "france", "entity:france is no name in"),
    ),
    "a record of the same name": (
        ("mapping:france\t", "mapping:fli\t"),
        ("mapping-conflict", "france", "the record_id mapping:fli is used in line"),
    ),
    "an item for what has none": (
        ("entity:faculty\tFaculty", "entity:trail-of-bits\tTrail of Bits"),
        ("mapping-conflict", "faculty", "no item was found for entity:trail-of-bits in line"),
    ),
    "two items for one entity": (
        ("\tentity:france\tFrance", "\tentity:germany\tGermany"),
        (
            "mapping-conflict",
            "germany",
            "entity:germany cannot be wikidata:Q183, being wikidata:Q142 in line",
        ),
    ),
    "one item for two entities": (
        ("wikidata:Q142\t", "wikidata:Q183\t"),
        (
            "mapping-conflict",
            "germany",
            "wikidata:Q183 cannot be entity:germany, being entity:france in line",
        ),
    ),
    "a label for what was not found": (
        ("sssom:NoTermFound\t\t", "sssom:NoTermFound\tTrail\t"),
        ("mapping-value", "trail-of-bits", "no item was found and there is a label"),
    ),
    "another set": (
        (
            "#mapping_set_id: https://w3id.org/aisi-kg/graph/wikidata",
            "#mapping_set_id: https://example.org/x",
        ),
        ("mapping-value", "", "mapping_set_id is https://example.org/x"),
    ),
    "rows out of order": (
        ("mapping:france\t", "mapping:zz-france\t"),
        ("style", "", "not in the canonical style from this line on"),
    ),
}


def line_of(name: str, row: str) -> int:
    lines = name.splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.split("\t")[1:2] == [f"entity:{row}"])


@pytest.mark.parametrize("name", PLANTED)
def test_a_wrong_row_is_caught(name: str, changed: Change, text: str) -> None:
    change, (rule, row, part) = PLANTED[name]
    findings = [finding for finding in read_files(changed(change)).findings if finding.file == NAME]
    found = [finding for finding in findings if finding.rule == rule]
    assert any(part in finding.message for finding in found), findings
    if row:
        assert line_of(text, row) in {finding.line for finding in found}


def test_the_same_row_twice_is_caught(changed: Change, text: str) -> None:
    row = next(line for line in text.splitlines(keepends=True) if line.startswith("mapping:france\t"))
    findings = read_files(
        changed((row, row + row.replace("mapping:france\t", "mapping:france-2\t", 1)))
    ).findings
    messages = [finding.message for finding in findings]
    assert [m for m in messages if "entity:france is mapped to wikidata:Q142 in line" in m] == messages


def test_rows_are_put_in_order(changed: Change, text: str) -> None:
    project = changed(("mapping:france\t", "mapping:zz-france\t"))
    path = project.root / NAME
    assert format_files(project, [path], check=False).changed == (NAME,)
    lines = path.read_text("utf-8").splitlines()
    assert lines[-1].startswith("mapping:zz-france\t")
    assert sorted(lines) == sorted(text.replace("mapping:france\t", "mapping:zz-france\t").splitlines())


def test_what_cannot_be_read_is_not_put_in_order(changed: Change) -> None:
    project = changed(("wikidata:Q142\tFrance", "wikidata:Q142 France"))
    before = (project.root / NAME).read_bytes()
    [finding] = format_files(project, [project.data / "mappings"], check=False).findings
    assert (finding.rule, finding.file) == ("syntax", NAME)
    assert "10 cells and the header 11" in finding.message
    assert (project.root / NAME).read_bytes() == before


def by_rule(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    """Give what was found in the mappings; elsewhere the claims are missed."""
    return {finding.rule: finding for finding in findings if finding.file == NAME}


def test_two_entities_with_one_item_contradict_each_other(changed: Change) -> None:
    """The check of the file and the reasoner find it without each other."""
    found = by_rule(check(changed(("wikidata:Q142\t", "wikidata:Q183\t"))).findings)
    assert set(found) == {"mapping-conflict", "inconsistent-identity"}
    message = found["inconsistent-identity"].message
    assert "entity:france and entity:germany cannot both be wikidata:Q183" in message


def test_a_person_that_is_a_company_contradicts_the_ontology(changed: Change) -> None:
    change = ("wikidata:Q10853588\tKamala Harris\tfoaf:Person", "wikidata:Q3884\tAmazon\taisi:Company")
    found = by_rule(check(changed(change)).findings)
    assert set(found) == {"mapping-conflict", "mapping-kind", "inconsistent-identity"}
    assert (
        "entity:kamala-harris is foaf:Person and wikidata:Q3884 aisi:Company" in found["mapping-kind"].message
    )
    assert "cannot both be wikidata:Q3884" in found["inconsistent-identity"].message


def test_nothing_is_inferred_about_items(real: Store) -> None:
    """Who counts the countries must not count each of them twice."""
    inferred = list(real.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH)))
    assert inferred
    assert not [quad for quad in inferred if str(quad.subject).startswith(f"<{ITEMS}")]
