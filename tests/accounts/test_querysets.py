import datetime as dt

import pytest

from accounts.models import AccessPolicy, Account, AccountShare, Contact, User
from tests.factories import make_account, make_account_role, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def test_a_member_sees_accounts_of_the_own_team_and_of_teams_below():
    top = make_team()
    below = make_team(parent=top)
    mine, nested, foreign = make_account(team=top), make_account(team=below), make_account()

    seen = set(Account.objects.visible_to(make_user(team=top)))

    assert seen == {mine, nested}
    assert foreign not in seen


def test_a_role_or_a_share_opens_an_account_beyond_the_team():
    user = make_user(team=make_team())
    held, shared, foreign = make_account(), make_account(), make_account()
    make_account_role(account=held, user=user)
    AccountShare.objects.create(account=shared, user=user)

    assert set(Account.objects.visible_to(user)) == {held, shared}
    assert foreign not in Account.objects.editable_by(user)


def test_a_policy_widens_one_kind_of_record_only():
    contact = make_contact(account=make_account())
    AccessPolicy.objects.create(role="member", kind="contact", read_scope="all", write_scope="none")
    user = make_user(team=make_team())

    assert list(Contact.objects.visible_to(user)) == [contact]
    assert not Contact.objects.editable_by(user).exists()
    assert not Account.objects.visible_to(user).exists()


def test_a_viewer_sees_the_team_and_changes_nothing():
    team = make_team()
    account = make_account(team=team)
    viewer = make_user(team=team, role="viewer")

    assert list(Account.objects.visible_to(viewer)) == [account]
    assert not Account.objects.editable_by(viewer).exists()


def test_nobody_inactive_or_unknown_sees_anything():
    team = make_team()
    make_account(team=team)

    assert not Account.objects.visible_to(make_user(team=team, is_active=False)).exists()
    assert not Account.objects.visible_to(User(role="administrator", is_active=False)).exists()


def test_whoever_leaves_on_a_day_ahead_is_present_until_then():
    account = make_account()
    leaving = make_contact(account=account, state="left", state_on=dt.date(2026, 7, 1))
    make_contact(account=account, state="transferred", state_on=dt.date(2026, 6, 1))
    make_contact(account=account, state="left")

    assert list(Contact.objects.present(on=dt.date(2026, 6, 30))) == [leaving]
    assert not Contact.objects.present(on=dt.date(2026, 7, 1)).exists()
