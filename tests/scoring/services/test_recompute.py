import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import HealthCurrent, HealthDaily, HealthTransition, MetricValue
from scoring.selectors.explanations import explain_day
from scoring.selectors.frames import official_frame
from scoring.services.recompute import open_book, recompute_accounts
from scoring.services.runs import recompute_health
from tests.factories import make_account, make_team, make_touchpoint
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    current,
    daily,
    install_scorecards,
    last_days,
    make_contacts_card,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_usage,
    noon,
    set_score,
)

pytestmark = pytest.mark.django_db


def make_busy_account(**fields):
    account = make_scored_account(**fields)
    make_live_source(account=account, days=20)
    make_usage(account=account, days=last_days(60), users=7)
    talked_at = noon(DAY - 5 * ONE_DAY)
    make_touchpoint(account=account, occurred_at=talked_at, recorded_at=talked_at)
    make_paid_invoice(account)
    return account


def talk(account, day):
    return make_touchpoint(account=account, occurred_at=noon(day), recorded_at=noon(day))


def test_a_provisional_run_shows_a_score_and_tells_the_change_of_band():
    install_scorecards()
    account = make_busy_account()

    outcome = recompute_health(at=NOON, account_ids=[account.pk])

    health, news = current(account), HealthTransition.objects.get()
    assert (outcome.accounts, outcome.transitions) == (1, 1)
    assert (health.band, health.day, health.kind) == ("steady", DAY, "provisional")
    assert (news.from_band, news.to_band, news.acted_at) == ("not_enough_data", "steady", None)
    assert news.score == health.score


def test_running_twice_changes_nothing():
    install_scorecards()
    account = make_busy_account()

    close_day(DAY, account)
    before = HealthCurrent.objects.values().get(), HealthDaily.objects.values().get()
    values = MetricValue.objects.values().get()
    outcome = close_day(DAY, account)

    assert outcome.transitions == 0
    assert HealthTransition.objects.count() == 1
    assert (HealthCurrent.objects.values().get(), HealthDaily.objects.values().get()) == before
    assert MetricValue.objects.values().get() == values


def test_a_hundred_accounts_take_as_many_statements_as_ten():
    install_scorecards()
    team = make_team()
    accounts = [make_scored_account(team=team) for _ in range(10)]
    book = open_book(frame=official_frame(DAY))

    with CaptureQueriesContext(connection) as few:
        assert recompute_accounts(book=book, account_ids=ids(accounts)).accounts == 10
    accounts += [make_scored_account(team=team) for _ in range(90)]
    with CaptureQueriesContext(connection) as many:
        assert recompute_accounts(book=book, account_ids=ids(accounts)).accounts == 100

    assert len(many) == len(few)


def ids(accounts):
    return [account.pk for account in accounts]


def test_a_fact_of_the_future_changes_no_past_score():
    install_scorecards()
    account = make_busy_account()
    close_day(DAY, account)
    before = HealthDaily.objects.values().get()

    talk(account, DAY + ONE_DAY)
    make_usage(account=account, days=[DAY + ONE_DAY], users=9)
    close_day(DAY, account)

    assert HealthDaily.objects.values().get() == before


def test_a_past_day_replayed_with_late_facts_gives_the_same_numbers():
    install_scorecards()
    account = make_busy_account()
    close_day(DAY, account)
    before = HealthDaily.objects.values().get()

    late = noon(DAY + 2 * ONE_DAY)
    make_touchpoint(account=account, occurred_at=noon(DAY), recorded_at=late)
    make_usage(
        account=account, days=last_days(9), users=10, name="late", known_on=DAY + 2 * ONE_DAY
    )
    close_day(DAY + 3 * ONE_DAY, account)
    newest = current(account)
    close_day(DAY, account)

    assert daily(account, DAY).score == before["score"]
    assert HealthDaily.objects.values().get(day=DAY) == before
    assert vars(current(account))["computed_at"] == newest.computed_at


def test_a_fact_taken_back_stays_in_the_scores_of_the_days_that_knew_it():
    make_contacts_card()
    account = make_scored_account(touch_model="high")
    told = talk(account, DAY - ONE_DAY)
    close_day(DAY, account)
    known = daily(account, DAY).score

    told.retracted_at = noon(DAY + ONE_DAY)
    told.save()
    close_day(DAY + ONE_DAY, account)
    close_day(DAY, account)

    assert daily(account, DAY).score == known > daily(account, DAY + ONE_DAY).score


def test_the_band_falls_at_once_and_recovers_after_two_official_days():
    card = make_contacts_card()
    account = make_scored_account(touch_model="high")
    bands = []
    for n, score in enumerate([70, 59, 62, 66, 66]):
        set_score(card, score)
        close_day(DAY + n * ONE_DAY, account)
        bands.append(current(account).band)

    assert bands == ["steady", "at_risk", "at_risk", "at_risk", "steady"]
    assert list(
        HealthTransition.objects.order_by("pk").values_list("from_band", "to_band", "kind")
    ) == [
        ("not_enough_data", "steady", "official"),
        ("steady", "at_risk", "official"),
        ("at_risk", "steady", "official"),
    ]


