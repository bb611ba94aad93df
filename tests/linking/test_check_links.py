"""Whether the mappings still hold: what changed at Wikidata is found, from an endpoint and from documents."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from aisi_kg.project import Project

Link = Callable[..., tuple[int, str, str]]

NAME = "data/mappings/wikidata.sssom.tsv"
GONE, NEW, FIRM = "Q900000000000001", "Q900000000000002", "Q900000000000003"
#: The class of Wikidata that an item of each of our classes is of here.
CLASS_OF = {"foaf:Person": "Q5", "aisi:Country": "Q6256"}


@pytest.fixture
def mapped(wikidata: Any, project: Project) -> Any:
    """Have the server know each item that is mapped, under the label and of the kind that its row gives."""
    for item, label in (("Q5", "human"), ("Q43229", "organization"), ("Q6256", "country")):
        wikidata.add(item, {"en": label})
    wikidata.add(FIRM, {"en": "business"}, P279=["Q43229"])
    for row in table(project):
        if row["object_id"] == "sssom:NoTermFound":
            continue
        category = row["object_category"]
        is_body = category.startswith("org:") or category in ("aisi:Company", "aisi:GovernmentBody")
        types = [CLASS_OF[category]] if category in CLASS_OF else [FIRM] if is_body else []
        label = row["object_label"] or row["subject_label"]
        wikidata.add(row["object_id"].removeprefix("wikidata:"), {"en": label}, *types)
    return wikidata


def table(project: Project) -> list[dict[str, str]]:
    text = (project.root / NAME).read_text("utf-8")
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return list(csv.DictReader(io.StringIO(lines, newline=""), delimiter="\t"))


def item_of(project: Project, slug: str) -> str:
    (found,) = [r["object_id"] for r in table(project) if r["record_id"] == f"mapping:{slug}"]
    return found.removeprefix("wikidata:")


@pytest.fixture(params=["sparql", "documents"])
def source(mapped: Any, request: pytest.FixtureRequest) -> str:
    """Give where the items are read: an endpoint, or documents."""
    address: str = getattr(mapped, request.param)
    return address


def test_nothing_is_found_where_all_holds(mapped: Any, link: Link, source: str, project: Project) -> None:
    status, out, err = link("--check", "--items", source)
    assert (status, out) == (0, "")
    mapped_items = {r["object_id"] for r in table(project)} - {"sssom:NoTermFound"}
    assert f"{len(mapped_items)} items were read from {source}; all rows hold." in err


def test_what_no_longer_holds_is_found(mapped: Any, link: Link, source: str, project_copy: Project) -> None:
    items = {name: item_of(project_copy, name) for name in ("google", "g7", "ibm", "france", "apple", "fli")}
    mapped.redirects[items["google"]] = NEW
    mapped.add(NEW, {"en": "Google LLC"})
    del mapped.items[items["g7"]]
    # A body that is a person, a country that is a firm.
    mapped.add(items["ibm"], {"en": "IBM"}, "Q5")
    mapped.add(items["france"], {"en": "France"}, FIRM)
    # Called otherwise, the former label being an alias; where no label was noted, otherwise than the entity.
    mapped.add(items["apple"], {"en": "Orchard"}, FIRM, aliases={"en": ["Apple Inc."]})
    mapped.add(items["fli"], {"en": "Institute of Something"}, FIRM)
    before = (project_copy.root / NAME).read_bytes()
    status, out, err = link("--check", "--items", source)
    assert status == 1
    found: dict[str, list[str]] = {}
    for line in out.splitlines():
        found.setdefault(line.split("[")[1].split("]")[0], []).append(line)
    assert {rule: len(lines) for rule, lines in found.items()} == {
        "link-deleted": 1,
        "link-redirect": 1,
        "link-type": 2,
        "link-label": 2,
    }
    assert f"there is no {items['g7']} any more" in found["link-deleted"][0]
    assert f"{items['google']} was merged into {NEW} (Google LLC); if that is entity:google too" in out
    assert f"{items['ibm']} is not what entity:ibm is: it is a human (human); correct" in out
    assert f"{items['france']} is not what entity:france is: it is an organization (business)" in out
    former = "no longer 'Apple Inc.', which is an alias of it now"
    assert f"{items['apple']} is called 'Orchard' and {former}" in out
    assert f"{items['fli']} is called 'Institute of Something', which is no name of entity:fli" in out
    lines = before.decode().splitlines()
    for line in out.splitlines():
        name, number, _ = line.split(":", 2)
        assert name == NAME
        # The line is that of the entity that is named at the end.
        assert lines[int(number) - 1].split("\t")[1] == f"entity:{line.rpartition('/')[2].rstrip(')')}"
    assert "of 6 rows something does not hold" in err
    assert (project_copy.root / NAME).read_bytes() == before


def test_a_label_for_all_languages_is_a_label(
    mapped: Any, link: Link, source: str, project_copy: Project
) -> None:
    # The label as noted stands in "mul" alone, in a Chinese variant alone, or in a variant of English.
    for slug, tag in (("google", "mul"), ("ibm", "zh-hans"), ("apple", "en-gb")):
        item = item_of(project_copy, slug)
        label = mapped.items[item]["labels"]["en"]["value"]
        mapped.items[item]["labels"] = {tag: {"language": tag, "value": label}}
    # An alias for all languages tells what an item without a noted label is.
    fli = mapped.items[item_of(project_copy, "fli")]
    fli["labels"] = {"fr": {"language": "fr", "value": "Institut"}}
    fli["aliases"] = {"mul": [{"language": "mul", "value": "Future of Life Institute"}]}
    assert link("--check", "--items", source)[:2] == (0, "")
    fli["aliases"] = {}
    status, out, _ = link("--check", "--items", source)
    assert status == 1
    assert "is called nothing in English, in Chinese or for all languages, which is no name of" in out


def test_a_class_counts_however_far_above_it_is(
    mapped: Any, link: Link, source: str, project_copy: Project
) -> None:
    chain = [f"Q90000000000010{number}" for number in range(6)]
    for cls, above in zip(chain, [*chain[1:], "Q43229"], strict=True):
        # A circle among classes, as there are some, ends too.
        mapped.add(cls, {"en": cls}, P279=[above, chain[0]])
    google = item_of(project_copy, "google")
    mapped.add(google, {"en": "Google"}, chain[0])
    assert link("--check", "--items", source)[:2] == (0, "")


def test_only_statements_of_the_best_rank_count_in_documents(
    mapped: Any, link: Link, project_copy: Project
) -> None:
    google = item_of(project_copy, "google")
    mapped.add(google, {"en": "Google"}, "Q5", FIRM)
    claims = mapped.items[google]["claims"]["P31"]
    claims[0]["rank"] = "deprecated"
    # "Some value" and "no value" say nothing.
    claims.append({"mainsnak": {"snaktype": "somevalue", "property": "P31"}, "rank": "normal"})
    assert link("--check", "--items", mapped.documents)[:2] == (0, "")
    claims[0]["rank"] = "preferred"
    status, out, _ = link("--check", "--items", mapped.documents)
    assert (status, "it is a human" in out) == (1, True)


def test_what_is_found_is_written_for_programs(mapped: Any, link: Link, project_copy: Project) -> None:
    assert json.loads(link("--check", "--format", "json")[1]) == []
    del mapped.items[item_of(project_copy, "g7")]
    status, out, _ = link("--check", "--format", "json")
    (finding,) = json.loads(out)
    assert status == 1
    assert (finding["rule"], finding["file"]) == ("link-deleted", NAME)
    assert finding["subject"] == "https://w3id.org/aisi-kg/entity/g7"


def test_a_server_that_knows_none_of_the_items_is_not_believed(
    wikidata: Any, link: Link, project: Project
) -> None:
    number = len({r["object_id"] for r in table(project)} - {"sssom:NoTermFound"})
    for items in (wikidata.sparql, wikidata.documents):
        status, out, err = link("--check", "--items", items)
        assert (status, out) == (69, "")
        assert f"knows none of the {number} items that are mapped; check the address." in err


def test_an_endpoint_is_asked_a_few_times_for_all(mapped: Any, link: Link) -> None:
    link("--check")
    assert len(mapped.requests) <= 4
    assert {headers["accept"] for _, _, headers, _ in mapped.requests} == {"application/sparql-results+json"}
