"""How well an item fits an entity: names, kinds, what else is known of both; and the ids that it rests on."""

import re
from pathlib import Path

import pytest

from aisi_kg.graph.linking import kinds
from aisi_kg.graph.linking.items import Item, language_of, printable, year_of
from aisi_kg.graph.linking.kinds import CLASSES, kind_of
from aisi_kg.graph.linking.scoring import PARTS, score_item, similarity
from aisi_kg.graph.linking.subjects import Subject, Thing

AISI = "https://w3id.org/aisi-kg/ontology#"
ORGANISATION = "http://www.w3.org/ns/org#Organization"
PERSON = "http://xmlns.com/foaf/0.1/Person"


def subject(*classes: str, **known: object) -> Subject:
    kind, is_linkable = kind_of(classes)
    names = {"en": ("UK AI Safety Institute", "UK AISI"), "zh": ("英国人工智能安全研究所",)}
    return Subject("https://w3id.org/aisi-kg/entity/x", names, kind, is_linkable, frozenset(classes), **known)  # type: ignore[arg-type]


def item(**said: object) -> Item:
    return Item("Q900000000000001", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UK AI Safety Institute", "uk ai safety institute"),
        ("ＵＫ　AISI", "UK AISI"),
        ("Infocomm Media Development Authority", "Infocomm-Media Development Authority."),
        ("欧洲AI办公室", "欧洲ＡＩ办公室"),
    ],
)
def test_names_that_differ_in_writing_alone_are_the_same(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one) == 1


def test_names_are_more_or_less_alike() -> None:
    near = similarity("Ministry of Science (China)", "China Ministry of Science")
    further = similarity("Ministry of Science", "Ministry of Defence")
    assert 0.99 >= near > further > 0
    assert similarity("UK AISI", "Louvre Museum") == 0
    # A name is never all there is: nothing but the same name counts as the same.
    assert similarity("AISI", "AISIs") < 1
    assert similarity("", "x") == 0


def test_an_item_that_fits_in_all_has_all() -> None:
    entity = subject(
        ORGANISATION,
        countries=(Thing("Q145", ("United Kingdom",)),),
        parents=(Thing("", ("Department for Science",)),),
        years=frozenset({"2023"}),
    )
    found = item(
        labels={"mul": ("UK AI Safety Institute",), "zh": ("英国人工智能安全研究所",)},
        types=("Q900000000000002",),
        classes=frozenset({"Q43229"}),
        values={"P17": ("Q145",), "P361": ("Q900000000000003",), "P571": ("+2023-00-00T00:00:00Z",)},
    )
    score = score_item(entity, found, {"Q900000000000003": ("Department for science",)})
    assert score.value == 100
    assert [part.name for part in score.parts] == [name for name in PARTS if name != "position"]
    assert score.is_confirmed


def test_what_is_not_stated_counts_half_and_what_differs_nothing() -> None:
    entity = subject(ORGANISATION, countries=(Thing("Q145", ()),))
    silent = score_item(entity, item(labels={"en": ("UK AISI",)}), {})
    assert silent.value == pytest.approx(100 * (40 + (25 + 20 + 10) / 2) / 95)
    abroad = score_item(entity, item(labels={"en": ("UK AISI",)}, values={"P17": ("Q30",)}), {})
    assert abroad.value == pytest.approx(100 * (40 + (25 + 20) / 2) / 95)
    # Neither is confirmed: a name alone never does it.
    assert not silent.is_confirmed
    assert not abroad.is_confirmed


def test_an_alias_is_a_weaker_name() -> None:
    entity = subject(ORGANISATION)
    by_alias = score_item(entity, item(labels={"en": ("Other",)}, aliases={"mul": ("UK AISI",)}), {})
    part = by_alias.part("English name")
    assert part is not None
    assert (part.value, part.found) == (0.9, "UK AISI")


def test_no_name_makes_another_kind_of_thing_the_same() -> None:
    labels = {"en": ("UK AI Safety Institute",), "zh": ("英国人工智能安全研究所",)}
    human = item(labels=labels, types=("Q5",), classes=frozenset({"Q5"}))
    score = score_item(subject(ORGANISATION), human, {})
    assert (score.against, score.value < 25) == ("it is a human", True)
    assert not score.is_confirmed


@pytest.mark.parametrize(
    ("classes", "found", "has_types", "value"),
    [
        ((PERSON,), {"Q5"}, True, True),
        ((PERSON,), {"Q43229"}, True, False),
        ((PERSON,), set(), True, False),
        ((PERSON,), set(), False, None),
        ((ORGANISATION,), {"Q43229"}, True, True),
        # A state is an organisation and a country there.
        ((AISI + "Country",), {"Q6256", "Q43229"}, True, True),
        ((ORGANISATION,), {"Q6256"}, True, False),
        ((ORGANISATION,), set(), True, False),
        ((AISI + "AIModel",), set(), True, True),
        ((AISI + "AIModel",), {"Q43229"}, True, False),
        ((AISI + "Document",), {"Q47461344"}, True, True),
        ((AISI + "Document",), {"Q5"}, True, False),
        ((AISI + "Goal",), {"Q43229"}, True, True),
        ((AISI + "Goal",), {"Q17442446"}, True, False),
    ],
)
def test_the_kind_of_an_item_is_compared(
    classes: tuple[str, ...], found: set[str], has_types: bool, value: bool | None
) -> None:
    kind, _ = kind_of(classes)
    fit = kind.fit(found, has_types)
    assert fit.value is value
    assert bool(fit.reason) is (value is False)


def test_a_position_is_compared_by_role_and_body() -> None:
    role, body = Thing("", ("director", "主任")), Thing("", ("AISI Japan", "日本AISI"))
    entity = subject(PERSON, positions=((role, body),))
    held = item(values={"P39": ("Q900000000000004",)})
    for name in ("Director, AISI Japan", "日本AISI主任"):
        part = score_item(entity, held, {"Q900000000000004": (name,)}).part("position")
        assert part is not None
        assert part.value == 1
    other = score_item(entity, held, {"Q900000000000004": ("Mayor of Elsewhere",)}).part("position")
    assert other is not None
    assert other.value == 0
    assert score_item(entity, item(), {}).part("position") is not None


def test_what_a_stranger_wrote_is_made_fit_for_a_line() -> None:
    assert printable("a\tb\n\x1b[31mc\u202e  d") == "a b [31mc d"
    assert len(printable("x" * 1000)) == 250
    assert [language_of(tag) for tag in ("en", "en-gb", "enm", "zh-hant", "mul", "fr", "")] == [
        *("en", "en", "", "zh", "mul", "", "")
    ]
    assert [year_of(time) for time in ("+2023-11-02T00:00:00Z", "2023-11-02T00:00:00Z", "soon")] == [
        *("2023", "2023", "")
    ]


def test_each_id_of_wikidata_is_documented_with_its_evidence(checkout: Path) -> None:
    page = (checkout / "docs" / "linking.md").read_text("utf-8")
    documented = dict(re.findall(r"^\| `([PQ][0-9]+)` \| ([^|]+) \| [^|]*`[^|]+\|$", page, re.MULTILINE))
    used = {*CLASSES, *kinds.PROPERTIES, kinds.INSTANCE_OF, kinds.SUBCLASS_OF}
    assert set(documented) == used
    for id_, name in CLASSES.items():
        # The names are those that the sources have.
        assert id_ == kinds.WIKIMEDIA_INTERNAL or documented[id_] in name
    named = set(re.findall(r'"([PQ][0-9]+)"', Path(kinds.__file__).read_text("utf-8")))
    assert named == used
