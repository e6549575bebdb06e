"""Who may see what.

A user's reach is one SQL statement: the teams at or below theirs, the accounts they hold a role on
or that are shared with them, and the policy of their role per kind of record. It is kept on the
user object, which lives as long as the request, so a change of membership acts on the next one.
"""

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext

from accounts.choices import STEERING, RecordKind, Scope, UserRole
from accounts.domain.names import fold_for_search
from accounts.domain.policy import default_scope
from accounts.domain.romaji import hiragana_of
from config.lib.search import Holds

_REACH = """
WITH RECURSIVE mine(id) AS (
  SELECT team_id FROM accounts_teammembership WHERE user_id = %(user)s
  UNION
  SELECT t.id FROM accounts_team t JOIN mine ON t.parent_id = mine.id
), today(day) AS MATERIALIZED (
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
    """`path = ANY(ids)`: one parameter however many ids, so that the plan stays the same.

    The ids go as the text of an array: thousands of them need not be adapted one by one.
    """

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()

    def __init__(self, path: str, ids: frozenset[int]) -> None:
        super().__init__(F(path), _array(ids))


class _Within(Func):
    """An account id is of one of the teams or among the ids.

    The accounts are gathered first. Those named need not be looked up: nobody holds, or is shown,
    an account that is none. A union is not dissolved: the planner can't walk a whole list in its
    order until rows of a small team come by.
    """

    output_field = models.BooleanField()

    def __init__(self, path: str, teams: frozenset[int], ids: frozenset[int]) -> None:
        super().__init__(F(path), _array(teams), _array(ids))

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        account, teams, ids = (sql for sql, _values in parts)
        of_teams = f"SELECT r.id FROM accounts_account r WHERE r.team_id = ANY({teams}::bigint[])"  # noqa: S608
        rule = f"{account} IN ({of_teams} UNION SELECT unnest({ids}::bigint[]))"
        return f"({rule})", [value for _sql, values in parts for value in values]


def _array(ids: frozenset[int]) -> Value:
    return Value("{" + ",".join(map(str, sorted(ids))) + "}", output_field=models.TextField())


class OtherAccount:
    """What is told of an account the reader does not see: that there is one."""

    pk = None
    archived_at = None

    def __str__(self) -> str:
        return gettext("another account")


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

    @property
    def reads_every_talk(self) -> bool:
        """Say whether talks of every account and their texts are theirs, but notes for a team."""
        return self.reads_all_it_sees and self.scope(RecordKind.TOUCHPOINT) == Scope.ALL

    @property
    def reads_all_it_sees(self) -> bool:
        """Say whether the text of every talk the user sees is theirs to read."""
        scope = self.scope(RecordKind.TOUCHPOINT_BODY)
        return scope in {Scope.ALL, self.scope(RecordKind.TOUCHPOINT)}

    def is_inside(self, kind: str) -> bool:
        """Say whether figures of the whole organisation about a kind of record are theirs to see.

        They count everything, so they are for who reads the kind everywhere, belongs to a team or
        holds a role on an account; a share shows an account, not the organisation.
        """
        scope = self.scope(kind)
        return scope == Scope.ALL or (scope == Scope.OWN_TEAM and bool(self.teams or self.held))

    @property
    def adds_accounts(self) -> bool:
        """Say whether there is a team whose accounts the user may add to."""
        scope = self.scope(RecordKind.ACCOUNT, write=True)
        return scope == Scope.ALL or (scope == Scope.OWN_TEAM and bool(self.teams))

    def told(self, account: Any) -> Any:
        """Return an account as it may be told of: itself, or that it is another one."""
        is_known = isinstance(account, OtherAccount) or self.covers(account, RecordKind.ACCOUNT)
        return account if is_known else OtherAccount()

    def rule_for(self, scope: str, account_path: str, *, joins: bool = False) -> Q:
        """Return the rule for rows whose account lies within a scope.

        It is never empty: joined to another by OR, an empty rule is the other alone.
        """
        if scope == Scope.OWN_TEAM:
            return self.own_team(account_path, joins=joins)
        return Q(**{f"{account_path}__isnull": False}) if scope == Scope.ALL else Q(pk__in=[])

    def own_team(self, account_path: str = "", *, joins: bool = False) -> Q:
        """Return the rule for rows whose account is of the user's teams, held or shared.

        :param joins: for a question asked of few rows: compare each one's account, instead of
            gathering all accounts first.
        """
        return self._rule(account_path, self.accounts, joins=joins)

    def inner_team(self, account_path: str = "", *, joins: bool = False) -> Q:
        """Return the same rule without shares: a share shows the account, not the team's notes."""
        return self._rule(account_path, self.held, joins=joins)

    def _rule(self, account_path: str, accounts: frozenset[int], *, joins: bool) -> Q:
        """Compare inside the table of accounts: an OR over two tables could use no index."""
        if account_path and not joins:
            return Q(_Within(account_path, self.teams, accounts))
        prefix = f"{account_path}__" if account_path else ""
        of_teams = Q(_AnyOf(f"{prefix}team_id", self.teams))
        return of_teams | Q(_AnyOf(f"{prefix}id", accounts))


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
    """A queryset of customer data; `account_path` leads from the row to its account.

    Rows that hang on records of several kinds name them in `record_kinds`.
    """

    account_path: ClassVar[str] = "account"
    record_kind: ClassVar[str] = RecordKind.ACCOUNT
    record_kinds: ClassVar[tuple[str, ...]] = ()

    def _within(self, user: Any, *, write: bool, kind: str = "") -> Self:
        reach = reach_of(user)
        scope = reach.scope(kind or self.record_kind, write=write)
        if scope == Scope.ALL:
            return self
        if scope == Scope.NONE:
            return self.none()
        return self.filter(reach.own_team(self.account_path))

    def reached_singly(self, user: Any, *, write: bool = False) -> Q:
        """Return the rule of `visible_to`, or of `editable_by`, for a question asked of few rows.

        It compares each row's account instead of gathering all accounts first, and is empty where
        the user reaches every row.
        """
        rule, reach = Q(), reach_of(user)
        for is_write in {False, write}:
            scope = reach.scope(self.record_kind, write=is_write)
            if scope != Scope.ALL:
                rule &= reach.rule_for(scope, self.account_path, joins=True)
        return rule

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
    """Return the rule that the folded text at `path` contains every word of `text`.

    A word in Latin letters is looked for as it is and as the kana it may be romaji of.
    """
    lookup, rule = f"{path}__{Holds.lookup_name}", Q()
    for word in fold_for_search(text).split():
        spellings = [word, *hiragana_of(word)]
        rule &= Q(*(Q(**{lookup: one}) for one in spellings), _connector=Q.OR)
    return rule


