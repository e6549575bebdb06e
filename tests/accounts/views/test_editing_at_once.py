"""Two people edit one account on its page."""

import pytest

from accounts.models import Account
from accounts.services.accounts import update_account
from config.lib.clock import app_now
from tests.browsed_forms import opened, shown_again
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team))
    return team


@pytest.fixture
def account(team):
    return make_account(team=team, name="株式会社みなと灯物流", short_name="みなと灯", country="JP")


@pytest.fixture
def address(account):
    return f"/accounts/{account.pk}/edit/"


def change(account, **changes):
    colleague = make_user(family_name="鈴木", given_name="太郎")
    update_account(account=account, changes=changes, by=colleague, at=app_now())


def versions():
    return Account.pgh_event_model.objects.count()


def test_an_unchanged_save_writes_nothing(client, account, address):
    update_account(account=account, changes={"domains": ["a.example", "b.example"]}, at=app_now())
    before = versions(), Account.objects.get().updated_at

    answer = client.post(address, opened(client, address))

    assert answer.headers["Location"] == f"/accounts/{account.pk}/"
    assert (versions(), Account.objects.get().updated_at) == before


def test_what_a_colleague_changed_elsewhere_survives(client, account, address):
    form = opened(client, address)
    change(account, short_name="灯", domains=["new.example"])

    client.post(address, form | {"name_kana": ["ミナトビ"]})

    account.refresh_from_db()
    assert (account.short_name, account.name_kana) == ("灯", "ミナトビ")
    assert [row.domain for row in account.domains.all()] == ["new.example"]


def test_a_field_both_changed_comes_back_with_the_input_and_what_it_reads_now(
    client, account, address
):
    form = opened(client, address)
    change(account, short_name="灯")
    before = versions()

    answer = client.post(address, form | {"short_name": ["港"], "name_kana": ["ミナトビ"]})

    account.refresh_from_db()
    assert (account.short_name, account.name_kana, versions()) == ("灯", "", before)
    page = answer.content.decode()
    assert page.count("鈴木 太郎 changed this after you opened the form") == 2
    assert "Nothing is saved yet" in page
    assert page.count("灯") >= 2
    assert shown_again(answer)["short_name"] == ["港"]
    assert shown_again(answer)["name_kana"] == ["ミナトビ"]


def test_saving_once_more_puts_mine_over_it(client, account, address):
    form = opened(client, address)
    change(account, short_name="灯", name_latin="Minatobi")
    answer = client.post(address, form | {"short_name": ["港"]})

    client.post(address, shown_again(answer))

    account.refresh_from_db()
    assert (account.short_name, account.name_latin) == ("港", "Minatobi")


def test_a_third_change_is_told_as_well(client, account, address):
    form = opened(client, address)
    change(account, short_name="灯")
    answer = client.post(address, form | {"short_name": ["港"]})
    update_account(account=account, changes={"short_name": "新灯"}, at=app_now())

    again = client.post(address, shown_again(answer))

    assert "新灯" in again.content.decode()
    assert Account.objects.get(pk=account.pk).short_name == "新灯"


def test_the_same_change_is_no_conflict(client, account, address):
    form = opened(client, address)
    change(account, short_name="灯")

    answer = client.post(address, form | {"short_name": ["灯"]})

    assert answer.status_code == 302


def test_a_parent_the_reader_may_not_see_is_not_told(client, account, address):
    mine, hidden = make_account(team=account.team, name="見える"), make_account(name="秘密の会社")
    form = opened(client, address)
    change(account, parent=hidden)

    answer = client.post(address, form | {"parent": [f"見える #{mine.pk}"]})

    page = answer.content.decode()
    assert "It reads now:" in page
    assert "not shown to you" in page
    assert "秘密" not in page
    account.refresh_from_db()
    assert account.parent == hidden


def test_one_hidden_parent_in_place_of_another_is_noticed(client, account, address):
    mine = make_account(team=account.team, name="見える")
    change(account, parent=make_account())
    form = opened(client, address)
    update_account(account=account, changes={"parent": make_account()}, at=app_now())

    answer = client.post(address, form | {"parent": [f"見える #{mine.pk}"]})

    assert "parent" in answer.context["form"].errors


def test_marks_that_no_form_of_ours_sent_are_no_marks(client, account, address):
    for marks in ("", "[1]", "{", '{"short_name": 5}', '{"short_name": [1, 2]}'):
        form = opened(client, address) | {"opened_with": [marks]}
        assert client.post(address, form | {"name_kana": ["ミナトビ"]}).status_code in (200, 302)


def test_marks_of_one_account_say_nothing_of_another(client, team):
    parent = make_account()
    first, second = (make_account(team=team, parent=parent) for _ in range(2))

    marks = [opened(client, f"/accounts/{one.pk}/edit/")["opened_with"] for one in (first, second)]

    assert marks[0] != marks[1]


def test_a_status_another_changed_is_told_before_mine_goes_over_it(client, account):
    address = f"/accounts/{account.pk}/status/"
    form = opened(client, address)
    change(account, status="leaving")

    answer = client.post(address, form | {"status": ["churned"], "reason": ["budget"]})

    assert "status" in answer.context["form"].errors
    account.refresh_from_db()
    assert account.status == "leaving"


def test_a_proposed_status_is_saved_untouched(client, account):
    address = f"/accounts/{account.pk}/status/?status=leaving"

    client.post(address, opened(client, address))

    account.refresh_from_db()
    assert account.status == "leaving"


@pytest.mark.parametrize(
    "marks", ["[" * 100_000, '{"a":' * 100_000, "null", "NaN", "1" * 5_000, '{"name": [1]}']
)
def test_marks_no_form_of_ours_sent_do_no_harm(client, account, address, marks):
    form = opened(client, address) | {"name": ["株式会社みなと"], "opened_with": [marks]}

    answer = client.post(address, form)

    assert answer.status_code == 302
    account.refresh_from_db()
    assert account.name == "株式会社みなと"
