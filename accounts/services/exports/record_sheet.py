"""Any registered list as a file: one reading of the address serves the page and its export."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.querysets import Reach, reach_of
from accounts.registry import ListColumn, RecordList
from accounts.selectors.records import order_asked, read_question, rows_asked, shows_everywhere
from accounts.services.exports.sheets import Sheet, SheetColumn, in_order


def record_sheet(records: RecordList, *, user: Any, query: QueryDict, at: dt.datetime) -> Sheet:
    """Return a list as the user would see it now with this query.

    An account is named and stands with its own-system id, an amount with its currency. A value the
    user may not see at a row's account is empty.

    :raises UnknownOrder: for an order the list does not have.
    """
    reach = reach_of(user)
    question = read_question(records, query, reach=reach)
    rows = rows_asked(records, question, user=user, at=at)
    rows = in_order(rows, order_asked(records, question))
    columns: list[SheetColumn] = []
    for column in question.columns:
        columns.append(_column(column, records, reach))
        if column.type == "account":
            columns.append(_account_id(column, records, reach))
    if any(column.type == "money" for column in question.columns):
        columns.append(SheetColumn("currency", _("currency"), "text", _currency(records)))
    return Sheet(columns, rows)


def _column(column: ListColumn, records: RecordList, reach: Reach) -> SheetColumn:
    words = dict(column.options())
    return SheetColumn(
        column.key, column.label, column.type, _reader(column, records, reach), words
    )


def _reader(column: ListColumn, records: RecordList, reach: Reach) -> Callable[[Any], Any]:
    kind = column.policy_kind
    if shows_everywhere(kind, records, reach):
        return column.value
    return lambda row: column.value(row) if reach.covers(_account(records, row), kind) else None


def _account(records: RecordList, row: Any) -> Any:
    return getattr(row, records.account_path)


def _account_id(column: ListColumn, records: RecordList, reach: Reach) -> SheetColumn:
    read = _reader(column, records, reach)
    return SheetColumn(
        f"{column.key}_external_id",
        _("id of the account"),
        "text",
        lambda row: getattr(read(row), "external_id", None),
    )


def _currency(records: RecordList) -> Callable[[Any], Any]:
    return lambda row: getattr(row, "currency", "") or _account(records, row).currency
