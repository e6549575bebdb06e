"""Talks, what was promised in them, and who was named."""

from typing import Any, Self

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Concat

from accounts.choices import RecordKind, Scope, Side, Visibility
from accounts.domain.names import fold_for_search
from accounts.querysets.reach import ScopedQuerySet, account_called, holding, reach_of
from config.lib.folding import Folded

#: More talks than this with one word are walked from the newest instead of gathered.
MANY = 5_000
#: What, beside its words, makes two to-dos of ours in one talk the same promise.
_PROMISE = ("user", "due_on", "done_on")


class _Same(models.Func):
    """Two values are equal, also where neither is known."""

    template = "(%(expressions)s)"
    arg_joiner = " IS NOT DISTINCT FROM "
    output_field = models.BooleanField()


class TouchpointQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TOUCHPOINT
    #: Whether rows are found soonest by walking the list in its order; see `KeysetPaginator`.
    is_walked = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.is_walked = self.is_walked
        return clone

    def visible_to(self, user: Any) -> Self:
        """Keep what the user may see: notes for the team stay in it, drafts with their author."""
        return self.filter(_seen_talk(user))

    def reached_singly(self, user: Any, *, write: bool = False) -> Q:
        """Return the same rule for a question asked of few rows, or that of `editable_by`."""
        return super().reached_singly(user, write=write) & _seen_talk(user, joins=True)

    def with_readable_body(self, user: Any) -> Self:
        """Annotate `is_body_readable`: the policy may open touchpoints wider than their text."""
        rule = _readable_text(user)
        return self.annotate(is_body_readable=models.ExpressionWrapper(rule, models.BooleanField()))

    def readable_to(self, user: Any) -> Self:
        """Keep what the user sees and may read the text of."""
        return self.filter(readable_talk(user))

    def standing(self) -> Self:
        """Leave out drafts and what was retracted."""
        return self.filter(retracted_at__isnull=True, is_draft=False)

    def search(self, text: str, *, user: Any) -> Self:
        """Keep talks in which every word occurs, whatever width, case or kana.

        It may stand in the subject, in purpose and decisions where the reader may read them, or in
        the name of the account or of an attendee they see. Each part is found by its own index
        within what the reader sees: an OR over several tables could use none.
        """
        rows, words = self, fold_for_search(text).split()
        common = self._said_everywhere(words, user)
        for word in words:
            said, *others = self._parts_holding(word, user)
            if word in common:
                found = others[0].union(*others[1:])
                rows = rows.filter(holding("search_text", word) | Q(pk__in=found))
            else:
                rows = rows.filter(pk__in=said.union(*others))
        rows.is_walked = bool(words) and common == set(words)
        return rows

    def _said_everywhere(self, words: list[str], user: Any) -> set[str]:
        """Return the words so many talks hold that walking the newest finds a page sooner.

        Asked for who reads every talk; what others see is little enough to be gathered.
        """
        if not words or not reach_of(user).reads_every_talk:
            return set()
        texts = self.model._default_manager.order_by()
        first, *others = [
            texts.filter(holding("search_text", word)).values(place=models.Value(place))[
                MANY : MANY + 1
            ]
            for place, word in enumerate(words)
        ]
        return {words[row["place"]] for row in first.union(*others, all=True)}

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
        rows = self.filter(holding("search_text", word))
        if reach_of(user).reads_all_it_sees:
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
        """Keep to-dos of talks the user sees, and whatever they are to do themselves.

        Each part is found by its own index: an OR over two tables could use none.
        """
        of_talks = readable_talk(user, "touchpoint__")
        return self._any_of(user, of_talks, Q(user=user.pk, touchpoint__is_draft=False))

    def standing_for(self, user: Any) -> Self:
        """Keep of these the standing ones: most readers' own columns say so, without the talks."""
        mine = Q(user=user.pk, is_standing=True)
        return self.standing()._any_of(user, _readable_standing_talk(user), mine)

    def _any_of(self, user: Any, of_talks: Q, mine: Q) -> Self:
        if not reach_of(user).role:
            return self.none()
        if reach_of(user).reads_every_talk:
            return self.filter(of_talks | mine)  # nearly all rows: they are walked, not gathered
        rows = self.model._default_manager.order_by().values("pk")
        return self.filter(pk__in=rows.filter(of_talks).union(rows.filter(mine)))

    def standing(self) -> Self:
        """Leave out those of drafts and of talks that were taken back."""
        return self.filter(is_standing=True)

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
        """Show the copies of one promise once: the first that the user sees.

        The copies are gathered first: talks for several accounts are few.
        """
        seen = readable_talk(user, "touchpoint__", joins=True) | Q(user=user.pk)
        earlier = self.model._default_manager.filter(seen).standing()
        same = [_Same(models.F(name), models.OuterRef(name)) for name in _PROMISE]
        copies = earlier.filter(
            *same,
            touchpoint__group=models.OuterRef("touchpoint__group"),
            side=Side.OURS,
            text=models.OuterRef("text"),
            pk__lt=models.OuterRef("pk"),
        )
        several = self.model._default_manager.filter(
            side=Side.OURS, touchpoint__group__isnull=False
        )
        return self.exclude(pk__in=several.filter(models.Exists(copies)).values("pk"))


