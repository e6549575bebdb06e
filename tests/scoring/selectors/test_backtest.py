import datetime as dt
import random

import pytest

from accounts.models import (
    Account,
    AccountPhaseFact,
    Contract,
    ContractTerm,
)
from scoring.domain.validation import auc
from scoring.models import ScoreFeedback
from scoring.selectors.backtest import equal_weights
from scoring.selectors.outcomes import losses_between, worth_on
from scoring.selectors.past_book import month_ends
from scoring.selectors.scorecards import read_definition
from tests.factories import make_contract, make_organisation, make_user
from tests.routes import rows_written
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    make_override,
    make_scored_account,
    noon,
)
from tests.scoring.losses import (
    APRIL,
    LOST_ON,
    MARCH,
    care_card,
    judge,
    lose,
    make_past,
    talk,
)

pytestmark = pytest.mark.django_db


def test_silence_before_a_loss_is_told_and_the_figures_add_up():
    version = care_card()
    make_past()

    found, told = judge(version)

    # Silent for 150 days of a cadence of 30: 100 − 10 · 5 = 50 in April, 60 and 70 before.
    churn = found["outcomes"]["churn"]
    assert found["dates"] == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert (found["accounts"], found["points"], found["without_score"]) == (24, 72, 0)
    assert (churn["lost_accounts"], churn["events"]) == (12, 12)
    assert churn["yardsticks"][0]["auc"] == 1
    assert churn["yardsticks"][0]["lift"] == pytest.approx(72 / 12)
    bands = {band["band"]: (band["events"], band["points"]) for band in churn["bands"]}
    assert bands["at_risk"] == (12, 12)
    alarms = found["alarms"]
    assert (alarms["raised"], alarms["false"], alarms["share"]) == (12, 0, 0)
    assert (alarms["share_low"], alarms["share_high"]) == pytest.approx((0, 0.2425), abs=1e-3)
    assert (found["lead_time"]["announced"], found["lead_time"]["days"]) == (12, 10)
    assert told[-1] == (24, 24)


def test_it_says_with_which_interval_it_beats_the_renewal_date():
    version = care_card()
    make_past()

    found, _ = judge(version)

    renewal = found["outcomes"]["churn"]["yardsticks"][3]
    assert (renewal["key"], renewal["auc"]) == ("renewal_date", 0.5)
    assert renewal["gain"] == 0.5
    assert 0 < renewal["gain_low"] <= 0.5 <= renewal["gain_high"]


def test_contracts_that_end_soon_are_what_the_renewal_date_knows():
    version = care_card()
    leaving, staying = make_past()
    for account in leaving:
        make_contract(account=account, ends_on=LOST_ON, starts_on=dt.date(2025, 5, 11))
    for account in staying:
        make_contract(account=account, ends_on=dt.date(2027, 3, 31), starts_on=MARCH)
    ContractTerm.objects.update(recorded_at=noon(dt.date(2025, 5, 11)))

    found, _ = judge(version)

    assert found["outcomes"]["churn"]["yardsticks"][3]["auc"] == 1


def test_what_became_known_later_changes_nothing():
    version = care_card()
    leaving, _ = make_past()
    before, _told = judge(version)
    for account in leaving:
        talk(account, APRIL - ONE_DAY, known=noon(DAY - ONE_DAY))

    after, _told = judge(version)

    without_time = [{**report, "seconds": 0, "declared": None} for report in (before, after)]
    assert without_time[0] == without_time[1]


def test_overrides_change_nothing_of_what_is_judged():
    version = care_card()
    leaving, staying = make_past()
    before, _told = judge(version)
    days = {"starts_at": noon(MARCH - 60 * ONE_DAY), "expires_at": noon(DAY)}
    for account in leaving:
        make_override(
            account=account, kind="value", value=99, band="", recorded_at=days["starts_at"], **days
        )
    for account in staying:
        make_override(account=account, band="critical", recorded_at=days["starts_at"], **days)

    after, _told = judge(version)

    assert {**before, "seconds": 0} == {**after, "seconds": 0}


def test_a_lost_customer_that_was_archived_still_counts():
    version = care_card()
    leaving, _ = make_past()
    Account.objects.filter(pk=leaving[0].pk).update(archived_at=noon(DAY - ONE_DAY))

    found, _ = judge(version)

    assert found["outcomes"]["churn"]["lost_accounts"] == 12


def test_below_ten_losses_it_only_counts():
    version = care_card()
    make_past(lost=9)

    found, _ = judge(version)

    churn = found["outcomes"]["churn"]
    assert (churn["lost_accounts"], churn["is_measurable"]) == (9, False)
    assert churn["yardsticks"][0]["auc_low"] is None
    assert found["weights"] is None


