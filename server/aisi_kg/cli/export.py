"""``aisi-kg export``: write the dataset, or a document about one resource."""

import argparse
import os
import sys

from aisi_kg.cli.terminal import add_dataset, tell

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "export",
        help="write the dataset, or one entity or claim, in a format",
        description="Write the dataset, or what concerns one entity, claim or other resource, in a format.",
    )
    parser.add_argument(
        "--format",
        metavar="F",
        required=True,
        help="turtle, trig, nquads, ntriples, rdfxml, jsonld, csv or nanopub",
    )
    parser.add_argument(
        "iri",
        metavar="IRI",
        nargs="?",
        help="an IRI, a name such as entity:uk-aisi, or a path (entity/uk-aisi)",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write here; for csv also a directory (ending in /) or a .zip"
    )
    add_dataset(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Export.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises InputError: if the format or the resource is not known, or the output cannot be written.
    :raises DatasetError: if there is no dataset.
    """
    from aisi_kg.project import find_project
    from aisi_kg.store.directory import open_dataset
    from aisi_kg.store.disk import open_store
    from aisi_kg.store.export import format_named, write_export
    from aisi_kg.store.export.jsonld import load_context
    from aisi_kg.store.results import dataset_prefixes
    from aisi_kg.web.settings import Settings

    # Before the dataset is loaded, which takes a moment.
    format_named(arguments.format)
    store = open_store(open_dataset(arguments.dataset), Settings.from_environment(os.environ).memory_quads)
    write_export(
        store,
        arguments.format,
        arguments.iri,
        arguments.output,
        prefixes=dataset_prefixes(store),
        context=load_context(find_project()),
        stdout=sys.stdout.buffer,
        tell=tell,
    )
    return 0
