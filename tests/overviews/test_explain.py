"""Why a triple holds: who states it, or from what it follows; and what is said where it does not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import CLAIM_BASE, INFERRED_GRAPH, ONTOLOGY_GRAPH, Prefixes
from aisi_kg.graph.rules import load_rules
from aisi_kg.project import Project
from aisi_kg.store.explain import Explanation, Step, explain, read_term, read_triple, turtle
from aisi_kg.store.explanation_text import explanation_text
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.store.rulebook import published_rules

ENTITY = "https://w3id.org/aisi-kg/entity/"
INFERRED = NamedNode(INFERRED_GRAPH)


def explained(store: Store, prefixes: Prefixes, text: str) -> Explanation:
    return conduct(store, explain(read_triple(text, prefixes), prefixes))


def tree(step: Step, prefixes: Prefixes) -> object:
    """Give what stands where, in the shape of the explanation."""
    words = turtle(step.triple, prefixes)
    if step.graphs:
        return words, [prefixes.shorten(graph) for graph in step.graphs]
    return words, step.name, list(step.axioms), [tree(premise, prefixes) for premise in step.premises]


def test_a_stated_triple_names_its_claims(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, 'entity:r-set-up aisi:date "2023-11"^^xsd:gYearMonth')
    assert found.step is not None
    assert found.step.graphs == (
        CLAIM_BASE + "concordia-2024/r-set-up",
        CLAIM_BASE + "concordia-2024/r-set-up-again",
    )
    data = found.data(prefixes, "zh")
    assert data["status"] == "stated"
    claim = data["claims"][CLAIM_BASE + "concordia-2024/r-set-up"]
    assert claim["statement"] == "2023年11月成立。"
    assert claim["passages"][0]["anchor"] == "别处"
    assert (claim["modality"]["label"], claim["evidence"]["label"]) == ("事实", "仅见于报告")


def test_a_claim_comes_with_its_footnotes_and_publications(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, "entity:r-fund aisi:amount 1500000000 .")
    (claim,) = found.claims.values()
    assert [
        (note.number, note.accessed, [work.title() for work in note.works]) for note in claim.footnotes
    ] == [
        (7, "", ['Money: 100% {sure} & "safe"_#1?']),
        (8, "2024-11-25", ["没有日期的页面"]),
    ]
    assert [(each.section, each.page, each.start) for each in claim.passages] == [
        ("3.1", 4, 20),
        ("2", 5, 90),
    ]
    text = explanation_text(found, prefixes, "en")
    assert "    section 3.1, page 4, 20–24: “钱…”\n" in text
    assert (
        '    footnote 7: Publisher, Ruritania, Money: 100% {sure} & "safe"_#1?, 2023-04-24 '
        "<https://example.org/money?a=1&b=%7B>\n"
    ) in text


def test_a_chain_is_explained_with_its_axiom(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, "entity:ruritania-aisi aisi:hasModelAccessFrom entity:acme")
    assert found.step is not None
    assert tree(found.step, prefixes) == (
        "entity:ruritania-aisi aisi:hasModelAccessFrom entity:acme",
        "chain-of-two",
        ["aisi:hasModelAccessFrom owl:propertyChainAxiom ( aisi:hasAccess aisi:grantedBy )"],
        [
            (
                "entity:ruritania-aisi aisi:hasAccess entity:r-access",
                "inverse-of-inverse",
                ["aisi:hasAccess owl:inverseOf aisi:grantedTo"],
                [("entity:r-access aisi:grantedTo entity:ruritania-aisi", ["claim:r-access"])],
            ),
            ("entity:r-access aisi:grantedBy entity:acme", ["claim:r-access"]),
        ],
    )


def test_classes_below_each_other_do_not_explain_themselves(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, "entity:ruritania-aisi a aisi:Thing")
    assert found.step is not None
    assert tree(found.step, prefixes) == (
        "entity:ruritania-aisi a aisi:Thing",
        "sub-class",
        ["aisi:Body rdfs:subClassOf aisi:Thing"],
        [
            (
                "entity:ruritania-aisi a aisi:Body",
                "sub-class",
                ["aisi:SafetyInstitute rdfs:subClassOf aisi:Body"],
                [("entity:ruritania-aisi a aisi:SafetyInstitute", ["graph:entities"])],
            )
        ],
    )


def test_a_member_of_a_defined_class_meets_its_definition(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, "entity:ruritania-aisi a aisi:InstituteWithPreDeploymentAccess")
    assert found.step is not None
    (axiom,) = found.step.axioms
    assert axiom == (
        "aisi:InstituteWithPreDeploymentAccess EquivalentTo: aisi:SafetyInstitute and "
        "(aisi:hasAccess some (aisi:accessStage value aisi:PreDeployment))"
    )
    assert [turtle(each.triple, prefixes) for each in found.step.premises] == [
        "entity:ruritania-aisi a aisi:SafetyInstitute",
        "entity:ruritania-aisi aisi:hasAccess entity:r-access",
        "entity:r-access aisi:accessStage aisi:PreDeployment",
    ]


def test_a_number_of_values_rests_on_what_is_not_known(store: Store, prefixes: Prefixes) -> None:
    two = explained(store, prefixes, "entity:r-s a aisi:BilateralMemorandum").step
    assert two is not None
    assert [turtle(each.triple, prefixes) for each in two.premises] == [
        "entity:r-s a aisi:Memorandum",
        "entity:r-s aisi:hasParty entity:ruritania-aisi",
        "entity:r-s aisi:hasParty entity:syldavia-aisi",
    ]
    assert two.axioms[1] == "aisi:hasParty aisi:closedInReasoning true"
    (absence,) = two.absences
    assert absence.en == (
        "No further value of aisi:hasParty is known of entity:r-s, and what is known is taken for all there "
        "is."
    )
    none = explained(store, prefixes, "entity:borduria a aisi:NetworkMemberWithoutInstitute").step
    assert none is not None
    assert [each.zh for each in none.absences] == [
        "entity:borduria 的 aisi:hasInstitute 无已知取值，且已知者视为全部。"
    ]
    (member,) = none.premises
    assert (member.name, len(member.premises)) == ("definition", 3)


def test_what_cannot_be_retraced_is_not_made_up(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, "entity:acme a aisi:Strange")
    assert found.step is not None
    assert (found.step.name, found.step.premises, found.step.graphs) == ("", (), ())
    assert "in a way that is not retraced here" in explanation_text(found, prefixes, "en")


def test_what_nobody_states_is_told_with_what_is_said_instead(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, 'entity:r-set-up aisi:date "2023"^^xsd:gYear')
    assert (found.step, found.is_known) == (None, True)
    assert [turtle(each.triple, prefixes) for each in found.instead] == [
        'entity:r-set-up aisi:date "2023-10-05"^^xsd:date',
        'entity:r-set-up aisi:date "2023-11"^^xsd:gYearMonth',
    ]
    data = found.data(prefixes, "en")
    assert data["status"] == "not-stated"
    assert data["instead"][0]["claims"] == [CLAIM_BASE + "concordia-2024/r-set-up-earlier"]
    assert json.dumps(data)


def test_an_unknown_subject_is_told(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, "entity:atlantis a aisi:Country")
    assert (found.step, found.is_known, found.instead) == (None, False, ())
    other = explained(store, prefixes, "entity:acme aisi:date 1")
    assert (other.step, other.is_known, other.instead) == (None, True, ())
    assert "which says nothing about the subject" in explanation_text(found, prefixes, "en")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no Turtle"),
        ("# nothing\n", "is 0 triples"),
        ("entity:acme", "is no Turtle"),
        ("entity:acme a", "is no Turtle"),
        ("entity:acme a aisi:A , aisi:B", "is 2 triples"),
        ("entity:acme a aisi:A . entity:acme a aisi:B", "is 2 triples"),
        ("nowhere:acme a aisi:A", "is no Turtle"),
        ("entity:acme a []", "without a name"),
        ("_:x a aisi:A", "without a name"),
        ('"text" a aisi:A', "is no Turtle"),
        ("entity:acme a <relative>", "is no Turtle"),
        ("entity:acme a <<( entity:a entity:b entity:c )>>", "without a name"),
        ("entity:acme a " + "<https://e.org/" + "x" * 5000 + ">", "longer than 4000 characters"),
    ],
)
def test_what_is_no_triple_is_refused(prefixes: Prefixes, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        read_triple(text, prefixes)
    assert "\n" not in str(error.value)
    assert "line 1" not in str(error.value)


@pytest.mark.parametrize(
    "text", ["a aisi:B ; aisi:c", "aisi:b . entity:d", "[]", "_:b", "", "}", "aisi:a , aisi:b"]
)
@pytest.mark.parametrize("role", ["subject", "predicate", "object"])
def test_what_is_no_term_is_refused(prefixes: Prefixes, role: str, text: str) -> None:
    with pytest.raises(InputError):
        read_term(text, role, prefixes)


def test_a_literal_may_hold_what_looks_like_syntax(store: Store, prefixes: Prefixes) -> None:
    found = explained(store, prefixes, r'entity:acme aisi:date "} } . base prefix \" ?s"')
    assert found.step is None


@given(st.text(max_size=60))
def test_any_text_is_a_triple_or_refused(text: str) -> None:
    prefixes = Prefixes({"e": "https://example.org/"})
    try:
        triple = read_triple(text, prefixes)
    except InputError:
        return
    assert isinstance(triple, Triple)


@given(st.text(max_size=40), st.sampled_from(["", "@en", "^^xsd:date"]))
def test_no_literal_changes_a_query(store: Store, prefixes: Prefixes, text: str, suffix: str) -> None:
    literal = str(Literal(text)) + suffix
    found = explained(store, prefixes, f"entity:r-set-up aisi:date {literal}")
    assert found.step is None
    assert len(found.instead) == 2


def test_the_rules_are_those_of_the_project(store: Store, project: Project) -> None:
    published = conduct(store, published_rules())
    assert published == tuple(sorted(load_rules(project), key=lambda rule: rule.name))


# On the report's data.


def inferred_in(store: Store) -> list[Triple]:
    quads = store.quads_for_pattern(None, None, None, INFERRED)
    return sorted({Triple(q.subject, q.predicate, q.object) for q in quads}, key=str)


def holds_up(step: Step, store: Store) -> None:
    """Check that each leaf is stated in each graph that is named, and that each step has what it needs."""
    for graph in step.graphs:
        assert graph != INFERRED_GRAPH
        quad = Quad(step.triple.subject, step.triple.predicate, step.triple.object, NamedNode(graph))
        assert quad in store
    if not step.graphs:
        assert step.name
        assert step.premises
        assert step.axioms
    for premise in step.premises:
        holds_up(premise, store)


def test_all_that_only_the_reasoner_finds_is_explained(real: Store) -> None:
    prefixes = dataset_prefixes(real)
    equivalent = NamedNode("http://www.w3.org/2002/07/owl#equivalentClass")
    ontology = NamedNode(ONTOLOGY_GRAPH)
    defined = {quad.subject for quad in real.quads_for_pattern(None, equivalent, None, ontology)}
    members = [triple for triple in inferred_in(real) if triple.object in defined]
    assert {triple.object for triple in members} == defined
    for triple in members:
        found = conduct(real, explain(triple, prefixes))
        assert found.step is not None
        assert found.step.name == "definition"
        holds_up(found.step, real)


def test_what_the_rules_find_is_explained(real: Store) -> None:
    prefixes = dataset_prefixes(real)
    inferred = inferred_in(real)
    # A hundred of them, spread over all, and some of each property.
    by_property = {triple.predicate: triple for triple in inferred}
    for triple in [*inferred[:: len(inferred) // 100], *by_property.values()]:
        found = conduct(real, explain(triple, prefixes))
        assert found.step is not None, triple
        holds_up(found.step, real)


def test_nothing_inferred_is_stated(real: Store) -> None:
    for triple in inferred_in(real)[::500]:
        quads = real.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        assert {quad.graph_name for quad in quads} <= {INFERRED, DefaultGraph()}
