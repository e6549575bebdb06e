"""The onboarding of an account: its milestones on one page, and the forms that change them."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import RecordKind
from accounts.forms.service import MilestoneForm, PlanForm
from accounts.models import Account, OnboardingMilestone, Organisation, User
from accounts.selectors.service import milestones_of
from accounts.services.milestones import (
    complete_milestone,
    plan_onboarding,
    reopen_milestone,
    restore_milestone,
    retract_milestone,
    set_milestone,
    update_milestone,
)
from accounts.views.account_forms import form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted, to_change
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.toasts import say

_MOVES = {"complete": complete_milestone, "reopen": reopen_milestone}


@require_safe
def milestone_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the way to first value: what is due when, reached, late."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    today = Organisation.objects.day_of(app_now())
    steps = milestones_of(account, user=request.user, today=today)
    context = {
        "account": account,
        "steps": steps,
        "done": sum(step.milestone.done_on is not None for step in steps),
        "editable": account.archived_at is None
        and Account.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "accounts/milestone_list.html", context)


@form_methods
def milestone_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the account the shipped milestones, counted from a day."""
    account = _account_to_change(request, pk)
    now = app_now()
    contracts = account.contracts.filter(archived_at=None).order_by("-starts_on")
    first_day = contracts.values_list("starts_on", flat=True).first()
    start = first_day or Organisation.objects.day_of(now)
    form = PlanForm(posted(request), starts_on=start)
    note = _("Milestones the account has already stay as they are.")
    page = _page(account, _("Plan onboarding"), _("Plan"), note=note)

    def save(values: dict[str, Any]) -> str:
        made = plan_onboarding(account=account, by=_me(request), at=now, **values)
        said = ngettext("%(n)s milestone planned.", "%(n)s milestones planned.", len(made))
        say(request, said % {"n": len(made)})
        return Made(page.back, *made)

    return answer_form(request, form, page, save)


@form_methods
def milestone_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan one more milestone."""
    account = _account_to_change(request, pk)
    form = MilestoneForm(posted(request))
    page = _page(account, _("New milestone"), _("Add milestone"))

    def save(values: dict[str, Any]) -> str:
        step = set_milestone(account=account, by=_me(request), at=app_now(), **form.values())
        say(request, _("The milestone was added."))
        return Made(page.back, step)

    return answer_form(request, form, page, save)


@editing(OnboardingMilestone)
def milestone_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a milestone or put it off."""
    milestone = _to_change(request, pk)
    form = MilestoneForm(posted(request), instance=milestone)
    page = _page(milestone.account, _("Edit milestone"), _("Save"))

    def save(values: dict[str, Any]) -> str:
        update_milestone(milestone=milestone, changes=form.changes(), by=_me(request), at=app_now())
        say(request, _("The milestone was saved."))
        return page.back

    return answer_form(request, form, page, save)


@require_POST
def milestone_move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Say that a milestone was reached today, or that it was not."""
    milestone = _to_change(request, pk)
    moved = _MOVES[to](milestone=milestone, by=_me(request), at=app_now())
    other = "reopen" if to == "complete" else "complete"
    said = _("The milestone was reached.") if moved.done_on else _("The milestone is open again.")
    say(request, said, undo=reverse(f"accounts:milestone_{other}", args=[pk]))
    return redirect("accounts:milestones", pk=milestone.account_id)


@require_POST
def milestone_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a milestone out of the plan; the toast brings it back."""
    milestone = _to_change(request, pk)
    retract_milestone(milestone=milestone, by=_me(request), at=app_now())
    undo = reverse("accounts:milestone_restore", args=[pk])
    say(request, _("The milestone was taken out."), undo=undo)
    return redirect("accounts:milestones", pk=milestone.account_id)


@require_POST
def milestone_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a milestone back into the plan."""
    rows = OnboardingMilestone.objects.exclude(retracted_at=None)
    milestone = to_change(rows.filter(account__archived_at=None), request, pk)
    restore_milestone(milestone=milestone, by=_me(request), at=app_now())
    say(request, _("The milestone is back."))
    return redirect("accounts:milestones", pk=milestone.account_id)


def _account_to_change(request: HttpRequest, pk: int) -> Account:
    accounts = Account.objects.unarchived()
    account: Account = to_change(accounts, request, pk, kind=RecordKind.ACCOUNT)
    return account


def _to_change(request: HttpRequest, pk: int) -> OnboardingMilestone:
    rows = OnboardingMilestone.objects.standing().filter(account__archived_at=None)
    milestone: OnboardingMilestone = to_change(rows.select_related("account"), request, pk)
    return milestone


def _page(account: Account, title: str, submit: str, note: str = "") -> FormPage:
    back = reverse("accounts:milestones", args=[account.pk])
    crumb = f"{account} · {_('Onboarding milestones')}"
    return FormPage(title, submit, crumb, back, note=note)


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
