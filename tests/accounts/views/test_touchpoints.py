import pytest

from accounts.models import AccessPolicy, DirtyAccount, Touchpoint
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db

NEW = "/touchpoints/new/"


@pytest.fixture
def account(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    return make_account(team=team)


def filled(account, **changes):
    values = {
        "account": account.pk,
        "type": "call",
        "direction": "two_way",
        "occurred_at": "2026-06-01T10:00",
        "subject": "Cause of the fall",
        "body": "Their night shift stopped entering orders.",
        "signals": ["reorganisation"],
        "visibility": "account",
    }
    return {**values, **changes}


def test_a_talk_is_logged_with_its_people_and_signals_and_the_score_is_due(client, account):
    contact = make_contact(account=account)

    response = client.post(NEW, filled(account, contacts=[contact.pk]))

    assert response.headers["Location"] == f"/accounts/{account.pk}/"
    talk = Touchpoint.objects.get()
    assert (talk.subject, talk.source) == ("Cause of the fall", "manual")
    assert list(talk.contacts.all()) == [contact]
    assert [signal.signal for signal in talk.signals.all()] == ["reorganisation"]
    assert DirtyAccount.objects.filter(account=account).exists()


def test_an_internal_note_is_internal_whatever_was_ticked(client, account):
    client.post(NEW, filled(account, type="internal_note"))

    assert Touchpoint.objects.get().direction == "internal"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"occurred_at": "2999-01-01T10:00"}, "occurred_at"),
        ({"type": "seance"}, "type"),
        ({"signals": ["doom"]}, "signals"),
        ({"duration_minutes": "-5"}, "duration_minutes"),
    ],
)
def test_a_fault_names_its_field_keeps_the_input_and_stores_nothing(
    client, account, changes, field
):
    response = client.post(NEW, filled(account, **changes))

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Their night shift" in response.content.decode()
    assert not Touchpoint.objects.exists()


def test_people_of_another_account_can_not_attend(client, account):
    stranger = make_contact(account=make_account())

    response = client.post(NEW, filled(account, contacts=[stranger.pk]))

    assert "contacts" in response.context["form"].errors


def test_an_account_out_of_reach_does_not_exist(client, account):
    foreign = make_account()

    assert client.get(f"{NEW}?account={foreign.pk}").status_code == 404
    assert client.post(NEW, filled(foreign)).status_code == 404


def test_a_viewer_can_not_log(client, account):
    client.force_login(make_user(team=account.team, role="viewer"))

    assert client.post(NEW, filled(account)).status_code == 404


def test_without_an_account_one_is_searched_for(client, account):
    response = client.get(NEW)

    assert str(account) in response.content.decode()


def test_the_dialog_comes_alone_and_leads_on_by_itself(client, account):
    htmx = {"HTTP_HX_REQUEST": "true"}

    assert "<html" not in client.get(f"{NEW}?account={account.pk}", **htmx).content.decode()
    response = client.post(NEW, filled(account), **htmx)
    assert response.headers["HX-Redirect"] == f"/accounts/{account.pk}/"


def test_who_may_write_talks_is_asked_of_talks_not_of_accounts(client, account):
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="own_team", write_scope="none"
    )

    assert client.post(NEW, filled(account)).status_code == 404
    assert not client.get(NEW).context["accounts"]
    assert not client.get(f"/accounts/{account.pk}/").context["loggable"]
    assert not Touchpoint.objects.exists()


def test_a_talk_is_logged_where_the_account_itself_may_not_be_changed(client, account):
    AccessPolicy.objects.create(
        role="member", kind="account", read_scope="own_team", write_scope="none"
    )

    assert client.post(NEW, filled(account)).status_code == 302
    assert Touchpoint.objects.exists()
