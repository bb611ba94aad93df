"""Read the header of a stored query: YAML in the lines that begin with ``#+``, as grlc has it.

The YAML is read as a tree of nodes and never turned into objects. So each value is the text that stands in
the file (``no`` is a word, ``2024-01-01`` is no date of Python's), each has its line and column, and a key
that is given twice is seen.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from aisi_kg.errors import InputError, ParameterRefused
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.library.records import (
    LANGUAGES,
    Column,
    ColumnType,
    Parameter,
    ParameterType,
    Text,
)
from aisi_kg.store.library.values import term_of

__all__ = ["Fault", "Header", "read_header"]

_MARK = "#+"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ENDPOINT = re.compile(r"https://[^\s<>\"{}|^`\\]+")
#: In a URL it says in which language a page is written, unless a query has a parameter of that name and type.
_PAGE_LANGUAGE = "lang"

_REQUIRED = ("id", "title", "description", "tags")
_OPTIONAL = ("parameters", "columns", "services")
_PARAMETER_KEYS = ("type", "label", "class", "scheme", "default", "optional", "allowed")


@dataclass(frozen=True)
class Fault:
    """Say what is wrong with a file of a query, and where.

    :param message: what, and what to do.
    :param line: the line, counted from 1.
    :param column: the column, counted from 1, where it is known.
    """

    message: str
    line: int = 1
    column: int | None = None


@dataclass
class Header:
    """Hold what a header says; what is missing or wrong is left as it is here, and is among the faults.

    :param lines: the lines of the file that the header takes.
    :param places: line and column of keys, by their path such as ``parameters.since``.
    """

    id: str = ""
    title: Text = field(default_factory=lambda: Text("", ""))
    description: Text = field(default_factory=lambda: Text("", ""))
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = ()
    services: tuple[str, ...] = ()
    lines: int = 0
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def read_header(text: str, prefixes: Prefixes) -> tuple[Header, list[Fault]]:
    """Read the header of a query.

    :param text: the file's text.
    :param prefixes: the prefixes that IRIs are written with.
    :returns: the header, and what is wrong with it.
    """
    reader = _Reader(prefixes)
    reader.read(text)
    return reader.header, reader.faults


class _Reader:
    def __init__(self, prefixes: Prefixes) -> None:
        self.header = Header()
        self.faults: list[Fault] = []
        self._prefixes = prefixes

    def read(self, text: str) -> None:
        root = self._compose(text)
        if root is None:
            return
        values = self._mapping(root, "the header", (*_REQUIRED, *_OPTIONAL), _REQUIRED, "")
        header = self.header
        for name, node in values.items():
            match name:
                case "id":
                    header.id = self._word(node, "id", _ID, "small letters, digits and hyphens")
                case "title":
                    header.title = self._both(node, name)
                case "description":
                    header.description = self._both(node, name)
                case "tags":
                    header.tags = tuple(sorted(self._tags(node)))
                case "parameters":
                    header.parameters = tuple(self._parameters(node))
                case "columns":
                    header.columns = tuple(self._columns(node))
                case "services":
                    header.services = tuple(sorted(self._services(node)))

    def _compose(self, text: str) -> Any:
        """Take the YAML out of the header's lines, on the same lines as in the file."""
        lines = []
        number = 0
        for number, line in enumerate(text.split("\n"), 1):
            if not line.startswith(_MARK):
                break
            content = line.removeprefix(_MARK).rstrip("\r")
            if content.strip() and not content.startswith(" "):
                self.faults.append(Fault(f"a header line has a space behind {_MARK}; add it.", number, 3))
            lines.append(content[1:])
        self.header.lines = len(lines)
        for later, below in enumerate(text.split("\n")[len(lines) :], len(lines) + 1):
            if below.lstrip().startswith(_MARK):
                self.faults.append(
                    Fault(f"a line with {_MARK} stands below the header; move it to the others.", later, 1)
                )
        if not lines:
            self.faults.append(
                Fault(f"there is no header; write its lines ({', '.join(_REQUIRED)}) behind '{_MARK} '.")
            )
            return None
        if self.faults:
            return None
        try:
            root = yaml.compose("\n".join(lines), Loader=yaml.SafeLoader)
        except yaml.reader.ReaderError as error:
            above = "\n".join(lines)[: error.position].count("\n")
            self.faults.append(
                Fault(f"the header has a character that YAML has not: {error.reason}.", above + 1)
            )
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = error.problem or error.context or "it cannot be read"
            place = (mark.line + 1, mark.column + 4) if mark else (1, 1)
            self.faults.append(Fault(f"the header is no YAML: {what}; correct it.", *place))
            return None
        if root is None:
            self.faults.append(Fault(f"the header is empty; write {', '.join(_REQUIRED)}."))
        return root

    def _fault(self, node: Any, message: str) -> None:
        mark = node.start_mark
        self.faults.append(Fault(message, mark.line + 1, mark.column + 4))

    def _mapping(
        self, node: Any, what: str, keys: Sequence[str] | None, required: Sequence[str], path: str
    ) -> dict[str, Any]:
        """Read keys and their values; with ``keys`` None they are names of variables."""
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, f"{what} is a mapping, such as {{{(keys or ('name',))[0]}: …}}; write one.")
            return {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if keys is not None and name not in keys:
                self._fault(key, f"{what} has no key {name}; its keys are {', '.join(keys)}.")
            elif keys is None and not _VARIABLE.fullmatch(name):
                self._fault(key, f"{name} is no name of a variable; write letters, digits and _.")
            elif name in found:
                self._fault(key, f"{what} gives {name} twice; keep one of them.")
            else:
                found[name] = value
                self.header.places[path + name] = (key.start_mark.line + 1, key.start_mark.column + 4)
        missing = [name for name in required if name not in found]
        if missing:
            self._fault(
                node, f"{what} lacks {', '.join(missing)}; add {'it' if len(missing) == 1 else 'them'}."
            )
        return found

    def _text(self, node: Any, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, f"{what} is one text; write it in quotation marks.")
            return ""
        text: str = node.value.strip()
        if not text:
            self._fault(node, f"{what} is empty; write it.")
        return text

    def _word(self, node: Any, what: str, form: re.Pattern[str], described: str) -> str:
        text = self._text(node, what)
        if text and not form.fullmatch(text):
            self._fault(node, f"{what} is {text}; write {described}.")
            return ""
        return text

    def _both(self, node: Any, what: str) -> Text:
        values = self._mapping(node, what, LANGUAGES, LANGUAGES, f"{what}.")
        texts = {name: self._text(value, f"{what}.{name}") for name, value in values.items()}
        return Text(texts.get("en", ""), texts.get("zh", ""))

    def _items(self, node: Any, what: str) -> Iterator[Any]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._fault(node, f"{what} is a list, such as [a, b]; write one.")
            return
        seen = set()
        for item in node.value:
            if isinstance(item, yaml.ScalarNode):
                if item.value in seen:
                    self._fault(item, f"{what} has {item.value} twice; keep one of them.")
                    continue
                seen.add(item.value)
            yield item

    def _tags(self, node: Any) -> Iterator[str]:
        for item in self._items(node, "tags"):
            tag = self._word(item, "a tag", _TAG, "small letters, digits and hyphens")
            if tag:
                yield tag

    def _services(self, node: Any) -> Iterator[str]:
        for item in self._items(node, "services"):
            address = self._word(item, "a service", _ENDPOINT, "the address of an endpoint, https://…")
            if address:
                yield address

    def _columns(self, node: Any) -> Iterator[Column]:
        for name, value in self._mapping(node, "columns", None, (), "columns.").items():
            type_ = self._text(value, f"columns.{name}")
            if type_ in set(ColumnType):
                yield Column(name, ColumnType(type_))
            elif type_:
                self._fault(value, f"the column {name} is {type_}; write one of {', '.join(ColumnType)}.")

    def _parameters(self, node: Any) -> Iterator[Parameter]:
        for name, value in self._mapping(node, "parameters", None, (), "parameters.").items():
            what = f"the parameter {name}"
            keys = self._mapping(value, what, _PARAMETER_KEYS, ("type", "label"), f"parameters.{name}.")
            if "type" not in keys or "label" not in keys:
                continue
            type_ = self._text(keys["type"], f"the type of {name}")
            if type_ not in set(ParameterType):
                self._fault(keys["type"], f"{what} is {type_}; write one of {', '.join(ParameterType)}.")
                continue
            yield self._parameter(name, ParameterType(type_), keys, value)

    def _parameter(self, name: str, type_: ParameterType, keys: dict[str, Any], node: Any) -> Parameter:
        what = f"the parameter {name}"
        if name == _PAGE_LANGUAGE and type_ is not ParameterType.LANGUAGE:
            self._fault(node, f"{name} says in a URL in which language a page is; call {what} otherwise.")
        for key in ("class", "scheme"):
            if key in keys and type_ is not ParameterType.IRI:
                self._fault(keys[key], f"{what} is {type_}, and only an iri has a {key}; leave it out.")
        allowed: tuple[str, ...] = ()
        if "allowed" in keys:
            if type_ is not ParameterType.STRING:
                self._fault(
                    keys["allowed"], f"{what} is {type_}, and only a string has allowed; leave it out."
                )
            allowed = tuple(self._text(item, "a value") for item in self._items(keys["allowed"], "allowed"))
        optional = self._text(keys["optional"], f"optional of {name}") if "optional" in keys else "false"
        if optional not in ("true", "false"):
            self._fault(keys["optional"], f"optional is {optional}; write true or false.")
        elif (optional == "true") == ("default" in keys):
            given = (
                "both a default and optional: true" if optional == "true" else "neither default nor optional"
            )
            self._fault(node, f"{what} has {given}; give it one: a default, or optional: true.")
        if allowed == LANGUAGES:
            type_, allowed = ParameterType.LANGUAGE, ()
        parameter = Parameter(
            name,
            type_,
            self._both(keys["label"], "label"),
            self._iri(keys.get("class"), "class"),
            self._iri(keys.get("scheme"), "scheme"),
            None,
            allowed,
        )
        if "default" not in keys:
            return parameter
        return self._with_default(parameter, keys["default"])

    def _with_default(self, parameter: Parameter, node: Any) -> Parameter:
        values = {name: getattr(parameter, name) for name in parameter.__dataclass_fields__}
        text = self._text(node, f"the default of {parameter.name}")
        # Whether it is a member is known only of a dataset.
        free = Parameter(**{**values, "of_class": None, "scheme": None})
        try:
            return (
                Parameter(**{**values, "default": term_of(free, text, self._prefixes)}) if text else parameter
            )
        except ParameterRefused as error:
            self._fault(node, f"the default is wrong: {error}")
            return parameter

    def _iri(self, node: Any, what: str) -> str | None:
        if node is None:
            return None
        text = self._text(node, what)
        try:
            return self._prefixes.expand(text) if text and "://" not in text else text or None
        except InputError as error:
            self._fault(node, str(error))
            return None
