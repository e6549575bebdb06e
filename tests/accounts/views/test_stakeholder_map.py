import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services.stakeholders import assign_role, relate, set_standing
from config.lib.clock import app_now
from tests.accounts.people import change_contact_state
from tests.factories import make_account, make_account_role, make_contact, make_touchpoint

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2024, 4, 1)


@pytest.fixture
def account(alice):
    return make_account(team=alice.teams.get(), touch_model="high", phase="adoption")


@pytest.fixture
def show(client, alice, account):
    client.force_login(alice)

    def get(**query):
        return client.get(reverse("accounts:map", args=[account.pk]), query)

    return get


def test_the_table_says_everything_the_drawing_does(show, account):
    at = app_now()
    boss = make_contact(account=account, family_name="大庭", message="投資対効果")
    junior = make_contact(account=account, family_name="水上")
    assign_role(contact=boss, role="decision_maker", on=LONG_AGO, at=at)
    set_standing(contact=boss, stance="opponent", influence="high", on=LONG_AGO, at=at)
    relate(from_contact=junior, to_contact=boss, kind="reports_to", on=LONG_AGO, at=at)
    relate(from_contact=boss, to_contact=junior, kind="conflicts", on=LONG_AGO, at=at)
    make_touchpoint(account=account, occurred_at=at).contacts.add(junior)

    page = show().content.decode()

    for text in (
        "Decision maker",
        "unconfirmed",
        "− Opponent",
        "influence high",
        "reports to 大庭 隆",
        "in conflict with 水上 隆",
        "投資対効果",
        "in contact",
        "In the last 90 days we talked to 水上 隆 only.",
        "Day-to-day contact: nobody.",
    ):
        assert text in page
    assert f'data-map-person="{boss.pk}"' in page
    assert 'data-look="key "' in page
    assert 'data-look="live"' in page


def test_a_departed_champion_leaves_an_empty_place_under_their_boss(show, account):
    at = app_now()
    boss = make_contact(account=account)
    champion = make_contact(account=account, family_name="片岡", family_name_latin="")
    assign_role(contact=champion, role="champion", on=LONG_AGO, at=at)
    relate(from_contact=champion, to_contact=boss, kind="reports_to", on=LONG_AGO, at=at)
    change_contact_state(contact=champion, state="transferred", on=at.date(), at=at)

    page = show().content.decode()

    assert 'data-map-empty="champion"' in page
    assert f'data-boss="{boss.pk}"' in page
    assert "formerly 片岡" in page
    assert "was Champion" in page
    assert "successor unknown" in page


def test_the_map_of_a_past_day_and_of_one_ahead(show, account):
    at = app_now()
    contact = make_contact(account=account, in_post_since_on=LONG_AGO)
    ahead = at.date() + dt.timedelta(days=30)
    assign_role(contact=contact, role="champion", on=LONG_AGO, at=at)
    change_contact_state(contact=contact, state="left", on=ahead, at=at)

    assert "was Champion" not in show().content.decode()
    assert "was Champion" in show(at=ahead.isoformat()).content.decode()
    assert f'data-map-person="{contact.pk}"' in show(at="2024-05-01").content.decode()
    assert f'data-map-person="{contact.pk}"' not in show(at="2024-03-01").content.decode()


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_refused(show, day):
    assert show(at=day).status_code == 400


def test_sponsors_of_both_sides_stand_together(show, account, alice):
    make_account_role(account=account, user=alice, role="executive_sponsor")

    page = show().content.decode()

    assert "Executive sponsors" in page
    assert "nobody" in page


def test_the_slider_swaps_only_the_map(client, alice, account):
    client.force_login(alice)
    address = reverse("accounts:map", args=[account.pk])

    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "map-page"})

    assert "<html" not in part.content.decode()


def test_seven_people_cost_as_many_queries_as_one(show, account):
    def add():
        at = app_now()
        one, other = make_contact(account=account), make_contact(account=account)
        assign_role(contact=one, role="champion", at=at)
        set_standing(contact=one, stance="supporter", at=at)
        relate(from_contact=one, to_contact=other, kind="influences", at=at)
        make_touchpoint(account=account, occurred_at=at).contacts.add(one)

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert show().status_code == 200
        return len(captured)

    add()
    one = count()
    for _ in range(6):
        add()
    assert count() == one <= 24


def test_the_power_map_sets_influence_against_stance(show, account):
    at = app_now()
    boss = make_contact(account=account, family_name="大庭")
    assign_role(contact=boss, role="decision_maker", on=LONG_AGO, at=at)
    set_standing(contact=boss, stance="opponent", influence="high", on=LONG_AGO, at=at)
    gone = make_contact(account=account, family_name="去川")
    set_standing(contact=gone, stance="supporter", influence="high", on=LONG_AGO, at=at)
    change_contact_state(contact=gone, state="left", at=at)
    half = make_contact(account=account, family_name="半田")
    set_standing(contact=half, stance="supporter", influence="", on=LONG_AGO, at=at)
    unknown = make_contact(account=account, family_name="未知")

    page = show()

    found = page.context["map"]
    placed = {
        (row.influence, stance): [person.contact for person in people]
        for row in found.power
        for stance, people in row.cells
        if people
    }
    assert placed == {("high", "opponent"): [boss]}
    assert {person.contact for person in found.unplaced} == {half, unknown}
    assert "Power map" in page.content.decode()


def test_the_power_map_of_a_day_past_is_as_it_was_then(show, account):
    at, changed = app_now(), dt.date(2025, 4, 1)
    boss = make_contact(account=account, family_name="大庭")
    set_standing(contact=boss, stance="opponent", influence="high", on=LONG_AGO, at=at)
    set_standing(contact=boss, stance="supporter", influence="high", on=changed, at=at)

    def stance_on(day):
        rows = show(at=day.isoformat()).context["map"].power
        return [stance for row in rows for stance, people in row.cells if people]

    assert stance_on(changed - dt.timedelta(days=1)) == ["opponent"]
    assert stance_on(changed) == ["supporter"]
