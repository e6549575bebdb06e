"""Our side of an account: roles with their history, handovers, and who else sees it."""

import datetime as dt
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import AccountRoleKind
from accounts.forms.team import RoleEndForm, RoleForm, ShareForm
from accounts.models import Account, AccountRole, AccountShare, Organisation, User
from accounts.selectors.team import our_side, standing_roles
from accounts.services.handovers import RoleHandover, hand_over_role, work_at
from accounts.services.roles import end_account_role
from accounts.services.shares import end_share, share_account
from accounts.views.account_forms import account_to_change, form_methods
from accounts.views.form_pages import FormPage, answer_form, posted
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.formats import listed
from config.lib.toasts import say


@require_safe
def account_roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who of us looks after the account, who did, and to whom it is shared."""
    accounts = Account.objects.visible_to(request.user).prefetch_related(standing_roles())
    account = get_object_or_404(accounts, pk=pk)
    today = Organisation.objects.day_of(app_now())
    context = {
        "account": account,
        "side": our_side(account, today=today),
        "shares": account.shares.select_related("user", "team").order_by("pk"),
        "editable": Account.objects.editable_by(request.user)
        .filter(pk=pk, archived_at=None)
        .exists(),
    }
    return render(request, "accounts/account_roles.html", context)


@form_methods
def role_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a role from a day on; who had it hands over."""
    account = account_to_change(request, pk)
    now = app_now()
    initial = {"role": request.GET.get("role", AccountRoleKind.MANAGER)}
    today = Organisation.objects.day_of(now)
    work = _open_work(account, today=today, by=cast(User, request.user))
    form = RoleForm(posted(request), initial=initial, today=today, work=work)
    page = _page(account, _("Assign a role"), _("Assign"))

    def save(values: dict[str, Any]) -> str:
        by = cast(User, request.user)
        done = hand_over_role(account=account, by=by, at=now, **values)
        say(request, _("The role was assigned."))
        _tell_of_work(request, done)
        return Made(page.back, done.fact)

    return answer_form(request, form, page, save)


@form_methods
def role_end(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """Leave a role empty from a day on."""
    account = account_to_change(request, pk)
    fact = get_object_or_404(AccountRole, pk=role, account=account, retracted_at=None)
    now = app_now()
    form = RoleEndForm(posted(request), initial={"on": Organisation.objects.day_of(now)})
    page = _page(account, _("End a role"), _("End the role"), note=str(fact))

    def save(values: dict[str, Any]) -> str:
        user = cast(User, request.user)
        end_account_role(account=account, role=fact.role, on=values["on"], by=user, at=now)
        say(request, _("The role ends."))
        left = work_at(account, fact.user, by=user)
        _tell_of_work(request, RoleHandover(fact, fact.user, [], left))
        return page.back

    return answer_form(request, form, page, save)


@form_methods
def share_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the account to one more colleague or team."""
    account = account_to_change(request, pk)
    form = ShareForm(posted(request))
    page = _page(account, _("Share the account"), _("Share"))

    def save(values: dict[str, Any]) -> str:
        by = cast(User, request.user)
        share = share_account(account=account, by=by, at=app_now(), **values)
        say(request, _("The account is shared."))
        return Made(page.back, share)

    return answer_form(request, form, page, save)


@require_POST
def share_end(request: HttpRequest, pk: int, share: int) -> HttpResponse:
    """Take a share back; it acts on the next request."""
    account = account_to_change(request, pk)
    row = get_object_or_404(AccountShare, pk=share, account=account)
    end_share(share=row, by=cast(User, request.user))
    say(request, _("The account is no longer shared with them."))
    return redirect("accounts:roles", pk=pk)


def _page(account: Account, title: str, submit: str, note: str = "") -> FormPage:
    back = reverse("accounts:roles", args=[account.pk])
    return FormPage(title, submit, str(account), back, note=note)


def _open_work(account: Account, *, today: dt.date, by: User) -> list[str]:
    """Say what is open with each who holds a role today, and which."""
    roles: Any = AccountRole.objects.filter(account=account).select_related("user")
    held: dict[User, list[str]] = {}
    for fact in roles.current().holding_on(today).order_by("role", "pk"):
        held.setdefault(fact.user, []).append(fact.get_role_display())
    words = _("%(name)s (%(roles)s): %(work)s")
    return [
        words % {"name": user, "roles": listed(names), "work": listed(work)}
        for user, names in held.items()
        if (work := work_at(account, user, by=by))
    ]


def _tell_of_work(request: HttpRequest, done: RoleHandover) -> None:
    """Say what went over with a role, and what stays with who held it."""
    if done.given:
        words = _("Handed over to %(name)s: %(work)s.")
        say(request, words % {"name": done.fact.user, "work": listed(done.given)})
    if done.left:
        words = _("Still with %(name)s: %(work)s.")
        say(request, words % {"name": done.predecessor, "work": listed(done.left)})
