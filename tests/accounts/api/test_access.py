import datetime as dt

import pytest
from rest_framework.test import APIClient

from accounts.api.base import CallerThrottle
from accounts.models import Account, ApiToken
from accounts.services.tokens import create_api_token, revoke_api_token
from config.lib.clock import app_now
from tests.factories import make_account, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/accounts/"


def make_token(user, *scopes, **changes):
    new = create_api_token(user=user, name="Test", scopes=scopes or ["read"], at=app_now())
    ApiToken.objects.filter(pk=new.row.pk).update(**changes)
    return new


def call(text, **headers):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}", **headers)
    return client


def test_a_token_opens_what_its_owner_sees(alice):
    make_account(team=alice.teams.get())
    make_account()

    answer = call(make_token(alice).text).get(ADDRESS)

    assert len(answer.json()["results"]) == 1


def test_a_reading_token_does_not_write_and_a_writing_one_reads(alice):
    body = {"name": "A", "team": alice.teams.get().pk}

    assert call(make_token(alice, "read").text).post(ADDRESS, body).status_code == 403
    assert call(make_token(alice, "write").text).post(ADDRESS, body).status_code == 201
    assert call(make_token(alice, "write").text).get(ADDRESS).status_code == 200


def test_a_token_never_does_more_than_its_owner(alice):
    alice.role = "viewer"
    alice.save()
    body = {"name": "A", "team": alice.teams.get().pk}

    assert call(make_token(alice, "admin").text).post(ADDRESS, body).status_code == 403
    assert call(make_token(alice, "admin").text).post("/api/v1/teams/", {}).status_code == 403


def test_only_the_scope_admin_writes_people_and_teams():
    boss = make_user(role="administrator")

    body = {"name": "East"}
    assert call(make_token(boss, "write").text).post("/api/v1/teams/", body).status_code == 403
    assert call(make_token(boss, "admin").text).post("/api/v1/teams/", body).status_code == 201


def test_expired_revoked_invented_and_ownerless_tokens_look_alike(alice):
    hour = dt.timedelta(hours=1)
    expired = make_token(alice, expires_at=app_now() - hour)
    revoked = make_token(alice)
    revoke_api_token(token=revoked.row, at=app_now())
    left = make_token(make_user(is_active=False))
    damaged = make_token(alice).text + "x"

    answers = [
        call(text).get(ADDRESS)
        for text in (expired.text, revoked.text, left.text, damaged, "yori_0.x", "é", "")
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["code"] for answer in answers}) == 1
    assert answers[0]["WWW-Authenticate"] == "Bearer"


def test_nobody_at_all_is_asked_to_log_in():
    answer = APIClient().get(ADDRESS)

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_the_time_of_last_use_is_noted_at_most_once_a_minute(alice, django_assert_num_queries):
    token = make_token(alice)
    call(token.text).get(ADDRESS)
    noted = ApiToken.objects.get(pk=token.row.pk).last_used_at

    call(token.text).get(ADDRESS)

    assert noted is not None
    assert ApiToken.objects.get(pk=token.row.pk).last_used_at == noted


def test_the_database_holds_no_token_that_could_be_used(alice):
    token = make_token(alice)
    secret = token.text.partition(".")[2]

    assert secret.encode() not in bytes(token.row.digest)
    assert token.text.startswith(f"{token.row.prefix}.")


def test_a_session_needs_the_csrf_token_to_write(alice):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice)

    answer = client.post(ADDRESS, {"name": "A", "team": alice.teams.get().pk})

    assert answer.status_code == 403
    assert not Account.objects.exists()


def test_a_caller_gone_wild_is_held_back(alice, monkeypatch):
    monkeypatch.setattr(CallerThrottle, "THROTTLE_RATES", {"user": "2/min"})
    client = call(make_token(alice).text)

    answers = [client.get(ADDRESS) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0
