"""Templates for minutes in the settings."""

from dataclasses import asdict
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import UserRole
from accounts.forms.minutes import MinutesTemplateForm
from accounts.models import MinutesTemplate, User
from accounts.querysets import reach_of
from accounts.selectors.minutes import minutes_templates
from accounts.services.minutes import drop_minutes_template, write_minutes_template
from accounts.views.account_forms import form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted
from accounts.views.once import Made
from accounts.views.rates import administrators_only
from config.lib.clock import app_now
from config.lib.toasts import say


@require_safe
def minutes_list(request: HttpRequest) -> HttpResponse:
    """Show every template with what it begins with."""
    may_write = reach_of(request.user).role == UserRole.ADMINISTRATOR
    context = {"templates": minutes_templates(), "may_write": may_write}
    return render(request, "accounts/minutes_list.html", context)


@form_methods
def minutes_new(request: HttpRequest) -> HttpResponse:
    """Write a template of one's own."""
    administrators_only(request)
    return _answer(request, "", {}, _("New template for minutes"))


@editing(MinutesTemplate)
def minutes_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change a template; a shipped one keeps its original to go back to."""
    administrators_only(request)
    found = next((row for row in minutes_templates() if row.key == key), None)
    if found is None:
        raise Http404
    return _answer(request, key, asdict(found), found.name)


@require_POST
def minutes_drop(request: HttpRequest, key: str) -> HttpResponse:
    """Go back to the original, or remove one of the team's own."""
    administrators_only(request)
    if not any(row.key == key and row.is_own for row in minutes_templates()):
        raise Http404
    drop_minutes_template(key=key, at=app_now(), by=cast(User, request.user))
    return redirect("accounts:minutes_list")


def _answer(request: HttpRequest, key: str, initial: dict[str, Any], title: str) -> HttpResponse:
    back = reverse("accounts:minutes_list")
    page = FormPage(title, _("Save"), _("Templates for minutes"), back)

    def save(values: dict[str, Any]) -> str:
        by = cast(User, request.user)
        row = write_minutes_template(key=key, at=app_now(), by=by, **values)
        say(request, _("Saved."))
        return Made(back, row)

    return answer_form(request, MinutesTemplateForm(posted(request), initial=initial), page, save)
