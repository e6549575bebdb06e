"""Touchpoints over the API; the policy may show that there was a talk but not what was said."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.relations import LinkField, LinksField, WordsField
from accounts.choices import RecordKind, Signal
from accounts.domain.touchpoint_types import LONGEST_KEY
from accounts.models import Account, Contact, Touchpoint, TouchpointTodo, User
from accounts.selectors.touchpoint_types import offered_touchpoint_types
from accounts.services.touchpoints import Todo
from config.lib.bodies import whole

TEXTS = ("body", "decisions", "purpose")


class TodoSerializer(serializers.ModelSerializer[TouchpointTodo]):
    """Something one side promised: who, until when, done or not."""

    user = LinkField(queryset=User.objects.all(), allow_null=True, required=False)
    contact = LinkField(queryset=Contact.objects.all(), allow_null=True, required=False)

    class Meta:
        model = TouchpointTodo
        fields = ("id", "side", "text", "user", "contact", "due_on", "done_on")
        read_only_fields = ("id",)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for a whole to-do: a change of a talk replaces them."""
        return whole(self, attrs)


class TouchpointSerializer(serializers.ModelSerializer[Touchpoint]):
    """One talk with one account; a talk with several accounts shares `group`."""

    account = LinkField(queryset=Account.objects.all(), writes=RecordKind.TOUCHPOINT)
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)
    type = serializers.CharField(
        max_length=LONGEST_KEY,
        help_text="Key of a type of `/api/v1/touchpoint-types/`. An archived one can be kept, not"
        " given.",
    )
    direction = serializers.ChoiceField(
        choices=Touchpoint._meta.get_field("direction").choices or [], required=False
    )
    contacts = LinksField(queryset=Contact.objects.all(), required=False)
    users = LinksField(queryset=User.objects.all(), required=False)
    signals = WordsField(
        shows="signal",
        fetched="signal_rows",
        child=serializers.ChoiceField(choices=Signal.choices),
        required=False,
    )
    todos = TodoSerializer(many=True, required=False, max_length=50)  # type: ignore[call-arg]
    further_accounts = LinksField(
        queryset=Account.objects.all(),
        write_only=True,
        required=False,
        help_text="With POST only: the talk was with these, too; each gets its own row.",
    )
    for_all_accounts = serializers.BooleanField(
        write_only=True,
        required=False,
        help_text="With PATCH only: the change is for the talk at every account of its `group` that"
        " the caller may change; contacts, their to-dos and `external_id` stay each account's own.",
    )
    body_hidden = serializers.SerializerMethodField()
    kept_back = TEXTS  # null for who may not read them
    #: A new type brings its own direction where none is said.
    goes_with: ClassVar[dict[str, tuple[str, ...]]] = {"type": ("direction",)}

    class Meta:
        model = Touchpoint
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "account",
            "further_accounts",
            "for_all_accounts",
            "group",
            "external_id",
            "type",
            "direction",
            "occurred_at",
            "duration_minutes",
            "subject",
            "body",
            "purpose",
            "decisions",
            "next_on",
            "todos",
            "body_hidden",
            "sentiment",
            "visibility",
            "signals",
            "contacts",
            "users",
            "source",
            "is_draft",
            "created_by",
            "updated_at",
        )
        read_only_fields = ("source", "created_by", "updated_at")
        extra_kwargs = {name: {"allow_null": False} for name in TEXTS}

    def get_body_hidden(self, touchpoint: Any) -> bool:
        """Say whether the text is kept from the caller; it is null then."""
        return not touchpoint.is_body_readable

    def to_internal_value(self, data: Any) -> Any:
        """Leave aside texts the caller may not read, sent back as they were shown."""
        if isinstance(data, dict) and not getattr(self.instance, "is_body_readable", True):
            data = {
                name: value for name, value in data.items() if not (name in TEXTS and value is None)
            }
        return super().to_internal_value(data)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if not instance.is_body_readable:
            shown.update(dict.fromkeys(self.kept_back), todos=[])
        return shown

    def validate_type(self, key: str) -> str:
        """Take the types in use, and the one the talk has already."""
        has = self.instance.type if isinstance(self.instance, Touchpoint) else ""
        keys = [one.key for one in offered_touchpoint_types(also=has)]
        if key not in keys:
            known = ", ".join(keys)
            raise serializers.ValidationError(_("Not a type in use: %(known)s.") % {"known": known})
        return key

    def validate_todos(self, todos: list[dict[str, Any]]) -> list[Todo]:
        """Turn what was promised into what the services take."""
        return [Todo(**todo) for todo in todos]
