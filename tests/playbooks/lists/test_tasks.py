import datetime as dt

import pytest

from config.lib.clock import app_now
from tests.accounts.services.exports.files import csv_rows, export_now
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.playbooks.factories import make_playbook, make_run, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()
    user = make_user(team=make_team())
    client.force_login(user)
    return user


@pytest.fixture
def account(me):
    return make_account(team=me.teams.get(), name="Aomine", search_text="aomine")


def shown(client, **asked):
    return [row.record for row in client.get("/tasks/", asked).context["rows"]]


def test_all_tasks_are_asked_by_who_has_them_what_they_are_and_where_they_come_from(
    client, me, account
):
    run = make_run(account=account, playbook=make_playbook())
    mine = make_task(account=account, assignee=me, priority="high", run=run, step_key="call")
    nobodys = make_task(account=account, due_on=dt.date(2099, 1, 5))
    done = make_task(account=account, status="done", completed_at=app_now())
    other = make_task(account=make_account(team=account.team, search_text="other"))

    assert shown(client, mine="True") == shown(client, assignee=me.pk) == [mine]
    assert shown(client, priority="high") == shown(client, playbook=run.playbook_id) == [mine]
    assert shown(client, status="done") == [done]
    assert other not in shown(client, account="ＡＯＭＩＮＥ")
    assert set(shown(client, unassigned="True")) == {nobodys, done, other}
    assert set(shown(client, late="True")) == {mine, other}
    assert shown(client, due_on_from="2099-01-01") == [nobodys]


def test_tasks_are_found_by_their_title_in_the_readers_language_and_sorted_by_urgency(
    client, me, account
):
    usual = make_task(account=account, title_en="Send ＰＲＩＣＥＳ", title_ja="送る")
    urgent = make_task(account=account, title_en="Prices", title_ja="価格", priority="high")
    make_task(account=account, title_en="Call", title_ja="prices")

    assert shown(client, q="prices", sort="priority") == [urgent, usual]
    assert shown(client, q="prices", sort="-priority") == [usual, urgent]


def test_my_day_leads_to_what_all_have_to_do(client, me, account):
    make_task(account=account, status="cancelled")
    task = make_task(account=account)
    address = "/tasks/?status=open&amp;status=snoozed&amp;sort=due_on"

    assert address in client.get("/").text
    page = client.get(address.replace("&amp;", "&"))

    assert [row.record for row in page.context["rows"]] == [task]
    assert page.text.count('aria-current="page" aria-keyshortcuts') == 1


def test_tasks_are_taken_out_with_filters_and_columns_and_no_formula(me, account):
    make_task(account=account, title_en="=1+1", title_ja="=1+1", assignee=me, notes="secret")
    make_task(account=account, status="cancelled")
    make_task(account=make_account())

    export = export_now(me, source="tasks", query="status=open&columns=due_on,assignee")

    titles, row = csv_rows(export)
    assert titles == ["Task", "Due", "Assignee"]
    assert row == ["'=1+1", "2026-06-18", str(me)]
