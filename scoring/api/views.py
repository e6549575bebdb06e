"""`/api/v1/accounts/<id>/health/` and what lies below: read only, always of one account."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.base import ApiView
from accounts.models import Account, Organisation
from config.lib.problems import FieldError, Problem
from scoring.api.serializers import (
    HealthDiffSerializer,
    HealthHistorySerializer,
    HealthSerializer,
)
from scoring.domain.bands import band_slug
from scoring.domain.parts import Part, RulePart
from scoring.models import HealthCurrent, HealthDaily
from scoring.selectors.explanations import (
    Change,
    Explanation,
    NoScoreThatDay,
    explain_change,
    explain_current,
    explain_day,
    restate,
)
from scoring.selectors.frames import ONE_DAY
from scoring.selectors.histories import Newest, course_of
from scoring.selectors.labels import (
    dimension_labels,
    gate_text,
    metric_label,
    metric_unit,
    rule_text,
)

HISTORY_DAYS, MOST_DAYS = 90, 800
#: Days before belong to no customer of anybody; near year 1 a calendar runs out of days.
EARLIEST_YEAR = 1900
MOMENT = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
}


class NotADate(Problem):
    """A query parameter is to be a date or an instant and is not."""

    code = "not_a_date"
    title = _("Give a date or an instant in ISO 8601.")


class NotABoolean(Problem):
    """A query parameter is to be true or false and is not."""

    code = "not_a_boolean"
    title = _("Say true or false here.")


class HealthApiView(ApiView, APIView):
    """One account whose health the caller may see; anything else does not exist."""

    def account(self, pk: int) -> Account:
        """Return the account, or 404."""
        user = self.request.user
        account: Account = get_object_or_404(Account.objects.visible_to(user), pk=pk)
        if not HealthCurrent.objects.may_be_seen(user, account):
            raise Http404
        return account

    def day(self, name: str, default: dt.date) -> dt.date:
        """Read a query parameter as a date.

        :raises NotADate: naming the parameter.
        """
        text = self.request.GET.get(name)
        if text is None:
            return default
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None or day.year < EARLIEST_YEAR:
            raise NotADate(errors=[FieldError(f"/{name}", NotADate.title)])
        return day

    def explain(self, account: Account, name: str) -> Explanation:
        """Explain the score of the day or instant a parameter names; the newest without one.

        An instant means what was official then: the score of the last day closed before it.
        """
        text = self.request.GET.get(name)
        current = explain_current(account_id=account.pk)
        if current is None:
            raise NoScoreThatDay
        if text is None:
            return current
        instant = _instant(text, name) if "T" in text or " " in text else None
        if instant is not None and instant >= current.frame.t:
            return current
        if instant is None:
            day = self.day(name, current.day)
        else:
            day = Organisation.objects.day_of(instant) - ONE_DAY
        return current if day == current.day else explain_day(account_id=account.pk, day=day)


class HealthView(HealthApiView):
    """The score with its parts, now or as of a past day."""

    questions = ("at", "restated")

    @extend_schema(
        operation_id="accounts_health_retrieve",
        parameters=[
            OpenApiParameter("at", MOMENT, description="Date or instant; default now."),
            OpenApiParameter(
                "restated",
                bool,
                description="With what is known today of the day `at`; default as known then.",
            ),
        ],
        responses=HealthSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Answer with everything a score is made of."""
        account = self.account(pk)
        found = self.explain(account, "at")
        if _is_true(request.GET.get("restated", "false")):
            found = restate(explanation=found, at=self.at)
        evaluated = found.evaluation.computed if found.score is not None else None
        newest = Newest(found.day, found.score, evaluated, found.version.pk)
        course = course_of(account_id=account.pk, newest=newest)
        more = {
            "trend": course.trend,
            "changes": {f"days_{ago}": change for ago, change in course.changes.items()},
            "rollup": _rollup_shape(found, request.user),
        }
        return Response(HealthSerializer(health_shape(found) | more).data)


