"""The one place where what goes wrong becomes a sentence."""

import errno
from collections.abc import Callable

import pytest

from aisi_kg.cli import check, main
from aisi_kg.errors import DatasetError

Raise = Callable[[BaseException], None]


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> Raise:
    """Give a function that has the command ``check`` raise something."""

    def arrange(error: BaseException) -> None:
        def fail(_arguments: object) -> int:
            raise error

        monkeypatch.setattr(check, "run", fail)

    return arrange


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (DatasetError("There is none."), 1, "There is none."),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (
            OSError(errno.ENOSPC, "No space left on device", "x.ttl"),
            1,
            "x.ttl: No space left on device; make room",
        ),
        (OSError(errno.EACCES, "Permission denied", "x.ttl"), 1, "x.ttl: Permission denied; ask for access"),
        (OSError(errno.EIO, "Input/output error"), 1, "Input/output error."),
        (OSError("odd"), 1, "odd."),
        (MemoryError(), 1, "There is not enough memory"),
        (KeyError("x"), 70, "fault of the program (KeyError: 'x'); please report it"),
    ],
)
def test_each_error_becomes_a_sentence(
    raising: Raise, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, sentence: str
) -> None:
    raising(error)
    assert main(["check"]) == status
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("aisi-kg: ")
    assert sentence in shown.err
    assert shown.err.count("\n") == 1


def test_a_fault_of_the_program_is_shown_to_who_asks(raising: Raise, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(KeyError("x"))
    monkeypatch.setenv("AISI_KG_DEBUG", "1")
    with pytest.raises(KeyError):
        main(["check"])
