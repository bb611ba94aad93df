"""The rules: what each concludes, what none does, and why something follows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from aisi_kg.errors import InputError
from aisi_kg.graph.rules import Closure, Explanation, close, infer_rules, load_rules
from aisi_kg.project import Project

Triples = Callable[[str], set[Triple]]


@dataclass(frozen=True)
class Case:
    """What a rule is given, all that the rules conclude from it."""

    given: str
    follows: str


#: A case for each rule, which needs that rule alone.
CASES = {
    "chain-of-two": Case(
        "aisi:r owl:propertyChainAxiom ( aisi:p aisi:q ) ."
        "entity:a aisi:p entity:b . entity:b aisi:q entity:c , entity:a . entity:c aisi:q entity:d .",
        "entity:a aisi:r entity:c .",
    ),
    "chain-of-three": Case(
        "aisi:s owl:propertyChainAxiom ( aisi:p aisi:q aisi:r ) ."
        "entity:a aisi:p entity:b . entity:b aisi:q entity:c . entity:c aisi:r entity:d , entity:a .",
        "entity:a aisi:s entity:d .",
    ),
    "domain": Case(
        "aisi:p rdfs:domain aisi:C , owl:Thing , [ owl:unionOf ( aisi:D aisi:E ) ] . entity:a aisi:p 1 .",
        "entity:a a aisi:C .",
    ),
    "inverse": Case(
        "aisi:p owl:inverseOf aisi:q . entity:a aisi:p entity:b , 1 .",
        "entity:b aisi:q entity:a .",
    ),
    "inverse-of-inverse": Case(
        "aisi:p owl:inverseOf aisi:q . entity:a aisi:q entity:b , 1 .",
        "entity:b aisi:p entity:a .",
    ),
    "range": Case(
        "aisi:p rdfs:range aisi:C , owl:Thing , [ owl:unionOf ( aisi:D aisi:E ) ] ."
        "entity:a aisi:p entity:b , 1 .",
        "entity:b a aisi:C .",
    ),
    "sub-class": Case(
        "aisi:C rdfs:subClassOf aisi:D , owl:Thing , [ owl:unionOf ( aisi:E aisi:F ) ] ."
        "aisi:D rdfs:subClassOf aisi:G . entity:a a aisi:C .",
        "entity:a a aisi:D , aisi:G .",
    ),
    "sub-property": Case(
        'aisi:p rdfs:subPropertyOf aisi:q . aisi:q rdfs:subPropertyOf aisi:r . entity:a aisi:p "A"@en .',
        'entity:a aisi:q "A"@en ; aisi:r "A"@en .',
    ),
    "symmetric": Case(
        "aisi:p a owl:SymmetricProperty . entity:a aisi:p entity:b , entity:a .",
        "entity:b aisi:p entity:a .",
    ),
    "transitive": Case(
        "aisi:p a owl:TransitiveProperty ."
        "entity:a aisi:p entity:b . entity:b aisi:p entity:c , entity:a . entity:c aisi:p entity:d .",
        "entity:a aisi:p entity:c , entity:d . entity:b aisi:p entity:d .",
    ),
}


def test_each_rule_has_a_case(project: Project) -> None:
    assert {rule.name for rule in load_rules(project)} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_concludes_this_and_no_more(name: str, project: Project, triples: Triples) -> None:
    case = CASES[name]
    given = triples(case.given)
    rules = load_rules(project)
    assert set(close(given, rules).inferred) == triples(case.follows)
    assert set(close(given, [rule for rule in rules if rule.name != name]).inferred) == set()


def test_rules_speak_both_languages(project: Project) -> None:
    for rule in load_rules(project):
        assert rule.title.isascii()
        assert rule.description.endswith(".")
        assert not rule.title_zh.isascii()
        assert rule.description_zh.endswith("。")


# The rules on the ontology's own axioms.


@pytest.fixture(scope="module")
def closure(ontology: list[Triple], tiny: list[Quad], project: Project) -> Closure:
    data = [Triple(quad.subject, quad.predicate, quad.object) for quad in tiny]
    return close([*ontology, *data], load_rules(project))


@pytest.mark.parametrize(
    "fact",
    [
        # chains
        "entity:north-aisi aisi:representedIn entity:network",
        "entity:west-aisi aisi:representedIn entity:network",
        "entity:north-aisi aisi:hasModelAccessFrom entity:lab",
        "entity:north-aisi aisi:evaluatedModelOf entity:model-2",
        "claim:institutes aisi:restsOn <https://w3id.org/aisi-kg/publication/tiny>",
        # inverses
        "entity:north-aisi aisi:instituteOf entity:north",
        "entity:west aisi:hasInstitute entity:west-aisi",
        "entity:west org:memberOf entity:network",
        "entity:network org:hasMember entity:north",
        "entity:north-aisi aisi:hasAccess entity:early-access",
        "entity:north-aisi aisi:hasEvaluated entity:test",
        "entity:task-force aisi:hasSuccessor entity:north-aisi",
        "entity:lab aisi:isPartyTo entity:two-party-mou",
        "entity:north-government org:hasSubOrganization entity:north-ministry",
        # symmetric and transitive
        "entity:opening aisi:concurrentWith entity:test",
        "entity:summit-1 aisi:precedes entity:summit-3",
        "entity:north-aisi org:transitiveSubOrganizationOf entity:north-government",
        # wider properties and classes
        "entity:north-aisi org:subOrganizationOf entity:north-ministry",
        "entity:test prov:wasAssociatedWith entity:north-aisi",
        'entity:north rdfs:label "North"@en',
        "entity:summit-1 a aisi:Event",
        "entity:north a foaf:Agent",
        "aisi:PreDeployment a skos:Concept",
    ],
)
def test_it_follows_from_the_ontology(fact: str, closure: Closure, triples: Triples) -> None:
    (triple,) = triples(f"{fact} .")
    assert triple in closure


@pytest.mark.parametrize(
    "fact",
    [
        "entity:shop a aisi:SafetyInstitute",
        "entity:summit-3 aisi:precedes entity:summit-1",
        "entity:south aisi:hasInstitute entity:north-aisi",
        "entity:west-aisi aisi:evaluatedModelOf entity:model-2",
    ],
)
def test_it_does_not_follow(fact: str, closure: Closure, triples: Triples) -> None:
    (triple,) = triples(f"{fact} .")
    assert triple not in closure
    assert closure.explain(triple) is None


def test_a_domain_gives_a_type_that_nobody_stated(
    ontology: list[Triple], project: Project, triples: Triples
) -> None:
    data = triples("entity:a aisi:hasInstitute entity:b .")
    closure = close({*ontology, *data}, load_rules(project))
    assert triples("entity:a a aisi:Jurisdiction . entity:b a aisi:SafetyInstitute .") <= set(
        closure.inferred
    )


@pytest.fixture(scope="module")
def inferred(whole: list[Quad], project: Project) -> set[Triple]:
    store = Store()
    store.extend([*whole, *(Quad(quad.subject, quad.predicate, quad.object) for quad in whole)])
    return infer_rules(store, project)


def test_nothing_asserted_is_inferred(inferred: set[Triple], whole: list[Quad]) -> None:
    assert inferred
    assert not inferred & {Triple(quad.subject, quad.predicate, quad.object) for quad in whole}


def test_nothing_is_inferred_about_the_ontology_itself(inferred: set[Triple], ontology: list[Triple]) -> None:
    kinds = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology")
    elements = {
        triple.subject
        for triple in ontology
        if isinstance(triple.object, NamedNode) and triple.object.value.rpartition("#")[2] in kinds
    }
    assert not {triple.subject for triple in inferred} & elements


def test_what_is_inferred_is_fit_for_the_dataset(inferred: set[Triple]) -> None:
    for triple in inferred:
        assert isinstance(triple.subject, NamedNode)
        assert not isinstance(triple.object, BlankNode)
        assert triple.subject != triple.object
        assert triple.object != NamedNode("http://www.w3.org/2002/07/owl#Thing")


def test_the_store_stays_as_it_is(
    project: Project, triples: Triples, quads: Callable[[str], list[Quad]]
) -> None:
    given = triples(CASES["symmetric"].given)
    store = Store()
    store.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in given)
    # What stands in a named graph alone is no part of the merge.
    store.extend(quads("GRAPH claim:x { entity:x aisi:p entity:y . }"))
    before = set(store)
    assert infer_rules(store, project) == triples(CASES["symmetric"].follows)
    assert set(store) == before


# Explanations.


def steps(explanation: Explanation) -> list[str]:
    """Name the rules from the conclusion down to what is asserted."""
    own = [explanation.rule.name] if explanation.rule else []
    return own + [name for premise in explanation.premises for name in steps(premise)]


def test_an_explanation_leads_to_what_is_asserted(closure: Closure, triples: Triples) -> None:
    (fact,) = triples("entity:west-aisi aisi:representedIn entity:network .")
    explanation = closure.explain(fact)
    assert explanation is not None
    assert steps(explanation) == ["chain-of-two", "inverse-of-inverse"]
    data = {
        t for t in explanation.asserted() if str(t.subject).startswith("<https://w3id.org/aisi-kg/entity/")
    }
    assert data == triples(
        "entity:west-aisi aisi:instituteOf entity:west . entity:network org:hasMember entity:west ."
    )


def test_what_is_asserted_explains_itself(closure: Closure, triples: Triples) -> None:
    (fact,) = triples("entity:north aisi:hasInstitute entity:north-aisi .")
    assert closure.explain(fact) == Explanation(fact)


def test_no_conclusion_explains_itself(closure: Closure) -> None:
    def walk(explanation: Explanation, above: frozenset[Triple]) -> None:
        assert explanation.triple not in above
        assert explanation.rule is not None or explanation.triple not in concluded
        for premise in explanation.premises:
            walk(premise, above | {explanation.triple})

    concluded = set(closure.inferred)
    for triple in concluded:
        explanation = closure.explain(triple)
        assert explanation is not None
        walk(explanation, frozenset())


def test_explanations_are_the_same_in_each_run(
    closure: Closure, ontology: list[Triple], tiny: list[Quad], project: Project
) -> None:
    data = [Triple(quad.subject, quad.predicate, quad.object) for quad in reversed(tiny)]
    again = close([*data, *reversed(ontology)], load_rules(project))
    assert set(again.inferred) == set(closure.inferred)
    for triple in closure.inferred:
        assert again.explain(triple) == closure.explain(triple)


def test_the_triples_of_a_closure_can_be_looked_up(closure: Closure, triples: Triples) -> None:
    (stated,) = triples("entity:north aisi:hasInstitute entity:north-aisi .")
    assert isinstance(stated.subject, NamedNode)
    assert set(closure.triples(stated.subject, stated.predicate)) == {stated}
    assert set(closure.triples(None, stated.predicate)) == triples(
        "entity:north aisi:hasInstitute entity:north-aisi . entity:west aisi:hasInstitute entity:west-aisi ."
    )
    assert list(closure.triples(Literal("no subject"))) == []


# Files that are no rules.

RULE = """\
#+ id: a-rule
#+ title: A rule
#+ title_zh: 规则
#+ description: It says something.
#+ description_zh: 规则内容。

