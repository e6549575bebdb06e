"""Who may send events, what the events mean, and the ids nobody knows yet."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView, ReadOnlyViewSet, RecordViewSet
from accounts.api.relations import LinkField
from accounts.api.views.organisation import Administers
from accounts.choices import RecordKind, Scope, TokenScope
from accounts.forms.accounts import teams_open_to
from accounts.models import Account, Team, User
from accounts.querysets import reach_of, steers
from config.lib.bodies import read_body, refuse_members
from scoring.api.filters import EventNameFilter, UnknownIdFilter, WriteKeyFilter
from scoring.choices import TraitField
from scoring.models import EventName, WaitingKey, WriteKey
from scoring.services.event_names import give_meaning
from scoring.services.waiting import give_to_account, make_account_of
from scoring.services.write_keys import (
    create_write_key,
    revoke_write_key,
    rotate_write_key,
    update_write_key,
)


class Steers(BasePermission):
    """Only managers and administrators open the pages of data quality."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return steers(request.user)


class WriteKeySerializer(serializers.ModelSerializer[WriteKey]):
    """The right of one system to send events. `key` is told once, when it is made or rotated; we
    keep a hash of it, and how it begins.
    """

    key = serializers.SerializerMethodField(help_text="The secret; null but this once.")
    team = LinkField(queryset=Team.objects.all(), allow_null=True, required=False)
    owner = LinkField(queryset=User.objects.filter(is_active=True), allow_null=True, required=False)
    allowed_traits = serializers.ListField(
        child=serializers.ChoiceField(choices=TraitField.choices),
        required=False,
        max_length=len(TraitField),
    )

    class Meta:
        model = WriteKey
        fields = (
            "id",
            "name",
            "prefix",
            "key",
            "owner",
            "creates_accounts",
            "team",
            "allowed_traits",
            "created_at",
            "revoked_at",
        )
        read_only_fields = ("prefix", "created_at", "revoked_at")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_key(self, row: WriteKey) -> None:
        """Nobody knows it any more."""
        return

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Ask for the team that gets the accounts the key makes."""
        creates, team = (
            data.get(name, getattr(self.instance, name, None))
            for name in ("creates_accounts", "team")
        )
        if creates and team is None:
            words = _("Say which team gets the accounts this key creates.")
            raise serializers.ValidationError({"team": words})
        return data


class WriteKeyViewSet(RecordViewSet):
    """Keys with which our own systems send events; for administrators. `DELETE` revokes one at
    once; what it sent stays. Making, changing and rotating ask a session once more who it is."""

    queryset = WriteKey.objects.all()
    serializer_class = WriteKeySerializer
    filterset_class = WriteKeyFilter
    permission_classes: Any = (*ApiView.permission_classes, Administers)
    write_scope = TokenScope.ADMIN
    ordering_fields = ("id", "name", "created_at")
    ordering = "-created_at"
    secret: str | None = None

    @property
    def asks_again(self) -> bool:  # type: ignore[override]
        """Let a key be revoked without delay, as on its page."""
        return bool(self.action != "destroy")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a key and tell it; repeated under one `Idempotency-Key`, it is not told again."""
        answer = super().create(request, *args, **kwargs)
        answer.data["key"] = self.secret
        return answer

    def make(self, data: dict[str, Any]) -> WriteKey:
        row, self.secret = create_write_key(by=self.me, **data)
        return row

    def change(self, row: WriteKey, data: dict[str, Any]) -> WriteKey:
        return update_write_key(write_key=row, changes=data, by=self.me)

    def remove(self, row: WriteKey) -> None:
        revoke_write_key(write_key=row, at=self.at, by=self.me)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def rotate(self, request: Request, **kwargs: Any) -> Response:
        """Give a key another secret and tell it; with the old one nothing is sent any more."""
        refuse_members(request)
        row = self.get_object()
        secret = rotate_write_key(write_key=row, by=self.me)
        return Response({**self._shown(row), "key": secret})


