"""Who changed what: one record for whoever sees it, everything for who answers for it."""

import datetime as dt

import pytest

from accounts.api.serializers.history import kinds_told
from accounts.models import Account
from accounts.registry import audited
from accounts.services.accounts import update_account
from accounts.services.authors import written_by
from accounts.services.external_ids import add_external_id
from accounts.services.roles import assign_account_role
from accounts.services.touchpoints import record_touchpoint, update_touchpoint
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
AUDIT = "/api/v1/audit/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def organisation(db):
    make_organisation()


@pytest.fixture
def boss():
    return make_user(role="administrator")


@pytest.fixture
def account(alice):
    """Return an account that Alice gave another name."""
    account = make_account(team=alice.teams.get(), name="前の名前")
    update_account(account=account, changes={"name": "後の名前"}, by=alice, at=app_now())
    return account


def listed(client, address=AUDIT, **asked):
    answer = client.get(address, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def names_changed(rows):
    return [
        (field["before"], field["after"])
        for row in rows
        for field in row["fields"]
        if field["column"] == "name"
    ]


def test_a_change_says_who_from_what_to_what(api, alice, account):
    row, made = listed(api(alice), f"/api/v1/history/account/{account.pk}/")

    assert {name: row[name] for name in ("kind", "record", "action", "user", "through")} == {
        "kind": "account",
        "record": account.pk,
        "action": "update",
        "user": alice.pk,
        "through": "system",
    }
    assert row["fields"] == [
        {"column": "name", "label": "Formal name", "before": "前の名前", "after": "後の名前"}
    ]
    assert (made["action"], made["user"]) == ("insert", None)


def test_parts_of_a_record_stand_among_its_own_changes(api, alice, account):
    assign_account_role(account=account, user=alice, role="deputy", by=alice, at=app_now())

    rows = listed(api(alice), f"/api/v1/history/account/{account.pk}/")

    assert {row["kind"] for row in rows} == {"accountrole", "account"}


def test_the_changes_of_a_foreign_record_do_not_exist(api, alice):
    contact = make_contact(account=make_account())

    for address in (
        f"/api/v1/history/contact/{contact.pk}/",
        f"/api/v1/history/account/{contact.account_id}/",
        f"/api/v1/history/planet/{contact.pk}/",
    ):
        assert api(alice).get(address).status_code == 404


def test_the_changes_of_settings_are_told_to_who_opens_them(api, boss, alice):
    address = "/api/v1/settings-history/teams/"

    assert {row["kind"] for row in listed(api(boss), address)} >= {"team"}
    assert api(alice).get(address).status_code == 404
    assert api(alice).get("/api/v1/settings-history/touch-models/").status_code == 200
    assert api(boss).get("/api/v1/settings-history/planets/").status_code == 404


@pytest.mark.parametrize("role", ["manager", "member", "viewer"])
def test_the_audit_is_for_who_answers_for_it(api, role):
    assert api(make_user(team=make_team(), role=role)).get(AUDIT).status_code == 403


def test_the_audit_is_asked_by_kind_record_person_and_time(api, boss, alice, account):
    other, client = make_account(), api(boss)
    with written_by(boss):
        Account.objects.filter(pk=other.pk).update(name="X")
    later = (app_now() + HOUR).isoformat()

    every = listed(client, kind="account")
    own = listed(client, kind="account", record=account.pk)

    assert {row["record"] for row in every} == {account.pk, other.pk}
    assert {row["record"] for row in own} == {account.pk}
    assert ("前の名前", "後の名前") in names_changed(listed(client, user=alice.pk))
    assert {row["record"] for row in listed(client, user=boss.pk)} == {other.pk}
    assert {row["kind"] for row in listed(client)} > {"account", "team"}
    assert listed(client, at_after=later) == []
    assert len(listed(client, kind="account", at_before=later)) == len(every)


def test_a_page_leads_to_the_one_before_it_in_time(api, boss, account):
    client = api(boss)

    first = client.get(AUDIT, {"page_size": 2}).json()
    second = client.get(first["next"]).json()

    every = [(row["kind"], row["record"], row["at"]) for row in listed(client)]
    pages = [*first["results"], *second["results"]]
    assert [(row["kind"], row["record"], row["at"]) for row in pages] == every[:4]
    assert first["previous"] is None


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"kind": "planet"}, "/kind"),
        ({"record": 1}, "/kind"),
        ({"kind": "account", "record": "x"}, "/record"),
        ({"user": 10**30}, "/user"),
        ({"at_after": "soon"}, "/at_after"),
        ({"at_before": "9999-12-31T23:59:59-14:00"}, "/at_before"),
        ({"cursor": "invented"}, "/cursor"),
        ({"page_size": 0}, "/page_size"),
        ({"usr": 1}, "/usr"),
        ({"kind": ""}, "/kind"),
    ],
)
def test_a_question_nobody_understands_is_refused(api, boss, asked, pointer):
    answer = api(boss).get(AUDIT, asked)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_text_of_a_talk_is_not_told_to_who_may_not_read_it(api, boss, alice, account):
    (talk,) = record_touchpoint(
        accounts=[account], type="call", subject="S", body="secret", occurred_at=app_now(),
        by=alice, at=app_now(),
    )  # fmt: skip
    update_touchpoint(touchpoint=talk, changes={"body": "more secret"}, by=alice, at=app_now())
    asked = {"kind": "touchpoint"}

    assert "secret" in str(listed(api(boss), **asked))
    assert "secret" not in str(listed(api(make_user(role="privacy_officer")), **asked))


def test_nobody_writes_history(api, boss):
    for call in (api(boss).post, api(boss).patch, api(boss).delete):
        assert call(AUDIT, {}).status_code == 405


def test_a_row_of_the_audit_leads_to_the_history_of_its_record(api, boss, account):
    kinds = {row["kind"] for row in listed(api(boss))}

    assert "account" in kinds
    assert all("." not in kind for kind in kinds)
    rows = listed(api(boss), f"/api/v1/history/account/{account.pk}/")
    assert {row["kind"] for row in rows} <= kinds


def test_no_two_tables_of_changes_go_by_one_word():
    words = kinds_told()

    assert len(words) == len(set(words))
    assert set(audited) <= set(words)


def test_an_id_of_another_system_is_called_by_its_record(api, boss, account):
    account.refresh_from_db()
    add_external_id(record=account, source="crm", value="0015", by=boss, at=app_now())

    rows = [*listed(api(boss), kind="externalref")]
    rows += [
        row
        for row in listed(api(boss), f"/api/v1/history/account/{account.pk}/")
        if row["kind"] == "externalref"
    ]

    told = [{field["column"]: field["after"] for field in row["fields"]} for row in rows]
    assert [row["called"] for row in rows] == [str(account)] * 2
    assert told == [{"kind": "Account", "source": "crm", "value": "0015"}] * 2
