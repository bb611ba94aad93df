"""The mappings, held against packages that pair names with items, and against the published schema of SSSOM.

The packages are installed by ``make evidence`` (``make test`` does it) and are read and not run. A row names
in ``see_also`` the package that it rests on, and in ``comment`` what the package says.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aisi_kg.graph.sssom import read_sssom

Row = dict[str, str]

COUNTRY_CODER = "pkg:npm/%40rapideditor/country-coder@"
SUGGESTION_INDEX = "pkg:npm/name-suggestion-index@"
RIGOUR = "pkg:pypi/rigour@"

#: The territories as rigour has them. Its functions for them need a library in C that has no wheel; the table
#: that they read is in the package itself.
TERRITORIES = "from rigour._core import territories_jsonl; print(territories_jsonl())"


@dataclass(frozen=True)
class Evidence:
    """What the packages say: by code or item, and the versions of the packages."""

    features: dict[str, str]
    territories: dict[str, str]
    labels: dict[str, str]
    versions: dict[str, str]
    schema: dict[str, Any]


def run(python: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(python), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def evidence(checkout: Path) -> Evidence:
    root = checkout / ".venv" / "evidence"
    if not (root / "complete").is_file():
        pytest.fail("what the mappings are held against is not installed; run: make evidence")
    coder = root / "node_modules" / "@rapideditor" / "country-coder"
    index = root / "node_modules" / "name-suggestion-index"
    borders = json.loads((coder / "src" / "data" / "borders.json").read_text("utf-8"))
    properties = [feature["properties"] for feature in borders["features"]]
    territories = [
        json.loads(line) for line in run(root / "python", TERRITORIES).splitlines() if line.strip()
    ]
    items = json.loads((index / "dist" / "wikidata" / "wikidata.json").read_text("utf-8"))["wikidata"]
    [rigour] = (root / "python").glob("rigour-*.dist-info")
    schema = root / "python" / "sssom_schema" / "schema" / "sssom_schema.yaml"
    program = f"import json, yaml; print(json.dumps(yaml.safe_load(open({str(schema)!r})), default=str))"
    return Evidence(
        features={p["iso1A2"]: p["wikidata"] for p in properties if "iso1A2" in p and "wikidata" in p},
        territories={t["code"]: t["qid"] for t in territories if t.get("qid")},
        labels={item: entry["label"] for item, entry in items.items() if "label" in entry},
        versions={
            COUNTRY_CODER: json.loads((coder / "package.json").read_text("utf-8"))["version"],
            SUGGESTION_INDEX: json.loads((index / "package.json").read_text("utf-8"))["version"],
            RIGOUR: rigour.name.removesuffix(".dist-info").rpartition("-")[2],
        },
        schema=json.loads(run(root / "python", program)),
    )


def by_country_coder(row: Row, evidence: Evidence) -> bool:
    code = re.search(r"country-coder: the feature ([A-Z]{2}) has the item", row["comment"])
    return code is not None and f"wikidata:{evidence.features[code[1]]}" == row["object_id"]


def by_rigour(row: Row, evidence: Evidence) -> bool:
    code = re.search(r"rigour: the territory ([a-z]{2}) has it", row["comment"])
    return code is not None and f"wikidata:{evidence.territories[code[1]]}" == row["object_id"]


def by_suggestion_index(row: Row, evidence: Evidence) -> bool:
    label = evidence.labels.get(row["object_id"].removeprefix("wikidata:"))
    said = f"name-suggestion-index: it is labelled {label}"
    return label == row["object_label"] and said.rstrip(".") in row["comment"]


VERIFIERS: dict[str, Callable[[Row, Evidence], bool]] = {
    COUNTRY_CODER: by_country_coder,
    RIGOUR: by_rigour,
    SUGGESTION_INDEX: by_suggestion_index,
}
#: How many rows rest on each package.
NUMBERS = {COUNTRY_CODER: 13, RIGOUR: 14, SUGGESTION_INDEX: 25}


def resting_on(package: str, table: list[Row]) -> list[Row]:
    return [row for row in table if any(uri.startswith(package) for uri in row["see_also"].split("|"))]


@pytest.mark.parametrize("package", VERIFIERS)
def test_the_packages_say_what_the_rows_say(package: str, table: list[Row], evidence: Evidence) -> None:
    rows = resting_on(package, table)
    assert len(rows) == NUMBERS[package]
    assert [row["record_id"] for row in rows if not VERIFIERS[package](row, evidence)] == []
    named = {uri for row in rows for uri in row["see_also"].split("|") if uri.startswith(package)}
    assert named == {package + evidence.versions[package]}


@pytest.mark.parametrize("package", VERIFIERS)
def test_another_item_would_be_found_out(package: str, table: list[Row], evidence: Evidence) -> None:
    rows = resting_on(package, table)
    items = [row["object_id"] for row in rows]
    shifted = [{**row, "object_id": item} for row, item in zip(rows, items[1:] + items[:1], strict=True)]
    assert not [row["record_id"] for row in shifted if VERIFIERS[package](row, evidence)]


def test_each_country_rests_on_all_three(table: list[Row]) -> None:
    kinds = ("aisi:Country", "aisi:SupranationalUnion")
    countries = {row["record_id"] for row in table if row["object_category"] in kinds}
    for package in VERIFIERS:
        assert countries <= {row["record_id"] for row in resting_on(package, table)}


def test_what_a_package_knows_is_in_the_row(table: list[Row], evidence: Evidence) -> None:
    """No row leaves out a package that has its item: it would be evidence, for it or against it."""
    exact = [row for row in table if row["predicate_id"] == "skos:exactMatch"]
    known = {
        row["record_id"] for row in exact if row["object_id"].removeprefix("wikidata:") in evidence.labels
    }
    assert known == {row["record_id"] for row in resting_on(SUGGESTION_INDEX, table)}
    territories = {f"wikidata:{item}" for item in evidence.territories.values()}
    of_territories = {row["record_id"] for row in exact if row["object_id"] in territories}
    assert of_territories == {row["record_id"] for row in resting_on(RIGOUR, table)}


# The published schema


def slots_of(evidence: Evidence, cls: str) -> set[str]:
    return set(evidence.schema["classes"][cls]["slots"])


def test_the_slots_are_those_of_the_schema(text: str, evidence: Evidence) -> None:
    mappings, faults = read_sssom(text)
    assert mappings is not None
    assert faults == []
    assert set(mappings.slots) <= slots_of(evidence, "mapping set")
    assert {name for row in mappings.rows for name in row.slots} <= slots_of(evidence, "mapping")
    required = {name for name, slot in evidence.schema["slots"].items() if (slot or {}).get("required")}
    assert required & slots_of(evidence, "mapping set") <= set(mappings.slots)
    assert all(required & slots_of(evidence, "mapping") <= set(row.slots) for row in mappings.rows)
    # Those that the set gives to its mappings may be given so.
    shared = set(mappings.slots) & slots_of(evidence, "mapping")
    given = {name for name in shared if name in mappings.rows[0].slots}
    assert given == {
        name for name in shared if (evidence.schema["slots"][name].get("annotations") or {}).get("propagated")
    }


def test_the_values_are_those_of_the_schema(text: str, evidence: Evidence) -> None:
    mappings, _ = read_sssom(text)
    assert mappings is not None
    enums = evidence.schema["enums"]
    for row in mappings.rows:
        for name, values in row.slots.items():
            slot = evidence.schema["slots"][name]
            assert len(values) == 1 or slot.get("multivalued"), name
            for value in values:
                if slot.get("pattern"):
                    assert re.search(slot["pattern"], value), (name, value)
                if slot.get("range") in enums:
                    assert value in enums[slot["range"]]["permissible_values"], (name, value)
                if slot.get("range") == "double":
                    assert slot["minimum_value"] <= float(value) <= slot["maximum_value"], (name, value)
                if slot.get("range") == "EntityReference":
                    assert mappings.expand(value) is not None, (name, value)


def test_the_columns_are_in_the_order_of_the_schema(table: list[Row], evidence: Evidence) -> None:
    order = evidence.schema["classes"]["mapping"]["slots"]
    columns = list(table[0])
    assert columns == sorted(columns, key=order.index)


def test_the_program_knows_the_slots_of_the_schema(evidence: Evidence) -> None:
    """A slot that the program would refuse, or read as something else, is one that somebody's file has."""
    names = evidence.schema["classes"]["mapping"]["slots"]
    header = "\t".join(names)
    metadata = "#mapping_set_id: https://example.org/x\n#license: https://example.org/y\n"
    _, faults = read_sssom(f"{metadata}{header}\n")
    assert faults == []
