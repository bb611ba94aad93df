"""Finding candidates, and writing what somebody decides, against a server that stands in for Wikidata's."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from aisi_kg.graph.files import read_files
from aisi_kg.graph.sssom import format_sssom
from aisi_kg.project import Project

Link = Callable[..., tuple[int, str, str]]

NAME = "data/mappings/wikidata.sssom.tsv"
#: What the mappings have for the country and the ministry of the British institute.
UNITED_KINGDOM, MINISTRY = "Q145", "Q116719150"
INSTITUTE, CLASS, NAMESAKE, HUMAN, OTHER = (f"Q90000000000000{n}" for n in range(1, 6))


@pytest.fixture
def uk(wikidata: Any) -> Any:
    """Add the British institute, a namesake of another kind, and a body that is called alike."""
    wikidata.add("Q43229", {"en": "organization"})
    wikidata.add("Q5", {"en": "human"})
    wikidata.add(CLASS, {"en": "research institute"}, P279=["Q43229"])
    wikidata.add(UNITED_KINGDOM, {"en": "United Kingdom", "zh": "英国"})
    wikidata.add(MINISTRY, {"en": "Department for Science, Innovation and Technology"})
    wikidata.add(
        INSTITUTE,
        {"mul": "UK AI Safety Institute", "zh-hans": "英国人工智能安全研究所"},
        CLASS,
        aliases={"en": ["UK AISI"]},
        description="research body of the British government",
        P17=[UNITED_KINGDOM],
        P749=[MINISTRY],
        P571=["+2023-11-02T00:00:00Z"],
    )
    wikidata.add(OTHER, {"en": "Safety Institute of Elsewhere"}, CLASS, description="body", P17=["Q30"])
    wikidata.add(NAMESAKE, {"en": "UK AI Safety Institute"}, description="no kind")
    wikidata.add(HUMAN, {"en": "UK AI Safety Institute"}, "Q5", description="a person called so")
    return wikidata


def mappings(project: Project) -> str:
    return (project.root / NAME).read_text("utf-8")


def rows(project: Project) -> dict[str, dict[str, str]]:
    table = "".join(line for line in mappings(project).splitlines(keepends=True) if not line.startswith("#"))
    found = csv.DictReader(io.StringIO(table, newline=""), delimiter="\t")
    return {row["record_id"].removeprefix("mapping:"): row for row in found}


def asked(wikidata: Any, path: str) -> list[dict[str, Any]]:
    """Give the batches of queries that the service was sent."""
    bodies = [body for method, each, _, body in wikidata.requests if (method, each) == ("POST", path)]
    return [json.loads(parse_qs(body)["queries"][0]) for body in bodies]


def test_candidates_are_listed_with_what_fits(uk: Any, link: Link, project_copy: Project) -> None:
    before = mappings(project_copy)
    status, out, err = link("entity:uk-aisi")
    assert status == 0
    head, _, *lines = out.splitlines()
    parts = ["en", "zh", "type", "country", "parent", "inception", "position"]
    assert head.split() == ["entity", "item", "score", *parts, "label", "description"]
    first, second, third = (line.split() for line in lines[:3])
    assert first[:9] == ["entity:uk-aisi", INSTITUTE, "100", *6 * ["="]]
    # The namesake states nothing else, and that counts half; the other body is called otherwise.
    assert second[1:9] == [NAMESAKE, "67", "=", *5 * ["?"]]
    assert (third[1], third[6]) == (OTHER, "≠")
    # A person is none, and the service that was asked for organisations gives none.
    assert HUMAN not in out
    assert "= fits, ≠ does not fit, ? is not stated" in lines[-1]
    assert "1 of 1 entities have candidates. Nothing is written" in err
    assert mappings(project_copy) == before


def test_the_service_is_asked_as_openrefine_asks_it(uk: Any, link: Link) -> None:
    link("uk-aisi", "--limit", "3")
    (english,), (chinese,) = asked(uk, "/en/api"), asked(uk, "/zh/api")
    assert english == {
        "q0": {"query": "UK AI Safety Institute", "limit": 3, "type": "Q43229"},
        "q1": {"query": "UK AISI", "limit": 3, "type": "Q43229"},
    }
    assert [query["query"] for query in chinese.values()] == ["英国人工智能安全研究所"]


def test_many_entities_are_asked_for_in_batches(uk: Any, link: Link) -> None:
    status, out, _ = link()
    assert status == 0
    batches = asked(uk, "/en/api")
    assert len(batches) > 5
    assert {len(batch) for batch in batches[:-1]} == {10}
    listed = {line.split()[0] for line in out.splitlines() if line.startswith("entity:")}
    # Persons, bodies, documents, places; nothing that is mapped, and no judgement or group of people.
    assert {
        "entity:uk-aisi",
        "entity:jade-leung",
        "entity:seoul-declaration",
        "entity:bletchley-park",
    } <= listed
    assert (
        not {"entity:openai", "entity:united-kingdom", "entity:ai-developers", "entity:trail-of-bits"}
        & listed
    )
    assert "no candidate" in out


def test_each_request_says_who_asks(uk: Any, link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISI_KG_LINK_CONTACT", "mailto:us@example.org")
    link("uk-aisi")
    agents = {headers["user-agent"] for _, _, headers, _ in uk.requests}
    (agent,) = agents
    assert agent.startswith("aisi-kg/")
    assert agent.endswith("(https://w3id.org/aisi-kg/; mailto:us@example.org)")


def test_a_person_is_compared_by_the_position(uk: Any, link: Link) -> None:
    director = "Q900000000000101"
    uk.add(director, {"en": "executive director of the Japan AI Safety Institute"})
    for number, position in ((111, [director]), (112, [])):
        uk.add(f"Q900000000000{number}", {"en": "Akiko Murakami"}, "Q5", description="person", P39=position)
    _, out, _ = link("akiko-murakami", "--format", "json")
    ((first, second),) = [each["candidates"] for each in json.loads(out)]
    assert (first["item"], second["item"]) == ("Q900000000000111", "Q900000000000112")
    parts = {part["name"]: part for part in first["parts"]}
    assert parts["type"] == {"name": "type", "value": 1.0, "found": "human"}
    assert parts["position"]["value"] > 0.8
    assert parts["position"]["found"] == "executive director of the Japan AI Safety Institute"
    assert {part["name"]: part["value"] for part in second["parts"]}["position"] is None


def test_the_list_is_written_for_spreadsheets(uk: Any, link: Link) -> None:
    uk.items[NAMESAKE]["labels"]["en"]["value"] = "=UK AI Safety Institute\x1b[31m"
    _, out, _ = link("uk-aisi", "--format", "csv")
    table = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert (table[0]["entity"], table[0]["item"], table[0]["country"]) == ("entity:uk-aisi", INSTITUTE, "1")
    assert table[0]["country found"] == "United Kingdom"
    # No formula, and nothing that commands a terminal.
    (namesake,) = [row for row in table if row["item"] == NAMESAKE]
    assert namesake["label"] == "'=UK AI Safety Institute [31m"


def test_items_that_were_merged_or_deleted_are_no_candidates(uk: Any, link: Link) -> None:
    uk.redirects[OTHER] = INSTITUTE
    uk.items[OTHER]["labels"] = {}
    manifest: tuple[int, dict[str, str], bytes] = (200, {}, json.dumps(uk.manifest).encode())
    gone = [{"id": item, "name": "x", "score": 1} for item in (OTHER, "Q900000000000999")]
    results = {"q0": {"result": gone}, "q1": {"result": []}}
    uk.planted["/en/api"] = [manifest, (200, {}, json.dumps(results).encode())]
    uk.planted["/zh/api"] = [manifest, (200, {}, b'{"q0": {"result": []}}')]
    _, out, err = link("uk-aisi")
    assert "no candidate" in out
    assert "0 of 1 entities have candidates" in err


def test_items_can_be_read_from_their_documents(uk: Any, link: Link) -> None:
    _, from_sparql, _ = link("uk-aisi", "--format", "json")
    _, from_documents, err = link("uk-aisi", "--format", "json", "--items", uk.documents)
    assert json.loads(from_documents) == json.loads(from_sparql)
    assert "3 items are read from 127.0.0.1" in err


def test_a_service_with_one_address_is_asked_for_all_names(uk: Any, link: Link) -> None:
    status, out, _ = link("uk-aisi", "--service", f"{uk.url}/en/api")
    assert (status, INSTITUTE in out) == (0, True)
    (queries,) = asked(uk, "/en/api")
    assert [query["query"] for query in queries.values()][-1] == "英国人工智能安全研究所"


# Deciding


def test_what_is_accepted_is_a_row_with_its_evidence(uk: Any, link: Link, project_copy: Project) -> None:
    before = mappings(project_copy)
    status, out, err = link("--accept", f"entity:uk-aisi={INSTITUTE}", "--see-also", "https://example.org/a")
    assert (status, err) == (0, "")
    assert f"entity:uk-aisi skos:exactMatch wikidata:{INSTITUTE} (UK AI Safety Institute)" in out
    row = rows(project_copy)["uk-aisi"]
    date = row.pop("mapping_date", "2026-11-26")
    assert row.pop("comment").startswith(
        f"the item as read on {date}: English name: fits (UK AI Safety Institute); Chinese name: fits ("
    )
    assert row == {
        "record_id": "mapping:uk-aisi",
        "subject_id": "entity:uk-aisi",
        "subject_label": "UK AI Safety Institute",
        "predicate_id": "skos:exactMatch",
        "object_id": f"wikidata:{INSTITUTE}",
        "object_label": "UK AI Safety Institute",
        "object_category": "org:Organization",
        "mapping_justification": "semapv:ManualMappingCuration",
        "confidence": "0.95",
        "see_also": f"https://example.org/a|{uk.sparql}",
    }
    text = mappings(project_copy)
    assert format_sssom(text) == text
    assert len(text.splitlines()) - len(before.splitlines()) in (0, 1)
    # The other rows say what they said.
    others = rows(project_copy)
    del others["uk-aisi"]
    assert len(others) == before.count("\nmapping:")
    assert read_files(project_copy).findings == ()


def test_a_row_has_its_own_date(uk: Any, link: Link, project_copy: Project) -> None:
    path = project_copy.root / NAME
    path.write_text(
        mappings(project_copy).replace("#mapping_date: 2026-11-26", "#mapping_date: 2024-02-29"), "utf-8"
    )
    link("--accept", f"uk-aisi={INSTITUTE}")
    assert "#mapping_date" not in mappings(project_copy)
    dates = {name: row["mapping_date"] for name, row in rows(project_copy).items()}
    assert dates.pop("uk-aisi") > "2026"
    assert set(dates.values()) == {"2024-02-29"}
    assert read_files(project_copy).findings == ()


def test_all_decisions_are_written_or_none(uk: Any, link: Link, project_copy: Project) -> None:
    before = mappings(project_copy)
    status, out, err = link("--accept", f"uk-aisi={INSTITUTE}", "--accept", f"us-aisi={INSTITUTE}")
    assert (status, out) == (1, "")
    assert f"wikidata:{INSTITUTE} cannot be entity:us-aisi, being entity:uk-aisi" in err
    assert err.count("\n") == 1
    assert mappings(project_copy) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["uk-aisi=Q900000000000999"], "There is no Q900000000000999 at "),
        ([f"uk-aisi={HUMAN}"], f"{HUMAN} is not what entity:uk-aisi is: it is a human; correct the item."),
        ([f"jade-leung={INSTITUTE}"], f"{INSTITUTE} is not what entity:jade-leung is: it is an organization"),
        ([f"uk-aisi={NAMESAKE}"], "name it with --category, as a class of entity:uk-aisi"),
        ([f"uk-aisi={NAMESAKE}", "--category", "foaf:Person"], "entity:uk-aisi is aisi:SafetyInstitute and"),
        ([f"uk-aisi={NAMESAKE}", "--category", "nothing"], "write a class as a CURIE"),
        ([f"uk-aisy={INSTITUTE}"], "There is no entity uk-aisy; did you mean entity:uk-aisi"),
        ([f"united-kingdom={UNITED_KINGDOM}"], "has a row already"),
        (["uk-aisi=P17"], "--accept uk-aisi=P17 names no entity and item"),
        ([INSTITUTE], "names no entity and item"),
        (["uk-aisi=Q0"], "names no entity and item"),
    ],
)
def test_what_cannot_be_so_is_refused(
    uk: Any, link: Link, project_copy: Project, arguments: list[str], message: str
) -> None:
    before = mappings(project_copy)
    status, out, err = link("--accept", *arguments)
    assert (status, out) == (1, "")
    assert message in err
    assert err.count("\n") == 1
    assert mappings(project_copy) == before


def test_an_item_that_was_merged_is_refused(uk: Any, link: Link) -> None:
    uk.redirects["Q900000000000321"] = INSTITUTE
    for items in (uk.sparql, uk.documents):
        status, _, err = link("--accept", "uk-aisi=Q900000000000321", "--items", items)
        assert (status, f"Q900000000000321 was merged into {INSTITUTE}" in err) == (1, True)


def test_a_doubt_can_be_written(uk: Any, link: Link, project_copy: Project) -> None:
    status, _, _ = link(
        "--accept", f"uk-aisi={NAMESAKE}", "--predicate", "close", "--comment", "No kind is given."
    )
    assert status == 0
    row = rows(project_copy)["uk-aisi"]
    assert (row["predicate_id"], row["confidence"], row["object_category"]) == ("skos:closeMatch", "0.8", "")
    assert row["comment"].startswith("No kind is given; the item as read on ")
    status, _, _ = link("--accept", f"us-aisi={OTHER}", "--confidence", "0.123")
    assert (status, rows(project_copy)["us-aisi"]["confidence"]) == (0, "0.123")


def test_that_none_was_found_is_written_after_a_search(uk: Any, link: Link, project_copy: Project) -> None:
    status, out, err = link("--none", "uk-aisi")
    assert (status, err) == (0, "")
    assert "entity:uk-aisi skos:exactMatch no item found" in out
    row = rows(project_copy)["uk-aisi"]
    assert (row["object_id"], row["confidence"], row["object_label"]) == ("sssom:NoTermFound", "0.9", "")
    assert row["see_also"] == f"{uk.url}/en/api|{uk.url}/zh/api"
    assert (
        "UK AI Safety Institute, UK AISI, 英国人工智能安全研究所; of the candidates none is it: "
        in row["comment"]
    )
    assert f"{INSTITUTE} (UK AI Safety Institute)" in row["comment"]
    assert read_files(project_copy).findings == ()
    # It is looked for again on request, and an item then takes the place of the row.
    assert "has a row already" in link("uk-aisi")[2]
    assert INSTITUTE in link("uk-aisi", "--again")[1]
    assert link("--accept", f"uk-aisi={INSTITUTE}")[0] == 0
    assert rows(project_copy)["uk-aisi"]["object_id"] == f"wikidata:{INSTITUTE}"


def test_a_file_that_somebody_changes_meanwhile_is_left_alone(
    uk: Any, link: Link, project_copy: Project
) -> None:
    path = project_copy.root / NAME
    changed = mappings(project_copy).replace("_title: Entities", "_title: The entities")
    usual = uk.store

    def store() -> Any:
        path.write_text(changed, "utf-8")
        return usual()

    uk.store = store
    status, _, err = link("--accept", f"uk-aisi={INSTITUTE}")
    assert (status, "was changed meanwhile, so that nothing was written" in err) == (1, True)
    assert mappings(project_copy) == changed


def test_mappings_that_are_not_in_order_are_told_first(uk: Any, link: Link, project_copy: Project) -> None:
    path = project_copy.root / NAME
    path.write_text(mappings(project_copy).replace("\t0.99\t", "\t1.99\t", 1), "utf-8")
    status, out, err = link("--accept", f"uk-aisi={INSTITUTE}")
    assert (status, out) == (1, "")
    assert "confidence is '1.99'" in err
    assert "The curated files are not in order (1 error, 0 warnings)" in err


# One after the other


def test_decisions_are_made_one_after_the_other(
    uk: Any, link: Link, project_copy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["?", "9", "c", "1", "n", "s", "q"]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{each}\n" for each in answers)))
    names = ["uk-aisi", "jade-leung", "us-aisi", "singapore-aisi", "caisi"]
    status, out, err = link("--interactive", *names)
    assert status == 0
    assert "1/5 entity:uk-aisi: UK AI Safety Institute · 英国人工智能安全研究所" in out
    assert f"  1. {INSTITUTE} 100  UK AI Safety Institute · 英国人工智能安全研究所 — research body" in out
    assert out.count("NUMBER: the entity is this item") == 3
    assert "4/5 entity:singapore-aisi" in out
    assert "5/5" not in out
    assert err == "aisi-kg: All decisions are written.\n"
    made = rows(project_copy)
    assert made["uk-aisi"]["object_id"] == f"wikidata:{INSTITUTE}"
    assert made["jade-leung"]["object_id"] == "sssom:NoTermFound"
    assert not {"us-aisi", "singapore-aisi", "caisi"} & set(made)
    assert read_files(project_copy).findings == ()


def test_what_is_answered_is_checked_and_asked_again(
    uk: Any, link: Link, project_copy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The second one does not say what it is; the end of the input ends the questions.
    monkeypatch.setattr("sys.stdin", io.StringIO("2\n\n2\nfoaf:Person\nb 2\n"))
    status, out, err = link("--interactive", "uk-aisi", "us-aisi")
    assert status == 0
    assert out.count("What kind of thing is the item, as a class such as aisi:Company?") == 2
    assert "cannot be told from what it says" in err
    assert "entity:uk-aisi is aisi:SafetyInstitute" in err
    assert rows(project_copy)["uk-aisi"]["predicate_id"] == "skos:broadMatch"
    assert "us-aisi" not in rows(project_copy)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--check", "--interactive"],
        ["--check", "--accept", "uk-aisi=Q1"],
        ["--interactive", "--none", "uk-aisi"],
        ["uk-aisi", "--check"],
        ["uk-aisi", "--accept", "us-aisi=Q1"],
        ["--limit", "0"],
        ["--limit", "51"],
        ["--confidence", "1.5"],
        ["--see-also", "https://example.org/a|b", "--accept", "uk-aisi=Q1"],
    ],
)
def test_arguments_that_do_not_go_together_are_refused(link: Link, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        link(*arguments)
    assert ended.value.code == 2


def test_an_entity_that_is_not_there_is_told(link: Link) -> None:
    status, _, err = link("uk-dist")
    assert (status, "There is no entity uk-dist; did you mean entity:uk-dsit" in err) == (1, True)
    status, _, err = link("entity:united-kingdom")
    assert (status, "entity:united-kingdom has a row already" in err) == (1, True)
