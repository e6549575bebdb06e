"""The customer record in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, Scope, UserRole
from accounts.querysets import may_answer_for_privacy, reach_of
from accounts.registry import lists
from accounts.selectors.find import view_address, views_of
from config.lib.navigation import Entry, Link, kept, register_entry, registered

VIEWS_SHOWN = 8


def _may_write(user: Any, kind: RecordKind) -> bool:
    return reach_of(user).scope(kind, write=True) != Scope.NONE


def _administers(user: Any) -> bool:
    return bool(getattr(user, "role", "") == UserRole.ADMINISTRATOR)


def _pages_of_the_record() -> tuple[str, ...]:
    """Return the lists that no other page of the frame holds, and what else belongs to them."""
    others = (entry for entry in registered.members() if entry.key != "accounts")
    elsewhere = {below for entry in others for below in entry.holds()}
    held = ("/lists/", "/segments/", "/views/", "/merges/", "/history/", "/payments/")
    return (*(f"/{key}/" for key in lists if f"/{key}/" not in elsewhere), *held)


register_entry(
    Entry(
        "accounts",
        _("Accounts"),
        "accounts:list",
        icon="building-skyscraper",
        order=20,
        tab=True,
        shortcut="g a",
        holds=_pages_of_the_record,
    )
)
register_entry(
    Entry(
        "search", _("Search accounts and people"), "accounts:search", icon="search", place="search"
    )
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
        with_account=True,
        dialog=True,
    )
)
register_entry(
    Entry(
        "lists",
        _("Segments and lists"),
        "accounts:lists",
        icon="filter",
        place="palette",
    )
)
register_entry(
    Entry(
        "account_new",
        _("New account"),
        "accounts:new",
        icon="plus",
        order=110,
        place="palette",
        allows=lambda user: reach_of(user).adds_accounts,
    )
)
register_entry(
    Entry(
        "list_new",
        _("New list"),
        "accounts:list_new",
        icon="plus",
        order=120,
        place="palette",
        allows=lambda user: _may_write(user, RecordKind.ACCOUNT),
        dialog=True,
    )
)
register_entry(
    Entry(
        "segment_new",
        _("New segment"),
        "accounts:segment_new",
        icon="plus",
        order=130,
        place="palette",
        allows=_administers,
    )
)


def _settings(key: str, label: Any, icon: str, order: int, about: Any) -> None:
    register_entry(
        Entry(
            f"settings_{key}",
            label,
            f"accounts:settings_{key}",
            icon=icon,
            order=order,
            place="settings",
            allows=_administers,
            section=_("Organisation"),
            about=about,
        )
    )


_settings(
    "organisation",
    _("Organisation"),
    "building-skyscraper",
    10,
    _("Names, time zone, fiscal year, currency, and what customers read."),
)
_settings("teams", _("Teams"), "affiliate", 20, _("The tree of teams and who belongs where."))
_settings(
    "people", _("Colleagues"), "users", 30, _("Colleagues, their roles and their invitations.")
)
_settings("access", _("Access"), "lock", 40, _("How far each role sees and changes what."))
register_entry(
    Entry(
        "settings_tokens",
        _("API tokens"),
        "accounts:settings_tokens",
        icon="key",
        order=310,
        place="settings",
        section=_("Operation"),
        about=_("Keys with which a program works in your name."),
    )
)
register_entry(
    Entry(
        "outbox",
        _("Outbox"),
        "accounts:mail_list",
        icon="send",
        order=230,
        place="settings",
        section=_("Data"),
        about=_("Every mail to customers and what became of it."),
    )
)
register_entry(
    Entry(
        "imports",
        _("Imports"),
        "accounts:import_list",
        icon="upload",
        order=210,
        place="settings",
        section=_("Data"),
        about=_("Take records in from a file, with a preview and a way back."),
        allows=lambda user: _may_write(user, RecordKind.ACCOUNT),
    )
)
register_entry(
    Entry(
        "inlets",
        _("Inlets"),
        "accounts:inlet_list",
        icon="inbox",
        order=330,
        place="settings",
        section=_("Operation"),
        about=_("Addresses at which other systems leave records: webhooks in."),
        allows=_administers,
        holds=lambda: ("/settings/deliveries/",),
    )
)
register_entry(
    Entry(
        "exports",
        _("Exports"),
        "accounts:export_list",
        icon="download",
        order=220,
        place="settings",
        section=_("Data"),
        about=_("Files with lists, or with everything."),
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
        section=_("Data"),
        about=_("Who changed, took out or read what."),
        allows=may_answer_for_privacy,
    )
)
register_entry(
    Entry(
        "attributes",
        _("Attributes"),
        "accounts:attribute_list",
        icon="tag",
        order=45,
        place="settings",
        section=_("Organisation"),
        about=_("Fields of your own on accounts, also computed ones."),
    )
)
register_entry(
    Entry(
        "seniority",
        _("Levels of titles"),
        "accounts:seniority",
        icon="users",
        order=46,
        place="settings",
        section=_("Organisation"),
        about=_("Which words in the titles of contacts stand for which level."),
    )
)
register_entry(
    Entry(
        "touch_models",
        _("Touch models"),
        "accounts:expectation_list",
        icon="message-circle",
        order=40,
        place="settings",
        section=_("Organisation"),
        about=_("How often to talk with an account, and which roles it needs."),
    )
)
register_entry(
    Entry(
        "touchpoint_types",
        _("Types of talks"),
        "accounts:touchpoint_type_list",
        icon="message-circle",
        order=41,
        place="settings",
        section=_("Organisation"),
        about=_("What a talk can be: names, icons, order and what is usual for each."),
    )
)
register_entry(
    Entry(
        "minutes",
        _("Templates for minutes"),
        "accounts:minutes_list",
        icon="file-text",
        order=42,
        place="settings",
        section=_("Organisation"),
        about=_("Headings to start from when a talk is logged."),
    )
)
register_entry(
    Entry(
        "rates",
        _("Exchange rates"),
        "accounts:rate_list",
        icon="coin",
        order=60,
        place="settings",
        section=_("Organisation"),
        about=_("Rates for adding up amounts in other currencies."),
        allows=lambda user: reach_of(user).role == UserRole.ADMINISTRATOR,
    )
)
register_entry(
    Entry(
        "duplicates",
        _("Duplicates"),
        "accounts:duplicate_list",
        icon="users",
        order=82,
        place="settings",
        section=_("Data"),
        about=_("Accounts and contacts that may stand twice, to be merged."),
        allows=lambda user: _may_write(user, RecordKind.ACCOUNT),
    )
)
register_entry(
    Entry(
        "privacy",
        _("Privacy"),
        "accounts:privacy",
        icon="shield-lock",
        order=94,
        place="settings",
        section=_("Data"),
        about=_("Give a person their data, or erase it."),
        allows=may_answer_for_privacy,
    )
)
register_entry(
    Entry(
        "retention",
        _("How long data is kept"),
        "accounts:retention",
        icon="hourglass",
        order=96,
        place="settings",
        section=_("Data"),
        about=_("When old data is deleted."),
        allows=may_answer_for_privacy,
    )
)


@kept.register("views")
def _saved_views(*, user: Any, request: Any) -> list[Link]:
    """Return the views the user sees, their own first; the palette finds the others."""
    views = sorted(views_of(user), key=lambda view: view.owner_id != user.pk)[:VIEWS_SHOWN]
    chosen = request.GET.get("view", "")
    return [
        Link(view_address(view), view.name, "", "main", "", chosen == str(view.pk), None)
        for view in views
    ]
