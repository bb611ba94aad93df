"""Draw parts of the ontology as Mermaid class diagrams inside a Markdown page.

A page asks for a diagram by a comment that names classes, and the diagram follows it::

    <!-- diagram: aisi:Claim aisi:Passage -->
    ```mermaid
    ...
    ```

Nothing of a diagram is written by hand: it shows the subclass axioms among the named classes and each object
property whose domain and range, or whose values by a restriction, are among them, so that the page cannot
drift from ``ontology/aisi.ttl``.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes, load_prefixes
from aisi_kg.project import Project, find_project

__all__ = ["draw", "main", "refresh"]

_BLOCK = re.compile(r"(<!-- diagram: ([^>]*?) -->\n)(?:```mermaid\n.*?```\n)?", re.DOTALL)

_CLASSES = "SELECT ?class WHERE { ?class a owl:Class FILTER(isIRI(?class)) }"

_SUBCLASSES = "SELECT ?class ?super WHERE { ?class rdfs:subClassOf ?super FILTER(isIRI(?super)) }"

# A domain or range is one class or a union of several. Of other vocabularies' properties the ontology only
# says what values its own classes have.
_PROPERTIES = """
SELECT DISTINCT ?from ?property ?to WHERE {
  { ?property a owl:ObjectProperty ; rdfs:domain/(owl:unionOf/rdf:rest*/rdf:first)? ?from ;
      rdfs:range/(owl:unionOf/rdf:rest*/rdf:first)? ?to . }
  UNION
  { ?property a owl:ObjectProperty .
    ?from rdfs:subClassOf [ owl:onProperty ?property ; owl:allValuesFrom ?to ] . }
  FILTER(isIRI(?from) && isIRI(?to))
}
"""


def draw(classes: Iterable[str], ontology: Store, prefixes: Prefixes) -> str:
    """Draw a class diagram of some classes.

    :param classes: the classes, as CURIEs.
    :param ontology: a store whose default graph holds the ontology.
    :param prefixes: the prefixes of the CURIEs.
    :returns: Mermaid text, its lines sorted by kind and name, with a final newline.
    :raises InputError: if a name is not that of a class of the ontology.
    """
    names = {prefixes.expand(name): name for name in classes}
    known = {iri for (iri,) in _rows(ontology, _CLASSES, prefixes)}
    for iri, name in names.items():
        if iri not in known:
            raise InputError(
                f"A diagram asks for {name}, which is no class of the ontology; correct the name."
            )
    nodes = {iri: name.replace(":", "_") for iri, name in names.items()}
    boxes = sorted(f'class {nodes[iri]}["{name}"]' for iri, name in names.items())
    arrows = sorted(
        f"{nodes[parent]} <|-- {nodes[child]}"
        for child, parent in _rows(ontology, _SUBCLASSES, prefixes)
        if child in nodes and parent in nodes
    )
    arrows += sorted(
        f"{nodes[start]} --> {nodes[end]} : {prefixes.shorten(label)}"
        for start, label, end in _rows(ontology, _PROPERTIES, prefixes)
        if start in nodes and end in nodes
    )
    return "\n".join(["classDiagram", "direction LR", *boxes, *arrows]) + "\n"


def _rows(ontology: Store, query: str, prefixes: Prefixes) -> Iterator[tuple[str, ...]]:
    solutions = ontology.query(query, prefixes=dict(prefixes))
    if isinstance(solutions, QuerySolutions):
        for solution in solutions:
            yield tuple(term.value for term in solution if isinstance(term, NamedNode))


def refresh(text: str, project: Project) -> str:
    """Draw the diagrams of a page again.

    :param text: the page's Markdown.
    :param project: the project whose ontology is drawn.
    :returns: the Markdown with each diagram as the ontology has it now.
    :raises InputError: if a diagram asks for a class that the ontology does not have.
    """
    prefixes = load_prefixes(project)
    ontology = Store()
    for name in ("aisi.ttl", "alignment.ttl"):
        ontology.load(path=project.ontology / name, format=RdfFormat.TURTLE)

    def block(match: re.Match[str]) -> str:
        return f"{match[1]}```mermaid\n{draw(match[2].split(), ontology, prefixes)}```\n"

    return _BLOCK.sub(block, text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the diagrams of Markdown files again, in place.

    :param arguments: paths of the files; those of the command line where not given.
    :returns: 0.
    """
    project = find_project()
    for name in sys.argv[1:] if arguments is None else arguments:
        path = Path(name)
        path.write_text(refresh(path.read_text("utf-8"), project), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
