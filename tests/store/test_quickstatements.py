"""What goes back to Wikidata: read again by a small reader of QuickStatements' version 1."""

import io
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pyoxigraph import NamedNode, Store
from tests.store.conftest import MakeStore

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import ENTITY_BASE, Prefixes
from aisi_kg.project import Project
from aisi_kg.store.export import Wikidata, export, write_export
from aisi_kg.store.export.jsonld import Context
from aisi_kg.store.export.quickstatements import Property, load_properties

Value = tuple[Any, ...]


class Command(NamedTuple):
    """Hold what QuickStatements does for a line."""

    item: str
    property: str
    value: Value
    qualifiers: tuple[tuple[str, Value], ...] = ()
    sources: tuple[tuple[str, Value], ...] = ()


def read_value(text: str) -> Value:
    """Read a value as ``parseValueV1`` does: the first form that fits."""
    text = text.strip()
    if re.fullmatch(r"Q[0-9]+", text):
        return ("item", text)
    if match := re.fullmatch(r'"(.*)"', text):
        return ("string", match[1].strip())
    if match := re.fullmatch(r'([a-z_-]+):"(.*)"', text):
        return ("text", match[1], match[2].strip())
    if match := re.fullmatch(r"([+-]?[0-9]+-[0-9]{2}-[0-9]{2}T00:00:00Z)/([0-9]+)", text):
        return ("time", match[1], int(match[2]))
    raise ValueError(text)


def read(data: str) -> list[Command]:
    """Read commands as ``importDataFromV1`` does; a line that is none raises."""
    assert data.endswith("\n")
    commands = []
    for row in data[:-1].split("\n"):
        assert not re.fullmatch(r"(.*?) */\* *(.*?) *\*/ *", row), "it would be read as a comment"
        first, *columns = row.strip().split("\t")
        if first == "CREATE":
            assert columns == []
            commands.append(Command("CREATE", "", ()))
            continue
        assert re.fullmatch(r"LAST|Q[0-9]+", first), row
        assert len(columns) % 2 == 0, row
        pairs = [(columns[i], read_value(columns[i + 1])) for i in range(0, len(columns), 2)]
        (name, value), *rest = pairs
        if re.fullmatch(r"[LAD][a-z-]+", name):
            assert rest == []
            assert value[0] == "string"
        else:
            assert re.fullmatch(r"P[0-9]+", name), row
        qualifiers = tuple(pair for pair in rest if pair[0][0] == "P")
        sources = tuple(pair for pair in rest if pair[0][0] == "S")
        # Sources come last, and are one reference.
        assert rest == [*qualifiers, *sources]
        commands.append(Command(first, name, value, qualifiers, sources))
    return commands


#: Modality, evidence and footnotes of each claim.
CLAIMS = {
    "award": ("Fact", "FootnoteOnSentence", "1"),
    "award-again": ("Fact", "FootnotedElsewhere", "12"),
    "founded": ("Fact", "FootnoteOnSentence", "1"),
    "founded-year": ("Fact", "FootnoteOnSentence", "1"),
    "day": ("Fact", "FootnoteOnSentence", "1"),
    "head": ("Fact", "FootnoteOnSentence", "1"),
    "then": ("Fact", "FootnoteOnSentence", "1"),
    "chair": ("Fact", "FootnoteOnSentence", "2"),
    "plan": ("Plan", "FootnoteOnSentence", "1"),
    "bare": ("Fact", "ReportOnly", ""),
    "related": ("Fact", "RelatedFootnote", "1"),
    "disputed": ("Fact", "FootnoteOnSentence", "1"),
    "unlisted": ("Fact", "FootnoteOnSentence", "1"),
    "doubtful": ("Fact", "FootnoteOnSentence", "1"),
}
ITEMS = {
    "ann": "exactMatch Q1",
    "prize": "exactMatch Q2",
    "lab": "exactMatch Q3",
    "town": "exactMatch Q4",
    "bob": "exactMatch Q5",
    "maybe": "closeMatch Q6",
}
DATA = """
GRAPH claim:award { entity:ann a foaf:Person ; aisi:award entity:prize , entity:unknown-prize . }
GRAPH claim:award-again { entity:ann aisi:award entity:prize . }
GRAPH claim:founded {
	entity:e a aisi:Establishment ; aisi:establishes entity:lab ; aisi:date "2023-11"^^xsd:gYearMonth .
}
GRAPH claim:founded-year {
	entity:f a aisi:Establishment ; aisi:establishes entity:new ; aisi:date "2024"^^xsd:gYear .
}
GRAPH claim:day {
	entity:paper dcterms:issued "2023-11-02"^^xsd:date ; aisi:signatory entity:lab , entity:new .
}
GRAPH claim:head {
	entity:h a aisi:Appointment ; org:organization entity:lab ; org:role aisi:Director ;
		org:member entity:ann ; aisi:tenure aisi:FormerTenure ;
		aisi:startDate "2023-01"^^xsd:gYearMonth ; aisi:endDate "2024-05-06"^^xsd:date .
}
GRAPH claim:then {
	entity:t a aisi:Appointment ; org:organization entity:lab ; org:role aisi:Chairperson ;
		org:member entity:ann ; aisi:tenure aisi:AtTimeOfEvent .
}
GRAPH claim:chair {
	entity:c a aisi:Appointment ; org:organization entity:lab ; org:role aisi:Chairperson ;
		org:member entity:bob ; aisi:tenure aisi:CurrentTenure .
}
GRAPH claim:plan { entity:lab aisi:location entity:town . }
GRAPH claim:bare { entity:lab aisi:hasPredecessor entity:prize . }
GRAPH claim:related { entity:lab aisi:instituteOf entity:town . }
GRAPH claim:disputed { entity:lab org:memberOf entity:prize . }
GRAPH claim:unlisted { entity:lab aisi:topic entity:prize ; schema:url <https://example.org/lab> . }
GRAPH claim:doubtful { entity:maybe aisi:location entity:town . }
GRAPH <https://w3id.org/aisi-kg/source/s> {
	<urn:d> a aisi:Discrepancy ; aisi:involvesClaim claim:disputed .
	footnote:1 a aisi:Footnote ; cito:cites publication:one ; aisi:accessed "2024-10-01"^^xsd:date .
	footnote:2 a aisi:Footnote ; cito:cites publication:two , publication:one .
	publication:one a fabio:Work ; dcterms:publisher entity:lab ; dcterms:issued "2023"^^xsd:gYear ;
		dcterms:title "A \\"quoted\\"\\ttitle,\\nin two lines | or */ more"@en , "标题"@zh ;
		schema:url <https://example.org/one?a=1&b=2> .
	publication:two a fabio:Work ; dcterms:title "没有出版者"@zh-Hans ; dcterms:publisher entity:unknown ;
		schema:url <https://example.org/two> .
}
GRAPH <https://w3id.org/aisi-kg/graph/entities> {
	entity:new skos:prefLabel "New \\"thing\\""@en , "新的"@zh . entity:lab skos:prefLabel "Lab"@en .
}
"""


