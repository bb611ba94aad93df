"""Read the challenges that a source sees, each with the arguments made under it, as a tree.

An argument stands below the one whose reason, example or effect it is. One that belongs below several stands
below the first in the order of the text, and the others point to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.store.inquiry import Inquiry, Solution, labels_of
from aisi_kg.store.library.records import Text
from aisi_kg.store.named import Named

__all__ = ["Argument", "Branch", "Challenge", "challenges_grid", "read_challenges"]

_TITLE = Text(en="The challenges that the report sees", zh="报告提出的挑战")
_DESCRIPTION = Text(
    en="One row for each argument, in the order of the text, with what it is an argument for.",
    zh="每个论点一行，按原文顺序排列，并注明其所支持的内容。",
)
_HEADS = (
    Text(en="Challenge", zh="挑战"),
    Text(en="Argument", zh="论点"),
    Text(en="Verdict", zh="结论"),
    Text(en="How the source puts it", zh="表述方式"),
    Text(en="Stands below", zh="所属论点"),
)
_PREFIXES = f"""PREFIX aisi: <{AISI}>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""
_SAID = """
  ?claim aisi:modality ?modality ; aisi:statement ?en , ?zh ; prov:wasQuotedFrom ?passage .
  FILTER(LANG(?en) = "en" && LANG(?zh) = "zh")
  ?passage oa:start ?start .
"""
# What is said about claims stands in each part: behind both, the engine would read it of all claims first.
_JUDGEMENTS = f"""SELECT ?challenge ?judgement ?claim ?en ?zh ?modality ?verdict ?judge ?start WHERE {{
  {{
    GRAPH ?claim {{
      ?judgement aisi:underChallenge ?challenge ; aisi:verdict ?verdict ; aisi:judgedBy ?judge
    }}
    {_SAID}
  }} UNION {{
    GRAPH ?claim {{ ?judgement a aisi:Challenge ; aisi:verdict ?verdict ; aisi:judgedBy ?judge }}
    BIND(?judgement AS ?challenge)
    {_SAID}
  }}
}}
ORDER BY ?judgement ?claim ?start"""
_RELATIONS = """SELECT ?judgement ?relation ?other ?claim WHERE {
  { ?judgement aisi:underChallenge ?challenge } UNION { ?judgement a aisi:Challenge }
  VALUES ?relation { aisi:hasReason aisi:hasExample aisi:hasEffect aisi:concerns }
  GRAPH ?claim { ?judgement ?relation ?other }
  ?claim a aisi:Claim .
}
ORDER BY ?judgement ?relation ?other ?claim"""
_RECOMMENDED = """SELECT ?challenge ?action ?claim ?en ?zh WHERE {
  ?challenge a aisi:Challenge .
  GRAPH ?claim { ?action a aisi:RecommendedAction ; aisi:hasReason ?challenge }
  ?claim aisi:statement ?en , ?zh .
  FILTER(LANG(?en) = "en" && LANG(?zh) = "zh")
}
ORDER BY ?challenge ?action ?claim"""
_CONCERNS = AISI + "concerns"
#: In this order below an argument.
_ORDER = tuple(AISI + name for name in ("hasReason", "hasExample", "hasEffect"))


@dataclass(frozen=True)
class Branch:
    """Hold what stands below an argument.

    :param relation: the property that leads there.
    :param claims: the claims that state it.
    :param target: what it leads to.
    :param argument: the argument, where it is one and stands here; None where it stands elsewhere or is none.
    """

    relation: Named
    claims: tuple[str, ...]
    target: Named
    argument: "Argument | None" = None


