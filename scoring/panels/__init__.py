"""Health on the account page: the strip with the number, and the parts it is made of."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import AccountKind
from accounts.models import Account, Organisation
from accounts.registry import panels
from config.lib import formats
from config.lib.charts import FallRow, Waterfall, waterfall
from scoring.choices import Band, OverrideKind
from scoring.domain.conditions import Condition
from scoring.domain.definition import Gate
from scoring.domain.explanation import round_together
from scoring.models import HealthCurrent, HealthOverride
from scoring.selectors.account_quality import silence_reason
from scoring.selectors.explanations import (
    Change,
    Explanation,
    explain_change,
    explain_current,
    explain_day,
    newest_health,
)
from scoring.selectors.histories import Course, Newest, course_of, day_to_compare
from scoring.selectors.labels import (
    dimension_labels,
    gate_text,
    metric_label,
    metric_unit,
    rule_text,
)
from scoring.selectors.metric_texts import value_in
from scoring.selectors.overrides import standing_override
from scoring.selectors.permissions import may_judge
from scoring.selectors.standing import held_words

ROLLUP_WORDS = {
    "own": gettext_lazy("The score is its own; critical children may cap it."),
    "worst": gettext_lazy("The worst score of the group counts."),
    "mean": gettext_lazy("The mean of the group's scores counts."),
    "arr": gettext_lazy("Its own score and its children's, weighted by ARR."),
}
TREND_WORDS = {
    "declining": gettext_lazy("Declining"),
    "rising": gettext_lazy("Rising"),
    "level": gettext_lazy("No clear trend"),
}


def _has_health(account: Account, user: Any) -> bool:
    """Say whether there is health to show: a partner has none, and not everybody sees it."""
    is_scored = account.kind == AccountKind.CUSTOMER
    return is_scored and HealthCurrent.objects.may_be_seen(user, account)


class HealthStrip:
    """The score with its band, changes, trend, the line of 90 days, coverage and confidence."""

    key = "health_strip"
    title = gettext_lazy("Health")
    column = "strip"
    order = 10
    template = "scoring/health_strip.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the newest health; None of a partner and for who may not see it."""
        if not _has_health(account, user):
            return None
        health = newest_health(account_id=account.pk)
        if health is None or health.day is None:
            return {"health": None}
        newest = Newest(health.day, health.score, health.computed, health.version_id)
        course = course_of(account_id=account.pk, newest=newest)
        compared = day_to_compare(account_id=account.pk, last=health.day)
        before = course.line[-1 - (health.day - compared).days] if compared else None
        change = None
        if health.score is not None and before is not None:
            change = shown_score(health.score) - shown_score(before)
        return {
            "health": health,
            "today": Organisation.objects.day_of(at),
            "line": course.line[1:],
            "compared": compared,
            "held": _held(health),
            "gate": _binding(health),
            "change": change,
            "changes": [(n, change) for n, change in course.changes.items() if change is not None],
            "trend": _trend(course),
            "override": _shown_override(health, at),
        }


class HealthParts:
    """What makes the score: its change by dimension and measure, then today's parts."""

    key = "health_parts"
    title = gettext_lazy("What makes the score")
    column = "main"
    order = 10
    template = "scoring/health_panel.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the waterfalls, what is missing and the gates; None without a computation."""
        if not _has_health(account, user):
            return None
        now = explain_current(account_id=account.pk)
        if now is None:
            return None
        compared = day_to_compare(account_id=account.pk, last=now.day)
        change = None
        if compared and now.score is not None:
            before = explain_day(account_id=account.pk, day=compared)
            change = explain_change(before=before, after=now)
        return {
            "now": now,
            "before": change.before if change else None,
            "change_fall": _change_fall(change) if change else None,
            "now_fall": _now_fall(now) if now.score is not None else None,
            "missing": _missing(now, account),
            "gates": _gates(now),
            "override": _standing(now.override, at),
            "may_judge": may_judge(account, user),
            "group": _group(now, user),
        }


def _trend(course: Course) -> dict[str, Any] | None:
    """Return the word for the trend and the probability that it is chance."""
    found = course.trend
    if found is None:
        return None
    chance = "< 0.001" if found.p < 0.001 else f"= {found.p:.3f}"
    return {"word": TREND_WORDS[found.direction], "direction": found.direction, "chance": chance}


def _held(health: HealthCurrent) -> str:
    if health.state is None or health.let_go is None:
        return ""
    return held_words(health.state, health.let_go)


def _binding(health: HealthCurrent) -> dict[str, Any] | None:
    """Return the gate that holds the score, what its measure reads, and the score without it."""
    if health.gate is None:
        return None
    now = explain_current(account_id=health.account_id)
    parts = [part.gate for part in now.evaluation.gates if part.binding] if now else []
    if now is None or not parts:
        return None
    found = now.evaluation
    without = None
    if found.computed is not None:
        without = min(100.0, max(0.0, found.computed - found.corrections.gates))
    return {"text": gate_text(parts[0]), "reads": _reads(parts[0], now), "without": without}


def _reads(gate: Gate, now: Explanation) -> str:
    """Return the reading for which a gate holds; empty where it is not a single measure's."""
    held = (test for test in gate.conditions if test.truth(now.readings))
    test = next((test for test in held if isinstance(test, Condition) and not test.missing), None)
    reading = now.readings.get(test.metric) if test else None
    return value_text(test.metric, reading.x) if test and reading else ""


def value_text(key: str, x: float | None) -> str:
    """Write a metric's reading with its unit; a missing one as a dash."""
    unit = metric_unit(key)
    return value_in(unit, x) if unit else "–"


