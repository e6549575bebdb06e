"""Errors a person can understand: services raise them, the edges turn them into answers.

A named exception beside the service that raises it derives from `Problem` and says what went
wrong. `config.lib.problem_details` makes RFC 9457 JSON of it, `config.lib.problem_pages` a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class FieldError:
    """One fault of the input: a JSON pointer to the field (`/domains/0`) and what is wrong.

    The pointer `""` means the input as a whole; a query parameter counts as a field.
    """

    pointer: str
    detail: Text


class Problem(Exception):
    """Something was asked for that can't be done; the subclass says what, the detail why."""

    status: int = 400
    code: str = "invalid"
    title: Text = _("The request is not valid.")

    def __init__(self, detail: Text = "", *, errors: Sequence[FieldError] = ()) -> None:
        self.detail = detail
        self.errors = tuple(errors)
        super().__init__(detail)

    def __str__(self) -> str:
        return str(self.detail or self.title)


class Conflict(Problem):
    """The request is fine, the present state of the record does not allow it."""

    status = 409
    code = "conflict"
    title = _("The present state does not allow this.")


class PreconditionFailed(Problem):
    """The caller worked on an older version of the record than the one stored."""

    status = 412
    code = "precondition_failed"
    title = _("The record was changed in the meantime.")


class TooLarge(Problem):
    """The body is longer than this installation reads in one request."""

    status = 413
    code = "too_large"
    title = _("The body of the request is too large.")
