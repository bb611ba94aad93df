from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

from aisi_kg.errors import InputError, ReportMismatch
from aisi_kg.graph.verify import Coverage, Finding, Verification, verify
from aisi_kg.text import Report

Run = Callable[[str], Verification]
Span = Callable[[str], tuple[int, int]]
Write = Callable[..., str]

B = "https://w3id.org/aisi-kg/"


def changed(trig: str, old: str, new: str) -> str:
    """Plant a fault, at one place."""
    assert trig.count(old) == 1, old
    return trig.replace(old, new)


def the_one(findings: tuple[Finding, ...]) -> tuple[str, str]:
    """Give the rule and the subject of the only finding."""
    (finding,) = findings
    return finding.rule, finding.subject.rsplit("/", 1)[-1]


def coverage_of(verification: Verification, section: str) -> Coverage:
    (coverage,) = [coverage for coverage in verification.coverage if coverage.section == section]
    return coverage


def test_sound_data_has_no_findings(run: Run, sound: str) -> None:
    verification = run(sound)
    assert verification.findings == ()
    assert verification.ok
    assert verification.exit_status == 0
    assert (verification.claims, verification.passages, verification.footnotes) == (6, 8, 10)


def test_data_that_repeats_itself_in_the_default_graph_makes_no_difference(
    mini: Report, quads_of: Callable[[str], list[Quad]], run: Run, sound: str
) -> None:
    quads = quads_of(sound)
    graph = NamedNode(B + "source/concordia-2024")
    doubled = [Quad(q.subject, q.predicate, q.object, g) for q in quads for g in (graph, DefaultGraph())]
    assert verify(doubled, mini) == run(sound)


def test_another_file_is_refused_with_both_digests(
    mini: Report, quads_of: Callable[[str], list[Quad]], sound: str
) -> None:
    other = Report("other.txt", b"%PDF \xff")
    with pytest.raises(ReportMismatch) as refusal:
        verify(quads_of(sound), other)
    assert other.sha256 in str(refusal.value)
    assert mini.sha256 in str(refusal.value)
    assert "other.txt" in str(refusal.value)


def test_a_digest_in_capitals_is_the_same(run: Run, mini: Report, sound: str) -> None:
    assert run(sound.replace(mini.sha256, mini.sha256.upper())).ok


def test_data_with_two_digests_is_refused(run: Run, mini: Report, sound: str) -> None:
    with pytest.raises(ReportMismatch, match="theirs 0000"):
        run(sound + f'source:concordia-2024 aisi:sha256 "{"0" * 64}" .')


def test_data_without_a_digest_is_refused(run: Run, mini: Report, sound: str) -> None:
    with pytest.raises(InputError, match="source:concordia-2024 was read from; give it aisi:sha256"):
        run(changed(sound, f'source:concordia-2024 aisi:sha256 "{mini.sha256}" .', ""))


def test_another_sources_claims_are_left_alone(
    mini: Report, quads_of: Callable[[str], list[Quad]], sound: str
) -> None:
    trig = f'{sound} <{B}source/other> aisi:sha256 "{mini.sha256}" .'
    verification = verify(quads_of(trig), mini, source=NamedNode(B + "source/other"))
    assert (verification.claims, verification.passages, verification.footnotes) == (0, 0, 0)


# Passages


@pytest.mark.parametrize("name", ["start", "end"])
def test_a_passage_without_a_position(run: Run, sound: str, span: Span, name: str) -> None:
    start, end = span("有12名工作人员")
    offset = {"start": start, "end": end}[name]
    trig = changed(sound, f"oa:{name} {offset} ", "")
    assert the_one(run(trig).errors) == ("position", f"{start}-{end}")


def test_a_passage_with_two_positions(run: Run, sound: str, span: Span) -> None:
    start, end = span("有12名工作人员")
    trig = changed(sound, f"oa:start {start} ", f"oa:start {start}, {start + 1} ")
    assert the_one(run(trig).errors) == ("position", f"{start}-{end}")


