"""``aisi-kg export``: write the dataset, or a document about one resource."""

import argparse
import os
import sys

from aisi_kg.cli.terminal import add_dataset, tell
from aisi_kg.errors import InputError

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
        help="turtle, trig, nquads, ntriples, rdfxml, jsonld, csv, nanopub or quickstatements",
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
    parser.add_argument(
        "--create",
        action="store_true",
        help="with quickstatements: also write what is said of entities that have no item in Wikidata",
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
    from aisi_kg.store.export import Wikidata, format_named, write_export
    from aisi_kg.store.export.jsonld import load_context
    from aisi_kg.store.export.quickstatements import load_properties
    from aisi_kg.store.results import dataset_prefixes
    from aisi_kg.web.settings import Settings

    # Before the dataset is loaded, which takes a moment.
    is_for_wikidata = format_named(arguments.format).name == "quickstatements"
    if arguments.create and not is_for_wikidata:
        raise InputError("--create goes with --format quickstatements; leave it out.")
    wikidata = Wikidata(load_properties(find_project()), arguments.create) if is_for_wikidata else None
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
        wikidata=wikidata,
    )
    return 0
