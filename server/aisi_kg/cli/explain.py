"""``aisi-kg explain``: tell who states a triple, or from what it follows."""

import argparse
import json

from aisi_kg.cli.terminal import add_dataset, add_language
from aisi_kg.errors import InputError

__all__ = ["add", "run"]

_NOT_STATED = 1


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "explain",
        help="tell who states a triple, or from what it follows",
        description="Tell which claims state a triple, or from which triples and axioms it follows. Ends "
        "with status 1 where neither is the case, and says what the dataset says instead.",
    )
    parser.add_argument(
        "triple",
        metavar="TRIPLE",
        nargs="+",
        help="subject, predicate and object as Turtle writes them, together or apart, such as "
        "'entity:uk-aisi aisi:instituteOf entity:united-kingdom'",
    )
    add_language(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how it is written (default: text)"
    )
    add_dataset(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Explain.

    :param arguments: the command's arguments.
    :returns: 0; 1 where the dataset has no such triple.
    :raises InputError: if the triple is none.
    :raises DatasetError: if there is no dataset.
    """
    from aisi_kg.cli.showing import conduct_in, write
    from aisi_kg.graph.prefixes import Prefixes
    from aisi_kg.store.explain import Explanation, explain, read_triple
    from aisi_kg.store.explanation_text import explanation_text
    from aisi_kg.store.inquiry import Inquiry
    from aisi_kg.store.library.records import Library

    text = " ".join(arguments.triple)
    if not text.strip():
        raise InputError("No triple is given; give subject, predicate and object.")

    def inquiry(_: Library, prefixes: Prefixes) -> Inquiry[tuple[Explanation, Prefixes]]:
        explanation = yield from explain(read_triple(text, prefixes), prefixes)
        return explanation, prefixes

    explanation, prefixes = conduct_in(arguments.dataset, inquiry)
    if arguments.format == "json":
        data = explanation.data(prefixes, arguments.language)
        write(json.dumps(data, ensure_ascii=False, indent=1) + "\n", is_for_people=False)
    else:
        write(explanation_text(explanation, prefixes, arguments.language), is_for_people=True)
    return 0 if explanation.step is not None else _NOT_STATED
