"""Lay the tree of classes out as a drawing: from left to right, a line a class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aisi_kg.store.vocabulary import Kind, Vocabulary

__all__ = ["Box", "Drawing", "draw_classes"]

_ACROSS, _DOWN = 210, 24
_MARGIN = 8
# What fits into a column: characters of an alphabet, of which one of Chinese has twice the width.
_LETTERS = 27


class Box(NamedTuple):
    """Hold a class of the drawing.

    :param iri: the class.
    :param name: what it is called, as much of it as there is room for.
    :param whole: all of it.
    :param x: where it begins.
    :param y: the line that it stands on.
    :param line: the points of the line from the class above; empty where there is none.
    """

    iri: str
    name: str
    whole: str
    x: int
    y: int
    line: str


@dataclass(frozen=True)
class Drawing:
    """Hold the drawing.

    :param boxes: its classes.
    :param width: its width.
    :param height: its height.
    """

    boxes: Sequence[Box]
    width: int
    height: int


def draw_classes(vocabulary: Vocabulary, language: str) -> Drawing:
    """Draw the classes, each below every class that it is a kind of.

    :param vocabulary: the ontology.
    :param language: the language of names.
    :returns: the drawing.
    """
    classes = {term.iri: term for term in vocabulary.of_kind(Kind.CLASS)}
    below: dict[str, list[str]] = {}
    for iri, term in classes.items():
        for above in term.supers:
            below.setdefault(above, []).append(iri)
    others = {above for above in below if above not in classes}
    tops = sorted(others | {iri for iri, term in classes.items() if not term.supers}, key=str.casefold)

    def name(iri: str) -> str:
        label = vocabulary.labels.get(iri)
        return label.in_language(language) if label else iri.rpartition("#")[2].rpartition("/")[2]

    def drawn(iri: str, depth: int, above: tuple[int, int] | None, path: frozenset[str]) -> Iterator[Box]:
        x, y = _MARGIN + depth * _ACROSS, _MARGIN + _DOWN // 2 + next(lines) * _DOWN
        line = f"{above[0]},{above[1]} {above[0]},{y} {x - 4},{y}" if above else ""
        yield Box(iri, _cut(name(iri)), name(iri), x, y, line)
        if iri not in path:
            for each in below.get(iri, ()):
                yield from drawn(each, depth + 1, (x + 12, y + 9), path | {iri})

    lines = iter(range(10_000))
    boxes = [box for top in tops for box in drawn(top, 0, None, frozenset())]
    width = max((box.x for box in boxes), default=0) + _ACROSS
    return Drawing(boxes, width, 2 * _MARGIN + len(boxes) * _DOWN)


def _cut(name: str) -> str:
    room = float(_LETTERS)
    for place, char in enumerate(name):
        room -= 1 if char < "\u2e80" else 1.9
        if room < 0:
            return name[:place] + "…"
    return name
