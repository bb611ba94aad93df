"""Describe the dataset in VoID and DCAT, its stored queries and its rules, for ``graph/meta``.

The numbers are those that a query counts over the default graph, so that they include this description,
which counts itself: it is written again and again until it does not change. Classes and entities are counted
where they have an IRI: ``void:entities`` are the subjects under the dataset's ``void:uriSpace``.

Every node has an IRI that says what it is: under ``graph/meta#``, such as ``#class-aisi-Claim``, or under
``queries/``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from aisi_kg.graph.prefixes import (
    AISI,
    BASE,
    CHANGES_GRAPH,
    CLAIM_BASE,
    ENTITIES_GRAPH,
    ENTITY_BASE,
    INFERRED_GRAPH,
    META_GRAPH,
    ONTOLOGY_GRAPH,
    RETIRED_GRAPH,
    WIKIDATA_GRAPH,
    Prefixes,
)
from aisi_kg.graph.rules import Rule
from aisi_kg.graph.style import natural_key
from aisi_kg.store.library.description import describe_library
from aisi_kg.store.library.records import StoredQuery
from aisi_kg.store.rulebook import describe_rules

__all__ = ["DATASET", "DUMPS", "LICENCE", "describe"]

#: The dataset as a resource.
DATASET = NamedNode(META_GRAPH + "#dataset")
LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
#: Extension, media type and name of each dump.
DUMPS = (
    ("jsonld", "application/ld+json", "JSON-LD"),
    ("nq", "application/n-quads", "N-Quads"),
    ("nt", "application/n-triples", "N-Triples"),
    ("rdf", "application/rdf+xml", "RDF/XML"),
    ("trig", "application/trig", "TriG"),
    ("ttl", "text/turtle", "Turtle"),
)

_DCAT = "http://www.w3.org/ns/dcat#"
_SCHEMA = "https://schema.org/"
_DCTERMS = "http://purl.org/dc/terms/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_OWL = "http://www.w3.org/2002/07/owl#"
_PROV = "http://www.w3.org/ns/prov#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_WIKIDATA_ITEMS = "http://www.wikidata.org/entity/"
_XSD_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CLAIM = NamedNode(AISI + "Claim")
_SOURCE = NamedNode(_PROV + "hadPrimarySource")
_ONTOLOGY = NamedNode(ONTOLOGY_GRAPH)
_EDITORS = NamedNode(META_GRAPH + "#editors")
_SERVICE = NamedNode(META_GRAPH + "#service")
_DEFAULT = DefaultGraph()

_TITLE = (
    "AISI-KG: national AI safety institutes, claim by claim",
    "AISI-KG：国家级人工智能安全研究所论断知识图谱",
)
_DESCRIPTION = (
    (
        "What sources say about national AI safety institutes, their money, people, access to models, "
        "cooperation and network: each claim as a named graph, with its passages and footnotes."
    ),
    "各来源对国家级人工智能安全研究所及其资金、人员、模型访问、合作与网络的表述：每条论断为一个命名图，并附其原文位置与脚注。",
)
_KEYWORDS = (
    ("AI safety institutes", "人工智能安全研究所"),
    ("AI governance", "人工智能治理"),
    ("provenance", "溯源"),
)

_Term = NamedNode | BlankNode | Literal
_Statement = tuple[NamedNode | BlankNode, NamedNode, _Term]
_Counted = TypeVar("_Counted")


def describe(
    store: Store,
    *,
    version: str,
    prefixes: Prefixes,
    queries: Iterable[StoredQuery] = (),
    rules: Iterable[Rule] = (),
) -> set[Triple]:
    """Describe a dataset.

    :param store: the dataset with its default graph, without a description of itself.
    :param version: the dataset's version.
    :param prefixes: the prefixes that name classes and properties.
    :param queries: the stored queries.
    :param rules: the rules of inference.
    :returns: the triples of ``graph/meta``; no blank nodes among them.
    """
    names: dict[str, str] = {}
    lasting = _Description(prefixes, names)
    lasting.add([*describe_library(queries), *describe_rules(rules)])
    lasting.dataset(store, version)
    lasting.distributions()
    lasting.subsets(store)
    lasting.links(store)
    lasting.examples(store)

    tally = _Tally()
    plain: set[_Statement] = {
        (quad.subject, quad.predicate, quad.object)
        for quad in store.quads_for_pattern(None, None, None, _DEFAULT)
        if not isinstance(quad.subject, Triple) and not isinstance(quad.object, Triple)
    }
    for statement in plain:
        tally.add(statement)
    found: set[_Statement] = set()
    unsettled: set[tuple[NamedNode, str]] = set()
    rounds = 0
    while True:
        description = _Description(prefixes, names, lasting.statements, unsettled)
        description.numbers(tally)
        description.partitions(tally)
        if description.statements == found:
            return {Triple(*statement) for statement in found}
        rounds += 1
        if rounds > _ROUNDS:
            changing = description.statements ^ found
            going = {(s, p.value) for s, p, _ in changing if isinstance(s, NamedNode)}
            # Those of parts first: without them, the numbers of the whole may settle.
            unsettled |= {each for each in going if each[0] != DATASET} or going
            rounds = 0
        for statement in found - description.statements - plain:
            tally.remove(statement)
        for statement in description.statements - found - plain:
            tally.add(statement)
        found = description.statements


# It settles in four. A number that says how many different numbers there are could go back and forth between
# two values, of which neither is true while it stands there; after so many rounds it is left out.
_ROUNDS = 10


class _Tally:
    """Count statements, each of which is added once."""

    def __init__(self) -> None:
        self.triples = 0
        #: Each with the number of its statements.
        self.subjects: Counter[NamedNode | BlankNode] = Counter()
        self.objects: Counter[_Term] = Counter()
        #: The same for each property.
        self.subjects_of: dict[NamedNode, Counter[NamedNode | BlankNode]] = defaultdict(Counter)
        self.objects_of: dict[NamedNode, Counter[_Term]] = defaultdict(Counter)
        #: The classes of each subject, where they have an IRI.
        self.types: dict[NamedNode | BlankNode, set[NamedNode]] = defaultdict(set)
        #: The properties of the members of each class, with the number of their statements.
        self.properties_of: dict[NamedNode, Counter[NamedNode]] = defaultdict(Counter)
        self._by_subject: dict[NamedNode | BlankNode, Counter[NamedNode]] = defaultdict(Counter)

    def add(self, statement: _Statement) -> None:
        subject, predicate, value = statement
        if predicate == _TYPE and isinstance(value, NamedNode):
            self.types[subject].add(value)
            self.properties_of[value].update(self._by_subject[subject])
        self._count(statement, 1)

    def remove(self, statement: _Statement) -> None:
        """Count a statement no more; it is none that names a class."""
        self._count(statement, -1)

    def _count(self, statement: _Statement, number: int) -> None:
        subject, predicate, value = statement
        self.triples += number
        _change(self.subjects, subject, number)
        _change(self.objects, value, number)
        _change(self.subjects_of[predicate], subject, number)
        _change(self.objects_of[predicate], value, number)
        _change(self._by_subject[subject], predicate, number)
        for kind in self.types.get(subject, ()):
            _change(self.properties_of[kind], predicate, number)


def _change(counter: Counter[_Counted], what: _Counted, number: int) -> None:
    """Change a number; what is there no more has none."""
    counter[what] += number
    if not counter[what]:
        del counter[what]


class _Description:
    """Collect the description's triples.

    :param names: the names of its nodes, which it adds to.
    :param statements: what it begins with.
    :param unsettled: the numbers that are left out.
    """

    def __init__(
        self,
        prefixes: Prefixes,
        names: dict[str, str],
        statements: Iterable[_Statement] = (),
        unsettled: Container[tuple[NamedNode, str]] = (),
    ) -> None:
        self.statements = set(statements)
        self._named = names
        self._prefixes = prefixes
        self._unsettled = unsettled

    def add(self, triples: Iterable[Triple]) -> None:
        for triple in triples:
            if not isinstance(triple.subject, Triple) and not isinstance(triple.object, Triple):
                self.statements.add((triple.subject, triple.predicate, triple.object))

    def _say(self, subject: NamedNode, predicate: str, *values: _Term) -> None:
        for value in values:
            self.statements.add((subject, NamedNode(predicate), value))

    def _count(self, subject: NamedNode, name: str, number: int) -> None:
        if (subject, _VOID + name) not in self._unsettled:
            self._say(subject, _VOID + name, Literal(str(number), datatype=_XSD_INTEGER))

    def _node(self, *parts: str) -> NamedNode:
        """Mint a readable IRI; two names that come out alike are told apart by a number."""
        name = "-".join(parts)
        readable = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-")
        taken = self._named
        candidate, number = readable, 1
        while taken.setdefault(candidate, name) != name:
            number += 1
            candidate = f"{readable}-{number}"
        return NamedNode(f"{META_GRAPH}#{candidate}")

    def dataset(self, store: Store, version: str) -> None:
        kinds = (_DCAT + "Dataset", _VOID + "Dataset", _SCHEMA + "Dataset")
        self._say(DATASET, _TYPE.value, *map(NamedNode, kinds))
        # What search engines for datasets read; they know no Dublin Core.
        self._say(DATASET, _SCHEMA + "name", *_both(_TITLE))
        self._say(DATASET, _SCHEMA + "description", *_both(_DESCRIPTION))
        self._say(DATASET, _SCHEMA + "license", LICENCE)
        self._say(DATASET, _DCTERMS + "title", *_both(_TITLE))
        self._say(DATASET, _DCTERMS + "description", *_both(_DESCRIPTION))
        for keyword in _KEYWORDS:
            self._say(DATASET, _DCAT + "keyword", *_both(keyword))
        for name in ("issued", "modified"):
            self._say(DATASET, _DCTERMS + name, *_header(store, name))
        # The editors are named in the ontology's header; where they have no IRI there, they get one here.
        creators = _header(store, "creator")
        names = [creator for creator in creators if isinstance(creator, Literal)]
        agents: list[_Term] = [creator for creator in creators if isinstance(creator, NamedNode)]
        if names:
            self._say(_EDITORS, _TYPE.value, NamedNode(_FOAF + "Agent"), NamedNode(_PROV + "Agent"))
            self._say(_EDITORS, _FOAF + "name", *names)
            agents.append(_EDITORS)
        for predicate in (_DCTERMS + "creator", _DCTERMS + "publisher", _PROV + "wasAttributedTo"):
            self._say(DATASET, predicate, *agents)
        self._say(DATASET, _DCTERMS + "license", LICENCE)
        self._say(DATASET, _DCAT + "version", Literal(version))
        self._say(DATASET, _OWL + "versionInfo", Literal(version))
        self._say(DATASET, _DCTERMS + "language", Literal("en"), Literal("zh"))
        self._say(DATASET, _DCTERMS + "conformsTo", _ONTOLOGY)
        self._say(DATASET, _FOAF + "homepage", NamedNode(BASE))
        self._say(DATASET, _DCAT + "landingPage", NamedNode(BASE))
        self._say(DATASET, _VOID + "sparqlEndpoint", NamedNode(BASE + "sparql"))
        self._say(DATASET, _VOID + "uriSpace", Literal(BASE))
        self._say(_SERVICE, _TYPE.value, NamedNode(_DCAT + "DataService"))
        self._say(_SERVICE, _DCTERMS + "title", *_both(("SPARQL endpoint", "SPARQL 端点")))
        self._say(_SERVICE, _DCAT + "endpointURL", NamedNode(BASE + "sparql"))
        self._say(_SERVICE, _DCAT + "servesDataset", DATASET)

    def distributions(self) -> None:
        for extension, media_type, name in DUMPS:
            node, file = self._node("distribution", extension), NamedNode(f"{BASE}dump.{extension}")
            self._say(DATASET, _DCAT + "distribution", node)
            self._say(DATASET, _VOID + "dataDump", file)
            self._say(node, _TYPE.value, NamedNode(_DCAT + "Distribution"))
            self._say(node, _DCTERMS + "title", *_both((f"AISI-KG as {name}", f"AISI-KG（{name}）")))
            self._say(node, _DCTERMS + "license", LICENCE)
            self._say(node, _DCAT + "downloadURL", file)
            media = NamedNode(f"https://www.iana.org/assignments/media-types/{media_type}")
            self._say(node, _DCAT + "mediaType", media)

    def numbers(self, tally: _Tally) -> None:
        entities = [s for s in tally.subjects if isinstance(s, NamedNode) and s.value.startswith(BASE)]
        properties = [predicate for predicate, values in tally.objects_of.items() if values]
        self._count(DATASET, "triples", tally.triples)
        self._count(DATASET, "entities", len(entities))
        self._count(DATASET, "classes", len(tally.properties_of))
        self._count(DATASET, "properties", len(properties))
        self._count(DATASET, "distinctSubjects", len(tally.subjects))
        self._count(DATASET, "distinctObjects", len(tally.objects))
        used = {self._prefixes.split(term.value) for term in (*tally.properties_of, *properties)}
        for prefix in sorted({parts[0] for parts in used if parts}):
            namespace = self._prefixes[prefix]
            self._say(DATASET, _VOID + "vocabulary", _ONTOLOGY if namespace == AISI else NamedNode(namespace))

    def partitions(self, tally: _Tally) -> None:
        for predicate in sorted(tally.objects_of, key=_by_name):
            subjects, values = tally.subjects_of[predicate], tally.objects_of[predicate]
            if not values:
                continue
            node = self._node("property", self._short(predicate))
            self._say(DATASET, _VOID + "propertyPartition", node)
            self._say(node, _VOID + "property", predicate)
            self._count(node, "triples", values.total())
            self._count(node, "distinctSubjects", len(subjects))
            self._count(node, "distinctObjects", len(values))
        # What an editor of queries proposes: the properties of things, not those of the ontology's own
        # elements and codes, and not once more for each class of another vocabulary that the things belong to
        # as well.
        things = (s for s in tally.types if isinstance(s, NamedNode) and not s.value.startswith(AISI))
        detailed = {kind for s in things for kind in tally.types[s] if kind.value.startswith(AISI)}
        for kind in sorted(tally.properties_of, key=_by_name):
            numbers = tally.properties_of[kind]
            node = self._node("class", self._short(kind))
            self._say(DATASET, _VOID + "classPartition", node)
            self._say(node, _VOID + "class", kind)
            self._count(node, "entities", tally.objects_of[_TYPE][kind])
            self._count(node, "triples", numbers.total())
            if kind not in detailed:
                continue
            for predicate in sorted(numbers, key=_by_name):
                inner = self._node("class", self._short(kind), "property", self._short(predicate))
                self._say(node, _VOID + "propertyPartition", inner)
                self._say(inner, _VOID + "property", predicate)
                self._count(inner, "triples", numbers[predicate])

    def _short(self, term: NamedNode) -> str:
        return self._prefixes.shorten(term.value).strip("<>")

    def subsets(self, store: Store) -> None:
        """Describe the graphs that are no claim's, and the claims of each source."""
        names = {
            ONTOLOGY_GRAPH: ("ontology", "Ontology", "本体"),
            ENTITIES_GRAPH: ("entities", "Names of entities", "实体名称"),
            INFERRED_GRAPH: ("inferred", "Inferred triples", "推理所得"),
            CHANGES_GRAPH: ("changes", "Changes of the dataset", "数据集的变更"),
            RETIRED_GRAPH: ("retired", "IRIs that are no longer used", "停用的IRI"),
            WIKIDATA_GRAPH: ("wikidata", "Links to Wikidata", "与维基数据的链接"),
        }
        claims: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for quad in store.quads_for_pattern(None, _SOURCE, None, _DEFAULT):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                claims[quad.object].append(quad.subject)
        graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
        for graph in sorted(graphs, key=_by_name):
            if graph.value.startswith(CLAIM_BASE):
                continue
            name, english, chinese = names.get(
                graph.value, (graph.value.removeprefix(BASE), f"Graph {graph.value}", f"图 {graph.value}")
            )
            node = self._subset(("graph", name), (english, chinese), store, [graph])
            self._say(node, _TYPE.value, NamedNode(_SD + "NamedGraph"))
            self._say(node, _SD + "name", graph)
        for source in sorted(claims, key=_by_name):
            name = source.value.rsplit("/", 1)[-1]
            titles = (f"Claims of {name}", f"{name} 的论断")
            node = self._subset(("claims", name), titles, store, claims[source])
            self._say(node, _DCTERMS + "source", source)
            self._count(node, "documents", len(set(claims[source])))
            self._say(DATASET, _DCTERMS + "source", source)

    def links(self, store: Store) -> None:
        """Describe the links to Wikidata, by the property that makes them."""
        numbers: Counter[NamedNode] = Counter()
        for quad in store.quads_for_pattern(None, None, None, NamedNode(WIKIDATA_GRAPH)):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ENTITY_BASE):
                numbers[quad.predicate] += 1
        other = self._node("wikidata")
        if numbers:
            self._say(other, _TYPE.value, NamedNode(_VOID + "Dataset"))
            self._say(other, _DCTERMS + "title", *_both(("Wikidata", "维基数据")))
            self._say(other, _FOAF + "homepage", NamedNode("https://www.wikidata.org/"))
            self._say(other, _VOID + "uriSpace", Literal(_WIKIDATA_ITEMS))
        for predicate in sorted(numbers, key=_by_name):
            short = self._short(predicate)
            node = self._node("links", "wikidata", short)
            self._say(DATASET, _VOID + "subset", node)
            self._say(node, _TYPE.value, NamedNode(_VOID + "Linkset"))
            self._say(
                node,
                _DCTERMS + "title",
                *_both((f"Links to Wikidata by {short}", f"以 {short} 与维基数据的链接")),
            )
            self._say(node, _VOID + "linkPredicate", predicate)
            self._say(node, _VOID + "subjectsTarget", DATASET)
            self._say(node, _VOID + "objectsTarget", other)
            self._count(node, "triples", numbers[predicate])

    def _subset(
        self, name: tuple[str, ...], titles: tuple[str, str], store: Store, graphs: Iterable[NamedNode]
    ) -> NamedNode:
        node = self._node(*name)
        self._say(DATASET, _VOID + "subset", node)
        self._say(node, _TYPE.value, NamedNode(_VOID + "Dataset"))
        self._say(node, _DCTERMS + "title", *_both(titles))
        stated = {(q.subject, q.predicate, q.object) for q in _quads_of(store, graphs)}
        self._count(node, "triples", len(stated))
        return node

    def examples(self, store: Store) -> None:
        """Name the entities that most claims speak of, and the first claim."""
        mentions: Counter[NamedNode] = Counter()
        claims = [q.subject for q in store.quads_for_pattern(None, _TYPE, _CLAIM, _DEFAULT)]
        named = [claim for claim in claims if isinstance(claim, NamedNode)]
        for claim in named:
            terms = {
                t for q in store.quads_for_pattern(None, None, None, claim) for t in (q.subject, q.object)
            }
            mentions.update(t for t in terms if isinstance(t, NamedNode) and t.value.startswith(ENTITY_BASE))
        often = sorted(mentions, key=lambda entity: (-mentions[entity], _by_name(entity)))
        self._say(DATASET, _VOID + "exampleResource", *often[:3], *sorted(named, key=_by_name)[:1])


def _header(store: Store, name: str) -> list[_Term]:
    """Give what the ontology's header says of itself."""
    quads = store.quads_for_pattern(_ONTOLOGY, NamedNode(_DCTERMS + name), None, _DEFAULT)
    return [quad.object for quad in quads if not isinstance(quad.object, Triple)]


def _quads_of(store: Store, graphs: Iterable[NamedNode]) -> Iterator[Quad]:
    for graph in graphs:
        yield from store.quads_for_pattern(None, None, None, graph)


def _both(texts: tuple[str, str]) -> tuple[Literal, Literal]:
    return Literal(texts[0], language="en"), Literal(texts[1], language="zh")


def _by_name(term: NamedNode) -> tuple[str, str]:
    return natural_key(term.value)