def readable_talk(user: Any, path: str = "", *, joins: bool = False) -> Q:
    """Return the rule for talks that the user sees and may read the text of.

    :param path: the way from the row to its talk, such as `touchpoint__`.
    :param joins: for a question asked of few rows, see `Reach.own_team`.
    """
    rule = _seen_talk(user, path, joins=joins)
    return (
        rule if reach_of(user).reads_all_it_sees else rule & _readable_text(user, path, joins=joins)
    )


def _seen_talk(user: Any, path: str = "", *, joins: bool = False) -> Q:
    reach, account = reach_of(user), f"{path}account"
    scope, shown = reach.scope(RecordKind.TOUCHPOINT), Q(**{f"{path}is_draft": False})
    if reach.shared or scope == Scope.ALL:
        is_open = Q(**{f"{path}visibility": Visibility.ACCOUNT})
        shown &= is_open | reach.inner_team(account, joins=joins)
    own = Q(**{f"{path}created_by": user.pk})
    return reach.rule_for(scope, account, joins=joins) & (own | shown)


def _readable_text(user: Any, path: str = "", *, joins: bool = False) -> Q:
    reach = reach_of(user)
    scope = reach.scope(RecordKind.TOUCHPOINT_BODY)
    rule = reach.rule_for(scope, f"{path}account", joins=joins)
    return rule | Q(**{f"{path}created_by": user.pk})


def _readable_standing_talk(user: Any) -> Q:
    """Return the rule for to-dos of standing talks the user sees and may read the text of.

    It is `readable_talk` of talks that are no drafts; who was shown accounts beyond their team is
    the one who must ask the talk for whom it is.
    """
    reach, account = reach_of(user), "talk_account"
    scope = reach.scope(RecordKind.TOUCHPOINT)
    own = Q(touchpoint__created_by=user.pk)
    rule = Q(is_standing=True) & reach.rule_for(scope, account)
    if reach.shared or scope == Scope.ALL:
        rule &= own | Q(touchpoint__visibility=Visibility.ACCOUNT) | reach.inner_team(account)
    if reach.reads_all_it_sees:
        return rule
    return rule & (reach.rule_for(reach.scope(RecordKind.TOUCHPOINT_BODY), account) | own)


class MentionQuerySet(ScopedQuerySet):
    """Who is named in talks; each sees their own, of talks whose text they may read."""

    account_path = "touchpoint__account"
    record_kind = RecordKind.TOUCHPOINT

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own mentions in talks they see and may read."""
        talks = self.model._meta.get_field("touchpoint").related_model._default_manager
        readable = talks.readable_to(user).standing().order_by()
        return self.filter(user=user.pk, touchpoint__in=readable.values("pk"))

    def unseen(self) -> Self:
        """Keep what the person has not seen yet."""
        return self.filter(seen_at__isnull=True)
