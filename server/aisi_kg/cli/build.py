"""``aisi-kg build``: check the curated files and build the dataset."""

import argparse
import os
import sys

from aisi_kg.cli.terminal import add_dataset, show_findings, summary, tell
from aisi_kg.graph.findings import Finding

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "build",
        help="check the curated files and build the dataset",
        description="Check the ontology and the data, infer what follows, and build the dataset. Where "
        "something is wrong, or the build is interrupted, the last good dataset stays as it is.",
    )
    parser.add_argument(
        "--force", action="store_true", help="build even if the dataset of these files is there"
    )
    add_dataset(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises InputError: if something is wrong with the files.
    :raises DatasetError: if the dataset cannot be written.
    """
    from aisi_kg.project import find_project
    from aisi_kg.store.build import build, progress_on
    from aisi_kg.web.settings import Settings

    def report(findings: tuple[Finding, ...]) -> None:
        show_findings(findings, sys.stderr)
        if findings:
            tell(f"{summary(findings)}.")

    built = build(
        find_project(),
        arguments.dataset,
        progress=progress_on(sys.stderr),
        report=report,
        force=arguments.force,
        memory_quads=Settings.from_environment(os.environ).memory_quads,
    )
    counts = built.dataset.manifest.counts
    state = "Built" if built.is_new else "Up to date:"
    print(
        f"{state} {built.dataset.version} ({counts['claims']} claims, {counts['triples']} triples) in "
        f"{built.dataset.path}"
    )
    return 0
