"""Read the ontology for people: each term with what is said of it, and what the dataset makes of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aisi_kg.graph.axioms import OWL, RDF, RDFS, Axioms, Node
from aisi_kg.graph.prefixes import AISI, BASE, ONTOLOGY_GRAPH, Prefixes
from aisi_kg.store.definitions import class_text
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.explain import prefixed
from aisi_kg.store.inquiry import Inquiry, Solution, labels_of
from aisi_kg.store.library.records import LANGUAGES, Text

__all__ = ["Kind", "Term", "Vocabulary", "read_vocabulary"]

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_SH = "http://www.w3.org/ns/shacl#"
_PREFIXES = f"""PREFIX aisi: <{AISI}>
PREFIX skos: <{_SKOS}>
PREFIX void: <http://rdfs.org/ns/void#>
"""
_AXIOMS = f"SELECT ?s ?p ?o {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?s ?p ?o }} }}"
# Which claims use a term: as a property, as the class of what they speak of, as a value.
_USED = (
    "GRAPH ?claim { ?s ?term ?o }",
    "GRAPH ?claim { ?s ?p ?o } ?s a ?term FILTER(STRSTARTS(STR(?term), STR(aisi:)))",
    "GRAPH ?claim { ?s ?p ?term } ?term skos:inScheme ?scheme",
)
_USES = """SELECT ?term (MIN(STR(?claim)) AS ?first) (MAX(STR(?claim)) AS ?last)
  (COUNT(DISTINCT ?claim) AS ?number)
WHERE {{ ?claim a aisi:Claim . {pattern} }}
GROUP BY ?term"""
_COUNTS = """SELECT ?term (MAX(?of) AS ?number) WHERE {
  { ?part void:class ?term ; void:entities ?of } UNION { ?part void:property ?term ; void:triples ?of }
}
GROUP BY ?term"""
_MEMBERS = f"""SELECT ?term ?member WHERE {{
  ?member a ?term
  FILTER(STRSTARTS(STR(?member), "{BASE}entity/") || STRSTARTS(STR(?member), STR(aisi:)))
  FILTER(STRSTARTS(STR(?term), STR(aisi:)))
}}
ORDER BY ?term ?member"""
_STATEMENTS = """SELECT ?claim ?text WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim aisi:statement ?text
}}"""
_SHOWN_MEMBERS = 6

_CHARACTERISTICS = (
    "FunctionalProperty",
    "InverseFunctionalProperty",
    "TransitiveProperty",
    "SymmetricProperty",
    "AsymmetricProperty",
    "ReflexiveProperty",
    "IrreflexiveProperty",
)
_OWN_CHARACTERISTICS = ("oneValueAtATime", "closedInReasoning")
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


class Kind:
    """Name the kinds of terms."""

    CLASS = "class"
    OBJECT_PROPERTY = "object-property"
    DATA_PROPERTY = "data-property"
    ANNOTATION_PROPERTY = "annotation-property"
    SCHEME = "scheme"
    CODE = "code"
    #: What the ontology speaks of and does not say what it is.
    OTHER = "other"


_KINDS = (
    (OWL + "Class", Kind.CLASS),
    (OWL + "ObjectProperty", Kind.OBJECT_PROPERTY),
    (OWL + "DatatypeProperty", Kind.DATA_PROPERTY),
    (OWL + "AnnotationProperty", Kind.ANNOTATION_PROPERTY),
    (_SKOS + "ConceptScheme", Kind.SCHEME),
    (_SKOS + "Concept", Kind.CODE),
)


@dataclass(frozen=True)
class Term:
    """Hold what is said of a term; other terms stand as IRIs.

    :param iri: the term.
    :param kind: one of :class:`Kind`.
    :param label: what it is called.
    :param definition: what it means; empty where that is not said.
    :param notes: further notes.
    :param supers: what it is a kind of: classes, properties, or broader codes.
    :param subs: the other direction.
    :param expressions: class expressions that it is equivalent to, in OWL's Manchester syntax.
    :param restrictions: class expressions that it is a kind of.
    :param domain: the classes of subjects of a property; one of them where there are several.
    :param range: the classes or datatypes of its objects.
    :param inverse: the properties that say the same in the other direction.
    :param characteristics: names of what OWL or this ontology says of a property as such.
    :param chains: paths of properties that it follows from.
    :param matches: terms of other vocabularies, each with the name of the relation to it.
    :param of_subjects: the properties whose domain a class is.
    :param of_objects: the properties whose range it is.
    :param schemes: the schemes that a code belongs to.
    :param notation: the code's notation.
    :param is_deprecated: whether it is kept for old data alone.
    :param number: how many members a class has, or triples a property.
    :param members: some members of a class.
    :param claims: how many claims use it.
    :param examples: some of these.
    """

    iri: str
    kind: str
    label: Text
    definition: Text = field(default_factory=lambda: Text("", ""))
    notes: tuple[Text, ...] = ()
    supers: tuple[str, ...] = ()
    subs: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()
    matches: tuple[tuple[str, str], ...] = ()
    of_subjects: tuple[str, ...] = ()
    of_objects: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    notation: str = ""
    is_deprecated: bool = False
    number: int = 0
    members: tuple[str, ...] = ()
    claims: int = 0
    examples: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Give the last part of its IRI.

        :returns: the fragment.
        """
        return self.iri.removeprefix(AISI)