def about_claims() -> str:
    text = "GRAPH <https://w3id.org/aisi-kg/source/s> {"
    for name, (modality, evidence, notes) in CLAIMS.items():
        text += (
            f" claim:{name} a aisi:Claim ; aisi:modality aisi:{modality} ; aisi:evidence aisi:{evidence} . "
        )
        text += "".join(f"claim:{name} cito:citesAsEvidence footnote:{note} . " for note in notes)
    text += "} GRAPH <https://w3id.org/aisi-kg/graph/wikidata> {"
    for name, match in ITEMS.items():
        how, item = match.split()
        text += f" entity:{name} skos:{how} <http://www.wikidata.org/entity/{item}> . "
    return text + "}"


ONE = (
    ("S854", ("string", "https://example.org/one?a=1&b=2")),
    ("S1476", ("text", "en", 'A "quoted" title, in two lines | or */ more')),
    ("S123", ("item", "Q3")),
    ("S577", ("time", "+2023-00-00T00:00:00Z", 9)),
    ("S813", ("time", "+2024-10-01T00:00:00Z", 11)),
)
TWO = (("S854", ("string", "https://example.org/two")), ("S1476", ("text", "zh-hans", "没有出版者")))


@pytest.fixture(scope="module")
def properties(project: Project) -> dict[str, Property]:
    return load_properties(project)


@pytest.fixture(scope="module")
def made(make_store: MakeStore) -> Store:
    return make_store(DATA + about_claims())


class Exported:
    def __init__(
        self, store: Store, prefixes: Prefixes, context: Context, properties: dict[str, Property]
    ) -> None:
        self._more: dict[str, Any] = {"prefixes": prefixes, "context": context}
        self._store, self._properties = store, properties

    def text(self, iri: str | None = None, *, create: bool = False) -> str:
        wikidata = Wikidata(self._properties, create)
        return b"".join(export(self._store, "quickstatements", iri, wikidata=wikidata, **self._more)).decode()

    def commands(self, iri: str | None = None, *, create: bool = False) -> list[Command]:
        return read(self.text(iri, create=create))


@pytest.fixture
def exported(made: Store, prefixes: Prefixes, context: Context, properties: dict[str, Property]) -> Exported:
    return Exported(made, prefixes, context, properties)


def test_facts_of_entities_with_an_item_are_written(exported: Exported) -> None:
    commands = exported.commands()
    assert [command[:4] for command in commands] == [
        ("Q1", "P166", ("item", "Q2"), ()),
        ("Q1", "P166", ("item", "Q2"), ()),
        (
            "Q3",
            "P1037",
            ("item", "Q1"),
            (
                ("P580", ("time", "+2023-01-00T00:00:00Z", 10)),
                ("P582", ("time", "+2024-05-06T00:00:00Z", 11)),
            ),
        ),
        ("Q3", "P488", ("item", "Q5"), ()),
        ("Q3", "P488", ("item", "Q5"), ()),
        ("Q3", "P571", ("time", "+2023-11-00T00:00:00Z", 10), ()),
    ]


