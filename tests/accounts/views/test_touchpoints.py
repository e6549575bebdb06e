import pytest

from accounts.models import AccessPolicy, DirtyAccount, Touchpoint
from accounts.services.touchpoints import Todo, record_touchpoint
from config.lib.clock import app_now
from playbooks.models import Task
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
        "accounts": [account.pk],
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

    assert client.post(NEW, filled(account)).status_code == 403


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

    assert client.post(NEW, filled(account)).status_code == 403
    assert not client.get(NEW).context["accounts"]
    assert not client.get(f"/accounts/{account.pk}/").context["loggable"]
    assert not Touchpoint.objects.exists()


def test_a_talk_is_logged_where_the_account_itself_may_not_be_changed(client, account):
    AccessPolicy.objects.create(
        role="member", kind="account", read_scope="own_team", write_scope="none"
    )

    assert client.post(NEW, filled(account)).status_code == 302
    assert Touchpoint.objects.exists()


def logged(account, **fields):
    now = app_now()
    values = {"type": "call", "subject": "Call", "occurred_at": now, "at": now, **fields}
    return record_touchpoint(accounts=[account], **values)[0]


def me(client):
    return Touchpoint._meta.get_field("created_by").related_model.objects.get(
        pk=client.session["_auth_user_id"]
    )


def test_one_talk_with_several_accounts_is_logged_once_for_each(client, account):
    other = make_account(team=account.team)

    client.post(NEW, filled(account, accounts=[account.pk, other.pk]))

    rows = Touchpoint.objects.all()
    assert {row.account for row in rows} == {account, other}
    assert len({row.group for row in rows}) == 1
    assert (
        client.post(NEW, filled(account, accounts=[account.pk, make_account().pk])).status_code
        == 404
    )


def test_who_was_there_and_what_was_promised_is_kept(client, account):
    person, user = make_contact(account=account), me(client)
    typed = {
        "users": [user.pk],
        "purpose": "Review",
        "decisions": "Go on",
        "next_on": "2026-09-01",
        "todo_0_text": "見積書を送る",
        "todo_0_who": f"u{user.pk}",
        "todo_0_due": "2026-08-01",
        "todo_1_text": "Ask the boss",
        "todo_1_who": f"c{person.pk}",
    }

    client.post(NEW, filled(account, **typed))

    talk = Touchpoint.objects.get()
    assert (talk.purpose, list(talk.users.all())) == ("Review", [user])
    promised = {(todo.side, todo.text, todo.user, todo.contact) for todo in talk.todos.all()}
    assert promised == {
        ("ours", "見積書を送る", user, None),
        ("theirs", "Ask the boss", None, person),
    }


def test_a_draft_is_saved_without_a_subject_gone_on_with_and_published(client, account):
    client.post(NEW, filled(account, do="draft", subject="", occurred_at="2100-01-01T10:00"))
    draft = Touchpoint.objects.get()
    assert (draft.is_draft, draft.subject) == (True, "Call")
    assert draft.subject in client.get(f"/accounts/{account.pk}/").content.decode()

    address = f"/touchpoints/{draft.pk}/edit/"
    assert client.get(address).context["form"].initial["type"] == "call"
    client.post(address, filled(account, do="log"))

    draft.refresh_from_db()
    assert (draft.is_draft, draft.subject) == (False, "Cause of the fall")


def test_searching_for_people_stores_nothing_and_keeps_who_was_chosen(client, account):
    chosen, found = make_contact(account=account), make_contact(account=account)
    type(found).objects.filter(pk=found.pk).update(search_text="たなべ", family_name="田辺")

    page = client.post(
        NEW, filled(account, do="find", contacts=[chosen.pk], contacts_q="タナベ")
    ).content.decode()

    assert not Touchpoint.objects.exists()
    assert "田辺" in page
    part = client.post(
        f"{NEW}?part=contacts", filled(account, contacts=[chosen.pk]), HTTP_HX_REQUEST="true"
    )
    assert "<form" not in part.content.decode()
    assert f'value="{chosen.pk}"' in part.content.decode()


def test_a_next_task_is_made_for_each_account_of_the_talk(client, account):
    form = client.get(f"{NEW}?account={account.pk}").context["form"]
    offers = [value for value, _label in form.fields["next_task_in"].choices]

    client.post(NEW, filled(account, next_task="Call back", next_task_in=offers[0]))
    wrong = client.post(NEW, filled(account, next_task="Call back", next_task_in="day"))

    task = Task.objects.get()
    assert (task.title_en, task.due_on.isoformat(), task.assignee) == (
        "Call back",
        offers[0],
        me(client),
    )
    assert "next_task_on" in wrong.context["form"].errors
    assert Touchpoint.objects.count() == 1


