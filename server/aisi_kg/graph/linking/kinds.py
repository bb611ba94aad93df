"""Which classes and properties of Wikidata answer to ours.

No id is here from memory: docs/linking.md has a table with the public files that pair each of them with its
name, which a test holds against this module.
"""

from collections.abc import Collection
from dataclasses import dataclass

from aisi_kg.graph.prefixes import AISI

__all__ = [
    "CLASSES",
    "COUNTRY",
    "COUNTRY_CLASS",
    "HUMAN",
    "INCEPTION",
    "INSTANCE_OF",
    "ORGANIZATION",
    "PARENTS",
    "POSITION",
    "PROPERTIES",
    "SUBCLASS_OF",
    "WIKIMEDIA_INTERNAL",
    "WRITTEN_WORK",
    "Fit",
    "Kind",
    "kind_of",
]

_FOAF = "http://xmlns.com/foaf/0.1/"
_ORG = "http://www.w3.org/ns/org#"

INSTANCE_OF = "P31"
SUBCLASS_OF = "P279"
COUNTRY = "P17"
INCEPTION = "P571"
POSITION = "P39"
#: Parent organisation, and what an item is part of: a body of a ministry has the one or the other.
PARENTS = ("P749", "P361")
#: The properties whose values are compared.
PROPERTIES = (COUNTRY, *PARENTS, INCEPTION, POSITION)

HUMAN = "Q5"
ORGANIZATION = "Q43229"
COUNTRY_CLASS = "Q6256"
WRITTEN_WORK = "Q47461344"
#: The class of what serves Wikimedia's projects and is no thing of the world, as categories.
WIKIMEDIA_INTERNAL = "Q17442446"
#: The classes that an item is asked for, with all below them, and what one of it is called.
CLASSES = {
    HUMAN: "a human",
    ORGANIZATION: "an organization",
    COUNTRY_CLASS: "a country",
    WRITTEN_WORK: "a written work",
    WIKIMEDIA_INTERNAL: "an internal item of Wikimedia's",
}


@dataclass(frozen=True)
class Fit:
    """Tell whether an item is the kind of thing that an entity is.

    :param value: True or False; None where the item does not say what it is.
    :param reason: what speaks against it.
    """

    value: bool | None
    reason: str = ""


@dataclass(frozen=True)
class Kind:
    """Say what the items of a kind of entities are.

    :param wanted: the class of Wikidata that such an item is of; empty where none covers them all.
    :param unlike: classes that no such item is of.
    :param category: the class, as ``object_category`` has it, that an item of the wanted class is of.
    """

    wanted: str
    unlike: frozenset[str]
    category: str = ""

    def fit(self, classes: Collection[str], has_types: bool) -> Fit:
        """Tell whether an item is of this kind.

        :param classes: those of ``CLASSES`` that the item is of, themselves or by a class below them.
        :param has_types: it says of which classes it is.
        :returns: whether it fits, and why not.
        """
        for other in sorted(self.unlike & set(classes)):
            # Some are of two kinds on Wikidata: a state is an organisation there.
            if self.wanted not in classes:
                return Fit(False, f"it is {CLASSES[other]}")
        if not has_types:
            return Fit(None)
        if self.wanted and self.wanted not in classes:
            return Fit(False, f"it is not {CLASSES[self.wanted]}")
        return Fit(True)


def _unlike(*same: str) -> frozenset[str]:
    return frozenset(CLASSES) - {*same}


#: By class of ours. Where an entity is of several of them, the first counts.
_KINDS = {
    _FOAF + "Person": Kind(HUMAN, _unlike(HUMAN), "foaf:Person"),
    AISI + "Country": Kind(COUNTRY_CLASS, _unlike(COUNTRY_CLASS), "aisi:Country"),
    # A union of states is none of one sure class.
    AISI + "Jurisdiction": Kind("", _unlike(COUNTRY_CLASS, ORGANIZATION)),
    _ORG + "Organization": Kind(ORGANIZATION, _unlike(ORGANIZATION), "org:Organization"),
    # Laws and treaties are documents for us and not all of them written works there.
    AISI + "Document": Kind("", _unlike(WRITTEN_WORK)),
    AISI + "AIModel": Kind("", _unlike()),
    AISI + "Award": Kind("", _unlike()),
    AISI + "Place": Kind("", _unlike(COUNTRY_CLASS, ORGANIZATION)),
    AISI + "Summit": Kind("", _unlike(ORGANIZATION)),
    AISI + "Tool": Kind("", _unlike(WRITTEN_WORK)),
}
_OTHER = Kind("", frozenset({WIKIMEDIA_INTERNAL}))


def kind_of(classes: Collection[str]) -> tuple[Kind, bool]:
    """Tell what the item of an entity is.

    :param classes: IRIs of the entity's classes, with all above them.
    :returns: the kind, and whether things of it are looked for where nobody names them.
    """
    for iri, kind in _KINDS.items():
        if iri in classes:
            return kind, True
    return _OTHER, False
