"""Alerts: what is open over all accounts, what people make of it, and how often it was right."""

import datetime as dt
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import RecordKind, Scope
from accounts.models import Organisation, User
from accounts.querysets import reach_of, steers
from accounts.views.account_forms import form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, crumb_of, home_of, posted, to_change
from config.lib.back import back
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.row_ids import is_row_id
from config.lib.toasts import say
from scoring.choices import AlertKind, AlertState
from scoring.forms.alerts import (
    ACKNOWLEDGE,
    BulkForm,
    FalseAlarmForm,
    RuleForm,
    SnoozeForm,
)
from scoring.models import AlertRule, HealthAlert, Scorecard
from scoring.selectors.alert_rules import alert_rules
from scoring.selectors.alerts import alert_figures, alert_rows, in_state
from scoring.selectors.feedback import feedback_figures
from scoring.selectors.overrides import override_accuracy
from scoring.services.alerts import (
    acknowledge_alerts,
    mark_false_alarms,
    set_alert_rule,
    snooze_alert,
    unacknowledge_alerts,
    unmark_false_alarms,
)

ROWS_A_PAGE = 50
FIGURE_DAYS = (30, 90, 365)


@require_safe
def alert_list(request: HttpRequest) -> HttpResponse:
    """Show alerts by state and kind, newest first; open ones to begin with."""
    reach = reach_of(request.user)
    if reach.scope(RecordKind.HEALTH) == Scope.NONE:
        raise Http404
    at = app_now()
    state = _one_of(request.GET.get("state"), AlertState.values) or AlertState.OPEN
    kind = _one_of(request.GET.get("kind"), AlertKind.values)
    is_mine = request.GET.get("mine") == "1"
    rows: Any = in_state(HealthAlert.objects.visible_to(request.user), state, at=at)
    if kind:
        rows = rows.filter(kind=kind)
    if is_mine:
        rows = rows.filter(account__in=reach.held)
    shown = rows.select_related("account__health", "acknowledged_by", "false_by")
    page = KeysetPaginator(shown, order="-opened_at", size=ROWS_A_PAGE).page(
        request.GET.get("cursor")
    )
    today = Organisation.objects.day_of(at)
    context = {
        "rows": alert_rows(page.rows, at=at),
        "page": page,
        "state": state,
        "states": AlertState.choices,
        "kind": kind,
        "kinds": AlertKind.choices,
        "is_mine": is_mine,
        "figures": alert_figures(since=today - dt.timedelta(days=FIGURE_DAYS[1]), until=today),
        "bulk": BulkForm() if _may_act(request) else None,
        "today": today,
    }
    return render(request, "scoring/alert_list.html", context)


@require_safe
def alert_quality(request: HttpRequest) -> HttpResponse:
    """Show how often alerts were false, scores called wrong, and overrides right."""
    if reach_of(request.user).scope(RecordKind.HEALTH) == Scope.NONE:
        raise Http404
    at = app_now()
    asked = request.GET.get("days", "")
    days = next((n for n in FIGURE_DAYS if str(n) == asked), FIGURE_DAYS[1])
    until = Organisation.objects.day_of(at)
    since = until - dt.timedelta(days=days)
    judged = feedback_figures(since=since, until=until)
    names = {card.key: str(card) for card in Scorecard.objects.all()}
    context = {
        "days": days,
        "choices": FIGURE_DAYS,
        "kinds": alert_figures(since=since, until=until),
        "versions": [(names.get(row.scorecard, row.scorecard), row) for row in judged],
        "overrides": override_accuracy(at=at, since=at - dt.timedelta(days=days)),
    }
    return render(request, "scoring/alert_quality.html", context)


@require_POST
def alert_bulk(request: HttpRequest) -> HttpResponse:
    """Acknowledge the picked alerts, or call them false for a reason."""
    ids = [int(text) for text in request.POST.getlist("alert")[:500] if is_row_id(text)]
    rows = HealthAlert.objects.editable_by(request.user).filter(pk__in=ids)
    found = list(rows.values_list("pk", flat=True))
    if ids and not found:
        raise Http404
    form = BulkForm(request.POST)
    if not form.is_valid():
        raise Http404
    at = app_now()
    if form.cleaned_data["action"] == ACKNOWLEDGE:
        done = acknowledge_alerts(alert_ids=found, by=_me(request), at=at)
        said = ngettext("%(n)s alert acknowledged.", "%(n)s alerts acknowledged.", len(done))
    else:
        reason = form.cleaned_data["reason"]
        done = mark_false_alarms(alert_ids=found, reason=reason, by=_me(request), at=at)
        said = ngettext("%(n)s false alarm.", "%(n)s false alarms.", len(done))
    say(request, said % {"n": len(done)})
    return back(request)


