"""Who may see what, and the filters of the customer record.

A user's reach is one SQL statement: the teams at or below theirs, the accounts they hold a role on
or that are shared with them, and the policy of their role per kind of record. It is kept on the
user object, which lives as long as the request, so a change of membership acts on the next one.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.choices import (
    AccountStatus,
    ContactState,
    ExportKind,
    MailState,
    RecordKind,
    Scope,
    Sharing,
    UserRole,
    Visibility,
)
from accounts.conditions import compile_rules, condition_annotations
from accounts.domain.mail_outcome import MailPostponed, MailRefused, MailServerUnreachable
from accounts.domain.names import fold_for_search
from accounts.domain.policy import default_scope
from accounts.domain.rules import Group, Moment, fields_of
from accounts.registry import field_of
from config.lib.claims import ClaimQuerySet, LeaseLost
from config.lib.jobs import JobQuerySet
from config.lib.once import once
from config.lib.recorded import RecordedQuerySet
from config.lib.search import Holds

_REACH = """
WITH RECURSIVE mine(id) AS (
  SELECT team_id FROM accounts_teammembership WHERE user_id = %(user)s
  UNION
  SELECT t.id FROM accounts_team t JOIN mine ON t.parent_id = mine.id
), today(day) AS (
  SELECT (app_now() AT TIME ZONE coalesce(
    (SELECT time_zone FROM accounts_organisation), %(zone)s))::date
)
SELECT array(SELECT id FROM mine),
       array(SELECT DISTINCT account_id FROM accounts_accountrole, today
             WHERE user_id = %(user)s AND retracted_at IS NULL
               AND starts_on <= day AND (ends_on IS NULL OR ends_on > day)),
       array(SELECT DISTINCT account_id FROM accounts_accountshare
             WHERE user_id = %(user)s OR team_id IN (SELECT id FROM mine)),
       (SELECT jsonb_object_agg(kind, jsonb_build_array(read_scope, write_scope))
        FROM accounts_accesspolicy WHERE role = %(role)s)
"""


class _AnyOf(Func):
    """`path = ANY(ids)`: one parameter however many ids, so that the plan stays the same."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()

    def __init__(self, path: str, ids: frozenset[int]) -> None:
        array = ArrayField(models.BigIntegerField())
        super().__init__(F(path), Value(sorted(ids), output_field=array))


@dataclass(frozen=True)
class Reach:
    """How far a user sees: team ids, account ids held or shared, scopes per kind of record."""

    role: str
    teams: frozenset[int]
    held: frozenset[int]
    shared: frozenset[int]
    policy: dict[str, list[str]]

    @property
    def accounts(self) -> frozenset[int]:
        """Return the accounts reached beside those of the teams."""
        return self.held | self.shared

    def scope(self, kind: str, *, write: bool = False) -> str:
        """Return `none`, `own_team` or `all` for a kind of record."""
        if kind in self.policy:
            return self.policy[kind][1 if write else 0]
        return default_scope(role=self.role, kind=kind, write=write)

    def covers(self, account: Any, kind: str, *, write: bool = False) -> bool:
        """Say whether records of a kind at an account the user sees are theirs to see, or write."""
        scope = self.scope(kind, write=write)
        if scope == Scope.OWN_TEAM:
            return account.team_id in self.teams or account.pk in self.accounts
        return scope == Scope.ALL

    def covers_wherever(self, kind: str) -> bool:
        """Say whether records of a kind are theirs to see at every account they see."""
        return self.scope(kind) in {Scope.ALL, self.scope(RecordKind.ACCOUNT)}

    def own_team(self, account_path: str = "") -> Q:
        """Return the rule for rows whose account is of the user's teams, held or shared."""
        return self._rule(account_path, self.accounts)

    def inner_team(self, account_path: str = "") -> Q:
        """Return the same rule without shares: a share shows the account, not the team's notes."""
        return self._rule(account_path, self.held)

    def _rule(self, account_path: str, accounts: frozenset[int]) -> Q:
        """Compare inside the table of accounts: an OR over two tables could use no index."""
        rule = Q(_AnyOf("team_id", self.teams)) | Q(_AnyOf("id", accounts))
        if not account_path:
            return rule
        reached = apps.get_model("accounts", "Account")._default_manager.filter(rule)
        return Q(**{f"{account_path}__in": reached.order_by().values("pk")})


_NOTHING = Reach(role="", teams=frozenset(), held=frozenset(), shared=frozenset(), policy={})


