"""Corrections that leave what was known: the row keeps its id and takes the new values.

Beside it stays a retracted copy of how it was, with the facts that hang on it, so that a past day
can be computed again. Tickets, invoices and milestones are kept this way; talks, whose people are
no facts, do the same in their own module.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from accounts.models import User
from accounts.services.accounts import hold_account, lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import refusing
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import Problem

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Kept:
    """A kind of row that is corrected and taken back, never lost.

    :param reason: why its account is computed again.
    :param refusal: what a change of a retracted row is answered with.
    :param weighty: columns health is computed from; the rest is words.
    :param conflicts: constraints a row may meet, and what they mean.
    :param parts: the name of the facts that belong to a row, empty for none.
    """

    reason: str
    refusal: type[Problem]
    weighty: Set[str]
    conflicts: Mapping[str, type[Problem]]
    parts: str = ""

    def lock(self, row: Row) -> Row:
        """Return the stored row, held with its account until the transaction ends.

        :raises Problem: the kind's refusal, when the row was taken back.
        """
        locked: Any = _locked(row)
        if locked.retracted_at is not None:
            raise self.refusal
        return locked  # type: ignore[no-any-return]

    @contextmanager
    def correcting(self, row: Row, *, at: dt.datetime, by: User | None) -> Iterator[Row]:
        """Yield the stored row to be changed, and write it; what was known of it stays known.

        :raises Problem: the kind's refusal, when the row was taken back.
        """
        with written_by(by), refusing(self.conflicts):
            locked: Any = self.lock(row)
            before = {name: getattr(locked, name) for name in self.weighty}
            yield locked
            if any(getattr(locked, name) != value for name, value in before.items()):
                self.keep_as_known(locked, at=at)
                locked.recorded_at = at
            locked.updated_at = at
            locked.save()
            mark_accounts_dirty(account_ids=[locked.account_id], reason=self.reason, at=at)

    def keep_as_known(self, row: models.Model, *, at: dt.datetime) -> None:
        """Leave a retracted copy of the stored row with all its parts."""
        kept: Any = type(row)._default_manager.get(pk=row.pk)
        facts = list(getattr(kept, self.parts).order_by("pk")) if self.parts else []
        kept.pk, kept.retracted_at = None, at
        kept._state.adding = True
        kept.save()
        if not facts:
            return
        owner = kept._meta.get_field(self.parts).field.name
        for fact in facts:
            fact.pk = None
            setattr(fact, owner, kept)
        type(facts[0])._default_manager.bulk_create(facts)

    def retract(self, row: Row, *, at: dt.datetime, by: User | None) -> Row:
        """Take a row back; earlier days can still be computed with it. Twice is once."""
        with written_by(by):
            locked: Any = _locked(row)
            if locked.retracted_at is None:
                locked.retracted_at = locked.updated_at = at
                locked.save(update_fields=["retracted_at", "updated_at"])
                mark_accounts_dirty(account_ids=[locked.account_id], reason=self.reason, at=at)
        return locked  # type: ignore[no-any-return]

    def restore(self, row: Row, *, at: dt.datetime, by: User | None) -> Row:
        """Undo that a row was taken back: it is known again from now on. Twice is once.

        :raises AccountArchived: for a row of an account that is archived.
        :raises Problem: the kind's refusal, for a copy of what was known.
        """
        with written_by(by), refusing(self.conflicts):
            locked: Any = _locked(row)
            if locked.retracted_at is not None:
                lock_account(locked.account)
                if is_copy(locked):
                    raise self.refusal
                self.keep_as_known(locked, at=locked.retracted_at)
                locked.retracted_at, locked.recorded_at, locked.updated_at = None, at, at
                locked.save(update_fields=["retracted_at", "recorded_at", "updated_at"])
                mark_accounts_dirty(account_ids=[locked.account_id], reason=self.reason, at=at)
        return locked  # type: ignore[no-any-return]


def is_copy(row: Any) -> bool:
    """Say whether a row only tells what was known: it was made retracted, nobody took it back."""
    made: Any = row.pgh_event_model.objects.filter(pgh_obj_id=row.pk, pgh_label="insert")
    return bool(made.filter(retracted_at__isnull=False).exists())


def _locked(row: Row) -> Row:
    """Hold the account first, so that a merge sees the row before or after the change."""
    owned: Any = row
    hold_account(owned.account_id)
    rows = type(row)._default_manager.select_for_update(no_key=True)
    return rows.get(pk=row.pk)