def test_an_account_that_pays_less_counts_as_a_loss_but_not_as_churn():
    version = care_card()
    _, staying = make_past()
    contract = make_contract(account=staying[0], starts_on=dt.date(2025, 1, 1), arr=0)
    contract.terms.all().delete()
    for start, end, arr in ((dt.date(2025, 1, 1), LOST_ON, 100), (LOST_ON, None, 60)):
        ContractTerm.objects.create(
            contract=contract, starts_on=start, ends_on=end, arr=arr, recorded_at=noon(start)
        )

    found, _ = judge(version)

    assert found["outcomes"]["churn"]["lost_accounts"] == 12
    assert found["outcomes"]["loss"]["lost_accounts"] == 13
    assert (
        losses_between(LOST_ON, LOST_ON, at=NOON, account_ids=[staying[0].pk])[staying[0].pk][
            0
        ].arr_lost
        == 40
    )
    assert worth_on(DAY, account_ids=[staying[0].pk]) == {staying[0].pk: 60}


def test_losing_one_of_two_contracts_is_a_downgrade_and_a_follow_on_is_none():
    make_organisation()
    account = make_scored_account()
    dates = ((2024, 2025), (2025, 2026))
    for start, end in dates:
        make_contract(
            account=account, product="A", arr=100,
            starts_on=dt.date(start, 4, 1), ends_on=dt.date(end, 3, 31),
        )  # fmt: skip
    make_contract(
        account=account, product="B", arr=500, starts_on=dt.date(2024, 4, 1),
        ends_on=dt.date(2027, 3, 31),
    )  # fmt: skip

    ContractTerm.objects.update(recorded_at=noon(dt.date(2024, 4, 1)))

    losses = losses_between(dt.date(2024, 1, 1), DAY, at=NOON, account_ids=[account.pk])[account.pk]

    assert [(loss.kind, loss.on, loss.arr_lost) for loss in losses] == [
        ("downgrade", dt.date(2026, 4, 1), 100)
    ]


def test_who_was_judged_by_another_scorecard_then_is_left_out():
    version = care_card(condition={"phase": "adoption"}, is_default=False)
    leaving, staying = make_past()
    Account.objects.update(phase="leaving")
    for account in [*leaving, *staying]:
        AccountPhaseFact.objects.create(
            account=account,
            phase="adoption" if account in leaving else "onboarding",
            starts_on=dt.date(2022, 4, 1),
            ends_on=LOST_ON,
            recorded_at=noon(dt.date(2022, 4, 1)),
        )

    found, _ = judge(version)

    assert found["accounts"] == 12


def test_equal_weights_weigh_every_measure_alike():
    version = care_card()
    data = version.definition["dimensions"]
    data.append({**data[0], "key": "roles", "weight": 7, "measures": [
        {"metric": "required_roles", "weight": 3, "curve": [[0, 0], [1, 100]]},
        {"metric": "contacts_touched", "weight": 1, "curve": [[0, 0], [1, 100]]},
    ]})  # fmt: skip

    equal = equal_weights(read_definition(version))

    assert [weight for *_, weight in equal.measures] == pytest.approx([1 / 3] * 3)


def test_month_ends_lie_far_enough_back_and_within_what_is_kept():
    make_organisation(replay_days=100)

    span = month_ends(today=DAY, months=12, horizon=30, metrics=[])

    assert span.judged[-1] == APRIL
    assert span.watched == [dt.date(2026, 5, 31)]
    assert span.judged[0] == dt.date(2025, 8, 31)
    assert len(span.judged) + len(span.left_out) == 12


def test_a_new_organisation_has_nothing_to_judge_yet():
    version = care_card()

    found, _ = judge(version)

    assert found["points"] == 0
    assert found["outcomes"]["churn"]["yardsticks"][0]["auc"] is None


def test_nothing_is_written():
    version = care_card()
    make_past(lost=2, kept=2)
    before = rows_written()

    judge(version)

    assert rows_written() == before


def test_the_auc_is_that_of_the_points_themselves():
    version = care_card()
    rng = random.Random(5)
    ages, lost = [], []
    for _ in range(30):
        account = make_scored_account()
        days = rng.randint(1, 400)
        talk(account, APRIL - days * ONE_DAY)
        ages.append(float(days))
        lost.append(rng.random() < days / 500)
        if lost[-1]:
            lose(account)

    found, _ = judge(version, months=1)

    expected = auc(
        [min(age, 300) for age, gone in zip(ages, lost, strict=True) if gone],
        [min(age, 300) for age, gone in zip(ages, lost, strict=True) if not gone],
    )
    assert found["outcomes"]["churn"]["yardsticks"][0]["auc"] == pytest.approx(expected)
    assert Contract.objects.count() == 0


def test_what_people_said_of_the_scores_stands_beside():
    version = care_card()
    leaving, _ = make_past(lost=2, kept=2)
    common = {"version": version, "score": 50.0, "band": "at_risk", "author": make_user()}
    for day, direction in ((APRIL, "too_low"), (DAY, "too_high")):
        ScoreFeedback.objects.create(
            account=leaving[0], day=day, direction=direction, reason="They are fine.", **common
        )

    found, _ = judge(version)

    assert found["people"] == {
        "alerts": 0, "alerts_false": 0, "too_high": 1, "too_low": 1, "false_alarms": 1, "missed": 0,
    }  # fmt: skip
