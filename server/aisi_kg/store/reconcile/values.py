"""Give the values of entities' properties, or the claims that state them."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.prefixes import ENTITY_BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm
from aisi_kg.store.reconcile.catalogue import Catalogue
from aisi_kg.store.reconcile.paths import Path
from aisi_kg.store.search import Index

__all__ = ["Show", "Values", "claims_of", "in_language", "shown", "values_of"]

_WIKIDATA = "http://www.wikidata.org/entity/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = frozenset(
    _XSD + name
    for name in (
        "decimal",
        "double",
        "float",
        "int",
        "integer",
        "long",
        "nonNegativeInteger",
        "positiveInteger",
        "short",
    )
)
#: The largest number that a client in Java reads as a whole one.
_LARGEST = 2**31 - 1

#: Values by the IRI of an entity and the identifier of a property.
Values = Mapping[tuple[str, str], Sequence[RdfTerm]]


class Show(StrEnum):
    """Name what is given of a property."""

    VALUES = "values"
    CLAIMS = "claims"


def values_of(entities: Collection[str], paths: Collection[Path]) -> Inquiry[Values]:
    """Find the values of properties.

    :param entities: IRIs of entities of the dataset, and none that a client has sent.
    :param paths: the properties, whose IRIs are those of the dataset.
    :returns: an inquiry that gives the values, in an order that is always the same.
    """
    found: dict[tuple[str, str], list[RdfTerm]] = {}
    listed = _listed(entities)
    for path in paths if entities else ():
        patterns = " ".join(path.patterns("?entity", "?value"))
        query = f"""SELECT DISTINCT ?entity ?value WHERE {{
  VALUES ?entity {{ {listed} }}
  {patterns}
}} ORDER BY ?entity ?value LANG(?value)"""
        for solution in (yield QueryRequest(query)):
            found.setdefault((solution["entity"].value, path.id), []).append(solution["value"])
    return found


def claims_of(entities: Collection[str], paths: Collection[Path]) -> Inquiry[Values]:
    """Find the claims that state the values of properties.

    :param entities: IRIs of entities of the dataset, and none that a client has sent.
    :param paths: the properties, whose IRIs are those of the dataset.
    :returns: an inquiry that gives the claims; of a path, those of each of its steps. What was inferred is
        stated by none.
    """
    found: dict[tuple[str, str], list[RdfTerm]] = {}
    listed = _listed(entities)
    for path in paths if entities else ():
        patterns = path.patterns("?entity", "?value")
        stated = " UNION ".join(f"{{ GRAPH ?claim {{ {pattern} }} }}" for pattern in patterns)
        query = f"""PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
SELECT DISTINCT ?entity ?claim WHERE {{
  VALUES ?entity {{ {listed} }}
  {" ".join(patterns)}
  {stated}
  ?claim a aisi:Claim
}} ORDER BY ?entity ?claim"""
        for solution in (yield QueryRequest(query)):
            found.setdefault((solution["entity"].value, path.id), []).append(solution["claim"])
    return found


def _listed(entities: Collection[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in sorted(entities))


def in_language(terms: Sequence[RdfTerm], language: str) -> list[RdfTerm]:
    """Leave out the texts in other languages than one.

    :param terms: values of one property.
    :param language: ``en`` or ``zh``; empty for all.
    :returns: the values that have no language, and those that have this one; those of all languages where no
        text has this one.
    """
    texts = [term for term in terms if isinstance(term, Literal) and term.language]
    own = [term for term in texts if term.language == language]
    if not language or not own:
        return list(terms)
    return [term for term in terms if term not in texts or term in own]


def shown(term: RdfTerm, index: Index, catalogue: Catalogue, language: str) -> dict[str, Any]:
    """Write a value as the Reconciliation Service API does.

    :param term: the value.
    :param index: names resources.
    :param catalogue: names types that are other vocabularies'.
    :param language: the language of names.
    :returns: an object: an entity has ``id`` and ``name``, a number ``int`` or ``float``, a day ``date``,
        and all else is a ``str``. A date without a day stays the text that it is, since the API's dates are
        as precise as a second; so is a truth value, which version 0.2 does not know.
    """
    if isinstance(term, Literal):
        return _literal(term)
    document = index.find(term.value)
    if document is not None and term.value.startswith(ENTITY_BASE):
        return {"id": term.value.removeprefix(ENTITY_BASE), "name": document.label(language)}
    if document is not None:
        return {"str": document.label(language)}
    if term.value in catalogue.types:
        return {"str": catalogue.types[term.value].name.in_language(language)}
    return {"str": term.value.removeprefix(_WIKIDATA)}


def _literal(term: Literal) -> dict[str, Any]:
    datatype = term.datatype.value
    try:
        if datatype in _NUMBERS:
            number = float(term.value)
            if abs(number) <= _LARGEST and number.is_integer():
                return {"int": int(number)}
            # Neither infinity nor what is no number can be written in JSON.
            return {"float": number} if abs(number) < float("inf") else {"str": term.value}
    except ValueError:
        return {"str": term.value}
    if datatype == _XSD + "date" and len(term.value) == len("2024-11-20"):
        return {"date": f"{term.value}T00:00:00Z"}
    if datatype == _XSD + "dateTime":
        return {"date": term.value}
    return {"str": term.value}
