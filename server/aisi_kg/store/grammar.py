"""Say where a text stops being a SPARQL query, and what was expected there.

The engine's own messages name the place where its furthest guess failed, which is off by the length of a
keyword, and the guess (``expected OPTIONAL`` for an undeclared prefix). So a text that the engine has refused
is read once more, by the grammar of the SPARQL 1.1 recommendation below. The grammar is LL(1) and is read
with a stack of its own, so that no text is too deep for it.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from aisi_kg.store.syntax import Token

__all__ = ["Fault", "find_fault"]


class Fault(NamedTuple):
    """Say what is wrong with a query and at which offset."""

    message: str
    start: int


# One rule a line, which may go on in an indented one. Words in capitals are keywords, quoted signs stand for
# themselves, small words are kinds of tokens. `Name "what people call it" = …` gives the words that a message
# uses in place of all the tokens that the rule may begin with.
_GRAMMAR = r"""
Query = Prologue Form Values
Prologue = ( BASE iri | PREFIX prefix iri )*
Form = Select | Construct | Describe | Ask
Select = SELECT ( DISTINCT | REDUCED )? Projection Dataset* Where Modifiers
SubSelect = SELECT ( DISTINCT | REDUCED )? Projection Where Modifiers Values
Projection = Projected+ | '*'
Projected = variable | '(' Expression AS Variable ')'
Construct = CONSTRUCT ( '{' Template? '}' Dataset* Where Modifiers
    | Dataset* WHERE '{' Template? '}' Modifiers )
Describe = DESCRIBE ( VarOrIri+ | '*' ) Dataset* Where? Modifiers
Ask = ASK Dataset* Where Modifiers
Dataset = FROM NAMED? Iri
Where = WHERE? Group
Modifiers = ( GROUP BY GroupCondition+ )? ( HAVING Constraint+ )? ( ORDER BY OrderCondition+ )?
    Slice
GroupCondition "what to group by" = Call | variable | '(' Expression ( AS Variable )? ')'
OrderCondition "what to order by" = ( ASC | DESC ) Bracketted | Constraint | variable
Slice = ( LIMIT Integer ( OFFSET Integer )? | OFFSET Integer ( LIMIT Integer )? )?
Integer "a whole number" = integer
Values = ( VALUES DataBlock )?
DataBlock = variable '{' DataValue* '}' | '(' variable* ')' '{' ( '(' DataValue* ')' )* '}'
DataValue "a value" = Iri | Literal | UNDEF
Template = Subjects ( '.' Template? )?
Group "{" = '{' ( SubSelect | Pattern ) '}'
Pattern = Triples? ( NotTriples '.'? Triples? )*
Triples = SubjectsPath ( '.' Triples? )?
NotTriples "another pattern" = Union | OPTIONAL Group | LATERAL Group | MINUS Group
    | GRAPH VarOrIri Group | SERVICE SILENT? VarOrIri Group | FILTER Constraint
    | BIND '(' Expression AS Variable ')' | VALUES DataBlock
Union = Group ( UNION Group )*
Constraint "a condition in brackets" = Bracketted | Call
Call = BuiltIn | Iri Arguments
Arguments "(" = '(' ( DISTINCT? Expression ( ',' Expression )* )? ')'
ExpressionList "(" = '(' ( Expression ( ',' Expression )* )? ')'
Subjects "a subject" = VarOrTerm Properties | '(' Node* ')' Properties?
    | '[' ( Properties ']' Properties? | ']' Properties )
Properties = Verb Objects ( ';' ( Verb Objects )? )*
Verb "a predicate" = VarOrIri | a
Objects = Node ( ',' Node )*
Node "an object" = VarOrTerm | '(' Node* ')' | '[' Properties? ']'
SubjectsPath "a triple pattern" = VarOrTerm PropertiesPath | '(' NodePath* ')' PropertiesPath?
    | '[' ( PropertiesPath ']' PropertiesPath? | ']' PropertiesPath )
PropertiesPath = VerbPath ObjectsPath ( ';' ( VerbPath ObjectsPath )? )*
VerbPath "a predicate" = Path | variable
ObjectsPath = NodePath ( ',' NodePath )*
NodePath "an object" = VarOrTerm | '(' NodePath* ')' | '[' PropertiesPath? ']'
Path "a predicate" = Sequence ( '|' Sequence )*
Sequence "a predicate" = Step ( '/' Step )*
Step "a predicate" = '^'? ( Iri | a | '!' Negated | '(' Path ')' ) ( '?' | '*' | '+' )?
Negated = OneOf | '(' ( OneOf ( '|' OneOf )* )? ')'
OneOf "a predicate" = '^'? ( Iri | a )
VarOrTerm "a term" = variable | Iri | Literal | blank
VarOrIri = variable | Iri
Variable "a variable" = variable
Expression "an expression" = And ( '||' And )*
And "an expression" = Relation ( '&&' Relation )*
Relation "an expression" = Sum ( ( '=' | '!=' | '<' | '>' | '<=' | '>=' ) Sum | IN ExpressionList
    | NOT IN ExpressionList )?