def test_a_position_that_is_no_whole_number(run: Run, sound: str, span: Span) -> None:
    start, end = span("有12名工作人员")
    trig = changed(sound, f"oa:start {start} ", f"oa:start {start}.5 ")
    assert the_one(run(trig).errors) == ("position", f"{start}-{end}")


@pytest.mark.parametrize(("start", "end"), [(20, 20), (20, 10), (1000, 1016), (5000, 6000)])
def test_a_passage_outside_the_text(run: Run, mini: Report, sound: str, start: int, end: int) -> None:
    assert len(mini.text) == 1015
    trig = (
        f"claim:staff prov:wasQuotedFrom passage:{start}-{end} . passage:{start}-{end} a aisi:Passage ; "
        f"dcterms:isPartOf source:concordia-2024 ; oa:start {start} ; oa:end {end} ."
    )
    assert the_one(run(sound + trig).errors) == ("range", f"{start}-{end}")


def test_a_passage_that_ends_with_the_text(run: Run, sound: str, claim: Write) -> None:
    assert run(sound + claim("last", "ReportOnly", [], ["经费并不稳定。"])).findings == ()


def test_an_iri_that_is_not_its_offsets(run: Run, sound: str, span: Span) -> None:
    start, end = span("有12名工作人员")
    trig = sound.replace(f"passage:{start}-{end}", f"passage:{start}-{end + 1}")
    assert the_one(run(trig).errors) == ("iri", f"{start}-{end + 1}")


@pytest.mark.parametrize(
    "anchor", ["有12名工作人", "有12名工作人员，", "有12 名工作人员", "", "有 12名⼯作⼈员"]
)
def test_an_anchor_that_is_not_the_passages_beginning(run: Run, sound: str, span: Span, anchor: str) -> None:
    start, end = span("有12名工作人员")
    trig = changed(sound, '"有12名工作人员"@zh', f'"{anchor}"@zh')
    assert the_one(run(trig).errors) == ("anchor", f"{start}-{end}")


def test_an_iri_of_another_namespace(run: Run, sound: str, span: Span) -> None:
    start, end = span("有12名工作人员")
    trig = sound.replace(f"passage:{start}-{end}", f"entity:{start}-{end}")
    (finding,) = run(trig).errors
    assert (finding.rule, finding.subject) == ("iri", f"{B}entity/{start}-{end}")


def test_a_missing_anchor(run: Run, sound: str) -> None:
    (finding,) = run(changed(sound, 'aisi:anchor "有12名工作人员"@zh ; ', "")).errors
    assert finding.rule == "anchor"
    assert finding.message.endswith("and is missing.")


def test_a_long_passages_anchor_is_its_first_24_characters(
    run: Run, sound: str, claim: Write, mini: Report
) -> None:
    trig = sound + claim("plan", "ReportOnly", [], [mini.text.text[4:44]])
    assert run(trig).findings == ()
    longer = changed(trig, f'"{mini.text.text[4:28]}"@zh', f'"{mini.text.text[4:29]}"@zh')
    assert the_one(run(longer).errors) == ("anchor", "4-44")


def test_a_wrong_page(run: Run, sound: str, span: Span) -> None:
    start, end = span("100万元")
    trig = changed(sound, '"100万元"@zh ; aisi:page 5 ', '"100万元"@zh ; aisi:page 3 ')
    assert the_one(run(trig).errors) == ("page", f"{start}-{end}")


def test_a_wrong_section(run: Run, sound: str, span: Span) -> None:
    start, end = span("100万元")
    trig = changed(sound, 'aisi:page 5 ; aisi:section "2.1" ; dcterms:isPartOf source:concordia-2024 ; '
                   f"oa:start {start} ", f'aisi:page 5 ; aisi:section "2" ; oa:start {start} ')  # fmt: skip
    assert the_one(run(trig).errors) == ("section", f"{start}-{end}")


