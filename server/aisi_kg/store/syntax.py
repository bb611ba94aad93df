"""Read the surface of a SPARQL text: its tokens, what it would call, where a character stands.

The engine answers ``SERVICE`` by an HTTP request to any address a query names and has no switch against it,
so the word has to be found before the engine sees the text. That is harder than it looks: the engine accepts
keywords that are glued to their neighbours (``trueSERVICE<…>{…}``), and some texts can be cut into tokens in
two ways, of which one hides the word in a string (``FILTER(1<'>')SERVICE<…>{…}FILTER(1='')``). The rule is
therefore: a text with the word in it passes only where it can be cut in one way, and the word then stands in
a string, a comment, an IRI, a variable, a language tag, the local part of a name, or a declared prefix where
nothing could be called.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

__all__ = ["Call", "Place", "Scan", "Token", "find_service", "first_keyword", "place_of", "scan", "too_deep"]


class Token(NamedTuple):
    """Give a token's kind, its text and the offset it starts at."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Scan:
    """Hold the tokens of a text, without white space and comments.

    :param tokens: the tokens in order.
    :param certain: whether the text can be cut into tokens in this way only.
    """

    tokens: tuple[Token, ...]
    certain: bool


class Call(NamedTuple):
    """Give the offset of a ``SERVICE``, and whether it is one in every reading of the text."""

    start: int
    certain: bool


class Place(NamedTuple):
    """Give a line and a column, both counted from 1."""

    line: int
    column: int


