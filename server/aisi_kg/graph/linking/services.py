"""Which servers are asked for candidates and items, and within which limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlsplit

from aisi_kg.errors import InputError

__all__ = ["ANSWER_BYTES", "CONTACT", "ITEMS", "RECONCILIATION", "TIMEOUT", "Services"]

RECONCILIATION = "AISI_KG_RECONCILIATION_URL"
ITEMS = "AISI_KG_ITEMS_URL"
TIMEOUT = "AISI_KG_LINK_TIMEOUT_S"
ANSWER_BYTES = "AISI_KG_LINK_ANSWER_BYTES"
CONTACT = "AISI_KG_LINK_CONTACT"

_LANGUAGE = re.compile(r"\$?\{(?:language|lang)\}")
_ITEM = "{item}"
_WHOLE = re.compile(r"[0-9]{1,12}")
_NOT_IN_A_HEADER = re.compile(r"[^\x21-\x7e]|[()]")


@dataclass(frozen=True)
class Services:
    """Name the servers and the limits.

    :param reconciliation: address of a service that speaks the Reconciliation Service API; ``{language}``
        (or ``${lang}``, as OpenRefine writes it) stands for ``en`` and ``zh``. The default is the service
        that OpenRefine has for Wikidata.
    :param items: address of a SPARQL endpoint with Wikidata's items; or, with ``{item}`` for the item's id,
        of their documents as ``Special:EntityData`` gives them.
    :param timeout_s: seconds that a request may take, with its whole answer.
    :param answer_bytes: length of the longest answer that is read.
    :param contact: address of a page or a mailbox of whoever asks, for the ``User-Agent``: Wikimedia asks for
        one; empty where there is none.
    """

    reconciliation: str = "https://wikidata.reconci.link/{language}/api"
    items: str = "https://query.wikidata.org/sparql"
    timeout_s: int = 60
    answer_bytes: int = 33_554_432
    contact: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read what is set.

        :param environment: the environment's variables.
        :returns: the services; what is not set, or set to nothing, has its default.
        :raises InputError: if a value is none that the setting can have.
        """
        usual = cls()
        return cls(
            reconciliation=_address(environment, RECONCILIATION, usual.reconciliation),
            items=_address(environment, ITEMS, usual.items),
            timeout_s=_number(environment, TIMEOUT, usual.timeout_s, 1, 3600),
            answer_bytes=_number(environment, ANSWER_BYTES, usual.answer_bytes, 1024, 1 << 40),
            contact=_contact(environment),
        )

    def at(self, reconciliation: str | None, items: str | None) -> Self:
        """Put addresses that the user named in place of these.

        :param reconciliation: the address of the reconciliation service, where one is named.
        :param items: the address of the items, where one is named.
        :returns: the services.
        :raises InputError: if one of them is no address.
        """
        return replace(
            self,
            reconciliation=_checked("--service", reconciliation) if reconciliation else self.reconciliation,
            items=_checked("--items", items) if items else self.items,
        )

    def reconciliation_in(self, language: str) -> str:
        """Give the address of the reconciliation service for a language.

        :param language: ``en`` or ``zh``.
        :returns: the address; the same for each language where it does not tell them apart.
        """
        return _LANGUAGE.sub(language, self.reconciliation)

    @property
    def has_documents(self) -> bool:
        """Tell whether items are read one by one from their documents, and not from a SPARQL endpoint."""
        return _ITEM in self.items

    def document_of(self, item: str) -> str:
        """Give the address of an item's document.

        :param item: the id of the item, such as ``Q1``.
        :returns: the address.
        """
        return self.items.replace(_ITEM, item)


def _address(environment: Mapping[str, str], name: str, usual: str) -> str:
    text = environment.get(name, "").strip()
    return _checked(name, text) if text else usual


def _checked(name: str, address: str) -> str:
    """Give an address back, if it is one that a request can be sent to."""
    plain = _LANGUAGE.sub("en", address).replace(_ITEM, "Q1")
    try:
        parts = urlsplit(plain)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, is_address = urlsplit(""), False
    if not is_address or re.search(r"[^\x21-\x7e]|[<>\"{}|\\^`#]", plain):
        raise InputError(
            f"{name} is {address}; give an address that begins with http:// or https://, in which only "
            "{language} or {item} stands in braces."
        )
    if parts.username is not None or parts.password is not None:
        raise InputError(f"{name} has a name or a password in it, which would be written down; leave it out.")
    return address


def _number(environment: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise InputError(f"{name} is {text}; set it to a whole number from {least} to {most}.")
    return int(text)


def _contact(environment: Mapping[str, str]) -> str:
    text = environment.get(CONTACT, "").strip()
    if _NOT_IN_A_HEADER.search(text):
        raise InputError(f"{CONTACT} is {text}; set it to the address of a page or a mailbox.")
    return text
