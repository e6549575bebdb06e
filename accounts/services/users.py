"""Colleagues: making a user, changing them, letting them go."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import UserRole
from accounts.models import ApiToken, Team, TeamMembership, User
from accounts.services.authors import written_by
from accounts.services.conflicts import (
    DirectoryIdTaken,
    apply_changes,
    check_columns,
    refusing,
)
from config.lib.problems import Conflict, FieldError, Problem

PLAIN = {
    "username",
    "email",
    "family_name",
    "given_name",
    "family_name_latin",
    "given_name_latin",
    "role",
    "language",
    "time_zone",
    "theme",
    "is_active",
    "directory_id",
    "left_directory_at",
}


class UserExists(Conflict):
    """Another user has this name or mail address."""

    code = "user_exists"
    title = _("Another user has this name or mail address.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/email", self.title)])


class LastAdministrator(Conflict):
    """Without an active administrator nobody could let one in again."""

    code = "last_administrator"
    title = _("At least one active administrator must remain.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/role", self.title)])


_CONFLICTS: Mapping[str, type[Problem]] = {
    "accounts_user_email_unique": UserExists,
    "accounts_user_username_key": UserExists,
    "accounts_user_directory_id_key": DirectoryIdTaken,
}


def create_user(
    *,
    email: str,
    at: dt.datetime,
    password: str | None = None,
    teams: Iterable[Team] = (),
    by: User | None = None,
    **fields: Any,
) -> User:
    """Make a colleague who signs in by mail address; without a password they can't yet.

    :raises DirectoryIdTaken: when the directory gave its id to somebody else.
    :raises UserExists: when the address or the user name is taken.
    """
    folded = email.strip().casefold()
    user = User(date_joined=at)
    apply_changes(user, {"username": folded, "email": folded, **fields}, allowed=PLAIN)
    _set_password(user, password)
    check_columns(user)
    _open_admin(user)
    with written_by(by), refusing(_CONFLICTS):
        user.save()
        _set_teams(user, teams)
    return user


def update_user(
    *, user: User, changes: Mapping[str, Any], at: dt.datetime, by: User | None = None
) -> User:
    """Change a colleague; `teams` are given as a whole.

    Who is inactive loses every token, and is signed out on every device also for a return.

    :raises DirectoryIdTaken: when the directory gave its id to somebody else.
    :raises LastAdministrator: when nobody would be left to administer.
    :raises UserExists: when the address or the user name is taken.
    """
    plain = dict(changes)
    teams = plain.pop("teams", None)
    if "email" in plain:
        plain["email"] = plain["email"].strip().casefold()
    with written_by(by), refusing(_CONFLICTS):
        locked = _lock(user)
        apply_changes(locked, plain, allowed=PLAIN)
        if locked.is_active:
            locked.left_directory_at = None
        _refuse_to_lose_the_last_administrator(locked)
        _open_admin(locked)
        locked.save()
        if teams is not None:
            _set_teams(locked, teams)
        if not locked.is_active:
            ApiToken.objects.filter(user=locked, revoked_at=None).update(revoked_at=at)
            for device in UserSession.objects.filter(user=locked):
                device.end()
    return locked


def set_user_password(*, user: User, password: str, by: User | None = None) -> None:
    """Give a colleague another password; whoever knew the old one is signed out.

    :raises ValidationError: for a weak one.
    """
    with written_by(by):
        _set_password(user, password)
        user.save(update_fields=["password"])


def _set_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from error
    user.set_password(password)


def _open_admin(user: User) -> None:
    """The operators' admin is for administrators of the product and nobody else."""
    user.is_staff = user.is_superuser = user.role == UserRole.ADMINISTRATOR


def _set_teams(user: User, teams: Iterable[Team]) -> None:
    wanted = {team.pk for team in teams}
    TeamMembership.objects.filter(user=user).exclude(team__in=wanted).delete()
    TeamMembership.objects.bulk_create(
        [TeamMembership(user=user, team_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )


def _refuse_to_lose_the_last_administrator(user: User) -> None:
    if user.is_active and user.role == UserRole.ADMINISTRATOR:
        return
    standing = set(_administrators().values_list("pk", flat=True))
    if user.pk in standing and len(standing) == 1:
        raise LastAdministrator


def _administrators() -> QuerySet[User]:
    rows: QuerySet[User] = User.objects.filter(role=UserRole.ADMINISTRATOR, is_active=True)
    return rows


def _lock(user: User) -> User:
    """Lock the user with all administrators, in one order: two may let each other go at once."""
    rows: QuerySet[User] = User.objects.filter(Q(pk=user.pk) | Q(pk__in=_administrators()))
    held = {row.pk: row for row in rows.select_for_update(no_key=True).order_by("pk")}
    return held[user.pk]
