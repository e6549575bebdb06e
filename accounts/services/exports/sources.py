"""Which lists can be taken out: that of accounts, and every member of the registry of lists."""

import datetime as dt
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import ExportKind
from accounts.models import Export, User
from accounts.services.exports.account_sheet import account_sheet
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
    if source != ACCOUNTS:
        raise UnknownList
    return account_sheet(user=user, query=QueryDict(query), at=at)


def export_label(export: Export) -> Any:
    """Return what an export holds, in the reader's language."""
    if export.kind != ExportKind.LIST:
        return export.get_kind_display()
    return _("Accounts") if export.source == ACCOUNTS else export.source
