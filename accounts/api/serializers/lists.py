"""Saved views and static lists over the API."""

from typing import Any

from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.models import SavedView, StaticList, Team
from accounts.services.saved_views import list_keys

MOST_MEMBERS = 1_000


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A question to a list under a name; `query` is the address behind the question mark."""

    list_key = serializers.ChoiceField(choices=list_keys())
    team = LinkField(queryset=Team.objects.all(), allow_null=True, required=False)
    query = serializers.CharField(allow_blank=True, required=False, default="", max_length=4000)
    is_default = serializers.BooleanField(
        read_only=True, help_text="The caller's own list opens with it: `default/`."
    )

    class Meta:
        model = SavedView
        fields = (
            "id",
            "list_key",
            "name",
            "query",
            "owner",
            "sharing",
            "team",
            "is_default",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("owner", "created_at", "updated_at")


class OpeningSerializer(serializers.Serializer[Any]):
    """Whether the list opens with the view."""

    is_default = serializers.BooleanField()


class StaticListSerializer(serializers.ModelSerializer[StaticList]):
    """Accounts somebody put together; `accounts` counts those the caller sees."""

    team = LinkField(queryset=Team.objects.all(), allow_null=True, required=False)
    accounts = serializers.IntegerField(read_only=True, source="seen")

    class Meta:
        model = StaticList
        fields = (
            "id",
            "name",
            "note",
            "owner",
            "sharing",
            "team",
            "accounts",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("owner", "created_at", "updated_at")


class ListMembersSerializer(serializers.Serializer[Any]):
    """Ids of accounts to put on the list and to take off; an id in both is taken off."""

    add = serializers.ListField(
        child=serializers.IntegerField(), max_length=MOST_MEMBERS, required=False
    )
    remove = serializers.ListField(
        child=serializers.IntegerField(), max_length=MOST_MEMBERS, required=False
    )


class ListMemberResultSerializer(serializers.Serializer[Any]):
    """What became of one account."""

    account = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["added", "removed", "unchanged", "not_found"])


class ListMembersResultSerializer(serializers.Serializer[Any]):
    """A result for each account that was named."""

    results = ListMemberResultSerializer(many=True)
