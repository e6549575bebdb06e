import datetime as dt

import pytest

from accounts.models import (
    Account,
    AccountRole,
    Contact,
    ListMember,
    Segment,
    StakeholderRole,
    StaticList,
)
from accounts.services.roles import assign_account_role
from config.lib.clock import app_now
from tests.factories import (
    LONG_AGO,
    make_account,
    make_account_role,
    make_contact,
    make_organisation,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def member(client, team):
    user = make_user(team=team)
    client.force_login(user)
    return client


@pytest.fixture
def me(member):
    return member.get("/accounts/").wsgi_request.user


def shown(client, query):
    return {account for account, *_ in client.get(f"/accounts/?{query}").context["rows"]}


def test_a_rule_may_name_several_values(member, team):
    wanted = {make_account(team=team, tier="a"), make_account(team=team, tier="b")}
    make_account(team=team, tier="c")

    assert shown(member, "tier=a&tier=b") == wanted


def test_accounts_of_a_segment_and_of_a_list(member, me, team):
    listed = make_account(team=team, tier="a")
    make_account(team=team, tier="a", name="Not listed")
    rule = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
    segment = Segment.objects.create(key="top", name_en="Top", name_ja="上位", rule=rule)
    kept = StaticList.objects.create(name="June", owner=me)
    ListMember.objects.create(list=kept, account=listed)
    make_account(team=team, tier="c")

    assert len(shown(member, f"segment={segment.pk}")) == 2
    assert shown(member, f"segment={segment.pk}&list={kept.pk}") == {listed}


def test_accounts_that_are_not_on_a_list(member, me, team):
    listed, other = make_account(team=team), make_account(team=team)
    kept = StaticList.objects.create(name="Event", owner=me)
    ListMember.objects.create(list=kept, account=listed)

    assert shown(member, f"not_list={kept.pk}") == {other}


def test_a_private_list_of_somebody_else_is_no_rule(member, team):
    make_account(team=team)
    foreign = StaticList.objects.create(name="Mine", owner=make_user())

    response = member.get(f"/accounts/?list={foreign.pk}")

    assert response.context["question"].conditions == ()
    assert response.context["question"].faults[0].pointer == "/list"


def test_columns_are_chosen_among_all_fields(member, team):
    make_account(team=team, external_id="acc-77")

    page = member.get("/accounts/?columns=external_id,mrr")

    assert [column.key for column in page.context["columns"]] == ["external_id", "mrr"]
    assert "acc-77" in page.content.decode()


def test_the_one_thing_to_know_stands_under_the_name(member, team):
    account = make_account(team=team)
    champion = make_contact(account=account, state="left")
    StakeholderRole.objects.create(
        account=account,
        contact=champion,
        role="champion",
        starts_on=LONG_AGO,
        ends_on=LONG_AGO + dt.timedelta(days=9),
    )
    make_account(team=team)

    facts = {account: fact for account, _, fact in member.get("/accounts/").context["rows"]}

    assert {str(fact) for fact in facts.values()} == {"Champion left", ""}
    Contact.objects.update(state="active")
    assert {str(fact) for *_, fact in member.get("/accounts/").context["rows"]} == {""}


def bulk(client, accounts, change):
    return client.post(
        "/accounts/bulk/",
        {"account": [account.pk for account in accounts], "change": change},
        follow=True,
    )


def test_many_accounts_get_a_tier_and_an_undo_gives_back_what_they_had(member, team):
    first, second = make_account(team=team, tier="b"), make_account(team=team, tier="c")

    page = bulk(member, [first, second], "tier:a").content.decode()

    assert "2 accounts changed" in page
    assert shown(member, "tier=a") == {first, second}
    member.post("/accounts/bulk/undo/")
    assert shown(member, "tier=b") == {first}
    assert shown(member, "tier=c") == {second}
    assert member.post("/accounts/bulk/undo/").status_code == 404


def test_many_accounts_go_on_a_list_and_off_by_undo(member, me, team):
    kept = StaticList.objects.create(name="June", owner=me)
    accounts = [make_account(team=team) for _ in range(3)]

    bulk(member, accounts, f"list:{kept.pk}")
    assert ListMember.objects.count() == 3
    member.post("/accounts/bulk/undo/")

    assert ListMember.objects.count() == 0


def test_accounts_are_taken_off_the_list_that_is_open_and_put_back_by_undo(member, me, team):
    kept, other = (StaticList.objects.create(name=name, owner=me) for name in ("June", "July"))
    first, second = (make_account(team=team) for _ in range(2))
    for account in (first, second):
        ListMember.objects.create(list=kept, account=account)

    assert "unlist:" not in member.get("/accounts/").text
    page = member.get(f"/accounts/?list={kept.pk}").text
    assert f'value="unlist:{kept.pk}"' in page
    assert f'value="unlist:{other.pk}"' not in page
    done = bulk(member, [first], f"unlist:{kept.pk}")

    assert "1 account changed" in done.text
    assert shown(member, f"list={kept.pk}") == {second}
    member.post("/accounts/bulk/undo/")
    assert shown(member, f"list={kept.pk}") == {first, second}


def test_nobody_takes_accounts_off_a_list_of_somebody_else(member, team):
    ours = StaticList.objects.create(name="Ours", owner=make_user(team=team), sharing="all")
    account = make_account(team=team)
    ListMember.objects.create(list=ours, account=account)

    assert "unlist:" not in member.get(f"/accounts/?list={ours.pk}").text
    assert "Nothing was changed" in bulk(member, [account], f"unlist:{ours.pk}").text
    assert shown(member, f"list={ours.pk}") == {account}


def test_many_accounts_are_handed_to_a_manager_and_back_by_undo(member, team):
    before, manager = make_user(team=team), make_user(team=team)
    held, bare = (make_account(team=team) for _ in range(2))
    make_account_role(account=held, user=before, recorded_at=app_now() - dt.timedelta(days=9))

    page = bulk(member, [held, bare], f"manager:{manager.pk}")

    assert "/accounts/bulk/undo/" in page.text
    assert shown(member, f"manager={manager.pk}") == {held, bare}
    member.post("/accounts/bulk/undo/")
    assert shown(member, f"manager={manager.pk}") == set()
    assert shown(member, f"manager={before.pk}") == {held}
    role = AccountRole.objects.get(account=held, retracted_at=None)
    assert (role.user, role.starts_on, role.ends_on) == (before, LONG_AGO, None)


@pytest.mark.parametrize("role", ["account_owner", "deputy"])
def test_the_other_roles_are_columns_rules_and_handed_over_like_the_managers(member, team, role):
    before, after = make_user(team=team), make_user(team=team)
    held, bare = (make_account(team=team) for _ in range(2))
    past = app_now() - dt.timedelta(days=9)
    make_account_role(account=held, user=before, role=role, recorded_at=past)
    make_account_role(account=bare, user=before, role="account_manager", recorded_at=past)

    assert shown(member, f"{role}={before.pk}") == {held}
    assert str(before) in member.get(f"/accounts/?columns={role}").text
    bulk(member, [held, bare], f"{role}:{after.pk}")

    assert shown(member, f"{role}={after.pk}") == {held, bare}
    assert shown(member, f"manager={before.pk}") == {bare}
    member.post("/accounts/bulk/undo/")
    assert shown(member, f"{role}={before.pk}") == {held}


def test_accounts_by_kind_amount_and_renewal(member, team):
    june, july = dt.date(2026, 6, 1), dt.date(2026, 7, 1)
    small = make_account(team=team, arr=1000, renewal_on=june)
    large = make_account(team=team, arr=9000, renewal_on=july)
    partner = make_account(team=team, kind="partner")

    assert shown(member, "kind=partner") == {partner}
    assert shown(member, "arr_from=1000&arr_to=5000") == {small}
    assert shown(member, "renewal_on_from=2026-06-02&renewal_on_to=2026-07-01") == {large}


def test_the_undo_of_a_handover_leaves_what_somebody_else_set_since(member, team):
    manager, other = make_user(team=team), make_user(team=team)
    first, second = (make_account(team=team) for _ in range(2))
    bulk(member, [first, second], f"manager:{manager.pk}")
    later = app_now() + dt.timedelta(minutes=1)
    assign_account_role(account=second, user=other, role="account_manager", at=later)

    member.post("/accounts/bulk/undo/")

    assert shown(member, f"manager={manager.pk}") == set()
    assert shown(member, f"manager={other.pk}") == {second}


def test_what_may_not_be_changed_is_named_or_not_even_known(member, team):
    foreign, mine = make_account(name="よその会社", tier="c"), make_account(team=team, tier="c")

    page = bulk(member, [foreign, mine], "tier:a").content.decode()

    foreign.refresh_from_db()
    assert foreign.tier == "c"
    assert "よその会社" not in page
    assert shown(member, "tier=a") == {mine}


@pytest.mark.parametrize("change", ["", "tier:z", "owner:1", "tier", "list:99"])
def test_a_change_nobody_offers_changes_nothing(member, team, change):
    account = make_account(team=team, tier="c")

    page = bulk(member, [account], change).content.decode()

    assert "Nothing was changed" in page
    assert shown(member, "tier=c") == {account}


def test_a_viewer_has_no_bar_and_no_way_behind_it(client, team):
    client.force_login(make_user(team=team, role="viewer"))
    account = make_account(team=team, tier="c")

    assert 'id="bulk"' not in client.get("/accounts/").content.decode()
    data = {"account": [account.pk], "change": "tier:a"}
    assert client.post("/accounts/bulk/", data).status_code == 404


def test_leading_back_never_leaves_the_site(member, team):
    data = {"account": [], "change": "", "back": "https://elsewhere.example/"}

    assert member.post("/accounts/bulk/", data)["Location"] == "/accounts/"


def test_an_undo_leaves_what_somebody_else_set_since(member, team):
    first, second = (make_account(team=team, tier="c") for _ in range(2))
    member.post("/accounts/bulk/", {"account": [first.pk, second.pk], "change": "tier:b"})
    Account.objects.filter(pk=second.pk).update(tier="a")

    member.post("/accounts/bulk/undo/")

    assert list(Account.objects.order_by("pk").values_list("tier", flat=True)) == ["c", "a"]


def test_an_undo_leaves_a_list_that_is_no_longer_theirs(member, me, team):
    account = make_account(team=team)
    row = StaticList.objects.create(name="Ours", owner=me)
    member.post("/accounts/bulk/", {"account": [account.pk], "change": f"list:{row.pk}"})
    StaticList.objects.update(owner=make_user(team=team))

    answer = member.post("/accounts/bulk/undo/")

    assert answer.status_code == 302
    assert ListMember.objects.count() == 1
