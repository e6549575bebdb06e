"""The stakeholder map over the API: their side on a day."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.choices import ContactState, Level, RelationKind, StakeholderRoleKind, Stance
from accounts.domain.people_gaps import is_confirmed
from accounts.selectors.map_parts import StakeholderMap
from accounts.selectors.people_gaps import gap_sentences

S = serializers


#: Days a map can be asked for; nearer to the ends of the calendar no zone can be applied.
YEARS = range(1900, 3000)


class MapQuerySerializer(S.Serializer[Any]):
    at = S.DateField(required=False)

    def validate_at(self, day: dt.date) -> dt.date:
        """Refuse days no map can be made of."""
        if day.year not in YEARS:
            raise S.ValidationError(_("Give a day between 1900 and 2999."))
        return day


class MapRoleSerializer(S.Serializer[Any]):
    id = S.IntegerField()
    role = S.ChoiceField(choices=StakeholderRoleKind.choices)
    starts_on = S.DateField()
    ends_on = S.DateField(allow_null=True)
    confirmed_on = S.DateField(allow_null=True)


class MapPersonSerializer(S.Serializer[Any]):
    """A person on the day; `roles` of one who has gone are those they played last."""

    contact = S.IntegerField(source="contact.pk")
    name = S.CharField(source="contact.__str__")
    department = S.CharField(source="contact.department")
    title = S.CharField(source="contact.title")
    state = S.ChoiceField(choices=ContactState.choices)
    state_since = S.DateField(allow_null=True)
    is_gone = S.BooleanField()
    successor = S.IntegerField(source="contact.successor_id", allow_null=True)
    roles = MapRoleSerializer(many=True)
    stance = S.ChoiceField(
        source="standing.stance", default="", choices=Stance.choices, allow_blank=True
    )
    influence = S.ChoiceField(
        source="standing.influence", default="", choices=Level.choices, allow_blank=True
    )
    strength = S.ChoiceField(
        source="standing.strength", default="", choices=Level.choices, allow_blank=True
    )
    last_talk_at = S.DateTimeField(allow_null=True)
    is_talked_to = S.BooleanField(help_text="A two-way talk with them within 90 days.")
    approach = S.CharField(source="contact.approach")
    message = S.CharField(source="contact.message")


class MapLineSerializer(S.Serializer[Any]):
    id = S.IntegerField(source="relation.pk")
    from_contact = S.IntegerField(source="relation.from_contact_id")
    to_contact = S.IntegerField(source="relation.to_contact_id")
    kind = S.ChoiceField(choices=RelationKind.choices)
    starts_on = S.DateField(source="relation.starts_on")
    ends_on = S.DateField(source="relation.ends_on", allow_null=True)


class RequiredRoleSerializer(S.Serializer[Any]):
    """A role the touch model asks for: who plays it, and whether that was confirmed in a year."""

    role = S.ChoiceField(choices=StakeholderRoleKind.choices)
    contacts = S.ListField(child=S.IntegerField())
    confirmed = S.BooleanField()


class MapGapSerializer(S.Serializer[Any]):
    kind = S.CharField()
    text = S.CharField()
    contact = S.IntegerField(allow_null=True)
    role = S.CharField()


class MapSponsorsSerializer(S.Serializer[Any]):
    """Our executive sponsor and theirs; null where there is none.

    `talked_at` is the last two-way talk of any of us with theirs, as in the health score.
    """

    user = S.IntegerField(source="ours.pk", default=None, allow_null=True)
    contact = S.IntegerField(source="theirs.contact.pk", default=None, allow_null=True)
    talked_at = S.DateTimeField(allow_null=True)


class MapSerializer(S.Serializer[Any]):
    """The customer's people on `day` as it is known now."""

    day = S.DateField()
    first_day = S.DateField()
    people = MapPersonSerializer(many=True)
    relations = MapLineSerializer(source="lines", many=True)
    required_roles = S.SerializerMethodField()
    gaps = S.SerializerMethodField()
    sponsors = MapSponsorsSerializer(many=True)
    ghosts = S.SerializerMethodField(help_text="Contacts only seen in usage.")

    @extend_schema_field(RequiredRoleSerializer(many=True))
    def get_required_roles(self, found: StakeholderMap) -> list[dict[str, Any]]:
        """Return who plays each required role."""
        return [
            {
                "role": role,
                "contacts": [person.contact.pk for person, _ in found.holders(role)],
                "confirmed": any(is_confirmed(held, found.day) for _, held in found.holders(role)),
            }
            for role in found.required
        ]

    def get_ghosts(self, found: StakeholderMap) -> list[int]:
        """Return the ids of contacts only seen in usage."""
        return [contact.pk for contact in found.ghosts]

    @extend_schema_field(MapGapSerializer(many=True))
    def get_gaps(self, found: StakeholderMap) -> list[dict[str, Any]]:
        """Return what is missing, in words."""
        return [asdict(gap) for gap in gap_sentences(found.gaps, found.names)]
