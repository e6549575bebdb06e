"""The last two-way touch the database keeps is the newest standing one, whoever wrote."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, AccountTouch, Touchpoint
from accounts.registry import field_of, lists
from accounts.selectors.contacts import contact_page
from accounts.selectors.talks import last_talks
from accounts.services.merges.accounts import merge_accounts
from accounts.services.merges.undo import undo_merge
from accounts.services.touchpoints import (
    Todo,
    record_touchpoint,
    restore_touchpoint,
    retract_touchpoint,
    update_touchpoint,
)
from config.lib.clock import app_now
from tests.factories import (
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 18, 3, 0, tzinfo=dt.UTC)


def day(number):
    return NOW - dt.timedelta(days=number)


def kept(account):
    row = AccountTouch.objects.filter(account=account).first()
    return row.last_two_way_at if row else None


def test_a_draft_counts_once_published_and_a_correction_moves_the_day():
    account = make_account()
    values = {"type": "call", "subject": "定例", "occurred_at": day(3)}
    (draft,) = record_touchpoint(accounts=[account], at=NOW, is_draft=True, **values)
    before = kept(account)

    update_touchpoint(touchpoint=draft, changes={"is_draft": False}, at=NOW)
    published = kept(account)
    update_touchpoint(touchpoint=draft, changes={"occurred_at": day(9)}, at=NOW)

    assert (before, published, kept(account)) == (None, day(3), day(9))


def test_what_is_taken_back_counts_no_more_until_it_is_restored():
    account = make_account()
    make_touchpoint(account=account, direction="two_way", occurred_at=day(9))
    newest = make_touchpoint(account=account, direction="two_way", occurred_at=day(1))

    retract_touchpoint(touchpoint=newest, at=NOW)
    without = kept(account)
    restore_touchpoint(touchpoint=newest, at=NOW)

    assert (without, kept(account)) == (day(9), day(1))


def test_after_a_merge_drafts_count_where_they_went_and_talks_at_both():
    team, admin = make_team(), make_user(role="administrator")
    stays, goes = make_account(team=team), make_account(team=team)
    make_touchpoint(account=stays, direction="two_way", occurred_at=day(9))
    make_touchpoint(account=goes, direction="two_way", occurred_at=day(2))
    values = {"type": "call", "subject": "定例", "occurred_at": day(1)}
    (draft,) = record_touchpoint(accounts=[goes], at=NOW, is_draft=True, **values)

    merge_accounts(source=goes, into=stays, by=admin, at=app_now())
    merged = (kept(stays), kept(goes))
    update_touchpoint(touchpoint=draft, changes={"is_draft": False}, at=app_now())

    assert merged == (day(2), day(2))
    assert (kept(stays), kept(goes)) == (day(1), day(2))


_CHANGE = st.tuples(
    st.sampled_from(["add", "move", "flip", "draft", "retract", "restore", "delete"]),
    st.integers(0, 5),
    st.integers(0, 2),
    st.integers(0, 400),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=st.lists(_CHANGE, max_size=12))
def test_any_statements_leave_the_newest_standing_talk(three_accounts, changes):
    Touchpoint.objects.all().delete()

    for change in changes:
        apply(three_accounts, *change)

    for account in three_accounts:
        talks = Touchpoint.objects.two_way().filter(account=account).order_by("-occurred_at")
        newest = talks.values_list("occurred_at", flat=True).first()
        assert kept(account) == newest


@pytest.fixture
def three_accounts():
    team = make_team()
    return [make_account(team=team) for _ in range(3)]


def apply(accounts, verb, place, which, days):
    rows = Touchpoint.objects.filter(pk__in=Touchpoint.objects.order_by("pk").values("pk")[place:])
    done = {
        "add": lambda: Touchpoint.objects.bulk_create(
            Touchpoint(
                account=accounts[(which + n) % 3], type="call", subject="x",
                direction=("two_way", "inbound")[n % 2], occurred_at=day(days + n),
            )
            for n in range(place)
        ),
        "move": lambda: rows.update(account=accounts[which], occurred_at=day(days)),
        "flip": lambda: rows.update(direction=("two_way", "inbound", "outbound")[which]),
        "draft": lambda: rows.update(is_draft=which == 0),
        "retract": lambda: rows.update(retracted_at=NOW),
        "restore": lambda: rows.update(retracted_at=None),
        "delete": rows.delete,
    }  # fmt: skip
    done[verb]()


def test_accounts_are_sorted_and_filtered_by_their_last_talk(client):
    team = make_team()
    client.force_login(make_user(team=team))
    never, long_ago, lately = (make_account(team=team) for _ in range(3))
    make_touchpoint(account=long_ago, direction="two_way", occurred_at=day(90))
    make_touchpoint(account=lately, direction="two_way", occurred_at=day(2))

    def shown(query):
        return [row[0] for row in client.get(f"/accounts/?{query}").context["rows"]]

    assert shown("sort=last_two_way_at") == [long_ago, lately, never]
    assert shown("sort=-last_two_way_at") == [lately, long_ago, never]
    assert shown("last_two_way_at_to=2026-05-01") == [long_ago]
    assert shown("last_two_way_at_from=2026-05-01") == [lately]


def test_deleting_an_account_takes_what_is_kept_along():
    account = make_account()
    make_touchpoint(account=account, direction="two_way", occurred_at=day(2))

    Account.objects.filter(pk=account.pk).delete()

    assert not AccountTouch.objects.exists()


@pytest.fixture
def pair():
    team = make_team()
    return make_account(team=team), make_account(team=team)


def test_talks_of_a_merged_account_count_for_the_one_that_stayed_until_the_undo(pair):
    gone, stayed = pair
    make_touchpoint(account=gone, occurred_at=day(3))
    make_touchpoint(account=stayed, occurred_at=day(9))

    merge = merge_accounts(source=gone, into=stayed, at=NOW)
    assert (kept(gone), kept(stayed)) == (day(3), day(3))

    late = make_touchpoint(account=gone, occurred_at=day(1))
    assert kept(stayed) == day(1)
    retract_touchpoint(touchpoint=late, at=NOW)
    assert kept(stayed) == day(3)

    undo_merge(record=merge, at=NOW)
    assert (kept(gone), kept(stayed)) == (day(3), day(9))


def test_talks_go_on_with_an_account_that_is_merged_once_more(pair):
    first, second = pair
    third = make_account(team=first.team)
    make_touchpoint(account=first, occurred_at=day(3))
    merge_accounts(source=first, into=second, at=NOW)

    merge = merge_accounts(source=Account.objects.get(pk=second.pk), into=third, at=NOW)
    assert (kept(second), kept(third)) == (None, day(3))

    undo_merge(record=merge, at=NOW)
    assert (kept(second), kept(third)) == (day(3), None)


FIELDS = (
    "last_two_way_at",
    "last_inbound_at",
    "touchpoint.open_todos",
    "contacts.talked_90d",
)


def test_lists_map_and_page_of_who_stayed_know_the_talks_of_who_went(pair):
    make_organisation()
    (gone, stayed), user = pair, make_user(role="administrator")
    was = make_contact(account=gone, email="m@c.example")
    person = make_contact(account=stayed, email="m@c.example")
    at = app_now()
    (talk,) = record_touchpoint(
        accounts=[gone],
        type="call",
        subject="Call",
        occurred_at=at - dt.timedelta(days=2),
        contacts=[was],
        users=[user],
        todos=[Todo("ours", "Send")],
        at=at,
    )
    make_touchpoint(account=gone, direction="inbound", occurred_at=at - dt.timedelta(days=1))

    def seen():
        row = Account.objects.filter(pk=stayed.pk).with_fields(*FIELDS, at=at).get()
        people = lists.get("contacts").rows(user=user, at=at)
        last = last_talks(account=stayed, user=user, until=at)
        return (
            [getattr(row, field_of(key).alias) for key in FIELDS],
            people.filter(pk=person.pk).values_list("last_talk_at", flat=True)[0],
            last.by_direction.get("two_way"),
            last.with_contact,
            len(contact_page(contact=person, user=user, at=at).talks),
        )

    before = seen()
    merge = merge_accounts(source=gone, into=stayed, at=at)
    values, *others = seen()

    assert values == [talk.occurred_at, at - dt.timedelta(days=1), 1, 1]
    assert others == [talk.occurred_at, talk.occurred_at, {person.pk: talk.occurred_at}, 1]
    undo_merge(record=merge, at=at)
    assert seen() == before
