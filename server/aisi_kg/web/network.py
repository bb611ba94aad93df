"""Show at ``/network`` who cooperates with whom, and who has access to whose models: as graph or matrix."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.store.grids import Grid
from aisi_kg.store.named import Named
from aisi_kg.store.overviews import matrix_grid
from aisi_kg.store.relations import ACCESS, MATRICES, STRENGTHS, Network, Relation, Tie, read_network
from aisi_kg.web.drawing.network import Line, Node, Words, draw_network
from aisi_kg.web.drawing.svg import Drawing
from aisi_kg.web.inquiring import conduct_once
from aisi_kg.web.language import page_language
from aisi_kg.web.pages import invalid
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of
from aisi_kg.web.tabular import CSV, named_format, only
from aisi_kg.web.views import VIEW_FORMATS, Option, View, chosen_of, options_of, send_view

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_PATH = "/network"
_CLASS = "picture network"
_MATRIX, _KIND, _INSTITUTE, _STRENGTH, _STATUS = "matrix", "kind", "institute", "strength", "status"
_VIEW, _NODE = "view", "node"
_VALUES = {
    _MATRIX: MATRICES,
    _STRENGTH: tuple(STRENGTHS),
    _STATUS: ("done", "planned"),
    _VIEW: ("graph", "matrix"),
}


@router.api_route(_PATH, methods=_GET)
@router.api_route(_PATH + ".{extension}", methods=_GET)
async def network(request: Request, extension: str = "") -> Response:
    """Show who has to do with whom, all or what is chosen."""
    given = only(request, (_MATRIX, _KIND, _INSTITUTE, _STRENGTH, _STATUS, _VIEW, _NODE))
    for name, value in given:
        if name in _VALUES and value not in _VALUES[name]:
            detail = f"The parameter {name} is {' or '.join(_VALUES[name])}; name one of them."
            raise invalid(name, detail, _VALUES[name])
    language = page_language(request, query_string(request))
    format_ = named_format("network", extension, VIEW_FORMATS)
    chosen = format_ or accepted(request, VIEW_FORMATS)
    if chosen is CSV and _MATRIX not in dict(given):
        detail = f"A CSV file holds one table; say by the parameter {_MATRIX} which: {' or '.join(MATRICES)}."
        raise invalid(_MATRIX, detail, MATRICES)
    site = site_of(request)
    found = await conduct_once(request, _PATH, lambda: read_network(site.dataset.library))
    page = _Page(request, View(request, _PATH, language, given), found)
    return await send_view(request, page, _PATH, chosen, is_named=format_ is not None)


class _Row(NamedTuple):
    """Hold a row of the table: a tie, what leads to it, and its relations with the claims of each."""

    tie: Tie
    anchor: str
    relations: Sequence[tuple[Relation, Sequence[str]]]


class _Page:
    """Choose from a network and show it.

    :param request: the request.
    :param view: where the view is.
    :param found: all ties.
    """

    def __init__(self, request: Request, view: View, found: Network) -> None:
        self._request = request
        self.view = view
        self._found = found
        self._given = given = dict(view.parameters)
        self._prefixes = prefixes = site_of(request).prefixes
        self._matrix = given.get(_MATRIX, "")
        self._kind = chosen_of(given, _KIND, found.forms(), prefixes)
        self._institute = chosen_of(given, _INSTITUTE, found.institutes(), prefixes)
        self._node = chosen_of(given, _NODE, found.parties(), prefixes)
        self._ties = found.select(
            matrix=self._matrix,
            kind=self._kind.iri if self._kind else "",
            party=self._institute.iri if self._institute else "",
            strength=given.get(_STRENGTH, ""),
            status=given.get(_STATUS, ""),
        )
        parties = [party for tie in self._ties for party in tie.ends]
        if self._node not in parties:
            # Whom the filters leave out cannot be picked.
            self._node = None

    def grids(self) -> list[Grid]:
        """Lay out the matrices of what is chosen."""
        return [
            matrix_grid(
                name,
                {tie.ends: tie.relations for tie in self._ties if tie.matrix == name},
                self.view.language,
            )
            for name in ([self._matrix] if self._matrix else MATRICES)
        ]

    def picture(self) -> Response:
        """Send the picture as a file."""
        drawing = self._draw(is_file=True)
        return self.view.picture(drawing, _CLASS, self.view.say("network.heading"), self._chosen())

    def lay(self, grids: Sequence[Grid]) -> Response:
        """Make the page."""
        view = self.view
        is_graph = self._given.get(_VIEW, "graph") == "graph"
        return page_response(
            self._request,
            "network.html",
            path=_PATH,
            language=view.language,
            parameters=view.parameters,
            formats=VIEW_FORMATS,
            title=view.say("site.network"),
            description=view.say("network.lead"),
            view=view,
            is_graph=is_graph,
            grids=[grid for grid in grids if grid.rows],
            picture=view.show(self._draw(), _CLASS) if is_graph and self._ties else "",
            rows=self._rows(),
            total=len(self._found.ties),
            count=len(self._ties),
            node=self._node,
            given=self._given,
            statements={claim: view.text(each.text) for claim, each in self._found.statements.items()},
            fields=self._fields(),
            access=ACCESS,
        )

    def _fields(self) -> dict[str, Any]:
        view, language = self.view, self.view.language
        return {
            _MATRIX: [Option(name, view.say(f"network.{name}")) for name in MATRICES],
            _KIND: options_of(self._found.forms(self._matrix), self._prefixes, language),
            _INSTITUTE: options_of(self._found.institutes(), self._prefixes, language),
            _STRENGTH: [Option(key, view.text(text)) for key, text in STRENGTHS.items()],
            _STATUS: [Option(name, view.say(f"network.{name}")) for name in _VALUES[_STATUS]],
        }

    def _chosen(self) -> list[str]:
        """Say what the view was chosen by."""
        view = self.view
        named = ((_KIND, self._kind), (_INSTITUTE, self._institute), (_NODE, self._node))
        told = [(name, view.text(each.label)) for name, each in named if each is not None]
        if self._matrix:
            told.insert(0, (_MATRIX, view.say(f"network.{self._matrix}")))
        if _STRENGTH in self._given:
            told.append((_STRENGTH, view.text(STRENGTHS[self._given[_STRENGTH]])))
        if _STATUS in self._given:
            told.append((_STATUS, view.say(f"network.{self._given[_STATUS]}")))
        return [view.say("views.is", name=view.say(f"network.{name}"), value=value) for name, value in told]

    def _rows(self) -> list[_Row]:
        ties = [tie for tie in self._ties if self._node is None or self._node in tie.ends]
        return [_Row(tie, _anchor(tie), list(tie.relations.items())) for tie in ties]

    def _draw(self, *, is_file: bool = False) -> Drawing:
        view = self.view
        if not self._ties:
            return view.empty()
        words = Words(
            label=view.say("network.heading"),
            strengths={key: view.text(text) for key, text in STRENGTHS.items()},
            access=view.say("network.arrow"),
        )
        near = {end for tie in self._ties if self._node in tie.ends for end in tie.ends}
        parties = _once(end for tie in self._ties for end in tie.ends)
        nodes = [self._drawn(party, near, is_file=is_file) for party in parties]
        return draw_network(nodes, [self._line(tie, is_file=is_file) for tie in self._ties], words)

    def _drawn(self, party: Named, near: set[Named], *, is_file: bool) -> Node:
        view, kinds = self.view, self._found.kinds.get(party.iri)
        state = ""
        if self._node is not None:
            state = "picked" if party == self._node else "near" if party in near else "far"
        if is_file or not party.iri:
            address = party.iri
        else:
            # Once more, and nobody is picked.
            address = view.address(node="" if party == self._node else self._prefixes.shorten(party.iri))
        return Node(
            id=party.iri,
            label=view.text(party.label),
            address=address,
            group=view.text(kinds[0].label) if kinds else view.say("network.others"),
            is_central=self._found.is_institute(party),
            state=state,
        )

    def _line(self, tie: Tie, *, is_file: bool) -> Line:
        view = self.view
        one, other = tie.ends
        is_access = tie.matrix == ACCESS
        state = ""
        if self._node is not None:
            state = "near" if self._node in tie.ends else "far"
        told = view.listed(relation.text(view.language) for relation in tie.relations)
        return Line(
            one=one.iri,
            other=other.iri,
            title=view.say(
                "network.grants" if is_access else "network.with",
                one=view.text(one.label),
                other=view.text(other.label),
                how=told,
            ),
            address=f"{view.permalink}#{_anchor(tie)}" if is_file else view.place(_anchor(tie)),
            is_access=is_access,
            strength=tie.strength,
            is_planned=tie.is_planned,
            state=state,
        )


def _anchor(tie: Tie) -> str:
    one, other = tie.ends
    return f"{tie.matrix}-{one.slug}-{other.slug or 'everybody'}"


def _once(parties: Iterable[Named]) -> list[Named]:
    return list(dict.fromkeys(parties))
