"""The diagnosis: what it says of each kind of contradiction. Whether there is one, HermiT decides."""

from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode, Triple

from aisi_kg.graph.axioms import Axioms, Restriction
from aisi_kg.graph.contradictions import Contradiction, Diagnosis
from aisi_kg.graph.prefixes import AISI, ENTITY_BASE, Prefixes
from aisi_kg.graph.rules import close, load_rules
from aisi_kg.project import Project

Triples = Callable[[str], set[Triple]]
Diagnose = Callable[[str], list[Contradiction]]


@pytest.fixture
def diagnose(triples: Triples, project: Project, prefixes: Prefixes) -> Diagnose:
    def run(text: str) -> list[Contradiction]:
        given = triples(text)
        known = {(NamedNode(ENTITY_BASE + "closed"), NamedNode(AISI + "p")): 1}
        closure = close(given, load_rules(project))
        return Diagnosis(closure, Axioms(given), prefixes, frozenset(), known).contradictions()

    return run


C_OR_D = "aisi:C a owl:Class . aisi:D a owl:Class ; owl:disjointWith aisi:C ."


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (
            f"{C_OR_D} entity:a a aisi:C , aisi:D .",
            "inconsistent-classes",
            "entity:a cannot belong to both aisi:C and aisi:D, which are disjoint",
        ),
        (
            (
                "[] a owl:AllDisjointClasses ; owl:members ( aisi:B aisi:C aisi:D ) ."
                "aisi:E a owl:Class ; rdfs:subClassOf aisi:D . entity:a a aisi:B , aisi:E ."
            ),
            "inconsistent-classes",
            "entity:a cannot belong to both aisi:B and aisi:D, which are disjoint",
        ),
        (
            "aisi:B owl:disjointUnionOf ( aisi:C aisi:D ) . entity:a a aisi:C , aisi:D .",
            "inconsistent-classes",
            "entity:a cannot belong to both aisi:C and aisi:D, which are disjoint",
        ),
        ("entity:a a owl:Nothing .", "inconsistent-classes", "entity:a cannot belong to owl:Nothing"),
        (
            (
                f"{C_OR_D} aisi:p a owl:ObjectProperty ; rdfs:range [ owl:unionOf ( aisi:D aisi:E ) ] ."
                "aisi:E a owl:Class ; rdfs:subClassOf aisi:D . entity:a aisi:p entity:b . entity:b a aisi:C ."
            ),
            "inconsistent-range",
            "entity:b belongs to no class in the range of aisi:p, which is aisi:D | aisi:E",
        ),
        (
            "aisi:p a owl:DatatypeProperty ; rdfs:range xsd:nonNegativeInteger . entity:a aisi:p -1 , 2 .",
            "inconsistent-datatype",
            'entity:a has "-1"^^xsd:integer for aisi:p, whose values are xsd:nonNegativeInteger',
        ),
        (
            "aisi:p a owl:DatatypeProperty ; rdfs:range xsd:integer . entity:a aisi:p 1.5 , 2.0 .",
            "inconsistent-datatype",
            'entity:a has "1.5"^^xsd:decimal for aisi:p, whose values are xsd:integer',
        ),
        (
            "aisi:p a owl:DatatypeProperty , owl:FunctionalProperty . entity:a aisi:p 1 , 1.0 , 2 .",
            "inconsistent-number",
            (
                'entity:a has "1"^^xsd:decimal, "2"^^xsd:integer for aisi:p, and may have 1 at most'
                " (owl:FunctionalProperty)"
            ),
        ),
        (
            (
                "aisi:p a owl:ObjectProperty , owl:InverseFunctionalProperty ."
                "entity:a owl:differentFrom entity:b ; aisi:p entity:c . entity:b aisi:p entity:c ."
            ),
            "inconsistent-number",
            "entity:c is the value of aisi:p for entity:a, entity:b, and may be it for one thing alone",
        ),
        (
            (
                "aisi:C rdfs:subClassOf"
                "[ owl:onProperty aisi:p ; owl:maxQualifiedCardinality 1 ; owl:onClass aisi:E ] ."
                "[] a owl:AllDifferent ; owl:members ( entity:x entity:y entity:z ) . entity:x a aisi:E ."
                "entity:y a aisi:E . entity:a a aisi:C ; aisi:p entity:x , entity:y , entity:z ."
            ),
            "inconsistent-number",
            "entity:a has entity:x, entity:y for aisi:p, and may have 1 at most (aisi:C)",
        ),
        (
            (
                "aisi:C rdfs:subClassOf [ owl:onProperty aisi:p ; owl:minCardinality 2 ] ."
                "entity:closed a aisi:C ; aisi:p entity:x ."
            ),
            "inconsistent-number",
            (
                "entity:closed belongs to aisi:C and so has 2 of aisi:p at least, but the 1 that are stated "
                "are taken as all"
            ),
        ),
        (
            (
                f"{C_OR_D} aisi:E owl:equivalentClass [ owl:intersectionOf ( aisi:F "
                "[ owl:onProperty aisi:p ; owl:allValuesFrom aisi:D ] ) ] . entity:b a aisi:C ."
                "entity:a a aisi:E ; aisi:p entity:b ."
            ),
            "inconsistent-value",
            "entity:a belongs to aisi:E, whose aisi:p are all aisi:D, but entity:b is not",
        ),
        (
            f"{C_OR_D} entity:a a aisi:C ; owl:sameAs entity:b . entity:b a aisi:D .",
            "inconsistent-identity",
            "entity:a and entity:b cannot be one thing, since they are different",
        ),
        (
            f"{C_OR_D} entity:a a aisi:C ; owl:sameAs aisi:x . entity:b a aisi:D ; owl:sameAs aisi:x .",
            "inconsistent-identity",
            "entity:a and entity:b cannot both be aisi:x, since they are different",
        ),
        (
            "aisi:p a owl:IrreflexiveProperty . entity:a aisi:p entity:a .",
            "inconsistent-relation",
            "what is said of entity:a cannot be: entity:a aisi:p entity:a",
        ),
        (
            "aisi:p a owl:AsymmetricProperty . entity:a aisi:p entity:b . entity:b aisi:p entity:a .",
            "inconsistent-relation",
            "what is said of entity:a cannot be: entity:a aisi:p entity:b, entity:b aisi:p entity:a",
        ),
        (
            "aisi:p owl:propertyDisjointWith aisi:q . entity:a aisi:p entity:b ; aisi:q entity:b .",
            "inconsistent-relation",
            "what is said of entity:a cannot be: entity:a aisi:p entity:b, entity:a aisi:q entity:b",
        ),
        (
            (
                "[] a owl:AllDisjointProperties ; owl:members ( aisi:p aisi:q aisi:r ) ."
                "entity:a aisi:p entity:b ; aisi:r entity:b ."
            ),
            "inconsistent-relation",
            "what is said of entity:a cannot be: entity:a aisi:p entity:b, entity:a aisi:r entity:b",
        ),
        (
            (
                "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual entity:a ;"
                "owl:assertionProperty aisi:p ; owl:targetIndividual entity:b . entity:a aisi:p entity:b ."
            ),
            "inconsistent-relation",
            "what is said of entity:a cannot be: entity:a aisi:p entity:b",
        ),
    ],
)
def test_a_contradiction_is_named(text: str, kind: str, message: str, diagnose: Diagnose) -> None:
    (found,) = diagnose(text)
    assert (found.kind, found.message) == (kind, message)
    assert not found.message_zh.isascii()
    assert found.statements


