"""A contract: its page with the terms through time, and the forms that change it."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import RecordKind
from accounts.domain.renewals import ONE_DAY, shift_months
from accounts.forms.contracts import (
    ContractForm,
    NewContractForm,
    NoticeForm,
    PreviewForm,
    RenewForm,
    TermsForm,
    in_columns,
)
from accounts.models import Account, Contract, Organisation, User
from accounts.querysets import reach_of
from accounts.selectors.contracts import renewal_of, reporting_worth, with_worth
from accounts.selectors.status_proposal import StatusProposal, contracts_of, propose_status
from accounts.services.contracts import (
    archive_contract,
    change_terms,
    create_contract,
    renew_contract,
    restore_contract,
    update_contract,
)
from accounts.views.account_forms import account_page, form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, crumb_of, go_home, posted, to_change
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.toasts import say


@require_safe
def contract_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was agreed, since when it was worth what, and what is to be decided when."""
    at = app_now()
    today = Organisation.objects.day_of(at)
    contracts = Contract.objects.visible_to(request.user).select_related("account")
    contract: Any = get_object_or_404(with_worth(contracts, at=at), pk=pk)
    terms = contract.terms.filter(retracted_at=None).order_by("-starts_on", "-pk")
    account = reach_of(request.user).told(contract.account)
    context = {
        "contract": contract,
        "account": account,
        "proposal": _proposal(request, account, today),
        "terms": terms,
        "renewal": renewal_of(
            contract, today=today, is_followed=contract.is_followed, is_lost=contract.is_lost
        ),
        "worth": reporting_worth(contract.arr_now or Decimal(0), contract.currency, on=today),
        "editable": Contract.objects.editable_by(request.user).filter(pk=pk).exists()
        and contract.account.archived_at is None,
    }
    return render(request, "accounts/contract_detail.html", context)


def _proposal(request: HttpRequest, account: Any, today: dt.date) -> StatusProposal | None:
    """Propose a status of the account to who may change it."""
    if not account.pk or not Account.objects.editable_by(request.user).filter(pk=account.pk):
        return None
    return propose_status(account, contracts_of(account), today=today)


@form_methods
def contract_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contract to an account."""
    account = to_change(Account.objects.unarchived(), request, pk, kind=RecordKind.CONTRACT)
    now = app_now()
    form = NewContractForm(posted(request), initial=_proposed(account, now))
    page = account_page(account, _("New contract"), _("Add contract"))

    def save(values: dict[str, Any]) -> str:
        fields = _without_id(in_columns(values))
        contract = create_contract(account=account, by=_me(request), at=now, **fields)
        say(request, _("The contract was added."))
        return Made(page.back, contract)

    return answer_form(request, form, page, save)


@editing(Contract)
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the frame of a contract; its worth has a form of its own."""
    contract = _to_change(request, pk)
    page = _page(request, contract, _("Edit contract"), _("Save"))
    form = ContractForm(posted(request), instance=contract)
    now = app_now()

    def save(values: dict[str, Any]) -> str:
        changes = _without_id(form.changes())
        update_contract(contract=contract, changes=changes, by=_me(request), at=now)
        say(request, _("The contract was saved."))
        return page.back

    return answer_form(request, form, page, save)


@editing(Contract)
def contract_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the contract is worth from a day on."""
    contract = _to_change(request, pk)
    now = app_now()
    worth: Any = with_worth(Contract.objects.filter(pk=pk), at=now).get()
    initial = {
        "on": _day_within(contract, Organisation.objects.day_of(now)),
        "arr": worth.arr_now,
        "seats": worth.seats_now,
    }
    form = TermsForm(posted(request), initial=initial, currency=contract.currency)
    page = _page(request, contract, _("Change terms"), _("Change"))

    def save(values: dict[str, Any]) -> str:
        change_terms(contract=contract, by=_me(request), at=now, **values)
        say(request, _("The terms were changed."))
        return page.back

    return answer_form(request, form, page, save)


@editing(Contract)
def contract_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew a contract, as a new one or by going on."""
    contract = _to_change(request, pk)
    now = app_now()
    worth: Any = with_worth(Contract.objects.filter(pk=pk), at=now).get()
    length = _months(contract)
    initial = {
        "ends_on": contract.ends_on and shift_months(contract.ends_on + ONE_DAY, length) - ONE_DAY,
        "arr": worth.arr_now,
        "seats": worth.seats_now,
    }
    form = RenewForm(posted(request), initial=initial, currency=contract.currency)
    page = _page(request, contract, _("Renew contract"), _("Renew"))

    def save(values: dict[str, Any]) -> str:
        renewed = renew_contract(contract=contract, by=_me(request), at=now, **values)
        say(request, _("The contract was renewed."))
        return Made(reverse("accounts:contract_detail", args=[renewed.pk]), renewed)

    followers = contract.account.contracts.filter(product=contract.product, archived_at=None)
    standing = {"ends_on": contract.ends_on, "as_new": followers}
    return answer_form(request, form, page, save, standing=standing, acts=True)


