"""Touch models in the settings: cadence and required roles, as they hold and as they will."""

from dataclasses import asdict
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.choices import StakeholderRoleKind, TouchModel, UserRole
from accounts.forms.expectations import ExpectationForm
from accounts.models import Organisation, TouchExpectation, User
from accounts.querysets import reach_of
from accounts.selectors.expectations import expectations_on
from accounts.services.expectations import ONE_DAY, set_expectation
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted
from accounts.views.rates import administrators_only
from config.lib.clock import app_now
from config.lib.toasts import say


@require_safe
def expectation_list(request: HttpRequest) -> HttpResponse:
    """Show what each touch model demands today, and from tomorrow where that differs."""
    today = Organisation.objects.day_of(app_now())
    now, ahead = expectations_on(today), expectations_on(today + ONE_DAY)
    words = dict(StakeholderRoleKind.choices)
    rows = [
        {
            "model": model,
            "now": now[model],
            "roles": [words[role] for role in now[model].required_roles],
            "changes": now[model] != ahead[model],
        }
        for model in TouchModel
    ]
    may_write = reach_of(request.user).role == UserRole.ADMINISTRATOR
    context = {"rows": rows, "may_write": may_write}
    return render(request, "accounts/expectation_list.html", context)


@editing(TouchExpectation)
def expectation_edit(request: HttpRequest, model: str) -> HttpResponse:
    """Change what a touch model demands from tomorrow on."""
    if model not in TouchModel.values:
        raise Http404
    administrators_only(request)
    now = app_now()
    ahead = expectations_on(Organisation.objects.day_of(now) + ONE_DAY)[model]
    initial = {**asdict(ahead), "required_roles": list(ahead.required_roles)}
    form = ExpectationForm(posted(request), initial=initial)
    back = reverse("accounts:expectation_list")
    note = _("The change acts from tomorrow, so that today's scores stay explainable.")
    page = FormPage(str(TouchModel(model).label), _("Save"), _("Touch models"), back, note=note)

    def save(values: dict[str, Any]) -> str:
        set_expectation(touch_model=model, by=cast(User, request.user), at=now, **values)
        say(request, _("The change acts from tomorrow."))
        return back

    return answer_form(request, form, page, save)
