import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessPolicy, AccountShare, MailMessage
from surveys.models import Invitation, Survey, Wave
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user
from tests.surveys.factories import make_invitation, make_response, make_survey, make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def member(client, team):
    client.force_login(make_user(team=team))
    return client


def count_queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return len(queries), response.content.decode()


def answered_survey(team, **fields):
    wave = make_wave(survey=make_survey(**fields))
    contact = make_contact(account=make_account(team=team))
    make_invitation(wave=wave, contact=contact, answered=True)
    make_response(wave=wave, contact=contact, comment="Slow", score=4)
    return wave.survey


def test_the_list_costs_the_same_for_one_and_for_seven_surveys(member, team):
    answered_survey(team)
    one, _ = count_queries(member, "/surveys/")
    for kind in ["nps", "csat", "ces", "nps", "nps", "csat"]:
        answered_survey(team, kind=kind)

    seven, page = count_queries(member, "/surveys/")

    assert one == seven
    assert page.count("1 of 1") == 7


def test_a_survey_costs_the_same_for_one_and_for_seven_answers_and_waves(member, team):
    survey = answered_survey(team)
    one, _ = count_queries(member, f"/surveys/{survey.pk}/")
    for _ in range(6):
        wave = make_wave(survey=survey)
        make_response(wave=wave, account=make_account(team=team), comment="Fine")

    seven, page = count_queries(member, f"/surveys/{survey.pk}/")

    assert one == seven
    assert page.count("Fine") == 6


def test_answers_of_other_teams_are_not_listed_but_counted(member, team):
    survey = answered_survey(team)
    wave = survey.waves.get()
    foreign = make_contact(account=make_account(), family_name="Elsewhere")
    make_invitation(wave=wave, contact=foreign, answered=True)
    make_response(wave=wave, contact=foreign, comment="Foreign words", score=10)

    page = member.get(f"/surveys/{survey.pk}/").content.decode()

    assert "Foreign words" not in page
    assert "Elsewhere" not in page
    assert "2 of 2" in page


def test_who_may_not_see_surveys_finds_none(client, team):
    AccessPolicy.objects.create(role="member", kind="survey", read_scope="none", write_scope="none")
    survey = answered_survey(team)
    client.force_login(make_user(team=team))

    assert survey.name not in client.get("/surveys/").content.decode()
    assert client.get(f"/surveys/{survey.pk}/").status_code == 404
    assert client.get("/surveys/new/").status_code == 404
    account = survey.responses.get().account
    assert "Slow" not in client.get(f"/accounts/{account.pk}/").content.decode()


def test_a_viewer_reads_and_changes_nothing(client, team):
    survey = answered_survey(team)
    account = survey.responses.get().account
    client.force_login(make_user(team=team, role="viewer"))

    assert client.get(f"/surveys/{survey.pk}/").status_code == 200
    assert client.get("/surveys/new/").status_code == 404
    assert client.post(f"/surveys/{survey.pk}/waves/new/").status_code == 403
    assert client.get(f"/surveys/invite/?account={account.pk}").status_code == 403


def test_from_a_new_survey_to_the_mail(member, team):
    contact = make_contact(account=make_account(team=team))
    closes_on = timezone.localdate() + dt.timedelta(days=14)

    member.post("/surveys/new/", {"name": "Summer", "kind": "nps"})
    survey = Survey.objects.get()
    member.post(f"/surveys/{survey.pk}/waves/new/", {"name": "June", "closes_on": closes_on})
    wave = Wave.objects.get()
    page = member.post(
        f"/surveys/invite/?account={contact.account_id}",
        {"wave": wave.pk, "contacts": [contact.pk]},
        follow=True,
    )

    assert Invitation.objects.get().contact == contact
    assert MailMessage.objects.get().to_address == contact.email
    assert "1 person is invited" in page.content.decode()


def test_why_somebody_was_not_invited_is_said(member, team):
    contact = make_contact(account=make_account(team=team))
    invitation = make_invitation(contact=contact)

    page = member.post(
        f"/surveys/invite/?account={contact.account_id}",
        {"wave": invitation.wave_id, "contacts": [contact.pk]},
        follow=True,
    )

    assert "1 person was not invited: Already invited to this wave." in page.content.decode()
    assert not MailMessage.objects.exists()


def test_people_of_other_accounts_and_closed_waves_are_refused(member, team):
    account = make_account(team=team)
    make_contact(account=account)
    foreign = make_contact(account=make_account())
    closed = make_wave(state="closed")
    make_wave()

    page = member.post(
        f"/surveys/invite/?account={account.pk}", {"wave": closed.pk, "contacts": [foreign.pk]}
    )

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert not Invitation.objects.exists()
    assert member.get(f"/surveys/invite/?account={foreign.account_id}").status_code == 404


def test_a_wave_with_wrong_days_says_so_at_the_field(member):
    survey = make_survey()

    page = member.post(
        f"/surveys/{survey.pk}/waves/new/", {"name": "June", "closes_on": "2020-01-01"}
    )

    assert "60 days from now" in page.content.decode()
    assert not Wave.objects.exists()


def test_the_account_is_searched_before_people_are_chosen(member, team):
    make_account(team=team, name="株式会社みなと灯物流")
    make_account(name="株式会社よそ")

    page = member.get("/surveys/invite/").content.decode()

    assert "みなと灯物流" in page
    assert "よそ" not in page


def test_who_is_only_shown_single_accounts_reads_no_figures_of_all_answers(client, team, api):
    survey = answered_survey(team)
    user = make_user()
    AccountShare.objects.create(account=survey.waves.get().invitations.get().account, user=user)
    client.force_login(user)

    listed = client.get("/surveys/").text
    page = client.get(f"/surveys/{survey.pk}/").text

    assert "Slow" in page
    assert "1 of 1" not in listed + page
    assert "shown to members of a team" in listed
    assert "shown to members of a team" in page
    assert api(user).get(f"/api/v1/waves/{survey.waves.get().pk}/results/").status_code == 403


def test_who_belongs_to_a_team_reads_whose_answers_are_counted(member, team):
    survey = answered_survey(team)

    assert "answers of all accounts" in member.get("/surveys/").text
    assert "answers of all accounts" in member.get(f"/surveys/{survey.pk}/").text
