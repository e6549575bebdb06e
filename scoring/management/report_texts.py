"""Reports as plain text for a shell; the pages say the same in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from accounts.models import Account
from scoring.selectors.backtest_report import OUTCOMES
from scoring.selectors.labels import metric_label

NAMES = {
    "candidate": "this scorecard",
    "acting": "the acting scorecard",
    "equal_weights": "equal weights",
    "renewal_date": "renewal date only",
    "churn": "Churn",
    "loss": "Churn or downgrade",
}
Report = Mapping[str, Any]


def what_if_lines(report: Report) -> Iterator[str]:
    """Tell what a definition would do to the book."""
    currency = report["currency"]
    yield _title(report)
    yield f"{report['accounts']:,} accounts compared in {report['seconds']} s"
    yield ""
    yield "Bands, accounts (rows: now, columns: then)"
    yield f"{'':18}" + "".join(f"{band:>18}" for band in report["bands"])
    for band, row in zip(report["bands"], report["matrix"]["accounts"], strict=True):
        yield f"{band:18}" + "".join(f"{count:>18,}" for count in row)
    yield ""
    for name, part in report["moved"].items():
        yield f"{name:14} {part['accounts']:>8,} accounts, ARR {currency} {part['arr']:,.0f}"
    for name, part in report["alerts"].items():
        yield (
            f"alert {name}: would open for {part['accounts']:,} accounts,"
            f" ARR {currency} {part['arr']:,.0f}"
        )
    if report["no_rate"]:
        yield f"{report['no_rate']} accounts are in currencies without a rate and count as 0."
    if report["fresh_metrics"]:
        yield f"Computed for this: {', '.join(report['fresh_metrics'])}"
    if report["unfrozen_metrics"]:
        yield f"In no frozen table yet: {', '.join(report['unfrozen_metrics'])}"
    yield ""
    yield "Who moves most"
    names = _names([mover["account"] for mover in report["movers"]])
    for mover in report["movers"]:
        reasons = ", ".join(f"{_part(r['part'])} {r['points']:+.1f}" for r in mover["reasons"])
        name = names.get(mover["account"], mover["account"])
        yield f"{name}: {mover['before']:.1f} -> {mover['after']:.1f} ({reasons})"


def backtest_lines(report: Report) -> Iterator[str]:
    """Tell how well a scorecard announced losses, with 95 % intervals by account."""
    yield _title(report)
    dates = report["dates"]
    if not dates:
        yield "No month end can be judged yet: too little time has passed, or history is missing."
        return
    yield (
        f"{len(dates)} month ends from {dates[0]} to {dates[-1]}, losses within"
        f" {report['horizon_days']} days; {report['accounts']:,} accounts,"
        f" {report['points']:,} account-months, {report['without_score']:,} without a score"
    )
    if report["left_out_dates"]:
        yield f"{len(report['left_out_dates'])} month ends lie before what can be replayed."
    for key, day in report["unknown_past"].items():
        yield f"{metric_label(key)}: known from {day}" if day else f"{metric_label(key)}: no past"
    declared = report["declared"]
    yield (
        f"Declared inputs: {declared['share']:.0%} of {declared['facts']:,} facts"
        " (dated by a file, not by when they became known)"
    )
    for name in OUTCOMES:
        yield ""
        yield from _outcome_lines(NAMES[name], report["outcomes"][name])
    yield ""
    yield from _alarm_lines(report)
    yield from _weight_lines(report["weights"])


def verdict(outcome: Report) -> str:
    """Say in a sentence whether the score beats the renewal date, and with which interval."""
    if not outcome["is_measurable"]:
        return f"not yet measurable: {outcome['lost_accounts']} lost accounts"
    last = outcome["yardsticks"][-1]
    if last["gain_low"] is None:
        return "not measurable: the interval has no ends"
    told = f"AUC {last['gain']:+.3f} (95 %: {last['gain_low']:+.3f} to {last['gain_high']:+.3f})"
    if last["gain_low"] > 0:
        return f"beats the renewal date alone: {told}"
    if last["gain_high"] < 0:
        return f"is worse than the renewal date alone: {told}"
    return f"can't be told from the renewal date alone: {told}"


def _outcome_lines(name: str, outcome: Report) -> Iterator[str]:
    yield f"{name}: {outcome['lost_accounts']} accounts, {outcome['events']:.0f} account-months"
    yield f"  {verdict(outcome)}"
    yield f"  {'':22}{'AUC':>26}{'lift in the top tenth':>32}"
    for row in outcome["yardsticks"]:
        auc, lift = _told(row, "auc", "{:.3f}"), _told(row, "lift", "{:.2f}")
        yield f"  {NAMES[row['key']]:22}{auc:>26}{lift:>32}"
    for band in outcome["bands"]:
        yield f"  {band['band']:22}{_told(band, 'rate', '{:.1%}'):>26}  of {band['points']:,}"


def _alarm_lines(report: Report) -> Iterator[str]:
    alarms, lead = report["alarms"], report["lead_time"]
    yield (
        f"Alarms: {alarms['raised']}, false {alarms['false']}: {_told(alarms, 'share', '{:.0%}')}"
    )
    people = report["people"]
    yield (
        f"Said by people: alerts marked false {people['alerts_false']} of {people['alerts']},"
        f" scores called wrong {people['too_high'] + people['too_low']}"
        f" (false alarms {people['false_alarms']}, missed risks {people['missed']})"
    )
    yield (
        f"Announced before they left: {lead['announced']} of"
        f" {lead['announced'] + lead['unannounced']},"
        f" median {_told(lead, 'days', '{:.0f}')} days ahead"
    )


def _weight_lines(weights: list[Report] | None) -> Iterator[str]:
    yield ""
    if weights is None:
        yield "Weights: nothing to suggest yet."
        return
    yield "Weights: now, and as the losses suggest"
    for row in weights:
        label = metric_label(row["metric"])
        yield f"  {label:40} {row['weight']:7.1%} -> {row['suggested']:7.1%}"


def _told(row: Report, name: str, form: str) -> str:
    if row[name] is None:
        return "-"
    told = form.format(row[name])
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return told if low is None else f"{told} ({form.format(low)} to {form.format(high)})"


def _title(report: Report) -> str:
    edited = ", edited" if report["edited"] else ""
    return f"Scorecard {report['scorecard']}, version {report['version']}{edited}"


def _part(key: str) -> str:
    return {"points": "points", "gates": "gates", "others": "other"}.get(key) or metric_label(key)


def _names(ids: list[int]) -> dict[int, str]:
    return {account.pk: str(account) for account in Account.objects.filter(pk__in=ids)}
