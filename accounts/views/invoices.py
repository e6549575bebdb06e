"""An invoice: its page with the payments, and the forms that change it."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import RecordKind
from accounts.forms.service import InvoiceForm, PaymentForm
from accounts.models import Account, Invoice, InvoicePayment, Organisation, User
from accounts.querysets import reach_of
from accounts.selectors.service import lateness_of, place
from accounts.services.invoices import (
    correct_invoice,
    record_invoice,
    record_payment,
    restore_invoice,
    retract_invoice,
    retract_payment,
)
from accounts.views.account_forms import account_page, form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, crumb_of, go_home, posted, to_change
from accounts.views.once import Made
from config.lib import formats
from config.lib.clock import app_now
from config.lib.toasts import say


@require_safe
def invoice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is owed until when, and what came in."""
    rows = Invoice.objects.visible_to(request.user).standing()
    invoice = get_object_or_404(rows.select_related("account", "contract"), pk=pk)
    here = place()
    today = here.day_of(app_now())
    context = {
        "invoice": invoice,
        "account": reach_of(request.user).told(invoice.account),
        "late": lateness_of(invoice, today=today, here=here),
        "payments": invoice.payments.filter(retracted_at=None).order_by("-paid_on", "-pk"),
        "editable": Invoice.objects.editable_by(request.user).filter(pk=pk).exists()
        and invoice.account.archived_at is None,
    }
    return render(request, "accounts/invoice_detail.html", context)


@form_methods
def invoice_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an invoice to an account."""
    account = to_change(Account.objects.unarchived(), request, pk, kind=RecordKind.INVOICE)
    now = app_now()
    initial = {"currency": account.currency, "issued_on": Organisation.objects.day_of(now)}
    form = InvoiceForm(posted(request), account=account, user=request.user, initial=initial)
    page = account_page(account, _("New invoice"), _("Add invoice"))

    def save(values: dict[str, Any]) -> str:
        invoice = record_invoice(account=account, by=_me(request), at=now, **form.values())
        say(request, _("The invoice was added."), undo=_address("retract", invoice))
        return Made(page.back, invoice)

    return answer_form(request, form, page, save)


@editing(Invoice)
def invoice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an invoice."""
    invoice = _to_change(request, pk)
    form = InvoiceForm(
        posted(request), instance=invoice, account=invoice.account, user=request.user
    )
    page = _page(request, invoice, _("Edit invoice"), _("Save"))

    def save(values: dict[str, Any]) -> str:
        correct_invoice(invoice=invoice, changes=form.changes(), by=_me(request), at=app_now())
        say(request, _("The invoice was saved."))
        return page.back

    return answer_form(request, form, page, save)


@editing(Invoice)
def payment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note money that came in for an invoice."""
    invoice = _to_change(request, pk)
    now = app_now()
    initial = {"paid_on": Organisation.objects.day_of(now), "amount": invoice.balance}
    form = PaymentForm(posted(request), initial=initial)
    page = _page(request, invoice, _("New payment"), _("Add payment"))

    def save(values: dict[str, Any]) -> str:
        payment = record_payment(invoice=invoice, by=_me(request), at=now, **values)
        undo = reverse("accounts:payment_retract", args=[payment.pk])
        say(request, _("The payment was added."), undo=undo)
        return Made(page.back, payment)

    return answer_form(request, form, page, save, acts=True)


@require_http_methods(["GET", "HEAD", "POST"])
def payment_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then take a payment back; the toast after it was added has asked."""
    rows = InvoicePayment.objects.standing().filter(invoice__account__archived_at=None)
    payment = to_change(rows.select_related("invoice"), request, pk)
    invoice = payment.invoice
    page = FormPage(
        title=_("Take the payment back"),
        submit=pgettext("a record", "Take back"),
        crumb=crumb_of(invoice, request.user),
        back=reverse("accounts:invoice_detail", args=[invoice.pk]),
        note=_("The payment of %(amount)s on %(day)s no longer counts.")
        % {
            "amount": formats.money(payment.amount, invoice.currency),
            "day": formats.day(payment.paid_on),
        },
    )

    def save(values: dict[str, Any]) -> str:
        retract_payment(payment=payment, by=_me(request), at=app_now())
        say(request, _("The payment was taken back."))
        return page.back

    return answer_form(request, forms.Form(posted(request)), page, save)


@require_POST
def invoice_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invoice back with its payments; the toast brings it back."""
    invoice = _to_change(request, pk)
    retract_invoice(invoice=invoice, by=_me(request), at=app_now())
    say(request, _("The invoice was taken back."), undo=_address("restore", invoice))
    return go_home(request, invoice, list_key="invoices")


@require_POST
def invoice_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an invoice back that was taken back."""
    rows = Invoice.objects.exclude(retracted_at=None).filter(account__archived_at=None)
    invoice = to_change(rows, request, pk)
    restore_invoice(invoice=invoice, by=_me(request), at=app_now())
    say(request, _("The invoice is back."))
    return redirect(_address("detail", invoice))


def _to_change(request: HttpRequest, pk: int) -> Any:
    rows = Invoice.objects.standing().filter(account__archived_at=None)
    return to_change(rows.select_related("account", "contract"), request, pk)


def _page(request: HttpRequest, invoice: Invoice, title: str, submit: str) -> FormPage:
    crumb = crumb_of(invoice, request.user)
    return FormPage(title, submit, crumb, _address("detail", invoice))


def _address(name: str, invoice: Invoice) -> str:
    return reverse(f"accounts:invoice_{name}", args=[invoice.pk])


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
