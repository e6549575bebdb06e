"""The account list as a file: the same rules, order and columns as its page."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import Scope
from accounts.models import Account
from accounts.querysets import Reach, reach_of
from accounts.registry import Field, all_fields, field_of
from accounts.selectors.account_list import (
    AccountOptions,
    account_records,
    accounts_kept,
    order_of,
)
from accounts.selectors.records import read_question
from accounts.services.exports.sheets import Sheet, SheetColumn, in_order

#: What a program needs to know an account again; it stands in front of every file.
IDENTITY = ("external_id", "name")


def account_sheet(*, user: Any, query: QueryDict, at: dt.datetime) -> Sheet:
    """Return the account list as the user would see it now with this query.

    A value the user may not see at an account is empty. Rules the list does not know, or does not
    know for this user, are left aside, as the page does.

    :raises UnknownOrder: for an order the list does not have.
    """
    reach = reach_of(user)
    shown = _columns(reach, query.getlist("columns"))
    question = read_question(account_records(user, AccountOptions(user)), query, reach=reach)
    keys = {field.key for field in shown} | {question.sort.removeprefix("-")}
    accounts = accounts_kept(question, user=user, at=at).with_fields(*sorted(keys), at=at)
    columns = [_column(field, reach) for field in shown]
    if any(field.type == "money" for field in shown):
        columns.append(SheetColumn("currency", _("currency"), "text", lambda row: row.currency))
    return Sheet(columns, in_order(accounts, order_of(question)))


def _columns(reach: Reach, asked: list[str]) -> list[Field]:
    """Return the columns asked for (`?columns=a,b` or repeated), else those the page shows."""
    known = all_fields()
    wanted = {key for value in asked for key in value.split(",")} & {field.key for field in known}
    members = [field for field in known if reach.scope(field.kind) != Scope.NONE]
    chosen = [
        field
        for field in members
        if field.is_column
        if field.key in wanted or (not wanted and field.order is not None)
    ]
    chosen.sort(key=lambda field: (field.order is None, field.order or 0, field.key))
    others = [field for field in chosen if field.key not in IDENTITY]
    return [*(field_of(key) for key in IDENTITY), *others]


def _column(field: Field, reach: Reach) -> SheetColumn:
    words = dict(field.choices()) if field.choices is not None else {}
    return SheetColumn(field.key, field.label, field.type, _reader(field, reach), words)


def _reader(field: Field, reach: Reach) -> Callable[[Account], Any]:
    kind = field.kind
    if reach.covers_wherever(kind):
        return lambda account: _written(field, account)
    return lambda account: _written(field, account) if reach.covers(account, kind) else None


def _written(field: Field, account: Account) -> Any:
    value = getattr(account, field.alias)
    return value if field.written is None or value is None else field.written(value)