@dataclass(frozen=True)
class Argument:
    """Hold a judgement and what stands below it.

    :param iri: the argument, or the challenge itself.
    :param label: what it is called.
    :param statements: what its claims say: IRI and sentence of each.
    :param modality: how the source puts it.
    :param verdict: what is judged.
    :param judge: who judges.
    :param concerned: whom or what it is about.
    :param branches: what stands below it.
    """

    iri: str
    label: Text
    statements: tuple[tuple[str, Text], ...]
    modality: Named
    verdict: Named
    judge: Named
    concerned: tuple[Named, ...] = ()
    branches: tuple[Branch, ...] = ()

    @property
    def name(self) -> str:
        """Give the last part of the IRI, for the place on a page."""
        return self.iri.rsplit("/", 1)[-1]

    def data(self, language: str) -> dict[str, Any]:
        """Tell a program.

        :param language: the language of texts.
        :returns: a JSON object.
        """
        return {
            "iri": self.iri,
            "label": self.label.in_language(language),
            "claims": [
                {"iri": claim, "statement": text.in_language(language)} for claim, text in self.statements
            ],
            "modality": self.modality.data(language),
            "verdict": self.verdict.data(language),
            "judgedBy": self.judge.data(language),
            "concerns": [each.data(language) for each in self.concerned],
            "below": [
                {
                    "relation": branch.relation.data(language),
                    "claims": list(branch.claims),
                    **(branch.argument.data(language) if branch.argument else branch.target.data(language)),
                }
                for branch in self.branches
            ],
        }

    def walk(self, above: "Argument | None" = None) -> Iterator[tuple["Argument", "Argument | None"]]:
        """Go through the tree.

        :param above: the argument that this one stands below.
        :returns: each argument with the one above it, from top to bottom.
        """
        yield self, above
        for branch in self.branches:
            if branch.argument is not None:
                yield from branch.argument.walk(self)


@dataclass(frozen=True)
class Challenge:
    """Hold a challenge.

    :param judgement: the challenge itself.
    :param arguments: the arguments made under it that stand below no other.
    :param recommended: what is recommended: IRI of the action, and IRI and sentence of its claim.
    """

    judgement: Argument
    arguments: tuple[Argument, ...]
    recommended: tuple[tuple[Named, str, Text], ...]

    @property
    def number(self) -> int:
        """Count the arguments."""
        return len(self._all)

    @property
    def name(self) -> str:
        """Give the last part of the IRI, for the place on a page."""
        return self.judgement.name

    @property
    def placed(self) -> frozenset[str]:
        """Give the arguments that stand somewhere in the tree."""
        return frozenset(each.iri for each in self._all)

    @property
    def judges(self) -> tuple[Named, ...]:
        """List who argues."""
        return tuple(dict.fromkeys(each.judge for each in (self.judgement, *self._all)))

    @property
    def _all(self) -> list[Argument]:
        return [argument for top in self.arguments for argument, _ in top.walk()]


def read_challenges() -> Inquiry[tuple[Challenge, ...]]:
    """Read the challenges.

    :returns: the challenges with their arguments, in the order of the text.
    """
    judgements = yield QueryRequest(_PREFIXES + _JUDGEMENTS)
    relations = yield QueryRequest(_PREFIXES + _RELATIONS)
    recommended = yield QueryRequest(_PREFIXES + _RECOMMENDED)
    named = ("judgement", "modality", "verdict", "judge", "relation", "other", "action")
    names = yield from labels_of(
        each[name].value for each in (*judgements, *relations, *recommended) for name in named if name in each
    )
    forest = _Forest(judgements, relations, names)
    return tuple(
        Challenge(
            forest.plain(challenge),
            tuple(forest.grow(challenge)),
            tuple(
                (_named(each, "action", names), each["claim"].value, _statement(each))
                for each in recommended
                if each["challenge"].value == challenge
            ),
        )
        for challenge in forest.challenges
    )


def _statement(solution: Solution) -> Text:
    return Text(en=solution["en"].value, zh=solution["zh"].value)


def _named(solution: Solution, name: str, names: Mapping[str, Text]) -> Named:
    iri = solution[name].value
    return Named(iri, names.get(iri, Text(iri, iri)))