Sum "an expression" = Product ( ( '+' | '-' ) Product )*
Product "an expression" = Unary ( ( '*' | '/' ) Unary )*
Unary "an expression" = ( '!' | '+' | '-' )? Primary
Primary "an expression" = Bracketted | BuiltIn | Iri Arguments? | string Tag? | number | integer
    | TRUE | FALSE | variable
Bracketted "(" = '(' Expression ')'
BuiltIn "a function" = function Arguments | EXISTS Group | NOT EXISTS Group
    | BOUND '(' Variable ')' | COUNT '(' DISTINCT? ( '*' | Expression ) ')'
    | GROUP_CONCAT '(' DISTINCT? Expression ( ';' SEPARATOR '=' string )? ')'
Iri "an IRI" = iri | name | prefix
Literal "a literal" = string Tag? | ( '+' | '-' )? ( number | integer ) | TRUE | FALSE
Tag = language | '^^' Iri
"""

_FUNCTIONS = frozenset(
    """
    ABS AVG BNODE CEIL COALESCE CONCAT CONTAINS DATATYPE DAY ENCODE_FOR_URI FLOOR HOURS IF IRI
    ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW
    RAND REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER
    STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TZ UCASE URI UUID
    YEAR
    """.split()
)
_KINDS = {
    "variable": "a variable",
    "iri": "an IRI between < and >",
    "name": "a name with a prefix",
    "prefix": "a prefix with its colon",
    "string": "a string",
    "language": "a language tag",
    "blank": "a blank node",
    "integer": "a whole number",
    "number": "a number",
    "function": "a function",
}
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_END = "end"
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_SHOWN = 6


@dataclass(frozen=True, eq=False)
class _Part:
    """Hold a node of the grammar.

    ``token`` holds a terminal in ``name``, ``rule`` the name of a rule; the others hold ``parts``.
    """

    kind: str
    name: str = ""
    parts: tuple["_Part", ...] = ()


@dataclass
class _Grammar:
    rules: dict[str, _Part] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    first: dict[str, frozenset[str]] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)

    def starts(self, part: _Part) -> frozenset[str]:
        """Say which terminals a part may begin with."""
        if part.kind == "token":
            return frozenset({part.name})
        if part.kind == "rule":
            return self.first.get(part.name, frozenset())
        found: set[str] = set()
        for inner in part.parts:
            found |= self.starts(inner)
            if part.kind == "all" and not self.may_be_empty(inner):
                break
        return frozenset(found)

    def may_be_empty(self, part: _Part) -> bool:
        """Say whether a part may match nothing."""
        if part.kind in ("token", "rule"):
            return part.name in self.empty
        if part.kind == "all":
            return all(map(self.may_be_empty, part.parts))
        if part.kind == "any":
            return any(map(self.may_be_empty, part.parts))
        return part.kind in ("?", "*")


@cache
def _grammar() -> _Grammar:
    """Read the grammar and work out how each rule begins."""
    grammar = _Grammar()
    for line in _GRAMMAR.strip().replace("\n    ", " ").splitlines():
        head, _, body = line.partition(" = ")
        name, _, label = head.partition(" ")
        words = re.findall(r"'[^']+'|[()|?*+]|\w+", body)
        grammar.rules[name], rest = _alternatives(words)
        if rest:
            raise ValueError(f"the rule {name} has unbalanced brackets")
        if label:
            grammar.labels[name] = label.strip('"')
    changed = True
    while changed:
        changed = False
        for name, part in grammar.rules.items():
            starts, empty = grammar.starts(part), grammar.may_be_empty(part)
            if starts != grammar.first.get(name) or empty != (name in grammar.empty):
                grammar.first[name] = starts
                if empty:
                    grammar.empty.add(name)
                changed = True
    return grammar


def _alternatives(words: Sequence[str]) -> tuple[_Part, Sequence[str]]:
    choices: list[_Part] = []
    while True:
        sequence: list[_Part] = []
        while words and words[0] not in ("|", ")"):
            part, words = _item(words)
            sequence.append(part)
        choices.append(sequence[0] if len(sequence) == 1 else _Part("all", parts=tuple(sequence)))
        if not words or words[0] == ")":
            return (choices[0] if len(choices) == 1 else _Part("any", parts=tuple(choices))), words
        words = words[1:]


def _item(words: Sequence[str]) -> tuple[_Part, Sequence[str]]:
    word, words = words[0], words[1:]
    if word == "(":
        part, words = _alternatives(words)
        words = words[1:]
    elif word[0] == "'":
        part = _Part("token", word.strip("'"))
    else:
        # Names of rules are the only words of mixed case.
        part = _Part("token" if word.isupper() or word.islower() else "rule", word)
    while words and words[0] in "?*+":
        sign, words = words[0], words[1:]
        part = (
            _Part("all", parts=(part, _Part("*", parts=(part,))))
            if sign == "+"
            else _Part(sign, parts=(part,))
        )
    return part, words


def _terminals(token: Token) -> tuple[str, ...]:
    """Say as what a token may be read, the closest first."""
    if token.kind == "word":
        upper = token.text.upper()
        names = ("function",) if upper in _FUNCTIONS else ()
        return (*names, "a") if token.text == "a" else (*names, upper)
    if token.kind == "name":
        return ("prefix",) if token.text.endswith(":") and token.text.count(":") == 1 else ("name",)
    if token.kind == "number":
        return ("integer",) if token.text.isdigit() else ("number",)
    return (token.text if token.kind == "sign" else token.kind,)


def find_fault(tokens: Sequence[Token], end: int, known: Container[str], *, based: bool) -> Fault | None:
    """Find the first fault of a text that should be a query.

    :param tokens: the text's tokens.
    :param end: the length of the text.
    :param known: prefixes that need no declaration.
    :param based: whether relative IRIs have a base without the query's saying so.
    :returns: what is wrong and where; None where the grammar finds nothing: the fault lies in the meaning.
    """
    faults = (_unknown_prefix(tokens, known), _relative_iri(tokens, based=based), _read(tokens, end))
    return min((fault for fault in faults if fault is not None), key=lambda fault: fault.start, default=None)


def _unknown_prefix(tokens: Sequence[Token], known: Container[str]) -> Fault | None:
    declared: set[str] = set()
    for before, token in zip((Token("", "", 0), *tokens), tokens, strict=False):
        if token.kind != "name":
            continue
        prefix = token.text.partition(":")[0]
        if before.kind == "word" and before.text.upper() == "PREFIX":
            declared.add(prefix)
        elif prefix not in declared and prefix not in known:
            return Fault(
                f"the prefix {prefix}: is not declared; add PREFIX {prefix}: <…> at the top", token.start
            )
    return None


def _relative_iri(tokens: Sequence[Token], *, based: bool) -> Fault | None:
    for before, token in zip((Token("", "", 0), *tokens), tokens, strict=False):
        if token.kind != "iri" or based or _SCHEME.match(token.text):
            based = based or (token.kind == "iri" and before.text.upper() == "BASE")
            continue
        return Fault(
            f"the IRI {token.text} is relative; write it in full, or add BASE <…> at the top", token.start
        )
    return None


def _read(tokens: Sequence[Token], end: int) -> Fault | None:
    """Read the tokens with the grammar until one does not fit."""
    grammar = _grammar()
    stack: list[_Part] = [_Part("rule", "Query")]
    expected: dict[str, None] = {}
    place = 0
    while True:
        current = _terminals(tokens[place]) if place < len(tokens) else (_END,)
        if not stack:
            if current == (_END,):
                return None
            return _fault(tokens, place, end, {**expected, "the end of the query": None})
        part = stack.pop()
        fits = not grammar.starts(part).isdisjoint(current)
        if not fits:
            _expect(grammar, part, expected)
            if not grammar.may_be_empty(part):
                return _fault(tokens, place, end, expected)
        elif part.kind == "token":
            place += 1
            expected = {}
        elif part.kind == "rule":
            stack.append(grammar.rules[part.name])
        elif part.kind == "all":
            stack.extend(reversed(part.parts))
        elif part.kind == "any":
            stack.append(next(p for p in part.parts if not grammar.starts(p).isdisjoint(current)))
        else:
            stack.extend((part, part.parts[0]) if part.kind == "*" else part.parts)


def _expect(grammar: _Grammar, part: _Part, expected: dict[str, None]) -> None:
    """Add what a part would have begun with, in words."""
    if part.kind == "token":
        expected[_KINDS.get(part.name, part.name)] = None
    elif part.kind == "rule" and part.name in grammar.labels:
        expected[grammar.labels[part.name]] = None
    elif part.kind == "rule":
        _expect(grammar, grammar.rules[part.name], expected)
    else:
        for inner in part.parts:
            _expect(grammar, inner, expected)
            if part.kind == "all" and not grammar.may_be_empty(inner):
                break


def _fault(tokens: Sequence[Token], place: int, end: int, expected: Mapping[str, None]) -> Fault:
    if place == len(tokens):
        opened = _left_open(tokens)
        if opened is not None:
            return Fault(
                f"the bracket {opened.text} is never closed with {_PAIRS[opened.text]}", opened.start
            )
        return Fault(f"the query ends too early; expected {_listed(expected)}", end)
    token = tokens[place]
    if token.text in "\"'":
        return Fault(
            "a string begins here that does not end, or holds an escape that SPARQL does not have",
            token.start,
        )
    shown = token.text if len(token.text) <= 40 else token.text[:39] + "…"
    return Fault(f'found "{shown}", expected {_listed(expected)}', token.start)


def _left_open(tokens: Sequence[Token]) -> Token | None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "sign":
            continue
        if token.text in _PAIRS:
            opened.append(token)
        elif opened and token.text == _PAIRS[opened[-1].text]:
            opened.pop()
    return opened[-1] if opened else None


def _listed(expected: Mapping[str, None]) -> str:
    words = list(expected)
    if len(words) > _SHOWN:
        words = [*words[: _SHOWN - 1], "something else that may stand there"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
