"""The organisation and how far each role reaches."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import RecordKind, Scope, UserRole
from accounts.forms.house import OrganisationForm
from accounts.models import Organisation, User
from accounts.selectors.policies import Policy, policies
from accounts.services.organisation import WIDTH, set_access_policy, update_organisation
from accounts.views.form_pages import FormPage, answer_form, posted
from accounts.views.settings.access import for_administrators
from config.lib.toasts import say


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def organisation(request: HttpRequest) -> HttpResponse:
    """Show and change what the organisation is called, its days, money and addresses."""
    row = get_object_or_404(Organisation)
    page = FormPage(
        title=_("Organisation"),
        submit=_("Save"),
        crumb=_("Settings"),
        back=reverse("settings"),
        note=_("Days, figures and segments follow a change from the next day on."),
        history=reverse("accounts:settings_history", args=["organisation"]),
    )

    def save(values: dict[str, Any]) -> str:
        update_organisation(changes=values, by=cast(User, request.user))
        say(request, _("The organisation is saved."))
        return reverse("accounts:settings_organisation")

    return answer_form(request, OrganisationForm(posted(request), instance=row), page, save)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def access(request: HttpRequest) -> HttpResponse:
    """Show and change how far each role sees and changes each kind of record."""
    if request.method == "POST":
        return _save_access(request)
    kept = {(one.role, one.kind): one for one in policies()}
    roles = [role for role in UserRole if role != UserRole.ADMINISTRATOR]
    rows = [
        (kind.label, [(role, *_scopes(kept[role, kind]), kind) for role in roles])
        for kind in RecordKind
    ]
    context = {"roles": roles, "rows": rows, "scopes": Scope.choices}
    return render(request, "accounts/settings/access.html", context)


def _scopes(policy: Policy) -> tuple[str, str]:
    return policy.read_scope, policy.write_scope


def _save_access(request: HttpRequest) -> HttpResponse:
    """Store what differs; a write beyond the read is narrowed to it, as the page says."""
    kept = {(one.role, one.kind): one for one in policies()}
    for role in UserRole:
        for kind in RecordKind:
            read, write = (
                request.POST.get(f"{role}.{kind}.{way}", "") for way in ("read", "write")
            )
            if role == UserRole.ADMINISTRATOR or not {read, write} <= set(Scope.values):
                continue
            write = min(read, write, key=lambda scope: WIDTH[Scope(scope)])
            if (read, write) != _scopes(kept[role, kind]):
                set_access_policy(
                    role=role,
                    kind=kind,
                    read_scope=Scope(read),
                    write_scope=Scope(write),
                    by=cast(User, request.user),
                )
    say(request, _("Access is saved; it acts on everybody's next page."))
    return redirect("accounts:settings_access")
