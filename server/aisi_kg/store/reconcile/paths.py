"""Read properties, and what is reached over several of them.

A property is named by its IRI as a CURIE. What stands at another thing is reached over a path, written as
SPARQL writes it: ``^aisi:establishes/aisi:date`` is the date of the event that establishes an entity.
"""

from dataclasses import dataclass

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import Prefixes

__all__ = ["LONGEST", "Path", "Step", "read_path"]

#: So many steps has the longest path.
LONGEST = 4


@dataclass(frozen=True)
class Step:
    """Hold one property of a path.

    :param iri: the property.
    :param is_inverse: whether it is followed from object to subject.
    """

    iri: str
    is_inverse: bool = False

    def pattern(self, subject: str, object_: str) -> str:
        """Write it as a triple pattern.

        :param subject: where it starts, as SPARQL writes it.
        :param object_: where it leads to.
        :returns: the pattern.
        """
        ends = (object_, subject) if self.is_inverse else (subject, object_)
        return f"{ends[0]} <{self.iri}> {ends[1]} ."


@dataclass(frozen=True)
class Path:
    """Hold a property or a path of several.

    :param id: how it is written.
    :param steps: its properties in order.
    """

    id: str
    steps: tuple[Step, ...]

    def patterns(self, subject: str, object_: str, between: str = "node") -> list[str]:
        """Write it as triple patterns, one for each step.

        :param subject: where it starts, as SPARQL writes it.
        :param object_: where it leads to.
        :param between: what the variables between the two are called; a number follows.
        :returns: the patterns.
        """
        nodes = [subject, *(f"?{between}{number}" for number in range(1, len(self.steps))), object_]
        return [step.pattern(*nodes[place : place + 2]) for place, step in enumerate(self.steps)]


def read_path(text: str, prefixes: Prefixes) -> Path:
    """Read a property or a path.

    :param text: CURIEs or IRIs in angle brackets, with ``/`` between them, ``^`` before what is followed
        backwards.
    :param prefixes: the prefixes of the dataset.
    :returns: the path; its IRIs are not known to be properties.
    :raises InputError: if it is none, or too long.
    """
    steps: list[Step] = []
    rest = text.strip()
    while rest or not steps:
        is_inverse = rest.startswith("^")
        rest = rest.removeprefix("^")
        if rest.startswith("<"):
            iri, _, rest = rest[1:].partition(">")
        else:
            name, slash, rest = rest.partition("/")
            iri = prefixes.expand(name[:200])
            rest = slash + rest
        if not iri or any(char in '<>"{}|^`\\' or char <= " " for char in iri):
            raise InputError("This is no property; write it as aisi:hasParentAgency or <IRI>.")
        steps.append(Step(iri, is_inverse))
        if rest and (not rest.startswith("/") or rest == "/"):
            raise InputError("Between two properties of a path stands a slash, and none at its end.")
        rest = rest.removeprefix("/")
        if len(steps) > LONGEST:
            raise InputError(f"A path has no more than {LONGEST} properties.")
    return Path(text, tuple(steps))
