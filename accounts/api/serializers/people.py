"""Contacts and the stakeholder map over the API."""

from typing import Any

from rest_framework import serializers

from accounts.api.relations import LinkField
from accounts.choices import ContactState, Level, RecordKind, Stance
from accounts.models import (
    Account,
    Contact,
    ContactStanding,
    StakeholderRelation,
    StakeholderRole,
)
from accounts.selectors.seniority import seniority_of


class StandingSerializer(serializers.ModelSerializer[ContactStanding]):
    """How the contact stands to us today; empty means not known."""

    class Meta:
        model = ContactStanding
        fields = ("stance", "influence", "strength", "starts_on")


class StandingChangeSerializer(serializers.Serializer[Any]):
    """How a contact stands to us from a day on."""

    stance = serializers.ChoiceField(choices=Stance.choices, allow_blank=True, default="")
    influence = serializers.ChoiceField(choices=Level.choices, allow_blank=True, default="")
    strength = serializers.ChoiceField(choices=Level.choices, allow_blank=True, default="")
    on = serializers.DateField(required=False)


class ContactMoveSerializer(serializers.Serializer[Any]):
    """Where a person goes on to work, and what is different there."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.CONTACT)
    on = serializers.DateField(required=False)
    email = serializers.EmailField(required=False, max_length=254)
    phone = serializers.CharField(required=False, max_length=40)
    department = serializers.CharField(required=False, max_length=120)
    title = serializers.CharField(required=False, max_length=120)


class ConfirmationSerializer(serializers.Serializer[Any]):
    """On which day somebody confirmed it; today unless given."""

    on = serializers.DateField(required=False)


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """One person at one account. `on` dates a change of state and may lie ahead.

    `moved_from` is null, too, where the caller does not see that person.
    """

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.CONTACT)
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)
    successor = LinkField(queryset=Contact.objects.all(), allow_null=True, required=False)
    moved_from = LinkField(queryset=Contact.objects.all(), allow_null=True, required=False)
    state = serializers.ChoiceField(choices=ContactState.choices, required=False)
    seniority = serializers.SerializerMethodField()
    roles = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField()
    on = serializers.DateField(write_only=True, required=False)

    class Meta:
        model = Contact
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "account",
            "external_id",
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "family_name_latin",
            "given_name_latin",
            "email",
            "phone",
            "department",
            "title",
            "seniority",
            "language",
            "state",
            "state_on",
            "left_on",
            "in_post_since_on",
            "successor",
            "moved_from",
            "approach",
            "message",
            "is_ghost",
            "roles",
            "standing",
            "on",
            "archived_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = (
            "state_on",
            "left_on",
            "is_ghost",
            "archived_at",
            "created_at",
            "updated_at",
        )

    def get_seniority(self, contact: Any) -> str:
        """Return the level the title stands for, empty where it stands for none."""
        return seniority_of(contact.title)

    def get_roles(self, contact: Any) -> list[str]:
        """Return the parts the contact plays today."""
        return sorted(part.role for part in contact.parts_today)

    def get_standing(self, contact: Any) -> dict[str, Any] | None:
        """Return how the contact stands to us today."""
        standing = next(iter(contact.standings_today), None)
        return dict(StandingSerializer(standing).data) if standing else None


class StakeholderSerializer(serializers.ModelSerializer[StakeholderRole]):
    """A contact plays a part; unconfirmed until `confirmed_on`."""

    account = LinkField(read_only=True)
    contact = LinkField(queryset=Contact.objects.all(), writes=RecordKind.CONTACT)
    starts_on = serializers.DateField(required=False)

    class Meta:
        model = StakeholderRole
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = ("id", "account", "contact", "role", "starts_on", "ends_on", "confirmed_on")


class RelationSerializer(serializers.ModelSerializer[StakeholderRelation]):
    """One contact reports to, influences or is in conflict with another."""

    account = LinkField(read_only=True)
    from_contact = LinkField(queryset=Contact.objects.all(), writes=RecordKind.CONTACT)
    to_contact = LinkField(queryset=Contact.objects.all(), writes=RecordKind.CONTACT)
    starts_on = serializers.DateField(required=False)

    class Meta:
        model = StakeholderRelation
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = ("id", "account", "from_contact", "to_contact", "kind", "starts_on", "ends_on")
