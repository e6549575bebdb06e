"""How an account came to where it stands: status, phase, tier and touch model through time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.choices import AccountStatus, Phase, Tier, TouchModel
from accounts.models import Account, AccountPhaseFact, AccountStatusFact, AttributeValue

#: Days after which a phase counts as standing still; phases that may last have none.
LONG_IN_PHASE = {Phase.ONBOARDING: 90, Phase.RENEWAL: 120, Phase.LEAVING: 180}


@dataclass(frozen=True)
class Span:
    """A value and the days it held for; `until` is the last of them, None while it goes on."""

    word: str
    since: dt.date
    until: dt.date | None
    days: int
    is_current: bool


@dataclass(frozen=True)
class PhaseAge:
    """Since when the account has been in its phase, and whether that is long."""

    since: dt.date
    days: int
    is_long: bool


def status_history(account: Account, *, today: dt.date) -> list[Span]:
    """Return the statuses an account has had, newest first."""
    facts: Any = AccountStatusFact.objects.filter(account=account)
    return _spans(facts, "status", dict(AccountStatus.choices), today)


def phase_history(account: Account, *, today: dt.date) -> list[Span]:
    """Return the phases an account has been in, newest first."""
    facts: Any = AccountPhaseFact.objects.filter(account=account)
    return _spans(facts, "phase", dict(Phase.choices), today)


def care_history(account: Account, *, today: dt.date) -> dict[str, list[Span]]:
    """Return tiers and touch models of an account through time, newest first, in one query."""
    facts: Any = AttributeValue.objects.filter(account=account, key__in=("tier", "touch_model"))
    rows = list(facts.current().order_by("-starts_on", "-pk"))
    words: dict[str, dict[Any, Any]] = {
        "tier": dict(Tier.choices),
        "touch_model": dict(TouchModel.choices),
    }
    return {
        key: [
            _span(row, words[key].get(row.value, row.value), today)
            for row in rows
            if row.key == key
        ]
        for key in words
    }


def phase_age(account: Account, *, today: dt.date) -> PhaseAge | None:
    """Say how long an account has been in its phase; None where no day is known.

    :param account: with the field `phase_since_on`.
    """
    since: dt.date | None = account.phase_since_on  # type: ignore[attr-defined]
    if since is None:
        return None
    days = (today - since).days
    limit = LONG_IN_PHASE.get(Phase(account.phase))
    return PhaseAge(since, days, limit is not None and days > limit)


def _spans(facts: Any, name: str, words: dict[str, Any], today: dt.date) -> list[Span]:
    rows = facts.current().order_by("-starts_on", "-pk")
    return [_span(row, words[getattr(row, name)], today) for row in rows]


def _span(fact: Any, word: Any, today: dt.date) -> Span:
    end = fact.ends_on
    days = max(0, (min(end or today, today) - fact.starts_on).days)
    until = end - dt.timedelta(days=1) if end else None
    return Span(
        str(word),
        fact.starts_on,
        until,
        days,
        fact.starts_on <= today and not (end and end <= today),
    )