# What the engine takes for an escape; a string with any other is no string to it, and is cut in another way.
_ESCAPE = (
    r"""\\(?:[tbnrf\\"']|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}"""
    r"""|U(?:0000(?![dD][89a-fA-F])|000[1-9a-fA-F]|0010)[0-9a-fA-F]{4})"""
)
# Letters, digits and the marks that names may hold beside them.
_IN_NAME = "\\w\u00b7\u0300-\u036f\u203f\u2040"
_IN_LOCAL = rf"(?:[{_IN_NAME}:\-]|%[0-9a-fA-F]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_FIRST_LOCAL = r"(?:[\w:]|%[0-9a-fA-F]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"

# A prefix is bounded: looking for its colon from every letter of `a.a.a.…` would take quadratic time.
_TOKEN = re.compile(
    rf"""
      (?P<space>   [ \t\r\n]+ | \#[^\n\r]*)
    | (?P<iri>     < (?: [^<>"{{}}|^`\\\x00-\x20] | \\u[0-9a-fA-F]{{4}} | \\U[0-9a-fA-F]{{8}} )* >)
    | (?P<string>  \"\"\" (?: "{{0,2}} (?: [^"\\] | {_ESCAPE} ) )* \"\"\"
                 | ''' (?: '{{0,2}} (?: [^'\\] | {_ESCAPE} ) )* '''
                 | " (?: [^"\\\n\r] | {_ESCAPE} )* "
                 | ' (?: [^'\\\n\r] | {_ESCAPE} )* ' )
    | (?P<variable> [?$] [\w][{_IN_NAME}]*)
    | (?P<language> @ [a-zA-Z]+ (?: -[a-zA-Z0-9]+ )*)
    | (?P<blank>   _: \w (?: [{_IN_NAME}.\-]* [{_IN_NAME}\-] )?)
    | (?P<name>    (?: [^\W\d_] (?: [{_IN_NAME}.\-]{{0,40}} [{_IN_NAME}\-] )? )? :
                   (?: {_FIRST_LOCAL} (?: (?: {_IN_LOCAL} | \. )* {_IN_LOCAL} )? )? )
    | (?P<number>  (?: [0-9]+ (?: \.[0-9]* )? | \.[0-9]+ ) [eE] [+\-]? [0-9]+ | [0-9]* \. [0-9]+ | [0-9]+ )
    | (?P<word>    [{_IN_NAME}]+)
    | (?P<sign>    && | \|\| | \^\^ | != | <= | >= | << | >> | (?s:.))
    """,
    re.VERBOSE,
)

_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
_CALLED = "service"
# Nothing that people write nests this deep, and the engine ends the whole process at some hundred levels.
_MAX_DEPTH = 200
_OPENING, _CLOSING, _PREFIXED = "([{", ")]}", "!+-^"
_PREFIXED_RUN = re.compile(rf"(?:[{re.escape(_PREFIXED)}]\s*){{{_MAX_DEPTH}}}")


def scan(text: str) -> Scan:
    """Cut a SPARQL text into tokens.

    :param text: any text; what is no SPARQL comes out as tokens of one character.
    :returns: the tokens, and whether another reader could have cut them otherwise.
    """
    tokens: list[Token] = []
    certain = True
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None or kind == "space":
            continue
        token = Token(kind, match[0], match.start())
        if certain and (_is_ambiguous(token) or (kind == "string" and _is_cut_short(token, text))):
            certain = False
        tokens.append(token)
    return Scan(tuple(tokens), certain)


def _is_ambiguous(token: Token) -> bool:
    """Tell whether a token may be something else to another reader."""
    if token.kind == "sign":
        # A quotation mark that opens no string, and an escape outside strings and names.
        return token.text in "\"'\\"
    if token.kind == "iri":
        # `?a<'x>'` compares with a string, `?a<?b#>` has a comment; but no expression has two slashes in a
        # row.
        before = re.split("['#]", token.text, maxsplit=1)
        return len(before) == 2 and "//" not in before[0]
    return False


def _is_cut_short(token: Token, text: str) -> bool:
    # `""` before a third quotation mark: a long string that does not end, or two strings side by side.
    end = token.start + len(token.text)
    return len(token.text) == 2 and text[end : end + 1] == token.text[0]


def first_keyword(tokens: Iterable[Token]) -> Token | None:
    """Find the word that says what a text asks for.

    :param tokens: the text's tokens.
    :returns: the first token behind the prologue, where it is a word; else None.
    """
    for token in tokens:
        if token.kind in ("iri", "name") or (
            token.kind == "word" and token.text.upper() in ("BASE", "PREFIX")
        ):
            continue
        return token if token.kind == "word" else None
    return None


def find_service(text: str) -> Call | None:
    """Find what may call another endpoint.

    :param text: a SPARQL text.
    :returns: the first ``SERVICE`` that is, or may be read as, the keyword; None where there is none.
    """
    found = _find_service(text)
    if found is None and "\\" in text:
        # The specification has escapes replaced before anything else, wherever they stand.
        plain = _CODE_POINT.sub(_replace, text)
        if plain != text and (hidden := _find_service(plain)) is not None:
            return Call(min(hidden.start, len(text)), certain=False)
    return found


def _replace(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def _find_service(text: str) -> Call | None:
    # casefold() and not lower(): it also maps the long s, whatever a reader's idea of case is.
    if _CALLED not in text.casefold():
        return None
    result = scan(text)
    if not result.certain:
        match = re.search(_CALLED, text, re.IGNORECASE)
        return Call(match.start() if match else 0, certain=False)
    declared = {
        name.text.partition(":")[0]
        for keyword, name in zip(result.tokens, result.tokens[1:], strict=False)
        if keyword.kind == "word" and keyword.text.upper() == "PREFIX" and name.kind == "name"
    }
    start = next(_calls(result.tokens, declared), None)
    return None if start is None else Call(start, certain=True)


def _calls(tokens: tuple[Token, ...], declared: set[str]) -> Iterator[int]:
    for index, token in enumerate(tokens):
        if token.kind not in ("word", "name"):
            continue
        own = token.text.partition(":")[0]
        place = own.casefold().find(_CALLED)
        if place < 0:
            continue
        if token.kind == "name" and own in declared:
            # With the empty prefix declared too, `service:x {` calls the service `:x`; no brace, no call.
            before = tokens[index - 1].text.upper() if index else ""
            after = tokens[index + 1].text if index + 1 < len(tokens) else ""
            if after != "{" or before == "GRAPH":
                continue
        yield token.start + place


def too_deep(text: str) -> int | None:
    """Find the place where a text nests deeper than the engine survives.

    :param text: a SPARQL text.
    :returns: the offset of the first bracket or sign that is too deep; None where there is none.
    """
    # Most texts have fewer brackets than the limit and need no closer look.
    if sum(map(text.count, _OPENING)) <= _MAX_DEPTH and (
        sum(map(text.count, _PREFIXED)) < _MAX_DEPTH or not _PREFIXED_RUN.search(text)
    ):
        return None
    result = scan(text)
    if not result.certain:
        brackets = (match.start() for match in re.finditer(rf"[{re.escape(_OPENING + _PREFIXED)}]", text))
        return next(islice(brackets, _MAX_DEPTH, None), None)
    depth = run = 0
    for token in result.tokens:
        if token.kind != "sign":
            run = 0
            continue
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth = max(0, depth - 1)
        run = run + len(token.text) if token.text[0] in _PREFIXED else 0
        if depth + run > _MAX_DEPTH:
            return token.start
    return None


def place_of(text: str, offset: int) -> Place:
    """Turn an offset into a line and a column.

    :param text: the text.
    :param offset: the offset of a character in it, or its length.
    :returns: line and column, counted from 1 in characters; lines end at CR, LF or both.
    """
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
