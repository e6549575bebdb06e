"""What every metric must keep, built in or added later; a new one is tested by being there."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import scoring.metrics
from accounts.models import ContractTerm
from scoring.choices import EventMeaning
from scoring.registry import metric_choices, metrics
from scoring.selectors.explanations import compute_values, read_all
from scoring.selectors.frames import official_frame
from scoring.selectors.metric_sql import compile_metrics
from scoring.selectors.scorecards import metric_slots, metrics_by_slot
from scoring.selectors.sources import SOURCES
from scoring.services.metric_slots import ensure_metric_slots
from tests.factories import make_contact, make_contract, make_milestone, make_team
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    ONE_DAY,
    last_days,
    make_event_name,
    make_invoice,
    make_live_source,
    make_role,
    make_scored_account,
    make_talk,
    make_ticket,
    make_usage,
)
from tests.scoring.metrics.answers import answer
from tests.surveys.factories import make_wave

pytestmark = pytest.mark.django_db
#: What the accounts below have no facts for.
NOT_IN_THE_STORY = {
    *("budget_cut_heard", "cancellation_hint_heard", "champion_bounced", "competitor_heard"),
    *("decision_maker_unsubscribed", "downgrade_enquiry_heard", "notice_received"),
    *("reference_heard", "referral_heard", "survey_participation", "ticket_csat", "login_rate"),
    *("key_workflow_share",),
}
#: What an event has to add up to mean anything.
SUMMED = {"session": "minutes"}
every_metric = pytest.mark.parametrize("key", list(metrics))


@pytest.fixture
def accounts():
    """Seven customers, the odd ones with a bit of everything, the even ones with nothing."""
    team, wave = make_team(), make_wave()
    accounts = [make_scored_account(team=team, live_on=LONG_KNOWN.date()) for _ in range(7)]
    for meaning in EventMeaning:
        summed = SUMMED.get(meaning, "")
        make_event_name(
            name=f"event {meaning}", meaning=meaning, is_key_feature=True, summed_property=summed
        )
    for account in accounts[::2]:
        make_live_source(account=account)
        make_usage(account=account, days=last_days(70), users=3, events=2)
        make_usage(account=account, days=last_days(9), users=3, name="event record")
        person = make_contact(account=account)
        make_role(person, "executive_sponsor")
        make_role(person, "champion")
        make_talk(account, DAY - 8 * ONE_DAY, person, type="training")
        for ago in (3, 5, 7):
            make_talk(account, DAY - ago * ONE_DAY, person, type="mail", sentiment="negative")
        make_contract(account=account, starts_on=DAY - 400 * ONE_DAY, ends_on=DAY + 100 * ONE_DAY)
        make_milestone(
            account=account,
            key="first_value",
            due_on=DAY,
            is_first_value=True,
            recorded_at=LONG_KNOWN,
        )
        talk = make_talk(account, DAY - 9 * ONE_DAY, person)
        talk.signals.create(signal="complaint")
        make_ticket(account=account, opened=DAY - 20 * ONE_DAY, severity="critical", csat=None)
        make_ticket(account=account, opened=DAY - 20 * ONE_DAY, resolved=DAY, csat=4)
        make_invoice(account=account, due=DAY - 40 * ONE_DAY)
        answer(account, wave, 9, csat=5)
    ContractTerm.objects.update(recorded_at=LONG_KNOWN)
    return accounts


def compute(accounts):
    slots, frame = ensure_metric_slots(), official_frame(DAY)
    sql = compile_metrics(metrics_by_slot(slots), frame)
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        cursor.execute(sql, {**frame.parameters(), "ids": [account.pk for account in accounts]})
        rows = {pk: (values, seen) for pk, values, seen in cursor.fetchall()}
    return rows, len(queries)


def test_all_metrics_of_any_number_of_accounts_take_one_statement(accounts):
    assert compute(accounts[:1])[1] == compute(accounts)[1] == 1


def test_each_source_is_read_once():
    sql = compile_metrics(metrics_by_slot(ensure_metric_slots()), official_frame(DAY))

    used = {part.source for _, metric in metrics.items() for part in metric.parts.values()}
    for source in SOURCES:
        assert sql.count(f" {source} ON {source}.account_id") == (source in used)
    for table in ("scoring_usermonth", "accounts_ticket ", "accounts_invoice "):
        assert sql.count(f"FROM {table}") == 1


def test_running_twice_changes_nothing(accounts):
    assert compute(accounts) == compute(accounts)


def test_every_reading_stays_in_its_range(accounts):
    slots, frame = ensure_metric_slots(), official_frame(DAY)
    rows, _ = compute(accounts)

    read = [
        (key, reading.x)
        for values, seen in rows.values()
        for key, reading in read_all(
            {key: (values[slot - 1], seen[slot - 1]) for key, slot in slots.items()}, frame
        ).items()
        if reading.x is not None
    ]
    assert [
        (key, x) for key, x in read if not metrics.get(key).lowest <= x <= metrics.get(key).highest
    ] == []
    unheard = {key for key, metric in metrics.items()} - {key for key, _ in read}
    assert unheard <= NOT_IN_THE_STORY


def test_an_account_nobody_knows_anything_of_earns_nothing():
    """Where there was nothing to measure a metric is missing, or what is missing counts as 0."""
    rows, _ = compute([make_scored_account(tracked=False, touch_model="tech")])
    ((values, _),) = rows.values()

    earned = {key: values[slot - 1] for key, slot in ensure_metric_slots().items()}
    assert {key: x for key, x in earned.items() if x not in (None, 0)} == {}


@pytest.mark.parametrize("fields", [{}, {"tracked": False, "touch_model": "tech"}])
def test_where_less_is_better_nothing_is_missing_and_never_the_best(fields):
    ensure_metric_slots()
    account = make_scored_account(**fields)
    make_live_source(account=account)

    found = readings_of(account)

    assert {
        key for key, x in found.items() if not metrics.get(key).higher_is_better and x == 0
    } == set()


def readings_of(account):
    frame = official_frame(DAY)
    found = read_all(compute_values(account_id=account.pk, frame=frame), frame)
    return {key: reading.x for key, reading in found.items()}


@pytest.fixture
def named_events():
    """An event of every meaning, so that no measure waits for one."""
    ensure_metric_slots()
    for meaning in EventMeaning:
        make_event_name(
            name=f"event {meaning}",
            meaning=meaning,
            is_key_feature=True,
            counts_users=True,
            summed_property=SUMMED.get(meaning, ""),
        )


def use(account, days):
    for meaning in EventMeaning:
        make_usage(account=account, days=days, users=3, name=f"event {meaning}")


#: What is read from the roll-ups of usage.
OF_USAGE = {
    key
    for key, metric in metrics.items()
    if {part.source for part in metric.parts.values()} & {"users", "usage", "sums", "series"}
}


@pytest.mark.usefixtures("named_events")
@pytest.mark.parametrize(
    ("tracked", "until"), [(False, DAY), (True, DAY - 3 * ONE_DAY)], ids=["untracked", "dead"]
)
def test_usage_nobody_can_see_is_missing_however_much_there_was(tracked, until):
    seen = make_scored_account(live_on=LONG_KNOWN.date())
    unseen = make_scored_account(live_on=LONG_KNOWN.date(), tracked=tracked)
    for account, last in ((seen, DAY), (unseen, until)):
        make_live_source(account=account, until=last)
        use(account, last_days(60, until=last))

    known, unknown = readings_of(seen), readings_of(unseen)

    assert {key for key in OF_USAGE if known[key] is None} == set()
    assert {key for key in OF_USAGE if unknown[key] is not None} == set()


@pytest.mark.usefixtures("named_events")
def test_silence_of_a_live_source_is_an_observed_zero_but_for_what_compares():
    account = make_scored_account(live_on=LONG_KNOWN.date())
    make_live_source(account=account)

    found = readings_of(account)

    compares = {"usage_change", "key_workflow_share"}
    assert {key: found[key] for key in OF_USAGE} == {
        key: None if key in compares else 0 for key in OF_USAGE
    }


@every_metric
def test_the_key_is_the_name_of_its_file(key):
    assert (Path(scoring.metrics.__file__).parent / f"{key}.py").is_file()
    assert metrics.get(key).key == key


@every_metric
def test_the_label_speaks_both_languages(key):
    label = metrics.get(key).label

    with translation.override("en"):
        english = str(label)
    with translation.override("ja"):
        assert str(label) != english


def test_labels_are_unique():
    labels = [str(label) for _, label in metric_choices()]

    assert len(set(labels)) == len(labels)


def test_a_slot_is_given_once_and_kept():
    first = ensure_metric_slots()

    assert ensure_metric_slots() == first == metric_slots()
    assert sorted(first.values()) == list(range(1, len(metrics) + 1))


def test_a_value_of_a_metric_that_is_gone_is_left_empty():
    ensure_metric_slots()
    slots = {**metric_slots(), "gone": 99}

    assert 99 not in metrics_by_slot(slots)
