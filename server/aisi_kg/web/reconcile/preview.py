"""Show an entity in a few lines, for clients that embed it."""

import base64
import hashlib
from collections.abc import Sequence
from xml.etree.ElementTree import Element, tostring

from fastapi.responses import Response
from pyoxigraph import Literal

from aisi_kg.store.inquiry import RdfTerm
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.reconcile import Property, Values, in_language, shown
from aisi_kg.store.search import Document, Role
from aisi_kg.store.wording import date_text, number_text
from aisi_kg.web.html import element
from aisi_kg.web.problems import COMMON_HEADERS
from aisi_kg.web.site import DatasetInfo

__all__ = ["HEIGHT", "WIDTH", "flyout_html", "preview_response"]

#: The size of the frame, in pixels.
WIDTH, HEIGHT = 430, 300

_STYLE = (
    "body{font:13px/1.4 sans-serif;margin:8px;color:#1b1b1b;background:#fff}"
    "h1{font-size:16px;margin:0}p{margin:2px 0 6px;color:#4a4a4a}"
    "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:1px 10px 1px 0}"
    "th{font-weight:normal;color:#4a4a4a}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
#: As everywhere, save that this one style is applied and that anybody may put the page into a frame: that is
#: what it is for. It has no links, no forms and no script, so that nobody can be led to press something.
_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{_DIGEST}'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    ]
)
_HEADERS = {
    **{name: value for name, value in COMMON_HEADERS.items() if name != "X-Frame-Options"},
    "Content-Security-Policy": _POLICY,
}
_MOST_VALUES = 3


def preview_response(
    document: Document, properties: Sequence[Property], values: Values, dataset: DatasetInfo, language: str
) -> Response:
    """Write the page.

    :param document: the entity.
    :param properties: what is shown of it, in order; what it has no value of is left out.
    :param values: its values.
    :param dataset: names resources and types.
    :param language: the language of the page.
    :returns: the page, with headers that let it be embedded.
    """
    rows = []
    for property_ in properties:
        terms = in_language(values.get((document.iri, property_.id), ()), language)
        if terms:
            texts = [_said(term, dataset, language) for term in terms[:_MOST_VALUES]]
            more = "…" if len(terms) > _MOST_VALUES else ""
            head = element("th", property_.name.in_language(language), scope="row")
            rows.append(element("tr", head, element("td", "; ".join(texts) + more)))
    label = document.label(language)
    tree = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("title", label),
            element("style", _STYLE),
        ),
        element(
            "body",
            element("h1", label),
            element("p", _beneath(document, language)),
            *([element("table", element("tbody", *rows))] if rows else []),
        ),
        lang=language,
    )
    body = b"<!DOCTYPE html>\n" + tostring(tree, encoding="utf-8", method="html") + b"\n"
    return Response(body, headers=_HEADERS, media_type="text/html; charset=utf-8")


def _said(term: RdfTerm, dataset: DatasetInfo, language: str) -> str:
    if isinstance(term, Literal):
        kind = term.datatype.value.rpartition("#")[2]
        if kind in ("gYear", "gYearMonth", "date"):
            return date_text(term.value, language)
        return number_text(term.value, language) if kind in ("integer", "decimal") else term.value
    value = shown(term, dataset.search, dataset.catalogue, language)
    return str(value.get("name") or value.get("str"))


def _beneath(document: Document, language: str) -> str:
    """Say what stands below the name: the class and the other names."""
    names = [document.label(each) for each in LANGUAGES if each != language]
    names += [field.text for field in document.fields if field.role is Role.ALTERNATIVE]
    others = [name for name in dict.fromkeys(names) if name != document.label(language)]
    return " · ".join(part for part in (document.note.in_language(language), *others) if part)


def flyout_html(name: str, identifier: str, description: str) -> str:
    """Write what a client shows beside a suggestion.

    :param name: the name of what is suggested.
    :param identifier: its identifier.
    :param description: what it is; may be empty.
    :returns: a piece of HTML, in which every text is escaped.
    """
    parts: list[Element] = [element("p", element("strong", name), f" ({identifier})")]
    parts += [element("p", description)] if description else []
    return tostring(element("div", *parts), encoding="unicode", method="html")
