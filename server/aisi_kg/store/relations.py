"""Read who cooperates with whom and who has access to whose models, and choose from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.library.records import Library, Text
from aisi_kg.store.named import Named, Statement, distinct, named, statements_of
from aisi_kg.store.tables import stored_query

__all__ = [
    "ACCESS",
    "COOPERATION",
    "MATRICES",
    "STRENGTHS",
    "Network",
    "Pairs",
    "Relation",
    "Tie",
    "read_network",
    "read_pairs",
]

COOPERATION = "cooperation"
ACCESS = "access"
#: What can relate two: each a matrix of its own.
MATRICES = (COOPERATION, ACCESS)

#: How firm a cooperation is, by the number that the query gives it.
STRENGTHS: Mapping[str, Text] = {
    "3": Text(en="signed memorandum", zh="已签署备忘录"),
    "2": Text(en="concluded agreement", zh="已达成协议"),
    "1": Text(en="without an instrument", zh="无文书"),
    "0": Text(en="only planned", zh="仅属计划"),
}
_EVERYBODY = Named("", Text(en="every developer", zh="所有开发者"))
_INSTITUTE = AISI + "SafetyInstitute"
_PLAN = AISI + "Plan"
_KINDS = """PREFIX graph: <https://w3id.org/aisi-kg/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?party ?kind ?kindEn ?kindZh WHERE {{
  VALUES ?party {{ {parties} }}
  GRAPH graph:entities {{ ?party a ?kind }}
  {{ ?kind rdfs:label ?kindEn , ?kindZh . FILTER(LANG(?kindEn) = "en" && LANG(?kindZh) = "zh") }}
}}
ORDER BY ?party ?kind"""


class Relation(NamedTuple):
    """Hold what two have to do with each other: in one form, of one strength and status.

    :param kind: the kind of cooperation, or the stage or depth of access.
    :param strength: a key of :data:`STRENGTHS`; empty for access, which has none.
    :param status: the modality of a cooperation; whether access is granted or a power.
    """

    kind: Named
    strength: str
    status: Named

    @property
    def is_planned(self) -> bool:
        """Tell whether it is there or to come.

        :returns: True where it is only planned.
        """
        return self.strength == "0" or self.status.iri == _PLAN

    def text(self, language: str) -> str:
        """Say it in short.

        :param language: ``en`` or ``zh``.
        :returns: such as ``memorandum (3, fact)``.
        """
        kind, status = self.kind.label.in_language(language), self.status.label.in_language(language)
        of = [each for each in (self.strength, status) if each]
        return f"{kind}（{'，'.join(of)}）" if language == "zh" else f"{kind} ({', '.join(of)})"

    def title(self, language: str) -> str:
        """Say how firm it is.

        :param language: ``en`` or ``zh``.
        :returns: such as ``signed memorandum``; empty for access.
        """
        return STRENGTHS[self.strength].in_language(language) if self.strength in STRENGTHS else ""

    def data(self, language: str) -> dict[str, Any]:
        """Tell a program.

        :param language: the language of names.
        :returns: a JSON object.
        """
        return {
            "kind": self.kind.data(language),
            **({"strength": int(self.strength)} if self.strength else {}),
            "status": self.status.data(language),
        }


#: The claims behind each relation of two, by the two; of access, the institute comes first.
Pairs = Mapping[tuple[Named, Named], Mapping[Relation, Sequence[str]]]


def read_pairs(library: Library, matrix: str) -> Inquiry[Pairs]:
    """Read who has to do with whom.

    :param library: the stored queries of the dataset.
    :param matrix: one of :data:`MATRICES`.
    :returns: the relations of each pair.
    :raises UnknownResource: if there is no such matrix, or the dataset does not have its query.
    """
    if matrix not in MATRICES:
        raise UnknownResource(f"There is no matrix {matrix[:40]!a}; there are {' and '.join(MATRICES)}.")
    solutions = yield QueryRequest(stored_query(library, f"{matrix}-matrix").text)
    if matrix == COOPERATION:
        return _pairs(solutions, _parties, _cooperation)
    return _pairs(solutions, _institute_and_developer, _access)


def _parties(solution: Solution) -> tuple[Named, Named]:
    return named(solution, "party"), named(solution, "other")


def _cooperation(solution: Solution) -> Relation:
    return Relation(named(solution, "kind"), text_of_term(solution, "strength"), named(solution, "status"))


def _institute_and_developer(solution: Solution) -> tuple[Named, Named]:
    developer = named(solution, "developer") if "developer" in solution else _EVERYBODY
    return named(solution, "institute"), developer


def _access(solution: Solution) -> Relation:
    return Relation(named(solution, "stage"), "", named(solution, "status"))


def _pairs(
    solutions: Iterable[Solution],
    ends: Callable[[Solution], tuple[Named, Named]],
    relation: Callable[[Solution], Relation],
) -> Pairs:
    pairs: dict[tuple[Named, Named], dict[Relation, list[str]]] = {}
    for solution in solutions:
        claims = pairs.setdefault(ends(solution), {}).setdefault(relation(solution), [])
        if solution["claim"].value not in claims:
            claims.append(solution["claim"].value)
    return pairs


@dataclass(frozen=True)
class Tie:
    """Hold what relates two: in cooperation, or by access that the second gives the first.

    :param matrix: which of :data:`MATRICES` it belongs to.
    :param ends: the two.
    :param relations: the claims behind each relation.
    """

    matrix: str
    ends: tuple[Named, Named]
    relations: Mapping[Relation, Sequence[str]]

    @property
    def strength(self) -> str:
        """Say how firm it is at its firmest.

        :returns: a key of :data:`STRENGTHS`; empty for access.
        """
        return max(relation.strength for relation in self.relations)

    @property
    def is_planned(self) -> bool:
        """Tell whether all of it is to come.

        :returns: True where nothing of it is there.
        """
        return all(relation.is_planned for relation in self.relations)

    @property
    def claims(self) -> tuple[str, ...]:
        """List what it rests on.

        :returns: IRIs of the claims.
        """
        return tuple(dict.fromkeys(chain.from_iterable(self.relations.values())))


@dataclass(frozen=True)
class Network:
    """Hold all ties with what is known of the parties and the claims.

    :param ties: the ties.
    :param kinds: the classes of each party, by its IRI; the project's own first.
    :param statements: what the claims say, by their IRIs.
    """

    ties: tuple[Tie, ...]
    kinds: Mapping[str, tuple[Named, ...]]
    statements: Mapping[str, Statement]

    def parties(self) -> tuple[Named, ...]:
        """List who has a tie.

        :returns: the parties, by English label.
        """
        return _by_label(party for tie in self.ties for party in tie.ends)

    def institutes(self) -> tuple[Named, ...]:
        """List the safety institutes among the parties.

        :returns: the institutes, by English label.
        """
        return tuple(party for party in self.parties() if self.is_institute(party))

    def is_institute(self, party: Named) -> bool:
        """Tell whether a party is a safety institute.

        :param party: one of the parties.
        :returns: True if it is.
        """
        return any(kind.iri == _INSTITUTE for kind in self.kinds.get(party.iri, ()))

    def forms(self, matrix: str = "") -> tuple[Named, ...]:
        """List in which forms ties are.

        :param matrix: one of :data:`MATRICES`, or empty for both.
        :returns: kinds of cooperation, stages and depths of access, by English label.
        """
        ties = [tie for tie in self.ties if matrix in ("", tie.matrix)]
        return _by_label(relation.kind for tie in ties for relation in tie.relations)

    def select(
        self, *, matrix: str = "", kind: str = "", party: str = "", strength: str = "", status: str = ""
    ) -> tuple[Tie, ...]:
        """Choose ties, each with those of its relations that meet all; an empty value restricts nothing.

        :param matrix: one of :data:`MATRICES`.
        :param kind: IRI of a kind of cooperation or of a stage or depth of access.
        :param party: IRI of one of the two.
        :param strength: a key of :data:`STRENGTHS`.
        :param status: ``done`` or ``planned``.
        :returns: the ties that have such a relation.
        """

        def meets(relation: Relation) -> bool:
            return (
                (not kind or relation.kind.iri == kind)
                and (not strength or relation.strength == strength)
                and (not status or relation.is_planned == (status == "planned"))
            )

        found = []
        for tie in self.ties:
            if (matrix and tie.matrix != matrix) or (party and party not in {end.iri for end in tie.ends}):
                continue
            relations = {relation: claims for relation, claims in tie.relations.items() if meets(relation)}
            if relations:
                found.append(Tie(tie.matrix, tie.ends, relations))
        return tuple(found)


def _by_label(found: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(distinct(found), key=lambda each: (each.label.en.casefold(), each.iri)))


def read_network(library: Library) -> Inquiry[Network]:
    """Read all ties.

    :param library: the stored queries of the dataset.
    :returns: the ties with what is known of parties and claims.
    :raises UnknownResource: if the dataset does not have the queries.
    """
    ties: list[Tie] = []
    for matrix in MATRICES:
        pairs = yield from read_pairs(library, matrix)
        ties += [Tie(matrix, ends, relations) for ends, relations in pairs.items()]
    parties = sorted({party.iri for tie in ties for party in tie.ends if party.iri})
    kinds: dict[str, list[Named]] = {}
    if parties:
        text = _KINDS.format(parties=" ".join(str(NamedNode(iri)) for iri in parties))
        for solution in (yield QueryRequest(text)):
            kinds.setdefault(solution["party"].value, []).append(named(solution, "kind"))
    ordered = {
        party: tuple(sorted(found, key=lambda kind: (not kind.iri.startswith(AISI), kind.iri)))
        for party, found in kinds.items()
    }
    statements = yield from statements_of(claim for tie in ties for claim in tie.claims)
    return Network(tuple(ties), ordered, statements)
