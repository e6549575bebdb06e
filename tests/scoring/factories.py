"""Rows of the scoring app for tests: usage as rolled up, scorecards, runs."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts.models import Account, Contact, Invoice, StakeholderRole, Ticket, Touchpoint, User
from scoring.models import (
    CustomMetric,
    EventName,
    HealthAlert,
    HealthCurrent,
    HealthDaily,
    HealthOverride,
    Measurement,
    Scorecard,
    ScorecardVersion,
    ScoreFeedback,
    Source,
    SourceDay,
    UsageDay,
    UsageUser,
    UserMonth,
    WriteKey,
)
from scoring.selectors.explanations import compute_values, read_all
from scoring.selectors.frames import official_frame
from scoring.services.custom_metrics import create_metric
from scoring.services.metric_slots import ensure_metric_slots
from scoring.services.recompute import Outcome
from scoring.services.runs import recompute_health
from scoring.services.scorecards import create_scorecard, digest_of, install_starter_content
from tests.factories import make_account, make_organisation, make_touchpoint, make_user

_numbers = itertools.count(1)

TOKYO = dt.timezone(dt.timedelta(hours=9))
ONE_DAY = dt.timedelta(days=1)
#: The day most tests are about, a Friday, and an instant within it.
DAY = dt.date(2026, 6, 19)
NOON = dt.datetime(2026, 6, 19, 12, 0, tzinfo=TOKYO)
LONG_KNOWN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def slot_after(day: dt.date) -> dt.datetime:
    """Return the instant at which `day` closes."""
    return dt.datetime.combine(day + ONE_DAY, dt.time.min, TOKYO)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), TOKYO)


def make_write_key(**fields: Any) -> WriteKey:
    number = next(_numbers)
    values = {"name": f"Product {number}", "prefix": f"wk_{number}", "digest": number.to_bytes(32)}
    return WriteKey.objects.create(**{**values, **fields})


def make_live_source(
    *, account: Account | None = None, until: dt.date = DAY, days: int = 3
) -> WriteKey:
    """A source from which something arrived at noon of the last days, perhaps for one account."""
    key = make_write_key()
    SourceDay.objects.bulk_create(
        SourceDay(write_key=key, day=day, last_arrival_at=noon(day), items=1)
        for day in last_days(days, until=until)
    )
    if account is not None:
        Source.objects.create(
            write_key=key,
            account=account,
            first_event_at=LONG_KNOWN,
            last_event_at=noon(until),
        )
    return key


def make_event_name(name: str, **fields: Any) -> EventName:
    return EventName.objects.create(name=name, **fields)


def make_usage(
    *,
    account: Account,
    days: Iterable[dt.date],
    users: int = 1,
    events: int = 1,
    name: str = "opened",
    known_on: dt.date | None = None,
    total: float | None = None,
) -> None:
    """Let `users` people each do `events` things on each of the days."""
    days, seen = list(days), known_on or dt.date.min
    series = EventName.objects.get_or_create(name=name)[0]
    UsageDay.objects.bulk_create(
        UsageDay(
            account=account,
            day=day,
            series=series,
            known_on=known_on or day,
            n=users * events,
            total=total,
        )
        for day in days
    )
    people = [
        UsageUser.objects.get_or_create(account=account, user_key=f"u{n}")[0] for n in range(users)
    ]
    marks: dict[dt.date, int] = defaultdict(int)
    for day in days:
        marks[day.replace(day=1)] |= 1 << (day.day - 1)
    for series_id in [0, series.pk] if series.counts_users else [0]:
        known = UserMonth.objects.filter(
            account=account, series_id=series_id, user__in=people, month__in=marks, known_on=seen
        )
        before = {(row.month, row.user_id): row.days for row in known}
        known.delete()
        UserMonth.objects.bulk_create(
            UserMonth(
                account=account,
                month=month,
                series_id=series_id,
                user=person,
                known_on=seen,
                days=bits | before.get((month, person.pk), 0),
            )
            for month, bits in marks.items()
            for person in people
        )


def last_days(count: int, *, until: dt.date = DAY) -> list[dt.date]:
    return [until - n * ONE_DAY for n in range(count)]


def make_scored_account(**fields: Any) -> Account:
    """A tracked customer of some years, so that no measure is missing for being young."""
    make_organisation()
    values = {
        "tracked": True,
        "touch_model": "high",
        "customer_since_on": dt.date(2022, 4, 1),
        "licensed_users": 10,
        **fields,
    }
    return make_account(**values)


def make_scorecard(definition: dict[str, Any], **fields: Any) -> ScorecardVersion:
    number = next(_numbers)
    values = {
        "key": f"card-{number}",
        "name_en": "Card",
        "name_ja": "スコアカード",
        "is_default": True,
        **fields,
    }
    return ScorecardVersion.objects.create(
        scorecard=Scorecard.objects.create(**values),
        number=1,
        state="published",
        definition=definition,
        digest=digest_of(definition),
        effective_on=dt.date(2000, 1, 1),
        published_at=LONG_KNOWN,
    )


#: The least a definition can say.
SMALL = {
    "schema": 1,
    "method": "weighted",
    "dimensions": [
        {
            "key": "voice",
            "label_en": "Voice",
            "label_ja": "声",
            "weight": 1,
            "measures": [{"metric": "nps", "weight": 1, "curve": [[-50, 0], [50, 100]]}],
        }
    ],
}


def make_scorecard_draft(**fields: Any) -> ScorecardVersion:
    """A draft of a scorecard of its own, which judges nobody yet."""
    number = next(_numbers)
    values = {
        "key": f"draft-{number}",
        "name_en": "Draft",
        "name_ja": "下書き",
        "condition": {"kind": "customer"},
        "definition": SMALL,
        "at": NOON,
        **fields,
    }
    return create_scorecard(**values).versions.get()


def install_scorecards() -> None:
    install_starter_content(at=LONG_KNOWN)


def close_day(day: dt.date, *accounts: Account) -> Outcome:
    """Run the official computation of a day over these accounts."""
    return recompute_health(at=slot_after(day), account_ids=[account.pk for account in accounts])


def make_health_day(account: Account, day: dt.date, **fields: Any) -> HealthDaily:
    values = {
        "base_weight": 1,
        "coverage": 1,
        "points": 0,
        "corrections": [],
        "dimensions": [],
        "contributions": [],
        "kind": "official",
        "version_id": 1,
        "run_id": 1,
    }
    return HealthDaily.objects.create(account=account, day=day, **values | fields)


def make_contacts_card() -> Scorecard:
    """A scorecard of one measure; `set_score` says what it gives."""
    measure = {"metric": "touch_recency", "weight": 1, "curve": [[0, 100], [10, 0]]}
    care = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1}
    return make_scorecard({"schema": 1, "dimensions": [{**care, "measures": [measure]}]})


def set_score(card: ScorecardVersion, score: float) -> None:
    """Let the card give any account with a talk this score, whatever the value."""
    card.definition["dimensions"][0]["measures"][0]["curve"] = [[0, score], [1000, score]]
    card.save()


def daily(account: Account, day: dt.date) -> HealthDaily:
    return HealthDaily.objects.get(account=account, day=day)


def current(account: Account) -> HealthCurrent:
    return HealthCurrent.objects.get(account=account)


def read(account: Account, key: str, *, day: dt.date = DAY) -> float | None:
    """Return what a metric says of an account on an official day."""
    frame = official_frame(day)
    return read_all(compute_values(account_id=account.pk, frame=frame), frame)[key].x


def age_of(account: Account, key: str, *, day: dt.date = DAY) -> float:
    frame = official_frame(day)
    return read_all(compute_values(account_id=account.pk, frame=frame), frame)[key].age


def make_tracked_account(**fields: Any) -> Account:
    """A tracked customer whose source is alive."""
    ensure_metric_slots()
    account = make_scored_account(**fields)
    make_live_source(account=account)
    return account


def make_ticket(
    *, account: Account, opened: dt.date, resolved: dt.date | None = None, **fields: Any
) -> Ticket:
    values = {"subject": "Import fails", "severity": "normal", "recorded_at": noon(opened)}
    ticket = Ticket.objects.create(
        account=account,
        opened_at=noon(opened),
        resolved_at=noon(resolved) if resolved else None,
        state="resolved" if resolved else "open",
        **{**values, **fields},
    )
    known = ticket.recorded_at
    ticket.states.create(state="open", starts_on=opened, ends_on=resolved, recorded_at=known)
    if resolved:
        known = max(noon(resolved), known)
        ticket.states.create(state="resolved", starts_on=resolved, recorded_at=known)
    return ticket


def make_invoice(
    *, account: Account, due: dt.date, paid: dt.date | None = None, amount: int = 100
) -> Invoice:
    issued = due - 30 * ONE_DAY
    invoice = Invoice.objects.create(
        account=account, issued_on=issued, due_on=due, amount=amount, recorded_at=noon(issued)
    )
    if paid:
        invoice.payments.create(paid_on=paid, amount=amount, recorded_at=noon(paid))
    return invoice


def make_paid_invoice(account: Account) -> Invoice:
    """An invoice paid on its day 60 days ago: with use and talks it makes data enough to score."""
    return make_invoice(account=account, due=DAY - 60 * ONE_DAY, paid=DAY - 60 * ONE_DAY)


def make_role(contact: Contact, role: str, **fields: Any) -> StakeholderRole:
    values = {"starts_on": dt.date(2024, 4, 1), "confirmed_on": DAY, "recorded_at": LONG_KNOWN}
    return StakeholderRole.objects.create(
        account=contact.account, contact=contact, role=role, **{**values, **fields}
    )


def make_talk(account: Account, day: dt.date, *contacts: Contact, **fields: Any) -> Touchpoint:
    talk = make_touchpoint(account=account, occurred_at=noon(day), recorded_at=noon(day), **fields)
    talk.contacts.set(contacts)
    return talk


def make_measurement(*, account: Account, **fields: Any) -> Measurement:
    values = {"key": "open_orders", "value": 12.5, "measured_at": noon(DAY), **fields}
    if "external_id" not in fields:
        values["external_id"] = f"M-{next(_numbers)}"
    return Measurement.objects.create(account=account, **values)


def make_override(*, account: Account, **fields: Any) -> HealthOverride:
    values = {
        "kind": "band",
        "band": "at_risk",
        "reason": "Merger rumour",
        "author": fields.pop("author", None) or make_user(),
        "starts_at": NOON - 18 * ONE_DAY,
        "expires_at": NOON + 12 * ONE_DAY,
        "recorded_at": NOON - 18 * ONE_DAY,
    }
    return HealthOverride.objects.create(account=account, **{**values, **fields})


def make_feedback(*, account: Account, author: User | None = None, **fields: Any) -> ScoreFeedback:
    values = {"day": DAY, "score": 55.0, "band": "at_risk", "direction": "too_low"}
    values |= {"reason": "They close each summer", "created_at": NOON}
    return ScoreFeedback.objects.create(
        account=account, author=author or make_user(), **{**values, **fields}
    )


def make_alert(*, account: Account, **fields: Any) -> HealthAlert:
    values = {
        "kind": "crossing",
        "opened_at": NOON,
        "day": DAY,
        "run_kind": "official",
        "band": "at_risk",
        "from_band": "steady",
        "score": 55.3,
        "before": 85.9,
        "compared_on": DAY - 30 * ONE_DAY,
    }
    return HealthAlert.objects.create(account=account, **{**values, **fields})


def make_metric(key: str = "", **fields: Any) -> CustomMetric:
    """A metric of the organisation that adds up what any event counts."""
    number = next(_numbers)
    values = {
        "key": key or f"own-{number}",
        "label_en": f"Own {number}",
        "label_ja": f"自社指標{number}",
        "spec": {"source": "events", "aggregate": "count", "window": 28},
        "at": NOON,
        **fields,
    }
    return create_metric(**values)


def typed_metric(**changes):
    """Return what is typed into the form of a measure."""
    return {
        "key": "orders",
        "label_ja": "注文数",
        "label_en": "Orders",
        "source": "events",
        "event": "Order",
        "aggregate": "count",
        "window": "28",
        "exposure": "14",
        "unit": "count",
        "direction": "higher",
        **changes,
    }
