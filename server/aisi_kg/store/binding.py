"""Ready a query's text for variables that are bound from outside.

The engine binds variables to terms (``substitutions``), so that no value ever stands in a text. But it binds
only what the outermost ``SELECT`` gives, reaches no variable of a sub-select that does not give it, and takes
``BOUND`` of a variable that nothing in the pattern binds for false, whatever it is bound to. So the text is
changed first, in a way that depends on the names of the variables and never on their values: each ``SELECT``
that holds such a variable gives it and groups by it, and ``BOUND`` of it is ``true``. What the outermost one
gives only for this is taken out of the result again.

What cannot be made right in this way is found by :func:`obstacles`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from aisi_kg.store.syntax import Token, scan

__all__ = ["Exposed", "Obstacle", "expose", "obstacles", "unbound_variables", "written_out"]

_AGGREGATES = frozenset(["AVG", "COUNT", "GROUP_CONCAT", "HAVING", "MAX", "MIN", "SAMPLE", "SUM"])
_FORMS = frozenset(["ASK", "CONSTRUCT", "DESCRIBE", "SELECT"])
_CLAUSES = frozenset(["HAVING", "LIMIT", "OFFSET", "ORDER", "VALUES"])
_OPENING = {"(": ")", "[": "]", "{": "}"}


class Exposed(NamedTuple):
    """Give a text that is ready for bound variables.

    :param text: the text.
    :param hidden: the variables that it gives beside those that the query gives.
    :param is_ask: it is the SELECT that has a solution where the ASK is true.
    """

    text: str
    hidden: frozenset[str]
    is_ask: bool


class Obstacle(NamedTuple):
    """Say why a variable cannot be bound from outside, and at which offset."""

    message: str
    start: int


@dataclass(frozen=True)
class _Select:
    """Hold where the parts of a SELECT (or an ASK, which has no list) stand among the tokens."""

    keyword: int
    listed: range
    pattern: range
    modifiers: range

    @property
    def everything(self) -> range:
        return range(self.keyword, self.modifiers.stop)


def expose(text: str, names: Collection[str]) -> Exposed:
    """Ready a text for bound variables.

    :param text: a query that the engine accepts.
    :param names: the variables, without their mark.
    :returns: the text to evaluate.
    """
    tokens = scan(text).tokens
    selects = _selects(tokens)
    edits: list[tuple[int, int, str]] = []
    hidden: set[str] = set()
    is_ask = False
    for start, end in _bound_calls(tokens, names):
        edits.append((start, end, "(true)"))
    for number, select in enumerate(selects):
        keyword = tokens[select.keyword]
        used = _variables(tokens, select.everything)
        wanted = [name for name in names if name in used]
        given = _given(tokens, select.listed)
        if keyword.text.upper() == "ASK":
            is_ask = True
            listed = "".join(f" ?{name}" for name in wanted) or " *"
            edits.append((keyword.start, keyword.start + len(keyword.text), f"SELECT{listed} "))
            continue
        if given is None:
            continue
        missing = [name for name in wanted if name not in given]
        if number == 0:
            hidden.update(missing)
        if missing:
            place = tokens[select.listed.start].start
            edits.append((place, place, "".join(f"?{name} " for name in missing)))
        group = _grouping(tokens, select.modifiers)
        if group is not None:
            keys = _given(tokens, group) or set()
            place = tokens[group.start - 1].start + len(tokens[group.start - 1].text)
            more = [name for name in wanted if name not in keys]
            edits.append((place, place, "".join(f" ?{name}" for name in more) + " " if more else ""))
    # From the end, so that the offsets of what comes before stay right.
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return Exposed(text, frozenset(hidden), is_ask)


def obstacles(text: str, names: Collection[str]) -> Iterator[Obstacle]:
    """Find what keeps variables of a query from being bound from outside as they are meant.

    :param text: a query that the engine accepts.
    :param names: the variables, without their mark.
    :returns: what is in the way.
    """
    tokens = scan(text).tokens
    for index, token in enumerate(tokens):
        if token.kind != "variable" or token.text[1:] not in names:
            continue
        before = tokens[index - 1].text.upper() if index else ""
        after = tokens[index + 1].text.upper() if index + 1 < len(tokens) else ""
        if before == "AS":
            yield Obstacle(
                f"{token.text} is assigned here, and a parameter has its value already", token.start
            )
        elif before == "(" and after == "AS":
            yield Obstacle(
                f"the engine cannot copy a parameter to another variable; use {token.text} itself",
                token.start,
            )
        elif before == "VALUES" and _rows(tokens, index + 1) == 1:
            yield Obstacle(
                f"VALUES lets {token.text} have one value, so that no other finds anything; leave it out",
                token.start,
            )
    for select in _selects(tokens):
        keyword = tokens[select.keyword]
        used = [name for name in names if name in _variables(tokens, select.everything)]
        if not used or keyword.text.upper() == "ASK":
            continue
        if _given(tokens, select.listed) is None:
            yield Obstacle(
                f"list the variables, in place of *, since ?{used[0]} is a parameter", keyword.start
            )
        elif _grouping(tokens, select.modifiers) is None and _aggregates(tokens, select):
            yield Obstacle(
                f"this SELECT makes one group of everything, which ?{used[0]} cannot be bound in; add a "
                "GROUP BY",
                keyword.start,
            )


def written_out(text: str, bindings: Iterable[tuple[str, NamedNode | Literal]]) -> str:
    """Write values into a query, for somebody who goes on with it elsewhere; here none is evaluated so.

    :param text: a query that the engine accepts.
    :param bindings: variables of its outermost group, without their mark, and their values.
    :returns: the query with each value as ``VALUES`` at the beginning of the outermost group.
    """
    tokens = scan(text).tokens
    forms = [
        index for index, token in enumerate(tokens) if token.kind == "word" and token.text.upper() in _FORMS
    ]
    selects = _selects(tokens)
    if not forms:
        return text
    if selects and selects[0].keyword == forms[0]:
        opened = selects[0].pattern.start
    else:
        template = _pairs(tokens).get(forms[0] + 1, forms[0])
        opened = next((index for index in range(template + 1, len(tokens)) if tokens[index].text == "{"), -1)
    values = "".join(f"\n  VALUES ?{name} {{ {term} }}" for name, term in bindings)
    if opened < 0 or not values:
        return text
    place = tokens[opened].start + 1
    rest = text[place:]
    return text[:place] + values + ("" if rest[:1] in "\r\n" else "\n ") + rest


def unbound_variables(text: str) -> Iterator[Token]:
    """Find variables that are used, and that nothing in a query gives a value.

    A variable without a value that stands for that in an ``IF`` or a ``COALESCE`` is none of them.

    :param text: a query that the engine accepts.
    :returns: the first token of each.
    """
    tokens = scan(text).tokens
    outside = {
        index for select in _selects(tokens) for part in (select.listed, select.modifiers) for index in part
    }
    bound: set[str] = set()
    used: dict[str, Token] = {}
    brackets: list[str] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text.upper() if index else ""
        if token.text in _OPENING and token.kind == "sign":
            # A list of the variables of VALUES gives them values.
            brackets.append({"VALUES": "{", "IF": "?", "COALESCE": "?"}.get(before, token.text))
        elif token.kind == "sign" and token.text in _OPENING.values() and brackets:
            brackets.pop()
        elif token.kind == "variable":
            name = token.text[1:]
            around = brackets[-1] if brackets else ""
            if before == "AS" or (around in ("{", "[") and index not in outside):
                bound.add(name)
            if around != "?" or before not in ("(", ",") or tokens[index + 1].text not in (",", ")"):
                used.setdefault(name, token)
    return (token for name, token in used.items() if name not in bound)


def _selects(tokens: Sequence[Token]) -> list[_Select]:
    """Find each SELECT and ASK, the outermost first."""
    closing = _pairs(tokens)
    enclosing = _enclosing(tokens, closing)
    found = []
    for index, token in enumerate(tokens):
        if token.kind != "word" or token.text.upper() not in ("SELECT", "ASK"):
            continue
        start = index + 1
        if start < len(tokens) and tokens[start].text.upper() in ("DISTINCT", "REDUCED"):
            start += 1
        end = start
        while end < len(tokens) and tokens[end].text != "{":
            if tokens[end].text.upper() in ("WHERE", "FROM") and tokens[end].kind == "word":
                break
            end = closing.get(end, end) + 1
        opened = end
        while opened < len(tokens) and tokens[opened].text != "{":
            opened += 1
        closed = closing.get(opened, len(tokens) - 1)
        around = enclosing[index]
        stop = len(tokens) if around is None else closing[around]
        found.append(_Select(index, range(start, end), range(opened, closed + 1), range(closed + 1, stop)))
    return found


def _pairs(tokens: Sequence[Token]) -> dict[int, int]:
    """Find the bracket that closes each."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text in _OPENING:
            waiting.append(index)
        elif waiting and token.text == _OPENING[tokens[waiting[-1]].text]:
            pairs[waiting.pop()] = index
    return pairs


