"""What was agreed and asked: contracts, notices, invoices, payments, milestones."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, Contract, ContractTerm, Invoice, OnboardingMilestone
from accounts.registry import TimelineSource, timeline
from accounts.timeline.days import Rows, on_day, texts
from config.lib.formats import is_japanese, money


def _contracts(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    """Return first and later terms of contracts, and notices; a product that went on is renewed."""
    contracts = Contract.objects.visible_to(user).unarchived().filter(account=account)
    terms: Any = ContractTerm.objects.filter(contract__in=contracts.values("pk"))
    earlier = Contract.objects.filter(
        account=OuterRef("contract__account"),
        product=OuterRef("contract__product"),
        archived_at__isnull=True,
        starts_on__lt=OuterRef("contract__starts_on"),
    )
    kind = Case(
        When(starts_on__gt=F("contract__starts_on"), then=Value("terms")),
        When(Exists(earlier), then=Value("renewed")),
        default=Value("begun"),
        output_field=TextField(),
    )
    worth = on_day(
        terms.current(),
        "contracts",
        "starts_on",
        before,
        title=Cast("contract__product", TextField()),
        text=Cast("arr", TextField()),
        chips=texts("contract__currency", "contract_id"),
        tone=kind,
    )
    noticed = on_day(
        contracts.filter(notice_received_on__isnull=False),
        "contracts",
        "notice_received_on",
        before,
        title=Cast("product", TextField()),
        chips=texts("currency", "pk"),
        tone=Value("notice", TextField()),
    )
    return worth.union(noticed, all=True)


def _present_contract(row: dict[str, Any]) -> dict[str, Any]:
    product = row["event_title"] or _("Contract")
    titles = {
        "begun": _("Contract began: %(product)s"),
        "renewed": _("Contract renewed: %(product)s"),
        "terms": _("New terms: %(product)s"),
        "notice": _("Cancellation notice: %(product)s"),
    }
    text = _amount(row["event_text"], row["event_chips"][0])
    if text:
        text = _("%(amount)s a year") % {"amount": text}
    title = titles[row["event_tone"]] % {"product": product}
    return {**row, "event_title": title, "event_text": text, "event_chips": [], "event_tone": ""}


def _invoices(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    """Return two events an invoice, told apart by their tone: issued, and paid in full."""
    invoices = Invoice.objects.visible_to(user).standing().filter(account=account)
    paid = invoices.filter(paid_on__isnull=False)
    return _billed(invoices, "issued", "issued_on", before).union(
        _billed(paid, "paid", "paid_on", before), all=True
    )


def _billed(invoices: Any, event: str, day: str, before: dt.datetime | None) -> Rows:
    return on_day(
        invoices,
        "invoices",
        day,
        before,
        title=Coalesce(Cast("external_id", TextField()), Cast("pk", TextField())),
        text=Cast("amount", TextField()),
        chips=texts("currency"),
        tone=Value(event, TextField()),
    )


def _present_invoice(row: dict[str, Any]) -> dict[str, Any]:
    title = (
        _("Invoice paid: %(number)s")
        if row["event_tone"] == "paid"
        else _("Invoice issued: %(number)s")
    ) % {"number": row["event_title"]}
    text = _amount(row["event_text"], row["event_chips"][0])
    return {**row, "event_title": title, "event_text": text, "event_chips": [], "event_tone": ""}


def _milestones(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    steps = OnboardingMilestone.objects.visible_to(user).standing().filter(account=account)
    return on_day(
        steps.filter(done_on__isnull=False),
        "milestones",
        "done_on",
        before,
        chips=texts("label_en", "label_ja"),
    )


def _present_milestone(row: dict[str, Any]) -> dict[str, Any]:
    en, ja = row["event_chips"]
    step = (ja or en) if is_japanese() else (en or ja)
    title = _("Milestone reached: %(step)s") % {"step": step}
    return {**row, "event_title": title, "event_chips": []}


def _amount(text: str, currency: str) -> str:
    return money(Decimal(text), currency) if text else ""


timeline.register("contracts")(
    TimelineSource(
        "contracts",
        gettext_lazy("Contracts"),
        "file-text",
        _contracts,
        _present_contract,
        lambda row: reverse("accounts:contract_detail", args=[row["event_chips"][1]]),
    )
)
timeline.register("invoices")(
    TimelineSource(
        "invoices",
        gettext_lazy("Invoices"),
        "receipt",
        _invoices,
        _present_invoice,
        lambda row: reverse("accounts:invoice_detail", args=[row["event_id"]]),
    )
)
timeline.register("milestones")(
    TimelineSource(
        "milestones", gettext_lazy("Milestones"), "star", _milestones, _present_milestone
    )
)
