"""What the checks find: one form for syntax, style, shapes, queries and the reasoner."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

__all__ = ["Finding", "Severity", "has_errors", "in_order"]


class Severity(StrEnum):
    """Tell what a finding does to a build."""

    ERROR = "error"
    WARNING = "warning"


@total_ordering
@dataclass(frozen=True)
class Finding:
    """Say what is wrong with the curated files, where, and what to do.

    :param severity: an error stops the build, a warning does not.
    :param rule: short name of the rule, such as ``syntax`` or ``claim-has-passage``.
    :param message: one English sentence: what is wrong and what to do.
    :param message_zh: the same in Chinese, where the rule has it.
    :param file: the file relative to the project's root, with forward slashes.
    :param line: the line, counted from 1.
    :param column: the column, counted from 1.
    :param subject: IRI of the claim or resource that the finding is about.
    """

    severity: Severity
    rule: str
    message: str
    message_zh: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    subject: str | None = None

    def sort_key(self) -> tuple[str, int, int, str, str, str, str]:
        """Give the key that findings are sorted by: file, line, column, then the rest.

        :returns: the key; what has no file comes first.
        """
        return (
            self.file or "",
            self.line or 0,
            self.column or 0,
            self.severity,
            self.rule,
            self.subject or "",
            self.message,
        )

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Finding):
            return NotImplemented
        return self.sort_key() < other.sort_key()

    def text(self, language: str = "en") -> str:
        """Write the finding on one line, as compilers do.

        :param language: ``zh`` for the Chinese message, where there is one.
        :returns: ``file:line:column: severity [rule] message (IRI)`` without the parts that are not known.
        """
        message = self.message_zh if language == "zh" and self.message_zh else self.message
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        line = f"{where}: " if where else ""
        line += f"{self.severity} [{self.rule}] {' '.join(message.split())}"
        if self.subject is not None and self.subject not in message:
            line += f" ({self.subject})"
        return line

    def __str__(self) -> str:
        return self.text()

    def as_json(self) -> dict[str, str | int]:
        """Give the finding for a program.

        :returns: an object with the fields that are known, ready for ``json.dumps``.
        """
        fields: dict[str, str | int | None] = {
            "severity": str(self.severity),
            "rule": self.rule,
            "message": self.message,
            "message_zh": self.message_zh,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "subject": self.subject,
        }
        return {name: value for name, value in fields.items() if value is not None}


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by place and leave out repetitions.

    :param findings: findings of any number of checks.
    :returns: each of them once, by file, line and column.
    """
    return sorted(set(findings))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether findings stop a build.

    :param findings: the findings.
    :returns: whether one of them is an error.
    """
    return any(finding.severity is Severity.ERROR for finding in findings)
