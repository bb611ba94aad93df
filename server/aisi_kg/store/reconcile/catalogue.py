"""Say which types and properties the entities of the dataset have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import AISI, ENTITY_BASE, ONTOLOGY_GRAPH, Prefixes
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.library.records import LANGUAGES, Text
from aisi_kg.store.reconcile.paths import Path, read_path
from aisi_kg.store.search import Document, Field, Index, Kind, Role, fold

__all__ = ["WIKIDATA_ITEM", "Catalogue", "Property", "Type", "gather_catalogue"]

#: The property that leads to an item of Wikidata that is the same thing.
WIKIDATA_ITEM = "skos:exactMatch"


@dataclass(frozen=True)
class Type:
    """Hold a class of entities.

    :param iri: its IRI.
    :param id: the same as a CURIE.
    :param name: its name.
    :param description: its definition; may be empty.
    :param broader: the classes directly above it.
    :param count: how many entities it has.
    """

    iri: str
    id: str
    name: Text
    description: Text
    broader: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Property:
    """Hold a property of entities, or a path to what stands at another thing.

    :param path: the property or the path; its ``id`` is the property's.
    :param name: its name.
    :param description: its definition; may be empty.
    :param counts: for each class, by its IRI, how many of its entities have a value; at the empty IRI, how
        many that have no class.
    :param range: the class of its values; empty where not stated.
    """

    path: Path
    name: Text
    description: Text
    counts: Mapping[str, int]
    range: str = ""

    @property
    def id(self) -> str:
        """Give its identifier.

        :returns: a CURIE, or a path of them.
        """
        return self.path.id


@dataclass
class Catalogue:
    """Hold types and properties.

    :param types: types by IRI.
    :param properties: properties and paths by identifier.
    """

    types: dict[str, Type] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    prefixes: Prefixes = field(default_factory=lambda: Prefixes({}))

    def __post_init__(self) -> None:
        self.type_index = Index(
            _document(each.iri, each.id, each.name, each.description, each.count)
            for each in self.types.values()
        )
        self.property_index = Index(
            _document(each.id, each.id, each.name, each.description, max(each.counts.values(), default=0))
            for each in self.properties.values()
        )
        self._iris = {step.iri for each in self.properties.values() for step in each.path.steps}

    def type_named(self, name: str) -> Type | None:
        """Find a type.

        :param name: its identifier, its IRI, or its name in our own namespace (``SafetyInstitute``).
        :returns: the type; None where no entity has it.
        """
        for iri in (name, AISI + name):
            if iri in self.types:
                return self.types[iri]
        try:
            return self.types.get(self.prefixes.expand(name))
        except InputError:
            return None

    def property_named(self, name: str) -> Property:
        """Find a property, or make one of a path.

        :param name: its identifier, its IRI, its name in our own namespace, or a path.
        :returns: the property.
        :raises InputError: if it is none, or one that no entity has.
        """
        if name in self.properties:
            return self.properties[name]
        text = name
        if ":" not in name:
            text = f"<{AISI}{name}>"
        elif "://" in name and not name.startswith(("<", "^")):
            text = f"<{name}>"
        path = read_path(text, self.prefixes)
        if len(path.steps) == 1 and not path.steps[0].is_inverse:
            found = self.properties.get(self.prefixes.shorten(path.steps[0].iri))
            if found is not None:
                return found
        for step in path.steps:
            if step.iri not in self._iris:
                raise InputError(
                    f"No entity has a property {self.prefixes.shorten(step.iri)[:200]}; "
                    "see the service for suggesting properties."
                )
        parts = [
            ("^" if step.is_inverse else "", self.properties.get(self.prefixes.shorten(step.iri)))
            for step in path.steps
        ]
        called = Text(
            **{
                language: " / ".join(
                    mark + (part.name.in_language(language) if part else "…") for mark, part in parts
                )
                for language in LANGUAGES
            }
        )
        return Property(Path(name, path.steps), called, _NOTHING, {})

    def proposed(self, type_: Type | None) -> list[Property]:
        """List the properties that entities of a type have.

        :param type_: the type; any where not given.
        :returns: the properties; those made for the purpose first, then those that most entities have.
        """

        def count(each: Property) -> int:
            return max(each.counts.values(), default=0) if type_ is None else each.counts.get(type_.iri, 0)

        first = list(_FIRST)
        return sorted(
            (each for each in self.properties.values() if count(each)),
            key=lambda each: (
                first.index(each.id) if each.id in first else len(first),
                -count(each),
                each.id,
            ),
        )


_NOTHING = Text(en="", zh="")
#: What is asked for most, before all others. Names where the property's own says too little.
_FIRST: Mapping[str, Text | None] = {
    WIKIDATA_ITEM: Text(en="Wikidata item", zh="维基数据条目"),
    "skos:prefLabel": None,
    "skos:altLabel": None,
    "schema:alternateName": None,
    "rdf:type": None,
    "aisi:instituteOf": Text(en="country or union of the institute", zh="研究所所属国家或联盟"),
    "aisi:hasParentAgency": None,
    "org:subOrganizationOf": None,
    "^aisi:establishes/aisi:date": Text(en="date of establishment", zh="成立日期"),
    "^aisi:fundingRecipient/aisi:amount": Text(en="funding: amount", zh="资金：金额"),
    "^aisi:fundingRecipient/aisi:currency": Text(en="funding: currency", zh="资金：货币"),
    "^org:organization/org:member": Text(en="people with a post there", zh="任职人员"),
    "^org:member/org:organization": Text(en="organisation of a post held", zh="任职机构"),
    "^org:member/org:role": Text(en="role held", zh="所任职务"),
    "^aisi:instituteOf": Text(
        en="AI safety institute of the country or union", zh="该国或联盟的人工智能安全研究所"
    ),
    "aisi:date": None,
}
#: Repeat another one, or are about the editing.
_LEFT_OUT = frozenset(["rdfs:label", "owl:sameAs", "skos:editorialNote"])

_PREFIXES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_IN_ENTITIES = f'FILTER(STRSTARTS(STR(?entity), "{ENTITY_BASE}"))'
_TYPES = f"""SELECT ?term (COUNT(DISTINCT ?entity) AS ?count) WHERE {{
  ?entity a ?term {_IN_ENTITIES}
}} GROUP BY ?term"""
_USED = f"""SELECT ?class ?term (COUNT(DISTINCT ?entity) AS ?count) WHERE {{
  ?entity ?term ?value {_IN_ENTITIES}
  OPTIONAL {{ ?entity a ?class }}
}} GROUP BY ?class ?term"""
_TEXTS = f"""SELECT DISTINCT ?term ?role ?text WHERE {{
  {{ SELECT DISTINCT ?term WHERE {{
    {{ ?entity a ?term }} UNION {{ ?entity ?term ?value }}
    {_IN_ENTITIES}
  }} }}
  VALUES (?property ?role) {{
    (rdfs:label "name") (skos:definition "description") (rdfs:comment "description")
  }}
  ?term ?property ?text
}} ORDER BY ?term ?role ?text"""
_ABOVE = f"""SELECT DISTINCT ?term ?property ?above WHERE {{
  VALUES ?property {{ rdfs:subClassOf rdfs:range }}
  GRAPH <{ONTOLOGY_GRAPH}> {{ ?term ?property ?above FILTER(ISIRI(?above)) }}
}} ORDER BY ?term ?above"""


def _document(iri: str, identifier: str, name: Text, description: Text, count: int) -> Document:
    fields = [Field(Role.LABEL, language, name.in_language(language)) for language in LANGUAGES]
    fields += [
        Field(Role.TEXT, language, description.in_language(language))
        for language in LANGUAGES
        if description.in_language(language)
    ]
    # What is typed may be the identifier with its prefix or without.
    ends = dict.fromkeys((identifier, identifier.rpartition(":")[2]))
    fields += [Field(Role.IDENTIFIER, "", end) for end in ends if fold(end)]
    return Document(iri, Kind.TERM, fields, mentions=count)


def gather_catalogue(prefixes: Prefixes) -> Inquiry[Catalogue]:
    """Gather the types and properties that entities have.

    :param prefixes: the prefixes of the dataset.
    :returns: an inquiry that gives the catalogue.
    """
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for solution in (yield _asked(_TEXTS)):
        parts = texts.setdefault(solution["term"].value, {}).setdefault(solution["role"].value, {})
        parts.setdefault(_language(solution), solution["text"].value)
    above: dict[str, dict[str, list[str]]] = {}
    for solution in (yield _asked(_ABOVE)):
        ends = above.setdefault(solution["property"].value.rpartition("#")[2], {})
        ends.setdefault(solution["term"].value, []).append(solution["above"].value)
    counts = {each["term"].value: int(each["count"].value) for each in (yield _asked(_TYPES))}
    types = {
        iri: Type(
            iri,
            prefixes.shorten(iri),
            _text(texts[iri], "name"),
            _text(texts[iri], "description"),
            tuple(
                each for each in above.get("subClassOf", {}).get(iri, ()) if each in counts and each in texts
            ),
            count,
        )
        for iri, count in sorted(counts.items())
        if "name" in texts.get(iri, {}) and prefixes.split(iri) is not None
    }
    used: dict[str, dict[str, int]] = {}
    for solution in (yield _asked(_USED)):
        by_class = used.setdefault(solution["term"].value, {})
        by_class[text_of_term(solution, "class")] = int(solution["count"].value)
    properties = {}
    for iri, by_class in sorted(used.items()):
        name = prefixes.shorten(iri)
        if "name" not in texts.get(iri, {}) or name in _LEFT_OUT or prefixes.split(iri) is None:
            continue
        own = _text(texts[iri], "name")
        properties[name] = Property(
            read_path(name, prefixes),
            _FIRST.get(name) or own,
            _text(texts[iri], "description"),
            by_class,
            next(iter(above.get("range", {}).get(iri, ())), ""),
        )
    for name, called in _FIRST.items():
        if called is not None and name not in properties:
            made = yield from _reached(name, called, prefixes, above.get("range", {}))
            if made is not None:
                properties[name] = made
    return Catalogue(types, properties, prefixes)


def _reached(
    name: str, called: Text, prefixes: Prefixes, ranges: Mapping[str, list[str]]
) -> Inquiry[Property | None]:
    """Make a property of a path, if an entity has a value over it."""
    try:
        path = read_path(name, prefixes)
    except InputError:
        # A dataset need not have declared the prefix.
        return None
    patterns = " ".join(path.patterns("?entity", "?value"))
    query = f"""SELECT ?class (COUNT(DISTINCT ?entity) AS ?count) WHERE {{
  {patterns} ?entity a ?class {_IN_ENTITIES}
}} GROUP BY ?class"""
    found = yield _asked(query)
    counts = {solution["class"].value: int(solution["count"].value) for solution in found}
    last = path.steps[-1]
    range_ = "" if last.is_inverse else next(iter(ranges.get(last.iri, ())), "")
    return Property(path, called, _NOTHING, counts, range_) if counts else None


def _asked(text: str) -> QueryRequest:
    return QueryRequest(_PREFIXES + text)


def _language(solution: Solution) -> str:
    term = solution["text"]
    return (term.language or "") if isinstance(term, Literal) else ""


def _text(texts: Mapping[str, Mapping[str, str]], role: str) -> Text:
    found = texts.get(role, {})
    other = next(iter(found.values()), "")
    return Text(**{language: found.get(language, other) for language in LANGUAGES})
