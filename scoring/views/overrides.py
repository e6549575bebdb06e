"""A person corrects the score of an account, takes that back, judges it, or calls a score wrong."""

import datetime as dt
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.choices import RecordKind
from accounts.models import Account, Organisation, User
from accounts.views.account_forms import form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, home_of, posted, to_change
from accounts.views.once import Made
from config.lib.back import back
from config.lib.clock import app_now
from config.lib.toasts import say
from scoring.forms.overrides import FeedbackForm, OverrideForm
from scoring.models import HealthCurrent, HealthOverride, ScoreFeedback
from scoring.selectors.labels import metric_label
from scoring.selectors.overrides import standing_override
from scoring.selectors.scorecards import read_definition
from scoring.services.feedback import object_to_score, retract_feedback
from scoring.services.overrides import end_override, review_override, set_override


@editing(HealthOverride, row=lambda pk: None)
def override_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the score of an account from now on."""
    account = _account_to_judge(request, pk)
    at = app_now()
    standing = standing_override(pk, at=at)
    form = OverrideForm(posted(request), today=Organisation.objects.day_of(at), standing=standing)
    note = _("The computed score runs on beneath, and both are shown.")
    page = _page(account, _("Override the score"), _("Set override"), note=note)

    def save(values: dict[str, Any]) -> str:
        until = _end_of(values["expires_at"])
        set_override(account=account, by=_me(request), at=at, expires_at=until, **form.values())
        say(request, _("The override is set. The score follows within seconds."))
        return page.back

    return answer_form(request, form, page, save)


@require_POST
def override_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the computed score show again."""
    account = _account_to_judge(request, pk)
    override = get_object_or_404(
        HealthOverride.objects.filter(retracted_at=None).select_related("account"), account=account
    )
    end_override(override=override, by=_me(request), at=app_now())
    say(request, _("The override has ended. The score follows within seconds."))
    return redirect("accounts:detail", pk=pk)


@require_POST
def override_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether an override that is over was right."""
    override = to_change(HealthOverride.objects.all(), request, pk)
    review_override(
        override=override,
        verdict=request.POST.get("verdict", ""),
        note=request.POST.get("note", ""),
        by=_me(request),
        at=app_now(),
    )
    say(request, _("Thank you. It counts in the accuracy of overrides."))
    return back(request)


@form_methods
def feedback_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the newest score of an account is wrong."""
    account = _account_to_judge(request, pk)
    health = HealthCurrent.objects.filter(account=pk).select_related("version").first()
    form = FeedbackForm(posted(request), measures=_measures(health))
    note = _("It changes no score. To correct this one now, set an override.")
    page = _page(account, _("This score is wrong"), _("Send"), note=note)

    def save(values: dict[str, Any]) -> str:
        said = object_to_score(account=account, by=_me(request), at=app_now(), **values)
        undo = reverse("scoring:feedback_retract", args=[said.pk])
        say(request, _("Thank you. It counts in the figures of the scorecard."), undo=undo)
        return Made(page.back, said)

    return answer_form(request, form, page, save)


@require_POST
def feedback_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was said of a score."""
    said = to_change(ScoreFeedback.objects.filter(author=request.user.pk), request, pk)
    retract_feedback(feedback=said, by=_me(request), at=app_now())
    say(request, _("Taken back."))
    return redirect(home_of(said, request.user, otherwise=reverse("scoring:alerts")))


def _measures(health: HealthCurrent | None) -> list[tuple[str, Any]]:
    if health is None or health.version is None:
        return []
    measures = read_definition(health.version).measures
    return [(measure.metric, metric_label(measure.metric)) for _, measure, _ in measures]


def _end_of(day: dt.date) -> dt.datetime:
    """Return the midnight after a day of the organisation."""
    zone = Organisation.objects.zone()
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, zone)


def _account_to_judge(request: HttpRequest, pk: int) -> Account:
    accounts = Account.objects.unarchived()
    account: Account = to_change(accounts, request, pk, kind=RecordKind.HEALTH)
    return account


def _page(account: Account, title: str, submit: str, note: str = "") -> FormPage:
    back = reverse("accounts:detail", args=[account.pk])
    return FormPage(title, submit, str(account), back, note=note)


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
