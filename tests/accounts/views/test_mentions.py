import datetime as dt

import pytest

from accounts.models import TouchpointMention
from accounts.services.touchpoints import record_touchpoint
from tests.factories import make_account, make_team, make_user

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)


def test_my_day_shows_where_one_was_named_until_one_says_seen(client):
    team = make_team()
    user = make_user(team=team, family_name="桐野", given_name="大地")
    record_touchpoint(
        accounts=[make_account(team=team)],
        type="call",
        occurred_at=AT,
        subject="Prices for June",
        body="@桐野 please look",
        at=AT,
    )
    client.force_login(user)
    assert "Prices for June" in client.get("/").content.decode()
    mention = TouchpointMention.objects.get()

    client.post(f"/mentions/{mention.pk}/seen/")

    assert "Prices for June" not in client.get("/").content.decode()


def test_nobody_answers_for_a_colleague(client):
    team = make_team()
    account = make_account(team=team)
    (talk,) = record_touchpoint(
        accounts=[account], type="call", occurred_at=AT, subject="Call", at=AT
    )
    mention = TouchpointMention.objects.create(touchpoint=talk, user=make_user(team=team))
    client.force_login(make_user(team=team))

    assert client.post(f"/mentions/{mention.pk}/seen/").status_code == 404


def test_names_are_offered_by_their_beginning(client):
    make_user(family_name="桐野", given_name="大地")
    client.force_login(make_user(family_name="林", given_name="さくら"))

    assert client.get("/mentions/names/", {"q": "桐"}).json() == {"names": ["桐野 大地"]}
    assert client.get("/mentions/names/", {"q": "zz\0"}).json() == {"names": []}
