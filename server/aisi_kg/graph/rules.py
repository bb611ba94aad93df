"""Infer what follows by rules: SPARQL CONSTRUCT queries, one a file, run until nothing new comes.

The rules of ``ontology/rules/`` are general. They read the ontology's axioms (subclasses, subproperties,
domains, ranges, inverses, chains and so on) from the same store as the data, so that a new axiom needs no new
rule.

A rule is a query that any SPARQL engine can run, in a narrow form, so that a conclusion can be explained by
running the rule again with the conclusion in place of its variables::

    #+ id: sub-class              the file's name
    #+ title: …                   what it is about
    #+ title_zh: …
    #+ description: …             what it says
    #+ description_zh: …

    PREFIX …                      the prefixes that it uses

    CONSTRUCT { ?x a ?d } WHERE {    one triple
        ?c rdfs:subClassOf ?d .      one triple a line, with a full stop
        FILTER(ISIRI(?d))            or a filter, whole on its line
    }
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
)

from aisi_kg.errors import InputError
from aisi_kg.project import Project

__all__ = ["Closure", "Explanation", "Rule", "close", "infer_rules", "load_rules", "read_rule"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_TYPE = NamedNode(_RDF + "type")

#: What an ontology is made of. Its elements are described by hand; nothing is inferred about them.
_ELEMENTS = (
    _OWL + "AnnotationProperty",
    _OWL + "Class",
    _OWL + "DatatypeProperty",
    _OWL + "ObjectProperty",
    _OWL + "Ontology",
    _RDFS + "Datatype",
)

_HEADER_KEYS = ("id", "title", "title_zh", "description", "description_zh")
_HEADER = re.compile(rf"#\+ ({'|'.join(_HEADER_KEYS)}): (\S.*)")
_PREFIX = re.compile(r"PREFIX ([A-Za-z][A-Za-z0-9_-]*):\s*<([^<>\s]*)>")
_CONSTRUCT = re.compile(r"CONSTRUCT \{ (\S+) (\S+) (\S+) \} WHERE \{")
_PATTERN = re.compile(r"(\S+) (\S+) (\S+) \.")
_FILTER = re.compile(r"FILTER\(.*\)")
_PLACE = re.compile(r"error at ([0-9]+):([0-9]+)")
_VARIABLE = re.compile(r"\?[a-z][A-Za-z0-9_]*")

_Term = NamedNode | BlankNode | Literal
_Pattern = tuple[Variable | NamedNode, Variable | NamedNode, Variable | NamedNode]
_Bindings = dict[Variable, _Term]


@dataclass(frozen=True)
class Rule:
    """Hold one rule.

    :param name: the file's name without its ending.
    :param title: what the rule is about.
    :param title_zh: the same in Chinese.
    :param description: what it says.
    :param description_zh: the same in Chinese.
    :param head: the triple that it concludes, with variables.
    :param body: the triples that it concludes from, with variables.
    :param construct: the query that gives its conclusions.
    :param select: the query that gives what its variables stand for.
    """

    name: str
    title: str
    title_zh: str
    description: str
    description_zh: str
    head: _Pattern
    body: tuple[_Pattern, ...]
    construct: str
    select: str


@dataclass(frozen=True)
class Explanation:
    """Say why a triple holds.

    :param triple: the triple.
    :param rule: the rule that concludes it; None where it is asserted.
    :param premises: why that which the rule concludes it from holds; empty where it is asserted.
    """

    triple: Triple
    rule: Rule | None = None
    premises: tuple["Explanation", ...] = ()

    def asserted(self) -> list[Triple]:
        """Give the asserted triples that it all rests on.

        :returns: each of them once, in the order in which the rules use them; axioms among them.
        """
        if self.rule is None:
            return [self.triple]
        return list(dict.fromkeys(triple for premise in self.premises for triple in premise.asserted()))


def load_rules(project: Project) -> tuple[Rule, ...]:
    """Read the rules of ``ontology/rules/``.

    :param project: the project.
    :returns: the rules by name; none where there is no such directory.
    :raises InputError: if a file cannot be read or is no rule.
    """
    paths = sorted((project.ontology / "rules").glob("*.rq"))
    return tuple(_load(path, project.relative(path)) for path in paths)


def _load(path: Path, file: str) -> Rule:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{file}: the rule cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: the rule is not in UTF-8; save it as UTF-8.") from error
    return read_rule(path.stem, text, file)


def read_rule(name: str, text: str, file: str) -> Rule:
    """Read one rule.

    :param name: its name.
    :param text: its text, as it stands in its file.
    :param file: where it comes from, for messages.
    :returns: the rule.
    :raises InputError: if it is no rule.
    """
    try:
        Store().query(text)
    except SyntaxError as error:
        place = _PLACE.search(str(error))
        line, column = place.groups() if place else (1, 1)
        raise InputError(
            f"{file}:{line}:{column}: the rule is no SPARQL from here on; correct it."
        ) from error
    reader = _Reader(file)
    for number, line in enumerate(text.splitlines(), 1):
        reader.read(number, line.strip())
    return reader.rule(name, text)


class _Reader:
    """Read a rule line by line."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._number = 0
        self._words: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        self._head: _Pattern | None = None
        self._body: list[_Pattern] = []
        self._construct = ""
        self._inside = False

    def _error(self, message: str) -> InputError:
        return InputError(f"{self._file}:{self._number}: {message}")

    def read(self, number: int, line: str) -> None:
        """Take in one line."""
        self._number = number
        if match := _HEADER.fullmatch(line):
            self._words[match[1]] = match[2]
        elif line.startswith("#+"):
            raise self._error(
                f"a header line is one of {', '.join(_HEADER_KEYS)}, a colon, a text; correct it."
            )
        elif line.startswith("#") or not line:
            pass
        elif match := _PREFIX.fullmatch(line):
            self._prefixes[match[1]] = match[2]
        elif match := _CONSTRUCT.fullmatch(line):
            self._construct = line
            self._head = self._pattern(match)
            self._inside = True
        elif self._inside and line == "}":
            self._inside = False
        elif self._inside and (match := _PATTERN.fullmatch(line)):
            self._body.append(self._pattern(match))
        elif not (self._inside and _FILTER.fullmatch(line)):
            raise self._error(
                "a rule is CONSTRUCT { one triple } WHERE { and below it, each on its line, triples with a "
                "full stop and filters as FILTER(…); write this line so."
            )

    def _pattern(self, match: re.Match[str]) -> _Pattern:
        subject, predicate, object_ = (self._term(token) for token in match.groups())
        return subject, predicate, object_

    def _term(self, token: str) -> Variable | NamedNode:
        if _VARIABLE.fullmatch(token):
            return Variable(token[1:])
        if token == "a":
            return _TYPE
        prefix, colon, local = token.partition(":")
        if colon and prefix in self._prefixes:
            return NamedNode(self._prefixes[prefix] + local)
        raise self._error(f"{token} is neither a variable nor a name with a prefix; write it as one.")

    def rule(self, name: str, text: str) -> Rule:
        """Put the rule together."""
        self._number = 1
        missing = [key for key in _HEADER_KEYS if key not in self._words]
        if missing:
            raise self._error(f"the header lacks {', '.join(missing)}; add a line '#+ {missing[0]}: …'.")
        if self._words.pop("id") != name:
            raise self._error(f"the id is not the file's name; make it {name}.")
        if self._head is None or not self._body:
            raise self._error("the rule has no line CONSTRUCT { … } WHERE {, or no triple below it; add it.")
        return Rule(
            name=name,
            head=self._head,
            body=tuple(self._body),
            construct=text,
            select=text.replace(self._construct, "SELECT * WHERE {"),
            **self._words,
        )