@pytest.mark.parametrize(
    "text",
    [
        f"{C_OR_D} entity:a a aisi:C . entity:b a aisi:D .",
        "aisi:p a owl:DatatypeProperty ; rdfs:range xsd:decimal . entity:a aisi:p 1 , 1.5 .",
        "aisi:p a owl:DatatypeProperty ; rdfs:range xsd:integer . entity:a aisi:p 2.0 .",
        "aisi:p a owl:DatatypeProperty , owl:FunctionalProperty . entity:a aisi:p 1 , 1.0 .",
        # Two names may name one thing, unless something says that they do not.
        "aisi:p a owl:ObjectProperty , owl:FunctionalProperty . entity:a aisi:p entity:b , entity:c .",
        (
            "aisi:C rdfs:subClassOf [ owl:onProperty aisi:p ; owl:maxCardinality 1 ] ."
            "entity:a a aisi:C ; aisi:p entity:b , entity:c ."
        ),
        # There may be a second value that nobody states.
        (
            "aisi:C rdfs:subClassOf [ owl:onProperty aisi:p ; owl:minCardinality 2 ] ."
            "entity:a a aisi:C ; aisi:p entity:x ."
        ),
        (
            "aisi:p a owl:ObjectProperty ; rdfs:domain [ owl:unionOf ( aisi:C aisi:D ) ] ."
            "entity:a aisi:p entity:b ."
        ),
        "entity:a owl:sameAs entity:b .",
        "aisi:p a owl:AsymmetricProperty , owl:IrreflexiveProperty . entity:a aisi:p entity:b .",
    ],
)
def test_what_may_be_is_not_reported(text: str, diagnose: Diagnose) -> None:
    assert diagnose(text) == []


