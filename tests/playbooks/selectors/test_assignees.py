import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playbooks.selectors.assignees import Assignees, Calendars, Duty, candidates_for
from tests.factories import make_account, make_account_role, make_team, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 18)


def taker(account, role="account_manager"):
    return Assignees([account.pk], on=TODAY).for_duty(Duty(account.pk, role))


def test_the_holder_of_the_role_takes_the_duty():
    account, architect = make_account(), make_user()
    make_account_role(account=account, user=make_user())
    make_account_role(account=account, user=architect, role="solution_architect")

    assert taker(account, "solution_architect") == architect.pk


@pytest.mark.parametrize("role", ["account_manager", "deputy", "account_owner"])
def test_somebody_else_on_the_account_steps_in(role):
    account, user = make_account(), make_user()
    make_account_role(account=account, user=user, role=role)

    assert taker(account, "executive_sponsor") == user.pk


def test_manager_comes_before_deputy_before_owner():
    account, manager, deputy = make_account(), make_user(), make_user()
    make_account_role(account=account, user=make_user(), role="account_owner")
    make_account_role(account=account, user=deputy, role="deputy")
    assert taker(account) == deputy.pk

    make_account_role(account=account, user=manager, role="account_manager")
    assert taker(account) == manager.pk


def test_roles_that_ended_have_not_begun_or_belong_to_the_inactive_do_not_count():
    account = make_account()
    make_account_role(account=account, user=make_user(), ends_on=TODAY)
    make_account_role(
        account=account, user=make_user(), role="deputy", starts_on=dt.date(2026, 7, 1)
    )
    make_account_role(account=account, user=make_user(is_active=False), role="account_owner")

    assert taker(account) is None


def test_without_anybody_on_the_account_the_nearest_teams_manager_takes_it():
    top = make_team()
    middle = make_team(parent=top)
    account = make_account(team=make_team(parent=middle))
    make_user(team=top, role="manager")
    near = make_user(team=middle, role="manager")
    make_user(team=middle, role="member")

    assert taker(account) == near.pk


def test_the_managers_own_steps_go_to_the_manager_first():
    account = make_account()
    make_account_role(account=account, user=make_user())
    manager = make_user(team=account.team, role="manager")

    assert taker(account, "team_manager") == manager.pk


def test_asking_for_seven_accounts_costs_what_one_costs():
    def count_for(accounts):
        with CaptureQueriesContext(connection) as queries:
            Assignees([account.pk for account in accounts], on=TODAY)
        return len(queries)

    assert count_for([make_account()]) == count_for([make_account() for _ in range(7)])


def test_people_work_by_the_calendar_of_the_accounts_team_if_they_are_in_it_else_their_own():
    tokyo, singapore = make_team(), make_team(country="SG")
    both, only_singapore = make_user(team=tokyo), make_user(team=singapore)
    singapore.members.add(both)
    calendars = Calendars([both.pk, only_singapore.pk, None])

    def country(user_id, team):
        return calendars.of(user_id, team_id=team.pk, team_country=team.country).country

    assert country(both.pk, tokyo) == "JP"
    assert country(both.pk, singapore) == "SG"
    assert country(only_singapore.pk, tokyo) == "SG"
    assert country(None, tokyo) == "JP"


def test_who_may_only_look_is_not_asked_to_do_something():
    account = make_account()
    member, _ = make_user(team=account.team), make_user(team=account.team, role="viewer")

    assert list(candidates_for(account)) == [member]
