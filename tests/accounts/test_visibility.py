"""Who sees and changes what: every role, scope and way of reaching an account, enumerated."""

import datetime as dt
import itertools

import pytest

from accounts.choices import Scope, UserRole
from accounts.domain.policy import default_scope
from accounts.models import (
    AccessPolicy,
    Account,
    AccountShare,
    Contact,
    Contract,
    StakeholderRole,
    TeamMembership,
    Touchpoint,
    User,
)
from accounts.services.shares import end_share, share_account
from config.lib.clock import app_now
from tests.factories import (
    LONG_AGO,
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.django_db
KINDS = {"account": Account, "contract": Contract, "contact": Contact, "touchpoint": Touchpoint}
NEVER, TEAM, ALWAYS = Scope.NONE, Scope.OWN_TEAM, Scope.ALL


def again(user):
    """Return the user as the next request reads them."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def world():
    team = make_team(parent=make_team())
    rows = {}
    for name, home in (("own", team), ("foreign", make_team())):
        account = make_account(team=home)
        rows[name] = {
            "account": account,
            "contract": make_contract(account=account),
            "contact": make_contact(account=account),
            "touchpoint": make_touchpoint(account=account),
        }
    return team, rows


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("reads", "writes"), list(itertools.product(Scope, Scope)))
def test_every_policy_opens_exactly_what_it_says(world, kind, reads, writes):
    team, rows = world
    AccessPolicy.objects.create(role="member", kind=kind, read_scope=reads, write_scope=writes)
    user = make_user(team=team)
    model = KINDS[kind]

    own, foreign = rows["own"][kind], rows["foreign"][kind]
    seen = set(model.objects.visible_to(user))
    changed = set(model.objects.editable_by(user))

    assert seen == {NEVER: set(), TEAM: {own}, ALWAYS: {own, foreign}}[reads]
    assert changed == {NEVER: set(), TEAM: {own}, ALWAYS: {own, foreign}}[writes] & seen


@pytest.mark.parametrize("role", UserRole.values)
def test_without_a_policy_the_default_holds(world, role):
    user = make_user(team=world[0], role=role)

    for kind, model in KINDS.items():
        for write, method in ((False, "visible_to"), (True, "editable_by")):
            scope = default_scope(role=role, kind=kind, write=write)
            expected = {"none": 0, "own_team": 1, "all": 2}[scope]
            assert getattr(model.objects, method)(user).count() == expected


def test_an_unknown_role_reaches_nothing(world):
    user = make_user(team=world[0], role="intern")

    assert not Account.objects.visible_to(user).exists()


def test_a_role_opens_the_account_on_its_days_only(world):
    make_organisation(time_zone="Asia/Tokyo")
    foreign = world[1]["foreign"]["account"]
    today = app_now().astimezone(dt.timezone(dt.timedelta(hours=9))).date()
    day = dt.timedelta(days=1)
    spans = {
        "past": (LONG_AGO, today),
        "present": (today, today + day),
        "future": (today + day, None),
    }

    seen = {}
    for name, (starts_on, ends_on) in spans.items():
        user = make_user(team=make_team())
        make_account_role(
            account=foreign, user=user, role=name, starts_on=starts_on, ends_on=ends_on
        )
        seen[name] = Account.objects.visible_to(user).exists()

    assert seen == {"past": False, "present": True, "future": False}


def test_a_share_with_a_team_reaches_its_members_below_and_ends_on_the_next_request(world):
    top = make_team()
    below = make_user(team=make_team(parent=top))
    above = make_user(team=top)
    foreign = world[1]["foreign"]["account"]

    share = share_account(account=foreign, team=make_team(parent=top), at=app_now())
    assert not Account.objects.visible_to(below).exists()
    assert Account.objects.visible_to(above).get() == foreign

    end_share(share=share)
    assert not Account.objects.visible_to(again(above)).exists()


def test_sharing_twice_is_sharing_once(world):
    user = make_user()
    account = world[1]["own"]["account"]

    shares = [share_account(account=account, user=user, at=app_now()) for _ in range(2)]

    assert shares[0] == shares[1]
    assert AccountShare.objects.count() == 1


def test_moving_an_account_or_a_person_acts_on_the_next_request(world):
    team, rows = world
    user = make_user(team=team)
    assert Account.objects.visible_to(user).get() == rows["own"]["account"]

    Account.objects.filter(pk=rows["own"]["account"].pk).update(team=make_team())
    assert not Account.objects.visible_to(again(user)).exists()

    TeamMembership.objects.create(user=user, team=rows["foreign"]["account"].team)
    assert Account.objects.visible_to(again(user)).get() == rows["foreign"]["account"]


def test_dated_facts_follow_the_policy_of_their_contact(world):
    team, rows = world
    for name in ("own", "foreign"):
        StakeholderRole.objects.create(
            account=rows[name]["account"],
            contact=rows[name]["contact"],
            role="champion",
            starts_on=LONG_AGO,
        )

    seen = StakeholderRole.objects.visible_to(make_user(team=team))

    assert [part.contact for part in seen] == [rows["own"]["contact"]]


@pytest.mark.parametrize(
    ("scope", "readable"), [("none", set()), ("own_team", {"own"}), ("all", {"own", "foreign"})]
)
def test_the_text_of_a_talk_has_a_policy_of_its_own(world, scope, readable):
    team, rows = world
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="all", write_scope="none"
    )
    AccessPolicy.objects.create(
        role="member", kind="touchpoint_body", read_scope=scope, write_scope="none"
    )
    user = make_user(team=team)

    talks = Touchpoint.objects.visible_to(user).with_readable_body(user)

    shown = {talk.account for talk in talks if talk.is_body_readable}
    assert shown == {rows[name]["account"] for name in readable}


def test_an_account_of_the_own_team_that_is_held_and_shared_is_seen_once(world):
    team, rows = world
    user = make_user(team=team)
    for row in rows.values():
        make_account_role(account=row["account"], user=user)
        AccountShare.objects.create(account=row["account"], user=user)

    seen = Contract.objects.visible_to(again(user))

    assert sorted(seen.values_list("pk", flat=True)) == [r["contract"].pk for r in rows.values()]
    assert not Contract.objects.exclude(pk__in=seen).exists()


def test_a_user_costs_one_query_for_all_kinds(world, django_assert_num_queries):
    user = make_user(team=world[0])

    with django_assert_num_queries(1 + len(KINDS)):
        for model in KINDS.values():
            list(model.objects.visible_to(user))
