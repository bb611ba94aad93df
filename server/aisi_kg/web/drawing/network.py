"""Draw who has to do with whom: institutes on a ring in the middle, the others beside it, by what they are.

The places follow from what is shown alone, so that the same view is the same picture for everybody. Those on
the ring change places, and those beside it their order, as long as that makes lines shorter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, hypot, pi, sin
from typing import NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from aisi_kg.web.drawing.svg import Drawing, lines, shape
from aisi_kg.web.drawing.texts import BOLD, text_width, wrapped

__all__ = ["Line", "Node", "Point", "Words", "draw_network", "place_nodes"]

_WIDTH = 1160.0
_SIDE = 236.0
_TOP = 16.0
_SIZE, _SMALL = 12.0, 11.0
_ROW = 25.0
_MORE = 14.0
_HEADING = 32.0
_DOT = 4.5
_RING = 175.0
_APART = 62.0
_BOX_TEXT = 150.0
_BOX_PAD = 9.0
_LEGEND = 34.0
_ROUNDS = 3
_BESIDE = 13.0
_PULL = 0.3
_WIDE = {"3": 5.0, "2": 3.2, "1": 1.6, "0": 1.6, "": 2.0}


class Point(NamedTuple):
    """Hold a place."""

    x: float
    y: float


@dataclass(frozen=True)
class Node:
    """Hold who is drawn.

    :param id: what lines name it by.
    :param label: its name.
    :param address: where it leads.
    :param group: the name of what it is.
    :param is_central: it stands on the ring.
    :param state: ``picked``, ``near`` to who is picked, ``far`` from it; empty where nobody is picked.
    """

    id: str
    label: str
    address: str
    group: str
    is_central: bool = False
    state: str = ""


@dataclass(frozen=True)
class Line:
    """Hold what relates two.

    :param one: the id of one of them.
    :param other: the id of the other; of access, who grants it.
    :param title: what it is, for those who point at it or cannot see it.
    :param address: where it leads.
    :param is_access: it is access, from the other to the one.
    :param strength: how firm a cooperation is, from ``0`` to ``3``.
    :param is_planned: it is only planned.
    :param state: as that of a node.
    """

    one: str
    other: str
    title: str
    address: str
    is_access: bool = False
    strength: str = ""
    is_planned: bool = False
    state: str = ""


@dataclass(frozen=True)
class Words:
    """Hold the words of the picture.

    :param label: what it shows.
    :param strengths: what the width of a line means, by strength.
    :param access: what an arrow means.
    """

    label: str
    strengths: Mapping[str, str]
    access: str


_Curve: TypeAlias = tuple[Point, Point, Point, Point]


def place_nodes(nodes: Sequence[Node], edges: Sequence[Line]) -> dict[str, Point]:
    """Place nodes.

    :param nodes: who is drawn.
    :param edges: what relates them.
    :returns: where each stands, by its id.
    """
    central = [node for node in nodes if node.is_central]
    sides = _sides([node for node in nodes if not node.is_central])
    height = max([_APART * len(central) / 2 + 40, *(_height(side) for side in sides)])
    slots = _slots(len(central), height)
    places = {node.id: slot for node, slot in zip(central, slots, strict=True)}
    near: dict[str, list[str]] = {node.id: [] for node in nodes}
    for edge in edges:
        near[edge.one].append(edge.other)
        near[edge.other].append(edge.one)
    for _ in range(_ROUNDS):
        for x, side in zip((_SIDE, _WIDTH - _SIDE), sides, strict=True):
            _order(side, near, places)
            places.update(_column(side, x, height))
        _swap([node.id for node in central], near, places)
    return places


_Side: TypeAlias = list[list[Node]]


def _sides(others: Sequence[Node]) -> tuple[_Side, _Side]:
    """Put the groups on two sides, about as many on each."""
    groups: dict[str, list[Node]] = {}
    for node in others:
        groups.setdefault(node.group, []).append(node)
    sides: tuple[_Side, _Side] = ([], [])
    for group in sorted(groups.values(), key=lambda group: (-len(group), group[0].group)):
        min(sides, key=_height).append(group)
    return sides


def _tall(node: Node) -> float:
    return _ROW + (len(_names(node)) - 1) * _MORE


def _names(node: Node) -> list[str]:
    return wrapped(node.label, _BOX_TEXT if node.is_central else _SIDE - 22, _SIZE, 3)


def _height(side: _Side) -> float:
    return sum(_HEADING + sum(map(_tall, group)) for group in side)


def _slots(count: int, height: float) -> list[Point]:
    """Give places on the ring, from its top."""
    middle = Point(_WIDTH / 2, _TOP + height / 2)
    if count < 2:
        return [middle] * count
    tall = height / 2 - 24
    turns = [2 * pi * number / count - pi / 2 for number in range(count)]
    return [Point(middle.x + _RING * cos(turn), middle.y + tall * sin(turn)) for turn in turns]


def _order(side: _Side, near: Mapping[str, Sequence[str]], places: Mapping[str, Point]) -> None:
    """Put each as high as those that it is related to are, on the whole."""

    def weight(node: Node) -> tuple[float, str]:
        found = [places[each].y for each in near[node.id] if each in places]
        return (sum(found) / len(found) if found else 0.0, node.label)

    for group in side:
        group.sort(key=weight)
    side.sort(key=lambda group: (sum(weight(node)[0] for node in group) / len(group), group[0].group))


def _column(side: _Side, x: float, height: float) -> dict[str, Point]:
    places = {}
    y = _TOP + (height - _height(side)) / 2
    for group in side:
        y += _HEADING
        for node in group:
            places[node.id] = Point(x, y + _tall(node) / 2)
            y += _tall(node)
    return places


def _swap(ids: Sequence[str], near: Mapping[str, Sequence[str]], places: dict[str, Point]) -> None:
    """Let those on the ring change places as long as lines get shorter."""

    def length(id_: str) -> float:
        here = places[id_]
        return sum(hypot(here.x - places[each].x, here.y - places[each].y) for each in near[id_])

    better = True
    while better:
        better = False
        for one, other in combinations(ids, 2):
            before = length(one) + length(other)
            places[one], places[other] = places[other], places[one]
            if length(one) + length(other) < before - 1e-6:
                better = True
            else:
                places[one], places[other] = places[other], places[one]


def draw_network(nodes: Sequence[Node], edges: Sequence[Line], words: Words) -> Drawing:
    """Draw a network.

    :param nodes: who is drawn; at least one.
    :param edges: what relates them.
    :param words: the words of the picture.
    :returns: the picture.
    """
    places = place_nodes(nodes, edges)
    bottom = max(places[node.id].y + _tall(node) / 2 for node in nodes) + 16
    pairs = [frozenset((edge.one, edge.other)) for edge in edges]
    heights = [place.y for place in places.values()]
    middle = Point(_WIDTH / 2, (min(heights) + max(heights)) / 2)
    content = _headings(nodes, places)
    # Those that are not picked first, so that they cover nothing.
    for edge in sorted(edges, key=lambda edge: edge.state != "far"):
        is_double = pairs.count(frozenset((edge.one, edge.other))) > 1
        beside = 0.0 if not is_double else _BESIDE if edge.is_access else -_BESIDE
        content.append(_edge(edge, _curve(places[edge.one], places[edge.other], middle, beside)))
    content += [_node(node, places[node.id]) for node in nodes]
    content += _legend(edges, words, bottom + _LEGEND / 2)
    return Drawing(_WIDTH, bottom + _LEGEND, tuple(content), words.label)


def _headings(nodes: Sequence[Node], places: Mapping[str, Point]) -> list[Element]:
    """Name each group above the first of it."""
    first: dict[str, Node] = {}
    for node in nodes:
        if not node.is_central:
            best = first.setdefault(node.group, node)
            if places[node.id].y < places[best.id].y:
                first[node.group] = node
    return [
        shape(
            "text",
            group,
            x=places[node.id].x + (_DOT if _is_left(places[node.id]) else -_DOT),
            y=places[node.id].y - _tall(node) / 2 - 6,
            font_size=_SMALL,
            text_anchor="end" if _is_left(places[node.id]) else "start",
            class_="group",
        )
        for group, node in first.items()
    ]


def _is_left(place: Point) -> bool:
    return place.x < _WIDTH / 2


def _is_outer(place: Point) -> bool:
    return place.x in (_SIDE, _WIDTH - _SIDE)


def _curve(one: Point, other: Point, middle: Point, beside: float) -> _Curve:
    """Lead a line from the other to the one: level where it leaves a column, bowed within one or the ring."""
    start, end = other, one
    if start.x == end.x and _is_outer(start):
        bow = start.x + (110.0 if _is_left(start) else -110.0)
        return start, Point(bow, start.y + beside), Point(bow, end.y + beside), end
    if not _is_outer(start) and not _is_outer(end):
        return start, _inwards(start, end, middle, beside), _inwards(end, start, middle, beside), end
    half = (end.x - start.x) / 2
    return start, Point(start.x + half, start.y + beside), Point(end.x - half, end.y + beside), end


def _inwards(place: Point, other: Point, middle: Point, beside: float) -> Point:
    """Pull a line between two of the ring towards its middle, so that it passes by those between them."""
    third = Point(place.x + (other.x - place.x) / 3, place.y + (other.y - place.y) / 3)
    return Point(third.x + (middle.x - third.x) * _PULL, third.y + (middle.y - third.y) * _PULL + beside)


def _at(curve: _Curve, part: float) -> Point:
    """Find a place on a curve (Bézier of the third degree)."""
    rest = 1 - part
    weights = (rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3)
    return Point(
        sum(weight * point.x for weight, point in zip(weights, curve, strict=True)),
        sum(weight * point.y for weight, point in zip(weights, curve, strict=True)),
    )


def _edge(edge: Line, curve: _Curve) -> Element:
    start, *rest = curve
    path = f"M{start.x:.1f} {start.y:.1f}C" + " ".join(f"{point.x:.1f} {point.y:.1f}" for point in rest)
    parts = [
        shape("title", edge.title),
        # What is pointed at may be wider than what is seen.
        shape("path", d=path, class_="reach"),
        shape("path", d=path, class_="line", stroke_width=_WIDE[edge.strength]),
    ]
    if edge.is_access:
        parts.append(_arrow(_at(curve, 0.46), _at(curve, 0.52)))
    names = ["tie", "access" if edge.is_access else "cooperation"]
    names += [name for name in ("planned" if edge.is_planned else "", edge.state) if name]
    return shape("a", *parts, href=edge.address, class_=" ".join(names), aria_label=edge.title)


def _arrow(base: Point, tip: Point) -> Element:
    length = hypot(tip.x - base.x, tip.y - base.y) or 1.0
    along = Point((tip.x - base.x) / length, (tip.y - base.y) / length)
    corners = [
        (tip.x, tip.y),
        (tip.x - 10 * along.x - 5 * along.y, tip.y - 10 * along.y + 5 * along.x),
        (tip.x - 10 * along.x + 5 * along.y, tip.y - 10 * along.y - 5 * along.x),
    ]
    return shape("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in corners), class_="arrow")


def _node(node: Node, place: Point) -> Element:
    names = _names(node)
    state = f" {node.state}" if node.state else ""
    if node.is_central:
        wide = max(text_width(name, _SIZE) for name in names) * BOLD + 2 * _BOX_PAD
        tall = len(names) * _SIZE * 1.2 + 2 * _BOX_PAD - 4
        box = shape(
            "rect", x=place.x - wide / 2, y=place.y - tall / 2, width=wide, height=tall, rx=8.0, class_="box"
        )
        text = lines(names, place.x, place.y, _SIZE, text_anchor="middle")
        return shape(
            "a", box, text, href=node.address, class_="party institute" + state, aria_label=node.label
        )
    is_left = _is_left(place)
    return shape(
        "a",
        shape("circle", cx=place.x, cy=place.y, r=_DOT, class_="dot"),
        lines(
            names,
            place.x + (-11 if is_left else 11),
            place.y,
            _SIZE,
            text_anchor="end" if is_left else "start",
        ),
        href=node.address,
        class_="party" + state,
        aria_label=node.label,
    )


def _legend(edges: Sequence[Line], words: Words, middle: float) -> list[Element]:
    """Say what widths, dashes and arrows mean, of those that there are."""
    cooperating = [edge for edge in edges if not edge.is_access]
    shown = [
        (strength, f"cooperation{' planned' if strength == '0' else ''}", text)
        for strength, text in words.strengths.items()
        if any(edge.strength == strength for edge in cooperating)
    ]
    if len(cooperating) < len(edges):
        shown.append(("", "access", words.access))
    parts = []
    place = 8.0
    for strength, class_, text in shown:
        start, end = Point(place, middle), Point(place + 34, middle)
        path = f"M{start.x:.1f} {middle:.1f}H{end.x:.1f}"
        marks = [shape("path", d=path, class_="line", stroke_width=_WIDE[strength])]
        if class_ == "access":
            marks.append(_arrow(start, Point(place + 22, middle)))
        parts.append(shape("g", *marks, class_=f"tie {class_}"))
        parts.append(shape("text", text, x=place + 42, y=middle + 4, font_size=_SMALL, class_="legend"))
        place += 42 + text_width(text, _SMALL) + 24
    return parts