@editing(Contract)
def contract_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the customer gave notice, or that they took it back."""
    contract = _to_change(request, pk)
    now = app_now()
    day = contract.notice_received_on or Organisation.objects.day_of(now)
    form = NoticeForm(posted(request), initial={"notice_received_on": day})
    note = _("Losing one contract is not churning: the account's status stays as it is.")
    page = _page(request, contract, _("Cancellation notice"), _("Save"), note=note)

    def save(values: dict[str, Any]) -> str:
        update_contract(contract=contract, changes=values, by=_me(request), at=now)
        say(request, _("The contract was saved."))
        return page.back

    standing = {"notice_received_on": contract.notice_received_on}
    return answer_form(request, form, page, save, standing=standing)


@require_POST
def contract_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a contract entered by mistake out; the toast brings it back."""
    contract = _to_change(request, pk)
    archive_contract(contract=contract, by=_me(request), at=app_now())
    say(
        request,
        _("The contract was archived."),
        undo=reverse("accounts:contract_restore", args=[pk]),
    )
    return go_home(request, contract, list_key="contracts")


@require_POST
def contract_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an archived contract back."""
    contracts = Contract.objects.exclude(archived_at=None).filter(account__archived_at=None)
    contract = to_change(contracts, request, pk)
    restore_contract(contract=contract, by=_me(request), at=app_now())
    say(request, _("The contract is back."))
    return redirect("accounts:contract_detail", pk=pk)


@require_safe
def contract_preview(request: HttpRequest) -> HttpResponse:
    """Say by when a contract that is being typed would have to be decided, and why then."""
    form = PreviewForm(request.GET)
    today = Organisation.objects.day_of(app_now())
    renewal = None
    if form.is_valid():
        values = {**form.cleaned_data, "notice_months": form.cleaned_data["notice_months"] or 0}
        renewal = renewal_of(Contract(**values), today=today)
    context = {"renewal": renewal, "contract": form.cleaned_data}
    return render(request, "accounts/contract_renewal.html", context)


def _to_change(request: HttpRequest, pk: int) -> Contract:
    contracts = Contract.objects.unarchived().filter(account__archived_at=None)
    contract: Contract = to_change(contracts.select_related("account"), request, pk)
    return contract


def _page(
    request: HttpRequest, contract: Contract, title: str, submit: str, note: str = ""
) -> FormPage:
    back = reverse("accounts:contract_detail", args=[contract.pk])
    return FormPage(title, submit, crumb_of(contract, request.user), back, note=note)


def _proposed(account: Account, now: dt.datetime) -> dict[str, Any]:
    first_day = shift_months(Organisation.objects.day_of(now).replace(day=1), 1)
    return {
        "starts_on": first_day,
        "ends_on": shift_months(first_day, 12) - ONE_DAY,
        "currency": account.currency,
        "approval_state": "not_started",
    }


def _months(contract: Contract) -> int:
    """Return the length of the period in whole months, a year where it has none."""
    if contract.ends_on is None:
        return 12
    after = contract.ends_on + ONE_DAY
    first = contract.starts_on
    return max(1, (after.year - first.year) * 12 + after.month - first.month) % 12 or 12


def _without_id(values: dict[str, Any]) -> dict[str, Any]:
    """Store an empty own-system id as none."""
    if "external_id" in values:
        return {**values, "external_id": values["external_id"] or None}
    return values


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _day_within(contract: Contract, day: dt.date) -> dt.date:
    """Return the day of the contract that is nearest to a day; one that renews itself goes on."""
    last = None if contract.auto_renews else contract.ends_on
    return max(contract.starts_on, min(day, last or day))
