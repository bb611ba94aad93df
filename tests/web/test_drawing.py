"""Pictures: where things are placed, and the markup that comes of it."""

from datetime import date, timedelta
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisi_kg.store.chronology import Period, period
from aisi_kg.web.drawing.network import Line, Node, draw_network, place_nodes
from aisi_kg.web.drawing.network import Words as NetworkWords
from aisi_kg.web.drawing.scale import TimeScale
from aisi_kg.web.drawing.svg import inline, standalone
from aisi_kg.web.drawing.texts import text_width, wrapped
from aisi_kg.web.drawing.timeline import Event, Lane, Place, Words, draw_timeline, place_events

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</svg><script>alert(1)</script> & \"'\x00"

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
periods = st.one_of(
    days.map(lambda day: period(day.isoformat())),
    days.map(lambda day: period(day.isoformat()[:7])),
    days.map(lambda day: period(day.isoformat()[:4])),
)


def following(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(1)).isoformat()


# The axis.


@given(st.lists(periods, min_size=1, max_size=12))
def test_the_axis_keeps_the_order_and_leaves_out_only_what_is_empty(shown: list[Period]) -> None:
    scale = TimeScale(shown, 100, 900)
    at = sorted({day for each in shown for day in (each.earliest, each.latest)})
    for one, other in pairwise(at):
        assert scale.start(one) < scale.start(other)
        assert scale.end(one) < scale.end(other)
    for each in shown:
        assert scale.left <= scale.start(each.earliest) < scale.end(each.latest) <= scale.right + 1e-6
        for stretch in scale.breaks():
            # Nothing that is dated lies within what is left out.
            assert (
                scale.end(each.latest) <= stretch.left + 1e-6
                or scale.start(each.earliest) >= stretch.left + stretch.width - 1e-6
            )
    for before, after in pairwise(scale.stretches):
        assert before.first + before.count == after.first
        assert before.left + before.width == pytest.approx(after.left)
        assert before.is_break != after.is_break


def test_months_are_equally_wide_and_a_day_is_its_part_of_one() -> None:
    scale = TimeScale([period("2024")], 0, 1200)
    widths = [scale.end(p.latest) - scale.start(p.earliest) for p in (period("2024-02"), period("2024-03"))]
    assert widths[0] == pytest.approx(widths[1]) == pytest.approx(scale.month_width)
    assert scale.end("2024-02-01") - scale.start("2024-02-01") == pytest.approx(scale.month_width / 29)
    assert [year for year, *_ in scale.years()] == [2024]
    assert [month for month, _ in scale.months()] == list(range(1, 13))