def reach_of(user: Any) -> Reach:
    """Read the user's reach once; anonymous and inactive users reach nothing."""
    if not user.is_authenticated or not user.is_active:
        return _NOTHING
    if not hasattr(user, "_reach"):
        values = {"user": user.pk, "role": user.role, "zone": settings.TIME_ZONE}
        with connection.cursor() as cursor:
            cursor.execute(_REACH, values)
            teams, held, shared, policy = cursor.fetchone()
        user._reach = Reach(
            user.role,
            frozenset(teams),
            frozenset(held),
            frozenset(shared),
            json.loads(policy or "{}"),
        )
    return user._reach  # type: ignore[no-any-return]


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset of customer data; `account_path` leads from the row to its account."""

    account_path: ClassVar[str] = "account"
    record_kind: ClassVar[str] = RecordKind.ACCOUNT

    def _within(self, user: Any, *, write: bool, kind: str = "") -> Self:
        reach = reach_of(user)
        scope = reach.scope(kind or self.record_kind, write=write)
        if scope == Scope.ALL:
            return self
        if scope == Scope.NONE:
            return self.none()
        return self.filter(reach.own_team(self.account_path))

    def visible_to(self, user: Any) -> Self:
        """Keep what the user may see; everything else does not exist for them (404)."""
        return self._within(user, write=False)

    def editable_by(self, user: Any) -> Self:
        """Keep what the user may see and change."""
        return self.visible_to(user)._within(user, write=True)


class SearchedQuerySet(models.QuerySet[Any]):
    """Rows with a folded `search_text` and the grams the database derives of it."""

    def search(self, text: str) -> Self:
        """Keep rows whose names or ids contain every word, whatever width, case or kana."""
        return self.filter(holding("search_text", text))


def holding(path: str, text: str) -> Q:
    """Return the rule that the folded text at `path` contains every word of `text`."""
    words = fold_for_search(text).split()
    return Q(*(Q(**{f"{path}__{Holds.lookup_name}": word}) for word in words))


class AccountQuerySet(SearchedQuerySet, ScopedQuerySet):  # type: ignore[override]
    account_path = ""
    record_kind = RecordKind.ACCOUNT

    def open_for(self, user: Any, kind: str) -> Self:
        """Keep accounts the user sees and may add records of `kind` to."""
        return self.visible_to(user)._within(user, write=True, kind=kind)

    def showing(self, user: Any, kind: str) -> Self:
        """Keep accounts the user sees together with their records of `kind`."""
        return self.visible_to(user)._within(user, write=False, kind=kind)

    def unarchived(self) -> Self:
        """Leave out what was archived."""
        return self.filter(archived_at__isnull=True)

    def active(self) -> Self:
        """Keep customers that are not archived and have not churned."""
        return self.unarchived().exclude(status=AccountStatus.CHURNED)

    def with_fields(self, *keys: str, at: dt.datetime) -> Self:
        """Annotate each account with registered fields, as `Field.alias` names them.

        :raises UnknownKey: for a field nobody registered.
        """
        wanted = [field_of(key) for key in keys]
        wanted += [field_of(key) for field in wanted for key in field.needs]
        return self.annotate(
            **{field.alias: field.expression(at) for field in wanted if not field.column}
        )

    def matching(self, rules: Group, moment: Moment) -> Self:
        """Keep accounts that fulfil a rule tree."""
        annotated = self.annotate(**condition_annotations(fields_of(rules), moment))
        return annotated.filter(compile_rules(rules, moment))

    def renewing_within(self, days: int, *, today: dt.date) -> Self:
        """Keep accounts whose actionable renewal date lies in the next `days` calendar days."""
        return self.filter(renewal_on__gte=today, renewal_on__lte=today + dt.timedelta(days=days))


class ContractQuerySet(ScopedQuerySet):
    record_kind = RecordKind.CONTRACT

    def unarchived(self) -> Self:
        """Leave out what was entered by mistake."""
        return self.filter(archived_at__isnull=True)

    def in_force(self, *, on: dt.date | models.Expression) -> Self:
        """Keep contracts that run on a day: begun, and not ended unless they renew themselves."""
        goes_on = Q(auto_renews=True, notice_received_on__isnull=True)
        lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=on) | goes_on
        return self.unarchived().filter(lasting, starts_on__lte=on)


class ContactQuerySet(SearchedQuerySet, ScopedQuerySet):  # type: ignore[override]
    record_kind = RecordKind.CONTACT

    def search(self, text: str) -> Self:
        """Keep people whose names, address or id contain every word, folded as for accounts."""
        rows = self
        for word in fold_for_search(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows

    def present(self, *, on: dt.date) -> Self:
        """Leave out people who by day `on` left the customer or their post, or were archived.

        A departure that lies ahead is known, but the person is still there.
        """
        gone = Q(state__in=[ContactState.LEFT, ContactState.TRANSFERRED])
        begun = Q(state_on__isnull=True) | Q(state_on__lte=on)
        return self.filter(~(gone & begun), archived_at__isnull=True)


class TouchpointQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TOUCHPOINT

    def visible_to(self, user: Any) -> Self:
        """Keep what the user may see: notes for the team stay in it, drafts with their author."""
        author = Q(created_by=user.pk)
        inner = reach_of(user).inner_team(self.account_path)
        rows = super().visible_to(user)
        return rows.filter(author | Q(is_draft=False) & (Q(visibility=Visibility.ACCOUNT) | inner))

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


class TicketQuerySet(ScopedQuerySet):
    record_kind = RecordKind.TICKET

    def standing(self) -> Self:
        """Leave out what was retracted."""
        return self.filter(retracted_at__isnull=True)

    def open(self) -> Self:
        """Keep standing tickets that are not resolved."""
        return self.standing().filter(resolved_at__isnull=True)


class InvoiceQuerySet(ScopedQuerySet):
    record_kind = RecordKind.INVOICE

    def standing(self) -> Self:
        """Leave out what was retracted."""
        return self.filter(retracted_at__isnull=True)

    def with_payments(self) -> Self:
        """Annotate `paid_amount`, `balance` (below zero when too much came in) and `paid_on`.

        `paid_on` is the day of the last payment of an invoice that is paid in full, else null.
        """
        payments: Any = self.model._meta.get_field("payments").related_model
        own = payments.objects.filter(invoice=OuterRef("pk"), retracted_at=None).order_by()
        amount = models.DecimalField(max_digits=18, decimal_places=2)
        total = Subquery(own.values("invoice").annotate(n=models.Sum("amount")).values("n"))
        paid = Coalesce(total, Value(0), output_field=amount)
        last = Subquery(own.order_by("-paid_on").values("paid_on")[:1])
        summed = self.annotate(paid_amount=paid, balance=F("amount") - paid)
        return summed.annotate(paid_on=models.Case(models.When(balance__lte=0, then=last)))

    def late(self, *, on: dt.date) -> Self:
        """Keep standing invoices that by day `on` are past due and not paid in full."""
        return self.standing().with_payments().filter(due_on__lt=on, balance__gt=0)


class PaymentQuerySet(ScopedQuerySet):
    account_path = "invoice__account"
    record_kind = RecordKind.INVOICE

    def standing(self) -> Self:
        """Leave out what was retracted, with its invoice or alone."""
        return self.filter(retracted_at__isnull=True, invoice__retracted_at__isnull=True)


class MilestoneQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Leave out what was retracted."""
        return self.filter(retracted_at__isnull=True)


