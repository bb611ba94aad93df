"""Write a dataset of any size that has the shape of the project's: claims in named graphs, and their merge.

::

    .venv/bin/python benchmarks/synthetic.py --quads 1000000 DIR
    .venv/bin/aisi-kg serve --dataset DIR

The same number of quads gives the same bytes. Every name is made up.
"""

import argparse
import hashlib
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from aisi_kg import __version__
from aisi_kg.store.directory import (
    STORE_NAME,
    DatasetWriter,
    Manifest,
    OpenDataset,
    dataset_version,
)

BASE = "https://w3id.org/aisi-kg/"
AISI = BASE + "ontology#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "aisi": AISI,
    "claim": BASE + "claim/synthetic/",
    "entity": BASE + "entity/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "source": BASE + "source/",
}

SOURCE_GRAPH = f"<{BASE}source/synthetic>"
ENTITY_GRAPH = f"<{BASE}graph/entities>"
META_GRAPH = f"<{BASE}graph/meta>"

CLAIMS_OF_AN_INSTITUTE = 50
NETWORKS = 20
MODALITIES = ("Fact", "Fact", "Fact", "Plan", "Assessment")
# Each so many claims one says again what the one before it says.
RESTATED = 10

Quad = tuple[str, str]


def term(name: str) -> str:
    """Write an IRI of the ontology."""
    return f"<{AISI}{name}>"


def entity(name: str) -> str:
    """Write an IRI of an entity."""
    return f"<{BASE}entity/{name}>"


def claim_iri(number: int) -> str:
    """Write the IRI of a claim."""
    return f"<{BASE}claim/synthetic/{number}>"


def institute_quads(number: int) -> Iterator[Quad]:
    """Give triples and graphs of an institute."""
    subject = entity(f"institute-{number}")
    for triple in (
        f"{subject} {RDF_TYPE} {term('SafetyInstitute')}",
        f'{subject} <{PREFIXES["rdfs"]}label> "Institute {number}"@en',
        f"{subject} {term('memberOf')} {entity(f'network-{number % NETWORKS}')}",
    ):
        yield triple, ENTITY_GRAPH
    if number:
        yield f"{subject} {term('partOf')} {entity(f'institute-{number // 4}')}", ENTITY_GRAPH
    if number % 3 == 0:
        yield f'{subject} {term("website")} "https://institute-{number}.example"', ENTITY_GRAPH


def claim_quads(number: int) -> Iterator[Quad]:
    """Give triples and graphs of a claim: what it says in its own graph, and what is said of it."""
    claim = claim_iri(number)
    said = number - 1 if number % RESTATED == RESTATED - 1 else number
    event = entity(f"commitment-{said}")
    institute = entity(f"institute-{said // CLAIMS_OF_AN_INSTITUTE}")
    month, day = said % 12 + 1, said % 28 + 1
    for triple in (
        f"{event} {RDF_TYPE} {term('FundingCommitment')}",
        f"{event} {term('fundingRecipient')} {institute}",
        f'{event} {term("amount")} "{said * 7919 % 100_003}.5"^^<{XSD}decimal>',
        f'{event} {term("date")} "2024-{month:02}-{day:02}"^^<{XSD}date>',
    ):
        yield triple, claim
    passage = f"<{BASE}source/synthetic/passage/{number}>"
    statement = f"Claim number {number} says that institute {said // CLAIMS_OF_AN_INSTITUTE} receives money."
    for triple in (
        f"{claim} {RDF_TYPE} {term('Claim')}",
        f'{claim} {term("statement")} "{statement}"@en',
        f"{claim} {term('modality')} {term(MODALITIES[number % len(MODALITIES)])}",
        f"{claim} <{PREFIXES['prov']}wasQuotedFrom> {passage}",
        f'{passage} {term("page")} "{number % 400}"^^<{XSD}integer>',
        f'{passage} {term("section")} "{number % 9}.{number % 5}"',
    ):
        yield triple, SOURCE_GRAPH


def statements() -> Iterator[Quad]:
    """Give triples and graphs without end."""
    for prefix, namespace in PREFIXES.items():
        node = f"<{BASE}source/synthetic/prefix/{prefix}>"
        yield f'{node} <http://www.w3.org/ns/shacl#prefix> "{prefix}"', META_GRAPH
        yield f'{node} <http://www.w3.org/ns/shacl#namespace> "{namespace}"^^<{XSD}anyURI>', META_GRAPH
    number = 0
    while True:
        if number % CLAIMS_OF_AN_INSTITUTE == 0:
            yield from institute_quads(number // CLAIMS_OF_AN_INSTITUTE)
        yield from claim_quads(number)
        number += 1


def lines() -> Iterator[tuple[bytes, bool]]:
    """Give N-Quads without end, and whether each is of the default graph.

    Each triple stands in its graph, and once in the default graph. Only claims that stand side by side say
    the same, so that a triple is looked for among the last ones alone.
    """
    last: deque[str] = deque(maxlen=40)
    for triple, graph in statements():
        yield f"{triple} {graph} .\n".encode(), False
        if triple not in last:
            yield f"{triple} .\n".encode(), True
            last.append(triple)


def claims_in(quads: int) -> int:
    """Say how many claims are certainly whole in so many quads."""
    return (quads - 20) * CLAIMS_OF_AN_INSTITUTE // (20 * CLAIMS_OF_AN_INSTITUTE + 10)


def write_dataset(home: Path, quads: int) -> OpenDataset:
    """Write a dataset and make it current, unless it is there.

    :param home: the directory of datasets.
    :param quads: how many quads it has, the default graph's included.
    :returns: the dataset.
    """
    digest = hashlib.sha256(Path(__file__).read_bytes() + b"%d" % quads).hexdigest()
    version = dataset_version(digest)
    merged = 0

    def chunks() -> Iterator[bytes]:
        nonlocal merged
        source = islice(lines(), quads)
        while piece := list(islice(source, 10_000)):
            merged += sum(is_merged for _, is_merged in piece)
            yield b"".join(line for line, _ in piece)

    with DatasetWriter(home) as writer:
        there = writer.find(version)
        if there is not None:
            writer.make_current(version)
            return there
        writer.write(STORE_NAME, chunks())
        return writer.commit(
            Manifest(
                version=version,
                package_version=__version__,
                ontology_version="0",
                input_sha256=digest,
                warnings=0,
                counts={"claims": claims_in(quads), "quads": quads - merged, "triples": merged},
                tools={},
            )
        )


def main() -> None:
    """Write a dataset."""
    parser = argparse.ArgumentParser(description="Write a synthetic dataset and make it current.")
    parser.add_argument("--quads", type=int, default=1_000_000, help="how many (default: 1000000)")
    parser.add_argument("directory", metavar="DIR", type=Path, help="the directory of datasets")
    arguments = parser.parse_args()
    print(write_dataset(arguments.directory, arguments.quads).path)


if __name__ == "__main__":
    main()
