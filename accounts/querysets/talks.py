"""Talks, what was promised in them, and who was named."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.choices import RecordKind, Scope, Visibility
from accounts.querysets.reach import ScopedQuerySet, reach_of


class TouchpointQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TOUCHPOINT

    def visible_to(self, user: Any) -> Self:
        """Keep what the user may see: notes for the team stay in it, drafts with their author."""
        reach, rows = reach_of(user), super().visible_to(user)
        shown = Q(is_draft=False)
        if reach.shared or reach.scope(RecordKind.TOUCHPOINT) == Scope.ALL:
            inner = reach.inner_team(self.account_path)
            shown &= Q(visibility=Visibility.ACCOUNT) | inner
        return rows.filter(Q(created_by=user.pk) | shown)

    def with_readable_body(self, user: Any) -> Self:
        """Annotate `is_body_readable`: the policy may open touchpoints wider than their text."""
        reach = reach_of(user)
        rules = {
            Scope.ALL: Q(pk__isnull=False),
            Scope.OWN_TEAM: reach.own_team(self.account_path),
            Scope.NONE: Q(pk__isnull=True),
        }
        rule = rules[Scope(reach.scope(RecordKind.TOUCHPOINT_BODY))] | Q(created_by=user.pk)
        return self.annotate(is_body_readable=models.ExpressionWrapper(rule, models.BooleanField()))

    def standing(self) -> Self:
        """Leave out drafts and what was retracted."""
        return self.filter(retracted_at__isnull=True, is_draft=False)

    def two_way(self) -> Self:
        """Keep talks in both directions; internal notes and one-way mails never count."""
        return self.standing().filter(direction="two_way")


class TodoQuerySet(ScopedQuerySet):
    """What was promised in talks; seen by who sees the talk and may read its text."""

    account_path = "touchpoint__account"
    record_kind = RecordKind.TOUCHPOINT

    def visible_to(self, user: Any) -> Self:
        """Keep to-dos of talks the user sees, and whatever they are to do themselves."""
        reach = reach_of(user)
        talks = self.model._meta.get_field("touchpoint").related_model._default_manager
        seen = talks.visible_to(user).with_readable_body(user).filter(is_body_readable=True)
        mine = Q(user=user.pk, touchpoint__is_draft=False) if reach.role else Q(pk__isnull=True)
        return self.filter(Q(touchpoint__in=seen.values("pk")) | mine)

    def standing(self) -> Self:
        """Leave out those of drafts and of talks that were taken back."""
        return self.filter(touchpoint__retracted_at__isnull=True, touchpoint__is_draft=False)

    def open(self) -> Self:
        """Keep what is still to be done."""
        return self.standing().filter(done_on__isnull=True)


class MentionQuerySet(ScopedQuerySet):
    """Who is named in talks; each sees their own, of talks whose text they may read."""

    account_path = "touchpoint__account"
    record_kind = RecordKind.TOUCHPOINT

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own mentions in talks they see and may read."""
        talks = self.model._meta.get_field("touchpoint").related_model._default_manager
        seen = talks.visible_to(user).standing().with_readable_body(user)
        readable = seen.filter(is_body_readable=True).order_by()
        return self.filter(user=user.pk, touchpoint__in=readable.values("pk"))

    def unseen(self) -> Self:
        """Keep what the person has not seen yet."""
        return self.filter(seen_at__isnull=True)
