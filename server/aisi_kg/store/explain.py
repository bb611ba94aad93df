"""Explain a triple: which claims state it, or from what it follows and by which axioms.

What follows is explained by running the rules backwards: with the triple in place of a rule's conclusion, the
rule's query finds what it can have been concluded from. What that was itself inferred from is looked up in
the same way, a layer at a time, until everything rests on what is stated; so the explanation is the
shallowest there is, and never circular. Memberships in defined classes, which only the reasoner finds, are
explained by the patterns that the definition asks for (see :mod:`aisi_kg.store.definitions`).

The rules come from the dataset, which publishes them (see :mod:`aisi_kg.store.rulebook`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, Variable, parse

from aisi_kg.errors import InputError
from aisi_kg.graph.axioms import OWL, RDF, RDFS, XSD, Axioms
from aisi_kg.graph.prefixes import CLAIM_BASE, INFERRED_GRAPH, ONTOLOGY_GRAPH, Prefixes
from aisi_kg.graph.rules import Rule
from aisi_kg.store.claims import Claim, read_claims
from aisi_kg.store.definitions import CLOSED, Absence, Pattern, class_text, definitions_of, ways_to_meet
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm, Solution, labels_of
from aisi_kg.store.library.records import Text
from aisi_kg.store.rulebook import published_rules

__all__ = ["Explanation", "Instead", "Step", "explain", "prefixed", "read_term", "read_triple", "turtle"]

_TYPE = NamedNode(RDF + "type")
_FIRST, _REST = NamedNode(RDF + "first"), NamedNode(RDF + "rest")
_CHAIN = NamedNode(OWL + "propertyChainAxiom")

# Turtle has these without their datatype.
_BARE = (XSD + "boolean", XSD + "integer")
_SELECT = "SELECT * WHERE {"
# So many triples are looked for in one query.
_BATCH = 200
# No inference of the dataset needs so many layers; the bound keeps a strange one from running on.
_LAYERS = 12
# So many other values are told where a triple is not stated.
_INSTEAD = 50
_LONGEST = 4_000

_GRAPHS = """SELECT ?s ?p ?o ?graph WHERE {{
  VALUES (?s ?p ?o) {{ {triples} }}
  GRAPH ?graph {{ ?s ?p ?o }}
}}
ORDER BY ?graph"""
_DEFINITIONS = f"""PREFIX owl: <{OWL}>
SELECT ?s ?p ?o WHERE {{
  GRAPH <{ONTOLOGY_GRAPH}> {{ ?s ?p ?o . FILTER(ISBLANK(?s) || ?p = owl:equivalentClass) }}
}}"""
_STATED = """SELECT ?s ?p ?o ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }
ORDER BY ?graph"""
_VALUES = """SELECT ?s ?p ?o ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }
ORDER BY ?o ?graph"""
_ANY_SUBJECT = "SELECT ?s ?p WHERE { ?s ?p ?o } LIMIT 1"


@dataclass(frozen=True)
class _Inference:
    """Hold how one kind of conclusion is drawn: by a rule, or by a definition in one of its ways."""

    name: str
    title: Text
    description: Text
    head: Pattern
    body: tuple[Pattern, ...]
    select: str
    axiom: str = ""
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True)
class _Reason:
    """Hold one way in which a triple can have been concluded."""

    inference: _Inference
    premises: tuple[Triple, ...]
    bindings: Mapping[Variable, RdfTerm]


@dataclass(frozen=True)
class Step:
    """Say why a triple holds.

    :param triple: the triple.
    :param graphs: IRIs of the graphs that state it, claims first; none where it was inferred.
    :param name: what concludes it: the name of a rule, or ``definition``; empty where it is stated, or where
        it is not found how the reasoner came to it.
    :param title: what that is about.
    :param description: what that says.
    :param premises: why that which it is concluded from holds.
    :param axioms: the axioms that are used, as Turtle or, a definition, in Manchester syntax.
    :param absences: what else is used: that no other value is known.
    """

    triple: Triple
    graphs: tuple[str, ...] = ()
    name: str = ""
    title: Text | None = None
    description: Text | None = None
    premises: tuple["Step", ...] = ()
    axioms: tuple[str, ...] = ()
    absences: tuple[Text, ...] = ()

    def stated(self) -> Iterator["Step"]:
        """Give the stated triples that it rests on, each time that one is used."""
        if self.graphs:
            yield self
        for premise in self.premises:
            yield from premise.stated()

    def all_axioms(self) -> Iterator[str]:
        """Give the axioms that it rests on, each time that one is used."""
        yield from self.axioms
        for premise in self.premises:
            yield from premise.all_axioms()


@dataclass(frozen=True)
class Instead:
    """Hold what the dataset says in place of a triple that nobody states: same subject, same predicate.

    :param triple: the triple.
    :param graphs: IRIs of the graphs that state it; none where it is inferred.
    """

    triple: Triple
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Explain a triple.

    :param triple: the triple.
    :param step: why it holds; None where nobody states it and it does not follow.
    :param claims: the claims that it rests on, by IRI.
    :param labels: names of what is spoken of, by IRI.
    :param instead: what is said in its place, where it does not hold.
    :param is_known: the dataset says something about the subject.
    """

    triple: Triple
    step: Step | None
    claims: Mapping[str, Claim]
    labels: Mapping[str, Text]
    instead: tuple[Instead, ...] = ()
    is_known: bool = True

    def data(self, prefixes: Prefixes, language: str) -> dict[str, Any]:
        """Tell a program.

        :param prefixes: what terms are shortened with.
        :param language: ``en`` or ``zh``.
        :returns: a JSON object.
        """
        told: dict[str, Any] = {
            "triple": self._terms(self.triple, language),
            "turtle": turtle(self.triple, prefixes),
        }
        if self.step is None:
            told["status"] = "not-stated"
            told["instead"] = [
                {**self._terms(each.triple, language), **_graphs_data(each.graphs)} for each in self.instead
            ]
        else:
            told["status"] = "stated" if self.step.graphs else "inferred"
            told["because"] = self._step(self.step, prefixes, language)
        told["claims"] = {iri: claim.data(language) for iri, claim in self.claims.items()}
        return told

    def _terms(self, triple: Triple, language: str) -> dict[str, Any]:
        return {
            name: self._term(term, language)
            for name, term in zip(("subject", "predicate", "object"), triple, strict=True)
        }

    def _term(self, term: object, language: str) -> dict[str, str]:
        if isinstance(term, Literal):
            told = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
            return {**told, "xml:lang": term.language} if term.language else told
        value = term.value if isinstance(term, NamedNode | BlankNode) else str(term)
        told = {"type": "uri" if isinstance(term, NamedNode) else "bnode", "value": value}
        label = self.labels.get(value)
        return {**told, "label": label.in_language(language)} if label else told

    def _step(self, step: Step, prefixes: Prefixes, language: str) -> dict[str, Any]:
        told: dict[str, Any] = {
            "triple": self._terms(step.triple, language),
            "turtle": turtle(step.triple, prefixes),
            **_graphs_data(step.graphs),
        }
        if step.graphs:
            return told
        if step.title is not None and step.description is not None:
            told["rule"] = {
                "name": step.name,
                "title": step.title.in_language(language),
                "description": step.description.in_language(language),
            }
        told["axioms"] = list(step.axioms)
        told["absences"] = [each.in_language(language) for each in step.absences]
        told["premises"] = [self._step(premise, prefixes, language) for premise in step.premises]
        return told


