"""The history is complete, names who did it, and the serving login can't rewrite it."""

import datetime as dt
import re

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import translation

from accounts.models import (
    Account,
    AccountEvent,
    AccountShare,
    AccountShareEvent,
    ContactEvent,
    TeamMembership,
    TeamMembershipEvent,
)
from accounts.selectors.change_words import field_label, said_fields
from accounts.selectors.changes import all_trails
from accounts.services.accounts import change_phase
from accounts.services.tokens import create_api_token
from config.database.grants import history_tables
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)


def test_bulk_writes_leave_a_line_a_row():
    team = make_team()
    Account.objects.bulk_create(
        [Account(name=name, name_key=name, team=team) for name in ("A", "B", "C")]
    )

    Account.objects.filter(team=team).update(tier="a")

    lines = AccountEvent.objects.order_by("pgh_id").values_list("pgh_label", "name", "tier")
    assert sorted(lines) == sorted(
        [("insert", name, "c") for name in "ABC"] + [("update", name, "a") for name in "ABC"]
    )


def test_an_update_that_changes_nothing_leaves_no_line():
    account = make_account()

    Account.objects.filter(pk=account.pk).update(name=account.name)

    assert AccountEvent.objects.count() == 1


def test_what_is_taken_away_leaves_its_trace():
    user = make_user(team=make_team())
    AccountShare.objects.create(account=make_account(), user=user).delete()
    TeamMembership.objects.all().delete()

    assert AccountShareEvent.objects.filter(pgh_label="delete").exists()
    assert TeamMembershipEvent.objects.filter(pgh_label="delete", user=user).exists()


def test_pages_and_api_say_who_did_it(api, alice):
    account = make_account(team=alice.teams.get())
    api(alice).patch(f"/api/v1/accounts/{account.pk}/", {"tier": "a"})
    token = create_api_token(user=alice, name="Import", scopes=["write"], at=app_now())

    answer = api(make_user()).patch(
        f"/api/v1/accounts/{account.pk}/",
        {"tier": "b"},
        headers={"Authorization": f"Bearer {token.text}"},
    )

    assert answer.status_code == 200
    lines = AccountEvent.objects.filter(pgh_label="update", tier__in="ab").order_by("pgh_id")
    said = [(line.tier, line.pgh_context.metadata["user"]) for line in lines]
    assert said == [("a", alice.pk), ("b", alice.pk)]


def test_a_service_called_outside_of_a_request_says_who_did_it(alice):
    change_phase(account=make_account(), phase="renewal", by=alice, at=AT)

    line = AccountEvent.objects.filter(pgh_label="update").get()
    assert line.pgh_context.metadata == {"user": alice.pk}


def test_texts_for_searching_are_no_history():
    make_contact(account=make_account())

    assert not {"search_text", "person_key"} & {f.name for f in ContactEvent._meta.get_fields()}


@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_the_serving_login_can_not_rewrite_any_history(statement):
    make_contact(account=make_account())
    tables = history_tables()

    for table in tables:
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))

    assert len(tables) > 15
    assert ContactEvent.objects.get().pgh_label == "insert"


def test_every_column_of_the_history_has_a_japanese_word():
    japanese = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
    with translation.override("ja"):
        bare = {
            f"{trail.key}.{field.name}": label
            for trail in all_trails()
            for field in said_fields(trail.model)
            if not japanese.search(label := str(field_label(field)))
        }

    assert set(bare.values()) <= {"ARR", "MRR", "CSAT", "KPI"}, bare
