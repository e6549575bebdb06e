"""The statements of a report and the Python reference add up the same."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import (
    Account,
    AccountStatusFact,
    Contract,
    ContractTerm,
    FxRate,
    Segment,
    SegmentMembership,
    StakeholderRole,
)
from scoring.domain.kpis import (
    Agreement,
    RenewalSums,
    Term,
    account_period,
    add_up,
    renewal_sums,
)
from scoring.domain.periods import parse_period
from scoring.selectors.kpis import (
    Scope,
    account_rows,
    facts_of,
    line_of,
    totals_of,
    with_teams_below,
)
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_touchpoint,
)

pytestmark = pytest.mark.django_db
AT = dt.datetime(2027, 2, 10, 3, tzinfo=dt.UTC)
LONG_KNOWN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
TODAY, ONE_DAY = dt.date(2027, 2, 10), dt.timedelta(days=1)
LATER = AT + ONE_DAY
RATES = {"JPY": Decimal(1), "USD": Decimal(150), "EUR": None}

days = st.dates(dt.date(2025, 1, 1), dt.date(2027, 6, 1))
month_days = days.map(lambda day: day.replace(day=1))
agreements = st.fixed_dictionaries(
    {
        "product": st.sampled_from(["A", "B"]),
        "starts_on": month_days,
        "months": st.none() | st.sampled_from([1, 6, 12, 12, 24]),
        "prolonged": st.sampled_from([0, 0, 12]),
        "notice_months": st.sampled_from([0, 1, 3]),
        "auto_renews": st.booleans(),
        "notice_on": st.none() | days,
        "currency": st.sampled_from(["JPY", "JPY", "USD", "EUR"]),
        "arr": st.sampled_from([0, 100, 250]),
        "later_arr": st.none() | st.sampled_from([50, 300]),
        "later_on": month_days,
        "is_late": st.booleans(),
    }
)
accounts = st.tuples(st.lists(agreements, max_size=3), st.none() | st.none() | days)
books = st.lists(accounts, min_size=1, max_size=4)
codes = st.sampled_from(["FY2025", "FY2026", "FY2026-H2", "FY2026-Q3", "2026-04", "12m"])


def shift(day, months):
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def store(account, spec, lost_on):
    """Store a contract and return what the reference knows of it, amounts in yen."""
    first_end, ends_on = ends_of(spec)
    contract = Contract.objects.create(
        account=account,
        product=spec["product"],
        kind="fixed" if first_end else "open_ended",
        currency=spec["currency"],
        starts_on=spec["starts_on"],
        ends_on=first_end,
        notice_months=spec["notice_months"],
        auto_renews=spec["auto_renews"],
        notice_received_on=spec["notice_on"],
        created_at=LONG_KNOWN,
    )
    if ends_on != first_end:
        Contract.objects.filter(pk=contract.pk).update(ends_on=ends_on)
    for arr, begin, end, recorded_at, retracted_at in terms_of(spec):
        ContractTerm.objects.create(
            contract=contract, arr=arr, starts_on=begin, ends_on=end,
            recorded_at=recorded_at, retracted_at=retracted_at,
        )  # fmt: skip
    return as_known(spec, lost_on)


def ends_of(spec):
    """Return the last day as first agreed and as it is now."""
    if spec["months"] is None:
        return None, None
    first = shift(spec["starts_on"], spec["months"])
    return first - ONE_DAY, shift(first, spec["prolonged"]) - ONE_DAY


def terms_of(spec):
    """Return (arr, first day, end, known since, known until); late ones came after the report."""
    start, cut = spec["starts_on"], spec["later_on"]
    if spec["later_arr"] is None or cut <= start:
        return [(spec["arr"], start, None, LONG_KNOWN, None)]
    since = LATER if spec["is_late"] else LONG_KNOWN
    before = [(spec["arr"], start, None, LONG_KNOWN, LATER)] if spec["is_late"] else []
    after = [(spec["arr"], start, cut, since, None), (spec["later_arr"], cut, None, since, None)]
    return before + after


def as_known(spec, lost_on):
    rate, (first_end, ends_on) = RATES[spec["currency"]], ends_of(spec)
    if rate is None:
        return None
    noticed = spec["notice_on"] and spec["notice_on"] <= TODAY
    known = [term for term in terms_of(spec) if term[3] == LONG_KNOWN]
    return Agreement(
        product=spec["product"],
        starts_on=spec["starts_on"],
        ends_on=ends_on,
        notice_months=spec["notice_months"],
        auto_renews=spec["auto_renews"],
        notice_on=spec["notice_on"] if noticed else None,
        terms=tuple(Term(arr * rate, begin, end) for arr, begin, end, *_ in known),
        past_ends=(first_end,) if first_end else (),
        lost_on=lost_on if lost_on and lost_on <= TODAY else None,
    )


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(books, codes)
def test_sql_and_python_agree_on_random_contracts(book, code):
    Account.objects.all().delete()
    make_organisation()
    FxRate.objects.get_or_create(
        currency="USD", on=dt.date(2024, 1, 1), rate=150, recorded_at=LONG_KNOWN
    )
    facts = facts_of(AT)
    period = parse_period(code, fiscal_month=4, today=facts.today)
    known = []
    for specs, lost_on in book:
        account = make_account()
        if lost_on:
            AccountStatusFact.objects.create(
                account=account, status="churned", starts_on=lost_on, recorded_at=LONG_KNOWN
            )
        stored = [store(account, spec, lost_on) for spec in specs]
        known.append([one for one in stored if one is not None])
    closing = min(period.last, facts.today)

    found = totals_of(period, facts=facts, scope=Scope(), k=AT).whole

    expected = add_up(account_period(one, opening=period.opening, closing=closing) for one in known)
    last = line_of(period, facts=facts, scope=Scope(), k=AT)[-1]
    assert found.sums == expected
    assert (last.accounts, last.arr) == (expected.closing_accounts, expected.closing)
    for by_decision, got in ((False, found.by_end), (True, found.by_decision)):
        parts = [
            renewal_sums(
                one,
                first=period.first,
                last=period.last,
                today=facts.today,
                by_decision=by_decision,
            )
            for one in known
        ]
        assert got == RenewalSums(
            *(sum(getattr(part, name) for part in parts) for name in vars(RenewalSums()))
        )


def make_segment(**fields):
    names = {"key": "large", "name_en": "Large", "name_ja": "大", "rule": {}}
    return Segment.objects.create(**names, **fields)


@pytest.fixture
def book():
    make_organisation()
    top = make_team()
    below = make_team(parent=top)
    accounts = [make_account(team=top), make_account(team=below), make_account(team=below)]
    for account, before, after in zip(accounts, (600, 300, 100), (720, 240, None), strict=True):
        for year, arr in ((2025, before), (2026, after)):
            if arr is None:
                continue
            make_contract(
                account=account,
                arr=arr,
                starts_on=dt.date(year, 4, 1),
                ends_on=dt.date(year + 1, 3, 31),
                created_at=LONG_KNOWN,
            )
    ContractTerm.objects.update(recorded_at=LONG_KNOWN)
    facts = facts_of(AT)
    return accounts, facts, parse_period("FY2026", fiscal_month=4, today=facts.today)


def test_figures_are_of_a_team_with_those_below(book):
    accounts, facts, period = book
    top, below = accounts[0].team, accounts[1].team

    above = totals_of(period, facts=facts, scope=Scope(team=top.pk), k=AT)
    whole, parts = above.whole, above.teams
    lower = totals_of(period, facts=facts, scope=Scope(team=below.pk), k=AT).whole

    assert (whole.sums.opening, whole.sums.closing) == (1000, 960)
    assert (lower.sums.opening, lower.sums.closing) == (400, 240)
    assert with_teams_below(parts, [top, below]) == {top.pk: whole, below.pk: lower}


def test_a_segment_is_taken_on_the_opening_day(book):
    accounts, facts, period = book
    segment = make_segment(created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    left = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    for account, entered, gone in (
        (accounts[0], first, None),
        (accounts[2], first, left),
        (accounts[1], left, None),
    ):
        SegmentMembership.objects.create(
            segment=segment, account=account, entered_at=entered, left_at=gone
        )

    whole = totals_of(period, facts=facts, scope=Scope(segment=segment.pk), k=AT).whole
    parts = totals_of(period, facts=facts, scope=Scope(), k=AT).segments

    assert (whole.sums.opening, whole.sums.churn) == (700, 100)
    assert parts == {segment.pk: whole}


def test_nobody_knows_who_was_in_a_segment_before_it_was_recorded(book):
    accounts, facts, period = book
    since = dt.datetime(2026, 10, 5, tzinfo=dt.UTC)
    segment = make_segment(created_at=since)
    SegmentMembership.objects.bulk_create(
        SegmentMembership(segment=segment, account=account, entered_at=since, left_at=left)
        for account, left in zip(accounts, (since + dt.timedelta(days=1), None, None), strict=True)
    )
    later = parse_period("2026-11", fiscal_month=4, today=facts.today)

    whole = totals_of(period, facts=facts, scope=Scope(segment=segment.pk), k=AT).whole
    known = totals_of(later, facts=facts, scope=Scope(segment=segment.pk), k=AT).whole

    assert totals_of(period, facts=facts, scope=Scope(), k=AT).segments == {}
    assert whole.sums.customers == 0
    assert (known.sums.opening_accounts, known.sums.opening) == (1, 240)


def test_talks_and_people_of_the_period_are_counted(book):
    accounts, facts, period = book
    one, other = (make_contact(account=accounts[0]) for _ in range(2))
    for contact in (one, other):
        StakeholderRole.objects.create(
            account=accounts[0],
            contact=contact,
            role="champion",
            starts_on=dt.date(2026, 1, 1),
            recorded_at=LONG_KNOWN,
        )
    for month, direction in ((6, "two_way"), (7, "two_way"), (8, "outbound"), (3, "two_way")):
        when = dt.datetime(2026, month, 5, tzinfo=dt.UTC)
        talk = make_touchpoint(
            account=accounts[0], occurred_at=when, direction=direction, recorded_at=when
        )
        talk.contacts.add(one)

    sums = totals_of(period, facts=facts, scope=Scope(), k=AT).whole.sums

    assert (sums.touches, sums.touched_accounts, sums.contacts) == (2, 1, 1)
    assert (sums.stakeholders, sums.active_stakeholders) == (2, 1)


def test_contracts_without_a_rate_are_left_out_and_counted(book):
    accounts, facts, period = book
    make_contract(account=accounts[0], currency="EUR", created_at=LONG_KNOWN)
    ContractTerm.objects.update(recorded_at=LONG_KNOWN)

    assert totals_of(period, facts=facts, scope=Scope(), k=AT).whole.sums.closing == 960
    assert totals_of(period, facts=facts, scope=Scope(), k=AT).unrated == 1


def test_the_line_ends_with_the_closing(book):
    accounts, facts, period = book
    line = line_of(period, facts=facts, scope=Scope(), k=AT)
    rows = account_rows(period, facts=facts, scope=Scope(), k=AT)

    assert (line[-1].day, line[-1].arr, line[-1].accounts) == (facts.today, 960, 2)
    assert {(str(point.day), point.arr) for point in line} >= {("2026-03-31", Decimal(1000))}
    assert sorted(rows)[0][:3] == (accounts[0].pk, 600, 720)
