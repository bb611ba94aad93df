"""Draw a random sample of claims with their passages, for somebody to read against the report.

::

    .venv/bin/python tests/sample_claims.py --report FILE [--number 20] [--seed 7] [--section 3.1]

Read each passage first, say what it claims, and only then look at what stands below it. Without a copy of the
report the passages' anchors stand in for them. The seed is printed, so that a sample can be drawn again.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from aisi_kg.graph.dataset import asserted, merge
from aisi_kg.graph.files import read_files
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.graph.style import write_turtle
from aisi_kg.project import Project, find_project
from aisi_kg.text.report import Report, read_report

FACTS = """
SELECT ?claim ?en ?zh ?modality ?evidence
  (GROUP_CONCAT(DISTINCT STR(?number); separator=", ") AS ?notes)
WHERE {
  ?claim a aisi:Claim ; aisi:statement ?en , ?zh ; aisi:modality ?modality ; aisi:evidence ?evidence .
  FILTER(LANG(?en) = "en" && LANG(?zh) = "zh")
  OPTIONAL { ?claim cito:citesAsEvidence/aisi:number ?number }
}
GROUP BY ?claim ?en ?zh ?modality ?evidence
ORDER BY ?claim
"""

PASSAGES = """
SELECT ?claim ?section ?page ?start ?end ?anchor
WHERE {
  ?claim prov:wasQuotedFrom ?passage .
  ?passage aisi:section ?section ; aisi:page ?page ; oa:start ?start ; oa:end ?end ; aisi:anchor ?anchor .
}
ORDER BY ?start
"""


def load(project: Project) -> tuple[Store, Prefixes]:
    """Read the curated files.

    :param project: the project.
    :returns: a store with all graphs and their merge, and the prefixes.
    """
    files = read_files(project)
    store = Store()
    quads = list(asserted(files))
    store.extend(quads)
    store.extend(merge(quads))
    return store, files.prefixes


def rows(
    store: Store, query: str, prefixes: Prefixes, claim: NamedNode | None = None
) -> Iterable[dict[str, str]]:
    """Ask a query, for one claim where it is given.

    :returns: the rows, each by variable.
    """
    bound = {} if claim is None else {Variable("claim"): claim}
    solutions = store.query(query, prefixes=dict(prefixes), substitutions={**bound})
    if isinstance(solutions, QuerySolutions):
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            terms = zip(names, solution, strict=True)
            yield {name: term.value for name, term in terms if isinstance(term, Literal | NamedNode)}


def show(fact: dict[str, str], store: Store, prefixes: Prefixes, report: Report | None) -> str:
    """Write one claim: its passages first, what we make of them below.

    :param fact: a row of the facts' query.
    :param report: the report, where there is a copy.
    :returns: the text.
    """
    claim = NamedNode(fact["claim"])
    lines = []
    for passage in rows(store, PASSAGES, prefixes, claim):
        start, end = int(passage["start"]), int(passage["end"])
        text = report.text.text[start:end] if report else f"{passage['anchor']} …"
        lines.append(f"[{passage['section']}, page {passage['page']}, {start}-{end}] {text}")
    lines.append("")
    lines.append(f"{prefixes.shorten(claim.value)}: {fact['en']} {fact['zh']}")
    codes = (prefixes.shorten(fact[name]) for name in ("modality", "evidence"))
    lines.append(f"{', '.join(codes)}; footnotes: {fact.get('notes') or 'none'}")
    graph = write_turtle(store.quads_for_pattern(None, None, None, claim), prefixes)
    lines += (line for line in graph.splitlines() if not line.startswith("@prefix"))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a sample.

    :param arguments: the command line's, where not given.
    :returns: 0, or 1 where no claim is to be drawn from.
    """
    parser = argparse.ArgumentParser(description="Draw a random sample of claims to read against the report.")
    parser.add_argument("--report", default=os.environ.get("AISI_KG_REPORT"), help="a copy of it")
    parser.add_argument("--number", type=int, default=20, help="how many claims (default: 20)")
    parser.add_argument("--seed", type=int, default=None, help="draw the sample of this seed again")
    parser.add_argument("--section", help="of this section only, for instance 3.1")
    options = parser.parse_args(arguments)
    seed = random.randrange(10_000) if options.seed is None else options.seed
    store, prefixes = load(find_project())
    report = read_report(Path(options.report)) if options.report else None
    claims = [
        fact
        for fact in rows(store, FACTS, prefixes)
        if options.section is None or f"/{options.section}-" in fact["claim"]
    ]
    if not claims:
        print(f"No claim is of section {options.section}.", file=sys.stderr)
        return 1
    sample = random.Random(seed).sample(claims, min(options.number, len(claims)))
    print(f"{len(sample)} of {len(claims)} claims, seed {seed}")
    for number, fact in enumerate(sample, 1):
        print(f"\n{number} {'=' * 70}\n{show(fact, store, prefixes, report)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