def at_or_merged_into(account: Any, path: str = "account") -> Q:
    """Return the rule for rows of an account and of those merged into it, where past ones stay."""
    return Q(**{path: account}) | Q(**{f"{path}__merged_into": account})


def account_called(word: str, *, user: Any, kind: str, lookup: str = "contains") -> Q:
    """Return the rule that a row's account is called by a folded word and seen by the user.

    Who sees records of `kind` further than accounts must not find out whose they are by asking.
    """
    rule, reach = Q(**{f"account__search_text__{lookup}": word}), reach_of(user)
    scope = reach.scope(RecordKind.ACCOUNT)
    if scope in {Scope.ALL, reach.scope(kind)}:
        return rule
    return rule & reach.own_team("account") if scope == Scope.OWN_TEAM else Q(pk__in=[])


def steers(user: Any) -> bool:
    """Say whether the user steers the book: administrators and managers do."""
    return reach_of(user).role in STEERING


def works_here(user: Any) -> bool:
    """Say whether the user may sign in, which opens what every colleague sees."""
    return bool(reach_of(user).role)


def administers(user: Any) -> bool:
    """Say whether the user sets up the house."""
    return bool(getattr(user, "role", "") == UserRole.ADMINISTRATOR)


def may_answer_for_privacy(user: Any) -> bool:
    """Say whether the user exports and erases people and sets how long data is kept."""
    return reach_of(user).role in {UserRole.ADMINISTRATOR, UserRole.PRIVACY_OFFICER}
