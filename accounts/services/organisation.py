"""The organisation that runs this installation, and how far its roles reach."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, Scope, UserRole
from accounts.models import AccessPolicy, Organisation, User
from accounts.services.authors import written_by
from accounts.services.conflicts import apply_changes
from accounts.services.countries import with_country
from config.lib.problems import Problem

#: What administrators change, on the page and over the API.
ORGANISATION = (
    "name",
    "name_en",
    "product_name",
    "language",
    "time_zone",
    "country",
    "fiscal_year_month",
    "currency",
    "contact_address",
    "privacy_url",
    "replay_days",
)
PLAIN = {*ORGANISATION, "event_retention_days"}
WIDTH = {Scope.NONE: 0, Scope.OWN_TEAM: 1, Scope.ALL: 2}


class AdministratorsKeepAll(Problem):
    """An administrator who sees less could no longer widen it again."""

    code = "administrators_keep_all"
    title = _("Administrators always see and change everything.")


class WritesUnseen(Problem):
    """Nobody can change what they do not see."""

    code = "writes_unseen"
    title = _("A role can't change more than it sees.")


def update_organisation(*, changes: Mapping[str, Any], by: User | None = None) -> Organisation:
    """Change the organisation at once; stored scores and segments follow with their next run.

    On a new installation it is made by its first change.

    :raises ValidationError: for a value that can't be, such as a time zone nobody knows.
    :raises UnknownCountry: for a country that is none.
    """
    if "time_zone" in changes:
        _refuse_unknown_zone(changes["time_zone"])
    with written_by(by):
        row = Organisation.objects.select_for_update().filter(pk=1).first() or Organisation(pk=1)
        if apply_changes(row, with_country(changes), allowed=PLAIN):
            row.save()
    return row


def set_access_policy(
    *,
    role: UserRole,
    kind: RecordKind,
    read_scope: Scope,
    write_scope: Scope,
    by: User | None = None,
) -> AccessPolicy:
    """Say how far a role sees and changes a kind of record; acts on everybody's next request.

    :raises AdministratorsKeepAll: for the role of administrators.
    :raises WritesUnseen: when it may change more than it sees.
    """
    if role == UserRole.ADMINISTRATOR:
        raise AdministratorsKeepAll
    if WIDTH[write_scope] > WIDTH[read_scope]:
        raise WritesUnseen
    scopes = {"read_scope": read_scope, "write_scope": write_scope}
    with written_by(by):
        policy, _made = AccessPolicy.objects.update_or_create(role=role, kind=kind, defaults=scopes)
    return policy


def _refuse_unknown_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = _("There is no time zone of this name.")
        raise ValidationError({"time_zone": message}) from error
