"""Contracts and what they are worth; ARR comes from nowhere else."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import ApprovalState, ChurnReason, ContractKind, Forecast
from accounts.domain.payment_terms import (
    LAST_DAY_OF_EVERY_MONTH,
    MONTH_END,
    MOST_MONTHS,
    ClosingTerms,
    NetDays,
    PaymentTerms,
)
from accounts.models.account import Account
from accounts.models.kept_figures import KEEP_FOLLOWED, keep_figures, leave_figures
from accounts.models.known import CONTRACT, keeps_what_it_said
from accounts.models.listed import KEPT, in_order_of
from accounts.models.terms import terms_in_words
from accounts.querysets import ContractQuerySet, DirectoryQuerySet
from config.lib.clock import AppNow
from config.lib.recorded import Recorded

TWO_TERMS = _("Give the days until payment, or closing day, months and day of payment together.")
IMPOSSIBLE_TERMS = _(
    "Days are 1 to 28 or 31 for the end of the month; payment never precedes closing."
)
_CLOSING = ("closing_day", "payment_months", "payment_day")
_NET_DAYS = Q(payment_days__isnull=False, **{f"{name}__isnull": True for name in _CLOSING})
_CLOSING_TERMS = Q(payment_days__isnull=True, **{f"{name}__isnull": False for name in _CLOSING})


def _is_day(name: str) -> Q:
    return Q(**{f"{name}__range": (1, LAST_DAY_OF_EVERY_MONTH)}) | Q(**{name: MONTH_END})


_POSSIBLE_TERMS = (
    _is_day("closing_day")
    & _is_day("payment_day")
    & Q(payment_months__lte=MOST_MONTHS)
    & (Q(payment_months__gt=0) | Q(payment_day__gte=models.F("closing_day")))
)


_KEPT = ("last_from", "last_arr", "last_seats", "is_followed")


@pghistory.track(exclude=["updated_at", *_KEPT, "decide_by"])
class Contract(models.Model):
    """An agreement with an account; its terms are dated facts in `ContractTerm`.

    The database keeps beside it (`kept_figures`) what the last terms say, which may begin on a day
    ahead, and whether a later contract over the same product follows on, so that nothing is open.
    `decide_by` is the day to decide by before it renews itself for the first time.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="contracts", db_index=False)
    external_id = models.CharField(_("own-system id"), max_length=128, null=True, blank=True)
    product = models.CharField(_("product"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=ContractKind, default=ContractKind.FIXED
    )
    currency = models.CharField(_("currency"), max_length=3, default="JPY")
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("notice period in months"), default=0)
    auto_renews = models.BooleanField(_("renews by itself"), default=False)
    is_public_yearly = models.BooleanField(_("yearly public contract"), default=False)
    payment_days = models.PositiveSmallIntegerField(
        _("payment within days"), default=30, null=True, blank=True
    )
    #: In place of `payment_days`: 1–28, or 31 for the end of the month (月末締め翌月末払い).
    closing_day = models.PositiveSmallIntegerField(_("closing day"), null=True, blank=True)
    payment_months = models.PositiveSmallIntegerField(
        _("months from closing to payment"), null=True, blank=True
    )
    payment_day = models.PositiveSmallIntegerField(_("day of payment"), null=True, blank=True)
    notice_received_on = models.DateField(_("cancellation notice received"), null=True, blank=True)
    forecast = models.CharField(_("forecast"), max_length=10, choices=Forecast, blank=True)
    approval_state = models.CharField(
        _("approval flow"),
        max_length=12,
        choices=ApprovalState,
        default=ApprovalState.NOT_STARTED,
    )
    last_from = models.DateField(_("last terms since"), null=True, editable=False)
    last_arr = models.DecimalField(
        _("ARR of the last terms"), max_digits=18, decimal_places=2, null=True, editable=False
    )
    last_seats = models.PositiveIntegerField(
        _("seats of the last terms"), null=True, editable=False
    )
    is_followed = models.BooleanField(
        _("followed by another contract"), default=False, db_default=False, editable=False
    )
    decide_by = models.GeneratedField(
        verbose_name=_("first day to decide by"),
        expression=models.Func(
            models.F("ends_on"),
            models.F("notice_months"),
            template="((%(expressions)s))::date - 1",
            arg_joiner=" + 1) - make_interval(months => ",
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=AppNow(), editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        triggers = [
            keeps_what_it_said("accounts_contractbefore", "contract_id", CONTRACT),
            *KEEP_FOLLOWED,
            leave_figures(*_KEPT),
        ]
        indexes = [
            models.Index(fields=["account", "ends_on"], name="accounts_contract_account"),
            *in_order_of(
                *("contract", "product", "starts_on", "forecast", "approval_state", "kind"),
                *("currency", "auto_renews", "notice_received_on", "notice_months"),
                "is_public_yearly",
                where=KEPT,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=Q(external_id__isnull=False),
                name="accounts_contract_external_id",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="accounts_contract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(kind=ContractKind.OPEN_ENDED) | Q(ends_on__isnull=False),
                name="accounts_contract_fixed_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(external_id=""), name="accounts_contract_external_id_text"
            ),
            models.CheckConstraint(
                condition=_NET_DAYS | _CLOSING_TERMS,
                name="accounts_contract_one_kind_of_terms",
                violation_error_message=TWO_TERMS,
            ),
            models.CheckConstraint(
                condition=Q(closing_day__isnull=True) | _POSSIBLE_TERMS,
                name="accounts_contract_possible_terms",
                violation_error_message=IMPOSSIBLE_TERMS,
            ),
        ]

    def __str__(self) -> str:
        return self.product or str(self.pk)

    @property
    def payment_terms(self) -> PaymentTerms:
        """Return until when invoices of the contract are to be paid."""
        if self.closing_day is None or self.payment_months is None or self.payment_day is None:
            return NetDays(self.payment_days or 0)
        return ClosingTerms(self.closing_day, self.payment_months, self.payment_day)

    @property
    def payment_words(self) -> str:
        """Return its payment terms in words."""
        return terms_in_words(self.payment_terms)


@pghistory.track()
class ContractTerm(Recorded):
    """From `starts_on` the contract is worth this much a year, without tax."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="terms")
    arr = models.DecimalField(_("ARR"), max_digits=18, decimal_places=2)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    #: Why it is worth less than before.
    reason = models.CharField(
        _("reason"), max_length=20, choices=ChurnReason, blank=True, default="", db_default=""
    )

    class Meta(Recorded.Meta):
        verbose_name = _("term of a contract")
        verbose_name_plural = _("terms of contracts")
        triggers = keep_figures(
            "accounts_contract",
            "accounts_contractterm",
            "contract_id",
            {
                "last_from": "max(f.starts_on)",
                "last_arr": "(array_agg(f.arr ORDER BY f.starts_on DESC, f.id DESC))[1]",
                "last_seats": "(array_agg(f.seats ORDER BY f.starts_on DESC, f.id DESC))[1]",
            },
        )
        constraints = [
            *Recorded.Meta.constraints,
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(ends_on__isnull=True, retracted_at__isnull=True),
                name="accounts_one_open_term",
            ),
            models.CheckConstraint(condition=Q(arr__gte=0), name="accounts_term_arr_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.contract}: {self.arr}"


class FxRate(models.Model):
    """One unit of `currency` is worth `rate` of the reporting currency from day `on`."""

    currency = models.CharField(_("currency"), max_length=3)
    on = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "on", "recorded_at"], name="accounts_rate_unique"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="accounts_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on}: {self.rate}"
