"""Write how a claim is cited: as a part of this dataset, with the source that says it and its footnotes.

Three things are cited, each by itself: the claim in this version of the dataset, the source that it was read
from, with the pages, and the publications of the footnotes that it rests on. The styles are

- ``gbt7714``: GB/T 7714-2015. A part of an online data set, ``[DS/OL]``, with ``//`` before the whole; the
  version as it calls itself; the date of change in brackets, then that of access in square ones. An online
  resource without a place of publication has none; where a printed one has none, that is said.
- ``apa``: APA 7. A part ``In`` the whole, its version in brackets, ``[Data set]``; no publisher where it is
  the author, and no date of access for what has a version. Pages belong in the text, so they stand beside.
- ``bibtex``: BibTeX entries (``misc`` and ``techreport``), keyed by the last part of the IRI.
- ``csl-json``: an array of CSL-JSON items (schema 1.0).
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from aisi_kg.errors import InputError, UnknownResource
from aisi_kg.graph.prefixes import BASE, META_GRAPH, Prefixes
from aisi_kg.store.claims import Agent, Claim, Footnote, Work, read_claims
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, text_of_term
from aisi_kg.store.library.records import Text
from aisi_kg.store.wording import date_text

__all__ = [
    "STYLES",
    "Cited",
    "DatasetCited",
    "Style",
    "cited",
    "claim_named",
    "dataset_cited",
    "part_citation",
    "style_named",
    "write_citation",
]

_IS_CLAIM = """PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
SELECT ?claim WHERE { ?claim a aisi:Claim }"""
_DATASET = f"""PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?titleEn ?titleZh ?nameEn ?nameZh ?version ?issued ?modified WHERE {{
  GRAPH <{META_GRAPH}> {{
    ?dataset a dcat:Dataset ; dcat:version ?version ; dcterms:title ?titleEn , ?titleZh .
    OPTIONAL {{ ?dataset dcterms:issued ?issued }}
    OPTIONAL {{ ?dataset dcterms:modified ?modified }}
    OPTIONAL {{
      ?dataset dcterms:creator ?creator .
      ?creator foaf:name ?nameEn , ?nameZh .
      FILTER(LANG(?nameEn) = "en" && LANG(?nameZh) = "zh")
    }}
  }}
  FILTER(LANG(?titleEn) = "en" && LANG(?titleZh) = "zh")
}}
ORDER BY ?dataset ?nameEn"""
_PROJECT = Text(en="AISI-KG", zh="AISI-KG")
_ARTICLE = re.compile(r"(?:The|the) ")


def claim_named(name: str, prefixes: Prefixes) -> str:
    """Find the IRI that a name of a claim stands for.

    :param name: an IRI, a CURIE (``claim:3.1-us-aisi-funding``) or a path (``claim/concordia-2024/…``).
    :param prefixes: the prefixes of CURIEs.
    :returns: the IRI, of whatever it is.
    :raises InputError: if its prefix is not declared.
    """
    text = name.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if not colon or "/" in prefix:
        return BASE + text.lstrip("/")
    return text if local.startswith("//") else prefixes.expand(text)


@dataclass(frozen=True)
class DatasetCited:
    """Hold what a citation names of the dataset.

    :param title: its title.
    :param editors: who has made it.
    :param version: its version.
    :param issued: when it was published; empty where not stated.
    :param modified: when it was last changed; empty where not stated.
    """

    title: Text
    editors: Text
    version: str
    issued: str
    modified: str

    @property
    def date(self) -> str:
        """Give the date of this version."""
        return self.modified or self.issued


@dataclass(frozen=True)
class Cited:
    """Hold what is cited.

    :param claim: the claim, with its source and its footnotes.
    :param dataset: the dataset that it is a part of.
    :param accessed: the day on which it was looked at, as XML Schema writes it.
    """

    claim: Claim
    dataset: DatasetCited
    accessed: str

    @property
    def pages(self) -> str:
        """Give the pages of the source, such as ``6`` or ``6-7`` or ``6, 11``."""
        pages = sorted({passage.page for passage in self.claim.passages})
        runs: list[list[int]] = []
        for page in pages:
            if runs and page == runs[-1][-1] + 1:
                runs[-1].append(page)
            else:
                runs.append([page])
        return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)

    @property
    def publications(self) -> list[tuple[Work, Footnote]]:
        """Give what the footnotes cite, each work once."""
        found = {
            work.iri: (work, footnote) for footnote in self.claim.footnotes[::-1] for work in footnote.works
        }
        return sorted(found.values(), key=lambda each: each[1].number)


@dataclass(frozen=True)
class Style:
    """Describe a style.

    :param name: its name.
    :param language: the language where none is asked for.
    :param media_type: what it is written in.
    :param extension: the ending of a file.
    """

    name: str
    language: str
    media_type: str
    extension: str


#: The styles by name.
STYLES: Mapping[str, Style] = {
    style.name: style
    for style in (
        Style("gbt7714", "zh", "text/plain", "txt"),
        Style("apa", "en", "text/plain", "txt"),
        Style("bibtex", "en", "application/x-bibtex", "bib"),
        Style("csl-json", "en", "application/vnd.citationstyles.csl+json", "json"),
    )
}


def style_named(name: str) -> Style:
    """Find a style.

    :param name: its name.
    :returns: the style.
    :raises InputError: if there is none of this name.
    """
    if name not in STYLES:
        raise InputError(f"There is no style {name[:40]!a}; use {', '.join(STYLES)}.")
    return STYLES[name]


def cited(claim: str, accessed: str) -> Inquiry[Cited]:
    """Read what a citation of a claim names.

    :param claim: IRI of the claim.
    :param accessed: the day on which it is looked at.
    :returns: what is cited.
    :raises UnknownResource: if the dataset has no such claim, or does not describe itself.
    """
    try:
        node = NamedNode(claim)
    except ValueError as error:
        raise UnknownResource(f"{claim[:200]!a} is no IRI; give that of a claim.") from error
    # What a client has sent is bound, and stands in no text.
    if not (yield QueryRequest(_IS_CLAIM, bindings=(("claim", node),))):
        raise UnknownResource(f"The dataset has no claim <{claim[:200]}>; a claim's IRI is in every answer.")
    details = yield from read_claims([claim])
    dataset = yield from dataset_cited()
    if claim not in details or dataset is None:
        raise UnknownResource("The dataset does not say how it is cited; build it anew.")
    return Cited(details[claim], dataset, accessed)


def dataset_cited() -> Inquiry[DatasetCited | None]:
    """Read what a citation names of the dataset.

    :returns: it; None where the dataset does not describe itself.
    """
    described = yield QueryRequest(_DATASET)
    if not described:
        return None
    first = described[0]
    return DatasetCited(
        Text(en=first["titleEn"].value, zh=first["titleZh"].value),
        Text(
            en=text_of_term(first, "nameEn") or _PROJECT.en,
            zh=text_of_term(first, "nameZh") or _PROJECT.zh,
        ),
        first["version"].value,
        text_of_term(first, "issued"),
        text_of_term(first, "modified"),
    )


def part_citation(
    dataset: DatasetCited, title: str, iri: str, accessed: str, style: str, language: str
) -> str:
    """Cite a part of the dataset that is no claim, such as what it has on an entity.

    :param dataset: the dataset.
    :param title: what the part is called.
    :param iri: its IRI.
    :param accessed: the day on which it was looked at, as XML Schema writes it.
    :param style: ``gbt7714`` or ``apa``.
    :param language: ``en`` or ``zh``.
    :returns: the text.
    :raises InputError: if there is no such style for it.
    """
    if style == "gbt7714":
        return _gbt_part(dataset, title, iri, accessed, language)
    if style == "apa":
        return _apa_part(dataset, title, iri, language)
    raise InputError(f"A part of the dataset is cited as gbt7714 or apa, not {style[:40]!a}.")


def write_citation(what: Cited, style: str, language: str = "") -> str:
    """Write a citation.

    :param what: what is cited.
    :param style: the name of a style.
    :param language: ``en`` or ``zh``; the style's own where empty.
    :returns: the text, with a line break at its end.
    :raises InputError: if there is no such style.
    """
    found = style_named(style)
    return _WRITERS[found.name](what, language or found.language)


def _sentence(what: Cited, language: str) -> str:
    """Give the statement as a title: without its full stop."""
    return what.claim.statement.in_language(language).rstrip(".。")


def _language_of(work: Work, language: str) -> str:
    """Tell in which language a work is cited: its own, or that which is asked for where it has several."""
    if language in work.titles or not work.titles:
        return language
    return next(iter(work.titles))


def _own_language(work: Work) -> str:
    """Tell in which language a source is written that has a translated title, too."""
    return "zh" if "zh" in work.titles else "en"


def _names(agents: Iterable[Agent], language: str, invert: Callable[[str, str], str]) -> list[str]:
    """Name agents, persons with the family name first where it is known which that is."""
    names = []
    for agent in agents:
        name = agent.name.in_language(language)
        parts = _family_first(agent)
        names.append(invert(*parts) if parts else name)
    return names


def _family_first(agent: Agent) -> tuple[str, str] | None:
    """Split the name of a person, of two words and written alike in both languages: family and given name.

    Such a name is a Western one. Of others it cannot be told, so they stay as they are: their order in
    English may be either, and where a family name of several words begins is not said.
    """
    words = agent.name.en.split()
    if not agent.is_person or agent.name.en != agent.name.zh or len(words) != 2:
        return None
    return words[1], words[0]


# --- GB/T 7714-2015 -----------------------------------------------------------------------------------------


def _gbt_inverted(family: str, given: str) -> str:
    return f"{family.upper()} {given[0].upper()}"


def _gbt_part(dataset: DatasetCited, title: str, iri: str, accessed: str, language: str) -> str:
    editors = _ARTICLE.sub("", dataset.editors.in_language(language), count=1)
    whole = dataset.title.in_language(language).replace("：", ": ")
    dated = f" ({dataset.date})" if dataset.date else " "
    host = f"{editors}. {whole}. Version {dataset.version}."
    return f"{editors}. {title}[DS/OL]//{host}{dated}[{accessed}]. {iri}."


def _gbt(what: Cited, language: str) -> str:
    title = _sentence(what, language)
    own = _gbt_part(what.dataset, title, what.claim.iri, what.accessed, language)
    source, words = what.claim.source, _GBT_WORDS[language]
    lines = [own, words["source"], _gbt_source(source, what.pages)]
    publications = [_gbt_online(work, footnote, language) for work, footnote in what.publications]
    if publications:
        lines += [words["publications"], *publications]
    return "\n".join(lines) + "\n"


_GBT_WORDS = {
    "zh": {"source": "来源：", "publications": "来源所引：", "no-place": "[出版地不详]"},
    "en": {"source": "Source:", "publications": "Cited by the source:", "no-place": "[S.l.]"},
}


def _gbt_source(source: Work, pages: str) -> str:
    """Cite a source as a printed report, in the language that it is written in."""
    language = _own_language(source)
    publishers = ", ".join(_names(source.publishers, language, _gbt_inverted))
    authors = ", ".join(_names(source.creators, language, _gbt_inverted)) or publishers
    title = source.title(language).replace("：", ": ")
    place = f"{_GBT_WORDS[language]['no-place']}: {publishers}, " if publishers else ""
    head = f"{authors}. " if authors else ""
    return f"{head}{title}[R]. {place}{source.issued}: {pages}."


def _gbt_online(work: Work, footnote: Footnote, language: str) -> str:
    own = _language_of(work, language)
    authors = ", ".join(_names(work.creators or work.publishers, own, _gbt_inverted))
    dated = f"({work.issued})" if work.issued else ""
    accessed = f"[{footnote.accessed}]" if footnote.accessed else ""
    head = f"{authors}. " if authors else ""
    when = f" {dated}{accessed}." if dated or accessed else ""
    title = work.title(own).replace("：", ": ")
    return f"{head}{title}[EB/OL].{when}" + (f" {work.url}." if work.url else "")


# --- APA 7 --------------------------------------------------------------------------------------------------


def _apa_inverted(family: str, given: str) -> str:
    return f"{family}, {given[0].upper()}."


def _apa_authors(agents: Iterable[Agent], language: str) -> str:
    found = list(agents)
    names = _names(found, language, _apa_inverted)
    if len(names) < 2:
        return "".join(names)
    # Between two groups APA has no comma, as no name of theirs is inverted.
    comma = "," if len(names) > 2 or any(agent.is_person for agent in found) else ""
    return f"{', '.join(names[:-1])}{comma} & {names[-1]}"


def _apa_date(date: str) -> str:
    """Write a date as APA does: year, then month and day in words."""
    if not date:
        return "n.d."
    year, *_ = date.split("-")
    parts = date_text(date, "en").split()[:-1]
    return f"{year}, {' '.join(reversed(parts))}" if parts else year


def _ended(text: str) -> str:
    """End with one full stop."""
    return text if text.endswith((".", "?", "!", "？", "！", "。")) else f"{text}."


def _apa_part(dataset: DatasetCited, title: str, iri: str, language: str) -> str:
    editors = _ended(_ARTICLE.sub("", dataset.editors.in_language(language), count=1))
    year = dataset.date.partition("-")[0] or "n.d."
    return (
        f"{editors} ({year}). {_ended(title)} In {dataset.title.in_language(language)} "
        f"(Version {dataset.version}) [Data set]. {iri}"
    )


def _apa(what: Cited, language: str) -> str:
    own = _apa_part(what.dataset, _sentence(what, language), what.claim.iri, language)
    pages = what.pages
    mark = "pp." if re.search("[-,]", pages) else "p."
    lines = [own, f"Source ({mark} {pages.replace('-', '–')}):", _apa_source(what.claim.source)]
    publications = [_apa_online(work, language) for work, _ in what.publications]
    if publications:
        lines += ["Cited by the source:", *publications]
    return "\n".join(lines) + "\n"


def _apa_source(source: Work) -> str:
    """Cite a source in the language that it is written in, with its title in English in brackets."""
    own = _own_language(source)
    translated = f" [{source.titles['en']}]" if own != "en" and "en" in source.titles else ""
    # A publisher that is the author is not named a second time.
    publishers = _apa_authors(source.publishers, "en") if source.creators else ""
    authors = _apa_authors(source.creators or source.publishers, "en")
    head = f"{_ended(authors)} " if authors else ""
    tail = f" {_ended(publishers)}" if publishers else ""
    return f"{head}({_apa_date(source.issued)}). {_ended(source.title(own) + translated)}{tail}"


def _apa_online(work: Work, language: str) -> str:
    own = _language_of(work, language)
    authors = _apa_authors(work.creators or work.publishers, own)
    publishers = _apa_authors(work.publishers, own) if work.creators else ""
    title = _ended(work.title(own))
    dated = f"({_apa_date(work.issued)})."
    # Without an author the title takes its place.
    head = f"{_ended(authors)} {dated} {title}" if authors else f"{title} {dated}"
    return " ".join(part for part in (head, _ended(publishers) if publishers else "", work.url) if part)


# --- BibTeX -------------------------------------------------------------------------------------------------

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_BIBTEX_LANGUAGES = {"en": "english", "zh": "chinese"}


def _bibtex_text(text: str) -> str:
    """Write a text that no style changes the case of."""
    escaped = "".join(_BIBTEX_SPECIAL.get(char, char) for char in " ".join(text.split()))
    return f"{{{{{escaped}}}}}"


def _bibtex_plain(text: str) -> str:
    return "{" + "".join(_BIBTEX_SPECIAL.get(char, char) for char in " ".join(text.split())) + "}"


def _bibtex_url(url: str) -> str:
    """Write an address, in which only braces and spaces would be read as something else."""
    return "{" + url.replace("{", "%7B").replace("}", "%7D").replace(" ", "%20") + "}"


def _bibtex_names(agents: Iterable[Agent], language: str) -> str:
    names = []
    for agent in agents:
        parts = _family_first(agent)
        name = agent.name.in_language(language)
        names.append(f"{parts[0]}, {parts[1]}" if parts else _bibtex_plain(name))
    return "{" + " and ".join(names) + "}" if names else ""


def _key(iri: str) -> str:
    """Make a key of the end of an IRI, of letters that every program takes."""
    return re.sub(r"[^A-Za-z0-9.:-]+", "-", iri.rstrip("/").rsplit("/", 1)[-1])


def _bibtex_entry(kind: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    lines = [f"  {name} = {value}" for name, value in fields if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _bibtex_date(date: str) -> Iterator[tuple[str, str]]:
    year, *rest = date.split("-")
    yield "year", f"{{{year}}}" if year else ""
    if rest and rest[0].isdecimal() and 1 <= int(rest[0]) <= len(_MONTHS):
        yield "month", _MONTHS[int(rest[0]) - 1]


def _bibtex(what: Cited, language: str) -> str:
    dataset, source = what.dataset, what.claim.source
    title = dataset.title.in_language(language)
    own = _bibtex_entry(
        "misc",
        f"aisi-kg:{_key(what.claim.iri)}",
        [
            ("author", "{" + _bibtex_plain(dataset.editors.in_language(language)) + "}"),
            ("title", _bibtex_text(_sentence(what, language))),
            ("howpublished", _bibtex_plain(f"In: {title}, version {dataset.version}, data set")),
            *_bibtex_date(dataset.date),
            ("version", _bibtex_plain(dataset.version)),
            ("url", _bibtex_url(what.claim.iri)),
            ("urldate", f"{{{what.accessed}}}"),
            ("language", f"{{{_BIBTEX_LANGUAGES[language]}}}"),
        ],
    )
    written = _own_language(source)
    translated = source.titles.get("en", "") if written != "en" else ""
    report = _bibtex_entry(
        "techreport",
        _key(source.iri),
        [
            ("author", _bibtex_names(source.creators or source.publishers, written)),
            ("title", _bibtex_text(source.title(written))),
            ("institution", _bibtex_names(source.publishers, written)),
            *_bibtex_date(source.issued),
            ("pages", "{" + what.pages.replace("-", "--") + "}"),
            ("language", f"{{{_BIBTEX_LANGUAGES[written]}}}"),
            ("note", _bibtex_plain(f"Title in English: {translated}") if translated else ""),
        ],
    )
    return "\n".join([own, report, *(_bibtex_online(*each, language) for each in what.publications)])


def _bibtex_online(work: Work, footnote: Footnote, language: str) -> str:
    own = _language_of(work, language)
    return _bibtex_entry(
        "misc",
        _key(work.iri),
        [
            ("author", _bibtex_names(work.creators or work.publishers, own)),
            ("title", _bibtex_text(work.title(own))),
            ("publisher", _bibtex_names(work.publishers, own) if work.creators else ""),
            *_bibtex_date(work.issued),
            ("url", _bibtex_url(work.url) if work.url else ""),
            ("urldate", f"{{{footnote.accessed}}}" if footnote.accessed else ""),
            ("language", f"{{{_BIBTEX_LANGUAGES.get(own, own)}}}"),
        ],
    )


# --- CSL-JSON -----------------------------------------------------------------------------------------------


def _csl_date(date: str) -> dict[str, Any] | None:
    parts = [int(part) for part in date.split("-") if part.isdecimal()]
    return {"date-parts": [parts]} if parts else None


def _csl_names(agents: Iterable[Agent], language: str) -> list[dict[str, str]]:
    found = []
    for agent in agents:
        parts = _family_first(agent)
        name = {"literal": agent.name.in_language(language)}
        found.append({"family": parts[0], "given": parts[1]} if parts else name)
    return found


def _csl_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value}


def _csl(what: Cited, language: str) -> str:
    dataset, source = what.dataset, what.claim.source
    editors = dataset.editors.in_language(language)
    written = _own_language(source)
    items = [
        _csl_item(
            {
                "id": what.claim.iri,
                "citation-key": f"aisi-kg:{_key(what.claim.iri)}",
                "type": "dataset",
                "title": _sentence(what, language),
                "container-title": dataset.title.in_language(language),
                "author": [{"literal": editors}],
                "publisher": editors,
                "version": dataset.version,
                "issued": _csl_date(dataset.date),
                "accessed": _csl_date(what.accessed),
                "URL": what.claim.iri,
                "language": language,
            }
        ),
        _csl_item(
            {
                "id": source.iri,
                "citation-key": _key(source.iri),
                "type": "report",
                "title": source.title(written),
                "author": _csl_names(source.creators or source.publishers, written),
                "publisher": ", ".join(agent.name.in_language(written) for agent in source.publishers),
                "issued": _csl_date(source.issued),
                "page": what.pages,
                "language": written,
                "note": f"Title in English: {source.titles['en']}"
                if written != "en" and "en" in source.titles
                else "",
            }
        ),
    ]
    for work, footnote in what.publications:
        own = _language_of(work, language)
        items.append(
            _csl_item(
                {
                    "id": work.iri,
                    "citation-key": _key(work.iri),
                    "type": "webpage" if work.url else "document",
                    "title": work.title(own),
                    "author": _csl_names(work.creators or work.publishers, own),
                    "publisher": ", ".join(agent.name.in_language(own) for agent in work.publishers),
                    "issued": _csl_date(work.issued),
                    "accessed": _csl_date(footnote.accessed),
                    "URL": work.url,
                    "language": own,
                }
            )
        )
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


_WRITERS: Mapping[str, Callable[[Cited, str], str]] = {
    "gbt7714": _gbt,
    "apa": _apa,
    "bibtex": _bibtex,
    "csl-json": _csl,
}
