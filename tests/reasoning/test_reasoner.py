"""The reasoner: what belongs where, that the project's own files are consistent, which faults HermiT finds.

Each test that starts HermiT takes seconds; what many tests look at is found once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from aisi_kg.graph import hermit
from aisi_kg.graph.axioms import Axioms
from aisi_kg.graph.dataset import merge
from aisi_kg.graph.files import CuratedFiles
from aisi_kg.graph.findings import Severity
from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, ENTITY_BASE
from aisi_kg.graph.reasoner import ReasonerInput, ReasonerResult, prepare, reason
from aisi_kg.graph.rules import close, load_rules
from aisi_kg.project import Project

Quads = Callable[[str], list[Quad]]
Triples = Callable[[str], set[Triple]]

TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

#: The classes whose members only a reasoner for all of OWL 2 DL finds.
DEFINED = (
    "BilateralMemorandum",
    "EvaluatingInstitute",
    "InstituteWithPreDeploymentAccess",
    "NetworkMember",
    "NetworkMemberWithoutInstitute",
)


def merged(quads: Iterable[Quad]) -> list[Triple]:
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in merge(quads)]


def members(result: ReasonerResult, name: str) -> set[str]:
    cls = NamedNode(AISI + name)
    subjects = (triple.subject for triple in result.inferred if triple.object == cls)
    return {node.value.removeprefix(ENTITY_BASE) for node in subjects if isinstance(node, NamedNode)}


# A small world.


@pytest.fixture(scope="module")
def small(ontology: list[Triple], tiny: list[Quad], project: Project) -> ReasonerResult:
    return reason([*ontology, *merged(tiny)], project)


def test_the_small_world_is_consistent(small: ReasonerResult) -> None:
    assert small.findings == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("InstituteWithPreDeploymentAccess", {"north-aisi"}),
        ("BilateralMemorandum", {"two-party-mou"}),
        ("NetworkMember", {"north", "south", "west"}),
        ("NetworkMemberWithoutInstitute", {"south"}),
        ("EvaluatingInstitute", {"north-aisi"}),
    ],
)
def test_members_of_a_defined_class_are_found(name: str, expected: set[str], small: ReasonerResult) -> None:
    assert members(small, name) == expected


def test_classes_above_are_found_too(small: ReasonerResult, triples: Triples) -> None:
    assert triples("entity:summit-1 a aisi:Meeting , aisi:Event , prov:Activity .") <= small.inferred


def test_what_is_asserted_is_not_inferred(
    small: ReasonerResult, ontology: list[Triple], tiny: list[Quad]
) -> None:
    assert not small.inferred & {*ontology, *merged(tiny)}


def test_only_memberships_in_named_classes_are_inferred(small: ReasonerResult) -> None:
    for triple in small.inferred:
        assert triple.predicate == TYPE
        assert isinstance(triple.subject, NamedNode)
        assert isinstance(triple.object, NamedNode)
        assert not triple.object.value.startswith(OWL)


def test_every_defined_class_is_looked_at_here(ontology: list[Triple]) -> None:
    assert Axioms(ontology).defined_classes == {NamedNode(AISI + name) for name in DEFINED}


# The project's own files.


@pytest.fixture(scope="module")
def own(whole: list[Quad], files: CuratedFiles, project: Project) -> ReasonerResult:
    return reason(merged(whole), project, quads=whole, locations=files.locations)


def test_ontology_and_data_are_consistent_and_no_class_is_empty(own: ReasonerResult) -> None:
    assert own.findings == ()


def test_each_defined_class_has_members(own: ReasonerResult) -> None:
    for name in ("BilateralMemorandum", "NetworkMember", "NetworkMemberWithoutInstitute"):
        assert members(own, name), name


def test_rules_and_reasoner_agree(own: ReasonerResult, whole: list[Quad], project: Project) -> None:
    """What the rules infer of individuals that both look at is true to HermiT too."""
    asserted = merged(whole)
    closure = close(asserted, load_rules(project))
    axioms = Axioms(asserted)
    apart = prepare(asserted, axioms, closure).apart
    by_rules = {
        triple for triple in closure.inferred if triple.predicate == TYPE and triple.subject not in apart
    }
    known = {triple for triple in by_rules if triple.object in axioms.classes}
    assert known
    assert known <= own.inferred


# Faults that HermiT has to find. The diagnosis is asked only after HermiT has found a contradiction.


@dataclass(frozen=True)
class Fault:
    """What is added to the small world, and what the finding says."""

    added: str
    rule: str
    says: tuple[str, ...]


FAULTS = {
    "disjoint classes": Fault(
        "GRAPH claim:fault { entity:ann a aisi:Company . }",
        "inconsistent-classes",
        ("entity:ann cannot belong to both foaf:Person and org:Organization", "entity:ann a aisi:Company"),
    ),
    "domain": Fault(
        "GRAPH claim:fault { entity:shop aisi:performsFunction aisi:EvaluationFunction . }",
        "inconsistent-classes",
        ("entity:shop cannot belong to both", "aisi:performsFunction rdfs:domain aisi:SafetyInstitute"),
    ),
    "domain that is a union": Fault(
        "GRAPH claim:fault { entity:summit-1 aisi:action aisi:Chair . }",
        "inconsistent-domain",
        ("entity:summit-1 belongs to no class in the domain of aisi:action", "entity:summit-1 a aisi:Summit"),
    ),
    "range": Fault(
        "GRAPH claim:fault { entity:south aisi:hasInstitute entity:shop . }",
        "inconsistent-classes",
        ("entity:shop cannot belong to both", "aisi:hasInstitute rdfs:range aisi:SafetyInstitute"),
    ),
    "third party of a bilateral memorandum": Fault(
        "GRAPH claim:fault { entity:three-party-mou a aisi:BilateralMemorandum . }",
        "inconsistent-number",
        ("entity:three-party-mou has entity:lab, entity:north-aisi, entity:west-aisi for aisi:hasParty",),
    ),
    "second party that nobody knows": Fault(
        "GRAPH claim:fault { entity:lone-mou a aisi:BilateralMemorandum ; aisi:hasParty entity:lab . }",
        "inconsistent-number",
        ("entity:lone-mou belongs to aisi:BilateralMemorandum and so has 2 of aisi:hasParty at least",),
    ),
    "two values of a functional property": Fault(
        "GRAPH claim:fault { claim:institutes aisi:modality aisi:Forecast . }",
        "inconsistent-number",
        ("has aisi:Fact, aisi:Forecast for aisi:modality, and may have 1 at most",),
    ),
    "datatype": Fault(
        'GRAPH claim:fault { entity:staff aisi:value "thirty" . }',
        "inconsistent-datatype",
        ('entity:staff has "thirty" for aisi:value, whose values are xsd:integer',),
    ),
    "text without a language": Fault(
        'GRAPH claim:fault { claim:institutes aisi:statement "North has an institute." . }',
        "inconsistent-datatype",
        ("for aisi:statement, whose values are rdf:langString",),
    ),
    "institute of a member without one": Fault(
        "GRAPH claim:fault { entity:north a aisi:NetworkMemberWithoutInstitute . }",
        "inconsistent-number",
        ("entity:north has entity:north-aisi for aisi:hasInstitute, and may have 0 at most",),
    ),
    "one thing that is two": Fault(
        "GRAPH claim:fault { entity:ann owl:sameAs entity:bea ; owl:differentFrom entity:bea . }",
        "inconsistent-identity",
        ("entity:ann and entity:bea cannot be one thing",),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_hermit_finds_a_fault(
    name: str, ontology: list[Triple], tiny: list[Quad], quads: Quads, project: Project
) -> None:
    fault = FAULTS[name]
    data = [*tiny, *quads(fault.added)]
    result = reason([*ontology, *merged(data)], project, quads=data)
    assert result.inferred == frozenset()
    (finding,) = result.findings
    assert finding.severity is Severity.ERROR
    assert finding.rule == fault.rule
    for words in fault.says:
        assert words in finding.message
    assert finding.message_zh
    # The claim that was added is named, among those that the contradiction rests on.
    assert "claim/tiny/fault" in finding.message
    assert (finding.subject or "").startswith(CLAIM_BASE + "tiny/")


def test_hermit_finds_a_class_that_can_have_no_member(
    ontology: list[Triple], triples: Triples, project: Project
) -> None:
    odd = triples(
        "aisi:Odd a owl:Class ; rdfs:subClassOf aisi:Company , aisi:Country ."
        "aisi:Odder a owl:Class ; rdfs:subClassOf aisi:BilateralMemorandum ,"
        "[ a owl:Restriction ; owl:onProperty aisi:hasParty ; owl:minCardinality 3 ] ."
    )
    result = reason([*ontology, *odd], project)
    assert result.inferred == frozenset()
    assert [(finding.rule, finding.subject) for finding in result.findings] == [
        ("unsatisfiable-class", AISI + "Odd"),
        ("unsatisfiable-class", AISI + "Odder"),
    ]
    assert "it is below both org:Organization and aisi:Jurisdiction" in result.findings[0].message


# Where the diagnosis knows nothing, the statements are found by trying.


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[[set[Triple]], list[int]]:
    """Make HermiT find a contradiction where certain triples stand together, and count what it is given."""

    def make(culprits: set[Triple]) -> list[int]:
        sizes: list[int] = []

        def is_consistent(given: Iterable[Triple], timeout_s: float = hermit.TIMEOUT_S) -> bool:
            asked = set(given)
            sizes.append(len(asked))
            return not culprits <= asked

        monkeypatch.setattr(hermit, "is_consistent", is_consistent)
        return sizes

    return make


CULPRITS = (
    "entity:north a aisi:Country . entity:staff aisi:value 30 .entity:test aisi:evaluator entity:north-aisi ."
)


def test_a_contradiction_of_an_unknown_kind_is_narrowed_down(
    ask: Callable[[set[Triple]], list[int]],
    ontology: list[Triple],
    tiny: list[Quad],
    triples: Triples,
    project: Project,
) -> None:
    sizes = ask(triples(CULPRITS))
    result = reason([*ontology, *merged(tiny)], project, quads=tiny)
    (finding,) = result.findings
    assert finding.rule == "inconsistent"
    said = finding.message.removeprefix("these statements cannot all be true: ").partition(". Correct")[0]
    assert {part.partition(" (")[0].partition("^^")[0] for part in said.split("; ")} == {
        "entity:north a aisi:Country",
        'entity:staff aisi:value "30"',
        "entity:test aisi:evaluator entity:north-aisi",
    }
    assert finding.subject == CLAIM_BASE + "tiny/evaluation"
    assert len(sizes) < 60


def test_a_contradiction_among_axioms_is_told_from_one_of_data(
    ask: Callable[[set[Triple]], list[int]], ontology: list[Triple], tiny: list[Quad], project: Project
) -> None:
    ask(set())
    (finding,) = reason([*ontology, *merged(tiny)], project).findings
    assert finding.message.startswith("the axioms of the ontology contradict each other, without any data")


def test_the_search_ends_in_time(
    ask: Callable[[set[Triple]], list[int]],
    ontology: list[Triple],
    tiny: list[Quad],
    triples: Triples,
    project: Project,
) -> None:
    sizes = ask(triples(CULPRITS))
    (finding,) = reason([*ontology, *merged(tiny)], project, search_s=0).findings
    assert "there was not time enough to find out which" in finding.message
    assert len(sizes) == 1


def test_a_finding_tells_the_place_of_the_statement(
    ask: Callable[[set[Triple]], list[int]], whole: list[Quad], files: CuratedFiles, project: Project
) -> None:
    claims: dict[Triple, list[str]] = {}
    for quad in whole:
        if isinstance(quad.graph_name, NamedNode) and quad.predicate == NamedNode(AISI + "instituteOf"):
            triple = Triple(quad.subject, quad.predicate, quad.object)
            claims.setdefault(triple, []).append(quad.graph_name.value)
    triple = min(claims, key=str)
    ask({triple})
    (finding,) = reason(merged(whole), project, quads=whole, locations=files.locations).findings
    assert finding.subject == min(claims[triple])
    assert finding.file is not None
    assert finding.line is not None
    line = files.by_name[finding.file].text.splitlines()[finding.line - 1]
    assert "aisi:instituteOf" in line


# What HermiT is given.


@pytest.fixture(scope="module")
def given(ontology: list[Triple], tiny: list[Quad], project: Project) -> ReasonerInput:
    triples = [*ontology, *merged(tiny)]
    return prepare(triples, Axioms(triples), close(triples, load_rules(project)))


def test_annotations_are_left_out(given: ReasonerInput) -> None:
    words = (
        "label",
        "prefLabel",
        "definition",
        "isDefinedBy",
        "scopeNote",
        "closedInReasoning",
        "versionIRI",
    )
    found = {triple.predicate.value.rpartition("#")[2] for triple in given.triples}
    assert not found & set(words)


def test_dates_become_what_owl_has(given: ReasonerInput) -> None:
    dates = {
        triple.object.value
        for triple in given.statements
        if isinstance(triple.object, Literal) and triple.object.datatype.value == XSD + "dateTime"
    }
    assert dates == {"2023-01-01T00:00:00Z", "2024-05-01T00:00:00Z", "2024-11-25T00:00:00Z"}
    datatypes = {
        triple.object.datatype.value for triple in given.statements if isinstance(triple.object, Literal)
    }
    assert not datatypes & {XSD + "date", XSD + "gYear", XSD + "gYearMonth"}


def test_what_has_no_value_is_left_out(ontology: list[Triple], triples: Triples, project: Project) -> None:
    data = triples(
        'entity:a aisi:date "2024-13"^^xsd:gYearMonth ; aisi:value "x"^^xsd:integer ; aisi:isTentative true ;'
        'aisi:location "here"@en ; aisi:unknown entity:b ; a aisi:Unknown .'
    )
    everything = [*ontology, *data]
    found = prepare(everything, Axioms(everything), close(everything, load_rules(project)))
    entity = NamedNode(ENTITY_BASE + "a")
    about = {triple for triple in found.statements if triple.subject == entity}
    assert about == triples("entity:a aisi:isTentative true .")


def test_known_values_are_all_there_are(given: ReasonerInput) -> None:
    def number(individual: str, name: str) -> int | None:
        return given.known.get((NamedNode(ENTITY_BASE + individual), NamedNode(AISI + name)))

    assert number("south", "hasInstitute") == 0
    assert number("union", "hasInstitute") == 0
    assert number("two-party-mou", "hasParty") == 2
    # Where there are more than any definition asks about, it decides nothing.
    assert number("north", "hasInstitute") is None
    assert number("three-party-mou", "hasParty") is None
    maximum = NamedNode(OWL + "maxCardinality")
    numbers = [
        triple.object.value
        for triple in given.assumptions
        if triple.predicate == maximum and isinstance(triple.object, Literal)
    ]
    assert sorted(numbers) == sorted(str(number) for number in given.known.values())


def test_agents_are_all_different(given: ReasonerInput) -> None:
    names = {node.value.removeprefix(ENTITY_BASE) for node in given.different}
    assert {"ann", "lab", "shop", "north", "union", "network", "north-aisi"} <= names
    assert not names & {"model-2", "summit-1", "two-party-mou"}
    first = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
    listed = [triple.object for triple in given.assumptions if triple.predicate == first]
    assert len(listed) == len(set(listed))
    assert set(listed) == given.different


def test_a_bound_counts_what_inverses_say(ontology: list[Triple], triples: Triples, project: Project) -> None:
    data = triples("entity:m a aisi:Memorandum . entity:a aisi:isPartyTo entity:m .")
    everything = [*ontology, *data]
    found = prepare(everything, Axioms(everything), close(everything, load_rules(project)))
    assert found.known == {(NamedNode(ENTITY_BASE + "m"), NamedNode(AISI + "hasParty")): 1}


def test_claims_are_checked_and_not_classified(given: ReasonerInput) -> None:
    claim = NamedNode(CLAIM_BASE + "tiny/institutes")
    assert claim in {triple.subject for triple in given.triples}
    assert claim not in {triple.subject for triple in given.for_classification()}
    entity = NamedNode(ENTITY_BASE + "north")
    assert entity in {triple.subject for triple in given.for_classification()}


def test_claims_are_classified_where_a_definition_is_about_them(
    ontology: list[Triple], tiny: list[Quad], triples: Triples, project: Project
) -> None:
    definition = triples(
        "aisi:Documented a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( aisi:Claim"
        "[ a owl:Restriction ; owl:onProperty aisi:restsOn ; owl:someValuesFrom fabio:Work ] ) ] ."
    )
    everything = [*ontology, *merged(tiny), *definition]
    found = prepare(everything, Axioms(everything), close(everything, load_rules(project)))
    subjects = {triple.subject for triple in found.for_classification()}
    assert NamedNode(CLAIM_BASE + "tiny/institutes") in subjects
    assert NamedNode("https://w3id.org/aisi-kg/source/tiny/footnote/1") not in subjects


def test_the_input_is_the_same_in_each_order(
    given: ReasonerInput, ontology: list[Triple], tiny: list[Quad], project: Project
) -> None:
    triples = [*reversed(merged(tiny)), *reversed(ontology)]
    again = prepare(triples, Axioms(triples), close(triples, load_rules(project)))
    assert again == given
    assert any(isinstance(triple.subject, BlankNode) for triple in again.assumptions)