def test_a_passage_over_two_sections(run: Run, sound: str, claim: Write) -> None:
    (finding,) = run(sound + claim("both", "ReportOnly", [], ["。1.2两国"])).errors
    assert finding.rule == "section"
    assert "begins in section 1.1 and ends in 1.2" in finding.message


@pytest.mark.parametrize("quote", ["双方各用一套标准1", "0。●已有"])
def test_a_passage_that_cuts_a_footnotes_number(run: Run, sound: str, claim: Write, quote: str) -> None:
    rules = [finding.rule for finding in run(sound + claim("cut", "RelatedFootnote", [10], [quote])).errors]
    assert rules == ["cut-number"]


def test_a_passage_over_the_foot_of_a_page(run: Run, sound: str, claim: Write, mini: Report) -> None:
    text = mini.text.text
    quote = text[text.index("各国商定每") : text.index("观测数据6") + len("观测数据6")]
    verification = run(sound + claim("over", "FootnoteOnSentence", [6], [quote]))
    assert verification.ok
    (finding,) = verification.warnings
    assert finding.rule == "over-foot"
    assert finding.message == "it runs over footnotes; quote two passages."


def test_a_passage_in_a_footnote(run: Run, sound: str, claim: Write) -> None:
    assert run(sound + claim("note", "ReportOnly", [], ["“港口共识”"])).findings == ()


def test_a_passage_over_a_tables_head(run: Run, sound: str, claim: Write, mini: Report) -> None:
    text = mini.text.text
    quote = text[text.index("浮标观测，并") : text.index("向渔民发布预报") + len("向渔民发布预报")]
    (finding,) = run(sound + claim("over", "ReportOnly", [], [quote])).warnings
    assert finding.message == "it runs over a page number and the head of a table; quote two passages."


def test_a_passage_that_no_claim_quotes(run: Run, sound: str, span: Span, passage: Write) -> None:
    start, end = span("观测船2艘")
    verification = run(sound + passage(start, end))
    assert verification.ok
    assert the_one(verification.warnings) == ("unused", f"{start}-{end}")


# Claims and their footnotes


def test_a_claim_that_quotes_nothing(run: Run, sound: str) -> None:
    trig = "claim:bare a aisi:Claim ; prov:hadPrimarySource source:concordia-2024 ."
    assert the_one(run(sound + trig).errors) == ("no-passage", "bare")


def test_a_claim_that_quotes_what_is_not_described(run: Run, sound: str) -> None:
    (finding,) = run(sound + "claim:staff prov:wasQuotedFrom passage:1-2 .").errors
    assert finding.rule == "no-passage"
    assert "passage:1-2" in finding.message


def test_a_claim_that_names_no_source_is_held_against_what_it_quotes(
    run: Run, sound: str, claim: Write
) -> None:
    trig = changed(
        sound + claim("far", "FootnoteOnSentence", [7], ["甲国宣布设立"]),
        "aisi:evidence aisi:FootnoteOnSentence ; cito:citesAsEvidence footnote:7 ; "
        "prov:hadPrimarySource source:concordia-2024 ; ",
        "aisi:evidence aisi:FootnoteOnSentence ; cito:citesAsEvidence footnote:7 ; ",
    )
    assert the_one(run(trig).errors) == ("footnote", "far")


def test_a_marker_inside_the_passage_supports_the_claim(run: Run, sound: str, claim: Write) -> None:
    assert run(sound + claim("inside", "FootnoteOnSentence", [7], ["风浪研究所7(甲所)"])).findings == ()


def test_a_marker_further_on_does_not(run: Run, sound: str, claim: Write) -> None:
    verification = run(sound + claim("far", "FootnoteOnSentence", [7], ["甲国宣布设立"]))
    assert the_one(verification.errors) == ("footnote", "far")
    assert not verification.ok
    assert verification.exit_status == 1


