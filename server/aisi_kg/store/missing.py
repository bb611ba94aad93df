"""Say of an IRI that the dataset does not have whether it was retired, and what is near to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest

from pyoxigraph import NamedNode

from aisi_kg.graph.prefixes import BASE, RETIRED_GRAPH
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, text_of_term
from aisi_kg.store.naming import Value, in_one_language, names_of, value_of
from aisi_kg.store.things import things

__all__ = ["Retirement", "near_to", "read_retirement"]

_RETIREMENT = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?successor ?see ?note WHERE {{
  GRAPH <{RETIRED_GRAPH}> {{
    ?retired owl:deprecated true .
    OPTIONAL {{ ?retired dcterms:isReplacedBy ?successor }}
    OPTIONAL {{ ?retired rdfs:seeAlso ?see }}
    OPTIONAL {{ ?retired skos:editorialNote ?note }}
  }}
}}
ORDER BY ?successor ?see ?note"""

_MOST_NEAR = 6
_LEAST_LIKE = 0.5
#: A longer name is like none that there is.
_LONGEST = 120


@dataclass(frozen=True)
class Retirement:
    """Say what became of an IRI that is no longer used.

    :param successor: what took its place; empty where nothing did.
    :param notes: why it went.
    :param see: what has to do with it.
    """

    successor: str
    notes: tuple[Value, ...]
    see: tuple[Value, ...]


def read_retirement(iri: str, language: str) -> Inquiry[Retirement | None]:
    """Find out whether an IRI was retired.

    :param iri: the IRI, as a client may have sent it.
    :param language: the language of texts.
    :returns: what became of it; None where it was not retired.
    """
    try:
        node = NamedNode(iri)
    except ValueError:
        return None
    solutions = yield QueryRequest(_RETIREMENT, bindings=(("retired", node),))
    if not solutions:
        return None
    names = yield from names_of((each["see"] for each in solutions if "see" in each), language)
    notes = in_one_language((each["note"] for each in solutions if "note" in each), language)
    see = dict.fromkeys(each["see"].value for each in solutions if "see" in each)
    return Retirement(
        text_of_term(solutions[0], "successor"),
        tuple(value_of(note, names, language) for note in notes),
        tuple(names.of(each) for each in see),
    )


def near_to(iri: str, language: str) -> Inquiry[tuple[Value, ...]]:
    """Find what is named nearly like an IRI that the dataset does not have.

    :param iri: the IRI, as a client may have sent it; it is compared and stands in no query.
    :param language: the language of names.
    :returns: things of the same kind, the nearest first.
    """
    kind, _, name = iri.removeprefix(BASE).partition("/")
    own = [each for each in (yield from things()) if each.startswith(f"{BASE}{kind}/")]
    nearest = _nearest(name, own, len(BASE) + len(kind) + 1)
    names = yield from names_of(nearest, language)
    return tuple(names.of(each) for each in nearest)


def _nearest(name: str, iris: Iterable[str], cut: int) -> list[str]:
    if not name or len(name) > _LONGEST:
        return []
    # What is compared with many is kept as the second sequence, whose index is made once.
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(name.casefold())
    found: list[tuple[float, str]] = []
    for iri in iris:
        other = iri[cut:].casefold()
        if name.casefold() in other:
            found.append((1.0, iri))
            continue
        matcher.set_seq1(other)
        # Each is an upper bound of the next and takes less time.
        if matcher.real_quick_ratio() >= _LEAST_LIKE and matcher.quick_ratio() >= _LEAST_LIKE:
            found.append((matcher.quick_ratio(), iri))
    best = nlargest(_MOST_NEAR * 5, found)
    scored: list[tuple[float, str]] = []
    for upper, iri in best:
        matcher.set_seq1(iri[cut:].casefold())
        # A name that has the other within it is near, however much longer it is.
        scored.append((max(matcher.ratio(), _LEAST_LIKE if upper == 1.0 else 0.0), iri))
    return [iri for score, iri in nlargest(_MOST_NEAR, scored) if score >= _LEAST_LIKE]