def test_years_without_a_date_are_left_out() -> None:
    scale = TimeScale([period("2024-11"), period("2030")], 0, 1000)
    (stretch,) = scale.breaks()
    assert (stretch.first // 12, stretch.first % 12 + 1) == (2025, 1)
    last = stretch.first + stretch.count - 1
    assert (last // 12, last % 12 + 1) == (2029, 11)


# The time line.


def event(days: Period, label: str = "Event", **more: str | bool) -> Event:
    return Event(label, f"title of {label}", days, "#x", **more)  # type: ignore[arg-type]


def extent(place: Place) -> tuple[float, float]:
    wide = text_width(place.event.label, 12)
    if place.side == "inside":
        return place.left, place.right
    return (place.left, place.text + wide) if place.side == "right" else (place.text - wide, place.right)


@given(st.lists(st.tuples(periods, st.text("Aé安 ", min_size=1, max_size=60)), min_size=1, max_size=20))
def test_no_name_covers_another(made: list[tuple[Period, str]]) -> None:
    events = [event(days, label) for days, label in sorted(made, key=lambda each: each[0].earliest)]
    places = place_events(events, TimeScale([each.period for each in events], 176, 984), 1160)
    assert [place.event for place in places] == events
    for one, other in combinations(places, 2):
        if one.row == other.row:
            (left, right), (start, end) = extent(one), extent(other)
            assert right < start or end < left


WORDS = Words("label", tuple("JFMAMJJASOND"), "{year}", "{first} to {last}", "done", "planned", "vague")


def shapes(markup: str | bytes, tag: str, class_: str) -> list[ET.Element]:
    root = ET.fromstring(markup)
    return [
        each
        for each in root.iter()
        if each.tag in (tag, SVG + tag) and class_ in (each.get("class") or "").split()
    ]


def test_precision_is_seen() -> None:
    events = (
        event(period("2023")),
        event(period("2024-05")),
        event(period("2024-05-21"), is_point=True),
        event(period("2030"), is_planned=True, is_open="start"),
    )
    picture = draw_timeline([Lane("Lane", "/entity/x", events)], WORDS)
    links = shapes(inline(picture, "picture timeline"), "a", "event")
    assert [link.get("aria-label") for link in links] == ["title of Event"] * 4
    year, month, day, plan = links
    width = [float(link.find("rect").get("width", "")) for link in (year, month)]  # type: ignore[union-attr]
    assert width[0] > 10 * width[1]
    assert day.find("circle") is not None
    assert day.find("rect") is None
    assert plan.get("class") == "event planned"
    assert plan.find("path[@class='open']") is not None
    # What no date is in is left out, and it is said.
    assert "2024-07 to 2029-11" in inline(picture, "")


# The network.

NETWORK_WORDS = NetworkWords("label", {"3": "signed", "2": "agreed", "1": "none", "0": "planned"}, "access")


def made_network() -> tuple[list[Node], list[Line]]:
    nodes = [
        *(
            Node(f"i{n}", f"Institute {n}", f"/network?node=i{n}", "institute", is_central=True)
            for n in range(5)
        ),
        *(Node(f"p{n}", f"Partner {n}", f"/network?node=p{n}", f"group {n % 3}") for n in range(9)),
    ]
    edges = [
        *(Line(f"i{n}", f"i{n + 1}", f"tie {n}", f"#i{n}", strength="3") for n in range(4)),
        *(
            Line(f"i{n % 5}", f"p{n}", f"tie to {n}", f"#p{n}", strength="0", is_planned=True)
            for n in range(9)
        ),
        Line("i0", "p0", "access", "#a", is_access=True),
    ]
    return nodes, edges


def test_the_same_view_is_the_same_picture() -> None:
    nodes, edges = made_network()
    assert place_nodes(nodes, edges) == place_nodes(nodes, edges)
    drawn = [inline(draw_network(nodes, edges, NETWORK_WORDS), "network") for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_nobody_stands_on_another() -> None:
    places = place_nodes(*made_network())
    assert len(places) == 14
    for one, other in combinations(places.values(), 2):
        assert abs(one.x - other.x) > 60 or abs(one.y - other.y) >= 24


def test_lines_say_what_they_are() -> None:
    picture = inline(draw_network(*made_network(), NETWORK_WORDS), "network")
    ties = shapes(picture, "a", "tie")
    assert len(ties) == 14
    assert len(shapes(picture, "a", "party")) == 14
    (access,) = [tie for tie in ties if "access" in str(tie.get("class"))]
    assert access.find("polygon") is not None
    firm, planned = ties[0], ties[4]
    widths = [float(t.find("path[@class='line']").get("stroke-width", "")) for t in (firm, planned)]  # type: ignore[union-attr]
    assert widths[0] > widths[1]
    assert "planned" in str(planned.get("class"))
    assert [t.text for t in shapes(picture, "text", "legend")] == ["signed", "planned", "access"]


def test_one_alone_can_be_drawn() -> None:
    nodes = [Node("a", "A", "", "", is_central=True), Node("b", "B", "", "g")]
    picture = draw_network(nodes, [Line("a", "b", "t", "#t", strength="1")], NETWORK_WORDS)
    assert shapes(inline(picture, "network"), "a", "institute")


# Markup.


def test_names_are_no_markup() -> None:
    lane = Lane(HOSTILE, "javascript:x", (event(period("2024"), HOSTILE),))
    for picture in (
        draw_timeline([lane], WORDS),
        draw_network(
            [Node("a", HOSTILE, "#", HOSTILE), Node("b", HOSTILE, "#", "", True)], [], NETWORK_WORDS
        ),
    ):
        for markup in (
            inline(picture, "picture").encode(),
            standalone(picture, "picture", HOSTILE, [HOSTILE], "en"),
        ):
            names = {each.tag.removeprefix(SVG) for each in ET.fromstring(markup).iter()}
            assert "script" not in names
            assert b"<script" not in markup


def test_a_file_stands_alone() -> None:
    picture = draw_timeline([Lane("Lane", "", (event(period("2024")),))], WORDS)
    markup = standalone(picture, "picture timeline", "Title", ["Version 1", "CC BY 4.0"], "zh")
    root = ET.fromstring(markup)
    style = root.find(SVG + "style")
    assert style is not None
    assert style.text
    # Every colour is named, since nothing from elsewhere is there to name it.
    assert "var(" not in style.text
    assert "@media" not in style.text
    assert "#0b5d66" in style.text
    texts = [text.text for text in root.iter(SVG + "text")]
    assert {"Version 1", "CC BY 4.0"} <= set(texts)
    assert root.findtext(SVG + "title") == "Title"
    assert float(root.get("height", "")) > picture.height


def test_a_picture_in_a_frame_opens_pages_of_their_own() -> None:
    picture = draw_timeline([Lane("Lane", "/entity/x", (event(period("2024")),))], WORDS)
    assert inline(picture, "picture", target="_blank").count('target="_blank"') == 2
    assert "target" not in inline(picture, "picture")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one", ["one"]),
        ("one two three four", ["one two", "three four"]),
        ("one two three four five six seven", ["one two", "three four…"]),
        ("人工智能安全研究所", ["人工智能安", "全研究所"]),
    ],
)
def test_texts_are_broken_between_words_and_ideographs(text: str, expected: list[str]) -> None:
    assert wrapped(text, 62, 12) == expected
