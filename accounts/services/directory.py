"""Whom the company's directory lets in and lets go."""

import datetime as dt
from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.services.authors import written_by
from accounts.services.users import create_user, update_user


def provision_user(*, email: str, username: str, at: dt.datetime, by: User, **fields: Any) -> User:
    """Make a colleague whom the directory assigned to us, or let one come back who had left.

    :raises UserExists: when somebody who did not leave has the address or the user name.
    """
    with written_by(by):
        is_it = Q(username=username) | Q(email__iexact=email)
        gone = User.objects.exclude(left_directory_at=None).filter(is_it).first()
        if gone is None:
            return create_user(email=email, username=username, at=at, by=by, **fields)
        back = {"is_active": True, **fields, "email": email, "username": username}
        return update_user(user=gone, changes=back | {"left_directory_at": None}, at=at, by=by)


def deprovision_user(*, user: User, at: dt.datetime, by: User) -> None:
    """Let a colleague go whom the directory no longer assigns to us: what they did stays theirs.

    :raises LastAdministrator: when nobody would be left to administer.
    """
    gone = {"is_active": False, "directory_id": None, "left_directory_at": at, "teams": ()}
    update_user(user=user, changes=gone, at=at, by=by)
