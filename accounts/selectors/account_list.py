"""The account list as a list of records: the fields of every app are its columns and rules.

Beside the fields it can be asked for a segment (`?segment=`) and a static list (`?list=`).
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import ROLE_FIELDS, AccountStatus, RecordKind, Scope
from accounts.conditions import field_specs
from accounts.domain.rules import Moment, RuleError, fields_of, parse_rule_tree
from accounts.models import Account, ListMember, Organisation, Segment, StaticList, Team
from accounts.models.names import person_name
from accounts.querysets import AccountQuerySet, Reach, reach_of
from accounts.registry import Field, ListColumn, ListFilter, RecordList, all_fields, field_of
from accounts.selectors.external_ids import accounts_called
from accounts.selectors.managers import called, managers, past_managers
from accounts.selectors.records import Condition, Question
from config.lib.addresses import row_address
from config.lib.formats import is_japanese

KEY = "accounts"
NAME = ListColumn("name", _("Account"), "text", "", sort_path="name_kana")
SEGMENT, LIST, NOT_LIST = "segment", "list", "not_list"
PERSON = ("family_name", "given_name", "family_name_latin", "given_name_latin")
PAST = ("busy_elsewhere", "departed")
Words = Mapping[str, Callable[[], Sequence[tuple[Any, Any]]]]


class AccountOptions:
    """What rules and changes of accounts can choose from, read once a request in one statement."""

    def __init__(self, user: Any) -> None:
        self._user = user

    def of(self, kind: str) -> list[tuple[int, str]]:
        """Return (id, word) of each manager, keeper, team, segment, list or own_list.

        Keepers are the managers and those who left while accounts were still theirs.
        """
        return self._named[kind]

    @cached_property
    def _named(self) -> dict[str, list[tuple[int, str]]]:
        lists = StaticList.objects.visible_to(self._user).filter(archived_at=None)
        own = StaticList.objects.editable_by(self._user).filter(archived_at=None)
        past = past_managers()
        parts = [
            _named(managers(), "manager", *PERSON),
            _named(past.filter(is_active=True), "busy_elsewhere", *PERSON),
            _named(past.filter(is_active=False), "departed", *PERSON),
            _named(Team.objects.all(), "team", "name", "name_en"),
            _named(Segment.objects.filter(archived_at=None), SEGMENT, "name_ja", "name_en"),
            _named(lists, LIST, "name", "name"),
            _named(own, "own_list", "name", "name"),
        ]
        rows = parts[0].union(*parts[1:], all=True).order_by("kind", "one", "id_")
        kinds = ("manager", *PAST, "team", SEGMENT, LIST, "own_list")
        found: dict[str, list[tuple[int, str]]] = {kind: [] for kind in kinds}
        for row in rows:
            names = row["one"], row["two"], row["three"], row["four"]
            word = _word(row["kind"], *names) or f"#{row['id_']}"
            found[row["kind"]].append((row["id_"], word))
        found["keeper"] = [one for kind in ("manager", *PAST) for one in found[kind]]
        return found


def _word(kind: str, one: str, two: str, three: str, four: str) -> str:
    if kind in ("manager", *PAST):
        return called(person_name(one, two, three, four), is_here=kind != "departed")
    return one if is_japanese() or not two else two


def _named(rows: QuerySet[Any], kind: str, *columns: str) -> QuerySet[Any, dict[str, Any]]:
    """Return the names of rows in the shape all parts of the union share."""
    names: list[Any] = [Cast(column, TextField()) for column in columns]
    names += [Value("", TextField())] * (4 - len(names))
    one, two, three, four = names
    return rows.order_by().values(
        kind=Value(kind, TextField()), id_=F("pk"), one=one, two=two, three=three, four=four
    )


def account_records(user: Any, options: AccountOptions) -> RecordList:
    """Return the account list as this user may ask it."""
    reach = reach_of(user)
    words: Words = {
        **dict.fromkeys(ROLE_FIELDS, lambda: options.of("keeper")),
        "team": lambda: options.of("team"),
    }
    shown = [field for field in all_fields() if reach.scope(field.kind) != Scope.NONE]
    shown.sort(key=lambda field: (field.order is None, field.order or 0, field.key))
    return RecordList(
        key=KEY,
        label=_("Accounts"),
        icon="building-skyscraper",
        kind=RecordKind.ACCOUNT,
        rows=lambda user, at: Account.objects.visible_to(user).unarchived(),
        archived=lambda user, at: Account.objects.visible_to(user).exclude(archived_at=None),
        search=lambda rows, text, user: rows.search(text),
        href=lambda account: row_address("accounts:detail", account.pk),
        default_sort=_first_sortable(shown, reach),
        columns=(NAME, *(_column(field, reach, words) for field in shown if field.is_column)),
        filters=(
            *(_filter(field, words) for field in shown if field.is_filter),
            ListFilter(SEGMENT, _("Segment"), "choice", "pk", choices=lambda: options.of(SEGMENT)),
            ListFilter(
                LIST, pgettext_lazy("of accounts", "List"), "choice", "pk",
                choices=lambda: options.of(LIST),
            ),
            ListFilter(
                NOT_LIST, _("Not on the list"), "choice", "pk", choices=lambda: options.of(LIST)
            ),
        ),
    )  # fmt: skip


def accounts_asked(question: Question, *, user: Any, at: dt.datetime) -> AccountQuerySet:
    """Return the accounts that answer a question, with the fields it shows and sorts by."""
    keys = {column.key for column in question.columns} | {question.sort.removeprefix("-")}
    reach = reach_of(user)
    facts = {
        field.key for field in all_fields() if field.fact and reach.scope(field.kind) != Scope.NONE
    }
    accounts = accounts_kept(question, user=user, at=at)
    return accounts.with_fields(*sorted((keys - {NAME.key}) | facts), at=at)


def accounts_kept(question: Question, *, user: Any, at: dt.datetime) -> AccountQuerySet:
    """Return the accounts that answer a question.

    Accounts that left show only where their status, or what was archived, is asked for. Rules
    about a kind of record keep accounts whose records of that kind the user sees, or the answer
    would tell of them.
    """
    accounts: AccountQuerySet = Account.objects.visible_to(user)
    accounts = accounts.filter(archived_at__isnull=not question.is_archived)
    for condition in question.conditions:
        accounts = _kept(accounts, condition, user, at)
    asks_status = any(condition.filter.key == "status" for condition in question.conditions)
    if not (asks_status or question.is_archived):
        accounts = accounts.exclude(status=AccountStatus.CHURNED)
    if question.text:
        accounts = accounts_called(accounts, question.text)
    return accounts


def lists_opened(question: Question) -> set[int]:
    """Return the static lists whose accounts are asked for."""
    return {pk for part in question.conditions if part.filter.key == LIST for pk in part.values}


def order_of(question: Question) -> str:
    """Return the path the accounts are sorted by, with a minus for descending."""
    key = question.sort.removeprefix("-")
    path = NAME.order if key == NAME.key else field_of(key).alias
    return f"-{path}" if question.sort.startswith("-") else path


def _kept(
    accounts: AccountQuerySet, condition: Condition, user: Any, at: dt.datetime
) -> AccountQuerySet:
    key = condition.filter.key
    values = condition.values
    if key == LIST:
        members = ListMember.objects.filter(list__in=values)
        return accounts.filter(pk__in=members.values("account"))
    if key == NOT_LIST:
        members = ListMember.objects.filter(list__in=values)
        return accounts.exclude(pk__in=members.values("account"))
    if key == SEGMENT:
        return in_segments(accounts, values, user, at)
    field = field_of(key)
    accounts = accounts.showing(user, field.kind).with_fields(key, at=at)
    return accounts.filter(**{condition.lookup: condition.value})


def in_segments(
    accounts: AccountQuerySet, keys: Sequence[int], user: Any, at: dt.datetime
) -> AccountQuerySet:
    """Keep accounts that fulfil one of the segments now; rules that became unusable keep none."""
    moment = Moment(at, Organisation.objects.day_of(at))
    specs = field_specs()
    found = Q(pk__in=[])
    for segment in Segment.objects.filter(pk__in=keys):
        try:
            tree = parse_rule_tree(segment.rule, specs)
        except RuleError:
            continue
        rows: AccountQuerySet = Account.objects.all()
        for kind in {field_of(key).kind for key in fields_of(tree)}:
            rows = rows.showing(user, kind)
        found |= Q(pk__in=rows.matching(tree, moment).order_by().values("pk"))
    return accounts.filter(found)


def _first_sortable(shown: list[Field], reach: Reach) -> str:
    for field in shown:
        if field.order is not None and field.is_sortable and reach.covers_wherever(field.kind):
            return field.key
    return NAME.key


def _column(field: Field, reach: Reach, words: Words) -> ListColumn:
    return ListColumn(
        field.key,
        field.label,
        field.type,
        field.alias,
        template=field.template,
        choices=words.get(field.key, field.choices),
        kind=field.kind,
        is_sortable=field.is_sortable and reach.covers_wherever(field.kind),
        is_default=field.order is not None,
        is_secondary=field.is_secondary,
        beside={key.rpartition(".")[2]: field_of(key).alias for key in field.needs},
    )


def _filter(field: Field, words: Words) -> ListFilter:
    choices = words.get(field.key, field.choices)
    kind = "number" if field.type == "money" else field.type
    kind = kind if kind in {"number", "date", "datetime"} else "choice"
    return ListFilter(field.key, field.label, kind, field.alias, choices=choices)
