"""The organisation and how far each role reaches."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import RecordKind, UserRole
from accounts.forms.house import AccessForm, OrganisationForm
from accounts.models import AccessPolicy, Organisation, User
from accounts.selectors.policies import policies
from accounts.services.organisation import set_access_policy, update_organisation
from accounts.views.editing import carry_marks, edit_of, editing, may_save
from accounts.views.form_pages import FormPage, answer_form, posted
from accounts.views.settings.access import for_administrators
from config.lib.toasts import say


@for_administrators
@editing(Organisation, row=lambda: 1)
def organisation(request: HttpRequest) -> HttpResponse:
    """Show and change what the organisation is called, its days, money and addresses."""
    row = Organisation.objects.first() or Organisation()
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


@for_administrators
@editing(AccessPolicy, row=lambda: None)
def access(request: HttpRequest) -> HttpResponse:
    """Show and change how far each role sees and changes each kind of record."""
    roles = [role for role in UserRole if role != UserRole.ADMINISTRATOR]
    kept = {(one.role, one.kind): one for one in policies() if one.role in roles}
    form = AccessForm(posted(request), kept=kept)
    edit = edit_of(request, form)
    if request.method == "POST" and may_save(request, form, edit):
        for (role, kind), (read, write) in form.changes().items():
            set_access_policy(
                role=role,
                kind=kind,
                read_scope=read,
                write_scope=write,
                by=cast(User, request.user),
            )
        say(request, _("Access is saved; it acts on everybody's next page."))
        return redirect("accounts:settings_access")
    carry_marks(request, form, edit)
    rows = [
        (
            kind.label,
            [(role, form[f"{role}.{kind}.read"], form[f"{role}.{kind}.write"]) for role in roles],
        )
        for kind in RecordKind
    ]
    return render(
        request, "accounts/settings/access.html", {"form": form, "roles": roles, "rows": rows}
    )