def test_each_publication_is_a_reference(exported: Exported) -> None:
    commands = exported.commands("entity:ann")
    # Two claims say it, and three footnotes with two publications stand on them.
    assert [command.sources for command in commands] == [ONE, TWO]
    assert [command.sources for command in exported.commands("entity:lab")][-1] == ONE


def test_items_are_created_on_request(exported: Exported) -> None:
    commands = exported.commands(create=True)
    start = commands.index(Command("CREATE", "", ()))
    assert commands[start:][:5] == [
        Command("CREATE", "", ()),
        Command("LAST", "Len", ("string", 'New "thing"')),
        Command("LAST", "Lzh", ("string", "新的")),
        Command("LAST", "P571", ("time", "+2024-00-00T00:00:00Z", 9), (), ONE),
        Command("CREATE", "", ()),
    ]
    signed = [command for command in commands if command.property == "P1891"]
    # The other signatory has no item yet.
    assert [command.value for command in signed] == [("item", "Q3")]
    assert [c.value for c in commands if c.property == "P577"] == [("time", "+2023-11-02T00:00:00Z", 11)]
    # What may be an item already is not created a second time.
    assert sum(command.item == "CREATE" for command in commands) == 2
    assert "P276" not in {command.property for command in commands}


def test_nothing_else_is_written(exported: Exported) -> None:
    written = {command.property for command in exported.commands(create=True)}
    assert written == {"", "Len", "Lzh", "P166", "P571", "P577", "P1037", "P488", "P1891"}


def test_a_property_that_the_table_lacks_is_not_written(
    made: Store, prefixes: Prefixes, context: Context, properties: dict[str, Property]
) -> None:
    fewer = {ours: theirs for ours, theirs in properties.items() if theirs.id not in ("P166", "P123", "P580")}
    commands = Exported(made, prefixes, context, fewer).commands()
    assert "P166" not in {command.property for command in commands}
    assert "S123" not in {name for command in commands for name, _ in command.sources}
    assert "P580" not in {name for command in commands for name, _ in command.qualifiers}


def test_nothing_to_write_is_told(exported: Exported, make_store: MakeStore) -> None:
    with pytest.raises(InputError, match=r"nothing to write .* --create"):
        exported.text("entity:new")
    assert exported.text("entity:new", create=True).startswith("CREATE\n")


def test_what_has_no_item_yet_is_told(
    made: Store, prefixes: Prefixes, context: Context, properties: dict[str, Property], tmp_path: Path
) -> None:
    told: list[str] = []
    file = tmp_path / "out.tsv"
    more: dict[str, Any] = {
        "prefixes": prefixes,
        "context": context,
        "stdout": io.BytesIO(),
        "tell": told.append,
    }
    wikidata = Wikidata(properties)
    write_export(made, "quickstatements", "entity:ann", str(file), wikidata=wikidata, **more)
    assert [command.item for command in read(file.read_text("utf-8"))] == ["Q1", "Q1"]
    # The prize that is not mapped; what others lack is not counted.
    assert told == ["Not written, as their values have no item in Wikidata: 1 statements of claims."]


def test_the_same_dataset_gives_the_same_commands(exported: Exported) -> None:
    assert exported.text(create=True) == exported.text(create=True)


# The project's own


@pytest.fixture
def own(real: Store, prefixes: Prefixes, context: Context, properties: dict[str, Property]) -> Exported:
    return Exported(real, prefixes, context, properties)


def test_the_projects_facts_are_read_again(own: Exported, properties: dict[str, Property]) -> None:
    commands = own.commands(create=True)
    known = {property_.id for property_ in properties.values()}
    for command in commands:
        if command.property.startswith("P"):
            assert command.property in known
            assert command.sources[0][0] == "S854"
            assert {name.replace("S", "P") for name, _ in command.sources} <= known
    assert {command.property for command in commands} >= {"P166", "P178", "P571", "P577", "P1891"}


def test_some_of_what_the_project_says(own: Exported) -> None:
    (award,) = own.commands("entity:yoshua-bengio")
    assert award[:3] == ("Q3572699", "P166", ("item", "Q185667"))
    created = own.commands("entity:caisi", create=True)
    assert created[-1][:3] == ("LAST", "P571", ("time", "+2024-11-00T00:00:00Z", 10))
    signed = own.commands("entity:bletchley-declaration", create=True)
    assert [command.value[1] for command in signed if command.property == "P1891"] == ["Q148", "Q30", "Q458"]


def test_what_the_source_contradicts_is_not_written(own: Exported) -> None:
    """The report gives two dates for the European AI Office."""
    assert 'Len\t"European AI Office"' not in own.text(create=True)


def test_the_table_names_our_terms_and_each_once(
    project: Project, properties: dict[str, Property], real: Store
) -> None:
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    name = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    for ours, theirs in properties.items():
        term = NamedNode(ours)
        assert any(real.quads_for_pattern(term, label, None)) or any(real.quads_for_pattern(term, name, None))
        assert re.fullmatch(r"P[1-9][0-9]*", theirs.id)
    assert ENTITY_BASE not in "".join(properties)