class MergeQuerySet(ScopedQuerySet):
    """Merges concern who sees the account that stayed; those of contacts, who sees contacts."""

    def _within(self, user: Any, *, write: bool, kind: str = "") -> Self:
        accounts = super()._within(user, write=write)
        people = super()._within(user, write=write, kind=RecordKind.CONTACT)
        merged = Q(kind="account") & Q(pk__in=accounts.values("pk"))
        return self.filter(merged | Q(kind="contact") & Q(pk__in=people.values("pk")))


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


class DirectoryQuerySet(models.QuerySet[Any]):
    """Our own people and teams: every colleague sees them, administrators change them."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for who may sign in, nothing for anybody else."""
        return self if reach_of(user).role else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep everything for administrators, nothing for anybody else."""
        return self if reach_of(user).role == UserRole.ADMINISTRATOR else self.none()


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


class MailMessageQuerySet(ScopedQuerySet, ClaimQuerySet[Any]):  # type: ignore[override]
    """Claims that keep the mail's state in step and never take up one that may have been sent."""

    record_kind = RecordKind.CONTACT
    marks: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "claimed": {"state": MailState.SENDING},
        "finished": {"state": MailState.ACCEPTED},
        "postponed": {"state": MailState.QUEUED, "dialogue_at": None},
        "died": {"state": MailState.FAILED},
        "replayed": {"state": MailState.QUEUED, "dialogue_at": None},
    }

    def due(self, at: dt.datetime) -> Self:
        """Keep mails to be sent now; once handed to a mail server, a mail is never due again."""
        return super().due(at).filter(dialogue_at__isnull=True)

    def left_hanging(self, at: dt.datetime) -> Self:
        """Keep mails whose sender vanished after it had begun to talk to the mail server."""
        return self.unfinished().filter(dialogue_at__isnull=False, leased_until__lte=at)

    def begin_dialogue(self, row: Any, *, owner: str, at: dt.datetime) -> None:
        """Commit that the next step may send the mail; exactly one owner ever passes here.

        :raises LeaseLost: when the lease ran out and the mail was taken up by another.
        """
        with transaction.atomic(durable=True):
            held = self.unfinished().filter(
                pk=row.pk, leased_by=owner, attempts=row.attempts, dialogue_at__isnull=True
            )
            if held.update(dialogue_at=at) != 1:
                raise LeaseLost(f"mail {row.pk} is not leased by {owner}")
        row.dialogue_at = at

    def fail(self, row: Any, *, owner: str, error: Exception, at: dt.datetime) -> None:
        """Record why a mail was not sent, or that nobody knows whether it was."""
        if isinstance(error, MailRefused):
            self.give_up(row, owner=owner, error=error, at=at)
        elif row.dialogue_at is None or isinstance(error, MailPostponed | MailServerUnreachable):
            super().fail(row, owner=owner, error=error, at=at)
        else:
            mine = self.filter(pk=row.pk, leased_by=owner, attempts=row.attempts)
            mine.doubt(error=type(error).__name__, at=at)

    def doubt(self, *, error: str, at: dt.datetime) -> int:
        """Leave it to a person what becomes of mails that may have been sent."""
        return self.unfinished().update(
            state=MailState.UNKNOWN, dead_at=at, leased_by="", leased_until=None, last_error=error
        )


class SuppressionQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        """Leave out what was lifted."""
        return self.filter(lifted_at__isnull=True)


def _requested_by(user: Any, path: str) -> Q:
    reach = reach_of(user)
    if reach.role == UserRole.ADMINISTRATOR:
        return Q()
    return Q(**{path: user.pk}) if reach.role else Q(pk__isnull=True)


class RequestedJobQuerySet(JobQuerySet[Any]):
    """Jobs concern who asked for them, and administrators."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own jobs; administrators see all."""
        return self.filter(_requested_by(user, "requested_by"))

    def editable_by(self, user: Any) -> Self:
        """Keep the jobs the user may stop: those they see."""
        return self.visible_to(user)


class ImportRunQuerySet(models.QuerySet[Any]):
    """Imports concern who started them, and administrators."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own imports; administrators see all."""
        return self.filter(_requested_by(user, "job__requested_by"))

    def editable_by(self, user: Any) -> Self:
        """Keep the imports the user may carry out: those they see."""
        return self.visible_to(user)


class ImportMappingQuerySet(models.QuerySet[Any]):
    """Mappings concern who made them; shared ones everybody who works here."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own mappings and the shared ones."""
        return self.filter(models.Q(owner_id=user.pk) | models.Q(is_shared=True))

    def editable_by(self, user: Any) -> Self:
        """Keep the mappings the user may change: their own."""
        return self.filter(owner_id=user.pk)


class ImportUndoQuerySet(models.QuerySet[Any]):
    """Taking back concerns who may see the import."""

    def visible_to(self, user: Any) -> Self:
        """Keep those of the user's own imports; administrators see all."""
        return self.filter(_requested_by(user, "run__job__requested_by"))


class ExportQuerySet(models.QuerySet[Any]):
    """Files that were taken out concern who asked for them, and administrators."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own as long as they might ask for them; administrators see all."""
        rows = self.filter(_requested_by(user, "job__requested_by"))
        if reach_of(user).role == UserRole.ADMINISTRATOR:
            return rows
        if may_answer_for_privacy(user):
            return rows.exclude(kind=ExportKind.EVERYTHING)
        return rows.filter(kind=ExportKind.LIST)

    def editable_by(self, user: Any) -> Self:
        """Keep the exports the user may delete: those they see."""
        return self.visible_to(user)


class ErasureQuerySet(models.QuerySet[Any]):
    """What was erased concerns who answers for privacy."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for administrators and privacy officers, nothing for anybody else."""
        return self if may_answer_for_privacy(user) else self.none()


def may_answer_for_privacy(user: Any) -> bool:
    """Say whether the user exports and erases people and sets how long data is kept."""
    return reach_of(user).role in {UserRole.ADMINISTRATOR, UserRole.PRIVACY_OFFICER}
