"""Our own house: the organisation, people and teams, settings, what people keep."""

import datetime as dt
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.choices import (
    Sharing,
    UserRole,
)
from accounts.querysets.reach import reach_of
from config.lib.once import once
from config.lib.recorded import RecordedQuerySet


class OrganisationQuerySet(models.QuerySet[Any]):
    def place(self) -> tuple[str, str]:
        """Return where the organisation is, its time zone and country, in one query a request."""
        read = self.values_list("time_zone", "country").first
        return once("organisation.place", read) or (settings.TIME_ZONE, "JP")

    def zone(self) -> ZoneInfo:
        """Return the time zone whose days count."""
        return ZoneInfo(self.place()[0])

    def day_of(self, at: dt.datetime) -> dt.date:
        """Return the day it is at an instant where the organisation is."""
        return at.astimezone(self.zone()).date()

    def take_turn(self) -> None:
        """Let one change of what the organisation agrees on follow the other, by its row's lock."""
        self.select_for_update(no_key=True).first()


class DirectoryQuerySet(models.QuerySet[Any]):
    """Our own people and teams: every colleague sees them, administrators change them."""

    writers: ClassVar[tuple[UserRole, ...]] = (UserRole.ADMINISTRATOR,)

    def visible_to(self, user: Any) -> Self:
        """Keep everything for who may sign in, nothing for anybody else."""
        return self if reach_of(user).role else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep everything for who may write it, nothing for anybody else."""
        return self if reach_of(user).role in self.writers else self.none()


class TokenQuerySet(models.QuerySet[Any]):
    """Keys to the API concern who works with them."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own."""
        return self.filter(user=user.pk) if reach_of(user).role else self.none()


class ExpectationQuerySet(DirectoryQuerySet, RecordedQuerySet):  # type: ignore[override]
    """What is asked of touch models: settings with two times."""


class SharedQuerySet(models.QuerySet[Any]):
    """What people keep for themselves, and show a team or everybody if they want."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own, what is for all, and what is for a team of theirs."""
        reach = reach_of(user)
        if not reach.role:
            return self.none()
        team = Q(sharing=Sharing.TEAM, team__in=sorted(reach.teams))
        return self.filter(Q(owner=user.pk) | Q(sharing=Sharing.ALL) | team)

    def editable_by(self, user: Any) -> Self:
        """Keep the user's own; administrators change what is shared, too."""
        if reach_of(user).role == UserRole.ADMINISTRATOR:
            return self.filter(Q(owner=user.pk) | ~Q(sharing=Sharing.PRIVATE))
        return self.visible_to(user).filter(owner=user.pk)
