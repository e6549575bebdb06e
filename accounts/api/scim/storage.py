"""Users and teams as SCIM resources: read from their tables, written by their services."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _
from scim2_models import (
    Error,
    InvalidValueException,
    Meta,
    NotFoundException,
    NotImplementedException,
    PreconditionFailedException,
    Reference,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    ScimFilter,
    SearchRequest,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage

from accounts.api.scim import resources as scim
from accounts.choices import Language, UserRole
from accounts.models import Team, User
from accounts.services.conflicts import DirectoryIdTaken
from accounts.services.directory import deprovision_user, provision_user
from accounts.services.teams import create_team, delete_team, set_members, update_team
from accounts.services.users import UserExists, update_user
from config.lib.problems import Problem

#: The columns that hold an attribute as it is: an `eq` on one reads one row, not everybody.
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "User": {
        "id": "pk",
        "externalid": "directory_id",
        "username": "username__iexact",
        "emails": "email__iexact",
        "emails.value": "email__iexact",
    },
    "Group": {"id": "pk", "externalid": "directory_id", "displayname": "name__iexact"},
}


class DirectoryStorage(ScimStorage):
    """Our people and teams, for the directory whose token belongs to `by`."""

    def __init__(self, *, by: User, at: dt.datetime, locks: bool) -> None:
        self.by, self.at, self.locks = by, at, locks

    @contextmanager
    def operation(self) -> Iterator[None]:
        """One transaction; what a service refuses becomes an error of SCIM."""
        try:
            with transaction.atomic():
                yield
        except (UserExists, DirectoryIdTaken) as problem:
            raise UniquenessException(detail=str(problem)) from problem
        except Problem as problem:
            raise refusal(problem.status, str(problem)) from problem
        except ValidationError as error:
            raise InvalidValueException(detail=" ".join(error.messages)) from error

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        row = self._row(resource_type, resource_id)
        return _shown(row)

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        if len(resource_types) != 1:
            raise NotImplementedException
        rows = _rows(resource_types[0]).order_by("pk")
        start, count = search_request.start_index_0 or 0, search_request.count
        wanted = search_request.filter
        if wanted is None:
            stop = None if count is None else start + count
            return SearchPage(rows.count(), [_shown(row) for row in rows[start:stop]])
        found = [_shown(row) for row in rows.filter(_hint(resource_types[0], wanted))]
        matching = [resource for resource in found if wanted.match(resource)]
        stop = None if count is None else start + count
        return SearchPage(len(matching), matching[start:stop])

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if isinstance(resource, scim.User):
            values = {"role": UserRole.MEMBER, **_user_values(resource)}
            row: Any = provision_user(at=self.at, by=self.by, **values)
        else:
            row = create_team(by=self.by, **_team_values(resource))
            self._set_members(row, resource)
        return _shown(self._row(resource_type, str(row.pk)))

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        row = self._row(resource_type, resource.id, version=expected_version)
        if isinstance(resource, scim.User):
            update_user(user=row, changes=_user_values(resource), at=self.at, by=self.by)
        else:
            update_team(team=row, changes=_team_values(resource), by=self.by)
            self._set_members(row, resource)
        return _shown(self._row(resource_type, resource.id))

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        row = self._row(resource_type, resource_id, version=expected_version)
        if isinstance(row, User):
            deprovision_user(user=row, at=self.at, by=self.by)
        else:
            delete_team(team=row, by=self.by)

    def _row(
        self, resource_type: ResourceType, resource_id: str | None, version: str | None = None
    ) -> Any:
        rows = _rows(resource_type)
        if self.locks:
            rows = rows.select_for_update(no_key=True, of=("self",))
        row = rows.filter(pk=resource_id).first() if _is_key(resource_id) else None
        if row is None:
            raise NotFoundException(detail=_("There is nothing at this address."))
        if version is not None and version != _version(row):
            raise PreconditionFailedException
        return row

    def _set_members(self, team: Team, group: Any) -> None:
        wanted = [member.value for member in group.members or []]
        people = _rows_of_users().filter(pk__in=[key for key in wanted if _is_key(key)])
        if missing := set(wanted) - {str(person.pk) for person in people}:
            named = ", ".join(sorted(str(key) for key in missing))
            raise InvalidValueException(detail=_("No such user: %(ids)s") % {"ids": named})
        set_members(team=team, users=people, by=self.by)


def refusal(status: int, detail: str) -> SCIMException:
    """Return an error of SCIM that has no kind of its own there."""
    return SCIMException.from_error(Error(status=status, detail=detail))


def _is_key(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit() and len(text) <= 18


def _rows(resource_type: ResourceType) -> Any:
    return _rows_of_users() if resource_type.id == "User" else _rows_of_teams()


def _rows_of_users() -> Any:
    teams = Prefetch("teams", Team.objects.order_by("pk"))
    return _with_last_change(User).filter(left_directory_at=None).prefetch_related(teams)


def _rows_of_teams() -> Any:
    members = Prefetch("members", User.objects.filter(left_directory_at=None).order_by("pk"))
    return _with_last_change(Team).prefetch_related(members)


def _with_last_change(model: type[User] | type[Team]) -> Any:
    events: Any = model.events.rel.related_model.objects  # type: ignore[union-attr]
    last = events.filter(pgh_obj=OuterRef("pk")).order_by("-pgh_id").values("pgh_created_at")[:1]
    return model.objects.annotate(changed_at=Subquery(last))


def _hint(resource_type: ResourceType, wanted: ScimFilter[Any]) -> Q:
    """Return a condition that every match fulfils: the row itself for the usual questions."""
    node = wanted.ast
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq:
        return Q()
    parts = [node.attr_path.attr, node.attr_path.sub_attr]
    column = _COLUMNS[str(resource_type.id)].get(".".join(filter(None, parts)).lower())
    if column is None or not isinstance(node.value, str):
        return Q()
    if column == "pk" and not _is_key(node.value):
        return Q(pk__in=[])
    return Q(**{column: node.value})


def _shown(row: User | Team) -> Resource[Any]:
    return _shown_user(row) if isinstance(row, User) else _shown_team(row)


def _shown_user(user: User) -> scim.User:
    return scim.User(
        id=str(user.pk),
        external_id=user.directory_id,
        meta=_meta(user, "User"),
        user_name=user.username,
        name=scim.Name(
            family_name=user.family_name or None,
            given_name=user.given_name or None,
        ),
        display_name=str(user),
        emails=[scim.Email(value=user.email, type=scim.EmailType.WORK, primary=True)],
        active=user.is_active,
        preferred_language=scim.Locale(user.language),
        roles=[
            scim.Role(value=scim.RoleKey(user.role), display=user.get_role_display(), primary=True)
        ],
        groups=[
            scim.Membership(
                value=str(team.pk), ref=Reference(f"Groups/{team.pk}"), display=str(team)
            )
            for team in user.teams.all()
        ]
        or None,
    )


def _shown_team(team: Team) -> scim.Group:
    return scim.Group(
        id=str(team.pk),
        external_id=team.directory_id,
        meta=_meta(team, "Group"),
        display_name=team.name,
        members=[
            scim.Member(value=str(user.pk), ref=Reference(f"Users/{user.pk}"))
            for user in team.members.all()
        ]
        or None,
    )


def _meta(row: Any, kind: str) -> Meta:
    return Meta(
        resource_type=kind,
        created=getattr(row, "date_joined", None),
        last_modified=row.changed_at,
        version=_version(row),
    )


def _version(row: Any) -> str:
    """Return a tag of all that SCIM may change, whatever language the reader has."""
    state: list[Any]
    if isinstance(row, User):
        names = [row.username, row.email, row.family_name, row.given_name, row.directory_id]
        state = [*names, row.role, row.language, row.time_zone, row.is_active]
    else:
        state = [row.name, row.directory_id, [user.pk for user in row.members.all()]]
    return f'W/"{hashlib.sha256(json.dumps([row.pk, state]).encode()).hexdigest()[:24]}"'


def _user_values(user: scim.User) -> dict[str, Any]:
    """Return the fields to write; what a directory leaves out and we need stays as it is."""
    name = user.name or scim.Name()
    values: dict[str, Any] = {
        "username": (user.user_name or "").strip().casefold(),
        "email": _chosen(user.emails or [], "emails"),
        "family_name": name.family_name or "",
        "given_name": name.given_name or "",
        "directory_id": user.external_id or None,
    }
    if user.active is not None:
        values["is_active"] = user.active
    if user.roles:
        values["role"] = _chosen(user.roles, "roles")
    if (language := str(user.preferred_language or "")[:2].lower()) in Language.values:
        values["language"] = language
    return values


def _chosen(values: list[Any], named: str) -> str:
    """Return the primary value or, where none is, the last: we keep one of what may be several.

    :raises InvalidValueException: when there is none.
    """
    last = sorted(values, key=lambda value: bool(value.primary))[-1:]
    if not last or not last[0].value:
        raise InvalidValueException(detail=_("%(attribute)s: one is needed") % {"attribute": named})
    return str(last[0].value)


def _team_values(group: Any) -> dict[str, Any]:
    return {"name": group.display_name, "directory_id": group.external_id or None}
