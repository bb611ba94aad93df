"""Hold what views of the whole dataset have in common: options, addresses, and the picture as a file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from fastapi.responses import Response
from markupsafe import Markup
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.grids import Grid
from aisi_kg.store.library.records import Text
from aisi_kg.store.named import Named
from aisi_kg.store.results import Format
from aisi_kg.store.wording import date_text
from aisi_kg.web.drawing.svg import Drawing, inline, lines, standalone
from aisi_kg.web.embedding import embed_path, is_embedded
from aisi_kg.web.headers import local_path
from aisi_kg.web.language import LANGUAGE_PARAMETER
from aisi_kg.web.messages import message
from aisi_kg.web.pages import Parameters, invalid, kept, tagged
from aisi_kg.web.site import base_url, site_of
from aisi_kg.web.tabular import FORMATS, send_grids

__all__ = ["SVG", "VIEW_FORMATS", "Option", "Page", "View", "chosen_of", "options_of", "send_view"]

SVG = Format("svg", "image/svg+xml", "svg", "")
VIEW_FORMATS = (*FORMATS, SVG)

_EMPTY_WIDTH, _EMPTY_SIZE = 1160, 14
# A picture has its styles within it, and loads and runs nothing.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Option(NamedTuple):
    """Hold what a parameter can be.

    :param value: its value in an address; empty for no choice.
    :param label: its name.
    """

    value: str
    label: str


def options_of(found: Iterable[Named], prefixes: Prefixes, language: str) -> list[Option]:
    """List resources to choose from.

    :param found: the resources.
    :param prefixes: what their IRIs are shortened with.
    :param language: the language of their names.
    :returns: the options, in the same order.
    """
    return [
        Option(prefixes.shorten(each.iri), each.label.in_language(language)) for each in found if each.iri
    ]


def chosen_of(
    parameters: Mapping[str, str], name: str, found: Sequence[Named], prefixes: Prefixes
) -> Named | None:
    """Find the resource that a parameter names.

    :param parameters: the parameters.
    :param name: the parameter, whose value is an IRI, a name with a prefix, or the end of an IRI.
    :param found: what can be named.
    :param prefixes: the dataset's prefixes.
    :returns: the resource; None where the parameter has no value.
    :raises Problem: if there is no such resource to choose.
    """
    given = parameters.get(name, "")
    if not given:
        return None
    known = {each.iri: each for each in found if each.iri}
    ends = {each.slug: each.iri for each in known.values()}
    iri = given if given in known else ends.get(given) or _expanded(given, prefixes)
    if iri not in known:
        allowed = sorted(map(prefixes.shorten, known))
        detail = f"The parameter {name} cannot be {given[:80]!a} here; name one of those that there are."
        raise invalid(name, detail, allowed)
    return known[iri]


def _expanded(name: str, prefixes: Prefixes) -> str:
    try:
        return prefixes.expand(name)
    except InputError:
        return ""


class View:
    """Know the addresses of a view, and send its picture.

    :param request: the request.
    :param path: the path of its page.
    :param language: its language.
    :param parameters: the parameters that it was chosen by.
    """

    def __init__(self, request: Request, path: str, language: str, parameters: Parameters) -> None:
        self._request = request
        self._path = path
        self.language = language
        self.parameters = tuple(parameters)
        self.is_embedded = is_embedded(request)

    def say(self, key: str, **values: object) -> str:
        """Say a message in the language of the view.

        :param key: the message.
        :param values: what stands in its places.
        :returns: the text.
        """
        return message(key, self.language, **values)

    def text(self, text: Text) -> str:
        """Give a text in the language of the view.

        :param text: the text.
        :returns: the text.
        """
        return text.in_language(self.language)

    def listed(self, texts: Iterable[str]) -> str:
        """Put texts together as a list.

        :param texts: the texts.
        :returns: them with what stands between them in the language.
        """
        return ("、" if self.language == "zh" else ", ").join(texts)

    def address(self, path: str = "", **changes: str) -> str:
        """Lead to the view, or to a part or another form of it.

        :param path: the path, where it is another than that of the page.
        :param changes: parameters that differ; empty to leave one out.
        :returns: the path with its parameters.
        """
        changed = [(name, value) for name, value in self.parameters if name not in changes]
        named = [*changed, *changes.items(), (LANGUAGE_PARAMETER, self.language)]
        return local_path(self._request, path or self._path) + kept(named)

    def absolute(self, address: str) -> str:
        """Lead to something from elsewhere.

        :param address: what :meth:`address` gave.
        :returns: the address with the server's.
        """
        # What is before our paths, where a proxy serves us, stands in both.
        return base_url(self._request) + address.removeprefix(local_path(self._request, ""))

    def place(self, fragment: str) -> str:
        """Lead to a place on the page, from wherever the picture stands.

        :param fragment: the id of the place.
        :returns: the address: on the page itself a fragment, elsewhere that of the page.
        """
        return f"{self.address()}#{fragment}" if self.is_embedded else f"#{fragment}"

    @property
    def permalink(self) -> str:
        """Give the address of the view as it is.

        :returns: the address.
        """
        return self.absolute(self.address())

    @property
    def embed_address(self) -> str:
        """Give the address for a frame on another site.

        :returns: the address.
        """
        return self.absolute(self.address(embed_path(self._path)))

    def empty(self) -> Drawing:
        """Draw that nothing meets what was chosen.

        :returns: the picture.
        """
        text = self.say("views.nothing")
        return Drawing(_EMPTY_WIDTH, 40, (lines([text], 0, 20, _EMPTY_SIZE),), text)

    def show(self, drawing: Drawing, class_: str) -> Markup:
        """Write the picture for the page.

        :param drawing: the picture.
        :param class_: the class of its element.
        :returns: the markup.
        """
        return inline(drawing, class_, target="_blank" if self.is_embedded else "")

    def picture(self, drawing: Drawing, class_: str, title: str, chosen: Sequence[str]) -> Response:
        """Send the picture as a file.

        :param drawing: the picture.
        :param class_: the class of its element.
        :param title: its title.
        :param chosen: what it was chosen by, in words.
        :returns: the response.
        """
        today = date_text(datetime.now(UTC).date().isoformat(), self.language)
        version = site_of(self._request).dataset.version
        notes = [
            *([" · ".join(chosen)] if chosen else []),
            " · ".join(
                [
                    self.say("views.taken_from", version=version, date=today),
                    self.say("site.data_licence"),
                    self.permalink,
                ]
            ),
        ]
        body = standalone(drawing, class_, title, notes, self.language)
        response = tagged(self._request, SVG, body, self._path, VIEW_FORMATS)
        response.headers["Content-Security-Policy"] = _PICTURE_POLICY
        response.headers["Content-Language"] = self.language
        return response


class Page(Protocol):
    """Show what was chosen, in each of the forms that a view has."""

    view: View

    def grids(self) -> Sequence[Grid]:
        """Lay it out in tables.

        :returns: the tables.
        """

    def picture(self) -> Response:
        """Send the picture as a file.

        :returns: the response.
        """

    def lay(self, grids: Sequence[Grid], /) -> Response:
        """Make the page.

        :param grids: the tables.
        :returns: the response.
        """


async def send_view(request: Request, page: Page, path: str, chosen: Format, *, is_named: bool) -> Response:
    """Send a view in a format.

    :param request: the request that it answers.
    :param page: shows it.
    :param path: the path of its page, without an ending.
    :param chosen: the format, one of :data:`VIEW_FORMATS`.
    :param is_named: whether the path of the request names the format.
    :returns: the response.
    """
    if chosen is SVG:
        response = page.picture()
        if not is_named:
            response.headers["Content-Location"] = page.view.address(f"{path}.{SVG.extension}")
        return response
    return await send_grids(
        request,
        page.grids(),
        chosen,
        page.lay,
        path=path,
        language=page.view.language,
        formats=VIEW_FORMATS,
        is_named=is_named,
    )
