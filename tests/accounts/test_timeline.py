import datetime as dt

import pytest
from django.utils import translation

from accounts.models import AccessPolicy, TouchpointSignal
from accounts.selectors import timeline_of
from tests.factories import make_account, make_contact, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db


def texts(account, user):
    return [item.text for item in timeline_of(account=account, user=user).items]


def test_words_kept_in_the_team_are_read_there_and_nowhere_else():
    AccessPolicy.objects.create(
        role="member", kind="account", read_scope="all", write_scope="own_team"
    )
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="all", write_scope="own_team"
    )
    team = make_team()
    account = make_account(team=team)
    make_touchpoint(account=account, body="They may leave us.")

    assert texts(account, make_user(team=team)) == ["They may leave us."]
    assert texts(account, make_user(team=make_team())) == [""]


def test_an_author_reads_what_they_wrote_themselves():
    AccessPolicy.objects.create(
        role="member", kind="touchpoint_body", read_scope="none", write_scope="none"
    )
    team = make_team()
    account, author = make_account(team=team), make_user(team=team)
    make_touchpoint(account=account, body="Between us.", created_by=author)

    assert texts(account, author) == ["Between us."]
    assert texts(account, make_user(team=team)) == [""]


def test_what_was_noticed_in_a_talk_stands_beside_it_in_words():
    team = make_team()
    account = make_account(team=team)
    talk = make_touchpoint(account=account)
    TouchpointSignal.objects.create(touchpoint=talk, signal="reorganisation")

    (item,) = timeline_of(account=account, user=make_user(team=team)).items

    assert item.chips == ["Call", "Reorganisation"]


def test_the_history_names_who_left_in_the_language_of_the_reader():
    team = make_team()
    account = make_account(team=team)
    make_contact(
        account=account,
        family_name="佐藤",
        given_name="恵",
        family_name_latin="Sato",
        given_name_latin="Megumi",
        state="left",
        state_on=dt.date(2026, 5, 1),
    )

    with translation.override("en"):
        (english,) = timeline_of(account=account, user=make_user(team=team)).items
        assert english.title.startswith("Megumi Sato: ")
    with translation.override("ja"):
        (japanese,) = timeline_of(account=account, user=make_user(team=team)).items
        assert japanese.title.startswith("佐藤 恵様")