def test_a_fall_of_the_day_is_told_the_same_day_and_not_undone_at_midnight():
    card = make_contacts_card()
    account = make_scored_account(touch_model="high")
    set_score(card, 70)
    close_day(DAY - ONE_DAY, account)

    set_score(card, 59.96)
    recompute_health(at=NOON, account_ids=[account.pk])
    fallen = current(account)
    set_score(card, 61)
    close_day(DAY, account)

    assert (fallen.band, fallen.kind, fallen.score) == ("at_risk", "provisional", 59.96)
    assert (current(account).band, daily(account, DAY).low) == ("at_risk", 1)


def test_a_day_without_data_does_not_forget_the_band():
    card = make_contacts_card()
    account = make_scored_account(touch_model="high", customer_since_on=None)
    told = talk(account, DAY - ONE_DAY)
    set_score(card, 55)
    close_day(DAY, account)
    told.retracted_at = noon(DAY + ONE_DAY)
    told.save()
    close_day(DAY + ONE_DAY, account)
    grey = current(account).band
    set_score(card, 62)
    talk(account, DAY + 2 * ONE_DAY)
    close_day(DAY + 2 * ONE_DAY, account)

    assert (grey, current(account).band) == ("not_enough_data", "at_risk")


@pytest.mark.parametrize(
    ("score", "band"), [(59.96, "at_risk"), (60.0, "steady"), (80.0, "steady"), (80.1, "expansion")]
)
def test_bands_are_cut_on_the_unrounded_score(score, band):
    card = make_contacts_card()
    account = make_scored_account(touch_model="high")
    set_score(card, score)

    close_day(DAY, account)

    assert current(account).band == band


def test_silence_is_not_health():
    install_scorecards()
    silent, empty = make_scored_account(), make_scored_account(tracked=False, touch_model="tech")
    make_live_source(account=silent, days=20)

    close_day(DAY, silent, empty)

    assert daily(silent, DAY).score is None or daily(silent, DAY).score < 40
    assert (current(empty).score, current(empty).band) == (None, "not_enough_data")


def test_a_live_account_without_an_event_for_28_days_is_critical():
    install_scorecards()
    account = make_busy_account(live_on=DAY - 200 * ONE_DAY)
    close_day(DAY, account)
    assert current(account).band == "steady"

    quiet = DAY + 30 * ONE_DAY
    make_live_source(account=account, until=quiet)
    talk(account, quiet)
    close_day(quiet, account)

    assert current(account).score <= 39
    assert current(account).band == "critical"


def test_a_dead_source_is_no_data_and_not_zero_usage():
    install_scorecards()
    account = make_busy_account()
    close_day(DAY, account)

    close_day(DAY + 3 * ONE_DAY, account)

    assert current(account).band == "not_enough_data"
    assert daily(account, DAY + 3 * ONE_DAY).coverage < daily(account, DAY).coverage


def test_accounts_without_usage_data_have_their_own_scorecard():
    install_scorecards()
    account = make_scored_account(tracked=False)

    close_day(DAY, account)

    assert current(account).version.scorecard.key == "records_only"


def test_who_left_or_is_not_yet_a_customer_is_not_scored():
    install_scorecards()
    make_scored_account(status="churned", churned_on=DAY - ONE_DAY)
    make_scored_account(status="prospect")
    make_scored_account(customer_since_on=DAY + ONE_DAY)
    make_account(kind="partner")

    assert close_day_of_all(DAY).accounts == 0


def close_day_of_all(day):
    return recompute_health(at=noon(day))


def test_an_account_that_churned_later_is_scored_on_its_past_days():
    install_scorecards()
    account = make_scored_account(status="churned", churned_on=DAY + 9 * ONE_DAY)

    assert close_day(DAY, account).accounts == 1


def test_change_is_told_against_30_days_ago():
    card = make_contacts_card()
    account = make_scored_account(touch_model="high")
    set_score(card, 80)
    close_day(DAY - 30 * ONE_DAY, account)
    set_score(card, 70.5)
    close_day(DAY, account)

    assert current(account).change_30d == pytest.approx(-9.5)


@pytest.mark.parametrize(
    ("tenure", "share"), [(0, 0), (45, 0.5), (90, 1), (900, 1)], ids=["new", "half", "90", "old"]
)
def test_confidence_is_coverage_by_how_much_of_90_days_a_customer_is_there(tenure, share):
    card = make_contacts_card()
    voice = {"key": "voice", "label_en": "Voice", "label_ja": "声", "weight": 0.25}
    voice["measures"] = [{"metric": "nps", "weight": 1, "curve": [[-50, 0], [50, 100]]}]
    card.definition["dimensions"].append(voice)
    card.save()
    account = make_scored_account(customer_since_on=DAY - tenure * ONE_DAY)
    talk(account, DAY)

    close_day(DAY, account)

    assert current(account).coverage == pytest.approx(0.8)
    assert current(account).confidence == pytest.approx(100 * 0.8 * share)
    explained = explain_day(account_id=account.pk, day=DAY)
    assert explained.confidence == pytest.approx(100 * 0.8 * share)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_row_and_one_change():
    install_scorecards()
    account = make_busy_account()
    book = open_book(frame=official_frame(DAY))
    barrier, errors = threading.Barrier(2), []

    def work():
        try:
            barrier.wait()
            recompute_accounts(book=book, account_ids=[account.pk])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert not errors
    assert HealthDaily.objects.filter(account=account).count() == 1
    assert HealthTransition.objects.filter(account=account).count() == 1