def test_one_slip_is_reported_once(diagnose: Diagnose) -> None:
    found = diagnose(
        "[] a owl:AllDisjointClasses ; owl:members ( aisi:B aisi:C aisi:D ) ."
        "aisi:E a owl:Class ; rdfs:subClassOf aisi:C . aisi:F a owl:Class ; rdfs:subClassOf aisi:D ."
        "aisi:p rdfs:domain aisi:E ; rdfs:range aisi:E . entity:a a aisi:F ; aisi:p entity:b , entity:c ."
    )
    assert len(found) == 1


def test_a_contradiction_leads_to_the_statements_and_axioms(diagnose: Diagnose, triples: Triples) -> None:
    (found,) = diagnose(
        f"{C_OR_D} aisi:p a owl:ObjectProperty ; rdfs:domain aisi:C . aisi:q a owl:ObjectProperty ;"
        "rdfs:subPropertyOf aisi:p . entity:a a aisi:D ; aisi:q entity:b ."
    )
    assert set(found.statements) == triples("entity:a a aisi:D ; aisi:q entity:b .")
    assert set(found.axioms) == {"aisi:p rdfs:domain aisi:C", "aisi:q rdfs:subPropertyOf aisi:p"}


def test_a_chain_is_named_with_its_links(diagnose: Diagnose) -> None:
    (found,) = diagnose(
        f"{C_OR_D} aisi:p a owl:ObjectProperty ; rdfs:domain aisi:C ;"
        "owl:propertyChainAxiom ( aisi:q aisi:r ) ."
        "aisi:q a owl:ObjectProperty . aisi:r a owl:ObjectProperty ."
        "entity:a a aisi:D ; aisi:q entity:b . entity:b aisi:r entity:c ."
    )
    assert "aisi:p owl:propertyChainAxiom ( aisi:q aisi:r )" in found.axioms


def test_restrictions_are_read(triples: Triples) -> None:
    axioms = Axioms(
        triples(
            "aisi:C rdfs:subClassOf [ owl:onProperty aisi:a ; owl:cardinality 2 ] ,"
            "[ owl:onProperty aisi:b ; owl:someValuesFrom aisi:D ] ,"
            "[ owl:onProperty aisi:c ; owl:hasValue 1 ] ,"
            "[ owl:onProperty [ owl:inverseOf aisi:d ] ; owl:maxCardinality 1 ] ."
        )
    )
    a, b, c, cls = (NamedNode(AISI + name) for name in ("a", "b", "c", "D"))
    assert set(axioms.demands(NamedNode(AISI + "C"))) == {
        Restriction(a, 2, 2),
        Restriction(b, 1, None, cls),
        Restriction(c, 1),
    }
    assert set(axioms.restrictions()) == set(axioms.demands(NamedNode(AISI + "C")))