def shown_score(score: float) -> float:
    """Return the score as the page writes it: to one decimal, never across a threshold."""
    return float(formats.score(score, places=1))


def _change_fall(change: Change) -> Waterfall:
    before, after = change.before, change.after
    start, end = shown_score(before.score or 0), shown_score(after.score or 0)
    labels = dimension_labels(before.definition) | dimension_labels(after.definition)
    groups: dict[str, list[Any]] = defaultdict(list)
    for move in change.difference.moves:
        groups[move.dimension].append(move)
    totals = {key: sum(move.total for move in moves) for key, moves in groups.items()}
    rest = change.difference.points + change.difference.corrections + change.scorecard
    shares = round_together([*totals.values(), rest], total=end - start)
    rows = [
        FallRow(
            labels.get(key, key) or _("Rules"),
            share,
            parts=[
                FallRow(
                    rule_text(move.rule) if move.rule else metric_label(move.metric),
                    part,
                    value_text(move.metric, move.before),
                    value_text(move.metric, move.after),
                )
                for move, part in zip(
                    groups[key],
                    round_together([move.total for move in groups[key]], total=share),
                    strict=True,
                )
                if move.rule or not (move.before is None and move.after is None)
            ],
        )
        for key, share in zip(totals, shares, strict=False)
    ]
    return waterfall(
        start=(_("Score on %(day)s") % {"day": formats.day_short(before.day, after.day)}, start),
        rows=[row for row in rows if row.parts or row.change],
        rest=FallRow(_("Points, gates, override"), shares[-1]),
        end=(_("Score on %(day)s") % {"day": formats.day_short(after.day, after.day)}, end),
    )


def _now_fall(now: Explanation) -> Waterfall:
    evaluation = now.evaluation
    end = shown_score(now.score or 0)
    labels = dimension_labels(now.definition)
    observed = [part for part in evaluation.parts if part.utility is not None]
    keys = list(dict.fromkeys(part.dimension for part in observed))
    own = {key: [part for part in observed if part.dimension == key] for key in keys}
    totals = [sum(part.contribution for part in own[key]) for key in keys]
    acting = [part for part in evaluation.rules if part.contribution]
    rest = sum(point.points for point in evaluation.points) + evaluation.corrections.total
    given = [part.contribution for part in acting]
    shares = round_together([*totals, *given, rest], total=end - evaluation.reference)
    rows = [
        FallRow(
            labels[key],
            share,
            parts=[
                FallRow(metric_label(part.metric), piece, value_text(part.metric, part.reading.x))
                for part, piece in zip(
                    own[key],
                    round_together([part.contribution for part in own[key]], total=share),
                    strict=True,
                )
            ],
        )
        for key, share in zip(keys, shares, strict=False)
    ]
    of_rules = shares[len(keys) : -1]
    rows += [
        FallRow(rule_text(part.rule), share) for part, share in zip(acting, of_rules, strict=True)
    ]
    return waterfall(
        start=(_("Reference"), evaluation.reference),
        rows=rows,
        rest=FallRow(_("Points, gates, override"), shares[-1]),
        end=(_("Score on %(day)s") % {"day": formats.day(now.day)}, end),
    )


def _missing(now: Explanation, account: Account) -> list[tuple[str, str]]:
    """Return (label, reason) of every measure that says nothing today."""
    return [
        (
            metric_label(part.metric),
            silence_reason(part.metric, part.reading.x, tracked=account.tracked),
        )
        for part in now.evaluation.parts
        if part.share == 0 or part.imputed
    ]


def _gates(now: Explanation) -> list[dict[str, Any]]:
    return [
        {
            "text": gate_text(part.gate),
            "cap": part.gate.cap,
            "floor": part.gate.floor,
            "binding": part.binding,
        }
        for part in now.evaluation.gates
    ]


def _shown_override(health: HealthCurrent, at: dt.datetime) -> dict[str, Any] | None:
    """Return the override that acts, what it says, and the score without it."""
    row = standing_override(health.account_id, at=at)
    if row is None:
        return None
    return {"row": row, "words": override_words(row), "computed": health.computed}


def override_words(row: HealthOverride) -> str:
    """Say what an override sets."""
    if row.kind == OverrideKind.BAND:
        return _("band “%(band)s”") % {"band": Band(row.band).label}
    words = {"score": formats.number(row.value or 0)}
    match row.kind:
        case OverrideKind.FLOOR:
            return _("at least %(score)s") % words
        case OverrideKind.CEILING:
            return _("at most %(score)s") % words
        case _:
            return _("score %(score)s") % words


def _standing(override: HealthOverride | None, at: dt.datetime) -> HealthOverride | None:
    """Leave out an override that has ended since the score was computed."""
    if override is None or override.retracted_at is not None or override.expires_at <= at:
        return None
    return override


def _group(now: Explanation, user: Any) -> dict[str, Any] | None:
    """Return the children with their scores, those left out with the reason, and the hidden."""
    group, rollup = now.evaluation.group, now.definition.rollup
    if group is None or rollup is None:
        return None
    ids = [child.account_id for child in group.children]
    accounts = Account.objects.visible_to(user).in_bulk(ids)
    rows = [
        {"account": accounts[child.account_id], "score": child.score, "excluded": child.excluded}
        for child in group.children
        if child.account_id in accounts
    ]
    return {
        "method": ROLLUP_WORDS[rollup.method],
        "rows": rows,
        "hidden": len(ids) - len(rows),
        "change": now.evaluation.corrections.rollup,
    }


panels.register(HealthStrip.key)(HealthStrip())
panels.register(HealthParts.key)(HealthParts())
