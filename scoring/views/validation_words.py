"""Reports as pages show them: words, shares and marks of charts in the language of the reader."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.lib import formats
from config.lib.bands import band_look
from config.lib.charts import Whisker, whiskers
from scoring.choices import ValidationKind
from scoring.domain.validation import LEAST_EVENTS
from scoring.models import Validation
from scoring.selectors.labels import metric_label, metric_unit

Report = Mapping[str, Any]

YARDSTICKS = {
    "candidate": gettext_lazy("This version"),
    "acting": gettext_lazy("The scorecard in force"),
    "equal_weights": gettext_lazy("The same measures with equal weights"),
    "renewal_date": gettext_lazy("The renewal date alone"),
}
OUTCOMES = {
    "churn": gettext_lazy("Churn"),
    "loss": gettext_lazy("Churn or downgrade"),
}
PARTS = {
    "points": gettext_lazy("points"),
    "gates": gettext_lazy("gates"),
    "others": gettext_lazy("override and roll-up"),
}
RESULTS = {
    "churn": gettext_lazy("Churn"),
    "retention": gettext_lazy("Retention"),
    "nrr": gettext_lazy("NRR"),
    "upsell": gettext_lazy("Upsell"),
}


def words_of(validation: Validation, report: Report) -> dict[str, Any]:
    """Return what the template of this kind of report shows."""
    return WORDS[validation.kind](report)


def _what_if(report: Report) -> dict[str, Any]:
    moved, alerts = report["moved"], report["alerts"]
    return {
        "matrix": [_matrix_row(report, index, band) for index, band in enumerate(report["bands"])],
        "bands": report["bands"],
        "figures": [
            (_("Better band"), moved["better"]),
            (_("Worse band"), moved["worse"]),
            (_("No longer scored"), moved["unscored"]),
            (_("Newly scored"), moved["newly_scored"]),
            (_("Alerts: fallen into risk"), alerts["crossing"]),
            (_("Alerts: too little data"), alerts["coverage_lost"]),
        ],
        "movers": [_mover(row) for row in report["movers"]],
        "unscored": report["unscored"],
        "fresh": [metric_label(key) for key in report["fresh_metrics"]],
        "unfrozen": [metric_label(key) for key in report.get("unfrozen_metrics", ())],
    }


def _matrix_row(report: Report, index: int, band: str) -> dict[str, Any]:
    counts, amounts = (report["matrix"][name][index] for name in ("accounts", "arr"))
    cells = [
        {"count": count, "arr": arr, "stays": column == index}
        for column, (count, arr) in enumerate(zip(counts, amounts, strict=True))
    ]
    return {"band": band, "cells": cells, "count": sum(counts), "arr": sum(amounts)}


def _mover(row: Report) -> dict[str, Any]:
    reasons = [
        f"{_part(reason['part'])} {formats.delta(reason['points'], 1)}" for reason in row["reasons"]
    ]
    return {**row, "change": row["after"] - row["before"], "why": _("; ").join(reasons)}


def _part(key: str) -> str:
    return str(PARTS.get(key) or metric_label(key))


@dataclass(frozen=True)
class OutcomeWords:
    """One outcome of a back-test: its verdict, yardsticks with whiskers, bands."""

    key: str
    label: Any
    verdict: str
    tone: str
    aucs: list[Whisker]
    rows: list[dict[str, Any]]
    bands: list[dict[str, Any]]


def _backtest(report: Report) -> dict[str, Any]:
    return {
        "outcomes": [_outcome(name, report["outcomes"][name]) for name in OUTCOMES],
        "alarms": _told(report["alarms"], "share", percent=True),
        "lead": _told(report["lead_time"], "days"),
        "left": report["lead_time"]["announced"] + report["lead_time"]["unannounced"],
        "dates": [_month_end(text) for text in report["dates"]],
        "pasts": _pasts(report),
        "declared": formats.percent(round(report["declared"]["share"], 3)),
        "weights": [
            {**row, "label": metric_label(row["metric"])} for row in report["weights"] or ()
        ],
    }


def _pasts(report: Report) -> list[str]:
    """Say of which measures the past begins late; reports kept from before name none."""
    return [
        _("“%(measure)s” has no past yet.") % {"measure": metric_label(key)}
        if day is None
        else _("What “%(measure)s” said is known from %(day)s on.")
        % {"measure": metric_label(key), "day": formats.day(dt.date.fromisoformat(day))}
        for key, day in report.get("unknown_past", {}).items()
    ]


def _month_end(text: str) -> str:
    """Write the end of a month with its year, which reports of a year cross."""
    day = dt.date.fromisoformat(text)
    return formats.day_short(day, dt.date.min)


def _outcome(name: str, told: Report) -> OutcomeWords:
    verdict, tone = _verdict(told)
    rows = [
        {
            "label": YARDSTICKS[row["key"]],
            "auc": _told(row, "auc", places=3),
            "lift": _told(row, "lift", places=2),
            "gain": None if row["key"] == "candidate" else _told(row, "gain", places=3),
        }
        for row in told["yardsticks"]
    ]
    marks = [
        (str(YARDSTICKS[row["key"]]), row["auc"], row["auc_low"], row["auc_high"])
        for row in told["yardsticks"]
    ]
    worst = max((band["rate"] or 0 for band in told["bands"]), default=0) or 1
    bands = [
        {
            **band,
            "share": round(100 * (band["rate"] or 0) / worst, 1),
            "told": _told(band, "rate", percent=True),
            "tone": band_look(band["band"]).css,
        }
        for band in told["bands"]
    ]
    return OutcomeWords(
        name, OUTCOMES[name], verdict, tone, whiskers(marks, low=0.3, high=1.0), rows, bands
    )


def _verdict(told: Report) -> tuple[str, str]:
    """Say what follows, and in which tone; nothing is claimed of a few."""
    lost = int(told["lost_accounts"])
    if not told["is_measurable"]:
        words = ngettext(
            "Not yet measurable: %(n)d account was lost, at least %(least)d are needed.",
            "Not yet measurable: %(n)d accounts were lost, at least %(least)d are needed.",
            lost,
        )
        return words % {"n": lost, "least": LEAST_EVENTS}, "warn"
    last = told["yardsticks"][-1]
    gain = _told(last, "gain", places=3)
    if last["gain_low"] is None:
        return _("Not measurable: the interval has no ends."), "warn"
    if last["gain_low"] > 0:
        return _("Tells losses better than the renewal date alone: AUC +%(gain)s.") % {
            "gain": gain
        }, ""
    if last["gain_high"] < 0:
        return _("Tells losses worse than the renewal date alone: AUC %(gain)s.") % {
            "gain": gain
        }, "wrong"
    return _("Can't be told apart from the renewal date alone: AUC %(gain)s.") % {
        "gain": gain
    }, "warn"


def _told(row: Report, name: str, *, places: int = 0, percent: bool = False) -> str:
    """Write a figure with its interval: 0.812 (0.741–0.873)."""
    if row[name] is None:
        return "–"

    def write(x: float) -> str:
        if percent:
            return formats.percent(round(x, 3))
        return formats.number(round(x, places), places)

    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if low is None:
        return write(row[name])
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": write(row[name]),
        "low": write(low),
        "high": write(high),
    }


def _linkage(report: Report) -> dict[str, Any]:
    linked = [_linked(metric) for metric in report["metrics"]]
    return {
        "overall": {key: _ratio(report["overall"][key]) for key in RESULTS},
        "results": RESULTS,
        "pasts": _pasts(report),
        "metrics": sorted(linked, key=lambda metric: -metric["spread"]),
    }


def _linked(metric: Report) -> dict[str, Any]:
    rates = [row["churn"]["value"] for row in metric["tenths"] if row["churn"]]
    most = max(rates, default=0) or 1
    unit = metric_unit(metric["metric"])
    return {
        "key": metric["metric"],
        "label": metric_label(metric["metric"]),
        "readings": metric["readings"],
        "spread": max(rates, default=0) - min(rates, default=0),
        "rows": [
            {
                "tenth": row["tenth"],
                "from": _reading(row["from"], unit),
                "to": _reading(row["to"], unit),
                "accounts": row["accounts"],
                "share": round(100 * (row["churn"]["value"] if row["churn"] else 0) / most, 1),
                "figures": [(label, _ratio(row[key])) for key, label in RESULTS.items()],
            }
            for row in metric["tenths"]
        ],
    }


def _reading(x: float, unit: str) -> str:
    if unit == "share":
        return formats.percent(round(x, 3))
    if unit == "change":
        return formats.delta(100 * (math.exp(x) - 1)) + "%"
    return formats.number(round(x, 1))


def _ratio(found: Mapping[str, float] | None) -> str:
    if found is None:
        return "–"
    return _("%(value)s (%(low)s to %(high)s)") % {
        name: formats.percent(round(found[name], 3)) for name in ("value", "low", "high")
    }


WORDS: dict[str, Callable[[Report], dict[str, Any]]] = {
    ValidationKind.WHAT_IF: _what_if,
    ValidationKind.BACKTEST: _backtest,
    ValidationKind.LINKAGE: _linkage,
}
