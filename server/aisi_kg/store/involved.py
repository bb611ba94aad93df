"""Tell which institutes claims are about, so that who has found claims finds whom they concern."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, labels_of
from aisi_kg.store.library.records import Text

__all__ = ["Involved", "institutes_in"]

_INSTITUTES = """PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
SELECT ?institute (COUNT(DISTINCT ?claim) AS ?claims) WHERE {{
  VALUES ?claim {{ {claims} }}
  {{ GRAPH ?claim {{ ?institute ?property ?value }} }}
  UNION {{ GRAPH ?claim {{ ?thing ?relation ?institute }} }}
  UNION {{ ?claim aisi:tableRow ?institute }}
  ?institute a aisi:SafetyInstitute .
}}
GROUP BY ?institute
ORDER BY DESC(?claims) ?institute"""


@dataclass(frozen=True)
class Involved:
    """Hold an institute and how many claims are about it.

    :param iri: the institute.
    :param label: what it is called.
    :param claims: the number of claims.
    """

    iri: str
    label: Text
    claims: int


def institutes_in(claims: Sequence[str]) -> Inquiry[tuple[Involved, ...]]:
    """Find the institutes that claims are about.

    :param claims: IRIs of claims of the dataset, and none that a client has sent.
    :returns: the institutes, the one that most are about first.
    """
    if not claims:
        return ()
    nodes = " ".join(str(NamedNode(iri)) for iri in claims)
    solutions = yield QueryRequest(_INSTITUTES.format(claims=nodes))
    found = [each for each in solutions if "institute" in each]
    names = yield from labels_of(each["institute"].value for each in found)
    return tuple(
        Involved(iri, names.get(iri, Text(iri, iri)), int(each["claims"].value))
        for each in found
        for iri in [each["institute"].value]
    )
