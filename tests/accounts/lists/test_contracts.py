import datetime as dt

import pytest

from accounts.domain.renewals import after_notice
from config.lib.formats import day
from tests.factories import (
    make_account,
    make_contract,
    make_organisation,
    make_team,
    make_user,
    our_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.mark.parametrize(
    "words", ["アナリティクス", "ｱﾅﾘﾃｨｸｽ", "あなりてぃくす", "PRO アナ", "ｐｒｏ"]
)
def test_a_contract_is_found_by_its_product_whatever_kana_width_or_case(client, team, words):
    account = make_account(team=team)
    found = make_contract(account=account, product="アナリティクス Pro")
    make_contract(account=account, product="Monorhythm")
    client.force_login(make_user(team=team))

    rows = client.get("/contracts/", {"q": words}).context["rows"]

    assert [row.record for row in rows] == [found]


def test_a_contract_is_found_by_its_account(client, team):
    found = make_contract(account=make_account(team=team, search_text="青嶺せいき"))
    make_contract(account=make_account(team=team))
    client.force_login(make_user(team=team))

    rows = client.get("/contracts/", {"q": "セイキ"}).context["rows"]

    assert [row.record for row in rows] == [found]


@pytest.mark.parametrize("words", ["アナリティクス", "セイキ", "ｾｲｷ あな"])
def test_the_interface_finds_a_contract_by_product_and_account(api, team, words):
    account = make_account(team=team, search_text="青嶺せいき")
    found = make_contract(account=account, product="アナリティクス")
    make_contract(account=make_account(team=team))

    shown = api(make_user(team=team)).get("/api/v1/contracts/", {"search": words}).json()

    assert [row["id"] for row in shown["results"]] == [found.pk]


def test_an_open_ended_contract_with_notice_shows_its_last_day_and_ends_on_it(client, team):
    account, today = make_account(team=team), our_day()
    frame = {"kind": "open_ended", "ends_on": None}
    gone, leaving = (
        make_contract(account=account, notice_received_on=today - days, notice_months=1, **frame)
        for days in (dt.timedelta(days=40), dt.timedelta(days=1))
    )
    make_contract(account=account, **frame)
    client.force_login(make_user(team=team))

    rows = client.get("/contracts/", {"state": "ended"}).context["rows"]
    page = client.get(f"/contracts/{leaving.pk}/").content.decode()

    assert [row.record for row in rows] == [gone]
    last = after_notice(today - dt.timedelta(days=1), 1)
    assert f"it ends on {day(last)}." in page
    asked = client.get("/contracts/", {"ends_on_from": today.isoformat()}).context["rows"]
    assert [row.record for row in asked] == [leaving]


def test_the_form_says_when_notice_ends_an_open_ended_contract(client, team):
    client.force_login(make_user(team=team))
    typed = {"ends_on": "", "notice_months": "3", "notice_received_on": "2026-08-31"}

    page = client.get("/contracts/preview/", typed).content.decode()

    assert f"it ends on {day(dt.date(2026, 11, 30))}." in page
