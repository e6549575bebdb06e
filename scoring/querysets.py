"""Who may see health and measurements: who sees the account, by the policy for health scores."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from accounts.choices import STEERING, RecordKind, Scope, UserRole
from accounts.querysets import DirectoryQuerySet, ScopedQuerySet, reach_of, steers
from scoring.choices import AlertKind, WaitingFor


class WriteKeyQuerySet(models.QuerySet[Any]):
    """Sources of events: managers look after them, administrators make and revoke them."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for administrators and managers, nothing for anybody else."""
        return self if steers(user) else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep everything for administrators, nothing for anybody else."""
        return self if reach_of(user).role == UserRole.ADMINISTRATOR else self.none()


class WaitingKeyQuerySet(models.QuerySet[Any]):
    """Ids nobody knows yet; they belong to no account, so to no team."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for administrators and managers, nothing for anybody else."""
        return self if steers(user) else self.none()

    def asked(self, query: Mapping[str, Any]) -> Self:
        """Keep what the `kind` and the part of an id `q` of an address ask for."""
        rows = self
        if (kind := query.get("kind", "")) in WaitingFor.values:
            rows = rows.filter(kind=kind)
        if text := query.get("q", "").replace("\0", "").strip():
            rows = rows.filter(key__icontains=text)
        return rows


class JudgingQuerySet(DirectoryQuerySet):
    """How customers are judged: every colleague reads it, managers and administrators write it."""

    writers: ClassVar[tuple[UserRole, ...]] = STEERING


class EventNameQuerySet(JudgingQuerySet):
    """What the product calls the things its users do."""

    def asked(self, query: Mapping[str, Any]) -> Self:
        """Keep what the part of a name `q` and `open` (no meaning yet) of an address ask for."""
        rows = self
        if text := query.get("q", "").replace("\0", "").strip():
            rows = rows.filter(name__icontains=text)
        if query.get("open"):
            rows = rows.filter(
                meaning="", is_key_feature=False, counts_users=False, summed_property=""
            )
        return rows


class CustomMetricQuerySet(JudgingQuerySet):
    """Metrics the organisation made."""

    def in_use(self) -> Self:
        """Leave out what was archived."""
        return self.filter(archived_at__isnull=True)


class MetricDefinitionQuerySet(JudgingQuerySet):
    """Metrics of both kinds; a slot whose metric is gone stays, but is none."""

    def of_keys(self, keys: Iterable[str]) -> Self:
        """Keep built-in metrics of these keys and those the organisation made."""
        return self.filter(Q(key__in=list(keys)) | Q(custom__isnull=False))


def may_read_scorecards(user: Any) -> bool:
    """Say whether the user may read scorecards: whoever sees anybody's health may."""
    return reach_of(user).scope(RecordKind.HEALTH) != Scope.NONE


class ScorecardQuerySet(JudgingQuerySet):
    """Scorecards and their versions: read by whoever sees anybody's health."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for who sees health of any account, nothing for anybody else."""
        return self if may_read_scorecards(user) else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep what the user sees for managers and administrators, nothing for anybody else."""
        return self.visible_to(user) if steers(user) else self.none()


class KpiTargetQuerySet(JudgingQuerySet):
    """What is wanted of KPIs: read by whoever reads reports, set by managers and administrators."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for who reads any contract, nothing for anybody else."""
        return self if may_read_reports(user) else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep what the user sees for managers and administrators, nothing for anybody else."""
        return self.visible_to(user) if steers(user) else self.none()


class HealthQuerySet(ScopedQuerySet):
    """Rows about the health of one account."""

    account_path = "account"
    record_kind = RecordKind.HEALTH

    def may_be_seen(self, user: Any, account: Any) -> bool:
        """Say whether the user may see the health of an account, even before there is any."""
        return reach_of(user).covers(account, self.record_kind)


class MeasurementQuerySet(ScopedQuerySet):
    """Numbers other systems say about an account; who sees its health sees what it is made of."""

    record_kind = RecordKind.HEALTH

    def standing(self) -> Self:
        """Leave out what was corrected or retracted."""
        return self.filter(retracted_at__isnull=True)


class OverrideQuerySet(HealthQuerySet):
    """People's corrections of scores; one that was replaced or ended is retracted."""

    def standing(self, at: dt.datetime) -> Self:
        """Keep those that act now."""
        return self.filter(starts_at__lte=at, expires_at__gt=at, retracted_at__isnull=True)

    def over(self, at: dt.datetime) -> Self:
        """Keep those whose time is up or that were ended."""
        return self.filter(Q(expires_at__lte=at) | Q(retracted_at__lte=at))

    def to_review(self, user: Any, at: dt.datetime) -> Self:
        """Keep the user's own that ran out, replaced since or not, and that nobody has judged."""
        mine = self.filter(author=user.pk, reviewed_at__isnull=True, expires_at__lte=at)
        return mine.filter(Q(retracted_at__isnull=True) | Q(retracted_at__gte=F("expires_at")))


class AlertQuerySet(HealthQuerySet):
    """Conditions of accounts, open and closed; that nobody talked is for readers of talks."""

    def visible_to(self, user: Any) -> Self:
        """Leave out silence in talks where the user sees no talks."""
        rows = super().visible_to(user)
        if reach_of(user).covers_wherever(RecordKind.TOUCHPOINT):
            return rows
        talks = rows._within(user, write=False, kind=RecordKind.TOUCHPOINT)
        return rows.filter(~Q(kind=AlertKind.TALK_SILENCE) | Q(pk__in=talks.values("pk")))

    def standing(self) -> Self:
        """Keep those whose condition holds, also those marked false."""
        return self.filter(closed_at__isnull=True)

    def open(self, at: dt.datetime) -> Self:
        """Keep those somebody should look at: standing, not marked false, not put off."""
        awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=at)
        return self.standing().filter(awake, false_at__isnull=True)


class ValidationQuerySet(models.QuerySet[Any]):
    """Reports about scorecards: figures of the whole book, for everybody who sees health."""

    def visible_to(self, user: Any) -> Self:
        """Keep all for who sees health of any account, nothing for anybody else."""
        return self if reach_of(user).scope(RecordKind.HEALTH) != Scope.NONE else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep all for who may ask for one, and stop it."""
        return self if steers(user) else self.none()


def may_read_reports(user: Any) -> bool:
    """Say whether the user sees what contracts of the whole organisation come to."""
    return reach_of(user).is_inside(RecordKind.CONTRACT)
