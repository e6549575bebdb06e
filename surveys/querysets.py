"""Filters of surveys, waves, invitations and identified answers, and who may see them.

Surveys and waves hold no customer data: whoever may see any answer may see them. Invitations and
answers belong to an account and follow its scope.
"""

import datetime as dt
from typing import Any, Self

from django.db import models

from accounts.choices import RecordKind, Scope
from accounts.querysets import ScopedQuerySet, reach_of
from surveys.choices import LinkScope, WaveState


class SurveyQuerySet(models.QuerySet[Any]):
    """Surveys and waves: the questions, not the answers."""

    def visible_to(self, user: Any) -> Self:
        """Keep all for whoever may read surveys in any account, nothing for others."""
        may_read = reach_of(user).scope(RecordKind.SURVEY) != Scope.NONE
        return self.all() if may_read else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep all for whoever may read and change surveys."""
        may_write = reach_of(user).scope(RecordKind.SURVEY, write=True) != Scope.NONE
        return self.visible_to(user) if may_write else self.none()


class WaveQuerySet(SurveyQuerySet):
    def open_at(self, at: dt.datetime) -> Self:
        """Keep waves that take answers at this instant."""
        return self.filter(state=WaveState.OPEN, closes_at__gt=at)

    def overdue(self, at: dt.datetime) -> Self:
        """Keep open waves whose time is over."""
        return self.filter(state=WaveState.OPEN, closes_at__lte=at)


class InvitationQuerySet(ScopedQuerySet):
    record_kind = RecordKind.SURVEY


class InvitationTokenQuerySet(models.QuerySet[Any]):
    def answerable(self, digest: bytes, at: dt.datetime) -> Self:
        """Find a link that may be answered; unknown, used and expired alike find nothing."""
        return self.filter(
            digest=digest,
            scope=LinkScope.ANSWER,
            expires_at__gt=at,
            invitation__answered=False,
            invitation__wave__state=WaveState.OPEN,
            invitation__wave__closes_at__gt=at,
        )

    def unsubscribing(self, digest: bytes) -> Self:
        """Find a link that ends our mails to a person; it stays good after the survey."""
        return self.filter(digest=digest, scope=LinkScope.UNSUBSCRIBE)


class ResponseQuerySet(ScopedQuerySet):
    """Identified answers, never hidden ones: those will live in tables of their own."""

    record_kind = RecordKind.SURVEY

    def standing(self) -> Self:
        """Leave out what was retracted."""
        return self.filter(retracted_at__isnull=True)

    def known_at(self, k: dt.datetime) -> Self:
        """Keep what was known at instant `k`."""
        retracted = models.Q(retracted_at__isnull=True) | models.Q(retracted_at__gt=k)
        return self.filter(retracted, recorded_at__lte=k)

    def answered_within(self, days: int, *, at: dt.datetime) -> Self:
        """Keep answers given in the `days` days before `at`."""
        return self.filter(answered_at__gt=at - dt.timedelta(days=days), answered_at__lte=at)
