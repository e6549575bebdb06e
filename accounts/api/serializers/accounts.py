"""An account over the API; money and the renewal date come from contracts, scores from runs."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.extensions import extension_serializers
from accounts.api.relations import LinkField, WordsField
from accounts.api.rows import RowMixin
from accounts.api.serializers.contracts import CURRENCY
from accounts.choices import AccountRoleKind, ChurnReason, RecordKind, Scope
from accounts.models import Account, AccountRole, Team, User
from accounts.querysets import reach_of

DERIVED = (
    "arr",
    "mrr",
    "licensed_users",
    "renewal_on",
    "churned_on",
    "archived_at",
    "created_at",
    "updated_at",
)


class AccountRoleSerializer(RowMixin, serializers.ModelSerializer[AccountRole]):
    """One of us and what they do for the account today."""

    class Meta:
        model = AccountRole
        fields = ("role", "user", "starts_on")


class AccountSerializer(RowMixin, serializers.ModelSerializer[Account]):
    """One account. `on` dates a change of status, phase, tier, touch model or attributes.

    `parent`, `sold_via` and `billed_via` are null, too, where the caller does not see that account.
    """

    team = LinkField(queryset=Team.objects.all())
    parent: Any = LinkField(queryset=Account.objects.all(), allow_null=True, required=False)
    sold_via = LinkField(queryset=Account.objects.all(), allow_null=True, required=False)
    billed_via = LinkField(queryset=Account.objects.all(), allow_null=True, required=False)
    external_id = serializers.CharField(max_length=128, allow_null=True, required=False)
    roles = AccountRoleSerializer(source="roles_today", many=True, read_only=True)
    domains = WordsField(
        shows="domain",
        fetched="domain_rows",
        child=serializers.CharField(max_length=253),
        max_length=100,
        required=False,
    )
    verified_domains = WordsField(
        shows="domain",
        fetched="domain_rows",
        which="is_verified",
        child=serializers.CharField(max_length=253),
        max_length=100,
        required=False,
        help_text="Those of `domains` that somebody made sure of.",
    )
    attributes = serializers.DictField(required=False)
    churn_reason = serializers.ChoiceField(
        choices=ChurnReason.choices, allow_blank=True, required=False
    )
    currency = serializers.RegexField(CURRENCY, required=False)
    on = serializers.DateField(write_only=True, required=False)

    class Meta:
        model = Account
        validators = ()  # uniqueness is the database's, and its refusals have names
        fields = (
            "id",
            "external_id",
            "kind",
            "name",
            "short_name",
            "name_kana",
            "name_latin",
            "language",
            "country",
            "corporate_number",
            "status",
            "phase",
            "tier",
            "touch_model",
            "tracked",
            "parent",
            "team",
            "sold_via",
            "billed_via",
            "roles",
            "arr",
            "mrr",
            "currency",
            "licensed_users",
            "customer_since_on",
            "renewal_on",
            "live_on",
            "churned_on",
            "churn_reason",
            "fiscal_year_end_month",
            "budget_month",
            "domains",
            "verified_domains",
            "attributes",
            "on",
            "archived_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = DERIVED
        extra_kwargs = {
            "fiscal_year_end_month": {"min_value": 1, "max_value": 12},
            "budget_month": {"min_value": 1, "max_value": 12},
        }

    def validate_team(self, team: Team) -> Team:
        """Refuse a team beyond the writer's reach, as the import does; a kept one always passes."""
        reach = reach_of(self.context["request"].user)
        kept = self.instance is not None and self.instance.team_id == team.pk
        everywhere = reach.scope(RecordKind.ACCOUNT, write=True) == Scope.ALL
        if kept or everywhere or team.pk in reach.teams:
            return team
        hint = {"hint": str(team)}
        raise serializers.ValidationError(_("There is no team “%(hint)s” that you may use.") % hint)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Leave attributes aside that stand as they are given, where no day is said."""
        given = attrs.get("attributes")
        if self.instance is not None and given is not None and "on" not in attrs:
            standing = self.instance.attributes
            if all(standing.get(key) == value for key, value in given.items()):
                del attrs["attributes"]
        return attrs

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | extension_serializers()


class RoleAssignmentSerializer(serializers.Serializer[Any]):
    """Who does something for the account from a day on; nobody where `user` is null."""

    role = serializers.ChoiceField(choices=AccountRoleKind.choices)
    user = LinkField(queryset=User.objects.filter(is_active=True), allow_null=True)
    on = serializers.DateField(required=False)
    with_work = serializers.BooleanField(
        default=False,
        help_text="True gives them at once, too, the open tasks and to-dos of this account of who"
        " holds the role.",
    )
