"""The pages' diagrams are those of the ontology."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from aisi_kg.errors import InputError
from aisi_kg.graph.diagram import draw, main, refresh
from aisi_kg.graph.prefixes import load_prefixes
from aisi_kg.project import Project

ONTOLOGY = """
@prefix aisi: <https://w3id.org/aisi-kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
aisi:A a owl:Class . aisi:B a owl:Class ; rdfs:subClassOf aisi:A . aisi:C a owl:Class .
aisi:p a owl:ObjectProperty ; rdfs:range aisi:C ;
  rdfs:domain [ a owl:Class ; owl:unionOf ( aisi:A aisi:B ) ] .
"""


def test_data_model_is_drawn_from_the_ontology(project: Project) -> None:
    page = (project.root / "docs" / "data-model.md").read_text("utf-8")
    assert "```mermaid" in page
    assert refresh(page, project) == page, "run make docs"


def test_subclasses_and_properties_are_arrows(project: Project) -> None:
    store = Store()
    store.load(ONTOLOGY.encode(), RdfFormat.TURTLE)
    assert draw(["aisi:A", "aisi:B", "aisi:C"], store, load_prefixes(project)).splitlines() == [
        "classDiagram",
        "direction LR",
        'class aisi_A["aisi:A"]',
        'class aisi_B["aisi:B"]',
        'class aisi_C["aisi:C"]',
        "aisi_A <|-- aisi_B",
        "aisi_A --> aisi_C : aisi:p",
        "aisi_B --> aisi_C : aisi:p",
    ]


def test_unknown_class_is_named(project: Project) -> None:
    with pytest.raises(InputError, match="aisi:Nothing"):
        refresh("<!-- diagram: aisi:Nothing -->\n", project)


def test_files_are_drawn_in_place(project: Project, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n<!-- diagram: aisi:Claim -->\n\nText.\n", "utf-8")
    assert main([str(page)]) == 0
    text = page.read_text("utf-8")
    assert 'class aisi_Claim["aisi:Claim"]' in text
    assert text.endswith("```\n\nText.\n")
