"""Which lists can be taken out: that of accounts, and every member of the two registries."""

import datetime as dt
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import ExportKind, Scope
from accounts.models import Export, User
from accounts.querysets import reach_of
from accounts.registry import lists, sheets
from accounts.services.exports.account_sheet import account_sheet
from accounts.services.exports.record_sheet import record_sheet
from accounts.services.exports.sheets import Sheet
from config.lib.problems import Problem

ACCOUNTS = "accounts"


class UnknownList(Problem):
    """There is no such list, or the user sees none of its records."""

    status = 404
    code = "unknown_list"
    title = _("There is no such list.")


def open_sheet(source: str, *, user: User, query: str, at: dt.datetime) -> Sheet:
    """Return the list as the user sees it now.

    :raises UnknownList: for a list there is not, or of which they see nothing.
    """
    parameters = QueryDict(query)
    if source == ACCOUNTS:
        return account_sheet(user=user, query=parameters, at=at)
    if source in sheets and sheets.get(source).allows(user):
        sheet: Sheet = sheets.get(source).sheet(user=user, query=parameters, at=at)
        return sheet
    if source not in lists or reach_of(user).scope(lists.get(source).kind) == Scope.NONE:
        raise UnknownList
    return record_sheet(lists.get(source), user=user, query=parameters, at=at)


def export_label(export: Export) -> Any:
    """Return what an export holds, in the reader's language."""
    if export.kind != ExportKind.LIST:
        return export.get_kind_display()
    if export.source == ACCOUNTS:
        return _("Accounts")
    if export.source in sheets:
        return sheets.get(export.source).label
    return lists.get(export.source).label if export.source in lists else export.source
