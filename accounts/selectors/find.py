"""What the command palette and the search page find: accounts, people, pages, actions.

The account on screen comes first, with what can be done there and its people. Words are folded as
in every search; pages and actions answer to their names in both languages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import RecordKind, Scope
from accounts.domain.names import fold_for_search
from accounts.domain.romaji import hiragana_of
from accounts.models import Account, Contact, DefaultView, SavedView
from accounts.querysets import Reach, reach_of
from accounts.registry import lists
from accounts.selectors.external_ids import accounts_called
from config.lib.navigation import Entry, entries
from config.lib.once import once

SHOWN = 8
PAGES = {"main", "settings_home", "settings", "person"}
FIRST_PAGES = {"main", "settings_home"}
ACTIONS = {"action", "palette"}


@dataclass(frozen=True)
class Finding:
    """Something to go to; `says` stands beside its name."""

    label: str
    href: str
    icon: str
    says: str = ""
    keys: str = ""
    dialog: bool = False


@dataclass(frozen=True)
class Section:
    """Findings of one kind; `more` is the list that shows all of them."""

    key: str
    title: str
    findings: list[Finding]
    more: str = ""


def find(text: str, *, user: Any, here: int | None = None) -> list[Section]:
    """Return what fits the words, section by section, empty ones left out.

    :param here: the account on screen; without words it and the pages are all there is.
    """
    account = Account.objects.visible_to(user).filter(pk=here).first() if here else None
    sections = [
        Section("here", _("On this page"), _of_account(account, text, user)),
        Section("accounts", _("Accounts"), _accounts(text, user, account), _all(text)),
        Section("people", _("People"), _people(text, user, account), _all(text, "contacts")),
        Section("pages", _("Pages"), [*_pages(text, user), *_views(text, user)]),
        Section("actions", _("Actions"), _actions(text, user, account)),
    ]
    return [section for section in sections if section.findings]


def find_records(text: str, *, user: Any) -> list[Section]:
    """Return only accounts and people: what the search page shows."""
    sections = [
        Section("accounts", _("Accounts"), _accounts(text, user, None), _all(text)),
        Section("people", _("People"), _people(text, user, None), _all(text, "contacts")),
    ]
    return [section for section in sections if section.findings]


def _all(text: str, key: str = "") -> str:
    return f"{list_address(key)}?view=0&q={quote(text)}"


def _of_account(account: Account | None, text: str, user: Any) -> list[Finding]:
    if account is None:
        return []
    rows = Account.objects.filter(pk=account.pk)
    itself = [_account(account)] if not text or rows.search(text).exists() else []
    return itself + [
        _action(entry, account)
        for entry in _allowed(ACTIONS, user)
        if entry.with_account and _answers(entry.label, text)
    ]


def _accounts(text: str, user: Any, here: Account | None) -> list[Finding]:
    if not text:
        return []
    rows = accounts_called(Account.objects.visible_to(user).unarchived(), text)
    found = rows.exclude(pk=here.pk if here else None).order_by("name_kana", "pk")
    return [_account(account) for account in found[:SHOWN]]


def _account(account: Account) -> Finding:
    says = " · ".join(filter(None, [account.external_id or "", str(account.get_status_display())]))
    href = reverse("accounts:detail", args=[account.pk])
    return Finding(str(account), href, "building-skyscraper", says)


def _people(text: str, user: Any, here: Account | None) -> list[Finding]:
    people: QuerySet[Contact] = (
        Contact.objects.visible_to(user)
        .filter(archived_at=None, merged_into=None)
        .search(text)
        .select_related("account")
        .order_by("family_kana", "pk")
    )
    own = list(people.filter(account=here, is_ghost=False)[:SHOWN]) if here else []
    others = people.exclude(account=here)[: SHOWN - len(own)] if text else []
    reach = reach_of(user)
    return [
        Finding(
            str(person),
            reverse("accounts:contact_detail", args=[person.pk]),
            "user",
            " · ".join(filter(None, [_place(person, reach), person.title])),
        )
        for person in (*own, *others)
    ]


def _place(person: Contact, reach: Reach) -> str:
    """Return whose person it is; nothing where the reader sees people further than accounts."""
    return str(person.account) if reach.covers(person.account, RecordKind.ACCOUNT) else ""


def _pages(text: str, user: Any) -> Iterator[Finding]:
    for entry in _allowed(PAGES if text else FIRST_PAGES, user):
        if _answers(entry.label, text):
            yield Finding(
                str(entry.label), reverse(entry.url_name), entry.icon, keys=entry.shortcut
            )
    reach = reach_of(user)
    for part in sorted(lists.members(), key=lambda part: (part.order, part.key)):
        if text and reach.scope(part.kind) != Scope.NONE and _answers(part.label, text):
            yield Finding(str(part.label), list_address(part.key), part.icon)


def _views(text: str, user: Any) -> Iterator[Finding]:
    """Find saved views by name; there are few, and their names are not folded in the database."""
    for view in views_of(user) if text else ():
        if _answers(view.name, text):
            yield Finding(view.name, view_address(view), "filter", _("Saved view"))


def views_of(user: Any) -> list[SavedView]:
    """Return all views the user sees, by name; `is_opened` marks what they begin a list with."""
    own = DefaultView.objects.filter(user=user.pk, view=OuterRef("pk"))
    rows = SavedView.objects.visible_to(user).annotate(is_opened=Exists(own))
    return once("views", lambda: list(rows.order_by("name", "pk")))


def view_address(view: SavedView) -> str:
    """Return the address of the list a view opens."""
    return f"{list_address(view.list_key)}?{view.query}&view={view.pk}"


def list_address(key: str) -> str:
    """Return the address of a list of records; what is no kind of record is the account list."""
    if key not in lists:
        return reverse("accounts:list")
    return reverse("accounts:record_list", kwargs={"key": key})


def _actions(text: str, user: Any, here: Account | None) -> list[Finding]:
    return [
        _action(entry, None)
        for entry in _allowed(ACTIONS, user)
        if _answers(entry.label, text) and not (here and entry.with_account)
    ]


def _action(entry: Entry, account: Account | None) -> Finding:
    query = f"?account={account.pk}" if account and entry.with_account else ""
    says = str(account) if query else ""
    href = reverse(entry.url_name) + query
    return Finding(str(entry.label), href, entry.icon, says, entry.shortcut, entry.dialog)


def _allowed(places: set[str], user: Any) -> list[Entry]:
    return [entry for entry in entries() if entry.place in places and entry.allows(user)]


def _answers(label: Any, text: str) -> bool:
    """Say whether a name contains every word, in whichever language it is asked for."""
    named = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            named.append(fold_for_search(str(label)))
    return all(
        any(spelling in name for name in named for spelling in (word, *hiragana_of(word)))
        for word in fold_for_search(text).split()
    )
