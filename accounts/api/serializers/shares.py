"""To whom an account is shown beyond its team, over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.choices import RecordKind
from accounts.models import Account, AccountShare, Team, User


class ShareSerializer(serializers.ModelSerializer[AccountShare]):
    """An account is shown to a colleague or to a team: one of `user` and `team`."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.ACCOUNT)
    user = LinkField(queryset=User.objects.filter(is_active=True), allow_null=True, required=False)
    team = LinkField(queryset=Team.objects.all(), allow_null=True, required=False)

    class Meta:
        model = AccountShare
        validators = ()  # uniqueness is the database's; the same again is the same
        fields = ("id", "account", "user", "team", "created_at")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of both."""
        if bool(data.get("user")) == bool(data.get("team")):
            raise serializers.ValidationError(_("Choose a person or a team, one of both."))
        return data