class HealthHistoryView(HealthApiView):
    """One row a day."""

    questions = ("from", "to")

    @extend_schema(
        operation_id="accounts_health_history_list",
        parameters=[
            OpenApiParameter("from", dt.date, description="Default: 90 days ago."),
            OpenApiParameter("to", dt.date, description="Default: today."),
        ],
        responses=HealthHistorySerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Answer with the days of a span, oldest first; at most 800 days."""
        account = self.account(pk)
        to = self.day("to", Organisation.objects.day_of(self.at))
        first = max(self.day("from", to - HISTORY_DAYS * ONE_DAY), to - MOST_DAYS * ONE_DAY)
        days = [first + n * ONE_DAY for n in range((to - first).days + 1)]
        rows = HealthDaily.objects.filter(account=account, day__in=days).order_by("day")
        results = [_day_shape(row) for row in rows]
        shape = {"next": None, "previous": None, "results": results}
        return Response(HealthHistorySerializer(shape).data)


class HealthDiffView(HealthApiView):
    """Why the score moved between two days."""

    questions = ("from", "to")

    @extend_schema(
        operation_id="accounts_health_diff_retrieve",
        parameters=[
            OpenApiParameter("from", MOMENT, required=True, description="Date or instant."),
            OpenApiParameter("to", MOMENT, description="Date or instant; default now."),
        ],
        responses=HealthDiffSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Answer with what each measure did; the parts sum to the change."""
        account = self.account(pk)
        if "from" not in request.GET:
            raise NotADate(errors=[FieldError("/from", NotADate.title)])
        before, after = self.explain(account, "from"), self.explain(account, "to")
        change = explain_change(before=before, after=after)
        return Response(HealthDiffSerializer(_diff_shape(change)).data)


def health_shape(found: Explanation) -> dict[str, Any]:
    """Return an explanation in the shape the API answers with."""
    evaluation = found.evaluation
    labels = dimension_labels(found.definition)
    return {
        "day": found.day,
        "score": found.score,
        "band": found.band,
        "status": found.status,
        "coverage": found.coverage,
        "confidence": found.confidence,
        "computed": evaluation.computed,
        "override": found.override,
        "gates": [
            {**vars(part.gate), "text": gate_text(part.gate), "binding": part.binding}
            for part in evaluation.gates
        ],
        "dimensions": [{**vars(d), "label": labels[d.key]} for d in evaluation.dimensions],
        "reference": evaluation.reference,
        "contributions": [_measure_shape(part) for part in evaluation.parts],
        "rules": [_rule_shape(part) for part in evaluation.rules],
        "points": [
            {"key": p.metric, "label": metric_label(p.metric), "points": p.points}
            for p in evaluation.points
        ],
        "corrections": evaluation.corrections,
        "restated": found.is_restated,
        "scorecard": {"key": found.version.scorecard.key, "version": found.version.number},
        "as_of": found.frame.t,
        "known_at": found.frame.k,
    }


def _measure_shape(part: Part) -> dict[str, Any]:
    return {
        "key": part.metric,
        "label": metric_label(part.metric),
        "dimension": part.dimension,
        "value": part.reading.x,
        "unit": metric_unit(part.metric),
        "utility": part.utility,
        "weight": part.weight,
        "points": part.contribution,
        "freshness": part.freshness,
    }


def _rule_shape(part: RulePart) -> dict[str, Any]:
    return {
        "key": part.rule.key,
        "label": rule_text(part.rule),
        "holds": part.holds,
        "points": part.contribution,
    }


def _is_true(text: str) -> bool:
    if text not in {"true", "false"}:
        raise NotABoolean(errors=[FieldError("/restated", NotABoolean.title)])
    return text == "true"


def _rollup_shape(found: Explanation, user: Any) -> dict[str, Any] | None:
    group, rollup = found.evaluation.group, found.definition.rollup
    if group is None or rollup is None:
        return None
    ids = [child.account_id for child in group.children]
    seen = set(Account.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    shown = [child for child in group.children if child.account_id in seen]
    return {"method": rollup.method, "children": shown, "hidden": len(ids) - len(shown)}


def _instant(text: str, name: str) -> dt.datetime:
    try:
        at = parse_datetime(text.replace(" ", "+")) or parse_datetime(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year < EARLIEST_YEAR:
        raise NotADate(errors=[FieldError(f"/{name}", NotADate.title)])
    return at


def _day_shape(row: HealthDaily) -> dict[str, Any]:
    return {
        "day": row.day,
        "score": row.score,
        "computed": row.computed,
        "band": band_slug(row.band),
        "coverage": row.coverage,
        "kind": row.kind,
    }


def _diff_shape(change: Change) -> dict[str, Any]:
    before, after = change.before.score, change.after.score
    return {
        "before": change.before.day,
        "after": change.after.day,
        "score_before": before,
        "score_after": after,
        "change": after - before if before is not None and after is not None else None,
        "moves": [
            {
                **vars(move),
                "key": move.metric,
                "label": rule_text(move.rule) if move.rule else metric_label(move.metric),
                "unit": metric_unit(move.metric),
                "total": move.total,
            }
            for move in change.difference.moves
        ],
        "points": change.difference.points,
        "corrections": change.difference.corrections,
        "scorecard": change.scorecard,
    }
