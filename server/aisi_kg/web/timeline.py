"""Show at ``/timeline`` what the source dates: a picture, a table, and the formats of programs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.chronology import Chronology, DatedEvent, Period, period, read_chronology
from aisi_kg.store.grids import Grid
from aisi_kg.store.named import Named
from aisi_kg.store.overviews import timeline_grid
from aisi_kg.web.drawing.svg import Drawing
from aisi_kg.web.drawing.timeline import Event, Lane, Words, draw_timeline
from aisi_kg.web.inquiring import conduct_once
from aisi_kg.web.language import page_language
from aisi_kg.web.pages import invalid
from aisi_kg.web.rendering import addresses, page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of
from aisi_kg.web.tabular import named_format, only
from aisi_kg.web.views import VIEW_FORMATS, Option, View, chosen_of, options_of, send_view

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_PATH = "/timeline"
_CLASS = "picture timeline"
_KIND, _ABOUT, _INSTITUTE, _SINCE, _UNTIL, _LANES = "kind", "about", "institute", "since", "until", "lanes"
#: What the lanes are: an institute each, or a kind of event each.
_ARRANGEMENTS = {"institute": "timeline.lanes_institute", "kind": "timeline.lanes_kind"}
_START, _END = AISI + "startDate", AISI + "endDate"


@router.api_route(_PATH, methods=_GET)
@router.api_route(_PATH + ".{extension}", methods=_GET)
async def time_line(request: Request, extension: str = "") -> Response:
    """Show what happened when, all or what is chosen."""
    given = only(request, (_KIND, _ABOUT, _INSTITUTE, _SINCE, _UNTIL, _LANES))
    language = page_language(request, query_string(request))
    format_ = named_format("timeline", extension, VIEW_FORMATS)
    chosen = format_ or accepted(request, VIEW_FORMATS)
    site = site_of(request)
    found = await conduct_once(request, _PATH, lambda: read_chronology(site.dataset.library))
    page = _Page(request, View(request, _PATH, language, given), found)
    return await send_view(request, page, _PATH, chosen, is_named=format_ is not None)


class _Row(NamedTuple):
    """Hold a row of the table: a date, what leads to it, and whether it is only planned."""

    dated: DatedEvent
    anchor: str
    is_planned: bool


class _Page:
    """Choose from a chronology and show it.

    :param request: the request.
    :param view: where the view is.
    :param found: everything that is dated.
    """

    def __init__(self, request: Request, view: View, found: Chronology) -> None:
        self._request = request
        self.view = view
        self._found = found
        given = dict(view.parameters)
        prefixes = site_of(request).prefixes
        self._prefixes = prefixes
        self._kind = chosen_of(given, _KIND, found.kinds(), prefixes)
        self._about = chosen_of(given, _ABOUT, found.themes(), prefixes)
        self._institute = chosen_of(given, _INSTITUTE, found.institutes(), prefixes)
        self._since, self._until = _bound(given, _SINCE), _bound(given, _UNTIL)
        self._lanes = given.get(_LANES, "institute")
        if self._lanes not in _ARRANGEMENTS:
            raise invalid(
                _LANES, f"The parameter {_LANES} is {' or '.join(_ARRANGEMENTS)}.", tuple(_ARRANGEMENTS)
            )
        self._shown = found.select(
            kind=_iri(self._kind),
            about=_iri(self._about),
            institute=_iri(self._institute),
            since=self._since.earliest if self._since else "",
            until=self._until.latest if self._until else "",
        )

    def grids(self) -> list[Grid]:
        """Lay out the table of what is chosen."""
        return [timeline_grid(self._shown, self.view.language)]

    def picture(self) -> Response:
        """Send the picture as a file."""
        return self.view.picture(
            self._draw(is_file=True), _CLASS, self.view.say("timeline.heading"), self._chosen()
        )

    def lay(self, grids: Sequence[Grid]) -> Response:
        """Make the page."""
        view = self.view
        prefixes, language = self._prefixes, view.language
        return page_response(
            self._request,
            "timeline.html",
            path=_PATH,
            language=language,
            parameters=view.parameters,
            formats=VIEW_FORMATS,
            title=grids[0].title,
            description=view.say("timeline.lead"),
            view=view,
            picture=view.show(self._draw(), _CLASS) if self._shown else "",
            rows=[_Row(each, _anchor(each), self._found.is_planned(each)) for each in self._shown],
            total=len(self._found.dates),
            statements={claim: view.text(each.text) for claim, each in self._found.statements.items()},
            given=dict(view.parameters),
            fields={
                _KIND: options_of(self._found.kinds(), prefixes, language),
                _ABOUT: options_of(self._found.themes(), prefixes, language),
                _INSTITUTE: options_of(self._found.institutes(), prefixes, language),
                _LANES: [Option(each, view.say(key)) for each, key in _ARRANGEMENTS.items()],
            },
        )

    def _chosen(self) -> list[str]:
        """Say what the view was chosen by."""
        view = self.view
        named = (("kind", self._kind), ("about", self._about), ("institute", self._institute))
        told = [(name, view.text(each.label)) for name, each in named if each is not None]
        given = dict(view.parameters)
        told += [(name, given[name]) for name in (_SINCE, _UNTIL) if name in given]
        return [view.say("views.is", name=view.say(f"timeline.{name}"), value=value) for name, value in told]

    def _draw(self, *, is_file: bool = False) -> Drawing:
        view = self.view
        words = Words(
            label=view.say("timeline.heading"),
            months=tuple(view.say("timeline.months").split("|")),
            years=view.say("timeline.year", year="{year}"),
            left_out=view.say("timeline.left_out", first="{first}", last="{last}"),
            done=view.say("timeline.done"),
            planned=view.say("timeline.planned"),
            vague=view.say("timeline.vague"),
        )
        lanes = self._lanes_of(is_file=is_file)
        return draw_timeline(lanes, words) if lanes else view.empty()

    def _lanes_of(self, *, is_file: bool) -> list[Lane]:
        """Put what is shown in lanes, those with the earliest events first."""
        lanes: dict[Named | None, list[DatedEvent]] = {}
        for each in self._shown:
            for lane in (each.institutes or (None,)) if self._lanes == "institute" else each.kinds:
                if self._institute is None or self._lanes != "institute" or lane == self._institute:
                    lanes.setdefault(lane, []).append(each)
        return [
            Lane(
                self.view.say("timeline.no_institute") if lane is None else self.view.text(lane.label),
                "" if lane is None else self._resource(lane.iri, is_file=is_file),
                tuple(self._event(dates, is_file=is_file) for dates in _by_event(dated)),
            )
            for lane, dated in lanes.items()
        ]

    def _resource(self, iri: str, *, is_file: bool) -> str:
        if is_file:
            return iri
        return addresses(self._request, self.view.language).resource(iri)

    def _event(self, dates: Sequence[DatedEvent], *, is_file: bool) -> Event:
        """Make one mark of an event: of one date, or of its beginning and its end."""
        view, first = self.view, dates[0]
        is_planned = all(map(self._found.is_planned, dates))
        name = view.text(first.event.label)
        when = view.listed(each.text(view.language) for each in dates)
        kinds = view.listed(view.text(kind.label) for kind in first.kinds)
        status = view.say("timeline.planned" if is_planned else "timeline.done")
        ends = {each.of for each in dates}
        return Event(
            label=name,
            title=view.say("timeline.mark", when=when, name=name, kinds=kinds, status=status),
            period=Period(first.period.earliest, max(each.period.latest for each in dates)),
            address=(f"{view.permalink}#{_anchor(first)}" if is_file else view.place(_anchor(first))),
            is_point=len(dates) == 1 and first.precision == "day",
            is_planned=is_planned,
            is_open="start" if ends == {_END} else "end" if ends == {_START} else "",
        )


def _by_event(dated: Sequence[DatedEvent]) -> list[list[DatedEvent]]:
    """Bring the beginning and the end of an event together; other dates stand each for itself."""
    groups: dict[tuple[str, ...], list[DatedEvent]] = {}
    for each in dated:
        key = (each.event.iri,) if each.of in (_START, _END) else (each.event.iri, each.of, each.date)
        groups.setdefault(key, []).append(each)
    return [sorted(group, key=lambda each: each.period.earliest) for group in groups.values()]


def _anchor(dated: DatedEvent) -> str:
    return f"{dated.event.slug}-{dated.date}"


def _iri(found: Named | None) -> str:
    return "" if found is None else found.iri


def _bound(given: Mapping[str, str], name: str) -> Period | None:
    if name not in given:
        return None
    try:
        return period(given[name])
    except ValueError as error:
        raise invalid(name, f"The parameter {name}: {error}") from error
