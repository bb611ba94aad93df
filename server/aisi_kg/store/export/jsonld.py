"""JSON-LD as a web developer would write it, by the published context ``ontology/context.jsonld``.

The context is read both ways: a property that it gives a name is written with that name, a language map, a
bare date or a short code, as the context says; anything else is written with its prefix and a full value.
What is written holds the part of the context that it uses, so that it is read without fetching anything.

A general JSON-LD library compacts by first building every expanded node in memory and took ten minutes to
read fifty thousand triples; this writer knows only the few features that our context has, and takes about a
second.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.graph.style import natural_key
from aisi_kg.project import Project
from aisi_kg.store.export.selection import Selection, stable

__all__ = ["CONTEXT_NAME", "Context", "Term", "load_context", "write_document", "write_flat"]

CONTEXT_NAME = "context.jsonld"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST, _NIL = _RDF + "type", _RDF + "first", _RDF + "rest", _RDF + "nil"
_XSD = "http://www.w3.org/2001/XMLSchema#"
# A number or truth value is written bare only where reading it back gives the same characters.
_NATIVE: dict[str, re.Pattern[str]] = {
    _XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    _XSD + "boolean": re.compile(r"true|false"),
}
#: As much of a value as is read at a glance.
_SHORT_LINE = 100
_LOCAL = re.compile(r"[A-Za-z0-9_-]+")
#: What a claim quotes and cites is written inside it, and what a footnote cites inside the footnote.
_EMBEDDED = {
    "http://www.w3.org/ns/prov#wasQuotedFrom",
    "http://purl.org/spar/cito/citesAsEvidence",
    "http://purl.org/spar/cito/cites",
}

_Object = NamedNode | BlankNode | Literal
_Node = dict[str, Any]
_Subjects = dict[str, dict[str, list[_Object]]]


@dataclass(frozen=True)
class Term:
    """Say how a context writes one property.

    :param key: the name in JSON.
    :param iri: the property.
    :param coercion: ``@id``, ``@vocab``, the datatype's IRI, or None.
    :param languages: values stand in a map from language to text.
    :param always_list: values stand in a list, even one.
    """

    key: str
    iri: str
    coercion: str | None
    languages: bool
    always_list: bool


class Context:
    """Compact names and values by a JSON-LD context.

    Of JSON-LD 1.1 it knows aliases of ``@id``, ``@type`` and ``@graph``, ``@vocab``, prefixes, type coercion
    and the containers ``@language`` and ``@set``.

    :param value: the object under ``@context``.
    :param name: what messages call the context.
    :raises InputError: if the context uses anything else, or names a property twice.
    """

    def __init__(self, value: Mapping[str, Any], name: str = CONTEXT_NAME) -> None:
        self._name = name
        self._value = dict(value)
        aliases = {v: k for k, v in value.items() if isinstance(v, str) and v in ("@id", "@type", "@graph")}
        self.id_key = aliases.get("@id", "@id")
        self.type_key = aliases.get("@type", "@type")
        self.graph_key = aliases.get("@graph", "@graph")
        self._vocabulary = str(value.get("@vocab", ""))
        self._namespaces = {
            k: v
            for k, v in value.items()
            if not k.startswith("@") and isinstance(v, str) and not v.startswith("@")
        }
        self.prefixes = Prefixes(self._namespaces)
        self._terms: dict[str, Term] = {}
        self._order: dict[str, int] = {}
        for key, definition in value.items():
            if isinstance(definition, dict):
                term = self._read(key, definition)
                if term.iri in self._terms:
                    raise InputError(
                        f"{name}: {key} and {self._terms[term.iri].key} name one property; keep one."
                    )
                self._terms[term.iri] = term
                self._order[key] = len(self._order)

    def _read(self, key: str, definition: Mapping[str, Any]) -> Term:
        containers = definition.get("@container", [])
        containers = [containers] if isinstance(containers, str) else containers
        coercion = definition.get("@type")
        known = definition.keys() <= {"@id", "@type", "@container"} and {*containers} <= {"@language", "@set"}
        if not known or not isinstance(definition.get("@id"), str):
            raise InputError(
                f"{self._name}: {key} is defined in a way that the writer does not know; see jsonld.py."
            )
        if coercion is not None and not coercion.startswith("@"):
            coercion = self._expand(coercion)
        return Term(
            key, self._expand(definition["@id"]), coercion, "@language" in containers, "@set" in containers
        )

    def _expand(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if colon and prefix in self._namespaces:
            return self._namespaces[prefix] + local
        if colon:
            return name
        raise InputError(f"{self._name}: {name} needs a prefix that the context declares.")

    @property
    def terms(self) -> Mapping[str, Term]:
        """Return the named properties, by IRI."""
        return self._terms

    @property
    def document(self) -> Mapping[str, Any]:
        """Return the context as it is published, without the ``@context`` around it."""
        return self._value

    def used(self, keys: Iterable[str]) -> dict[str, Any]:
        """Cut the context down to what a document uses.

        :param keys: the names and prefixes that the document uses.
        :returns: the object to stand under ``@context``, in the published order.
        """
        wanted = set(keys)
        for key in list(wanted):
            definition = self._value.get(key)
            if isinstance(definition, dict):
                wanted |= {
                    definition["@id"].partition(":")[0],
                    str(definition.get("@type", "")).partition(":")[0],
                }
        return {k: v for k, v in self._value.items() if k.startswith("@") or k in wanted}

    def shorten(self, iri: str, *, by_vocabulary: bool) -> str:
        """Write an IRI as short as reading it back allows.

        :param iri: the IRI.
        :param by_vocabulary: the place is one where a bare name is a term of the ontology.
        :returns: a bare name, a CURIE or the IRI.
        """
        if by_vocabulary and self._vocabulary and iri.startswith(self._vocabulary):
            local = iri[len(self._vocabulary) :]
            # A name that the context gives to something else would be read as that.
            if _LOCAL.fullmatch(local) and local not in self._value:
                return local
        parts = self.prefixes.split(iri)
        return iri if parts is None else f"{parts[0]}:{parts[1]}"

    def rank(self, key: str) -> tuple[int, str]:
        """Return the place of a key in a node: as in the context, then by name.

        :param key: a key.
        :returns: a sort key.
        """
        return self._order.get(key, len(self._order)), key


def load_context(project: Project) -> Context:
    """Read the project's JSON-LD context.

    :param project: the project.
    :returns: the context.
    :raises InputError: if the file is missing, is no JSON, or uses what the writer does not know.
    """
    path: Path = project.ontology / CONTEXT_NAME
    name = project.relative(path)
    try:
        value = json.loads(path.read_bytes())
        return Context(value["@context"], name)
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror}); JSON-LD is written by it.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{name} is not JSON with a key @context ({error}).") from error


def write_document(selection: Selection, context: Context) -> Iterator[bytes]:
    """Write a selection: its focus first, then the claims with their graphs inside, then what else is named.

    :param selection: the selection.
    :param context: the context to compact by.
    :returns: the document, in pieces.
    """
    writer = _Writer(stable(selection.about), context, nested=True)
    nodes: list[_Node] = []
    # A claim's graph is written in the claim; its own subjects are not looked for among what is said about
    # claims.
    graphs = {
        claim.value: _Writer(
            stable(Quad(q.subject, q.predicate, q.object) for q in quads), context, nested=False
        )
        for claim, quads in selection.claims.items()
    }
    first = [selection.focus.value] if selection.focus is not None else []
    for name in dict.fromkeys([*first, *graphs]):
        node = writer.node(name)
        if name in graphs:
            node[context.graph_key] = graphs[name].nodes()
            writer.keys |= graphs[name].keys | {context.graph_key}
        if len(node) > 1:
            nodes.append(node)
    nodes.extend(writer.nodes())
    yield from _serialise(context, writer.keys, nodes)


def write_flat(quads: Iterable[Quad], context: Context) -> Iterator[bytes]:
    """Write a graph as one list of nodes.

    :param quads: the triples, in a stable order.
    :param context: the context to compact by.
    :returns: the document, in pieces.
    """
    writer = _Writer(list(quads), context, nested=False)
    nodes = writer.nodes()
    yield from _serialise(context, writer.keys, nodes)


def _serialise(context: Context, keys: set[str], nodes: Iterable[_Node]) -> Iterator[bytes]:
    yield f'{{\n  "@context": {_pretty(context.used(keys), 2)},\n  "@graph": ['.encode()
    separator = "\n"
    for node in nodes:
        yield f"{separator}    {_pretty(node, 4)}".encode()
        separator = ",\n"
    yield b"\n  ]\n}\n"


def _pretty(value: Any, indent: int) -> str:
    """Write JSON with one value a line, and what is short and simple on the line of its key."""
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    items = value.values() if isinstance(value, dict) else value
    if all(_is_simple(item) for item in items):
        line = json.dumps(value, ensure_ascii=False)
        if len(line) <= _SHORT_LINE:
            return line
    tabs = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [f"{tabs}{json.dumps(key)}: {_pretty(item, indent + 2)}" for key, item in value.items()]
    else:
        lines = [tabs + _pretty(item, indent + 2) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + "\n" + ",\n".join(lines) + "\n" + " " * indent + closing


def _is_simple(value: Any) -> bool:
    return not isinstance(value, dict) and not (isinstance(value, list) and any(map(_is_nested, value)))


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)


class _Writer:
    """Write the nodes of one graph, each once, and remember the names they use."""

    def __init__(self, quads: list[Quad], context: Context, *, nested: bool) -> None:
        self._context = context
        self._nested = nested
        self.keys: set[str] = {context.id_key, context.type_key}
        self._subjects: _Subjects = {}
        parents: dict[str, int] = {}
        for quad in quads:
            subject, value = quad.subject, quad.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise InputError(f"{quad}: a triple stands as a term, which RDF 1.1 does not have.")
            self._subjects.setdefault(_id(subject), {}).setdefault(quad.predicate.value, []).append(value)
            if isinstance(value, BlankNode):
                # A type is written as a name, so that a blank one needs a node of its own.
                parents[str(value)] = parents.get(str(value), 0) + (2 if quad.predicate.value == _TYPE else 1)
        self._inner = self._written_inside(parents)
        self._embedded = {
            value.value
            for predicates in self._subjects.values()
            for predicate in _EMBEDDED & predicates.keys()
            for value in predicates[predicate]
            if nested and isinstance(value, NamedNode) and value.value in self._subjects
        }
        self._written: set[str] = set()
        self._open: list[str] = []

    def _written_inside(self, parents: Mapping[str, int]) -> set[str]:
        """Find the blank nodes that one other node refers to and that can be written inside it."""
        inner = {name for name, count in parents.items() if count == 1}
        reached: set[str] = set()
        pending = [name for name in self._subjects if name not in inner]
        while pending:
            name = pending.pop()
            for values in self._subjects.get(name, {}).values():
                for value in values:
                    if isinstance(value, BlankNode) and str(value) in inner and str(value) not in reached:
                        reached.add(str(value))
                        pending.append(str(value))
        return reached

    def nodes(self) -> list[_Node]:
        """Write every node that is not written yet."""
        left = [name for name in self._subjects if name not in self._inner and name not in self._written]
        # What another node embeds is left to the last, when it is written already.
        left.sort(key=lambda name: (name in self._embedded, name.startswith("_:"), natural_key(name)))
        return [self.node(name) for name in left if name not in self._written]

    def node(self, name: str) -> _Node:
        """Write a node with everything that is said of it."""
        self._written.add(name)
        self._open.append(name)
        predicates = self._subjects.get(name, {})
        node: _Node = {}
        if name not in self._inner:
            node[self._context.id_key] = (
                name if name.startswith("_:") else self._name(name, by_vocabulary=False)
            )
        if _TYPE in predicates:
            names = [self._type(value) for value in predicates[_TYPE] if not isinstance(value, Literal)]
            if names:
                names.sort(key=natural_key)
                node[self._context.type_key] = names[0] if len(names) == 1 else names
        body: _Node = {}
        for predicate, values in predicates.items():
            # RDF allows a text as a type; it is written as any property.
            is_type = predicate == _TYPE
            self._property(body, predicate, [v for v in values if not is_type or isinstance(v, Literal)])
        node.update(sorted(body.items(), key=lambda item: self._context.rank(item[0])))
        self._open.pop()
        return node

    def _type(self, value: NamedNode | BlankNode) -> str:
        return str(value) if isinstance(value, BlankNode) else self._name(value.value, by_vocabulary=True)

    def _name(self, iri: str, *, by_vocabulary: bool) -> str:
        text = self._context.shorten(iri, by_vocabulary=by_vocabulary)
        prefix, colon, _ = text.partition(":")
        if colon and text != iri:
            self.keys.add(prefix)
        return text

    def _property(self, body: _Node, predicate: str, values: list[_Object]) -> None:
        term = self._context.terms.get(predicate)
        plain: list[_Object] = values
        if term is not None and term.languages:
            tagged = [v for v in values if isinstance(v, Literal) and v.language]
            plain = [v for v in values if v not in tagged]
            if tagged:
                self.keys.add(term.key)
                body[term.key] = _language_map(tagged, always_list=term.always_list)
            term = None
        if not plain:
            return
        if term is None:
            key = self._context.shorten(predicate, by_vocabulary=predicate not in self._context.terms)
            self._name(predicate, by_vocabulary=predicate not in self._context.terms)
        else:
            key = term.key
            self.keys.add(key)
        written = sorted((self._value(value, predicate, term) for value in plain), key=_value_order)
        body[key] = written[0] if len(written) == 1 and not (term and term.always_list) else written

    def _value(self, value: _Object, predicate: str, term: Term | None) -> Any:
        if isinstance(value, Literal):
            return self._literal(value, term)
        name = _id(value)
        if name == _NIL:
            return {"@list": []}
        if name in self._inner:
            members = self._list(name)
            return self.node(name) if members is None else {"@list": members}
        if predicate in _EMBEDDED and name in self._embedded and name not in self._open:
            return self.node(name)
        coercion = term.coercion if term else None
        if isinstance(value, NamedNode):
            name = self._name(name, by_vocabulary=coercion == "@vocab")
        return name if coercion in ("@id", "@vocab") else {self._context.id_key: name}

    def _list(self, head: str) -> list[Any] | None:
        """Write a well-formed list, or return None where it is none."""
        members: list[Any] = []
        cells: list[str] = []
        cell = head
        while cell != _NIL:
            predicates = self._subjects.get(cell, {})
            if cell not in self._inner or predicates.keys() != {_FIRST, _REST}:
                return None
            if len(predicates[_FIRST]) != 1 or len(predicates[_REST]) != 1:
                return None
            cells.append(cell)
            (rest,) = predicates[_REST]
            if isinstance(rest, Literal):
                return None
            cell = _id(rest)
        for cell in cells:
            (member,) = self._subjects[cell][_FIRST]
            members.append(self._value(member, _FIRST, None))
        return members

    def _literal(self, literal: Literal, term: Term | None) -> Any:
        value, datatype = literal.value, literal.datatype.value
        coercion = term.coercion if term else None
        if literal.language:
            return {"@value": value, "@language": literal.language}
        if datatype == coercion:
            return value
        if datatype == _XSD + "string":
            return value if coercion is None else {"@value": value}
        native = _NATIVE.get(datatype)
        if native is not None and native.fullmatch(value) and coercion is None:
            return json.loads(value)
        return {"@value": value, "@type": self._name(datatype, by_vocabulary=False)}


def _id(term: NamedNode | BlankNode) -> str:
    return str(term) if isinstance(term, BlankNode) else term.value


def _language_map(literals: list[Literal], *, always_list: bool) -> dict[str, Any]:
    by_language: dict[str, list[str]] = {}
    for literal in literals:
        by_language.setdefault(literal.language or "", []).append(literal.value)
    order: Callable[[str], tuple[str, str]] = natural_key
    return {
        language: sorted(texts, key=order) if always_list or len(texts) > 1 else texts[0]
        for language, texts in sorted(by_language.items())
    }


def _value_order(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool | int | float):
        return 0, (value,)
    if isinstance(value, str):
        return 1, natural_key(value)
    # Of two nodes the names come first in the text, and are compared.
    return 2, natural_key(json.dumps(value, ensure_ascii=False))