PREFIX owl: <http://www.w3.org/2002/07/owl#>

CONSTRUCT { ?o ?p ?s } WHERE {
	?p a owl:SymmetricProperty .
	?s ?p ?o .
	FILTER(ISIRI(?o))
}
"""


@pytest.fixture
def load_one(tmp_path: Path) -> Callable[[str | bytes], None]:
    def load(content: str | bytes) -> None:
        path = tmp_path / "ontology" / "rules" / "a-rule.rq"
        path.parent.mkdir(parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        load_rules(Project.at(tmp_path))

    return load


def test_a_rule_is_read(load_one: Callable[[str | bytes], None]) -> None:
    load_one(RULE)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("?p a owl:", "?p a owl", "a-rule.rq:10:27: the rule is no SPARQL from here on"),
        ("#+ title_zh: 规则\n", "", "the header lacks title_zh; add a line '#+ title_zh: …'."),
        ("#+ id: a-rule", "#+ id: other", "the id is not the file's name; make it a-rule."),
        ("#+ title: A rule", "#+ name: A rule", "a-rule.rq:2: a header line is one of"),
        ("?s ?p ?o .\n", "?s ?p ?o ; ?q ?r .\n", "a-rule.rq:11: a rule is CONSTRUCT"),
        ("\tFILTER(ISIRI(?o))\n", "\tOPTIONAL { ?o ?q ?r }\n", "a-rule.rq:12: a rule is CONSTRUCT"),
        ("CONSTRUCT { ?o ?p ?s } WHERE {", "CONSTRUCT { ?o ?p ?s . ?s ?p ?s } WHERE {", "a-rule.rq:9:"),
        ("CONSTRUCT { ?o ?p ?s } WHERE {", "SELECT * WHERE {", "a-rule.rq:9:"),
        ("?s ?p ?o .", "?s ?p <urn:x> .", "<urn:x> is neither a variable nor a name with a prefix"),
        ("\t?p a owl:SymmetricProperty .\n\t?s ?p ?o .\n", "", "or no triple below it; add it."),
    ],
)
def test_a_file_that_is_no_rule_is_named(
    old: str, new: str, message: str, load_one: Callable[[str | bytes], None]
) -> None:
    assert old in RULE
    with pytest.raises(InputError) as caught:
        load_one(RULE.replace(old, new))
    assert str(caught.value).startswith("ontology/rules/a-rule.rq:")
    assert message in str(caught.value)


def test_a_rule_in_another_encoding_is_named(load_one: Callable[[str | bytes], None]) -> None:
    with pytest.raises(InputError, match=r"a-rule\.rq: the rule is not in UTF-8"):
        load_one(RULE.encode("utf-16"))


def test_a_rule_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "ontology" / "rules" / "a-rule.rq").mkdir(parents=True)
    with pytest.raises(InputError, match=r"a-rule\.rq: the rule cannot be read"):
        load_rules(Project.at(tmp_path))


def test_a_project_may_have_no_rules(tmp_path: Path) -> None:
    assert load_rules(Project.at(tmp_path)) == ()
    assert infer_rules(Store(), Project.at(tmp_path)) == set()