def test_a_talk_has_a_page_and_is_corrected_taken_back_and_brought_back(client, account):
    talk = logged(account, body="Fine\n社内: careful", todos=[Todo("ours", "Send")])
    page = client.get(f"/touchpoints/{talk.pk}/")
    assert "careful" not in page.context["mail"]
    assert "- Send" in page.context["mail"]

    client.post(f"/touchpoints/{talk.pk}/edit/", filled(account, type="visit"))
    assert Touchpoint.objects.get(pk=talk.pk).type == "visit"
    client.post(f"/touchpoints/{talk.pk}/retract/")
    assert client.get(f"/touchpoints/{talk.pk}/").status_code == 404
    client.post(f"/touchpoints/{talk.pk}/restore/")
    assert client.get(f"/touchpoints/{talk.pk}/").status_code == 200


def test_to_dos_are_ticked_off_on_the_page_of_the_talk_and_of_the_account(client, account):
    todo = logged(account, todos=[Todo("theirs", "Send")]).todos.get()
    assert "Send" in client.get(f"/accounts/{account.pk}/").content.decode()

    answer = client.post(f"/todos/{todo.pk}/settle/", {"back": "account"})
    todo.refresh_from_db()
    assert (answer.headers["Location"], todo.done_on is None) == (f"/accounts/{account.pk}/", False)
    client.post(f"/todos/{todo.pk}/settle/")
    todo.refresh_from_db()
    assert todo.done_on is None


def test_the_text_stays_with_who_may_read_it(client, account):
    everywhere = {"read_scope": "all", "write_scope": "own_team"}
    AccessPolicy.objects.create(role="member", kind="touchpoint", **everywhere)
    talk = logged(make_account(), body="Secret", todos=[Todo("ours", "Hidden promise")])

    page = client.get(f"/touchpoints/{talk.pk}/").content.decode()

    assert "Secret" not in page
    assert "Hidden promise" not in page
    assert client.get(f"/touchpoints/{talk.pk}/edit/").status_code == 404


@pytest.mark.parametrize("key", ["touchpoints", "todos"])
def test_talks_and_to_dos_have_lists(client, account, key):
    logged(account, subject="Rare subject", todos=[Todo("ours", "Rare subject", user=me(client))])

    assert "Rare subject" in client.get(f"/{key}/").content.decode()
    assert "Rare subject" not in client.get(f"/{key}/?q=nothing").content.decode()


def test_the_history_of_an_account_leads_to_the_page_of_a_talk(client, account):
    talk = logged(account)

    assert (
        f'href="/touchpoints/{talk.pk}/"' in client.get(f"/accounts/{account.pk}/").content.decode()
    )


@pytest.fixture
def group(client, account):
    others = [make_account(team=account.team) for _ in range(2)]
    now = app_now()
    talk = {"type": "call", "subject": "Call", "occurred_at": now, "at": now, "by": me(client)}
    return record_touchpoint(accounts=[account, *others], is_draft=True, **talk)


def said(rows):
    return [row.subject for row in Touchpoint.objects.filter(pk__in=[r.pk for r in rows])]


def test_a_draft_for_several_accounts_is_published_at_all_of_them(client, account, group):
    address = f"/touchpoints/{group[0].pk}/edit/"
    page = client.get(address).content.decode()
    assert 'name="for_all" value="1" checked' in page
    assert "For all 3 accounts of this talk" in page

    client.post(address, filled(account, do="log", for_all="1"))

    assert Touchpoint.objects.standing().filter(group=group[0].group).count() == 3
    assert set(said(group)) == {"Cause of the fall"}


def test_a_talk_with_several_accounts_can_be_corrected_at_one(client, account, group):
    client.post(f"/touchpoints/{group[0].pk}/edit/", filled(account, do="log"))

    assert sorted(said(group)) == ["Call", "Call", "Cause of the fall"]


def test_a_talk_is_taken_back_and_brought_back_at_all_its_accounts(client, group):
    Touchpoint.objects.update(is_draft=False)
    page = client.get(f"/touchpoints/{group[0].pk}/").content.decode()
    assert "Take back at all 3 accounts" in page

    client.post(f"/touchpoints/{group[0].pk}/retract/", {"all": "1"})
    assert not Touchpoint.objects.filter(retracted_at=None).exists()
    client.post(f"/touchpoints/{group[0].pk}/restore/?all=1")
    assert Touchpoint.objects.standing().count() == 3


def test_what_one_may_not_change_stays_when_a_talk_is_corrected_for_all(client, account, group):
    Touchpoint.objects.update(is_draft=False)
    group[2].account.team = make_team()
    group[2].account.save()

    page = client.get(f"/touchpoints/{group[0].pk}/edit/").content.decode()
    client.post(f"/touchpoints/{group[0].pk}/edit/", filled(account, for_all="1"))

    assert "For all 2 accounts of this talk" in page
    assert sorted(said(group)) == ["Call", "Cause of the fall", "Cause of the fall"]


def test_a_talk_with_one_account_offers_nothing_for_all(client, account):
    talk = logged(account)

    assert "for_all" not in client.get(f"/touchpoints/{talk.pk}/edit/").content.decode()
    assert 'name="all"' not in client.get(f"/touchpoints/{talk.pk}/").content.decode()
