import pytest
from django.test import Client

from accounts.models import Job
from scoring.models import Validation
from scoring.services.scorecards import draft_version
from scoring.services.validations import run_due_validation
from tests.factories import make_user
from tests.scoring.factories import NOON
from tests.scoring.losses import care_card, make_past
from tests.scoring.selectors.test_what_if import STRICT, definition_of, make_book

pytestmark = pytest.mark.django_db


def signed_in(role, **fields):
    client = Client()
    client.force_login(make_user(role=role, **fields))
    return client


def follow(client, address, **data):
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    Job.objects.update(due_at=NOON)
    run_due_validation(at=NOON)
    return client.get(answer["Location"]).content.decode()


def test_a_manager_tries_a_draft_and_reads_what_would_move():
    version, _accounts = make_book()
    draft = draft_version(scorecard=version.scorecard, definition=definition_of(STRICT))
    client = signed_in("manager")

    page = follow(client, f"/scorecards/{version.scorecard.key}/what-if/", version=draft.pk)

    assert "From band to band" in page
    assert "3 you can't see" in page


def test_an_administrator_sees_who_moves_and_why():
    version, accounts = make_book()
    draft = draft_version(scorecard=version.scorecard, definition=definition_of(STRICT))
    client = signed_in("administrator")

    page = follow(client, f"/scorecards/{version.scorecard.key}/what-if/", version=draft.pk)

    assert accounts[2].name in page
    assert "−78" in page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_back_test_page_tells_its_verdict(language):
    version = care_card()
    make_past()
    client = signed_in("administrator", language=language)

    page = follow(
        client,
        f"/scorecards/{version.scorecard.key}/backtest/",
        version=version.pk,
        months=3,
        horizon_days=30,
    )

    assert "AUC" in page
    assert "0.5" in page
    assert Validation.objects.get().job.state == "done"


def test_the_linkage_page_says_associated_with():
    care_card()
    make_past()
    client = signed_in("administrator")

    page = follow(client, "/scorecards/linkage/", months=6, horizon_days=30)

    assert "Associated with" in page


def test_a_member_reads_and_does_not_start():
    version = care_card()
    client = signed_in("member")
    address = f"/scorecards/{version.scorecard.key}/backtest/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"version": version.pk}).status_code == 403


def test_months_out_of_range_stay_in_the_form_with_a_reason():
    version = care_card()
    client = signed_in("manager")

    page = client.post(
        f"/scorecards/{version.scorecard.key}/backtest/",
        {"version": version.pk, "months": 99, "horizon_days": 180},
    )

    assert page.status_code == 200
    assert 'value="99"' in page.content.decode()


def test_who_sees_no_health_finds_no_pages():
    version = care_card()
    client = signed_in("privacy_officer")

    for address in (
        "/validations/",
        "/scorecards/linkage/",
        f"/scorecards/{version.scorecard.key}/what-if/",
    ):
        assert client.get(address).status_code == 404


def test_a_running_one_can_be_stopped():
    version = care_card()
    client = signed_in("manager")
    started = client.post(f"/scorecards/{version.scorecard.key}/what-if/", {"version": version.pk})

    page = client.get(started["Location"]).content.decode()
    client.post(f"{started['Location']}cancel/")

    assert "Waiting for a worker" in page
    assert Job.objects.get().state == "cancelled"
