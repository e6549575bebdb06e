"""The customer's people and what they are to us: the stakeholder map."""

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactState, Level, RelationKind, StakeholderRoleKind, Stance
from accounts.models.account import Account
from accounts.models.known import CONTACT, keeps_what_it_said
from accounts.models.listed import KEPT, in_order_of
from accounts.models.names import person_name
from accounts.querysets import ContactQuerySet, ScopedQuerySet
from config.lib.clock import AppNow
from config.lib.folding import PhoneDigits
from config.lib.recorded import Recorded, RecordedQuerySet


@pghistory.track(exclude=["search_text", "updated_at", "person_key"])
class Contact(models.Model):
    """One person at one account. A ghost was seen in usage events but never introduced."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts", db_index=False)
    external_id = models.CharField(_("own-system id"), max_length=128, null=True, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_kana = models.CharField(_("family name, reading"), max_length=80, blank=True)
    given_kana = models.CharField(_("given name, reading"), max_length=80, blank=True)
    family_name_latin = models.CharField(_("family name (Latin)"), max_length=80, blank=True)
    given_name_latin = models.CharField(_("given name (Latin)"), max_length=80, blank=True)
    email = models.EmailField(_("mail address"), max_length=254, blank=True)
    person_key = models.BinaryField(max_length=32, null=True, editable=False)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, default="ja")
    state = models.CharField(
        _("state"), max_length=12, choices=ContactState, default=ContactState.ACTIVE
    )
    state_on = models.DateField(_("state since"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    in_post_since_on = models.DateField(_("in post since"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors"
    )
    moved_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="moved_to"
    )
    approach = models.TextField(_("approach"), blank=True)
    message = models.TextField(_("message"), blank=True)
    is_ghost = models.BooleanField(_("only seen in usage"), default=False)
    search_text = models.TextField(editable=False, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=AppNow(), editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        triggers = [keeps_what_it_said("accounts_contactbefore", "contact_id", CONTACT)]
        indexes = [
            models.Index(fields=["account", "state"], name="accounts_contact_account"),
            models.Index(fields=["person_key"], name="accounts_contact_person"),
            models.Index(fields=["family_kana", "id"], name="accounts_contact_kana"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_people"),
            models.Index(
                PhoneDigits("phone"), condition=~Q(phone=""), name="accounts_contact_phone"
            ),
            *in_order_of(
                *("contact", "department", "title", "state", "email", "phone"),
                *("in_post_since_on", "family_name_latin", "language", "state_on", "is_ghost"),
                where=KEPT,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=Q(external_id__isnull=False),
                name="accounts_contact_external_id",
            ),
            models.UniqueConstraint(
                "account",
                Lower("email"),
                condition=~Q(email="") & Q(archived_at__isnull=True),
                name="accounts_contact_email",
            ),
            models.CheckConstraint(
                condition=~Q(external_id=""), name="accounts_contact_external_id_text"
            ),
        ]

    def __str__(self) -> str:
        name = person_name(
            self.family_name, self.given_name, self.family_name_latin, self.given_name_latin
        )
        return name or self.email or self.external_id or gettext("Erased person")


class ContactFactQuerySet(ScopedQuerySet, RecordedQuerySet):  # type: ignore[override]
    account_path = "account"
    record_kind = ContactQuerySet.record_kind


@pghistory.track()
class StakeholderRole(Recorded):
    """A contact plays a part in our business with the account; unconfirmed until `confirmed_on`."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="stakeholder_roles")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="stakeholder_roles")
    role = models.CharField(_("role"), max_length=20, choices=StakeholderRoleKind)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = ContactFactQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        indexes = [models.Index(fields=["account", "role"], name="accounts_stakeholder")]
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact", "role"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_stakeholder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.get_role_display()}"


@pghistory.track()
class ContactStanding(Recorded):
    """How a contact stands to us over a span of days: stance, influence, strength."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="contact_standings")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="standings")
    stance = models.CharField(_("stance"), max_length=10, choices=Stance, blank=True)
    influence = models.CharField(_("influence"), max_length=6, choices=Level, blank=True)
    strength = models.CharField(_("relationship strength"), max_length=6, choices=Level, blank=True)

    objects = ContactFactQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        verbose_name = _("standing of a contact")
        verbose_name_plural = _("standings of contacts")
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.get_stance_display()}"


@pghistory.track()
class StakeholderRelation(Recorded):
    """One contact reports to, influences or is in conflict with another."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="stakeholder_relations")
    from_contact = models.ForeignKey(Contact, models.CASCADE, related_name="relations_from")
    to_contact = models.ForeignKey(Contact, models.CASCADE, related_name="relations_to")
    kind = models.CharField(_("kind"), max_length=10, choices=RelationKind)

    objects = ContactFactQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta(Recorded.Meta):
        verbose_name = _("relation of contacts")
        verbose_name_plural = _("relations of contacts")
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["from_contact", "to_contact", "kind"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_relation",
            ),
            models.CheckConstraint(
                condition=~Q(from_contact=models.F("to_contact")),
                name="accounts_relation_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_contact} {self.get_kind_display()} {self.to_contact}"