def _graphs_data(graphs: Sequence[str]) -> dict[str, Any]:
    return {
        "claims": [graph for graph in graphs if graph.startswith(CLAIM_BASE)],
        "graphs": [graph for graph in graphs if not graph.startswith(CLAIM_BASE)],
    }


def prefixed(term: object, prefixes: Prefixes) -> str:
    """Write a term as Turtle does.

    :param term: the term.
    :param prefixes: what IRIs are shortened with.
    :returns: the text.
    """
    if isinstance(term, NamedNode):
        return prefixes.shorten(term.value)
    if isinstance(term, Literal) and term.datatype.value in _BARE:
        return term.value
    if isinstance(term, Literal) and term.language is None and not term.datatype.value.endswith("#string"):
        return f"{Literal(term.value)}^^{prefixes.shorten(term.datatype.value)}"
    return str(term)


def turtle(triple: Triple, prefixes: Prefixes) -> str:
    """Write a triple as Turtle does.

    :param triple: the triple.
    :param prefixes: what IRIs are shortened with.
    :returns: the text, without a full stop.
    """
    words = [prefixed(term, prefixes) for term in triple]
    if triple.predicate == _TYPE:
        words[1] = "a"
    return " ".join(words)


def read_triple(text: str, prefixes: Prefixes) -> Triple:
    """Read a triple.

    :param text: subject, predicate and object as Turtle writes them; a full stop may follow.
    :param prefixes: the prefixes that they may use.
    :returns: the triple.
    :raises InputError: if it is no triple, or more than one.
    """
    body = text.strip()
    stopped = body if body.endswith((" .", "\t.")) else f"{body} ."
    triples = _parsed(stopped, text, prefixes)
    if len(triples) != 1:
        raise InputError(f"{_shown(text)} is {len(triples)} triples; give one: subject, predicate, object.")
    return triples[0]


