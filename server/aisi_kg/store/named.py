"""Name resources in both languages, and tell what claims say and how they say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import NamedNode

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.library.records import Text

__all__ = ["Named", "Statement", "distinct", "named", "slug_of", "statements_of"]

_STATEMENTS = """PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?claim ?claimEn ?claimZh ?modality ?modalityEn ?modalityZh WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim aisi:statement ?claimEn , ?claimZh ; aisi:modality ?modality .
  FILTER(LANG(?claimEn) = "en" && LANG(?claimZh) = "zh")
  {{ ?modality skos:prefLabel ?modalityEn , ?modalityZh . FILTER(LANG(?modalityEn) = "en" && LANG(?modalityZh) = "zh") }}
}}
ORDER BY ?claim"""  # noqa: E501
_PLANS = frozenset(AISI + name for name in ("Plan", "Forecast", "Recommendation"))


class Named(NamedTuple):
    """Name a resource in both languages; one without an IRI stands for no resource."""

    iri: str
    label: Text

    @property
    def slug(self) -> str:
        """Name it in an address.

        :returns: the last part of its IRI.
        """
        return slug_of(self.iri)

    def data(self, language: str) -> dict[str, str]:
        """Tell a program.

        :param language: the language of the name.
        :returns: a JSON object.
        """
        label = {"label": self.label.in_language(language)}
        return {"iri": self.iri, **label} if self.iri else label


def slug_of(iri: str) -> str:
    """Name a resource in an address.

    :param iri: the resource.
    :returns: the last part of its IRI.
    """
    return iri.rpartition("#" if "#" in iri else "/")[2]


def named(solution: Solution, name: str) -> Named:
    """Read a resource with its labels.

    :param solution: a solution, which has the labels in variables that end with ``En`` and ``Zh``.
    :param name: the variable of the resource.
    :returns: the resource.
    """
    label = Text(en=text_of_term(solution, name + "En"), zh=text_of_term(solution, name + "Zh"))
    return Named(text_of_term(solution, name), label)


def distinct(found: Iterable[Named]) -> tuple[Named, ...]:
    """Keep the first of each.

    :param found: resources.
    :returns: each once, in the same order.
    """
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Statement:
    """Hold what a claim says and how.

    :param text: the sentence.
    :param modality: whether it is told as a fact, a plan, an opinion.
    """

    text: Text
    modality: Named

    @property
    def is_of_the_future(self) -> bool:
        """Tell whether what it says had not happened yet when it was said.

        :returns: True for a plan, a forecast or a recommendation.
        """
        return self.modality.iri in _PLANS


def statements_of(claims: Iterable[str]) -> Inquiry[Mapping[str, Statement]]:
    """Read the sentences of claims.

    :param claims: IRIs of claims of the dataset, and none that a client has sent.
    :returns: what each says, by its IRI.
    """
    iris = sorted(set(claims))
    if not iris:
        return {}
    text = _STATEMENTS.format(claims=" ".join(str(NamedNode(iri)) for iri in iris))
    return {
        solution["claim"].value: Statement(named(solution, "claim").label, named(solution, "modality"))
        for solution in (yield QueryRequest(text))
    }
