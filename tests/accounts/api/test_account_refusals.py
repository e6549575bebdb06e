"""What is asked or sent wrongly of accounts is refused, and told by its place."""

import pytest

from accounts.models import Account
from tests.factories import make_account, make_organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["tier=z", "ordering=name", "page_size=0", "cursor=x"])
def test_a_bad_question_says_which_part_is_wrong(api, alice, query):
    answer = api(alice).get(f"/api/v1/accounts/?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"short_name": "a\\u0000b"}', "/short_name"),
        ('{"status": "\\ud800"}', "/status"),
        ('{"attributes": {"industry": ["\\ud800"]}}', "/attributes/industry/0"),
        ('{"attributes": {"\\u0000": 1}}', "/attributes"),
    ],
)
def test_a_text_that_can_not_be_stored_is_refused_by_its_place(api, alice, body, pointer):
    account = make_account(team=alice.teams.get())

    answer = api(alice).generic(
        "PATCH", f"/api/v1/accounts/{account.pk}/", body, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unstorable_text")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_body_nested_beyond_reading_is_refused(api, alice):
    body = "[" * 100_000

    answer = api(alice).generic("POST", "/api/v1/accounts/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_search_for_nul_is_a_search(api, alice):
    make_account(team=alice.teams.get())

    assert api(alice).get("/api/v1/accounts/", {"search": "x\0"}).json()["results"] == []


@pytest.mark.parametrize("name", ["parent", "sold_via"])
def test_a_filter_does_not_tell_a_foreign_account_from_none(api, alice, name):
    foreign = make_account()
    client = api(alice)

    answers = [client.get("/api/v1/accounts/", {name: pk}) for pk in (foreign.pk, foreign.pk + 9)]

    assert [answer.status_code for answer in answers] == [400, 400]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"team": 1e400}', "/team"),
        ('{"attributes": {"sites": -1e400}}', "/attributes/sites"),
        (f'{{"domains": [{"9" * 400}]}}', "/domains/0"),
    ],
)
def test_a_number_beyond_all_numbers_is_refused_by_its_place(api, alice, body, pointer):
    account = make_account(team=alice.teams.get())

    answer = api(alice).generic(
        "PATCH", f"/api/v1/accounts/{account.pk}/", body, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unstorable_number")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("rules", ["1" * 5000, "[" * 9000, "1e400", "{}", "\0"])
def test_a_rule_over_a_group_that_is_none_is_refused_at_its_parameter(api, alice, rules):
    parent = make_account(team=alice.teams.get())

    answer = api(alice).get(
        f"/api/v1/accounts/{parent.pk}/rollup/", {"measure": "sum:arr", "filter": rules}
    )

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/filter"]


@pytest.mark.parametrize("country", ["JA", "Japan", ""])
def test_what_is_no_country_is_refused_at_its_place(api, alice, country):
    make_organisation()
    body = {"name": "株式会社青嶺精機", "team": alice.teams.get().pk, "country": country}

    answer = api(alice).post("/api/v1/accounts/", body)

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/country"]
    assert not Account.objects.exists()