class _Forest:
    """Make trees of judgements and of the relations among them."""

    def __init__(
        self, judgements: Iterable[Solution], relations: Iterable[Solution], names: Mapping[str, Text]
    ) -> None:
        self._names = names
        self._rows: dict[str, list[Solution]] = {}
        self._starts: dict[str, int] = {}
        for each in judgements:
            iri, start = each["judgement"].value, int(each["start"].value)
            self._rows.setdefault(iri, []).append(each)
            # The first passage is often a heading or a lead-in that several share.
            self._starts[iri] = max(start, self._starts.get(iri, start))
        self._under: dict[str, dict[str, None]] = {}
        for iri in sorted(self._rows, key=self._place):
            for each in self._rows[iri]:
                members = self._under.setdefault(each["challenge"].value, {})
                if each["challenge"].value != iri:
                    members.setdefault(iri)
        self._below: dict[str, dict[tuple[str, str], list[str]]] = {}
        self._concerned: dict[str, dict[str, None]] = {}
        for each in relations:
            iri, relation, other = (each[name].value for name in ("judgement", "relation", "other"))
            if relation == _CONCERNS:
                self._concerned.setdefault(iri, {}).setdefault(other)
                continue
            claims = self._below.setdefault(iri, {}).setdefault((relation, other), [])
            claims.append(each["claim"].value)

    @property
    def challenges(self) -> Sequence[str]:
        return sorted((iri for iri in self._under if iri in self._rows), key=self._place)

    def plain(self, iri: str) -> Argument:
        """Describe a judgement without what stands below it."""
        rows = self._rows[iri]
        claims = {each["claim"].value: _statement(each) for each in rows}
        first = rows[0]
        return Argument(
            iri,
            self._names.get(iri, Text(iri, iri)),
            tuple(claims.items()),
            _named(first, "modality", self._names),
            _named(first, "verdict", self._names),
            _named(first, "judge", self._names),
            tuple(
                Named(other, self._names.get(other, Text(other, other)))
                for other in self._concerned.get(iri, ())
            ),
        )

    def grow(self, challenge: str) -> Iterator[Argument]:
        """Give the trees of a challenge."""
        members = self._under[challenge]
        pointed = {
            other
            for iri in members
            for _, other in self._below.get(iri, {})
            if other in members and other != iri
        }
        placed: set[str] = set()
        # Where arguments support each other in a circle, the first of them is the top.
        for iri in [*(each for each in members if each not in pointed), *members]:
            if iri not in placed:
                yield self._tree(iri, members, placed)

    def _tree(self, iri: str, members: Mapping[str, None], placed: set[str]) -> Argument:
        placed.add(iri)
        below = self._below.get(iri, {})
        branches = []
        for relation, other in sorted(below, key=lambda each: (_ORDER.index(each[0]), self._place(each[1]))):
            argument = None
            if other in members and other not in placed:
                argument = self._tree(other, members, placed)
            label = Named(relation, self._names.get(relation, Text(relation, relation)))
            target = Named(other, self._names.get(other, Text(other, other)))
            branches.append(Branch(label, tuple(below[relation, other]), target, argument))
        return replace(self.plain(iri), branches=tuple(branches))

    def _place(self, iri: str) -> tuple[int, str]:
        return self._starts.get(iri, 0), iri


def challenges_grid(found: Iterable[Challenge], language: str) -> Grid:
    """Lay challenges out as a table: a row an argument.

    :param found: the challenges.
    :param language: ``en`` or ``zh``.
    :returns: the layout.
    """
    rows, told = [], []
    for challenge in found:
        judgement = challenge.judgement
        name = Cell((Entry(judgement.label.in_language(language), iri=judgement.iri),))
        for top in challenge.arguments:
            for argument, above in top.walk():
                rows.append(
                    (
                        name,
                        _said(argument.statements, language),
                        _cell(argument.verdict, language),
                        _cell(argument.modality, language),
                        _cell(Named(above.iri, above.label) if above else None, language),
                    )
                )
        told.append(
            {
                **judgement.data(language),
                "arguments": [argument.data(language) for argument in challenge.arguments],
                "recommended": [
                    {**action.data(language), "claim": claim, "statement": text.in_language(language)}
                    for action, claim, text in challenge.recommended
                ],
            }
        )
    title = _TITLE.in_language(language)
    return Grid(
        title,
        _DESCRIPTION.in_language(language),
        tuple(head.in_language(language) for head in _HEADS),
        tuple(rows),
        language,
        {"name": "challenges", "title": title, "language": language, "challenges": told},
    )


def _said(statements: Iterable[tuple[str, Text]], language: str) -> Cell:
    return Cell(
        tuple(
            Entry(text.in_language(language), (claim,), text.in_language(language))
            for claim, text in statements
        )
    )


def _cell(named: Named | None, language: str) -> Cell:
    return Cell((Entry(named.label.in_language(language), iri=named.iri),) if named else ())
