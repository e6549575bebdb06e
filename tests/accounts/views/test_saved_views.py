import pytest

from accounts.models import DefaultView, SavedView
from tests.factories import make_account, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(client, alice):
    make_organisation()
    client.force_login(alice)
    return client


def keep(client, **fields):
    data = {"name": "Large", "sharing": "private", **fields}
    return client.post("/views/new/?list=accounts&query=tier%3Da%26cursor%3Dx", data)


def test_the_question_on_screen_is_kept_and_becomes_a_tab(mine, alice):
    answer = keep(mine)

    view = SavedView.objects.get()
    assert (view.owner, view.query) == (alice, "tier=a")
    assert answer["Location"] == f"/accounts/?tier=a&view={view.pk}"
    page = mine.get(answer["Location"])
    assert [str(tab.label) for tab in page.context["views"]] == ["All", "Large"]
    assert [tab.is_current for tab in page.context["views"]] == [False, True]


def test_a_view_shows_the_accounts_of_its_question(mine, alice):
    team = alice.teams.get()
    wanted = make_account(team=team, tier="a")
    make_account(team=team, tier="b")
    address = keep(mine)["Location"]

    assert [account for account, *_ in mine.get(address).context["rows"]] == [wanted]


def test_a_list_opens_with_the_view_one_chose_until_one_chooses_all(mine):
    keep(mine)
    view = SavedView.objects.get()
    mine.post(f"/views/{view.pk}/default/", {"open": "1"})
    assert mine.get("/accounts/")["Location"] == f"/accounts/?tier=a&view={view.pk}"
    assert mine.get("/accounts/?view=0").status_code == 200

    mine.post(f"/views/{view.pk}/default/")

    assert mine.get("/accounts/").status_code == 200
    assert not DefaultView.objects.exists()


def test_a_view_that_is_no_longer_shared_opens_nothing(mine, alice, client):
    view = SavedView.objects.create(
        list_key="accounts", name="Theirs", query="tier=a", owner=make_user(), sharing="all"
    )
    mine.post(f"/views/{view.pk}/default/", {"open": "1"})
    SavedView.objects.update(sharing="private")

    assert mine.get("/accounts/").status_code == 200


def test_views_are_renamed_shared_and_removed_by_their_owner_only(mine, alice, bob, client):
    keep(mine)
    view = SavedView.objects.get()
    team = alice.teams.get()
    data = {"name": "Large ones", "sharing": "team", "team": team.pk}
    mine.post(f"/views/{view.pk}/edit/", data)
    client.force_login(bob)

    assert client.get(f"/views/{view.pk}/edit/").status_code == 403
    assert client.post(f"/views/{view.pk}/remove/").status_code == 403
    assert [str(tab.label) for tab in client.get("/accounts/").context["views"]] == [
        "All",
        "Large ones",
    ]
    client.force_login(alice)
    assert client.post(f"/views/{view.pk}/remove/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_team_without_a_name_is_told_beside_the_field(mine):
    page = keep(mine, sharing="team").content.decode()

    assert "Name the team it is for, or none." in page
    assert not SavedView.objects.exists()


def test_every_list_keeps_views(mine):
    mine.post("/views/new/?list=contacts&query=state%3Dleft", {"name": "x", "sharing": "all"})

    page = mine.get("/contacts/")

    assert [str(tab.label) for tab in page.context["views"]] == ["All", "x"]


def test_a_list_nobody_knows_keeps_none(mine):
    assert mine.get("/views/new/?list=secrets").status_code == 404


def test_a_view_whose_order_is_gone_still_opens_and_says_so(mine, bob):
    view = SavedView.objects.create(
        list_key="accounts", name="Ours", query="sort=attributes.gone", owner=bob, sharing="all"
    )
    mine.post(f"/views/{view.pk}/default/", {"open": "1"})

    page = mine.get("/accounts/", follow=True)

    assert page.status_code == 200
    assert [fault.pointer for fault in page.context["question"].faults] == ["/sort"]
    assert mine.get("/accounts/?sort=attributes.gone").status_code == 400