def test_a_marker_before_the_passage_does_not(run: Run, sound: str, claim: Write) -> None:
    assert the_one(run(sound + claim("late", "FootnoteOnSentence", [7], ["(甲所)"])).errors) == (
        "footnote",
        "late",
    )


def test_another_footnote_than_the_one_that_stands_there(run: Run, sound: str, claim: Write) -> None:
    verification = run(sound + claim("other", "FootnoteOnSentence", [8], ["甲国宣布设立风浪研究所"]))
    assert the_one(verification.errors) == ("footnote", "other")
    assert the_one(verification.warnings) == ("uncited", "other")
    assert "footnote 8" in verification.errors[0].message
    assert "footnote 7" in verification.warnings[0].message


def test_a_lists_footnote_needs_the_lead_in(run: Run, sound: str, claim: Write) -> None:
    verification = run(sound + claim("item", "FootnoteOnSentence", [10], ["格式工作组"]))
    assert the_one(verification.errors) == ("footnote", "item")
    assert "lead-in" in verification.errors[0].message


def test_a_footnote_that_is_not_cited(run: Run, sound: str, claim: Write) -> None:
    verification = run(sound + claim("silent", "ReportOnly", [], ["8月，乙国设立乙所8名义上"]))
    assert verification.ok
    assert the_one(verification.warnings) == ("uncited", "silent")


def test_a_footnote_elsewhere_needs_no_marker_here(run: Run, sound: str, claim: Write) -> None:
    assert run(sound + claim("again", "FootnotedElsewhere", [7], ["两国都在2021年"])).findings == ()
    assert run(sound + claim("again", "RelatedFootnote", [7], ["两国都在2021年"])).findings == ()


def test_a_footnote_on_the_sentence_that_is_not_named(run: Run, sound: str, claim: Write) -> None:
    verification = run(sound + claim("none", "FootnoteOnSentence", [], ["甲国宣布设立"]))
    assert the_one(verification.errors) == ("no-footnote", "none")


def test_a_footnote_that_the_report_does_not_have(run: Run, sound: str, claim: Write) -> None:
    verification = run(sound + claim("eleven", "RelatedFootnote", [11], ["甲国宣布设立"]))
    assert the_one(verification.errors) == ("unknown-footnote", "eleven")


def test_evidence_that_is_no_footnote(run: Run, sound: str) -> None:
    trig = "claim:staff cito:citesAsEvidence entity:a ."
    assert the_one(run(sound + trig).errors) == ("unknown-footnote", "staff")


def test_a_tables_cell_bears_no_footnote(run: Run, sound: str, claim: Write) -> None:
    verification = run(sound + claim("cell", "FootnoteOnSentence", [7], ["甲国2021年7月100"]))
    assert the_one(verification.errors) == ("table", "cell")


def test_a_tables_cell_with_the_sentence_elsewhere(run: Run, sound: str, claim: Write) -> None:
    quotes = ["甲国宣布设立风浪研究所", "甲国2021年7月100"]
    assert the_one(run(sound + claim("mixed", "FootnoteOnSentence", [7], quotes)).errors) == (
        "table",
        "mixed",
    )


# Footnotes


def test_a_footnotes_wrong_page(run: Run, sound: str) -> None:
    trig = changed(sound, "aisi:number 6 ; aisi:page 3 ", "aisi:number 6 ; aisi:page 2 ")
    assert the_one(run(trig).errors) == ("footnote-page", "6")


def test_a_footnotes_wrong_number(run: Run, sound: str) -> None:
    trig = changed(sound, "aisi:number 6 ", "aisi:number 9 ")
    assert the_one(run(trig).errors) == ("footnote-page", "6")


def test_a_footnote_too_many(run: Run, sound: str) -> None:
    trig = "footnote:11 a aisi:Footnote ; aisi:number 11 ; aisi:page 7 ."
    assert the_one(run(sound + trig).errors) == ("unknown-footnote", "11")


