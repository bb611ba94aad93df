"""What the definition of a class asks of its members: the ways to meet it, and its words."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from aisi_kg.graph.axioms import OWL, Axioms
from aisi_kg.store.definitions import Way, class_text, definitions_of, ways_to_meet
from aisi_kg.store.inquiry import RdfTerm

PREFIXES = """@prefix e: <https://e.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """
R = "a owl:Restriction ; owl:onProperty e:p ; "


def axioms_of(expression: str) -> Axioms:
    quads = parse(f"{PREFIXES} e:C a owl:Class ; owl:equivalentClass {expression} .", RdfFormat.TURTLE)
    return Axioms(Triple(quad.subject, quad.predicate, quad.object) for quad in quads)


def short(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return str(term)


def written(term: RdfTerm) -> str:
    return short(term)


def patterns(way: Way) -> list[str]:
    return [" ".join(short(part) for part in pattern) for pattern in way.patterns]


CLOSED = 'p closedInReasoning "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'


@pytest.mark.parametrize(
    ("expression", "words", "ways"),
    [
        ("e:D", "D", [["?x type D"]]),
        ("[ owl:intersectionOf ( e:D e:E ) ]", "D and E", [["?x type D", "?x type E"]]),
        ("[ owl:unionOf ( e:D e:E ) ]", "D or E", [["?x type D"], ["?x type E"]]),
        (
            "[ owl:intersectionOf ( e:D [ owl:unionOf ( e:E e:F ) ] ) ]",
            "D and (E or F)",
            [["?x type D", "?x type E"], ["?x type D", "?x type F"]],
        ),
        (f"[ {R} owl:hasValue e:v ]", "p value v", [["?x p v"]]),
        (f"[ {R} owl:someValuesFrom e:D ]", "p some D", [["?x p ?y0", "?y0 type D"]]),
        (f"[ {R} owl:someValuesFrom owl:Thing ]", "p some Thing", [["?x p ?y0"]]),
        (f"[ {R} owl:someValuesFrom xsd:date ]", "p some date", [["?x p ?y0"]]),
        (
            "[ a owl:Restriction ; owl:onProperty [ owl:inverseOf e:p ] ; owl:someValuesFrom e:D ]",
            "inverse p some D",
            [["?y0 p ?x", "?y0 type D"]],
        ),
        (f"[ {R} owl:minCardinality 2 ]", "p min 2", [["?x p ?y0", "?x p ?y1"]]),
        (f"[ {R} owl:maxCardinality 1 ]", "p max 1", [[CLOSED], ["?x p ?y0", CLOSED]]),
        (f"[ {R} owl:cardinality 1 ]", "p exactly 1", [["?x p ?y0", CLOSED]]),
        # What is not retraced has no way, and a definition with such a part has none either.
        ("[ owl:complementOf e:D ]", "not D", []),
        (f"[ {R} owl:allValuesFrom e:D ]", "p only D", []),
        (f"[ {R} owl:minQualifiedCardinality 1 ; owl:onClass e:D ]", "p min 1 D", []),
        ("[ owl:intersectionOf ( e:D [ owl:complementOf e:E ] ) ]", "D and not E", []),
    ],
)
def test_the_ways_to_meet_a_definition(expression: str, words: str, ways: list[list[str]]) -> None:
    axioms = axioms_of(expression)
    ((cls, node, axiom),) = definitions_of(axioms)
    assert (short(cls), axiom.predicate) == ("C", NamedNode(OWL + "equivalentClass"))
    assert class_text(axioms, node, written) == words
    assert [patterns(way) for way in ways_to_meet(axioms, node)] == ways


def test_values_that_are_counted_differ() -> None:
    axioms = axioms_of(f"[ {R} owl:cardinality 2 ]")
    ((_, node, _),) = definitions_of(axioms)
    (way,) = ways_to_meet(axioms, node)
    assert way.filters == (
        "FILTER(STR(?y0) < STR(?y1))",
        "FILTER NOT EXISTS { ?x <https://e.org/p> ?other FILTER(true && ?other != ?y0 && ?other != ?y1) }",
    )
