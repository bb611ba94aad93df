"""Draw a time line: lanes of events, each as long as its date is vague.

A day is a point, a month a bar over the month, a year a bar over the year; a beginning and an end make one
bar; where only one of the two is told, an arrow shows that the rest is not. What is only planned is hollow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from aisi_kg.store.chronology import Period
from aisi_kg.web.drawing.scale import Stretch, TimeScale, month_name
from aisi_kg.web.drawing.svg import Drawing, lines, shape
from aisi_kg.web.drawing.texts import BOLD, text_width, wrapped

__all__ = ["Event", "Lane", "Place", "Words", "draw_timeline", "place_events"]

_LEFT = 176.0
_WIDTH = 1160.0
_HEAD = 46.0
_ROW = 25.0
_BAR = 13.0
_POINT = 5.5
_PAD = 7.0
_GAP = 9.0
_SIZE, _SMALL = 12.0, 11.0
_LEGEND = 30.0
_ARROW = 16.0


@dataclass(frozen=True)
class Event:
    """Hold what is drawn of an event.

    :param label: its name.
    :param title: date, name and modality, for those who point at it or cannot see it.
    :param period: the days from the first that it can have begun on to the last that it can have ended on.
    :param address: where it leads.
    :param is_point: its date is a day.
    :param is_planned: it is only planned.
    :param is_open: which of its ends is not told: ``start``, ``end`` or none.
    """

    label: str
    title: str
    period: Period
    address: str
    is_point: bool = False
    is_planned: bool = False
    is_open: str = ""


@dataclass(frozen=True)
class Lane:
    """Hold what stands beside one another.

    :param label: its name.
    :param address: where its name leads; empty where nowhere.
    :param events: its events in the order of time.
    """

    label: str
    address: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Words:
    """Hold the words of the picture.

    :param label: what it shows.
    :param months: short names of the months.
    :param years: the name of a year that is filled in with its number.
    :param left_out: what a break in the axis means, with places for the first and the last year.
    :param done: what a filled bar means.
    :param planned: what a hollow bar means.
    :param vague: what the length of a bar means.
    """

    label: str
    months: tuple[str, ...]
    years: str
    left_out: str
    done: str
    planned: str
    vague: str


@dataclass(frozen=True)
class Place:
    """Hold where an event is drawn in its lane.

    :param event: the event.
    :param row: the number of its row, from 0.
    :param left: where its mark begins.
    :param right: where its mark ends.
    :param text: where its name begins, or ends where it stands before the mark.
    :param side: where the name stands: ``inside``, ``right`` or ``left``.
    """

    event: Event
    row: int
    left: float
    right: float
    text: float
    side: str


def place_events(events: Sequence[Event], scale: TimeScale, right: float) -> list[Place]:
    """Place events in rows, so that neither marks nor names cover one another.

    :param events: the events of a lane in the order of time.
    :param scale: where dates are.
    :param right: where names have to end, if they can.
    :returns: the places, in the same order.
    """
    rows: list[list[tuple[float, float]]] = []
    places = []
    for event in events:
        left, end = _mark(event, scale)
        wide = text_width(event.label, _SIZE)
        inner = left + (_ARROW if event.is_open == "start" else 0)
        outer = end - (_ARROW if event.is_open == "end" else 0)
        if not event.is_point and outer - inner >= wide + 2 * _PAD:
            text, side, first, last = inner + _PAD, "inside", left, end
        elif end + _PAD + wide <= right or left - _PAD - wide < scale.left:
            text, side, first, last = end + _PAD, "right", left, end + _PAD + wide
        else:
            text, side, first, last = left - _PAD, "left", left - _PAD - wide, end
        row = _free(rows, first, last)
        rows[row].append((first, last))
        places.append(Place(event, row, left, end, text, side))
    return places


def _mark(event: Event, scale: TimeScale) -> tuple[float, float]:
    left, right = scale.start(event.period.earliest), scale.end(event.period.latest)
    if event.is_point:
        middle = (left + right) / 2
        return middle - _POINT, middle + _POINT
    if right - left < 2 * _POINT:
        # Some days of a month: as wide as a point, so that it can be seen.
        middle = (left + right) / 2
        left, right = middle - _POINT, middle + _POINT
    # Months that follow one another stay apart.
    left, right = left + 1, right - 1
    return (
        left - (_ARROW if event.is_open == "start" else 0),
        right + (_ARROW if event.is_open == "end" else 0),
    )


def _free(rows: list[list[tuple[float, float]]], first: float, last: float) -> int:
    """Find the first row that has room, and add one where none has."""
    for number, row in enumerate(rows):
        if all(last + _GAP <= start or end + _GAP <= first for start, end in row):
            return number
    rows.append([])
    return len(rows) - 1


def draw_timeline(lanes: Sequence[Lane], words: Words) -> Drawing:
    """Draw a time line.

    :param lanes: the lanes, with one event at least.
    :param words: the words of the picture.
    :returns: the picture.
    """
    scale = TimeScale([event.period for lane in lanes for event in lane.events], _LEFT, _WIDTH - _LEFT)
    placed = [(lane, place_events(lane.events, scale, _WIDTH)) for lane in lanes]
    right = max([scale.right, _WIDTH, *(_end(place) for _, places in placed for place in places)])
    # Bands and names first, then the grid, so that marks lie on both.
    bands: list[Element] = []
    marks: list[Element] = []
    top = _HEAD
    for number, (lane, places) in enumerate(placed):
        names = wrapped(lane.label, (_LEFT - 16) / BOLD, _SIZE, 3)
        rows = max(place.row for place in places) + 1
        height = max(rows * _ROW, len(names) * _SIZE * 1.2) + _PAD
        bands.append(shape("rect", x=0.0, y=top, width=right, height=height, class_=f"lane-{number % 2}"))
        bands.append(_name(lane, names, top + height / 2))
        first = top + (height - rows * _ROW) / 2
        events = [_event(place, first + (place.row + 0.5) * _ROW) for place in places]
        marks.append(shape("g", *events, class_=f"in-{number % 2}"))
        top += height
    content = [*bands, *_axis(scale, words, top), *marks]
    content += _legend(words, top + _LEGEND / 2)
    return Drawing(right, top + _LEGEND, tuple(content), words.label)


def _end(place: Place) -> float:
    if place.side == "right":
        return place.text + text_width(place.event.label, _SIZE)
    return place.right


def _name(lane: Lane, names: Sequence[str], middle: float) -> Element:
    text = lines(names, 8.0, middle, _SIZE, class_="lane")
    return shape("a", text, href=lane.address) if lane.address else text


def _axis(scale: TimeScale, words: Words, bottom: float) -> list[Element]:
    parts = []
    for year, left, right in scale.years():
        name = words.years.format(year=year)
        if text_width(name, _SIZE) <= right - left:
            parts.append(shape("text", name, x=left + 4, y=18.0, font_size=_SIZE, class_="year"))
    every = 1 if scale.month_width >= 26 else 3 if scale.month_width >= 10 else 12
    for month, left in scale.months():
        # A year begins higher up.
        top, class_ = (6.0, "year") if month == 1 else (_HEAD - 4, "month")
        parts.append(shape("line", x1=left, x2=left, y1=top, y2=bottom, class_=class_))
        if (month - 1) % every == 0 and every < 12:
            parts.append(
                shape(
                    "text", words.months[month - 1], x=left + 4, y=_HEAD - 8, font_size=_SMALL, class_="month"
                )
            )
    parts.append(shape("line", x1=scale.right, x2=scale.right, y1=6.0, y2=bottom, class_="month"))
    return [*parts, *(_break(stretch, words, bottom) for stretch in scale.breaks())]


def _break(stretch: Stretch, words: Words, bottom: float) -> Element:
    """Show that the axis leaves something out: a strip with torn edges."""
    left, right = stretch.left + 10, stretch.left + stretch.width - 10
    teeth = max(2, round((bottom - _HEAD) / 12))
    step = (bottom - _HEAD) / teeth
    edge = [(left + (4 if n % 2 else -4), _HEAD + n * step) for n in range(teeth + 1)]
    other = [(x + right - left, y) for x, y in reversed(edge)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*edge, *other])
    last = stretch.first + stretch.count - 1
    years = words.left_out.format(first=month_name(stretch.first), last=month_name(last))
    return shape(
        "g",
        shape("title", years),
        shape("polygon", points=points, class_="break"),
        shape(
            "text",
            "⋯",
            x=(left + right) / 2,
            y=_HEAD - 8,
            font_size=_SIZE,
            text_anchor="middle",
            class_="month",
        ),
    )


def _event(place: Place, middle: float) -> Element:
    event = place.event
    parts = [shape("title", event.title)]
    left, right = place.left, place.right
    if event.is_point:
        parts.append(shape("circle", cx=(left + right) / 2, cy=middle, r=_POINT, class_="mark"))
    else:
        first = left + (_ARROW if event.is_open == "start" else 0)
        last = right - (_ARROW if event.is_open == "end" else 0)
        parts.append(
            shape(
                "rect", x=first, y=middle - _BAR / 2, width=last - first, height=_BAR, rx=2.5, class_="mark"
            )
        )
        if event.is_open:
            parts.append(_arrow(event.is_open, left, right, middle))
    anchor = "end" if place.side == "left" else "start"
    class_ = "inside" if place.side == "inside" else "beside"
    parts.append(
        shape(
            "text",
            event.label,
            x=place.text,
            y=middle + _SIZE * 0.35,
            font_size=_SIZE,
            text_anchor=anchor,
            class_=class_,
        )
    )
    class_ = "event planned" if event.is_planned else "event"
    return shape("a", *parts, href=event.address, class_=class_, aria_label=event.title)


def _arrow(side: str, left: float, right: float, middle: float) -> Element:
    """Point to where the end that is not told would be."""
    tip, base = (left, left + _ARROW) if side == "start" else (right, right - _ARROW)
    back = tip + (5 if side == "start" else -5)
    first, second = f"M{base:.1f} {middle:.1f}H{tip:.1f}", f"M{back:.1f} {middle - 4:.1f}"
    path = f"{first}{second}L{tip:.1f} {middle:.1f}L{back:.1f} {middle + 4:.1f}"
    return shape("path", d=path, class_="open")


def _legend(words: Words, middle: float) -> list[Element]:
    parts = []
    place = 8.0
    for text, class_ in ((words.done, "event"), (words.planned, "event planned")):
        mark = shape("rect", x=place, y=middle - _BAR / 2, width=26.0, height=_BAR, rx=2.5, class_="mark")
        parts.append(shape("g", mark, class_=class_))
        parts.append(shape("text", text, x=place + 33, y=middle + 4, font_size=_SMALL, class_="legend"))
        place += 33 + text_width(text, _SMALL) + 22
    parts.append(shape("text", words.vague, x=place, y=middle + 4, font_size=_SMALL, class_="legend"))
    return parts
