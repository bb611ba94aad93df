"""Build markup from elements, so that every text in it is escaped."""

from xml.etree.ElementTree import Element, tostring

__all__ = ["element", "page"]

_NAME = "AISI-KG"
_LANGUAGE = "en"


def element(tag: str, *children: "Element | str", **attributes: str) -> Element:
    """Make an element.

    :param tag: its name.
    :param children: its content in order.
    :param attributes: its attributes; a trailing underscore of a name is dropped, another is a hyphen.
    :returns: the element.
    """
    made = Element(
        tag, {name.rstrip("_").replace("_", "-"): _writable(value) for name, value in attributes.items()}
    )
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            made.append(child)
            last = child
        elif last is None:
            made.text = (made.text or "") + _writable(child)
        else:
            last.tail = (last.tail or "") + _writable(child)
    return made


def _writable(text: str) -> str:
    """Replace control characters, which HTML has no way to write."""
    return "".join(char if char >= " " or char in "\t\n" else "\ufffd" for char in text)


def page(title: str, *content: "Element | str", language: str = _LANGUAGE) -> bytes:
    """Make a page that stands alone, without the frame of the site.

    :param title: its title and heading.
    :param content: what stands below the heading.
    :param language: the language that it is written in.
    :returns: HTML in UTF-8.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title if title == _NAME else f"{title} · {_NAME}"),
    )
    body = element("body", element("main", element("h1", title), *content))
    tree = element("html", head, body, lang=language)
    markup: bytes = tostring(tree, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + markup + b"\n"
