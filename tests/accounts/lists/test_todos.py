import pytest

from accounts.choices import Side
from accounts.models import TouchpointTodo
from accounts.services.touchpoints import Todo, record_touchpoint
from config.lib.clock import app_now
from tests.factories import make_account, make_organisation, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["トライアル", "ﾄﾗｲｱﾙ", "とらいある", "ｓｓｏ"])
def test_a_to_do_is_found_whatever_kana_width_or_case(client, words):
    make_organisation()
    team = make_team()
    talk = make_touchpoint(account=make_account(team=team))
    found = TouchpointTodo.objects.create(touchpoint=talk, side=Side.OURS, text="SSOのトライアル")
    TouchpointTodo.objects.create(touchpoint=talk, side=Side.OURS, text="見積もり")
    client.force_login(make_user(team=team))

    rows = client.get("/todos/", {"q": words}).context["rows"]

    assert [row.record for row in rows] == [found]


def test_what_we_promised_several_accounts_in_one_talk_is_shown_once(client):
    make_organisation()
    team = make_team()
    me = make_user(team=team)
    accounts = [make_account(team=team) for _ in range(3)]
    promises = [Todo("ours", "Send prices", user=me), Todo("theirs", "Ask the boss")]
    talk = {"type": "visit", "subject": "Visit", "occurred_at": app_now(), "at": app_now()}
    record_touchpoint(accounts=accounts, todos=promises, **talk)
    record_touchpoint(accounts=accounts[:1], todos=promises[:1], **talk)
    client.force_login(me)

    rows = client.get("/todos/").context["rows"]

    assert [row.record.text for row in rows].count("Send prices") == 2
    assert [row.record.text for row in rows].count("Ask the boss") == 3


def test_a_promise_to_several_accounts_is_shown_to_who_sees_one_of_them(client):
    make_organisation()
    teams = [make_team(), make_team()]
    talk = {"type": "visit", "subject": "Visit", "occurred_at": app_now(), "at": app_now()}
    accounts = [make_account(team=team) for team in teams]
    record_touchpoint(accounts=accounts, todos=[Todo("ours", "Send prices")], **talk)
    client.force_login(make_user(team=teams[1]))

    rows = client.get("/todos/").context["rows"]

    assert [row.record.touchpoint.account for row in rows] == [accounts[1]]


def test_to_dos_are_kept_by_who_is_to_do_them_and_sorted_by_their_days(client):
    make_organisation()
    team = make_team()
    me, other = make_user(team=team), make_user(team=team)
    talk = make_touchpoint(account=make_account(team=team))
    for user in (me, other):
        TouchpointTodo.objects.create(touchpoint=talk, side=Side.OURS, text="Call", user=user)
    client.force_login(me)

    rows = client.get("/todos/", {"user": other.pk}).context["rows"]

    assert [row.record.user for row in rows] == [other]
    assert client.get("/todos/", {"sort": "-done_on"}).status_code == 200
    assert client.get("/todos/", {"sort": "user"}).status_code == 400


def test_who_reads_every_talk_still_sees_their_own_to_do_of_a_note_of_another_team(client):
    make_organisation()
    boss = make_user(role="administrator")
    note = make_touchpoint(account=make_account(team=make_team()), visibility="team")
    own, others = (
        TouchpointTodo.objects.create(touchpoint=note, side=Side.OURS, text="Call", user=user)
        for user in (boss, make_user())
    )
    client.force_login(boss)

    rows = client.get("/todos/").context["rows"]

    assert [row.record for row in rows] == [own]
    assert others not in TouchpointTodo.objects.visible_to(boss)
