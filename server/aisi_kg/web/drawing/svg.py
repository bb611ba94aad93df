"""Write SVG: elements with numbers for attributes, and a picture that stands alone as a file."""

import functools
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from markupsafe import Markup

from aisi_kg.web.drawing.texts import wrapped
from aisi_kg.web.html import element

__all__ = ["Drawing", "inline", "lines", "shape", "standalone"]

_STATIC = Path(__file__).resolve().parent.parent / "static"
_NAMESPACE = "http://www.w3.org/2000/svg"
_MARGIN = 24.0
_TITLE_SIZE, _NOTE_SIZE = 20.0, 12.0
_LINE = 1.4
_VARIABLE = re.compile(r"--([\w-]+):\s*([^;]+);")
_USE = re.compile(r"var\(--([\w-]+)\)")
_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Drawing:
    """Hold what a picture shows.

    :param width: how wide it is.
    :param height: how high it is.
    :param content: its elements.
    :param label: what it shows, for those who cannot see it.
    """

    width: float
    height: float
    content: tuple[Element, ...]
    label: str


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def shape(tag: str, *children: "Element | str", **attributes: "str | float") -> Element:
    """Make an element.

    :param tag: its name.
    :param children: its content.
    :param attributes: its attributes, as :func:`~aisi_kg.web.html.element` takes them; numbers are rounded.
    :returns: the element.
    """
    written = {
        name: value if isinstance(value, str) else _number(value) for name, value in attributes.items()
    }
    return element(tag, *children, **written)


def lines(texts: Sequence[str], x: float, y: float, size: float, **attributes: "str | float") -> Element:
    """Write a text of several lines.

    :param texts: the lines.
    :param x: where each begins, or ends, as its anchor says.
    :param y: the middle of the whole.
    :param size: the size of the font.
    :param attributes: further attributes.
    :returns: the element.
    """
    first = y - (len(texts) - 1) * size * 1.2 / 2 + size * 0.35
    # Read as one text, lines are words apart where the script has words.
    read = [*(f"{text} " if text[-1:].isascii() else text for text in texts[:-1]), *texts[-1:]]
    spans = [shape("tspan", text, x=x, y=first + number * size * 1.2) for number, text in enumerate(read)]
    return shape("text", *spans, font_size=size, **attributes)


def inline(drawing: Drawing, class_: str, *, target: str = "") -> Markup:
    """Write a picture as a part of a page, which has the styles.

    :param drawing: the picture.
    :param class_: the class of its element.
    :param target: where its links open; those of SVG do not follow what a page says of its own.
    :returns: the markup.
    """
    # A group and no image, so that what is in it can be reached.
    picture = shape(
        "svg",
        *drawing.content,
        class_=class_,
        viewBox=f"0 0 {_number(drawing.width)} {_number(drawing.height)}",
        width=drawing.width,
        height=drawing.height,
        role="group",
        aria_label=drawing.label,
    )
    if target:
        picture = deepcopy(picture)
        for link in picture.iter("a"):
            link.set("target", target)
    # Built as elements, whose texts are escaped when they are written.
    return Markup(tostring(picture, encoding="unicode", method="xml"))  # noqa: S704


@functools.cache
def _style() -> str:
    """Take the styles of pictures in light colours, without variables: not every program knows those."""
    values = dict(_VARIABLE.findall(_ROOT.findall((_STATIC / "site.css").read_text("utf-8"))[0]))
    rules = _COMMENT.sub("", (_STATIC / "picture.css").read_text("utf-8")).partition("@media")[0]
    return _USE.sub(lambda match: values[match[1]].strip(), rules).strip()


def standalone(drawing: Drawing, class_: str, title: str, notes: Sequence[str], language: str) -> bytes:
    """Write a picture as a file of its own, with what it is, where it is from and under which licence.

    :param drawing: the picture.
    :param class_: the class of its element.
    :param title: what stands above it.
    :param notes: what stands below it.
    :param language: the language of its texts.
    :returns: the SVG in UTF-8.
    """
    width = drawing.width + 2 * _MARGIN
    inner = drawing.width
    head = wrapped(title, inner, _TITLE_SIZE, 3)
    foot = [line for note in notes for line in wrapped(note, inner, _NOTE_SIZE, 3)]
    top = _MARGIN + len(head) * _TITLE_SIZE * 1.2
    below = top + 16 + drawing.height + 16
    height = below + len(foot) * _NOTE_SIZE * _LINE + _MARGIN
    picture = shape(
        "svg",
        shape("title", title),
        shape("desc", " ".join(notes)),
        shape("style", _style()),
        shape("rect", width=width, height=height, class_="paper"),
        lines(head, _MARGIN, (_MARGIN + top) / 2, _TITLE_SIZE, class_="title"),
        shape("g", *drawing.content, transform=f"translate({_number(_MARGIN)} {_number(top + 16)})"),
        *(
            shape(
                "text",
                line,
                x=_MARGIN,
                y=below + (number + 1) * _NOTE_SIZE * _LINE,
                font_size=_NOTE_SIZE,
                class_="note",
            )
            for number, line in enumerate(foot)
        ),
        xmlns=_NAMESPACE,
        class_=class_,
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        width=width,
        height=height,
    )
    picture.set("xml:lang", "zh-Hans" if language == "zh" else "en")
    markup: bytes = tostring(picture, encoding="utf-8", method="xml")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + markup + b"\n"
