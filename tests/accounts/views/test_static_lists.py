import pytest

from accounts.models import AccessPolicy, ListMember, StaticList
from accounts.services.segments import save_segment
from config.lib.clock import app_now
from tests.factories import make_account, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(client, alice):
    make_organisation()
    client.force_login(alice)
    return client


def test_a_list_is_begun_renamed_put_away_and_taken_up_again(mine):
    mine.post("/lists/new/", {"name": "June", "sharing": "private"})
    row = StaticList.objects.get()
    mine.post(f"/lists/{row.pk}/edit/", {"name": "July", "note": "Event", "sharing": "all"})
    assert "July" in mine.get("/lists/").content.decode()

    mine.post(f"/lists/{row.pk}/archive/")
    assert not list(mine.get("/lists/").context["lists"])
    mine.post(f"/lists/{row.pk}/restore/")

    assert [(one.name, one.note) for one in mine.get("/lists/").context["lists"]] == [
        ("July", "Event")
    ]


def test_a_list_counts_only_accounts_the_reader_sees(mine, alice):
    row = StaticList.objects.create(name="June", owner=alice)
    for account in (make_account(team=alice.teams.get()), make_account()):
        ListMember.objects.create(list=row, account=account)

    assert [one.seen for one in mine.get("/lists/").context["lists"]] == [1]


def test_a_list_of_somebody_else_can_be_read_but_not_changed(mine, bob):
    row = StaticList.objects.create(name="Ours", owner=bob, sharing="all")

    assert "Ours" in mine.get("/lists/").content.decode()
    assert mine.get(f"/lists/{row.pk}/edit/").status_code == 403
    assert mine.post(f"/lists/{row.pk}/archive/").status_code == 403


def test_a_segment_is_not_counted_for_who_does_not_see_what_it_asks(mine, alice):
    make_account(team=alice.teams.get())
    rule = {"combinator": "and", "rules": [{"field": "last_two_way_at", "operator": "null"}]}
    save_segment(key="quiet", name_en="Quiet", name_ja="静か", rule=rule, at=app_now())
    assert [one.seen for one in mine.get("/lists/").context["segments"]] == [1]

    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="none", write_scope="none"
    )

    assert [one.seen for one in mine.get("/lists/").context["segments"]] == [None]
