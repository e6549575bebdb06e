"""What the database keeps beside a to-do is what its talk says, whoever writes either."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.choices import Scope, Side
from accounts.models import AccessPolicy, AccountShare, Touchpoint, TouchpointTodo, User
from tests.factories import make_account, make_account_role, make_team, make_touchpoint, make_user
from tests.threads import during

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 18, 3, 0, tzinfo=dt.UTC)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "hang", "lie", "move", "draft", "publish", "retract", "restore", "delete"]
        ),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    max_size=12,
)


@pytest.fixture
def accounts():
    team = make_team()
    return [make_account(team=team) for _ in range(3)]


def todo(talk, **fields):
    return TouchpointTodo(touchpoint=talk, side=Side.OURS, text="Call", **fields)


def apply(verb, rows, todos, later, other):
    """Change talks or to-dos with one statement, as any writer might."""
    {
        "add": lambda: TouchpointTodo.objects.bulk_create(todo(talk) for talk in later),
        "hang": lambda: todos.update(touchpoint=other),
        "lie": lambda: todos.update(talk_account=0, is_standing=True),
        "move": lambda: rows.update(account=other.account),
        "draft": lambda: rows.update(is_draft=True),
        "publish": lambda: rows.update(is_draft=False),
        "retract": lambda: rows.update(retracted_at=NOW),
        "restore": lambda: rows.update(retracted_at=None),
        "delete": todos.delete,
    }[verb]()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=CHANGES)
def test_any_statements_leave_the_account_and_whether_the_talk_stands(accounts, changes):
    Touchpoint.objects.all().delete()
    talks = [
        make_touchpoint(account=account, is_draft=n == 2) for n, account in enumerate(accounts)
    ]

    for verb, place, which in changes:
        rows = Touchpoint.objects.filter(pk__in=[talk.pk for talk in talks[place:]])
        todos = TouchpointTodo.objects.filter(
            pk__in=TouchpointTodo.objects.order_by("pk").values("pk")[place:]
        )
        apply(verb, rows, todos, talks[place:], talks[which])

    for row in TouchpointTodo.objects.select_related("touchpoint"):
        talk = row.touchpoint
        stands = not talk.is_draft and talk.retracted_at is None
        assert (row.talk_account, row.is_standing) == (talk.account_id, stands)


def test_a_to_do_saved_as_it_was_made_keeps_what_the_database_says(accounts):
    made = TouchpointTodo.objects.create(
        touchpoint=make_touchpoint(account=accounts[0]), side=Side.OURS, text="Call"
    )

    made.text = "Write"
    made.save()

    kept = TouchpointTodo.objects.get()
    assert (kept.text, kept.talk_account, kept.is_standing) == ("Write", accounts[0].pk, True)


@pytest.mark.parametrize("text", [Scope.NONE, Scope.OWN_TEAM, Scope.ALL])
@pytest.mark.parametrize("talks", [Scope.NONE, Scope.OWN_TEAM, Scope.ALL])
@pytest.mark.parametrize("is_shown", [False, True])
def test_standing_to_dos_are_those_of_all_seen_that_stand(talks, text, is_shown):
    """The shorter question is answered as the longer one, whatever policies say."""
    team = make_team()
    user, other = make_user(team=team), make_user()
    for kind, scope in (("touchpoint", talks), ("touchpoint_body", text)):
        AccessPolicy.objects.create(role="member", kind=kind, read_scope=scope, write_scope="none")
    own, foreign, held, shown = (
        make_account(team=home) for home in (team, make_team(), make_team(), make_team())
    )
    make_account_role(account=held, user=user)
    if is_shown:
        AccountShare.objects.create(account=shown, user=user)
    TouchpointTodo.objects.bulk_create(
        todo(
            make_touchpoint(
                account=account,
                is_draft=is_draft,
                visibility=visibility,
                created_by=author,
                retracted_at=NOW if is_gone else None,
            ),
            user=doer,
        )
        for account in (own, foreign, held, shown)
        for is_draft in (False, True)
        for is_gone in (False, True)
        for visibility in ("account", "team")
        for author in (user, other)
        for doer in (user, None)
    )
    reader = User.objects.get(pk=user.pk)

    seen = set(TouchpointTodo.objects.standing_for(reader))

    assert seen == {
        row
        for row in TouchpointTodo.objects.visible_to(reader).select_related("touchpoint")
        if not row.touchpoint.is_draft and row.touchpoint.retracted_at is None
    }
    assert seen


@pytest.mark.django_db(transaction=True)
def test_a_talk_that_is_taken_back_at_that_moment_is_waited_for(accounts):
    talk = make_touchpoint(account=accounts[0])

    def take_back():
        Touchpoint.objects.filter(pk=talk.pk).update(retracted_at=NOW)

    during(take_back, lambda: todo(talk).save())

    assert TouchpointTodo.objects.get().is_standing is False


@pytest.mark.django_db(transaction=True)
def test_what_a_colleague_takes_out_at_that_moment_is_told_and_not_ticked_off(accounts, client):
    user = make_user(team=accounts[0].team)
    talk = make_touchpoint(account=accounts[0])
    promised = TouchpointTodo.objects.create(touchpoint=talk, side=Side.OURS, text="Call")
    client.force_login(user)

    def correct():
        list(Touchpoint.objects.select_for_update().filter(pk=talk.pk))
        TouchpointTodo.objects.filter(touchpoint=talk).delete()

    (answer,) = during(correct, lambda: client.post(f"/todos/{promised.pk}/settle/"))

    assert answer.status_code == 409
    assert "just changed what was promised" in answer.text
