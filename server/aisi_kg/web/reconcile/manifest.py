"""Say what the service can do, and where."""

from typing import Any

from aisi_kg import __version__
from aisi_kg.graph.prefixes import AISI, ENTITY_BASE
from aisi_kg.store.library.records import Text
from aisi_kg.store.reconcile import Catalogue, Show, Type
from aisi_kg.store.search import Document
from aisi_kg.web.reconcile.preview import HEIGHT, WIDTH
from aisi_kg.web.reconcile.reading import ALL_LANGUAGES, MOST_QUERIES

__all__ = ["PATH", "manifest", "type_object", "types_of"]

#: The path of the service.
PATH = "/reconcile"

_NAME = Text(en="AISI-KG: AI safety institutes (English)", zh="AISI-KG：人工智能安全研究所（中文）")
#: What spreadsheets about this are most likely of.
_DEFAULT_TYPES = (
    "aisi:SafetyInstitute",
    "org:Organization",
    "foaf:Person",
    "aisi:Country",
    "aisi:Document",
    "aisi:Event",
)
_SHOW = Text(en="What is given", zh="给出内容")
_SHOW_HELP = Text(
    en="The values, or the claims of the source that state them",
    zh="属性值，或来源中载明该值的论断",
)
_SHOWN = {
    Show.VALUES: Text(en="values", zh="属性值"),
    Show.CLAIMS: Text(en="claims that state them", zh="载明该值的论断"),
}
_LANGUAGE = Text(en="Language of names", zh="名称语言")
_LANGUAGE_HELP = Text(
    en="Of texts that are there in two languages, the ones that are given",
    zh="对有两种语言的文本，给出哪一种",
)
_LANGUAGES = {
    "": Text(en="that of the service", zh="与服务相同"),
    "en": Text(en="English", zh="英文"),
    "zh": Text(en="Chinese", zh="中文"),
    ALL_LANGUAGES: Text(en="both", zh="两种"),
}
_LIMIT = Text(en="Limit", zh="数量上限")
_LIMIT_HELP = Text(en="The most values of a cell; 0 for all", zh="每个单元格最多给出的值数；0表示全部")


def manifest(catalogue: Catalogue, language: str, base: str) -> dict[str, Any]:
    """Write the service manifest.

    :param catalogue: the types and properties.
    :param language: the language of the service.
    :param base: the server's address.
    :returns: the manifest as the API defines it.
    """
    path = f"{PATH}/{language}"

    def place(what: str) -> dict[str, str]:
        return {
            "service_url": base,
            "service_path": f"{path}/suggest/{what}",
            "flyout_service_url": base,
            "flyout_service_path": f"{path}/flyout/{what}?id=${{id}}",
        }

    defaults = [catalogue.type_named(name) for name in _DEFAULT_TYPES]
    return {
        "versions": ["0.2"],
        "name": _NAME.in_language(language),
        "identifierSpace": ENTITY_BASE,
        "schemaSpace": AISI,
        "serviceVersion": __version__,
        "documentation": base + "/",
        "view": {"url": base + "/entity/{{id}}"},
        "defaultTypes": [type_object(each, catalogue, language) for each in defaults if each],
        "batchSize": MOST_QUERIES,
        "preview": {"url": base + path + "/preview?id={{id}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {what: place(what) for what in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": base, "service_path": f"{path}/properties"},
            "property_settings": _settings(language),
        },
    }


def _settings(language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "show",
            "label": _SHOW.in_language(language),
            "type": "select",
            "default": Show.VALUES.value,
            "help_text": _SHOW_HELP.in_language(language),
            "choices": [
                {"value": value.value, "name": text.in_language(language)} for value, text in _SHOWN.items()
            ],
        },
        {
            "name": "language",
            "label": _LANGUAGE.in_language(language),
            "type": "select",
            "default": "",
            "help_text": _LANGUAGE_HELP.in_language(language),
            "choices": [
                {"value": value, "name": text.in_language(language)} for value, text in _LANGUAGES.items()
            ],
        },
        {
            "name": "limit",
            "label": _LIMIT.in_language(language),
            "type": "number",
            "default": 0,
            "help_text": _LIMIT_HELP.in_language(language),
        },
    ]


def type_object(type_: Type, catalogue: Catalogue, language: str, *, is_whole: bool = True) -> dict[str, Any]:
    """Write a type as the API does.

    :param type_: the type.
    :param catalogue: the types.
    :param language: the language of its name.
    :param is_whole: whether definition and broader types are given, too.
    :returns: an object with ``id`` and ``name``.
    """
    found: dict[str, Any] = {"id": type_.id, "name": type_.name.in_language(language)}
    if is_whole:
        if type_.description.in_language(language):
            found["description"] = type_.description.in_language(language)
        above = [catalogue.types[iri] for iri in type_.broader if iri in catalogue.types]
        if above:
            found["broader"] = [type_object(each, catalogue, language, is_whole=False) for each in above]
    return found


def types_of(document: Document, catalogue: Catalogue, language: str) -> list[dict[str, Any]]:
    """Write the types of an entity as the API does.

    :param document: the entity.
    :param catalogue: the types.
    :param language: the language of their names.
    :returns: the types, the closest first.
    """
    found = [catalogue.types[iri] for iri in document.classes if iri in catalogue.types]
    # The class that it was declared with comes first, and the wider ones last.
    ordered = [*found[:1], *sorted(found[1:], key=lambda each: (each.count, each.id))]
    return [type_object(each, catalogue, language, is_whole=False) for each in ordered]