@dataclass(frozen=True)
class Vocabulary:
    """Hold the ontology.

    :param title: what it is called.
    :param description: what it is for.
    :param version: its version.
    :param terms: its terms by IRI, by kind and then by name.
    :param labels: names of these and of what else is spoken of.
    :param statements: what the claims state that stand as examples.
    :param prefixes: the prefixes that it declares: local name of the declaration, prefix, namespace.
    """

    title: Text
    description: Text
    version: str
    terms: Mapping[str, Term]
    labels: Mapping[str, Text]
    statements: Mapping[str, Text]
    prefixes: tuple[tuple[str, str, str], ...] = ()

    def of_kind(self, *kinds: str) -> list[Term]:
        """Give the terms of some kinds.

        :param kinds: the kinds.
        :returns: the terms, in order.
        """
        return [term for term in self.terms.values() if term.kind in kinds]

    def codes(self, scheme: str) -> list[Term]:
        """Give the codes of a scheme.

        :param scheme: the scheme.
        :returns: its codes, in order.
        """
        return [term for term in self.of_kind(Kind.CODE) if scheme in term.schemes]


def read_vocabulary(prefixes: Prefixes) -> Inquiry[Vocabulary]:
    """Read the ontology and what the dataset makes of its terms.

    :param prefixes: what terms of class expressions are shortened with.
    :returns: the ontology.
    """
    triples = [triple for solution in (yield QueryRequest(_AXIOMS)) if (triple := _triple(solution))]
    axioms = Axioms(triples)
    uses: dict[str, tuple[int, tuple[str, ...]]] = {}
    for pattern in _USED:
        for solution in (yield QueryRequest(_PREFIXES + _USES.format(pattern=pattern))):
            examples = tuple(dict.fromkeys((solution["first"].value, solution["last"].value)))
            uses[solution["term"].value] = (int(solution["number"].value), examples)
    counted = yield QueryRequest(_PREFIXES + _COUNTS)
    numbers = {each["term"].value: int(each["number"].value) for each in counted}
    members: dict[str, list[str]] = defaultdict(list)
    for solution in (yield QueryRequest(_PREFIXES + _MEMBERS)):
        found = members[solution["term"].value]
        if len(found) < _SHOWN_MEMBERS:
            found.append(solution["member"].value)
    subjects = {triple.subject for triple in triples if isinstance(triple.subject, NamedNode)}
    reader = _Reader(axioms, subjects, prefixes, uses, numbers, members)
    terms = {term.iri: term for term in reader.terms()}
    spoken_of = {iri for term in terms.values() for iri in _others(term)} - set(terms)
    labels = yield from labels_of(spoken_of)
    statements = yield from _statements(example for term in terms.values() for example in term.examples)
    ontology = NamedNode(ONTOLOGY_GRAPH)
    return Vocabulary(
        reader.text(ontology, _DCTERMS + "title"),
        reader.text(ontology, _DCTERMS + "description"),
        reader.value(ontology, OWL + "versionInfo"),
        terms,
        {**labels, **{iri: term.label for iri, term in terms.items()}},
        statements,
        tuple(reader.declarations()),
    )


