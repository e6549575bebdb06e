"""Talks, what was promised in them, and who was named."""

from typing import Any, Self

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Concat

from accounts.choices import RecordKind, Scope, Side, Visibility
from accounts.domain.names import fold_for_search
from accounts.querysets.reach import ScopedQuerySet, account_called, holding, reach_of
from config.lib.folding import Folded

#: What, beside its words, makes two to-dos of ours in one talk the same promise.
_PROMISE = ("user", "due_on", "done_on")


class _Same(models.Func):
    """Two values are equal, also where neither is known."""

    template = "(%(expressions)s)"
    arg_joiner = " IS NOT DISTINCT FROM "
    output_field = models.BooleanField()


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

    def search(self, text: str, *, user: Any) -> Self:
        """Keep talks in which every word occurs, whatever width, case or kana.

        It may stand in the subject, in purpose and decisions where the reader may read them, or in
        the name of the account or of an attendee they see. Each part is found by its own index
        within what the reader sees: an OR over several tables could use none.
        """
        rows = self
        for word in fold_for_search(text).split():
            said, *others = self._parts_holding(word, user)
            rows = rows.filter(pk__in=said.union(*others))
        return rows

    def _parts_holding(self, word: str, user: Any) -> list[QuerySet[Any, dict[str, Any]]]:
        seen = self.model._default_manager.visible_to(user).order_by()
        contacts, users = (
            self.model._meta.get_field(name).related_model._default_manager
            for name in ("contacts", "users")
        )
        people = contacts.visible_to(user).filter(holding("search_text", word))
        names = ("family_name", "given_name", "family_name_latin", "given_name_latin")
        spaced = [part for name in names for part in (name, models.Value(" "))]
        full_name = Concat(*spaced, output_field=models.TextField())
        colleagues = users.annotate(folded=Folded(full_name)).filter(folded__contains=word)
        called = account_called(word, user=user, kind=RecordKind.TOUCHPOINT, lookup="holds")
        return [
            seen._saying(word, user).values("pk"),
            seen.filter(called).values("pk"),
            seen.filter(contacts__in=people.order_by().values("pk")).values("pk"),
            seen.filter(users__in=colleagues.order_by().values("pk")).values("pk"),
        ]

    def _saying(self, word: str, user: Any) -> Self:
        """Keep talks whose texts hold a word; where only the subject is readable, it must be it."""
        rows, reach = self.filter(holding("search_text", word)), reach_of(user)
        if reach.scope(RecordKind.TOUCHPOINT_BODY) in {
            Scope.ALL,
            reach.scope(RecordKind.TOUCHPOINT),
        }:
            return rows
        rows = rows.with_readable_body(user).annotate(folded=Folded("subject"))
        return rows.filter(Q(is_body_readable=True) | Q(folded__contains=word))

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

    def like(self, todo: Any) -> Self:
        """Keep a to-do and its copies: what we promised several accounts in one talk is one."""
        group = todo.touchpoint.group
        if group is None or todo.side != Side.OURS:
            return self.filter(pk=todo.pk)
        same = {name: getattr(todo, name) for name in ("side", "text", "user_id", "due_on")}
        return self.standing().filter(touchpoint__group=group, **same)

    def once_a_talk(self, user: Any) -> Self:
        """Show the copies of one promise once: the first that the user sees."""
        earlier = self.model._default_manager.visible_to(user).standing()
        same = [_Same(models.F(name), models.OuterRef(name)) for name in _PROMISE]
        copies = earlier.filter(
            *same,
            touchpoint__group=models.OuterRef("touchpoint__group"),
            side=Side.OURS,
            text=models.OuterRef("text"),
            pk__lt=models.OuterRef("pk"),
        )
        is_copy = Q(side=Side.OURS, touchpoint__group__isnull=False) & Q(models.Exists(copies))
        return self.exclude(is_copy)


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
