"""That the ontology stays inside OWL 2 DL: the conditions that can be read off its triples."""

from collections.abc import Callable
from itertools import chain

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from aisi_kg.graph.axioms import OWL, RDF, RDFS, XSD, Axioms, Node
from aisi_kg.graph.dataset import merge

Triples = Callable[[str], set[Triple]]

TYPE = NamedNode(RDF + "type")

#: The OWL 2 datatype map, without owl:real, owl:rational and XML literals; and rdf:langString, by
#: which RDF 1.1 replaces rdf:PlainLiteral for texts with a language.
DATATYPES = {RDFS + "Literal", RDF + "PlainLiteral", RDF + "langString"} | {
    XSD + name
    for name in (
        "string normalizedString token language Name NCName NMTOKEN boolean hexBinary base64Binary anyURI "
        "decimal integer double float nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger "
        "long int short byte unsignedLong unsignedInt unsignedShort unsignedByte dateTime dateTimeStamp"
    ).split()
}

#: The axioms between properties, and those for which a property has to be simple.
BETWEEN_PROPERTIES = ("subPropertyOf", "equivalentProperty", "inverseOf", "propertyDisjointWith")
SIMPLE_KINDS = (
    "FunctionalProperty",
    "InverseFunctionalProperty",
    "IrreflexiveProperty",
    "AsymmetricProperty",
)
CARDINALITIES = tuple(
    f"{bound}{what}" for bound in ("min", "max", "") for what in ("Cardinality", "QualifiedCardinality")
)
CLASS_AXIOMS = ("subClassOf", "equivalentClass", "disjointWith", "complementOf", "onClass")


def violations(triples: list[Triple] | set[Triple]) -> list[str]:
    """Tell what in an ontology is outside OWL 2 DL."""
    axioms = Axioms(triples)
    return [
        *_kinds(axioms),
        *_undeclared(axioms, triples),
        *_datatypes(axioms, triples),
        *_complex(axioms, triples),
    ]


def _kinds(axioms: Axioms) -> list[str]:
    """Nothing is two kinds of property, or a class and a datatype."""
    kinds = {
        "object property": axioms.object_properties,
        "datatype property": axioms.data_properties,
        "annotation property": axioms.annotation_properties,
    }
    found = [
        f"{node} is both {one} and {other}"
        for one, other in (
            ("object property", "datatype property"),
            ("object property", "annotation property"),
        )
        for node in kinds[one] & kinds[other]
    ]
    both = kinds["datatype property"] & kinds["annotation property"]
    found += [f"{node} is both datatype property and annotation property" for node in both]
    for node in axioms.classes & axioms.instances(RDFS + "Datatype"):
        found.append(f"{node} is both class and datatype")
    for node in axioms.elements & axioms.instances(OWL + "NamedIndividual"):
        found.append(f"{node} is both individual and element of the ontology")
    return found


def _undeclared(axioms: Axioms, triples: list[Triple] | set[Triple]) -> list[str]:
    """What stands in an axiom is declared as what it stands for."""
    properties = axioms.object_properties | axioms.data_properties | axioms.annotation_properties
    built_in = {NamedNode(OWL + "Thing"), NamedNode(OWL + "Nothing")}
    classes: list[Node] = []
    used: list[Node] = []
    for triple in triples:
        predicate, subject, object_ = triple.predicate.value, triple.subject, triple.object
        if isinstance(subject, Triple) or isinstance(object_, Triple | Literal):
            continue
        name = predicate.rpartition("#")[2]
        if predicate in {RDFS + name, OWL + name} and name in CLASS_AXIOMS:
            classes += [subject, object_]
        elif predicate in {RDFS + name, OWL + name} and name in BETWEEN_PROPERTIES:
            used += [subject, object_]
        elif predicate == OWL + "onProperty":
            used.append(object_)
        elif predicate == OWL + "propertyChainAxiom":
            used += [subject, *axioms.members(object_)]
        elif predicate == RDFS + "domain":
            used.append(subject)
            classes += axioms.alternatives(object_)
        elif predicate == RDFS + "range" and subject in axioms.object_properties:
            classes += axioms.alternatives(object_)
        elif predicate in {OWL + "unionOf", OWL + "intersectionOf"}:
            classes += axioms.members(object_)
        elif predicate == TYPE.value and object_ == NamedNode(OWL + "AllDisjointClasses"):
            classes += chain.from_iterable(
                axioms.members(node) for node in axioms.nodes(subject, OWL + "members")
            )
        elif predicate == OWL + "someValuesFrom":
            classes.append(object_)
    found = [
        f"{node} is not declared as a class"
        for node in dict.fromkeys(classes)
        if isinstance(node, NamedNode) and node not in axioms.classes | built_in
    ]
    found += [
        f"{node} is not declared as a property"
        for node in dict.fromkeys(used)
        if isinstance(node, NamedNode) and node not in properties
    ]
    return found + _undeclared_predicates(axioms, triples)


