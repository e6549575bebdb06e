"""The account: one customer (or partner), who of us looks after it, and its dated facts."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    AccountKind,
    AccountRoleKind,
    AccountStatus,
    AttributeType,
    ChurnReason,
    Phase,
    Tier,
    TouchModel,
)
from accounts.domain.attributes import option_words
from accounts.models.people import Team
from accounts.models.touch_triggers import KEEP_LAST_TOUCH_OF_MERGED
from accounts.querysets import (
    AccountFactQuerySet,
    AccountQuerySet,
    DirectoryQuerySet,
    ShareQuerySet,
)
from config.lib.clock import AppNow
from config.lib.recorded import Recorded


@pghistory.track(exclude=["search_text", "updated_at"])
class Account(models.Model):
    """A company we do business with. Dated facts keep the past; the columns here are today's."""

    external_id = models.CharField(_("own-system id"), max_length=128, null=True, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=AccountKind, default=AccountKind.CUSTOMER
    )
    name = models.CharField(_("formal name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=100, blank=True)
    name_kana = models.CharField(_("reading"), max_length=200, blank=True)
    name_latin = models.CharField(_("Latin name"), max_length=200, blank=True)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    search_text = models.TextField(editable=False, default="")
    language = models.CharField(_("language"), max_length=2, default="ja")
    corporate_number = models.CharField(_("corporate number"), max_length=13, blank=True)
    country = models.CharField(_("country"), max_length=2, default="JP")
    fiscal_year_end_month = models.PositiveSmallIntegerField(
        _("fiscal year ends in"), null=True, blank=True
    )
    budget_month = models.PositiveSmallIntegerField(_("budget is set in"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=AccountStatus, default=AccountStatus.ACTIVE
    )
    phase = models.CharField(_("phase"), max_length=12, choices=Phase, default=Phase.ADOPTION)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, default=Tier.C)
    touch_model = models.CharField(
        _("touch model"), max_length=4, choices=TouchModel, default=TouchModel.TECH
    )
    tracked = models.BooleanField(_("usage events are expected"), default=False)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), related_name="accounts")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("parent"),
        related_name="children",
    )
    sold_via = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("sold via"),
        related_name="sold_accounts",
    )
    billed_via = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("billed via"),
        related_name="billed_accounts",
    )
    currency = models.CharField(_("currency"), max_length=3, default="JPY")
    arr = models.DecimalField(_("ARR"), max_digits=18, decimal_places=2, default=0)
    mrr = models.DecimalField(_("MRR"), max_digits=18, decimal_places=2, default=0)
    licensed_users = models.PositiveIntegerField(_("licensed users"), null=True, blank=True)
    customer_since_on = models.DateField(_("customer since"), null=True, blank=True)
    renewal_on = models.DateField(_("actionable renewal date"), null=True, blank=True)
    live_on = models.DateField(_("live since"), null=True, blank=True)
    churned_on = models.DateField(_("churned on"), null=True, blank=True)
    churn_reason = models.CharField(
        _("churn reason"), max_length=20, choices=ChurnReason, blank=True
    )
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=AppNow(), editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        triggers = [KEEP_LAST_TOUCH_OF_MERGED]
        indexes = [
            models.Index(fields=["team", "renewal_on", "id"], name="accounts_team_renewal"),
            models.Index(fields=["renewal_on", "id"], name="accounts_renewal"),
            models.Index(fields=["name_kana", "id"], name="accounts_kana"),
            models.Index(fields=["arr", "id"], name="accounts_arr"),
            models.Index(fields=["corporate_number"], name="accounts_corporate_number"),
            models.Index(
                fields=["id"],
                condition=Q(status=AccountStatus.CHURNED),
                name="accounts_churned",
            ),
            # What a whole book is most often narrowed and put in order by: a tenth of the table.
            models.Index(
                fields=["id"],
                include=[
                    "kind",
                    "touch_model",
                    "phase",
                    "status",
                    "renewal_on",
                    "customer_since_on",
                    "archived_at",
                    "tier",
                    "team",
                    "arr",
                ],
                condition=Q(archived_at__isnull=True) & ~Q(status="churned"),
                name="accounts_narrowed",
            ),
            GinIndex(
                fields=["attributes"], opclasses=["jsonb_path_ops"], name="accounts_attributes"
            ),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=Q(external_id__isnull=False),
                name="accounts_account_external_id",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="accounts_not_own_parent",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="accounts_account_named"),
            models.CheckConstraint(condition=~Q(external_id=""), name="accounts_external_id_text"),
        ]

    def __str__(self) -> str:
        if not (translation.get_language() or "en").startswith("ja") and self.name_latin:
            return self.name_latin
        return self.name


