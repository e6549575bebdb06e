"""The resources `teams` and `users`: everybody reads them, administrators write."""

from typing import Any

from accounts.api.base import RecordViewSet
from accounts.api.filters import UserFilter
from accounts.api.serializers.directory import TeamSerializer, UserSerializer
from accounts.choices import TokenScope
from accounts.models import Team, User
from accounts.services.teams import create_team, delete_team, update_team
from accounts.services.users import create_user, update_user


class TeamViewSet(RecordViewSet):
    """Our teams. `DELETE` removes one that nothing belongs to."""

    queryset = Team.objects.all()
    serializer_class = TeamSerializer
    filterset_fields = ("parent", "country")
    ordering_fields = ("id", "name")
    ordering = "id"
    write_scope = TokenScope.ADMIN

    def make(self, data: dict[str, Any]) -> Team:
        return create_team(by=self.me, **data)

    def change(self, row: Team, data: dict[str, Any]) -> Team:
        return update_team(team=row, changes=data, by=self.me)

    def remove(self, row: Team) -> None:
        delete_team(team=row, by=self.me)


class UserViewSet(RecordViewSet):
    """Our people. `DELETE` deactivates: what they did stays theirs."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    filterset_class = UserFilter
    ordering_fields = ("id", "email")
    ordering = "id"
    write_scope = TokenScope.ADMIN

    def with_parts(self, rows: Any) -> Any:
        return rows.prefetch_related("teams")

    def make(self, data: dict[str, Any]) -> User:
        return create_user(by=self.me, at=self.at, **data)

    def change(self, row: User, data: dict[str, Any]) -> User:
        return update_user(user=row, changes=data, by=self.me, at=self.at)

    def remove(self, row: User) -> None:
        update_user(user=row, changes={"is_active": False}, by=self.me, at=self.at)