@require_POST
def alert_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one looks after an alert."""
    alert = _to_change(request, pk)
    acknowledge_alerts(alert_ids=[alert.pk], by=_me(request), at=app_now())
    undo = reverse("scoring:alert_unacknowledge", args=[pk])
    say(request, _("The alert is acknowledged."), undo=undo)
    return back(request)


@require_POST
def alert_unacknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take that back."""
    unacknowledge_alerts(alert_ids=[_to_change(request, pk).pk], by=_me(request))
    say(request, _("Taken back."))
    return back(request)


@form_methods
def alert_false(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an alert false, with a reason."""
    alert = _to_change(request, pk)
    form = FalseAlarmForm(posted(request))
    page = _page(request, alert, _("False alarm"), _("Call it a false alarm"))

    def save(values: dict[str, Any]) -> str:
        mark_false_alarms(alert_ids=[pk], by=_me(request), at=app_now(), **values)
        undo = reverse("scoring:alert_true", args=[pk])
        say(request, _("It counts as a false alarm."), undo=undo)
        return page.back

    return answer_form(request, form, page, save)


@require_POST
def alert_true(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that an alert was false."""
    unmark_false_alarms(alert_ids=[_to_change(request, pk).pk])
    say(request, _("Taken back."))
    return back(request)


@form_methods
def alert_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an alert off until a day."""
    alert = _to_change(request, pk)
    at = app_now()
    form = SnoozeForm(posted(request), today=Organisation.objects.day_of(at))
    page = _page(request, alert, _("Snooze until"), _("Snooze"))

    def save(values: dict[str, Any]) -> str:
        zone = Organisation.objects.zone()
        until = dt.datetime.combine(values["until"], dt.time.min, zone)
        snooze_alert(alert=alert, until=until, at=at)
        undo = reverse("scoring:alert_wake", args=[pk])
        say(request, _("The alert is put off."), undo=undo)
        return page.back

    return answer_form(request, form, page, save)


@require_POST
def alert_wake(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an alert again that was put off."""
    snooze_alert(alert=_to_change(request, pk), until=None, at=app_now())
    say(request, _("Taken back."))
    return back(request)


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """Show when each kind of alert opens."""
    rules = alert_rules()
    rows = [(AlertKind(kind), rule) for kind, rule in rules.items()]
    context = {"rows": rows, "may_write": steers(request.user)}
    return render(request, "scoring/alert_rule_list.html", context)


@editing(AlertRule)
def rule_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """Change when a kind of alert opens."""
    if kind not in AlertKind.values:
        raise Http404
    if not steers(request.user):
        raise PermissionDenied
    form = RuleForm(posted(request), kind=kind, rule=alert_rules()[kind])
    target = reverse("scoring:alert_rules")
    note = _("The next run of the score goes by it.")
    page = FormPage(str(AlertKind(kind).label), _("Save"), _("Alert rules"), target, note=note)

    def save(values: dict[str, Any]) -> str:
        set_alert_rule(kind=kind, by=_me(request), **form.values())
        say(request, _("The rule was saved."))
        return target

    return answer_form(request, form, page, save)


def _to_change(request: HttpRequest, pk: int) -> HealthAlert:
    alert: HealthAlert = to_change(HealthAlert.objects.select_related("account"), request, pk)
    return alert


def _page(request: HttpRequest, alert: HealthAlert, title: str, submit: str) -> FormPage:
    where = request.GET.get("from") or request.POST.get("from")
    every = reverse("scoring:alerts")
    target = home_of(alert, request.user, otherwise=every) if where == "account" else every
    return FormPage(title, submit, crumb_of(alert, request.user), target)


def _may_act(request: HttpRequest) -> bool:
    return reach_of(request.user).scope(RecordKind.HEALTH, write=True) != Scope.NONE


def _one_of(text: str | None, choices: list[str]) -> str:
    return text if text in choices else ""


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
