"""``aisi-kg link``: find the items of Wikidata that entities are, and see whether the mappings still hold."""

import argparse
import re

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "link",
        help="find entities in Wikidata, and check the links",
        description="Find the items of Wikidata that entities without a mapping may be, and list them with "
        "how well they fit. Nothing is written unless you decide, with --accept, --none or --interactive. "
        "With --check, see whether the mappings still hold.",
    )
    parser.add_argument(
        "subjects",
        metavar="ENTITY",
        nargs="*",
        help="an entity, such as entity:uk-aisi (default: all without a row, of the kinds that have items)",
    )
    parser.add_argument(
        "--again", action="store_true", help="look again for entities for which a search has found none"
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        type=_limit,
        default=5,
        help="the most candidates for an entity, 1 to 50 (default: %(default)s)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        default="text",
        help="how the list is written (default: text)",
    )
    parser.add_argument(
        "--service",
        metavar="ADDRESS",
        help="a reconciliation service with Wikidata's items, with {language} where that stands "
        "(default: AISI_KG_RECONCILIATION_URL, else the one of OpenRefine)",
    )
    parser.add_argument(
        "--items",
        metavar="ADDRESS",
        help="where items are read: a SPARQL endpoint, or documents such as "
        "https://www.wikidata.org/wiki/Special:EntityData/{item}.json "
        "(default: AISI_KG_ITEMS_URL, else Wikidata's query service)",
    )
    doing = parser.add_argument_group("deciding")
    doing.add_argument(
        "--accept",
        metavar="ENTITY=ITEM",
        action="append",
        default=[],
        help="write that the entity is the item, such as entity:uk-aisi=Q1 (may be given more than once)",
    )
    doing.add_argument(
        "--none",
        metavar="ENTITY",
        action="append",
        default=[],
        help="search, and write that no item was found (may be given more than once)",
    )
    doing.add_argument("--interactive", action="store_true", help="decide one entity after the other")
    doing.add_argument(
        "--predicate",
        choices=("exact", "close", "broad"),
        default="exact",
        help="the item is the same, about the same, or wider (default: exact)",
    )
    doing.add_argument(
        "--category", metavar="CLASS", help="the kind of thing that the item is, such as aisi:Company"
    )
    doing.add_argument(
        "--confidence",
        metavar="X",
        type=_confidence,
        help="from 0 to 1 (default: 0.95 where names and something else fit, else 0.8)",
    )
    doing.add_argument(
        "--see-also",
        metavar="ADDRESS",
        type=_address,
        action="append",
        default=[],
        help="another source that pairs the two (may be given more than once)",
    )
    doing.add_argument("--comment", metavar="TEXT", default="", help="what the sources say")
    parser.add_argument(
        "--check", action="store_true", help="read each mapped item again, and list what no longer holds"
    )
    parser.set_defaults(run=run, parser=parser)


def _limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= 50:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 50")
    return int(text)


def _confidence(text: str) -> float:
    if not re.fullmatch(r"0(\.[0-9]{1,3})?|1(\.0{1,3})?", text):
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 to 1, such as 0.95")
    return float(text)


def _address(text: str) -> str:
    if not re.fullmatch(r"(https?://|pkg:)[^\s<>\"{}|\\^`]+", text):
        raise argparse.ArgumentTypeError(f"{text} is no address that begins with https://, http:// or pkg:")
    return text


def run(arguments: argparse.Namespace) -> int:
    """Link.

    :param arguments: the command's arguments.
    :returns: 0; with ``--check``, 1 where a mapping no longer holds.
    :raises InputError: if an entity, an item or a setting cannot be used, or the mappings are not in order.
    :raises RemoteFailed: if a server is out of reach or gives what cannot be used.
    """
    modes = [bool(arguments.accept or arguments.none), arguments.interactive, arguments.check]
    if sum(modes) > 1:
        arguments.parser.error("--accept and --none, --interactive, and --check do not go together")
    if arguments.subjects and (arguments.accept or arguments.none or arguments.check):
        arguments.parser.error("name entities to look for them, or with --accept and --none; not both")
    from aisi_kg.cli.linking import Linking

    linking = Linking(arguments)
    if arguments.check:
        return linking.check()
    if arguments.accept or arguments.none:
        return linking.decide()
    return linking.interview() if arguments.interactive else linking.show()
