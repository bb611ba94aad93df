"""Choose what to answer in, by what a client says it accepts (RFC 9110, section 12)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from starlette.datastructures import Headers

from aisi_kg.store.results import Format

__all__ = ["GZIP", "HTML", "IDENTITY", "MediaRange", "best", "best_coding", "field_value", "parse_accept"]

#: Pages for people.
HTML = Format("html", "text/html", "html", "", asked_as=("application/xhtml+xml",), has_charset=True)

GZIP = "gzip"
IDENTITY = "identity"

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_STRING = re.compile(_QUOTED)
# A comma within a quoted string separates nothing.
_ELEMENT = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_RANGE = re.compile(rf"\s*({_NAME})/({_NAME})\s*((?:;[^;]*)*)")
_WEIGHT = re.compile(r";\s*[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*(?=;|$)")
_CODING = re.compile(rf"\s*({_NAME})\s*((?:;[^;]*)*)")
_ANY_WEIGHT = re.compile(r";\s*[qQ]\s*=")


class MediaRange(NamedTuple):
    """Give one element of an ``Accept`` header, in lower case; ``*`` stands for anything."""

    type: str
    subtype: str
    weight: float

    @property
    def precision(self) -> int:
        """Say how closely it names a type.

        :returns: 2 for one type, 1 for all subtypes of one, 0 for everything.
        """
        return (self.type != "*") + (self.subtype != "*")

    def covers(self, media_type: str) -> bool:
        """Tell whether a media type is in the range.

        :param media_type: the media type without parameters.
        :returns: True if it is.
        """
        main, _, sub = media_type.partition("/")
        return self.type in ("*", main) and self.subtype in ("*", sub)


def field_value(headers: Headers, name: str) -> str | None:
    """Read a header that is a list, which may come in several lines (RFC 9110, section 5.3).

    :param headers: a request's headers.
    :param name: the name of one.
    :returns: its lines as one; None where there is none.
    """
    lines = headers.getlist(name)
    return ", ".join(lines) if lines else None


def parse_accept(header: str | None) -> list[MediaRange]:
    """Read an ``Accept`` header.

    :param header: its value; None where there is none.
    :returns: its ranges, without those that are malformed; everything, where that leaves none.
    """
    ranges: list[MediaRange] = []
    for element in _ELEMENT.findall(header or ""):
        match = _RANGE.fullmatch(element)
        if match is None or (match[1] == "*" and match[2] != "*"):
            continue
        # Within quotation marks stands no parameter.
        parameters = _STRING.sub('""', match[3])
        weight = _WEIGHT.search(parameters)
        if weight is None and _ANY_WEIGHT.search(parameters):
            continue
        ranges.append(MediaRange(match[1].lower(), match[2].lower(), float(weight[1]) if weight else 1.0))
    return ranges or [MediaRange("*", "*", 1.0)]


def best(formats: Sequence[Format], ranges: Sequence[MediaRange]) -> Format | None:
    """Choose the format that a client likes best.

    :param formats: what there is; the first of equals is taken.
    :param ranges: what the client accepts.
    :returns: the format, or None where the client accepts none.
    """
    chosen, highest = None, 0.0
    for format_ in formats:
        weight = max(_weight(format_.media_type, ranges), *_asked(format_, ranges))
        if weight > highest:
            chosen, highest = format_, weight
    return chosen


def _weight(media_type: str, ranges: Sequence[MediaRange]) -> float:
    """Take the weight of the range that names a type most closely."""
    covering = [(r.precision, r.weight) for r in ranges if r.covers(media_type)]
    return max(covering, default=(0, 0.0))[1]


def _asked(format_: Format, ranges: Sequence[MediaRange]) -> list[float]:
    # What is sent has another media type, so that a wildcard over the type that was asked for does not cover
    # it.
    return [0.0, *(r.weight for r in ranges if f"{r.type}/{r.subtype}" in format_.asked_as)]


def best_coding(codings: Sequence[str], header: str | None) -> str | None:
    """Choose the content coding that a client likes best.

    :param codings: those there are, ``identity`` among them; the first of equals is taken.
    :param header: the value of ``Accept-Encoding``; None where there is none.
    :returns: the coding, or None where the client refuses all.
    """
    weights: dict[str, float] = {}
    for element in (header or "").split(","):
        match = _CODING.fullmatch(element)
        if match is None:
            continue
        given = _WEIGHT.search(match[2])
        if given is not None or not _ANY_WEIGHT.search(match[2]):
            weights[match[1].lower().removeprefix("x-")] = float(given[1]) if given else 1.0
    others = weights.get("*")
    chosen, highest = None, 0.0
    for coding in codings:
        weight = weights.get(coding, others)
        if weight is None:
            # What is not encoded is accepted unless it is refused, and liked less than whatever is named.
            weight = _LEAST if coding == IDENTITY else 0.0
        if weight > highest:
            chosen, highest = coding, weight
    return chosen


# Below every weight that a client can write.
_LEAST = 0.0001
