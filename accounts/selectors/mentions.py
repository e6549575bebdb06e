"""Colleagues who may be named in a talk, and the talks in which one was."""

from typing import Any

from django.db.models import Q

from accounts.models import TouchpointMention, User
from accounts.querysets import by_user

OFFERED = 8


def names_of_colleagues() -> dict[int, list[str]]:
    """Return what each colleague who may sign in is called, by their id."""
    users = User.objects.filter(is_active=True)
    rows = users.values_list(
        "pk", "family_name", "given_name", "family_name_latin", "given_name_latin", "username"
    )
    return {
        pk: [
            f"{family}{given}",
            family,
            f"{given_latin}{family_latin}",
            f"{family_latin}{given_latin}",
            family_latin,
            username.partition("@")[0],
        ]
        for pk, family, given, family_latin, given_latin, username in rows
    }


def colleagues_like(text: str) -> list[User]:
    """Return a few colleagues whose name or address begins like what was typed behind `@`."""
    paths = ("family_name", "given_name", "family_name_latin", "given_name_latin", "username")
    like = Q(*((f"{path}__istartswith", text) for path in paths), _connector=Q.OR)
    rows = User.objects.filter(like, is_active=True).order_by(*by_user())
    return list(rows[:OFFERED])


def mentions_of(user: Any, *, most: int) -> list[TouchpointMention]:
    """Return the talks the user was named in and has not seen, newest first, each talk once."""
    rows = TouchpointMention.objects.visible_to(user).unseen()
    newest = rows.select_related("touchpoint__account", "touchpoint__created_by")
    talks: dict[Any, TouchpointMention] = {}
    for row in newest.order_by("-recorded_at", "-pk")[: 2 * most]:
        talks.setdefault(row.touchpoint.group or row.touchpoint_id, row)
    return list(talks.values())[:most]
