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


def may_see_surveys(user: Any) -> bool:
    """Tell whether a user reads surveys in any account."""
    return reach_of(user).scope(RecordKind.SURVEY) != Scope.NONE


def may_see_figures(user: Any) -> bool:
    """Tell whether a user reads what the answers of all accounts come to."""
    return reach_of(user).is_inside(RecordKind.SURVEY)


def may_change_surveys(user: Any) -> bool:
    """Tell whether a user may make surveys and invite people in any account."""
    may_write = reach_of(user).scope(RecordKind.SURVEY, write=True) != Scope.NONE
    return may_see_surveys(user) and may_write


class SurveyQuerySet(models.QuerySet[Any]):
    """Surveys and waves: the questions, not the answers."""

    def visible_to(self, user: Any) -> Self:
        """Keep all for whoever may read surveys in any account, nothing for others."""
        return self.all() if may_see_surveys(user) else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep all for whoever may read and change surveys."""
        return self.all() if may_change_surveys(user) else self.none()


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
