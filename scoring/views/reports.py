"""Reports: the KPIs of a period with their definitions, and the accounts behind each number."""

import datetime as dt
import io
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.choices import ExportFormat, ExportHeader, RecordKind, Scope
from accounts.models import Organisation, Segment, Team
from accounts.querysets import reach_of, steers
from accounts.services.exports.files import CONTENT_TYPES
from accounts.services.exports.sheets import SheetColumn
from accounts.services.exports.writers import WRITERS
from config.lib.clock import app_now
from scoring.domain.periods import ROLLING
from scoring.querysets import may_read_reports
from scoring.selectors.kpi_targets import Wanted
from scoring.selectors.kpi_words import BRIDGE, COHORT, PICKS, period_label
from scoring.selectors.reports import (
    Line,
    Question,
    accounts_behind,
    arr_line,
    bridge_of,
    lines_of,
    numbers_of,
    parts_of,
    periods_offered,
    question_of,
    segments_offered,
    teams_offered,
    wanted_by,
)


def _wanted(line: Line, part: str) -> Any:
    return line.verdicts[part].wanted if part in line.verdicts else None


COLUMNS = (
    SheetColumn("kpi", _("KPI"), "text", lambda line: str(line.words.label)),
    SheetColumn("rate", _("Rate"), "number", lambda line: line.figure.rate),
    SheetColumn("count", _("Count"), "number", lambda line: line.figure.count),
    SheetColumn("counted", _("What is counted"), "text", lambda line: str(line.words.counted)),
    SheetColumn("amount", _("Amount"), "number", lambda line: line.figure.amount),
    SheetColumn("amount_is", _("What the amount is"), "text", lambda line: str(line.words.amount)),
    SheetColumn("base", _("Divided by"), "number", lambda line: line.figure.base),
    SheetColumn(
        "rate_before", _("Rate of the period before"), "number", lambda line: line.before.rate
    ),
    SheetColumn("target_rate", _("Target rate"), "number", lambda line: _wanted(line, "rate")),
    SheetColumn("target_count", _("Target count"), "number", lambda line: _wanted(line, "count")),
    SheetColumn(
        "target_amount", _("Target amount"), "number", lambda line: _wanted(line, "amount")
    ),
    SheetColumn("definition", _("Definition"), "text", lambda line: str(line.words.about)),
)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Show every KPI of a period and scope, the bridge, the line, teams and segments."""
    question = _question(request)
    offered = segments_offered()
    segments = {segment.pk: str(segment) for segment in offered}
    teams = teams_offered()
    wanted = wanted_by(question)
    context = {
        **_frame_of(question),
        "wanted": wanted,
        "target_query": question.scope_query(wanted.period.code),
        "periods": periods_offered(question.facts),
        "teams": teams,
        "segments": segments,
        "segment": _name(Segment, question.scope.segment, segments),
        "team": _name(Team, question.scope.team, teams),
        "sees_all": reach_of(request.user).scope(RecordKind.ACCOUNT) == Scope.ALL,
    }
    if question.is_answerable:
        recorded = {segment.pk: segment.created_at for segment in offered}
        context |= _figures_of(request, question, wanted, context, recorded)
    return render(request, "scoring/report.html", context)


def _figures_of(
    request: HttpRequest,
    question: Question,
    wanted: Wanted,
    frame: dict[str, Any],
    recorded: dict[int, dt.datetime],
) -> dict[str, Any]:
    numbers = numbers_of(question)
    bridge = bridge_of(numbers.now.sums, currency=question.facts.currency)
    line = arr_line(numbers, wanted)
    arr = line.verdicts
    return {
        "lines": [line, *lines_of(question, numbers, wanted)],
        "may_set": wanted.is_open and steers(request.user),
        "arr": arr,
        "arr_target": float(arr["amount"].wanted) if "amount" in arr else None,
        "bridge": [(label, bridge[key], pick) for key, label, pick in BRIDGE],
        "ends": bridge,
        "line": numbers.line,
        "line_values": [float(point.arr) for point in numbers.line],
        "unrated": numbers.unrated,
        "waiting": numbers.now.by_end.pending,
        "parts": [
            (_("Teams"), _("Team"), "team", parts_of(question, numbers.teams, frame["teams"])),
            (
                _("Segments"),
                _("Segment"),
                "segment",
                parts_of(question, numbers.segments, frame["segments"], recorded),
            ),
        ],
        "cohort": COHORT,
    }


@require_safe
def report_accounts(request: HttpRequest) -> HttpResponse:
    """Show the accounts behind a number that the reader sees, and how many they don't."""
    question = _question(request)
    pick = request.GET.get("pick", "customers")
    if pick not in PICKS:
        raise Http404
    rows, total, unseen = accounts_behind(question, pick, user=request.user)
    context = {
        **_frame_of(question),
        "title": PICKS[pick],
        "rows": [(account, was, now, now - was) for account, was, now in rows],
        "total": total,
        "unseen": unseen,
        "more": total - unseen - len(rows),
    }
    return render(request, "scoring/report_accounts.html", context)


@require_safe
def report_file(request: HttpRequest) -> HttpResponse:
    """Hand out the figures of a report as CSV or XLSX, with their definitions."""
    question = _question(request)
    kind = request.GET.get("format", ExportFormat.CSV)
    if kind not in WRITERS:
        raise Http404
    file = io.BytesIO()
    writer = WRITERS[kind](
        file, COLUMNS, header=ExportHeader.LABELS, zone=Organisation.objects.zone()
    )
    numbers, wanted = numbers_of(question), wanted_by(question)
    for line in [arr_line(numbers, wanted), *lines_of(question, numbers, wanted)]:
        writer.write([column.read(line) for column in COLUMNS])
    writer.close()
    answer = HttpResponse(file.getvalue(), content_type=CONTENT_TYPES[kind])
    name = f"kpis-{question.period.code}-{(get_language() or 'en')[:2]}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _question(request: HttpRequest) -> Question:
    """Return what is asked; the last twelve months where the period is none."""
    if not may_read_reports(request.user):
        raise PermissionDenied
    asked: dict[str, Any] = {
        "team": _number(request.GET.get("team", "")),
        "segment": _number(request.GET.get("segment", "")),
        "at": app_now(),
    }
    code = request.GET.get("period", ROLLING)
    question = question_of(code=code, **asked) or question_of(code=ROLLING, **asked)
    if question is None:
        raise Http404
    return question


def _name(model: Any, pk: int | None, offered: dict[int, str]) -> str:
    if pk is None:
        return ""
    return offered.get(pk) or str(get_object_or_404(model, pk=pk))


def _frame_of(question: Question) -> dict[str, Any]:
    return {
        "question": question,
        "currency": question.facts.currency,
        "period_label": period_label(question.period),
        "runs": question.closing < question.period.last,
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