def read_term(text: str, role: str, prefixes: Prefixes) -> str:
    """Read one term of a triple.

    :param text: the term as Turtle writes it.
    :param role: ``subject``, ``predicate`` or ``object``.
    :param prefixes: the prefixes that it may use.
    :returns: the term, written in full.
    :raises InputError: if it is no such term.
    """
    word = text.strip()
    places = {"subject": f"{word} <urn:p> <urn:o> .", "predicate": f"<urn:s> {word} <urn:o> ."}
    triples = _parsed(places.get(role, f"<urn:s> <urn:p> {word} ."), text, prefixes)
    if len(triples) != 1:
        raise InputError(f"{_shown(text)} is no {role}; give one term, such as entity:uk-aisi.")
    return str(
        {"subject": triples[0].subject, "predicate": triples[0].predicate}.get(role, triples[0].object)
    )


def _parsed(turtle_text: str, given: str, prefixes: Prefixes) -> list[Triple]:
    if len(given) > _LONGEST:
        raise InputError(
            f"The triple is longer than {_LONGEST} characters; no term of the dataset needs that."
        )
    declared = "".join(f"@prefix {prefix}: <{space}> . " for prefix, space in prefixes.items())
    try:
        quads = list(parse(declared + turtle_text, RdfFormat.TURTLE))
    except SyntaxError as error:
        # The place would be that in a text with declarations before it.
        detail = re.sub(r"^Parser error at line \d+[^:]*: ", "", error.msg or "it cannot be read")
        raise InputError(
            f"{_shown(given)} is no Turtle ({' '.join(detail.split())[:200]}); write subject, predicate and "
            "object such as entity:uk-aisi aisi:instituteOf entity:united-kingdom, with a prefix of the "
            "dataset or in full."
        ) from error
    triples = [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]
    if any(not isinstance(term, NamedNode | Literal) for triple in triples for term in triple):
        raise InputError(f"{_shown(given)} has a node without a name; give IRIs and literals.")
    return triples


def _shown(text: str) -> str:
    word = " ".join(text.split())
    return repr(word if len(word) <= 200 else word[:200] + "…")


def explain(triple: Triple, prefixes: Prefixes) -> Inquiry[Explanation]:
    """Explain a triple.

    :param triple: the triple, without blank nodes.
    :param prefixes: what axioms are written with.
    :returns: the explanation; that of a triple that nobody states says what is said instead.
    """
    subject, predicate, value = triple
    if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
        raise InputError(f"{turtle(triple, prefixes)} has a node without a name; give IRIs and literals.")
    # What a client has sent is bound, and stands in no text.
    bound = (("s", subject), ("p", predicate), ("o", value))
    found = [each["graph"].value for each in (yield QueryRequest(_STATED, bindings=bound))]
    if not found:
        return (yield from _not_stated(triple, subject))
    graphs = _in_order(graph for graph in found if graph != INFERRED_GRAPH)
    if graphs:
        step = Step(triple, graphs)
    else:
        best, stated = yield from _derivation(triple, prefixes)
        step = _step_of(triple, best, stated, prefixes)
    named = [each.triple for each in _steps(step)]
    claims = [graph for each in step.stated() for graph in each.graphs if graph.startswith(CLAIM_BASE)]
    details = yield from read_claims(claims)
    labels = yield from labels_of(_named_in(named))
    return Explanation(triple, step, details, labels)


def _steps(step: Step) -> Iterator[Step]:
    yield step
    for premise in step.premises:
        yield from _steps(premise)


def _named_in(triples: Iterable[Triple]) -> Iterator[str]:
    return (term.value for triple in triples for term in triple if isinstance(term, NamedNode))


def _not_stated(triple: Triple, subject: NamedNode) -> Inquiry[Explanation]:
    predicate = triple.predicate
    bound = (("s", subject), ("p", predicate))
    found: dict[Triple, list[str]] = {}
    for solution in (yield QueryRequest(_VALUES, bindings=bound)):
        value, graph = solution["o"], solution["graph"].value
        if not isinstance(value, BlankNode):
            graphs = found.setdefault(Triple(subject, predicate, value), [])
            if graph != INFERRED_GRAPH:
                graphs.append(graph)
    instead = tuple(Instead(each, _in_order(graphs)) for each, graphs in list(found.items())[:_INSTEAD])
    is_known = bool(found)
    if not is_known:
        is_known = bool((yield QueryRequest(_ANY_SUBJECT, bindings=bound[:1])))
    details = yield from read_claims(
        graph for each in instead for graph in each.graphs if graph.startswith(CLAIM_BASE)
    )
    names = _named_in(each.triple for each in instead) if is_known else ()
    labels = yield from labels_of(names)
    return Explanation(triple, None, details, labels, instead, is_known)


