"""Where targets of KPIs are set: a list by period and scope, and a form for each KPI."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Segment, Team, User
from accounts.querysets import steers
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted
from config.lib.clock import app_now
from config.lib.toasts import say
from scoring.domain.periods import parse_period, period_of
from scoring.forms.kpi_targets import KpiTargetForm
from scoring.models import KpiTarget
from scoring.querysets import may_read_reports
from scoring.selectors.kpi_targets import KINDS, Wanted, target_periods, wanted_of
from scoring.selectors.kpi_words import TARGETS
from scoring.selectors.kpis import Facts, Scope, facts_of
from scoring.selectors.reports import segments_offered, teams_offered
from scoring.services.kpi_targets import set_kpi_target


@require_safe
def target_list(request: HttpRequest) -> HttpResponse:
    """Show what is wanted of each KPI in a period, of everybody, a team or a segment."""
    if not may_read_reports(request.user):
        raise PermissionDenied
    facts = facts_of(app_now())
    wanted, scope = _asked(request, facts)
    context = {
        "rows": [(key, words, wanted.targets.get(key)) for key, words in TARGETS.items()],
        "wanted": wanted,
        "scope": scope,
        "query": _query(wanted, scope),
        "periods": target_periods(facts),
        "teams": teams_offered(),
        "segments": {segment.pk: str(segment) for segment in segments_offered()},
        "currency": facts.currency,
        "may_set": steers(request.user) and wanted.is_open,
    }
    return render(request, "scoring/kpi_target_list.html", context)


@editing(KpiTarget, asked=("period", "team", "segment"))
def target_edit(request: HttpRequest, kpi: str) -> HttpResponse:
    """Set what is wanted of a KPI, or want nothing of it."""
    if kpi not in TARGETS:
        raise Http404
    if not (steers(request.user) and may_read_reports(request.user)):
        raise PermissionDenied
    at = app_now()
    facts, words = facts_of(at), TARGETS[kpi]
    wanted, scope = _asked(request, facts)
    form = KpiTargetForm(
        posted(request), words=words, target=wanted.targets.get(kpi), currency=facts.currency
    )
    of: dict[str, Any] = {
        "team": get_object_or_404(Team, pk=scope.team) if scope.team else None,
        "segment": get_object_or_404(Segment, pk=scope.segment) if scope.segment else None,
    }
    whose = str(of["team"] or of["segment"] or _("everybody"))
    target = f"{reverse('scoring:kpi_targets')}?{_query(wanted, scope)}"
    title = _("%(kpi)s, target for %(period)s") % {"kpi": words.label, "period": wanted.label}
    note = _("Of %(whose)s. %(definition)s") % {"whose": whose, "definition": words.about}
    page = FormPage(title, _("Save"), _("Targets"), target, note=note)

    def save(values: dict[str, Any]) -> str:
        period = wanted.period.code
        by = cast(User, request.user)
        set_kpi_target(kpi=kpi, period=period, **of, **form.values(), at=at, by=by)
        say(request, _("The target was saved."))
        return target

    return answer_form(request, form, page, save)


def _asked(request: HttpRequest, facts: Facts) -> tuple[Wanted, Scope]:
    """Return the targets that are asked for; the fiscal year that runs without a period."""
    month, today = facts.fiscal_month, facts.today
    code = request.GET.get("period", "")
    period = parse_period(code, fiscal_month=month, today=today)
    if period is None or period.kind not in KINDS:
        period = period_of(today, "year", fiscal_month=month)
    scope = Scope(_number(request, "team"), _number(request, "segment"))
    return wanted_of(period, scope, facts), scope


def _query(wanted: Wanted, scope: Scope) -> str:
    parts = [f"period={wanted.period.code}"]
    parts += [f"team={scope.team}"] if scope.team else []
    parts += [f"segment={scope.segment}"] if scope.segment else []
    return "&".join(parts)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
