"""The errors a user can meet.

Every one is an :class:`AisiKgError`. Its text is one sentence for a person: what went wrong, where, and what
to do about it. The command line prints that sentence and ends with ``exit_status``; the web layer answers
with it. Anything else that is raised is a fault of the program and keeps its traceback.

::

    AisiKgError
    ├── InputError            a curated file, an argument or an environment variable is wrong
    │   ├── ParameterRefused  a stored query has no such parameter, or it cannot have that value
    │   ├── RdfSyntaxError    a text is not the RDF it claims to be (line, column)
    │   └── UnknownResource   a name stands for nothing in the dataset
    ├── DatasetError          a built dataset is missing, damaged or cannot be written
    ├── QueryRejected         a query is not SPARQL or asks for what is not offered (line, column)
    │   ├── ServiceRefused    it would call another endpoint
    │   └── UpdateRefused     it would change data
    ├── QueryEnded            a query was ended at a limit before its answer was complete (code)
    ├── FormatRefused         an answer cannot be written in the format asked for
    ├── ReasonerFailed        the reasoner came to no result
    ├── RemoteFailed          another server is out of reach, or what it answers cannot be used
    └── ReportMismatch        a file is not the report that the claims were read from
"""

__all__ = [
    "AisiKgError",
    "DatasetError",
    "FormatRefused",
    "InputError",
    "ParameterRefused",
    "QueryEnded",
    "QueryRejected",
    "RdfSyntaxError",
    "ReasonerFailed",
    "RemoteFailed",
    "ReportMismatch",
    "ServiceRefused",
    "UnknownResource",
    "UpdateRefused",
]


class AisiKgError(Exception):
    """Say in one sentence what went wrong, where, and what to do."""

    #: What the command line ends with when it meets this error.
    exit_status: int = 1


class InputError(AisiKgError):
    """Report a curated file, an argument or an environment variable that cannot be used."""


class ParameterRefused(InputError):
    """Report a parameter that a stored query has not, or a value that it cannot have.

    :param parameter: the name that was given.
    :param message: the sentence for the user.
    :param allowed: what could have been given in its place, where that can be listed.
    """

    def __init__(self, parameter: str, message: str, allowed: tuple[str, ...] = ()) -> None:
        self.parameter = parameter
        self.allowed = allowed
        super().__init__(message)


class RdfSyntaxError(InputError):
    """Report a text that is not the RDF it claims to be.

    :param detail: what is wrong, without the position.
    :param line: line of the fault, counted from 1.
    :param column: column of the fault, counted from 1.
    :param file: the file, where the text came from one.
    """

    def __init__(self, detail: str, line: int, column: int, file: str | None = None) -> None:
        self.detail = detail
        self.line = line
        self.column = column
        self.file = file
        where = f"{file}:{line}:{column}" if file else f"line {line}, column {column}"
        super().__init__(f"{where}: {detail}")

    def in_file(self, file: str) -> "RdfSyntaxError":
        """Name the file that the faulty text came from.

        :param file: the file as the user knows it.
        :returns: the same error with the file in its message.
        """
        return type(self)(self.detail, self.line, self.column, file)


class UnknownResource(InputError):
    """Report a name that the dataset says nothing about."""


class DatasetError(AisiKgError):
    """Report a built dataset that is missing, damaged or cannot be written."""


class QueryRejected(AisiKgError):
    """Report a query that is not SPARQL or asks for what is not offered.

    :param message: the sentence for the user.
    :param line: line of the fault in the query, counted from 1, where it is known.
    :param column: column of the fault in the query, counted from 1, where it is known.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class ServiceRefused(QueryRejected):
    """Report a query that would call another endpoint."""


class UpdateRefused(QueryRejected):
    """Report an update: it would change data that is read-only."""


class QueryEnded(AisiKgError):
    """Report a query that was ended at a limit, before or while its answer was sent.

    :param code: a short name of the limit that programs can rely on.
    :param message: the sentence for the user.
    :param retry_after_s: seconds after which the same query may be answered; None where waiting is no help.
    """

    def __init__(self, code: str, message: str, retry_after_s: int | None = None) -> None:
        self.code = code
        self.retry_after_s = retry_after_s
        super().__init__(message)


class FormatRefused(AisiKgError):
    """Report an answer that cannot be written in the format asked for.

    :param detail: why, without what to do.
    :param offered: media types of the formats that it can be written in.
    """

    def __init__(self, detail: str, offered: tuple[str, ...]) -> None:
        self.detail = detail
        self.offered = offered
        super().__init__(f"{detail}; ask for {', '.join(offered)}.")


class ReasonerFailed(AisiKgError):
    """Report that the reasoner came to no result, which is not the same as finding a contradiction."""


class RemoteFailed(AisiKgError):
    """Report another server that is out of reach, or that gives what cannot be used."""

    # As sysexits.h has it: a service is unavailable. A script can tell it from what was found to be wrong.
    exit_status = 69


class ReportMismatch(AisiKgError):
    """Report a file that is not the report that the claims were read from."""
