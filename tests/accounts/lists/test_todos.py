import pytest

from accounts.choices import Side
from accounts.models import TouchpointTodo
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
