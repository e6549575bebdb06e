import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, AccountEvent, Contact, User
from tests.factories import (
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


@pytest.fixture
def operator(client):
    make_organisation()
    user = make_user(role="administrator", is_staff=True, is_superuser=True)
    client.force_login(user)
    return client


def test_signing_in_goes_through_the_products_own_page(client):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/auth/login/")


def test_saving_an_account_goes_through_the_service(operator):
    team = make_team()
    form = {
        "name": "株式会社青嶺精機",
        "kind": "customer",
        "team": team.pk,
        "status": "active",
        "phase": "adoption",
        "tier": "c",
        "touch_model": "tech",
        "language": "ja",
        "country": "JP",
    }
    managements = {}
    for prefix in ("status_facts", "phase_facts", "attribute_values", "roles"):
        managements |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}

    assert operator.post("/admin/accounts/account/add/", form | managements).status_code == 302
    account = Account.objects.get()
    page = f"/admin/accounts/account/{account.pk}/change/"
    assert operator.get(page).status_code == 200
    assert operator.post(page, form | managements | {"status": "leaving"}).status_code == 302

    account.refresh_from_db()
    assert (account.name_key, account.status) == ("青嶺精機", "leaving")
    assert account.status_facts.filter(retracted_at=None, ends_on=None).get().status == "leaving"


def test_a_colleague_is_made_with_their_teams(operator):
    team = make_team()
    form = {
        "email": "New@Harukaze.example",
        "role": "member",
        "language": "ja",
        "time_zone": "Asia/Tokyo",
        "is_active": "on",
        "teams": [team.pk],
        "password": "correct horse battery",
    }

    answer = operator.post("/admin/accounts/user/add/", form)

    assert answer.status_code == 302
    user = User.objects.get(email="new@harukaze.example")
    assert (list(user.teams.all()), user.check_password(form["password"])) == ([team], True)


def test_what_was_said_is_not_for_operators(operator):
    talk = make_touchpoint(account=make_account(), body="Between us", decisions="Secret")

    page = operator.get(f"/admin/accounts/touchpoint/{talk.pk}/change/").content

    assert b"Between us" not in page
    assert b"Secret" not in page


def test_the_history_is_read_and_never_written(operator):
    make_account()
    event = AccountEvent.objects.get()
    page = f"/admin/accounts/accountevent/{event.pk}/change/"

    assert operator.get(page).status_code == 200
    assert operator.post(page, {"name": "Other"}).status_code == 403
    assert operator.get("/admin/accounts/accountevent/add/").status_code == 403


def test_accounts_are_archived_not_deleted(operator):
    account = make_account()
    contact = make_contact(account=make_account())

    for name, row in (("account", account), ("contact", contact)):
        page = f"/admin/accounts/{name}/"
        assert operator.get(f"{page}{row.pk}/delete/").status_code == 403
        operator.post(page, {"action": "archive", "_selected_action": [row.pk]})

    assert Account.objects.get(pk=account.pk).archived_at
    assert Contact.objects.get(pk=contact.pk).archived_at


def test_nothing_of_a_customer_can_be_deleted():
    offering = [
        model.__name__
        for model, page in admin.site._registry.items()
        if model._meta.app_label == "accounts" and page.has_delete_permission(SuperRequest())
    ]

    assert offering == []


class SuperRequest:
    user = User(is_active=True, is_superuser=True, is_staff=True)


@pytest.mark.parametrize(
    "page",
    ["account", "contact", "contract", "touchpoint", "accountevent", "user", "team", "apitoken"],
)
def test_seven_rows_cost_as_many_queries_as_one(operator, page):
    def add():
        account = make_account(team=make_team(parent=make_team()))
        make_account_role(account=account, user=make_user(team=account.team))
        make_contact(account=account)
        make_contract(account=account)
        make_touchpoint(account=account)

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert operator.get(f"/admin/accounts/{page}/").status_code == 200
        return len(captured)

    add()
    one = count()
    for _ in range(6):
        add()
    assert count() == one


def test_the_index_names_histories_by_what_they_are_of(operator):
    page = operator.get("/admin/").content.decode()

    assert "History: contacts" in page
    assert "Contact events" not in page