def test_a_footnote_that_is_not_described(run: Run, sound: str) -> None:
    verification = run(changed(sound, "footnote:6 a aisi:Footnote ; aisi:number 6 ; aisi:page 3 .", ""))
    assert verification.ok
    assert the_one(verification.warnings) == ("undescribed", "concordia-2024")
    assert "footnotes 6 " in verification.warnings[0].message


# Coverage


def test_coverage_counts_letters_and_digits_but_no_markers(run: Run, sound: str) -> None:
    # The body of 1.1 has 84 letters and digits, of which 6 are the numbers of footnotes 1 to 6.
    # Quoted are 11 of the sentence on damage, 5 and 9 of the one on data.
    assert coverage_of(run(sound), "1.1") == Coverage("1.1", 25, 78)


def test_coverage_counts_the_dashes_that_are_cells(run: Run, sound: str, claim: Write) -> None:
    # That before 林某, the one of 乙国 and the four of 丙国 are cells; that before 观测 begins an item.
    total = coverage_of(run(sound), "2.1").total
    assert total == len("甲国2021年7月100万元-林某兼职乙国2021年8月-浮标观测并向渔民发布预报观测何某丙国----")


@pytest.mark.parametrize(
    ("row", "cells"),
    [("甲 - 乙", 1), ("- - 乙", 2), ("-", 1), ("- -", 2), ("- 乙", 0), ("甲-乙", 0), ("甲 -乙", 0)],
)
def test_a_dash_is_a_cell_when_it_stands_alone(
    quads_of: Callable[[str], list[Quad]], row: str, cells: int
) -> None:
    report = Report("table.txt", f" 1甲\n1.1乙\n子 丑 寅 卯\n\n{row}\n".encode())
    verification = verify(quads_of(f'source:concordia-2024 aisi:sha256 "{report.sha256}" .'), report)
    assert verification.total.total == cells + sum(character.isalnum() for character in row)


def test_a_dash_outside_a_table_does_not_count(quads_of: Callable[[str], list[Quad]]) -> None:
    report = Report("text.txt", " 1甲\n1.1乙\n丙 - 丁。\n".encode())
    verification = verify(quads_of(f'source:concordia-2024 aisi:sha256 "{report.sha256}" .'), report)
    assert verification.total.total == 2


def test_text_that_no_claim_quotes_is_listed(run: Run, sound: str, mini: Report) -> None:
    verification = run(sound)
    assert verification.ok
    first = [stretch for stretch in verification.uncovered if stretch.section == "1.1"]
    texts = [mini.text.text[stretch.start : stretch.end] for stretch in first]
    assert texts == [
        "据统计",
        "4年来未见好转。《远洋安全声明》2和《近海倡议》3先后发表，B20论坛4、B205以及3家学社在2020年5月作出回应。此后",
    ]
    assert [stretch.characters for stretch in first] == [3, 50]
    assert first[1].opening == texts[1][:24]
    assert {stretch.page for stretch in first} == {2}


def test_a_stretch_ends_with_its_page(run: Run, sound: str, mini: Report) -> None:
    last = run(sound).uncovered[-1]
    assert (last.section, last.page, last.characters) == ("3", 8, 10)
    assert all(mini.page_of(s.start) == mini.page_of(s.end - 1) for s in run(sound).uncovered)


def test_a_passage_that_no_claim_quotes_covers_nothing(
    run: Run, sound: str, passage: Write, span: Span
) -> None:
    assert run(sound + passage(*span("观测船2艘"))).coverage == run(sound).coverage


def test_overlapping_passages_count_once(run: Run, sound: str, claim: Write) -> None:
    trig = sound + claim("again", "ReportOnly", [], ["12名工作人员"])
    assert run(trig).coverage == run(sound).coverage


