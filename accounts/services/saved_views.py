"""Saved views: a question to a list, kept under a name for oneself, a team or everybody."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import Sharing
from accounts.models import DefaultView, SavedView, Team, User
from accounts.registry import lists
from accounts.services.authors import written_by
from config.lib.problems import FieldError, Problem

ACCOUNTS = "accounts"
LONGEST_QUERY = 4000


class InvalidView(Problem):
    """There is no such list, or the view is for a team without naming one."""

    code = "invalid_view"
    title = _("The view can't be kept this way.")


class ViewGone(Problem):
    """Somebody took the view away meanwhile."""

    status = 404
    code = "view_gone"
    title = _("This view was taken away in the meantime.")


def list_keys() -> list[str]:
    """Return the keys of every list views can be kept of, accounts first."""
    return [ACCOUNTS, *lists]


def save_view(
    *, list_key: str, name: str, query: str, owner: User, at: dt.datetime,
    sharing: str = Sharing.PRIVATE, team: Team | None = None,
) -> SavedView:  # fmt: skip
    """Keep a question to a list; a position in the list is no part of it.

    :raises InvalidView: for an unknown list, or a team that does not fit the sharing.
    """
    if list_key not in list_keys():
        raise InvalidView(errors=[FieldError("/list_key", _("There is no such list."))])
    check_sharing(sharing=sharing, team=team)
    with written_by(owner):
        view: SavedView = SavedView.objects.create(
            list_key=list_key, name=name.strip(), query=kept_query(query), owner=owner,
            sharing=sharing, team=team, updated_at=at,
        )  # fmt: skip
    return view


def change_view(
    *, view: SavedView, changes: Mapping[str, Any], by: User, at: dt.datetime
) -> SavedView:
    """Change name, question or who sees a view.

    :raises InvalidView: for a team that does not fit the sharing.
    :raises ViewGone: when it was taken away meanwhile.
    """
    values = dict(changes)
    if "query" in values:
        values["query"] = kept_query(values["query"])
    if values.get("sharing", Sharing.TEAM) != Sharing.TEAM:
        values.setdefault("team", None)
    with written_by(by):
        locked = _lock(view)
        for field, value in values.items():
            setattr(locked, field, value)
        check_sharing(sharing=locked.sharing, team=locked.team)
        locked.updated_at = at
        locked.save(update_fields=[*values, "updated_at"])
    return locked


def remove_view(*, view: SavedView, by: User) -> None:
    """Take a view away, also from those whose list opened with it.

    :raises ViewGone: when it was taken away meanwhile.
    """
    with written_by(by):
        _lock(view).delete()


@transaction.atomic
def open_with(*, user: User, list_key: str, view: SavedView | None) -> None:
    """Let a person's list open with a view, or with nothing special again.

    :raises ViewGone: when it was taken away meanwhile.
    """
    if view is None:
        DefaultView.objects.filter(user=user, list_key=list_key).delete()
    else:
        _lock(view)
        DefaultView.objects.update_or_create(user=user, list_key=list_key, defaults={"view": view})


def _lock(view: SavedView) -> SavedView:
    locked: SavedView | None = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if locked is None:
        raise ViewGone
    return locked


def check_sharing(*, sharing: str, team: Team | None) -> None:
    """Refuse a team where none is meant, and none where one is.

    :raises InvalidView: naming the team.
    """
    if (sharing == Sharing.TEAM) != (team is not None):
        raise InvalidView(errors=[FieldError("/team", _("Name the team it is for, or none."))])


def kept_query(query: str) -> str:
    """Return the lasting part of an address: no page position, no empty values.

    :raises InvalidView: when that is too long to keep.
    """
    pairs = [
        (name, value.replace("\0", ""))
        for name, value in parse_qsl(query.lstrip("?"))
        if name not in {"cursor", "view"}
    ]
    kept = urlencode(pairs)
    if len(kept) > LONGEST_QUERY:
        raise InvalidView(errors=[FieldError("/query", _("The question is too long to keep."))])
    return kept
