"""Errors that a person can act on; everything else crashes with its traceback in the run's log."""

from __future__ import annotations


class UserError(Exception):
    """Something the person can mend: one sentence, where it is, and what to do next.

    The command line prints it without a traceback and exits with code 2.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message