def _in_order(graphs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(graphs), key=lambda graph: (not graph.startswith(CLAIM_BASE), graph)))


def _graphs_of(triples: Iterable[Triple]) -> Inquiry[dict[Triple, tuple[str, ...]]]:
    """Find the graphs that state triples; of one that is inferred, there is none; others are left out."""
    found: dict[Triple, list[str]] = {}
    for batch in _batches(sorted(set(triples), key=str)):
        values = " ".join(f"({' '.join(map(str, triple))})" for triple in batch)
        for solution in (yield QueryRequest(_GRAPHS.format(triples=values))):
            graphs = found.setdefault(_instance(_SPO, _by_variable(solution)), [])
            if solution["graph"].value != INFERRED_GRAPH:
                graphs.append(solution["graph"].value)
    return {triple: _in_order(graphs) for triple, graphs in found.items()}


_SPO: Pattern = (Variable("s"), Variable("p"), Variable("o"))


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _by_variable(solution: Solution) -> dict[Variable, RdfTerm]:
    return {Variable(name): term for name, term in solution.items()}


def _instance(pattern: Pattern, bindings: Mapping[Variable, RdfTerm]) -> Triple:
    subject, predicate, value = (bindings[p] if isinstance(p, Variable) else p for p in pattern)
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        raise TypeError(f"no triple: {subject} {predicate} {value}")
    return Triple(subject, predicate, value)


def _unify(pattern: Pattern, triple: Triple) -> dict[Variable, RdfTerm] | None:
    """Find what a pattern's variables stand for in a triple; None where it does not fit."""
    bindings: dict[Variable, RdfTerm] = {}
    for part, term in zip(pattern, triple, strict=True):
        if not isinstance(part, Variable):
            if part != term:
                return None
        elif isinstance(term, Triple) or bindings.setdefault(part, term) != term:
            return None
    return bindings


_Best = dict[Triple, _Reason]


def _derivation(goal: Triple, prefixes: Prefixes) -> Inquiry[tuple[_Best, dict[Triple, tuple[str, ...]]]]:
    """Find from what an inferred triple follows, the fewest layers deep."""
    rules = yield from published_rules()
    inferences = [_of_rule(rule) for rule in rules]
    if goal.predicate == _TYPE:
        inferences += yield from _of_definitions(prefixes)
    stated: dict[Triple, tuple[str, ...]] = {goal: ()}
    reasons: dict[Triple, list[_Reason]] = {}
    best: _Best = {}
    waiting = [goal]
    for _ in range(_LAYERS):
        for inference in inferences:
            for conclusion, reason in (yield from _reasons(inference, waiting)):
                reasons.setdefault(conclusion, []).append(reason)
        new = {
            premise
            for triple in waiting
            for reason in reasons.get(triple, ())
            for premise in reason.premises
            if premise not in stated
        }
        nameless = {triple for triple in new if any(isinstance(term, BlankNode) for term in triple)}
        # Only the ontology has nodes without a name, and nothing is inferred about them.
        stated.update(dict.fromkeys(nameless, (ONTOLOGY_GRAPH,)))
        graphs = yield from _graphs_of(new - nameless)
        stated.update(graphs)
        best = _best(reasons, stated)
        if goal in best:
            break
        waiting = sorted((triple for triple in new - nameless if not graphs.get(triple)), key=str)
        if not waiting:
            break
    return best, stated


def _best(reasons: Mapping[Triple, Sequence[_Reason]], stated: Mapping[Triple, Sequence[str]]) -> _Best:
    """Choose for each triple the reason that rests on stated triples with the fewest layers between."""
    best: _Best = {}
    sizes: dict[Triple, int] = {}

    def size(reason: _Reason) -> tuple[int, str, list[str]]:
        parts = [sizes.get(premise, 0) + 1 for premise in reason.premises]
        return sum(parts), reason.inference.name, [str(premise) for premise in reason.premises]

    while True:
        layer: _Best = {}
        for triple, candidates in reasons.items():
            if triple in best:
                continue
            grounded = [
                reason
                for reason in candidates
                if all(stated.get(premise) or premise in best for premise in reason.premises)
            ]
            if grounded:
                layer[triple] = min(grounded, key=size)
        if not layer:
            return best
        sizes.update({triple: size(reason)[0] for triple, reason in layer.items()})
        best.update(layer)


