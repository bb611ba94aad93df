"""Write an explanation of a triple as text, in either language."""

from collections.abc import Iterator, Sequence

from aisi_kg.graph.prefixes import CLAIM_BASE, Prefixes
from aisi_kg.store.claims import Claim, Passage, Work
from aisi_kg.store.explain import Explanation, Step, turtle
from aisi_kg.store.library.records import Text

__all__ = ["EXPLANATION_WORDS", "explanation_text", "passage_text", "rule_text", "status_text", "work_text"]

#: The words that explanations are written with.
EXPLANATION_WORDS: dict[str, Text] = {
    "title": Text(en="Who says so, or why does it follow", zh="谁这样说，或为何成立"),
    "stated": Text(en="Stated.", zh="有陈述。"),
    "inferred": Text(
        en="Inferred: nobody states it, and it follows.", zh="推理所得：无人直接陈述，但可推出。"
    ),
    "not-stated": Text(
        en="Not in the dataset: nobody states it, and it does not follow.",
        zh="数据集中没有：无人陈述，也推不出。",
    ),
    "unknown": Text(
        en="Not in the dataset, which says nothing about the subject.", zh="数据集中没有，且未述及该主语。"
    ),
    "instead": Text(en="With the same subject and predicate it says", zh="主语和谓语相同者，数据集说"),
    "nothing-instead": Text(
        en="It says nothing with the same subject and predicate.", zh="数据集没有主语和谓语相同的陈述。"
    ),
    "claims": Text(en="Claims", zh="论断"),
    "by": Text(en="by", zh="依据"),
    "axiom": Text(en="axiom", zh="公理"),
    "from": Text(en="from", zh="由"),
    "unexplained": Text(
        en="concluded by the reasoner HermiT, in a way that is not retraced here",
        zh="由推理机 HermiT 得出，此处未能重现其过程",
    ),
    "section": Text(en="section", zh="章节"),
    "page": Text(en="page", zh="页"),
    "footnote": Text(en="footnote", zh="脚注"),
    "stated-in": Text(en="stated in", zh="见于"),
    "inferred-mark": Text(en="inferred", zh="推理所得"),
}


def status_text(explanation: Explanation, language: str) -> str:
    """Say how a triple stands.

    :param explanation: the explanation.
    :param language: ``en`` or ``zh``.
    :returns: a sentence.
    """
    if explanation.step is not None:
        name = "stated" if explanation.step.graphs else "inferred"
    else:
        name = "not-stated" if explanation.is_known else "unknown"
    return EXPLANATION_WORDS[name].in_language(language)


def rule_text(title: Text, description: Text, language: str) -> str:
    """Name a rule and say what it says.

    :param title: what it is about.
    :param description: what it says.
    :param language: ``en`` or ``zh``.
    :returns: the text.
    """
    colon = "：" if language == "zh" else ": "
    return f"{title.in_language(language)}{colon}{description.in_language(language)}"


def passage_text(passage: Passage, language: str) -> str:
    """Say where a passage is.

    :param passage: the passage.
    :param language: ``en`` or ``zh``.
    :returns: section, page, offsets and first characters.
    """
    words = (EXPLANATION_WORDS[name].in_language(language) for name in ("section", "page"))
    section, page = words
    return (
        f"{section} {passage.section}, {page} {passage.page}, {passage.start}–{passage.end}: "
        f"“{passage.anchor}…”"
    )


def work_text(work: Work, language: str) -> str:
    """Name a publication.

    :param work: the publication.
    :param language: the language of the names of who has made it.
    :returns: who, title, date.
    """
    agents = [agent.name.in_language(language) for agent in (*work.creators, *work.publishers)]
    return ", ".join(part for part in (*agents, work.title(language), work.issued) if part)


def explanation_text(explanation: Explanation, prefixes: Prefixes, language: str) -> str:
    """Write an explanation.

    :param explanation: the explanation.
    :param prefixes: what terms are shortened with.
    :param language: ``en`` or ``zh``.
    :returns: the text, with a line break at its end.
    """
    said = {name: text.in_language(language) for name, text in EXPLANATION_WORDS.items()}
    lines = [turtle(explanation.triple, prefixes), status_text(explanation, language), ""]
    if explanation.step is not None:
        lines += _step(explanation.step, prefixes, language, 0)
    elif explanation.instead:
        lines.append(f"{said['instead']}:")
        for each in explanation.instead:
            where = _shortened(each.graphs, prefixes) or said["inferred-mark"]
            lines.append(f"  {turtle(each.triple, prefixes)} [{where}]")
    else:
        lines.append(said["nothing-instead"])
    if explanation.claims:
        lines += ["", said["claims"]]
        for claim in explanation.claims.values():
            lines += _claim(claim, prefixes, language)
    return "\n".join(lines) + "\n"


def _shortened(graphs: Sequence[str], prefixes: Prefixes) -> str:
    return " ".join(prefixes.shorten(graph) for graph in graphs)


def _step(step: Step, prefixes: Prefixes, language: str, depth: int) -> Iterator[str]:
    said = {name: text.in_language(language) for name, text in EXPLANATION_WORDS.items()}
    indent = "  " * depth
    start = f"{indent}{said['from']} " if depth else indent
    if step.graphs:
        yield f"{start}{turtle(step.triple, prefixes)} [{_shortened(step.graphs, prefixes)}]"
        return
    yield f"{start}{turtle(step.triple, prefixes)}"
    if step.title is None or step.description is None:
        yield f"{indent}  {said['unexplained']}"
        return
    yield f"{indent}  {said['by']} {rule_text(step.title, step.description, language)}"
    for axiom in step.axioms:
        yield f"{indent}  {said['axiom']} {axiom}"
    for absence in step.absences:
        yield f"{indent}  {absence.in_language(language)}"
    for premise in step.premises:
        yield from _step(premise, prefixes, language, depth + 1)


def _claim(claim: Claim, prefixes: Prefixes, language: str) -> Iterator[str]:
    kinds = (claim.modality[1].in_language(language), claim.evidence[1].in_language(language))
    name = prefixes.shorten(claim.iri) if claim.iri.startswith(CLAIM_BASE) else claim.iri
    yield f"  {name} ({'; '.join(kinds)})"
    yield f"    {claim.statement.in_language(language)}"
    for passage in claim.passages:
        yield f"    {passage_text(passage, language)}"
    for footnote in claim.footnotes:
        number = f"{EXPLANATION_WORDS['footnote'].in_language(language)} {footnote.number}"
        for work in footnote.works:
            yield f"    {number}: {work_text(work, language)}" + (f" <{work.url}>" if work.url else "")
        if not footnote.works:
            yield f"    {number}"
