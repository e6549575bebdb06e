"""The customer record in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, Scope
from accounts.querysets import may_answer_for_privacy, reach_of
from config.lib.navigation import Entry, register_entry


def _may_write(user: Any, kind: RecordKind) -> bool:
    return reach_of(user).scope(kind, write=True) != Scope.NONE


register_entry(
    Entry(
        "accounts",
        _("Accounts"),
        "accounts:list",
        icon="building-skyscraper",
        order=20,
        tab=True,
        shortcut="g a",
    )
)
register_entry(
    Entry("search", _("Search accounts"), "accounts:list", icon="search", place="search")
)
register_entry(
    Entry(
        "touchpoint",
        _("Log a touchpoint"),
        "accounts:touchpoint_new",
        icon="plus",
        place="action",
        shortcut="l",
        allows=lambda user: _may_write(user, RecordKind.TOUCHPOINT),
    )
)
register_entry(
    Entry("outbox", _("Outbox"), "accounts:mail_list", icon="send", order=90, place="settings")
)
register_entry(
    Entry(
        "imports",
        _("Imports"),
        "accounts:import_list",
        icon="upload",
        order=80,
        place="settings",
        allows=lambda user: _may_write(user, RecordKind.ACCOUNT),
    )
)
register_entry(
    Entry(
        "exports",
        _("Exports"),
        "accounts:export_list",
        icon="download",
        order=81,
        place="settings",
        allows=lambda user: bool(reach_of(user).role),
    )
)
register_entry(
    Entry(
        "audit",
        _("Audit"),
        "accounts:audit_list",
        icon="history",
        order=95,
        place="settings",
        allows=may_answer_for_privacy,
    )
)
