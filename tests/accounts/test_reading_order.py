import pytest
from django.utils import translation

from accounts.models import Account, Contact, Team, User
from accounts.querysets import by_account, by_contact, by_team, by_user
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db


def read(rows, order):
    return [str(row) for row in rows.order_by(*order())]


@pytest.fixture
def accounts():
    make_account(name="青葉精工", name_kana="アオバセイコウ", name_latin="zebra Works")
    make_account(name="白鷺電子", name_kana="シラサギデンシ", name_latin="Mole Electric")
    make_account(name="Ant Ltd", name_kana="アント", name_latin="")


def test_accounts_are_picked_by_the_name_that_is_read(accounts):
    with translation.override("ja"):
        assert read(Account.objects.all(), by_account) == ["青葉精工", "Ant Ltd", "白鷺電子"]
    with translation.override("en"):
        names = ["Ant Ltd", "Mole Electric", "zebra Works"]
        assert read(Account.objects.all(), by_account) == names


@pytest.mark.parametrize("make", [make_contact, make_user])
def test_people_are_picked_by_the_name_that_is_read(make):
    model, order = (Contact, by_contact) if make is make_contact else (User, by_user)
    names = [("安倍", "翔", "Abe", "Sho"), ("森", "明", "Mori", "Akira"), ("伊藤", "", "", "")]
    near = {"account": make_account()} if make is make_contact else {}
    made = [
        make(
            **near,
            family_name=family,
            given_name=given,
            family_name_latin=family_latin,
            given_name_latin=given_latin,
        ).pk
        for family, given, family_latin, given_latin in names
    ]

    with translation.override("en"):
        assert read(model.objects.filter(pk__in=made), order) == ["Akira Mori", "Sho Abe", "伊藤"]


def test_teams_are_picked_by_the_name_that_is_read():
    for name, name_en in (("東日本", "East"), ("グローバル", "Global"), ("西日本", "bees")):
        make_team(name=name, name_en=name_en)

    with translation.override("en"):
        assert read(Team.objects.all(), by_team) == ["bees", "East", "Global"]
    with translation.override("ja"):
        assert read(Team.objects.all(), by_team) == ["グローバル", "東日本", "西日本"]
