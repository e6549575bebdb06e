"""Teams: a tree, and who belongs where."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamMembership, User
from accounts.services.authors import written_by
from accounts.services.conflicts import (
    DirectoryIdTaken,
    apply_changes,
    check_columns,
    refusing,
)
from accounts.services.countries import with_country
from accounts.services.hierarchy import refuse_cycle
from config.lib.problems import Conflict

PLAIN = {"name", "name_en", "country", "directory_id"}
_CONFLICTS = {"accounts_team_directory_id_key": DirectoryIdTaken}


class TeamInUse(Conflict):
    """Accounts, teams or sources of events belong to the team."""

    code = "team_in_use"
    title = _(
        "The team can't be removed: accounts, other teams or sources of events belong to it,"
        " perhaps archived ones."
    )


def create_team(
    *, name: str, parent: Team | None = None, by: User | None = None, **fields: Any
) -> Team:
    """Make a team, below another where `parent` is given.

    :raises DirectoryIdTaken: when the directory gave its id to another team.
    :raises UnknownCountry: for a country that is none.
    """
    team = Team(parent=parent)
    apply_changes(team, with_country({"name": name, **fields}), allowed=PLAIN)
    check_columns(team)
    with written_by(by), refusing(_CONFLICTS):
        team.save()
    return team


def update_team(*, team: Team, changes: Mapping[str, Any], by: User | None = None) -> Team:
    """Change a team or its place in the tree.

    :raises CyclicHierarchy: when the new parent stands below the team.
    :raises DirectoryIdTaken: when the directory gave its id to another team.
    :raises UnknownCountry: for a country that is none.
    """
    plain = with_country(changes)
    with written_by(by), refusing(_CONFLICTS):
        locked: Team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        if "parent" in plain:
            locked.parent = plain.pop("parent")
            refuse_cycle(row=locked, parent=locked.parent)
        apply_changes(locked, plain, allowed=PLAIN)
        locked.save()
    return locked


def delete_team(*, team: Team, by: User | None = None) -> None:
    """Remove a team that nothing belongs to; its memberships go with it.

    :raises TeamInUse: when accounts or teams belong to it.
    """
    with written_by(by):
        try:
            team.delete()
        except ProtectedError as error:
            raise TeamInUse from error


def add_member(*, team: Team, user: User, by: User | None = None) -> None:
    """Put a user into a team; acts on their next request. Twice is once."""
    with written_by(by):
        TeamMembership.objects.get_or_create(team=team, user=user)


def set_members(*, team: Team, users: Iterable[User], by: User | None = None) -> None:
    """Let exactly these users belong to a team; acts on their next request."""
    wanted = {user.pk for user in users}
    with written_by(by):
        TeamMembership.objects.filter(team=team).exclude(user__in=wanted).delete()
        TeamMembership.objects.bulk_create(
            [TeamMembership(team=team, user_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
        )
