"""Read the dataset's description of itself: what it is, how large, in which parts and files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import META_GRAPH
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.naming import Value, names_of

__all__ = ["DatasetRecord", "Part", "Partition", "read_dataset"]

_PREFIXES = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
"""
_DATASET = (
    _PREFIXES
    + f"""SELECT ?title ?description ?version ?issued ?modified ?triples ?entities ?classes ?properties
WHERE {{
  GRAPH <{META_GRAPH}> {{
    ?dataset a dcat:Dataset ; dcterms:title ?title ; dcterms:description ?description ;
      dcat:version ?version ; void:triples ?triples .
    OPTIONAL {{ ?dataset dcterms:issued ?issued }}
    OPTIONAL {{ ?dataset dcterms:modified ?modified }}
    OPTIONAL {{ ?dataset void:entities ?entities }}
    OPTIONAL {{ ?dataset void:classes ?classes }}
    OPTIONAL {{ ?dataset void:properties ?properties }}
  }}
  FILTER(LANG(?title) = LANG(?description))
}}
ORDER BY ?dataset ?title"""
)
_PARTS = (
    _PREFIXES
    + f"""SELECT ?part ?title ?triples ?documents ?graph WHERE {{
  GRAPH <{META_GRAPH}> {{
    ?dataset a dcat:Dataset ; void:subset ?part .
    ?part dcterms:title ?title ; void:triples ?triples .
    OPTIONAL {{ ?part void:documents ?documents }}
    OPTIONAL {{ ?part sd:name ?graph }}
  }}
}}
ORDER BY ?part ?title"""
)
_PARTITIONS = (
    _PREFIXES
    + f"""SELECT ?node ?of ?entities ?triples WHERE {{
  GRAPH <{META_GRAPH}> {{
    ?dataset a dcat:Dataset .
    {{ ?dataset void:classPartition ?node . ?node void:class ?of ; void:entities ?entities }}
    UNION
    {{ ?dataset void:propertyPartition ?node . ?node void:property ?of }}
    ?node void:triples ?triples .
  }}
}}
ORDER BY ?node"""
)


@dataclass(frozen=True)
class Part:
    """Hold a part of the dataset.

    :param iri: the part.
    :param title: its name.
    :param triples: how many triples it has.
    :param documents: how many documents it has; empty where not stated.
    :param graph: the graph that it is; empty where it is none.
    """

    iri: str
    title: str
    triples: int
    documents: str
    graph: str


@dataclass(frozen=True)
class Partition:
    """Hold how much there is with one class or property.

    :param iri: the partition.
    :param of: the class or property.
    :param entities: how many members the class has; 0 for a property.
    :param triples: how many triples.
    """

    iri: str
    of: Value
    entities: int
    triples: int


@dataclass(frozen=True)
class DatasetRecord:
    """Hold the dataset's description of itself.

    :param title: its title.
    :param description: what it is.
    :param version: its version.
    :param issued: when it was published; empty where not stated.
    :param modified: when it was last changed; empty where not stated.
    :param counts: how many there are, by what is counted.
    :param parts: its parts.
    :param classes: how much there is of each class, the largest first.
    :param properties: how much there is with each property, the largest first.
    """

    title: str
    description: str
    version: str
    issued: str
    modified: str
    counts: dict[str, int]
    parts: tuple[Part, ...]
    classes: tuple[Partition, ...]
    properties: tuple[Partition, ...]


def read_dataset(language: str) -> Inquiry[DatasetRecord]:
    """Read the dataset's description of itself.

    :param language: the language of texts.
    :returns: the description.
    :raises UnknownResource: if it does not describe itself.
    """
    described = list(_in_language((yield QueryRequest(_DATASET)), "title", language))
    if not described:
        raise UnknownResource("The dataset does not describe itself; build it anew.")
    first = described[0]
    parts = _in_language((yield QueryRequest(_PARTS)), "title", language)
    solutions = yield QueryRequest(_PARTITIONS)
    names = yield from names_of((each["of"] for each in solutions), language)
    partitions = [
        Partition(
            each["node"].value,
            names.of(each["of"].value),
            int(text_of_term(each, "entities") or 0),
            int(each["triples"].value),
        )
        for each in solutions
    ]
    counts = {
        name: int(first[name].value)
        for name in ("triples", "entities", "classes", "properties")
        if name in first
    }
    return DatasetRecord(
        first["title"].value,
        first["description"].value,
        first["version"].value,
        text_of_term(first, "issued"),
        text_of_term(first, "modified"),
        counts,
        tuple(
            Part(
                each["part"].value,
                each["title"].value,
                int(each["triples"].value),
                text_of_term(each, "documents"),
                text_of_term(each, "graph"),
            )
            for each in parts
        ),
        tuple(sorted((p for p in partitions if p.entities), key=lambda p: (-p.entities, p.of.text))),
        tuple(sorted((p for p in partitions if not p.entities), key=lambda p: (-p.triples, p.of.text))),
    )


def _in_language(solutions: Iterable[Solution], name: str, language: str) -> Iterator[Solution]:
    for each in solutions:
        term = each[name]
        if isinstance(term, Literal) and term.language == language:
            yield each
