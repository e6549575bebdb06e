import datetime as dt

import pytest

from accounts.models import AccessPolicy, TouchpointMention
from accounts.selectors.mentions import mentions_of
from accounts.services.mentions import see_mention
from accounts.services.touchpoints import record_touchpoint, update_touchpoint
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def saeki(team):
    return make_user(team=team, family_name="桐野", given_name="大地")


def talk(*accounts, **fields):
    values = {"type": "call", "occurred_at": AT, "subject": "Call", "at": AT}
    return record_touchpoint(accounts=accounts, **{**values, **fields})


def test_a_named_colleague_finds_the_talk_once_for_all_accounts(team, saeki):
    author = make_user(team=team)
    talk(make_account(team=team), make_account(team=team), body="@桐野 大地 ご確認を", by=author)

    (mention,) = mentions_of(saeki, most=10)
    see_mention(mention=mention, at=LATER)

    assert mention.touchpoint.created_by == author
    assert mentions_of(saeki, most=10) == []
    assert set(TouchpointMention.objects.values_list("seen_at", flat=True)) == {LATER}


def test_who_may_not_see_the_account_or_read_the_text_learns_nothing(team, saeki):
    stranger = make_user(team=make_team(), family_name="三浦", given_name="恵")
    talk(make_account(team=team), body="@三浦恵 @桐野大地")
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="own_team", write_scope="own_team"
    )
    assert mentions_of(stranger, most=10) == []
    assert len(mentions_of(saeki, most=10)) == 1

    AccessPolicy.objects.create(
        role="member", kind="touchpoint_body", read_scope="none", write_scope="none"
    )

    del saeki._reach
    assert mentions_of(saeki, most=10) == []


def test_a_draft_names_nobody_until_it_is_logged(team, saeki):
    (draft,) = talk(make_account(team=team), decisions="@桐野", is_draft=True)
    assert mentions_of(saeki, most=10) == []

    update_touchpoint(touchpoint=draft, changes={"is_draft": False}, at=LATER)

    assert len(mentions_of(saeki, most=10)) == 1


def test_a_correction_forgets_who_is_no_longer_named_and_tells_nobody_twice(team, saeki):
    other = make_user(team=team, family_name="林", given_name="さくら")
    (row,) = talk(make_account(team=team), body="@桐野 @林")
    see_mention(mention=mentions_of(other, most=10)[0], at=AT)

    update_touchpoint(touchpoint=row, changes={"body": "@林 only"}, at=LATER)

    assert mentions_of(saeki, most=10) == []
    assert mentions_of(other, most=10) == []


def test_the_author_needs_no_telling(saeki, team):
    talk(make_account(team=team), body="@桐野 (me)", by=saeki)

    assert mentions_of(saeki, most=10) == []
