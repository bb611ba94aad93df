"""Publish the inference rules in the dataset's own description, and read them back from there.

Whoever has the dataset can so tell why something follows. A rule is an ``sh:SPARQLRule`` with the text of its
file, which any SPARQL engine runs, and its title and comment in both languages.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from aisi_kg.graph.prefixes import META_GRAPH, ONTOLOGY_GRAPH
from aisi_kg.graph.rules import Rule, read_rule
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry

__all__ = ["describe_rules", "published_rules"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SH = "http://www.w3.org/ns/shacl#"
_BASE = META_GRAPH + "#rule-"

_RULES = f"""PREFIX sh: <{_SH}>
SELECT ?rule ?text WHERE {{ GRAPH <{META_GRAPH}> {{ ?rule a sh:SPARQLRule ; sh:construct ?text }} }}
ORDER BY ?rule"""


def describe_rules(rules: Iterable[Rule]) -> Iterator[Triple]:
    """Describe inference rules.

    :param rules: the rules.
    :returns: the triples; no blank nodes among them.
    """
    for rule in rules:
        node = NamedNode(_BASE + rule.name)
        yield Triple(node, NamedNode(_RDF + "type"), NamedNode(_SH + "SPARQLRule"))
        yield Triple(node, NamedNode(_SH + "construct"), Literal(rule.construct))
        yield Triple(node, NamedNode(_SH + "prefixes"), NamedNode(ONTOLOGY_GRAPH))
        for name, english, chinese in (
            ("label", rule.title, rule.title_zh),
            ("comment", rule.description, rule.description_zh),
        ):
            yield Triple(node, NamedNode(_RDFS + name), Literal(english, language="en"))
            yield Triple(node, NamedNode(_RDFS + name), Literal(chinese, language="zh"))


def published_rules() -> Inquiry[tuple[Rule, ...]]:
    """Read the rules that a dataset publishes.

    :returns: the rules by name.
    :raises InputError: if one is no rule as this program reads them.
    """
    solutions = yield QueryRequest(_RULES)
    return tuple(
        read_rule(each["rule"].value.removeprefix(_BASE), each["text"].value, each["rule"].value)
        for each in solutions
    )
