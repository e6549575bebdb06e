"""How much is known of each account: its coverage, how fresh its usage is, silent measures, gaps.

Read for a page of accounts at a time: the same few queries whatever their number.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.selectors.quality import OWED, gap_words, gaps_expression
from scoring.domain.definition import Definition
from scoring.domain.evaluator import evaluate
from scoring.models import MetricValue, Source
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.explanations import read_all
from scoring.selectors.frames import Frame, provisional_frame
from scoring.selectors.labels import metric_label
from scoring.selectors.scorecards import metric_slots, read_definition


@dataclass(frozen=True)
class AccountLine:
    """An account with what is not known of it: silent measures by reason, gaps in words."""

    account: Any
    coverage: float | None
    last_event_at: dt.datetime | None
    silent: list[tuple[Any, list[str]]]
    gaps: list[str]


def accounts_by_coverage(user: Any, *, at: dt.datetime) -> QuerySet[Account]:
    """Return accounts whose health the user sees, with their `known_share` and `missing` gaps.

    `known_share` is empty where nothing was computed yet, `last_event_at` where no event came.
    """
    fed = Source.objects.filter(account=OuterRef("pk")).order_by().values("account")
    last = Subquery(fed.annotate(last=Max("last_event_at")).values("last"))
    accounts = Account.objects.visible_to(user).showing(user, RecordKind.HEALTH).unarchived()
    rows: QuerySet[Account] = accounts.filter(status__in=OWED).annotate(
        known_share=F("health__coverage"), last_event_at=last, missing=gaps_expression(at)
    )
    return rows


def account_lines(accounts: Sequence[Any], *, at: dt.datetime) -> list[AccountLine]:
    """Return what is not known of these accounts of `accounts_by_coverage`."""
    ids = [account.pk for account in accounts if account.known_share is not None]
    rows = MetricValue.objects.filter(pk__in=ids).select_related("account__health__version")
    values = {row.account_id: row for row in rows}
    frame, slots = provisional_frame(at), metric_slots()
    read: dict[int, Definition] = {}
    lines = []
    for account in accounts:
        stored = values.get(account.pk)
        silent: list[tuple[Any, list[str]]] = []
        if stored is not None and (version := stored.account.health.version) is not None:
            definition = read.setdefault(version.pk, read_definition(version))
            silent = _silent(definition, _pairs(slots, stored), frame, tracked=account.tracked)
        gaps = gap_words(account.missing)
        lines.append(AccountLine(account, account.known_share, account.last_event_at, silent, gaps))
    return lines


def silence_reason(key: str, x: float | None, *, tracked: bool) -> Any:
    """Return why a measure says nothing, in words."""
    if x is not None:
        return _("too old to count")
    metric = all_metrics().get(key)
    if metric is not None and metric.expects_usage:
        if not tracked:
            return _("no usage data expected")
        return _("usage data silent, too new or too little")
    return _("nothing to measure")


def _silent(
    definition: Definition, pairs: Mapping[str, Any], frame: Frame, *, tracked: bool
) -> list[tuple[Any, list[str]]]:
    parts = evaluate(definition, read_all(pairs, frame)).parts
    by_reason: dict[Any, list[str]] = {}
    for part in parts:
        if part.share == 0 or part.imputed:
            reason = silence_reason(part.metric, part.reading.x, tracked=tracked)
            by_reason.setdefault(str(reason), []).append(metric_label(part.metric))
    return sorted(by_reason.items(), key=lambda item: -len(item[1]))


def _pairs(slots: Mapping[str, int], stored: MetricValue) -> dict[str, Any]:
    return {
        key: (stored.v[slot - 1], stored.seen[slot - 1])
        for key, slot in slots.items()
        if slot <= len(stored.v)
    }
