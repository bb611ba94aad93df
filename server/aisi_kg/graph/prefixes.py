"""Names: the prefixes that ``ontology/prefixes.ttl`` declares, and the IRIs of the project's own graphs.

The declarations are RDF (``sh:declare``), so that shapes, checks and the written files use one list.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from aisi_kg.errors import InputError
from aisi_kg.project import Project

__all__ = [
    "AISI",
    "BASE",
    "CHANGES_GRAPH",
    "CLAIM_BASE",
    "ENTITIES_GRAPH",
    "ENTITY_BASE",
    "GRAPH_BASE",
    "INFERRED_GRAPH",
    "META_GRAPH",
    "ONTOLOGY_GRAPH",
    "RETIRED_GRAPH",
    "SOURCE_BASE",
    "WIKIDATA_GRAPH",
    "Prefixes",
    "load_prefixes",
]

BASE = "https://w3id.org/aisi-kg/"
AISI = BASE + "ontology#"
ENTITY_BASE = BASE + "entity/"
SOURCE_BASE = BASE + "source/"
CLAIM_BASE = BASE + "claim/"
GRAPH_BASE = BASE + "graph/"

#: The ontology's IRI is also that of the graph it stands in.
ONTOLOGY_GRAPH = BASE + "ontology"
CHANGES_GRAPH = GRAPH_BASE + "changes"
ENTITIES_GRAPH = GRAPH_BASE + "entities"
INFERRED_GRAPH = GRAPH_BASE + "inferred"
META_GRAPH = GRAPH_BASE + "meta"
RETIRED_GRAPH = GRAPH_BASE + "retired"
WIKIDATA_GRAPH = GRAPH_BASE + "wikidata"

_SH = "http://www.w3.org/ns/shacl#"

# Narrower than Turtle allows: a short name means the same in Turtle, SPARQL and JSON-LD and needs no escape.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_PREFIX = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")


class Prefixes(Mapping[str, str]):
    """Map prefixes to namespaces and shorten IRIs with them.

    :param namespaces: prefix (without colon) to namespace.
    """

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._namespaces = dict(sorted(namespaces.items()))
        # Two prefixes may share a namespace; the first by name wins, so that writing is deterministic.
        self._by_namespace: dict[str, str] = {}
        for prefix, namespace in self._namespaces.items():
            self._by_namespace.setdefault(namespace, prefix)
        self._irregular = sorted(
            (n for n in self._by_namespace if not n.endswith(("/", "#"))), key=lambda n: (-len(n), n)
        )

    def __getitem__(self, prefix: str) -> str:
        return self._namespaces[prefix]

    def __iter__(self) -> Iterator[str]:
        return iter(self._namespaces)

    def __len__(self) -> int:
        return len(self._namespaces)

    def split(self, iri: str) -> tuple[str, str] | None:
        """Split an IRI into a declared prefix and a local part that needs no escape.

        :param iri: an absolute IRI.
        :returns: prefix and local part, or None where the IRI has to be written in full.
        """
        # A local part holds neither "/" nor "#", so that a namespace that ends in one ends at the last one.
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._by_namespace.get(iri[:cut])
        if prefix is not None and _LOCAL.fullmatch(iri, cut):
            return prefix, iri[cut:]
        for namespace in self._irregular:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return self._by_namespace[namespace], iri[len(namespace) :]
        return None

    def shorten(self, iri: str) -> str:
        """Write an IRI as people read it.

        :param iri: an absolute IRI.
        :returns: a CURIE such as ``entity:uk-aisi``, or ``<iri>`` where there is none.
        """
        parts = self.split(iri)
        return f"<{iri}>" if parts is None else f"{parts[0]}:{parts[1]}"

    def expand(self, curie: str) -> str:
        """Turn a CURIE into the IRI it stands for.

        :param curie: a name such as ``entity:uk-aisi``.
        :returns: the IRI.
        :raises InputError: if the prefix is not declared.
        """
        prefix, colon, local = curie.partition(":")
        if not colon or prefix not in self._namespaces:
            raise InputError(
                f"The prefix of {curie} is not declared; "
                f"use one of {', '.join(self._namespaces)}, or the full IRI."
            )
        return self._namespaces[prefix] + local

    def sparql(self) -> str:
        """Write the declarations as a SPARQL prologue.

        :returns: one ``PREFIX`` line a prefix, sorted.
        """
        return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in self._namespaces.items())

    @classmethod
    def load(cls, path: Path, name: str | None = None) -> "Prefixes":
        """Read the ``sh:declare`` declarations of a Turtle file.

        :param path: the file.
        :param name: what messages call the file; its path where not given.
        :returns: the prefixes.
        :raises InputError: if the file cannot be read, is no Turtle, or declares a prefix badly or twice.
        """
        name = name or path.as_posix()
        try:
            quads = list(parse(path.read_bytes(), RdfFormat.TURTLE))
        except OSError as error:
            raise InputError(
                f"{name} cannot be read ({error.strerror}); restore it, it declares the prefixes."
            ) from error
        except SyntaxError as error:
            raise InputError(
                f"{name}:{error.lineno}:{error.offset}: {error.msg}; correct the Turtle."
            ) from error
        return cls(_declarations(quads, name))


def _declarations(quads: list[Quad], name: str) -> dict[str, str]:
    values: dict[object, dict[str, str]] = {}
    for quad in quads:
        if isinstance(quad.object, Literal):
            values.setdefault(quad.subject, {})[quad.predicate.value] = quad.object.value
    namespaces: dict[str, str] = {}
    for quad in quads:
        if quad.predicate.value != _SH + "declare":
            continue
        declared = values.get(quad.object, {})
        prefix, namespace = declared.get(_SH + "prefix"), declared.get(_SH + "namespace")
        if prefix is None or namespace is None or not _PREFIX.fullmatch(prefix) or not _is_iri(namespace):
            raise InputError(
                f"{name}: {quad.object} needs an sh:prefix (a name) and an sh:namespace (an IRI)."
            )
        if namespaces.setdefault(prefix, namespace) != namespace:
            raise InputError(f"{name}: the prefix {prefix} is declared twice; keep one of the declarations.")
    return namespaces


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def load_prefixes(project: Project) -> Prefixes:
    """Read the project's prefixes.

    :param project: the project.
    :returns: the prefixes of its ``ontology/prefixes.ttl``.
    :raises InputError: if the file cannot be read or used.
    """
    path = project.ontology / "prefixes.ttl"
    return Prefixes.load(path, project.relative(path))
