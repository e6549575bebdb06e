import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Job
from accounts.services.segments import save_segment
from config.lib.due import due_work
from scoring.choices import ValidationKind
from scoring.models import Validation
from scoring.services.scorecards import InvalidScorecard, draft_version
from scoring.services.validations import (
    NothingToValidate,
    ValidationNotAllowed,
    cancel_validation,
    request_backtest,
    request_linkage,
    request_what_if,
    run_due_validation,
)
from tests.factories import make_user
from tests.scoring.factories import NOON, make_metric
from tests.scoring.losses import care_card, make_past
from tests.scoring.selectors.test_backtest_measures import SEATS, measure_seats
from tests.scoring.selectors.test_what_if import STRICT, definition_of, make_book

pytestmark = pytest.mark.django_db


def test_a_what_if_is_carried_out_and_kept():
    version, _accounts = make_book()
    draft = draft_version(scorecard=version.scorecard, definition=definition_of(STRICT))
    manager = make_user(role="manager")

    asked = request_what_if(version=draft, at=NOON, by=manager)
    taken_up = run_due_validation(at=NOON)

    job = Job.objects.get(validation=asked)
    assert (taken_up, job.state) == (1, "done")
    assert (job.result["scorecard"], job.result["version"]) == (version.scorecard.key, 2)
    assert job.result["moved"]["worse"]["accounts"] == 1


def test_a_back_test_judges_the_newest_draft_unless_told_otherwise():
    version = care_card()
    make_past(lost=1, kept=1)
    draft = draft_version(scorecard=version.scorecard, definition=definition_of(STRICT))

    newest = request_backtest(scorecard=version.scorecard, at=NOON, months=1, horizon_days=30)
    certain = request_backtest(scorecard=version.scorecard, version=version, at=NOON)

    assert (newest.version, certain.version) == (draft, version)
    assert due_work.get("validations")(NOON) == 1
    assert Job.objects.get(validation=newest).result["outcomes"]["churn"]["lost_accounts"] == 1


def test_a_linkage_reads_every_metric_by_tenths():
    care_card()
    make_past()

    asked = request_linkage(at=NOON, months=6, horizon_days=30)
    run_due_validation(at=NOON, only=asked)

    report = Job.objects.get(validation=asked).result
    recency = next(one for one in report["metrics"] if one["metric"] == "touch_recency")
    lost = [row["points"] * row["churn"]["value"] for row in recency["tenths"]]
    assert (report["lost_accounts"], report["is_measurable"]) == (12, True)
    assert sum(row["points"] for row in recency["tenths"]) == recency["readings"]
    assert (sum(lost), lost[0]) == (pytest.approx(12), 0)
    assert all(0 <= row["churn"]["low"] <= row["churn"]["high"] <= 1 for row in recency["tenths"])


@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
def test_only_who_answers_for_scorecards_asks(role):
    version = care_card()

    with pytest.raises(ValidationNotAllowed):
        request_what_if(version=version, at=NOON, by=make_user(role=role))
    assert not Validation.objects.exists()


def test_a_faulty_definition_is_refused_naming_the_place():
    version = care_card()
    faulty = definition_of([[0, 100], [0, 50]])

    with pytest.raises(InvalidScorecard) as refusal:
        request_what_if(version=version, definition=faulty, at=NOON)

    assert refusal.value.errors[0].pointer.startswith("/dimensions/0/measures/0")


@pytest.mark.parametrize(
    ("options", "field"), [({"months": 0}, "months"), ({"horizon_days": 3}, "horizon_days")]
)
def test_odd_spans_are_refused_naming_the_field(options, field):
    version = care_card()

    with pytest.raises(ValidationError) as refusal:
        request_backtest(scorecard=version.scorecard, at=NOON, **options)

    assert field in refusal.value.message_dict


def test_a_scorecard_without_a_version_has_nothing_to_judge():
    version = care_card()
    scorecard = version.scorecard
    version.delete()

    with pytest.raises(NothingToValidate):
        request_backtest(scorecard=scorecard, at=NOON)


def test_who_asked_may_stop_it():
    asked = request_linkage(at=NOON)

    cancel_validation(validation=asked, at=NOON)

    assert run_due_validation(at=NOON) == 0
    assert Job.objects.get(validation=asked).state == "cancelled"
    assert asked.kind == ValidationKind.LINKAGE


def test_a_linkage_reads_measures_of_the_organisation_where_their_past_is_known():
    leaving, staying = make_past(lost=60, kept=60)
    for accounts, value in ((leaving, 2), (staying, 9)):
        for account in accounts:
            measure_seats(account, dt.date(2026, 1, 15), value)
    make_metric("seats", spec=SEATS)
    rule = {"combinator": "and", "rules": [{"field": "status", "operator": "=", "value": "active"}]}
    save_segment(key="some", name_en="Some", name_ja="一部", rule=rule, at=NOON)
    make_metric("narrowed", spec={**SEATS, "segment": "some"})

    asked = request_linkage(at=NOON, months=1, horizon_days=30)
    run_due_validation(at=NOON, only=asked)

    report = Job.objects.get(validation=asked).result
    seats = next(one for one in report["metrics"] if one["metric"] == "seats")
    lowest, highest = seats["tenths"][0], seats["tenths"][-1]
    assert (lowest["churn"]["value"], highest["churn"]["value"]) == (1, 0)
    assert report["unknown_past"] == {"narrowed": "2026-06-19"}
    assert "narrowed" not in {one["metric"] for one in report["metrics"]}