@pghistory.track()
class AccountDomain(models.Model):
    """A mail or web domain that belongs to an account; verified ones count for anonymity."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="domains")
    domain = models.CharField(_("domain"), max_length=253)
    is_verified = models.BooleanField(_("verified"), default=False)

    class Meta:
        verbose_name = _("domain of an account")
        verbose_name_plural = _("domains of accounts")
        constraints = [
            models.UniqueConstraint(fields=["domain", "account"], name="accounts_domain_unique"),
        ]

    def __str__(self) -> str:
        return self.domain


class AccountStatusFact(Recorded):
    """The account had this status over a span of days."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="status_facts")
    status = models.CharField(_("status"), max_length=10, choices=AccountStatus)

    objects = AccountFactQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_status",
            ),
        ]

    def __str__(self) -> str:
        return self.get_status_display()


class AccountPhaseFact(Recorded):
    """The account was in this phase over a span of days."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="phase_facts")
    phase = models.CharField(_("phase"), max_length=12, choices=Phase)

    objects = AccountFactQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_phase",
            ),
        ]

    def __str__(self) -> str:
        return self.get_phase_display()


@pghistory.track()
class AccountRole(Recorded):
    """One of us does something for the account over a span of days."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="account_roles")
    role = models.CharField(_("role"), max_length=20, choices=AccountRoleKind)

    objects = AccountFactQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        verbose_name = _("role on an account")
        verbose_name_plural = _("roles on accounts")
        indexes = [models.Index(fields=["user", "account"], name="accounts_role_user")]
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"


@pghistory.track()
class AccountShare(models.Model):
    """An account is shown to a user or team beyond its own team."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="shares"
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="shares")
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared account")
        verbose_name_plural = _("shared accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, team__isnull=False)
                | Q(user__isnull=False, team__isnull=True),
                name="accounts_share_user_or_team",
            ),
            models.UniqueConstraint(
                fields=["account", "user"],
                condition=Q(user__isnull=False),
                name="accounts_share_user_unique",
            ),
            models.UniqueConstraint(
                fields=["account", "team"],
                condition=Q(team__isnull=False),
                name="accounts_share_team_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} → {self.user or self.team}"


@pghistory.track()
class AttributeDefinition(models.Model):
    """A custom attribute of accounts: key, type and label in both languages.

    One with an `expression` is computed from other fields and never stored.
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)
    type = models.CharField(_("type"), max_length=10, choices=AttributeType)
    label_en = models.CharField(_("label in English"), max_length=120)
    label_ja = models.CharField(_("label in Japanese"), max_length=120)
    options = models.JSONField(_("options"), default=list, blank=True)
    takes_others = models.BooleanField(_("keeps words outside the list"), default=False)
    description_en = models.CharField(_("description in English"), max_length=500, blank=True)
    description_ja = models.CharField(_("description in Japanese"), max_length=500, blank=True)
    expression = models.CharField(_("formula"), max_length=500, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), default=100)
    is_listed = models.BooleanField(_("column of the account list"), default=False)
    required_tiers = ArrayField(
        models.CharField(max_length=1, choices=Tier),
        verbose_name=_("required for tiers"),
        default=list,
        blank=True,
    )
    is_archived = models.BooleanField(_("archived"), default=False)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")

    def __str__(self) -> str:
        if (translation.get_language() or "en").startswith("ja"):
            return self.label_ja
        return self.label_en

    @property
    def is_computed(self) -> bool:
        """Say whether a formula gives the value, so that nobody types it."""
        return bool(self.expression)

    @property
    def description(self) -> str:
        """Return what it means in the language of the page."""
        japanese = (translation.get_language() or "en").startswith("ja")
        return self.description_ja if japanese else self.description_en

    def words(self) -> dict[str, str]:
        """Return word, folded → option it stands for."""
        return option_words(self.options)

    def values(self) -> list[str]:
        """Return the value of each option."""
        return [value for value, _label in self.choices()]

    def choices(self) -> list[tuple[str, str]]:
        """Return (value, label) of each option; an option is a text or an object with labels."""
        japanese = (translation.get_language() or "en").startswith("ja")
        label = "label_ja" if japanese else "label_en"
        return [
            (option["value"], option.get(label) or option["value"])
            if isinstance(option, dict)
            else (option, option)
            for option in self.options
        ]


class AttributeValue(Recorded):
    """An attribute, the tier or the touch model had this value over a span of days."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="attribute_values")
    key = models.CharField(_("key"), max_length=60)
    value = models.JSONField(_("value"))

    objects = AccountFactQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["account", "key"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
