"""Look for the items of entities, and write what somebody decides, for ``aisi-kg link``."""

import argparse
import difflib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from aisi_kg.cli.candidates import CANDIDATE_FORMATS, in_words, line_of
from aisi_kg.cli.replacing import replace_text
from aisi_kg.cli.showing import write
from aisi_kg.cli.terminal import show_findings, summary, tell
from aisi_kg.errors import InputError
from aisi_kg.graph.files import read_files, read_text
from aisi_kg.graph.findings import has_errors
from aisi_kg.graph.linking.checking import check_links
from aisi_kg.graph.linking.decisions import PREDICATES, Decision, decided, read_mappings
from aisi_kg.graph.linking.entity_data import EntityDataItems
from aisi_kg.graph.linking.items import ItemSource, is_item, printable
from aisi_kg.graph.linking.reconciliation import Reconciler
from aisi_kg.graph.linking.remote import Remote
from aisi_kg.graph.linking.searching import Match, match_item, search
from aisi_kg.graph.linking.services import Services
from aisi_kg.graph.linking.sparql import SparqlItems
from aisi_kg.graph.linking.subjects import Subject, subjects_of
from aisi_kg.graph.mappings import check_mappings
from aisi_kg.graph.prefixes import ENTITY_BASE
from aisi_kg.project import find_project

__all__ = ["Linking"]

#: With more entities than this it takes a while.
_MANY = 10
_CONFIRMED, _DOUBTFUL, _NOT_FOUND = 0.95, 0.8, 0.9
_HELP = (
    "NUMBER: the entity is this item; c NUMBER: about the same (close match); b NUMBER: the item is wider "
    "(broad match); n: none of them, write that no item was found; s: decide later; q: stop."
)