def _undeclared_predicates(axioms: Axioms, triples: list[Triple] | set[Triple]) -> list[str]:
    properties = axioms.object_properties | axioms.data_properties | axioms.annotation_properties
    return sorted(
        {
            f"{triple.predicate} is not declared as a property"
            for triple in triples
            if not triple.predicate.value.startswith((RDF, RDFS, OWL)) and triple.predicate not in properties
        }
    )


def _datatypes(axioms: Axioms, triples: list[Triple] | set[Triple]) -> list[str]:
    """Ranges of datatype properties and values in axioms have datatypes that OWL 2 knows."""
    found = [
        f"{node} is no datatype of OWL 2"
        for property_ in axioms.data_properties
        for node in axioms.objects(property_, RDFS + "range")
        if isinstance(node, NamedNode) and node.value not in DATATYPES
    ]
    annotations = axioms.annotation_properties
    found += [
        f"{triple.object} has no datatype of OWL 2"
        for triple in triples
        if isinstance(triple.object, Literal)
        and triple.predicate not in annotations
        and triple.object.datatype.value not in DATATYPES
    ]
    return found


def _complex(axioms: Axioms, triples: list[Triple] | set[Triple]) -> list[str]:
    """What is transitive or follows from a chain is not counted, and chains go in no circle."""
    complex_ = axioms.instances(OWL + "TransitiveProperty")
    complex_ |= {
        triple.subject
        for triple in triples
        if triple.predicate.value == OWL + "propertyChainAxiom" and isinstance(triple.subject, NamedNode)
    }
    links = [*axioms.pairs(RDFS + "subPropertyOf"), *axioms.pairs(OWL + "equivalentProperty")]
    links += [(other, one) for one, other in axioms.pairs(OWL + "equivalentProperty")]
    inverses = [*axioms.pairs(OWL + "inverseOf")]
    links += inverses + [(other, one) for one, other in inverses]
    grown = True
    while grown:
        above = {other for one, other in links if one in complex_}
        grown = not above <= complex_
        complex_ |= above
    simple: set[Node] = set(axioms.instances(*(OWL + kind for kind in SIMPLE_KINDS)))
    for triple in triples:
        name = triple.predicate.value.removeprefix(OWL)
        if name.lower() in {cardinality.lower() for cardinality in CARDINALITIES} or name == "hasSelf":
            if isinstance(triple.subject, BlankNode):
                simple |= set(axioms.nodes(triple.subject, OWL + "onProperty"))
        elif name == "propertyDisjointWith":
            simple |= {node for node in (triple.subject, triple.object) if isinstance(node, NamedNode)}
    for group in axioms.groups(OWL + "AllDisjointProperties", OWL + "members"):
        simple |= set(group)
    found = [f"{node} is not simple, and an axiom needs it to be" for node in simple & complex_]
    return found + _circles(axioms)


def _circles(axioms: Axioms) -> list[str]:
    """The order of properties that OWL 2 asks for: what a chain concludes comes after what it is made of."""
    before: set[tuple[NamedNode, NamedNode]] = set()
    for property_ in axioms.object_properties:
        for node in axioms.nodes(property_, OWL + "propertyChainAxiom"):
            links = [link for link in axioms.members(node) if isinstance(link, NamedNode)]
            # Its own property may stand at one end of a chain.
            if links[0] == property_:
                links = links[1:]
            elif links[-1] == property_:
                links = links[:-1]
            before |= {(link, property_) for link in links}
    same = {*axioms.pairs(RDFS + "subPropertyOf")}
    for one, other in axioms.pairs(OWL + "inverseOf"):
        same |= {(one, other), (other, one)}
    found = []
    for start, end in before:
        reached, waiting = set(), [end]
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting += [after for one, after in before | same if one == node]
        if start in reached:
            found.append(f"the chain of {end} goes in a circle by way of {start}")
    return found


