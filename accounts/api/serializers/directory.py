"""Our own teams and people over the API."""

from typing import Any

from rest_framework import serializers

from accounts.api.relations import LinkField, LinksField
from accounts.models import Team, User


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team; teams nest."""

    parent: Any = LinkField(queryset=Team.objects.all(), allow_null=True, required=False)

    class Meta:
        model = Team
        fields = ("id", "name", "name_en", "parent", "country")


class UserSerializer(serializers.ModelSerializer[User]):
    """A colleague. Without a password they can't sign in until they set one by mail."""

    email = serializers.EmailField(max_length=254)
    teams = LinksField(queryset=Team.objects.all(), required=False)
    password = serializers.CharField(write_only=True, required=False, max_length=128)

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "email",
            "family_name",
            "given_name",
            "family_name_latin",
            "given_name_latin",
            "role",
            "teams",
            "language",
            "time_zone",
            "is_active",
            "password",
        )
        extra_kwargs = {"username": {"required": False, "validators": []}}
