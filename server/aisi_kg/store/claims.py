"""Read all that is said about claims: sentence, passages, footnotes, the publications and the source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, Solution, labels_of, text_of_term
from aisi_kg.store.library.records import Text

__all__ = ["Agent", "Claim", "Footnote", "Passage", "Work", "read_claims", "read_works"]

_PREFIXES = f"""PREFIX aisi: <{AISI}>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <https://schema.org/>
"""
_CLAIMS = """SELECT ?claim ?en ?zh ?modality ?evidence ?source WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim aisi:statement ?en , ?zh ; aisi:modality ?modality ; aisi:evidence ?evidence ;
    prov:hadPrimarySource ?source .
  FILTER(LANG(?en) = "en" && LANG(?zh) = "zh")
}}
ORDER BY ?claim ?source"""
_PASSAGES = """SELECT ?claim ?passage ?section ?page ?start ?end ?anchor WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim prov:wasQuotedFrom ?passage .
  ?passage aisi:section ?section ; aisi:page ?page ; oa:start ?start ; oa:end ?end ; aisi:anchor ?anchor .
}}
ORDER BY ?claim ?start ?end"""
_FOOTNOTES = """SELECT ?claim ?footnote ?number ?work ?accessed WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim cito:citesAsEvidence ?footnote .
  ?footnote aisi:number ?number .
  OPTIONAL {{ ?footnote cito:cites ?work }}
  OPTIONAL {{ ?footnote aisi:accessed ?accessed }}
}}
ORDER BY ?claim ?number ?work"""
_WORKS = """SELECT ?work ?title ?issued ?url WHERE {{
  VALUES ?work {{ {works} }}
  ?work dcterms:title ?title .
  OPTIONAL {{ ?work dcterms:issued ?issued }}
  OPTIONAL {{ ?work schema:url ?url }}
}}
ORDER BY ?work ?title ?issued ?url"""
_AGENTS = """SELECT ?work ?role ?agent ?person WHERE {{
  VALUES ?work {{ {works} }}
  VALUES ?role {{ dcterms:creator dcterms:publisher }}
  ?work ?role ?agent .
  BIND(EXISTS {{ ?agent a foaf:Person }} AS ?person)
}}
ORDER BY ?work ?role ?agent"""


@dataclass(frozen=True)
class Passage:
    """Hold where a source says something.

    :param iri: the passage.
    :param section: the number of its section.
    :param page: the page of the PDF.
    :param start: where it starts in the normalised text.
    :param end: where it ends there.
    :param anchor: its first characters.
    """

    iri: str
    section: str
    page: int
    start: int
    end: int
    anchor: str


@dataclass(frozen=True)
class Agent:
    """Name who has made or published a work.

    :param iri: the person or organisation.
    :param name: what it is called.
    :param is_person: it is a person.
    """

    iri: str
    name: Text
    is_person: bool = False


@dataclass(frozen=True)
class Work:
    """Hold what is known of a publication or a source.

    :param iri: the work.
    :param titles: its title by language; of most works in one language, their own.
    :param issued: its date as stated; empty where there is none.
    :param url: its address; empty where there is none.
    :param creators: who has made it.
    :param publishers: who has published it.
    """

    iri: str
    titles: dict[str, str] = field(default_factory=dict)
    issued: str = ""
    url: str = ""
    creators: tuple[Agent, ...] = ()
    publishers: tuple[Agent, ...] = ()

    def title(self, language: str = "") -> str:
        """Give the title.

        :param language: the language that is wanted, if there is a title in it.
        :returns: the title.
        """
        return self.titles.get(language) or next(iter(self.titles.values()), self.iri)

    def data(self, language: str) -> dict[str, Any]:
        """Tell a program.

        :param language: the language of names.
        :returns: a JSON object.
        """
        told = {
            "iri": self.iri,
            "title": self.title(language),
            "issued": self.issued,
            "url": self.url,
            "creators": [agent.name.in_language(language) for agent in self.creators],
            "publishers": [agent.name.in_language(language) for agent in self.publishers],
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Footnote:
    """Hold a footnote of a source.

    :param iri: the footnote.
    :param number: its number.
    :param works: what it cites.
    :param accessed: when the source's authors looked at it; empty where not stated.
    """

    iri: str
    number: int
    works: tuple[Work, ...]
    accessed: str = ""


@dataclass(frozen=True)
class Claim:
    """Hold what is said about a claim.

    :param iri: the claim.
    :param statement: what it says in a sentence.
    :param modality: IRI and name of how the source puts it.
    :param evidence: IRI and name of how the source's footnotes bear on it.
    :param source: the source.
    :param passages: where the source says it.
    :param footnotes: the footnotes that it rests on.
    """

    iri: str
    statement: Text
    modality: tuple[str, Text]
    evidence: tuple[str, Text]
    source: Work
    passages: tuple[Passage, ...]
    footnotes: tuple[Footnote, ...]

    def data(self, language: str) -> dict[str, Any]:
        """Tell a program.

        :param language: the language of texts.
        :returns: a JSON object.
        """
        return {
            "iri": self.iri,
            "statement": self.statement.in_language(language),
            "modality": {"iri": self.modality[0], "label": self.modality[1].in_language(language)},
            "evidence": {"iri": self.evidence[0], "label": self.evidence[1].in_language(language)},
            "source": self.source.data(language),
            "passages": [
                {
                    "iri": passage.iri,
                    "section": passage.section,
                    "page": passage.page,
                    "start": passage.start,
                    "end": passage.end,
                    "anchor": passage.anchor,
                }
                for passage in self.passages
            ],
            "footnotes": [
                {
                    "iri": footnote.iri,
                    "number": footnote.number,
                    **({"accessed": footnote.accessed} if footnote.accessed else {}),
                    "publications": [work.data(language) for work in footnote.works],
                }
                for footnote in self.footnotes
            ],
        }


def read_claims(claims: Iterable[str]) -> Inquiry[dict[str, Claim]]:
    """Read what is said about claims.

    :param claims: IRIs of claims of the dataset, and none that a client has sent.
    :returns: the claims by IRI, in the order of the IRIs; what is no claim is left out.
    """
    iris = sorted(set(claims))
    if not iris:
        return {}
    first = yield _request(_CLAIMS, claims=iris)
    passages = _grouped((yield _request(_PASSAGES, claims=iris)), "claim")
    cited = _grouped((yield _request(_FOOTNOTES, claims=iris)), "claim")
    sources = [each["source"].value for each in first]
    of_footnotes = [each["work"].value for group in cited.values() for each in group if "work" in each]
    works = yield from read_works([*sources, *of_footnotes])
    kinds = yield from labels_of(each[name].value for each in first for name in ("modality", "evidence"))
    found: dict[str, Claim] = {}
    for solution in first:
        iri = solution["claim"].value
        modality, evidence = solution["modality"].value, solution["evidence"].value
        found.setdefault(
            iri,
            Claim(
                iri,
                Text(en=solution["en"].value, zh=solution["zh"].value),
                (modality, kinds.get(modality, Text(modality, modality))),
                (evidence, kinds.get(evidence, Text(evidence, evidence))),
                works.get(solution["source"].value, Work(solution["source"].value)),
                tuple(_passage(each) for each in passages.get(iri, ())),
                tuple(_footnotes(cited.get(iri, ()), works)),
            ),
        )
    return found


def _request(text: str, **values: Iterable[str]) -> QueryRequest:
    nodes = {name: " ".join(str(NamedNode(iri)) for iri in iris) for name, iris in values.items()}
    return QueryRequest(_PREFIXES + text.format(**nodes))


def _grouped(solutions: Iterable[Solution], name: str) -> dict[str, list[Solution]]:
    groups: dict[str, list[Solution]] = {}
    for solution in solutions:
        groups.setdefault(solution[name].value, []).append(solution)
    return groups


def _passage(solution: Solution) -> Passage:
    return Passage(
        solution["passage"].value,
        solution["section"].value,
        int(solution["page"].value),
        int(solution["start"].value),
        int(solution["end"].value),
        solution["anchor"].value,
    )


def _footnotes(solutions: Iterable[Solution], works: dict[str, Work]) -> Iterator[Footnote]:
    for iri, group in _grouped(solutions, "footnote").items():
        cited = dict.fromkeys(each["work"].value for each in group if "work" in each)
        yield Footnote(
            iri,
            int(group[0]["number"].value),
            tuple(works.get(work, Work(work)) for work in cited),
            text_of_term(group[0], "accessed"),
        )


def read_works(iris: Iterable[str]) -> Inquiry[dict[str, Work]]:
    """Read what is known of publications and sources.

    :param iris: IRIs of works of the dataset, and none that a client has sent.
    :returns: the works by IRI; those without a title are left out.
    """
    works = sorted(set(iris))
    if not works:
        return {}
    described = _grouped((yield _request(_WORKS, works=works)), "work")
    roles = _grouped((yield _request(_AGENTS, works=works)), "work")
    names = yield from labels_of(each["agent"].value for group in roles.values() for each in group)

    def agents(work: str, role: str) -> tuple[Agent, ...]:
        return tuple(
            Agent(
                each["agent"].value,
                names.get(each["agent"].value, Text(each["agent"].value, each["agent"].value)),
                text_of_term(each, "person") == "true",
            )
            for each in roles.get(work, ())
            if each["role"].value.endswith(role)
        )

    found = {}
    for work, group in described.items():
        titles = [each["title"] for each in group]
        found[work] = Work(
            work,
            {title.language or "": title.value for title in titles if isinstance(title, Literal)},
            text_of_term(group[0], "issued"),
            text_of_term(group[0], "url"),
            agents(work, "creator"),
            agents(work, "publisher"),
        )
    return found
