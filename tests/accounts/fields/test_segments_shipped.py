"""The values shipped segments ask for, each at its edge."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Account, Invoice, InvoicePayment, Segment, TouchpointSignal
from accounts.selectors.service import lateness_of, place
from accounts.services.segments import install_starter_segments, moment_of, read_rules
from scoring.models import MetricDefinition, MetricValue
from tests.factories import make_account, make_contract, make_organisation, make_touchpoint

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 18)
AT = dt.datetime(2026, 6, 18, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def shipped():
    make_organisation()
    install_starter_segments(at=AT)


def inside(key):
    rule = Segment.objects.get(key=key).rule
    return set(Account.objects.matching(read_rules(rule), moment_of(AT)))


def value(key, account):
    (row,) = Account.objects.filter(pk=account.pk).with_fields(key, at=AT)
    return getattr(row, key.replace(".", "_"))


def customer(**fields):
    return make_account(**{"status": "active", **fields})


@pytest.mark.parametrize("due_on", [dt.date(2026, 4, 27), dt.date(2026, 6, 10), TODAY, TODAY + DAY])
def test_an_invoice_is_late_by_the_business_days_its_page_counts(due_on):
    account = customer()
    Invoice.objects.create(account=account, issued_on=due_on - DAY, due_on=due_on, amount=100)
    invoice = Invoice.objects.get()
    late = lateness_of(invoice, today=TODAY, here=place()).work_days

    assert value("invoices.days_late", account) == (late or None)


def test_a_payment_overdue_for_more_than_five_business_days():
    accounts = []
    for due_on in (dt.date(2026, 6, 10), dt.date(2026, 6, 11)):
        account = customer()
        accounts.append(account)
        Invoice.objects.create(account=account, issued_on=due_on - DAY, due_on=due_on, amount=100)

    assert inside("overdue") == {accounts[0]}
    InvoicePayment.objects.create(invoice=accounts[0].invoices.get(), paid_on=TODAY, amount=100)
    assert inside("overdue") == set()


def test_quiet_is_longer_than_one_and_a_half_cadences():
    quiet, talking = customer(touch_model="high"), customer(touch_model="high")
    lost = customer(touch_model="high", status="churned")
    for account, days in ((quiet, 60), (talking, 3), (lost, 900)):
        make_touchpoint(account=account, occurred_at=AT - days * DAY, direction="two_way")

    assert value("touchpoint.silence", quiet) > 1.5 > value("touchpoint.silence", talking)
    assert value("touchpoint.silence", lost) is None
    assert inside("quiet") == {quiet}


def test_a_renewal_whose_approval_nobody_began():
    accounts = {}
    for state in ("not_started", "submitted"):
        accounts[state] = customer(renewal_on=TODAY + 30 * DAY)
        make_contract(
            account=accounts[state],
            starts_on=TODAY - 300 * DAY,
            ends_on=TODAY + 30 * DAY,
            notice_months=0,
            approval_state=state,
        )

    assert value("contract.approval", accounts["submitted"]) == "submitted"
    assert inside("renewal_no_ringi") == {accounts["not_started"]}


def measure(account, key, number):
    MetricDefinition.objects.get_or_create(
        key=key, defaults={"slot": {"usage_change": 1, "nps": 2}[key]}
    )
    values = [None, None]
    values[MetricDefinition.objects.get(key=key).slot - 1] = number
    MetricValue.objects.create(account=account, v=values, seen=[None, None], known_at=AT)


def test_usage_falls_by_the_newest_value_of_the_metric():
    falling, steady, unknown = customer(), customer(), customer()
    measure(falling, "usage_change", -0.5)
    measure(steady, "usage_change", -0.1)

    assert value("health.usage_change", falling) == -0.5
    assert value("health.usage_change", unknown) is None
    assert inside("usage_falling") == {falling}


def test_references_agreed_in_a_talk_or_recommend_us():
    agreed, promoting, neither = customer(), customer(), customer()
    talk = make_touchpoint(account=agreed, occurred_at=AT - DAY)
    TouchpointSignal.objects.create(touchpoint=talk, signal="reference")
    measure(promoting, "nps", 50.0)
    measure(neither, "nps", 49.0)

    assert inside("references") == {agreed, promoting}
    talk.retracted_at = AT
    talk.save()
    assert inside("references") == {promoting}