def test_the_ontology_is_in_owl_2_dl(ontology: list[Triple]) -> None:
    assert violations(ontology) == []


def test_the_data_use_each_property_as_it_is_declared(whole: list[Quad]) -> None:
    merged = [Triple(quad.subject, quad.predicate, quad.object) for quad in merge(whole)]
    axioms = Axioms(merged)
    assert _kinds(axioms) == []
    assert _undeclared_predicates(axioms, merged) == []
    for triple in merged:
        if triple.predicate in axioms.object_properties:
            assert not isinstance(triple.object, Literal), triple
        elif triple.predicate in axioms.data_properties:
            assert isinstance(triple.object, Literal), triple
        elif triple.predicate == TYPE and triple.subject not in axioms.elements:
            assert (
                triple.object in axioms.classes
                or isinstance(triple.subject, BlankNode)
                or str(triple.object).startswith(f"<{OWL}")
            ), triple


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("aisi:hasParty a owl:DatatypeProperty .", "is both object property and datatype property"),
        ("aisi:value a owl:AnnotationProperty .", "is both datatype property and annotation property"),
        ("skos:prefLabel a owl:ObjectProperty .", "is both object property and annotation property"),
        ("aisi:Country a rdfs:Datatype .", "is both class and datatype"),
        ("aisi:Country a owl:NamedIndividual .", "is both individual and element of the ontology"),
        ("aisi:hasParty rdfs:domain aisi:Nowhere .", "Nowhere> is not declared as a class"),
        (
            "aisi:hasParty rdfs:range [ owl:unionOf ( aisi:Nowhere foaf:Agent ) ] .",
            "Nowhere> is not declared",
        ),
        ("aisi:Country rdfs:subClassOf aisi:Nowhere .", "Nowhere> is not declared as a class"),
        (
            "[] a owl:AllDisjointClasses ; owl:members ( aisi:Country aisi:Nowhere ) .",
            "Nowhere> is not declared",
        ),
        ("aisi:hasParty rdfs:subPropertyOf aisi:nothing .", "nothing> is not declared as a property"),
        ("aisi:restsOn owl:propertyChainAxiom ( aisi:nothing cito:cites ) .", "nothing> is not declared"),
        ("[] owl:onProperty aisi:nothing ; owl:maxCardinality 1 .", "nothing> is not declared as a property"),
        ('aisi:Country aisi:nothing "x"@en .', "nothing> is not declared as a property"),
        ("aisi:accessed rdfs:range xsd:date .", "date> is no datatype of OWL 2"),
        ("aisi:Fact aisi:value '2024'^^xsd:gYear .", "has no datatype of OWL 2"),
        ("[] owl:onProperty aisi:precedes ; owl:maxCardinality 1 .", "precedes> is not simple"),
        ("aisi:representedIn a owl:FunctionalProperty .", "representedIn> is not simple"),
        # What follows from a chain or a transitive property is as little simple, and so is its inverse.
        (
            (
                "org:transitiveSubOrganizationOf rdfs:subPropertyOf aisi:concerns ."
                "aisi:concerns owl:propertyDisjointWith aisi:hasParty ."
            ),
            "concerns> is not simple",
        ),
        (
            "aisi:follows a owl:ObjectProperty , owl:FunctionalProperty ; owl:inverseOf aisi:precedes .",
            "follows> is not simple",
        ),
        (
            "aisi:instituteOf owl:propertyChainAxiom ( aisi:representedIn org:hasMember ) .",
            "goes in a circle",
        ),
    ],
)
def test_what_is_outside_owl_2_dl_is_found(
    fault: str, message: str, ontology: list[Triple], triples: Triples
) -> None:
    assert any(message in violation for violation in violations([*ontology, *triples(fault)]))