def _triple(solution: Solution) -> Triple | None:
    subject, predicate, object_ = solution["s"], solution["p"], solution["o"]
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
        return Triple(subject, predicate, object_)
    return None


def _others(term: Term) -> Iterator[str]:
    yield from (*term.supers, *term.domain, *term.range, *term.inverse, *term.members)
    for chain in term.chains:
        yield from chain
    yield from (iri for _, iri in term.matches)


def _statements(claims: Iterable[str]) -> Inquiry[dict[str, Text]]:
    iris = sorted(set(claims))
    if not iris:
        return {}
    request = _STATEMENTS.format(claims=" ".join(str(NamedNode(iri)) for iri in iris))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for solution in (yield QueryRequest(_PREFIXES + request)):
        text = solution["text"]
        if isinstance(text, Literal) and text.language in LANGUAGES:
            found[solution["claim"].value][text.language] = text.value
    return {claim: _both(texts) for claim, texts in found.items()}


def _both(texts: Mapping[str, str]) -> Text:
    """Make a text of what there is; where there is one language alone, it serves for both."""
    first = next(iter(texts.values()), "")
    return Text(**{language: texts.get(language, first) for language in LANGUAGES})


class _Reader:
    """Make terms of the ontology's axioms."""

    def __init__(
        self,
        axioms: Axioms,
        subjects: Iterable[NamedNode],
        prefixes: Prefixes,
        uses: Mapping[str, tuple[int, tuple[str, ...]]],
        numbers: Mapping[str, int],
        members: Mapping[str, Sequence[str]],
    ) -> None:
        self._axioms = axioms
        self._prefixes = prefixes
        self._uses = uses
        self._numbers = numbers
        self._members = members
        self._kinds: dict[NamedNode, str] = {}
        for type_, kind in _KINDS:
            for node in axioms.instances(type_):
                if node.value.startswith(AISI):
                    self._kinds.setdefault(node, kind)
        declarations = set(axioms.nodes(NamedNode(ONTOLOGY_GRAPH), _SH + "declare"))
        for node in subjects:
            if node.value.startswith(AISI) and node not in declarations:
                self._kinds.setdefault(node, Kind.OTHER)
        self._domains = {node: tuple(self._classes(node, RDFS + "domain")) for node in self._kinds}
        self._ranges = {node: tuple(self._classes(node, RDFS + "range")) for node in self._kinds}
        self._below: dict[str, list[str]] = defaultdict(list)
        self._inverses: dict[str, set[str]] = defaultdict(set)
        for node in self._kinds:
            for above in self._above(node):
                self._below[above].append(node.value)
            for other in self._iris(node, OWL + "inverseOf"):
                self._inverses[node.value].add(other)
                self._inverses[other].add(node.value)
        self._of_subjects, self._of_objects = _turned(self._domains), _turned(self._ranges)

    def terms(self) -> Iterator[Term]:
        """Give the terms, by kind and then by name."""
        order = [*(kind for _, kind in _KINDS), Kind.OTHER]
        for node in sorted(self._kinds, key=lambda n: (order.index(self._kinds[n]), n.value.casefold())):
            yield self._term(node)

    def declarations(self) -> Iterator[tuple[str, str, str]]:
        """Give the prefixes that are declared."""
        declared = self._axioms.nodes(NamedNode(ONTOLOGY_GRAPH), _SH + "declare")
        for node in sorted(declared, key=str):
            if isinstance(node, NamedNode):
                name = node.value.removeprefix(AISI)
                yield name, self.value(node, _SH + "prefix"), self.value(node, _SH + "namespace")

    def text(self, node: Node, predicate: str) -> Text:
        """Read a text in both languages."""
        literals = [each for each in self._axioms.objects(node, predicate) if isinstance(each, Literal)]
        return _both({each.language or "en": each.value for each in literals})

    def value(self, node: Node, predicate: str) -> str:
        """Read a literal."""
        literals = [each for each in self._axioms.objects(node, predicate) if isinstance(each, Literal)]
        return literals[0].value if literals else ""

    def _term(self, node: NamedNode) -> Term:
        claims, examples = self._uses.get(node.value, (0, ()))
        label = self.text(node, RDFS + "label")
        return Term(
            node.value,
            self._kinds[node],
            label if label.en else self.text(node, _SKOS + "prefLabel"),
            self.text(node, _SKOS + "definition"),
            tuple(self._notes(node)),
            tuple(self._above(node)),
            tuple(sorted(self._below[node.value], key=str.casefold)),
            tuple(self._expressions(node, OWL + "equivalentClass")),
            tuple(self._expressions(node, RDFS + "subClassOf")),
            self._domains[node],
            self._ranges[node],
            tuple(sorted(self._inverses[node.value])),
            tuple(self._characteristics(node)),
            tuple(self._chains(node)),
            tuple(self._matches(node)),
            tuple(self._of_subjects[node.value]),
            tuple(self._of_objects[node.value]),
            tuple(self._iris(node, _SKOS + "inScheme")),
            self.value(node, _SKOS + "notation"),
            self.value(node, OWL + "deprecated") == "true",
            self._numbers.get(node.value, 0),
            tuple(self._members.get(node.value, ())),
            claims,
            examples,
        )

    def _iris(self, node: Node, predicate: str) -> list[str]:
        return [each.value for each in self._axioms.nodes(node, predicate) if isinstance(each, NamedNode)]

    def _above(self, node: NamedNode) -> list[str]:
        names = (RDFS + "subClassOf", RDFS + "subPropertyOf", _SKOS + "broader")
        return [iri for name in names for iri in self._iris(node, name)]

    def _classes(self, node: NamedNode, predicate: str) -> Iterator[str]:
        """Give the classes of a domain or range: one, or those of a union."""
        for each in self._axioms.nodes(node, predicate):
            if isinstance(each, NamedNode):
                yield each.value
            for parts in self._axioms.nodes(each, OWL + "unionOf"):
                yield from (part.value for part in self._axioms.members(parts) if isinstance(part, NamedNode))

    def _expressions(self, node: NamedNode, predicate: str) -> Iterator[str]:
        for each in self._axioms.nodes(node, predicate):
            if isinstance(each, BlankNode):
                yield class_text(self._axioms, each, lambda term: prefixed(term, self._prefixes))

    def _notes(self, node: NamedNode) -> Iterator[Text]:
        for name in ("scopeNote", "editorialNote", "changeNote", "example", "historyNote"):
            text = self.text(node, _SKOS + name)
            if text.en:
                yield text

    def _characteristics(self, node: NamedNode) -> Iterator[str]:
        types = self._iris(node, RDF + "type")
        yield from (name for name in _CHARACTERISTICS if OWL + name in types)
        yield from (name for name in _OWN_CHARACTERISTICS if self.value(node, AISI + name) == "true")

    def _chains(self, node: NamedNode) -> Iterator[tuple[str, ...]]:
        for cell in self._axioms.nodes(node, OWL + "propertyChainAxiom"):
            parts = self._axioms.members(cell)
            yield tuple(part.value for part in parts if isinstance(part, NamedNode))

    def _matches(self, node: NamedNode) -> Iterator[tuple[str, str]]:
        for name in _MATCHES:
            yield from ((name, iri) for iri in self._iris(node, _SKOS + name))


def _turned(of: Mapping[NamedNode, tuple[str, ...]]) -> Mapping[str, list[str]]:
    """List for each class the properties that name it."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in sorted(of, key=lambda each: each.value.casefold()):
        for name in of[node]:
            found[name].append(node.value)
    return found
