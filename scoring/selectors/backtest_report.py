"""The figures of a back-test: what was counted, with intervals, and what follows for the weights.

Nothing is claimed of fewer than ten lost accounts; the counts are shown all the same.
"""

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from scoring.domain.bands import band_slug
from scoring.domain.definition import Definition
from scoring.domain.linkage import wilson
from scoring.domain.validation import (
    LEAST_EVENTS,
    Interval,
    Spread,
    resample,
    spread,
)
from scoring.domain.weights import Sample, fit_risk, shares, shrink
from scoring.selectors.metric_pasts import NEVER

if TYPE_CHECKING:
    from scoring.selectors.backtest import Evidence, Trial

OUTCOMES = ("churn", "loss")
YARDSTICKS = ("candidate", "acting", "equal_weights", "renewal_date")
SEED = 20_260_401
BANDS = range(4)


def report(trial: "Trial", evidence: "Evidence") -> dict[str, Any]:
    """Return the report as JSON: dates, outcomes by yardstick, bands, alarms, lead, weights."""
    span = trial.span
    return {
        "horizon_days": trial.horizon,
        "dates": [day.isoformat() for day in span.judged],
        "left_out_dates": [day.isoformat() for day in span.left_out],
        "unknown_past": _unknown_past(trial),
        "is_acting": trial.card.definition == trial.acting.definition,
        "acting": {"key": trial.acting.key, "number": trial.acting.number},
        "accounts": evidence.accounts,
        "points": evidence.points,
        "without_score": evidence.unscored,
        "outcomes": {name: _outcome(evidence, name) for name in OUTCOMES},
        "alarms": _alarms(evidence.alarms),
        "lead_time": _lead_time(evidence.leads),
        "weights": _weights(trial.card.definition, evidence),
    }


def _unknown_past(trial: "Trial") -> dict[str, str | None]:
    """Return the measures that left days out, with the day from which on they can be known."""
    wanted = [*trial.span.judged, *trial.span.left_out]
    return {
        key: None if day == NEVER else day.isoformat()
        for key, day in sorted(trial.pasts.hidden_from(wanted).items())
    }


def _outcome(evidence: "Evidence", name: str) -> dict[str, Any]:
    lost = len(evidence.lost[name])
    spreads = spread(evidence.clusters[name], seed=SEED) if lost >= LEAST_EVENTS else None
    tallies = [evidence.tallies[name, n] for n in range(len(YARDSTICKS))]
    aucs = [tally.auc() for tally in tallies]
    return {
        "lost_accounts": lost,
        "events": tallies[0].events,
        "points": tallies[0].points,
        "is_measurable": spreads is not None,
        "yardsticks": [
            {
                "key": key,
                **_figure("auc", aucs[n], spreads.auc[n] if spreads else None),
                **_figure("lift", tallies[n].lift(), spreads.lift[n] if spreads else None),
                **_figure("gain", _less(aucs[0], aucs[n]), spreads.gain[n] if spreads else None),
            }
            for n, key in enumerate(YARDSTICKS)
        ],
        "bands": [_band(evidence, name, band, spreads) for band in BANDS],
    }


def _band(evidence: "Evidence", name: str, band: int, spreads: Spread | None) -> dict[str, Any]:
    events = evidence.bands[name, band, True]
    points = events + evidence.bands[name, band, False]
    rate = events / points if points else None
    interval = spreads.bands.get(band) if spreads else None
    if interval and rate in (0, 1):
        clusters = evidence.clusters[name]
        within = [c for c in clusters if any(point.band == band for point in c.points)]
        interval = _of_none_or_all(rate, len(within))
    return {
        "band": band_slug(band),
        "points": points,
        "events": events,
        **_figure("rate", rate, interval),
    }


def _alarms(alarms: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Return alarms, false ones among them, and their share; drawn again by account."""
    raised, false = sum(n for _, n in alarms), sum(n for n, _ in alarms)

    def share(drawn: Sequence[tuple[int, int]]) -> float | None:
        total = sum(n for _, n in drawn)
        return sum(n for n, _ in drawn) / total if total else None

    found = share(alarms)
    interval = resample(alarms, share, seed=SEED) if len(alarms) >= LEAST_EVENTS else None
    if interval and found in (0, 1):
        interval = _of_none_or_all(found, len(alarms))
    return {"raised": raised, "false": false, **_figure("share", found, interval)}


def _of_none_or_all(share: float, accounts: int) -> Interval:
    """Return the interval where nobody or everybody was: drawing again would give no width."""
    return Interval(*wilson(share * accounts, accounts))


def _lead_time(leads: Sequence[int | None]) -> dict[str, Any]:
    known = [days for days in leads if days is not None]
    enough = len(known) >= LEAST_EVENTS
    interval = resample(known, lambda drawn: float(median(drawn)), seed=SEED) if enough else None
    middle = float(median(known)) if known else None
    return {
        "announced": len(known),
        "unannounced": len(leads) - len(known),
        **_figure("days", middle, interval),
    }


def _weights(definition: Definition, evidence: "Evidence") -> list[dict[str, Any]] | None:
    """Return the weight of each measure now and as suggested; None where nothing can be said."""
    lost = len(evidence.lost["churn"])
    found = _found(evidence.samples) if lost >= LEAST_EVENTS else None
    if found is None:
        return None
    given = [weight for _, _, weight in definition.measures]
    return [
        {
            "metric": measure.metric,
            "dimension": dimension.key,
            "weight": weight,
            "found": one,
            "suggested": mixed,
        }
        for (dimension, measure, weight), one, mixed in zip(
            definition.measures, found, shrink(found, given, events=lost), strict=True
        )
    ]


def _found(samples: Sequence[Sample]) -> list[float] | None:
    if not samples or not samples[0].health:
        return None
    return shares(fit_risk(samples))


def _figure(name: str, value: float | None, interval: Interval | None) -> dict[str, Any]:
    return {
        name: value,
        f"{name}_low": interval.low if interval else None,
        f"{name}_high": interval.high if interval else None,
    }


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
