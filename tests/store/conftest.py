"""What the tests of the store share.

Fixtures: ``small`` is a dataset of two claims, written out below, for what a test looks at closely; what must
hold of all is held of ``real``, the project's own.
"""

from collections.abc import Callable, Iterable

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from aisi_kg.graph.dataset import merge
from aisi_kg.graph.prefixes import META_GRAPH, Prefixes, load_prefixes
from aisi_kg.project import Project
from aisi_kg.store.describe import describe
from aisi_kg.store.export.jsonld import Context, load_context

#: Two claims on one footnote, one that rests on the source alone, and an ontology with one axiom.
SMALL = """
GRAPH claim:funding {
	entity:grant a aisi:FundingCommitment ; aisi:amount 100.5 ; aisi:fundingRecipient entity:uk-aisi .
}
GRAPH claim:founding {
	entity:uk-aisi-founding a aisi:Establishment ; aisi:establishes entity:uk-aisi ;
		aisi:date "2023-11"^^xsd:gYearMonth ; aisi:earliestDate "2023-11-01"^^xsd:date .
}
GRAPH claim:silence {
	entity:gap a aisi:ReportingGap ; aisi:gapOf entity:us-aisi .
}
GRAPH <https://w3id.org/aisi-kg/source/concordia-2024> {
	claim:funding a aisi:Claim ; aisi:statement "The UK AISI has 100 million."@en , "英国一亿英镑。"@zh ;
		aisi:modality aisi:Fact ; aisi:evidence aisi:FootnoteOnSentence ;
		prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:900-910 , passage:90-99 ;
		cito:citesAsEvidence footnote:10 , footnote:2 .
	claim:founding a aisi:Claim ; aisi:statement "The UK AISI was founded in 2023."@en , "英国所成立。"@zh ;
		aisi:modality aisi:Fact ; aisi:evidence aisi:FootnoteOnSentence ;
		prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:5-20 ;
		cito:citesAsEvidence footnote:2 .
	claim:silence a aisi:Claim ; aisi:statement "Nothing is said of the US AISI's staff."@en , "未报告。"@zh ;
		aisi:modality aisi:NotStated ; aisi:evidence aisi:ReportOnly ;
		prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:1000-1001 .
	passage:5-20 a aisi:Passage ; aisi:anchor "一"@zh ; oa:start 5 ; oa:end 20 ; aisi:page 3 ;
		aisi:section "2.1" ; dcterms:isPartOf source:concordia-2024 .
	passage:90-99 a aisi:Passage ; aisi:anchor "=1+1"@zh ; oa:start 90 ; oa:end 99 ; aisi:page 4 ;
		aisi:section "2.1" ; dcterms:isPartOf source:concordia-2024 .
	passage:900-910 a aisi:Passage ; aisi:anchor "-"@zh ; oa:start 900 ; oa:end 910 ; aisi:page 10 ;
		aisi:section "3.1" ; dcterms:isPartOf source:concordia-2024 .
	passage:1000-1001 a aisi:Passage ; aisi:anchor "'"@zh ; oa:start 1000 ; oa:end 1001 ; aisi:page 10 ;
		aisi:section "3.1" ; dcterms:isPartOf source:concordia-2024 .
	footnote:2 a aisi:Footnote ; aisi:number 2 ; aisi:page 3 ; cito:cites publication:plan ;
		dcterms:isPartOf source:concordia-2024 .
	footnote:10 a aisi:Footnote ; aisi:number 10 ; aisi:page 4 ; cito:cites publication:budget ;
		dcterms:isPartOf source:concordia-2024 .
	publication:plan a fabio:Work ; dcterms:title "The plan"@en ; dcterms:publisher entity:uk-government ;
		dcterms:issued "2023"^^xsd:gYear ; schema:url <https://example.org/plan> .
	publication:budget a fabio:Work ; dcterms:title "The budget"@en ; aisi:accessed "2024-10-01"^^xsd:date ;
		schema:url <https://example.org/budget> .
	source:concordia-2024 a aisi:SourceDocument ; dcterms:title "A report"@en , "一份报告"@zh .
}
GRAPH <https://w3id.org/aisi-kg/graph/entities> {
	entity:uk-aisi a aisi:SafetyInstitute ; skos:prefLabel "UK AI Safety Institute"@en , "英国所"@zh ;
		skos:altLabel "英国人工智能安全研究所"@zh , "英国AISI"@zh ; schema:alternateName "UK AISI"@en .
	entity:us-aisi a aisi:SafetyInstitute ; skos:prefLabel "US AI Safety Institute"@en , "美国所"@zh .
	entity:uk-government skos:prefLabel "Government of the United Kingdom"@en , "英国政府"@zh .
	entity:grant skos:prefLabel "Money of the UK AISI"@en , "英国所的资金"@zh .
}
GRAPH <https://w3id.org/aisi-kg/graph/inferred> { entity:uk-aisi a prov:Agent . }
GRAPH <https://w3id.org/aisi-kg/ontology> {
	<https://w3id.org/aisi-kg/ontology> a owl:Ontology ; dcterms:creator "The editors"@en , "编者"@zh ;
		dcterms:issued "2026-01-02"^^xsd:date ; owl:versionInfo "0.1.0" .
	aisi:Fact a skos:Concept ; skos:prefLabel "fact"@en , "事实"@zh .
	aisi:amount rdfs:label "amount"@en , "金额"@zh .
	aisi:SafetyInstitute rdfs:label "AI safety institute"@en , "人工智能安全研究所"@zh .
	aisi:FundingCommitment rdfs:subClassOf [
		a owl:Restriction ; owl:onProperty aisi:amount ; owl:someValuesFrom
			[ a owl:Class ; owl:unionOf ( aisi:Fact [ owl:complementOf aisi:Plan ] ) ] ] .
}
"""


MakeStore = Callable[[str], Store]
SameDataset = Callable[[Iterable[Quad], Iterable[Quad]], bool]


@pytest.fixture(scope="session")
def prefixes(project: Project) -> Prefixes:
    return load_prefixes(project)


@pytest.fixture(scope="session")
def context(project: Project) -> Context:
    return load_context(project)


@pytest.fixture(scope="session")
def make_store(prefixes: Prefixes) -> MakeStore:
    """Give the function that loads TriG, written with the project's prefixes, and its merge."""

    def make(trig: str) -> Store:
        text = "".join(f"PREFIX {p}: <{n}>\n" for p, n in prefixes.items()) + trig
        quads = list(parse(text, RdfFormat.TRIG))
        store = Store()
        store.extend([*quads, *merge(quads)])
        return store

    return make


@pytest.fixture(scope="session")
def same_dataset() -> SameDataset:
    """Give the function that tells whether quads are one dataset but for the labels of blank nodes."""

    def same(one: Iterable[Quad], other: Iterable[Quad]) -> bool:
        datasets = (Dataset(one), Dataset(other))
        for dataset in datasets:
            dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return datasets[0] == datasets[1]

    return same


@pytest.fixture(scope="session")
def small(make_store: MakeStore, prefixes: Prefixes) -> Store:
    store = make_store(SMALL)
    for triple in describe(store, version="0.1.0+0123456789ab", prefixes=prefixes):
        for graph in (NamedNode(META_GRAPH), DefaultGraph()):
            store.add(Quad(triple.subject, triple.predicate, triple.object, graph))
    return store