class EventNameSerializer(serializers.ModelSerializer[EventName]):
    """An event of the product by its name, what it means and how it is counted."""

    class Meta:
        model = EventName
        fields = (
            "id",
            "name",
            "meaning",
            "is_key_feature",
            "counts_users",
            "summed_property",
            "last_on",
        )
        read_only_fields = ("name", "last_on")


class EventNameViewSet(RecordViewSet):
    """Names come with events; managers and administrators say what they mean. Every score is
    computed anew after a change."""

    queryset = EventName.objects.all()
    serializer_class = EventNameSerializer
    filterset_class = EventNameFilter
    permission_classes: Any = (*ApiView.permission_classes, Steers)
    ordering_fields = ("id", "name", "last_on")
    ordering = "name"
    http_method_names: Any = ("get", "patch", "head", "options")

    def search_rows(self, rows: Any, text: str) -> Any:
        """Keep names that hold the text."""
        return rows.asked({"q": text})

    def change(self, row: EventName, data: dict[str, Any]) -> EventName:
        return give_meaning(event=row, changes=data, by=self.me, at=self.at)


class UnknownIdSerializer(serializers.ModelSerializer[WaitingKey]):
    """An id nobody knows, and how much waits for it."""

    class Meta:
        model = WaitingKey
        fields = ("id", "kind", "key", "write_key", "events", "first_at", "last_at")
        read_only_fields = fields


class GivenSerializer(serializers.Serializer[Any]):
    """The account an unknown id belongs to, or a person of whom is known by it."""

    account = LinkField(
        queryset=Account.objects.filter(archived_at=None), writes=RecordKind.ACCOUNT
    )


class MadeSerializer(serializers.Serializer[Any]):
    """The account an unknown id becomes."""

    name = serializers.CharField(max_length=200)
    team = serializers.PrimaryKeyRelatedField(queryset=Team.objects.all())
    account = serializers.IntegerField(source="pk", read_only=True)

    def validate_team(self, team: Team) -> Team:
        """Take a team whose accounts are the caller's to add to."""
        if not teams_open_to(reach_of(self.context["request"].user)).filter(pk=team.pk).exists():
            words = _("There is no team “%(hint)s” that you may use.") % {"hint": team}
            raise serializers.ValidationError(words)
        return team


class UnknownIdViewSet(ReadOnlyViewSet):
    """Ids that events named and nobody knows, for managers and administrators. What waits for one
    is counted as soon as it is given to an account, and can't be taken back from there."""

    queryset = WaitingKey.objects.all()
    serializer_class = UnknownIdSerializer
    filterset_class = UnknownIdFilter
    permission_classes: Any = (*ApiView.permission_classes, Steers)
    ordering_fields = ("id", "events", "first_at", "last_at")
    ordering = "-events"

    @extend_schema(request=GivenSerializer, responses=GivenSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def give(self, request: Request, **kwargs: Any) -> Response:
        """Say which account an unknown id belongs to."""
        row, account = self.get_object(), self._asked(GivenSerializer)["account"]
        given = give_to_account(waiting=row, account=account, by=self.me, at=self.at)
        return Response({"account": given.pk})

    @extend_schema(request=MadeSerializer, responses=MadeSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def make(self, request: Request, **kwargs: Any) -> Response:
        """Make the account an unknown id stands for; it carries the id as its own-system id."""
        row, asked = self.get_object(), self._asked(MadeSerializer)
        made = make_account_of(waiting=row, by=self.me, at=self.at, **asked)
        return Response(MadeSerializer(made).data)

    def _asked(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return what was sent, by who may change any account.

        :raises PermissionDenied: for who may change none.
        """
        if reach_of(self.me).scope(RecordKind.ACCOUNT, write=True) == Scope.NONE:
            raise PermissionDenied
        return read_body(shape(data=self.request.data, context=self.get_serializer_context()))
