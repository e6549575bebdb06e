import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessPolicy, MailMessage
from surveys.models import Invitation, Survey
from tests.factories import make_account, make_contact, make_organisation
from tests.surveys.factories import make_invitation, make_response, make_survey, make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation():
    return make_organisation()


def test_from_a_survey_to_its_results(api, alice):
    client = api(alice)
    contact = make_contact(account=make_account(team=alice.teams.get()))
    last_day = (timezone.localdate() + dt.timedelta(days=7)).isoformat()

    survey = client.post("/api/v1/surveys/", {"name": "Summer", "kind": "nps"}).json()
    wave = client.post(
        "/api/v1/waves/", {"survey": survey["id"], "name": "June", "closes_on": last_day}
    ).json()
    report = client.post(f"/api/v1/waves/{wave['id']}/invite/", {"contacts": [contact.pk]})
    results = client.get(f"/api/v1/waves/{wave['id']}/results/").json()

    assert (survey["mode"], wave["state"]) == ("identified", "open")
    assert report.json() == {"invited": 1, "held": {}}
    assert results == {"invited": 1, "answered": 0, "cells": []}
    assert MailMessage.objects.get().contact == contact


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_a_mode_that_is_not_built_is_refused_in_words(api, alice, mode):
    answer = api(alice).post("/api/v1/surveys/", {"name": "A", "kind": "nps", "mode": mode})

    assert (answer.status_code, answer.json()["code"]) == (400, "mode_not_offered")
    assert answer.json()["errors"][0]["pointer"] == "/mode"
    assert not Survey.objects.exists()


def test_results_are_whole_cells_with_interval_and_label(api, alice):
    wave = make_wave()
    account = make_account(team=alice.teams.get())
    for score in (9, 10, 9, 7, 3):
        contact = make_contact(account=account)
        make_invitation(wave=wave, contact=contact, answered=True)
        make_response(wave=wave, contact=contact, score=score)

    cell = api(alice).get(f"/api/v1/waves/{wave.pk}/results/").json()["cells"][0]

    assert (cell["n"], cell["nps"], cell["label"]) == (5, 40.0, "indicative")
    assert cell["interval"] == [pytest.approx(-29.78, abs=0.01), pytest.approx(79.78, abs=0.01)]


def test_answers_and_mails_of_other_teams_do_not_exist(api, alice):
    mine = make_response(account=make_account(team=alice.teams.get()))
    foreign = make_response()

    client = api(alice)
    rows = client.get("/api/v1/responses/").json()["results"]

    assert [row["id"] for row in rows] == [mine.pk]
    assert client.get(f"/api/v1/responses/{foreign.pk}/").status_code == 404


def test_a_message_shows_no_link(api, alice):
    contact = make_contact(account=make_account(team=alice.teams.get()))
    wave = make_wave()
    client = api(alice)
    client.post(f"/api/v1/waves/{wave.pk}/invite/", {"contacts": [contact.pk]})

    message = client.get("/api/v1/messages/").json()["results"][0]

    assert "/s/••••••••/" in message["body_text"]
    assert "headers" not in message


def test_people_one_sees_but_may_not_write_to_are_refused(api, alice):
    AccessPolicy.objects.create(
        role="member", kind="contact", read_scope="all", write_scope="own_team"
    )
    foreign = make_contact(account=make_account())
    wave = make_wave()

    answer = api(alice).post(f"/api/v1/waves/{wave.pk}/invite/", {"contacts": [foreign.pk]})

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["pointer"] == "/contacts/0"
    assert not Invitation.objects.exists()


def test_a_viewer_makes_nothing(api, alice):
    alice.role = "viewer"
    alice.save()
    wave = make_wave()
    client = api(alice)

    assert client.post("/api/v1/surveys/", {"name": "A", "kind": "nps"}).status_code == 403
    assert client.post(f"/api/v1/waves/{wave.pk}/invite/", {}).status_code == 403
    assert client.get("/api/v1/waves/").status_code == 200


def test_nothing_of_an_answer_can_be_changed(api, alice):
    response = make_response(account=make_account(team=alice.teams.get()))
    address = f"/api/v1/responses/{response.pk}/"

    assert api(alice).patch(address, {"score": 10}).status_code == 405
    assert api(alice).delete(address).status_code == 405


@pytest.mark.parametrize("path", ["surveys", "waves", "responses"])
def test_a_list_costs_the_same_for_one_and_for_seven(api, alice, path):
    team = alice.teams.get()
    client = api(alice)
    counts = []
    for number in (1, 6):
        for _ in range(number):
            wave = make_wave(survey=make_survey())
            make_response(wave=wave, account=make_account(team=team))
        client.get(f"/api/v1/{path}/")
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(f"/api/v1/{path}/").json()["results"]
        counts.append(len(queries))

    assert len(rows) == 7
    assert counts[0] == counts[1]