def infer_rules(store: Store, project: Project) -> set[Triple]:
    """Infer what follows from a store's default graph by the project's rules.

    :param store: the merged triples in the default graph; they stay as they are.
    :param project: the project whose rules apply.
    :returns: what follows and is not among them.
    :raises InputError: if a rule cannot be read.
    """
    quads = store.quads_for_pattern(None, None, None, DefaultGraph())
    triples = (Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
    return set(close(triples, load_rules(project)).inferred)


def close(triples: Iterable[Triple], rules: Sequence[Rule]) -> "Closure":
    """Apply rules to triples until nothing new follows.

    :param triples: what is asserted, the ontology's axioms included.
    :param rules: the rules.
    :returns: what follows, with its reasons.
    """
    closure = Closure(triples, rules)
    closure.run()
    return closure


class Closure:
    """Hold triples, what follows from them by rules, and why.

    Nothing is inferred about classes, properties and ontologies, nothing with a blank node, and nothing that
    says of something that it is an ``owl:Thing``.

    :param triples: what is asserted, the ontology's axioms included.
    :param rules: the rules.
    """

    def __init__(self, triples: Iterable[Triple], rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._store = Store()
        self._store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)
        self._elements = {
            quad.subject
            for kind in _ELEMENTS
            for quad in self._store.quads_for_pattern(None, _TYPE, NamedNode(kind), DefaultGraph())
        }
        #: What was inferred, with the number of the step that found it first.
        self._steps: dict[Triple, int] = {}

    def run(self) -> None:
        """Apply the rules, one after the other and over again, until none gives anything new."""
        step = 0
        grown = 0  # the last step that gave something new
        last_run = [-1] * len(self._rules)
        while any(last <= grown for last in last_run):
            for index, rule in enumerate(self._rules):
                if last_run[index] > grown:
                    continue
                step += 1
                last_run[index] = step
                new = self._conclusions(rule)
                if new:
                    grown = step
                    self._store.extend(Quad(t.subject, t.predicate, t.object) for t in new)
                    self._steps.update(dict.fromkeys(new, step))

    def _conclusions(self, rule: Rule) -> set[Triple]:
        results = self._store.query(rule.construct)
        if not isinstance(results, QueryTriples):
            raise TypeError(f"the rule {rule.name} is no CONSTRUCT query")
        return {triple for triple in results if self._is_wanted(triple) and triple not in self}

    def _is_wanted(self, triple: Triple) -> bool:
        if not isinstance(triple.subject, NamedNode) or triple.subject in self._elements:
            return False
        if isinstance(triple.object, BlankNode):
            return False
        return triple.object != NamedNode(_OWL + "Thing")

    def __contains__(self, triple: Triple) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object) in self._store

    @property
    def inferred(self) -> Iterable[Triple]:
        """Give what follows and is not asserted."""
        return self._steps.keys()

    def triples(
        self, subject: _Term | None = None, predicate: NamedNode | None = None, object_: _Term | None = None
    ) -> Iterator[Triple]:
        """Find asserted and inferred triples.

        :param subject: the subject, or None for any.
        :param predicate: the predicate, or None for any.
        :param object_: the object, or None for any.
        :returns: the triples that fit.
        """
        if isinstance(subject, Literal):
            return
        for quad in self._store.quads_for_pattern(subject, predicate, object_, DefaultGraph()):
            yield Triple(quad.subject, quad.predicate, quad.object)

    def explain(self, triple: Triple) -> Explanation | None:
        """Say why a triple holds, as shortly as the rules found it.

        :param triple: any triple.
        :returns: the explanation, the same in each run; None where the triple does not hold.
        """
        if triple not in self:
            return None
        step = self._steps.get(triple)
        if step is None:
            return Explanation(triple)
        found = ((rule, premises) for rule in self._rules for premises in self._reasons(rule, triple))
        # Each premise was there before the step, so that no triple explains itself.
        earlier = [
            (max(steps), rule.name, [str(premise) for premise in premises], rule, premises)
            for rule, premises in found
            if max(steps := [self._steps.get(premise, 0) for premise in premises]) < step
        ]
        *_, rule, premises = min(earlier, key=lambda reason: reason[:3])
        explained = (self.explain(premise) for premise in premises)
        return Explanation(triple, rule, tuple(premise for premise in explained if premise is not None))

    def _reasons(self, rule: Rule, triple: Triple) -> Iterator[list[Triple]]:
        bindings = _unify(rule.head, triple)
        if bindings is None:
            return
        solutions = self._store.query(rule.select, substitutions={**bindings})
        if not isinstance(solutions, QuerySolutions):
            raise TypeError(f"the rule {rule.name} has no solutions")
        for solution in solutions:
            found = dict(bindings)
            for variable in solutions.variables:
                value = solution[variable]
                if isinstance(value, NamedNode | BlankNode | Literal):
                    found[variable] = value
            yield [_instantiate(pattern, found) for pattern in rule.body]


def _unify(pattern: _Pattern, triple: Triple) -> _Bindings | None:
    """Find what a pattern's variables stand for in a triple; None where it does not fit."""
    bindings: _Bindings = {}
    for part, term in zip(pattern, (triple.subject, triple.predicate, triple.object), strict=True):
        if isinstance(term, Triple):
            return None
        if isinstance(part, NamedNode):
            if part != term:
                return None
        elif bindings.setdefault(part, term) != term:
            return None
    return bindings


def _instantiate(pattern: _Pattern, bindings: _Bindings) -> Triple:
    subject, predicate, object_ = (bindings[p] if isinstance(p, Variable) else p for p in pattern)
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        raise TypeError(f"no triple: {subject} {predicate} {object_}")
    return Triple(subject, predicate, object_)