def _enclosing(tokens: Sequence[Token], closing: dict[int, int]) -> list[int | None]:
    """Find the brace that each token stands in."""
    found: list[int | None] = []
    around: list[int] = []
    for index, token in enumerate(tokens):
        while around and index > closing[around[-1]]:
            around.pop()
        found.append(around[-1] if around else None)
        if token.text == "{" and index in closing:
            around.append(index)
    return found


def _variables(tokens: Sequence[Token], places: Iterable[int]) -> set[str]:
    return {tokens[index].text[1:] for index in places if tokens[index].kind == "variable"}


def _given(tokens: Sequence[Token], listed: range) -> set[str] | None:
    """Name the variables that a list gives; None where it is a star."""
    given: set[str] = set()
    depth = 0
    for index in listed:
        token = tokens[index]
        if token.kind == "sign":
            if token.text == "*" and depth == 0:
                return None
            depth += (token.text in _OPENING) - (token.text in _OPENING.values())
        elif token.kind == "variable" and (depth == 0 or tokens[index - 1].text.upper() == "AS"):
            given.add(token.text[1:])
    return given


def _grouping(tokens: Sequence[Token], modifiers: range) -> range | None:
    """Find what a SELECT groups by."""
    start = None
    for index in modifiers:
        word = tokens[index].text.upper() if tokens[index].kind == "word" else ""
        if start is None:
            if word == "BY" and tokens[index - 1].text.upper() == "GROUP":
                start = index + 1
        elif word in _CLAUSES:
            return range(start, index)
    return None if start is None else range(start, modifiers.stop)


def _aggregates(tokens: Sequence[Token], select: _Select) -> bool:
    return any(
        tokens[index].kind == "word" and tokens[index].text.upper() in _AGGREGATES
        for part in (select.listed, select.modifiers)
        for index in part
    )


def _bound_calls(tokens: Sequence[Token], names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Find where each ``BOUND(?name)`` starts and ends."""
    for call in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        word, opened, variable, closed = call
        if (
            word.kind == "word"
            and word.text.upper() == "BOUND"
            and (opened.text, closed.text) == ("(", ")")
            and variable.kind == "variable"
            and variable.text[1:] in names
        ):
            yield word.start, closed.start + 1


def _rows(tokens: Sequence[Token], opened: int) -> int:
    """Count the values in the braces behind ``VALUES ?name``."""
    rows = 0
    for before, token in zip(tokens[opened:], tokens[opened + 1 :], strict=False):
        if token.text == "}":
            break
        # A literal's datatype and language are no values of their own.
        rows += token.kind in ("iri", "name", "string", "number", "word") and before.text != "^^"
    return rows