def test_everything_covered(run: Run, sound: str, mini: Report, passage: Write) -> None:
    trig = sound
    for region in mini.body:
        name = f"passage:{region.start}-{region.end}"
        trig += f"claim:staff prov:wasQuotedFrom {name} ." + passage(region.start, region.end)
    verification = run(trig)
    assert verification.uncovered == ()
    assert verification.total.uncovered == 0
    assert "No body text is uncovered." in verification.as_text()


def test_the_total_is_the_sum(run: Run, sound: str) -> None:
    verification = run(sound)
    assert verification.total.total == sum(coverage.total for coverage in verification.coverage)
    assert verification.total.uncovered == sum(stretch.characters for stretch in verification.uncovered)


# Filter and forms


def test_a_section_alone(run: Run, sound: str, claim: Write) -> None:
    faults = claim("far", "FootnoteOnSentence", [7], ["甲国宣布设立"]) + claim(
        "cell", "FootnoteOnSentence", [7], ["甲国2021年7月100"]
    )
    verification = run(sound + faults)
    assert the_one(verification.only(["2.1"]).errors) == ("table", "cell")
    assert the_one(verification.only(["1"]).errors) == ("footnote", "far")
    assert [coverage.section for coverage in verification.only(["1"]).coverage] == ["1.1", "1.2"]
    assert {stretch.section for stretch in verification.only(["2.1", "3"]).uncovered} == {"2.1", "3"}
    assert verification.only(["3"]).ok


def test_a_sections_number_is_no_beginning_of_another(run: Run, sound: str) -> None:
    rows = tuple(Coverage(section, 0, 1) for section in ("1.1", "1.1.2", "1.10"))
    verification = replace(run(sound), coverage=rows)
    assert [row.section for row in verification.only(["1.1"]).coverage] == ["1.1", "1.1.2"]


def test_findings_that_concern_no_section_are_kept(run: Run, sound: str) -> None:
    trig = sound + "claim:bare a aisi:Claim ; prov:hadPrimarySource source:concordia-2024 ."
    assert the_one(run(trig).only(["3"]).errors) == ("no-passage", "bare")


def test_an_unknown_section_is_refused(run: Run, sound: str) -> None:
    with pytest.raises(InputError, match=r"no section 1\.3; use one of 0, 1\.1, 1\.2, 2\.1, 3\."):
        run(sound).only(["1.3"])


def test_the_text(run: Run, sound: str, claim: Write, span: Span) -> None:
    text = run(sound + claim("far", "FootnoteOnSentence", [7], ["甲国宣布设立"])).as_text()
    assert "1 error, 0 warnings\n" in text
    assert "\nerror: claim:far: the marker of footnote 7 stands at " in text
    assert "(section 1.2, page 3)\n" in text
    start, end = span("据统计")
    assert f"section 1.1, page 2, {start}-{end} (3 characters): 据统计\n" in text


def test_the_json(run: Run, sound: str, claim: Write, mini: Report) -> None:
    verification = run(sound + claim("far", "FootnoteOnSentence", [7], ["甲国宣布设立"]))
    document = json.loads(verification.as_json())
    assert document["ok"] is False
    assert document["report"]["sha256"] == mini.sha256
    assert [error["rule"] for error in document["errors"]] == ["footnote"]
    assert document["errors"][0]["subject"] == B + "claim/concordia-2024/far"
    assert document["coverage"]["sections"]["1.1"] == {
        "total": 78,
        "covered": 25,
        "uncovered": 53,
        "uncovered_share": 0.6795,
    }
    assert len(document["uncovered"]) == len(verification.uncovered)


def test_errors_come_before_warnings_and_by_number(run: Run, sound: str, passage: Write) -> None:
    trig = sound + passage(10, 12) + passage(9, 12)
    trig = changed(trig, "aisi:number 6 ", "aisi:number 9 ")
    trig = changed(trig, "aisi:number 10 ", "aisi:number 9 ")
    subjects = [finding.subject.rsplit("/", 1)[-1] for finding in run(trig).findings]
    assert subjects == ["6", "10", "9-12", "10-12"]