def _reasons(inference: _Inference, triples: Sequence[Triple]) -> Inquiry[list[tuple[Triple, _Reason]]]:
    """Find from what an inference can have concluded triples."""
    variables = list(dict.fromkeys(part for part in inference.head if isinstance(part, Variable)))
    fitting = [bindings for triple in triples if (bindings := _unify(inference.head, triple)) is not None]
    found = []
    for batch in _batches(fitting):
        rows = " ".join(f"({' '.join(str(bindings[each]) for each in variables)})" for bindings in batch)
        values = f"VALUES ({' '.join(map(str, variables))}) {{ {rows} }}"
        text = inference.select.replace(_SELECT, f"{_SELECT} {values}", 1)
        for solution in (yield QueryRequest(text)):
            bindings = _by_variable(solution)
            premises = tuple(_instance(pattern, bindings) for pattern in inference.body)
            found.append((_instance(inference.head, bindings), _Reason(inference, premises, bindings)))
    return found


def _of_rule(rule: Rule) -> _Inference:
    return _Inference(
        rule.name,
        Text(rule.title, rule.title_zh),
        Text(rule.description, rule.description_zh),
        rule.head,
        rule.body,
        rule.select,
    )


_DEFINED = Text(en="Definition of a class", zh="类的定义")
_DEFINED_DESCRIPTION = Text(
    en="What meets the definition of a class belongs to it; the reasoner HermiT found that this does.",
    zh="满足某类之定义者属于该类；此处由推理机 HermiT 得出。",
)


def _of_definitions(prefixes: Prefixes) -> Inquiry[list[_Inference]]:
    """Make an inference of each way to meet a definition of the ontology."""
    solutions = yield QueryRequest(_DEFINITIONS)
    axioms = Axioms(_instance(_SPO, _by_variable(solution)) for solution in solutions)

    def written(term: RdfTerm) -> str:
        return prefixed(term, prefixes)

    found = []
    for cls, node, _ in definitions_of(axioms):
        axiom = f"{written(cls)} EquivalentTo: {class_text(axioms, node, written)}"
        for way in ways_to_meet(axioms, node):
            patterns = " ".join(f"{' '.join(map(str, pattern))} ." for pattern in way.patterns)
            select = f"{_SELECT} {patterns} {' '.join(way.filters)} }}"
            found.append(
                _Inference(
                    "definition",
                    _DEFINED,
                    _DEFINED_DESCRIPTION,
                    (Variable("x"), _TYPE, cls),
                    way.patterns,
                    select,
                    axiom,
                    way.absences,
                )
            )
    return found


def _step_of(
    triple: Triple, best: _Best, stated: Mapping[Triple, tuple[str, ...]], prefixes: Prefixes
) -> Step:
    if stated.get(triple):
        return Step(triple, stated[triple])
    reason = best.get(triple)
    if reason is None:
        return Step(triple)
    inference = reason.inference
    facts = [premise for premise in reason.premises if not _is_axiom(premise, stated.get(premise, ()))]
    axioms = [premise for premise in reason.premises if premise not in facts]
    texts = [*([inference.axiom] if inference.axiom else []), *_axiom_texts(axioms, prefixes)]

    def written(term: RdfTerm) -> str:
        return prefixed(term, prefixes)

    return Step(
        triple,
        name=inference.name,
        title=inference.title,
        description=inference.description,
        premises=tuple(_step_of(premise, best, stated, prefixes) for premise in dict.fromkeys(facts)),
        axioms=tuple(texts),
        absences=tuple(
            absence.text(written, written(reason.bindings[absence.subject])) for absence in inference.absences
        ),
    )


def _is_axiom(triple: Triple, graphs: Sequence[str]) -> bool:
    """Tell whether a triple is about classes and properties, not about things."""
    if ONTOLOGY_GRAPH not in graphs:
        return False
    if triple.predicate == _TYPE:
        return isinstance(triple.object, NamedNode) and triple.object.value.startswith((OWL, RDFS))
    return triple.predicate == CLOSED or triple.predicate.value.startswith((RDF, RDFS, OWL))


def _axiom_texts(axioms: Sequence[Triple], prefixes: Prefixes) -> Iterator[str]:
    """Write axioms; a chain of properties as one."""
    members = [triple.object for triple in axioms if triple.predicate == _FIRST]
    for triple in axioms:
        if triple.predicate in (_FIRST, _REST):
            continue
        if triple.predicate == _CHAIN:
            chain = " ".join(prefixed(member, prefixes) for member in members)
            yield f"{prefixed(triple.subject, prefixes)} {prefixed(_CHAIN, prefixes)} ( {chain} )"
        else:
            yield turtle(triple, prefixes)