class Linking:
    """Do what the command was asked for.

    :param arguments: the command's arguments.
    :raises InputError: if a setting, a file or the mappings cannot be used.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._services = Services.from_environment(os.environ).at(arguments.service, arguments.items)
        self._project = find_project()
        self._path = self._project.data / "mappings" / "wikidata.sssom.tsv"
        self._name = self._project.relative(self._path)
        files = read_files(self._project)
        if has_errors(files.findings):
            show_findings(files.findings, sys.stderr)
            raise InputError(
                f"The curated files are not in order ({summary(files.findings)}); correct them first."
            )
        self._quads = list(files.quads())
        self._text = self._read()
        self._mappings = read_mappings(self._text, self._name)
        self._subjects = subjects_of(self._quads, self._mappings)
        self._remote = Remote(self._services, tell)
        self._reconciler = Reconciler(self._services, self._remote)
        self._source: ItemSource = (
            EntityDataItems(self._services, self._remote, tell)
            if self._services.has_documents
            else SparqlItems(self._services, self._remote)
        )
        self._today = datetime.now(UTC).date().isoformat()

    def _read(self) -> str:
        text, findings = read_text(self._path, self._name)
        if text is None or findings:
            raise InputError(findings[0].text())
        return text

    # What is looked for

    def _subject(self, name: str) -> Subject:
        """Find an entity by its name, its IRI or its slug."""
        iri = ENTITY_BASE + name.removeprefix(ENTITY_BASE).removeprefix("entity:")
        subject = self._subjects.get(iri)
        if subject is None:
            slug = iri.removeprefix(ENTITY_BASE)
            slugs = [each.removeprefix(ENTITY_BASE) for each in self._subjects]
            near = [f"entity:{each}" for each in difflib.get_close_matches(slug, slugs, n=3)]
            advice = (
                f"did you mean {', '.join(near)}?" if near else "data/entities/ has those that there are."
            )
            raise InputError(f"There is no entity {printable(name)}; {advice}")
        return subject

    def _chosen(self) -> list[Subject]:
        """Give the entities to look for."""
        rows = {row.iri("subject_id"): row for row in self._mappings.rows}
        if not self._arguments.subjects:
            return [
                subject
                for iri, subject in self._subjects.items()
                if subject.is_linkable
                and (iri not in rows or (self._arguments.again and not rows[iri].is_match))
            ]
        chosen = list({name: self._subject(name) for name in self._arguments.subjects}.values())
        self._check_free(chosen, are_again_free=self._arguments.again)
        return chosen

    def _check_free(self, subjects: Iterable[Subject], *, are_again_free: bool) -> None:
        """Refuse entities that have a row; one that says that none was found may be no hindrance."""
        rows = {row.iri("subject_id"): row for row in self._mappings.rows}
        for subject in subjects:
            row = rows.get(subject.iri)
            if row is not None and (row.is_match or not are_again_free):
                advice = "see whether that holds with --check" if row.is_match else "look again with --again"
                where = f"{self._name}:{row.line}, {row.text('object_id')}"
                raise InputError(f"{subject.curie} has a row already ({where}); {advice}.")

    def _search(self, subjects: Sequence[Subject]) -> dict[str, tuple[Match, ...]]:
        limit: int = self._arguments.limit
        if len(subjects) > _MANY:
            tell(f"{len(subjects)} entities are looked for at {self._services.reconciliation}.")
        return search(subjects, self._reconciler, self._source, limit)

    def show(self) -> int:
        """List the candidates of entities.

        :returns: 0.
        """
        subjects = self._chosen()
        if not subjects:
            tell("Each entity of a kind that has items has a row; name others, or use --again.")
            return 0
        found = self._search(subjects)
        write(
            CANDIDATE_FORMATS[self._arguments.format](subjects, found),
            is_for_people=self._arguments.format == "text",
        )
        number = sum(bool(matches) for matches in found.values())
        tell(
            f"{number} of {len(subjects)} entities have candidates. Nothing is written: see whether one is "
            "the same thing, and decide with --accept ENTITY=ITEM, --none ENTITY, or --interactive."
        )
        return 0

    def check(self) -> int:
        """List what no longer holds of the mappings.

        :returns: 1 where something does not, else 0.
        """
        findings, number = check_links(self._name, self._mappings, self._subjects, self._source)
        if self._arguments.format == "json":
            write(
                json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1) + "\n",
                is_for_people=False,
            )
        else:
            show_findings(findings, sys.stdout)
        rows = len({finding.line for finding in findings})
        tell(
            f"{number} items were read from {self._source.address}; "
            f"{f'of {rows} rows something does not hold' if rows else 'all rows hold'}."
        )
        return 1 if findings else 0

    # What is decided

    def decide(self) -> int:
        """Write the decisions that the arguments name, all of them or none.

        :returns: 0.
        """
        pairs = [_pair(text) for text in self._arguments.accept]
        accepted = [(self._subject(name), item) for name, item in pairs]
        none = [self._subject(name) for name in self._arguments.none]
        self._check_free((subject for subject, _ in accepted), are_again_free=True)
        self._check_free(none, are_again_free=False)
        items = self._source.read([item for _, item in pairs]) if pairs else {}
        decisions = []
        for subject, id_ in accepted:
            match = match_item(subject, items[id_], self._source)
            decisions.append(self._acceptance(subject, match, self._arguments.predicate))
        found = self._search(none) if none else {}
        decisions += [self._absence(subject, found[subject.iri]) for subject in none]
        self._write(decisions)
        return 0

    def _acceptance(self, subject: Subject, match: Match, predicate: str, category: str = "") -> Decision:
        """Put together that an entity is an item; refuse what cannot be so."""
        item = match.item
        if not item.exists:
            raise InputError(f"There is no {item.id} at {self._source.address}; correct the item.")
        if item.redirect:
            raise InputError(
                f"{item.id} was merged into {item.redirect}; see whether that is {subject.curie}."
            )
        if match.score.against:
            raise InputError(
                f"{item.id} is not what {subject.curie} is: {match.score.against}; correct the item."
            )
        category = category or self._arguments.category or ""
        kind = match.score.part("type")
        if not category and kind is not None and kind.value == 1:
            category = subject.kind.category
        if not category and predicate == "exact":
            raise InputError(
                f"What kind of thing {item.id} is cannot be told from what it says; name it with --category, "
                f"as a class of {subject.curie}."
            )
        usual = _CONFIRMED if match.score.is_confirmed else _DOUBTFUL
        confidence = usual if self._arguments.confidence is None else self._arguments.confidence
        parts = "; ".join(f"{part.name}: {in_words(part)}" for part in match.score.parts)
        comment = f"the item as read on {self._today}: {parts}."
        return Decision(
            subject,
            item.id,
            item.label(),
            category,
            PREDICATES[predicate],
            confidence,
            (*self._arguments.see_also, self._source.evidence(item.id)),
            self._comment(comment),
            self._today,
        )

    def _absence(self, subject: Subject, matches: Sequence[Match]) -> Decision:
        """Put together that a search has found no item."""
        languages = self._reconciler.languages()
        seen = ", ".join(f"{match.item.id} ({match.item.label() or 'no label'})" for match in matches)
        names = ", ".join(name for each in ("en", "zh") for name in subject.names.get(each, ()))
        found = f"of the candidates none is it: {seen}" if seen else "there was no candidate"
        return Decision(
            subject,
            "",
            "",
            "",
            PREDICATES["exact"],
            _NOT_FOUND if self._arguments.confidence is None else self._arguments.confidence,
            (*self._arguments.see_also, *(self._reconciler.address(language) for language in languages)),
            self._comment(f"a reconciliation service was asked on {self._today} for {names}; {found}."),
            self._today,
        )

    def _comment(self, found: str) -> str:
        given = printable(self._arguments.comment)
        return f"{given.rstrip('.')}; {found}" if given else found

    def _write(self, decisions: Sequence[Decision]) -> None:
        """Write decisions into the file, unless somebody else has changed it or something would be wrong."""
        text = self._text
        for decision in decisions:
            text = decided(text, self._name, decision)
        mappings = read_mappings(text, self._name)
        faults = check_mappings(self._name, mappings, self._quads)
        if faults:
            raise InputError(f"{faults[0].message} Nothing was written.")
        if self._read() != self._text:
            raise InputError(
                f"{self._name} was changed meanwhile, so that nothing was written; run this again."
            )
        replace_text(self._path, text)
        self._text, self._mappings = text, mappings
        for decision in decisions:
            what = f"wikidata:{decision.item} ({decision.label})" if decision.item else "no item found"
            print(f"{self._name}: {decision.subject.curie} {decision.predicate} {what}", flush=True)

    # One after the other

    def interview(self) -> int:
        """Ask about one entity after the other, and write each decision at once.

        :returns: 0.
        """
        subjects = self._chosen()
        found = self._search(subjects) if subjects else {}
        for number, subject in enumerate(subjects, 1):
            print(f"\n{number}/{len(subjects)} {subject.curie}: {subject.name()} · {subject.name('zh')}")
            matches = found[subject.iri]
            for index, match in enumerate(matches, 1):
                print(f"  {index}. {line_of(match)}")
            if not matches:
                print("  There is no candidate.")
            if not self._ask(subject, matches):
                break
        tell("All decisions are written.")
        return 0

    def _ask(self, subject: Subject, matches: Sequence[Match]) -> bool:
        """Ask until something is decided about an entity; give whether to go on."""
        while True:
            answer = _answer(
                f"Which one? [1-{len(matches)}, c, b, n, s, q, ?] " if matches else "[n, s, q, ?] "
            )
            if answer in (None, "q"):
                return False
            if answer == "s":
                return True
            try:
                decision = self._answered(subject, matches, answer)
                if decision is not None:
                    self._write([decision])
                    return True
            except InputError as error:
                tell(str(error))

    def _answered(self, subject: Subject, matches: Sequence[Match], answer: str) -> Decision | None:
        """Make a decision of an answer; None where it is none."""
        if answer == "n":
            return self._absence(subject, matches)
        name, _, digits = answer.rpartition(" ")
        predicate = {"": "exact", "c": "close", "b": "broad"}.get(name.strip())
        if predicate is None or not digits.isdecimal() or not 1 <= int(digits) <= len(matches):
            print(_HELP)
            return None
        match = matches[int(digits) - 1]
        kind = match.score.part("type")
        is_known = kind is not None and kind.value == 1 and subject.kind.category
        category = ""
        if predicate == "exact" and not is_known and not self._arguments.category:
            category = _answer("What kind of thing is the item, as a class such as aisi:Company? ") or ""
        return self._acceptance(subject, match, predicate, category)


def _answer(question: str) -> str | None:
    """Ask; None where nobody answers any more."""
    print(question, end="", flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None


def _pair(text: str) -> tuple[str, str]:
    name, _, item = text.rpartition("=")
    item = item.removeprefix("wikidata:")
    if not name or not is_item(item):
        raise InputError(
            f"--accept {printable(text)} names no entity and item; write it as entity:uk-aisi=Q1."
        )
    return name, item
