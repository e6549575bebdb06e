"""What the record itself adds to the history: status, roles, contracts, invoices, milestones."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import (
    AccessPolicy,
    AccountPhaseFact,
    AccountStatusFact,
    Invoice,
    InvoicePayment,
    OnboardingMilestone,
)
from accounts.selectors import timeline_of
from tests.factories import (
    make_account,
    make_account_role,
    make_contract,
    make_organisation,
    make_team,
    make_user,
    our_day,
)

pytestmark = pytest.mark.django_db
MARCH, MAY = dt.date(2026, 3, 1), dt.date(2026, 5, 1)


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def account(team):
    return make_account(team=team)


def titles(account, team, **fields):
    reader = make_user(team=team, **fields)
    return [item.title for item in timeline_of(account=account, user=reader).items]


@pytest.mark.parametrize(
    ("model", "column", "values", "told"),
    [
        (AccountStatusFact, "status", ("active", "leaving"), "Status: Active → Leaving"),
        (AccountPhaseFact, "phase", ("onboarding", "adoption"), "Phase: Onboarding → Adoption"),
    ],
)
def test_a_change_is_told_and_a_beginning_is_none(account, team, model, column, values, told):
    first, second = values
    model.objects.create(account=account, starts_on=MARCH, ends_on=MAY, **{column: first})
    model.objects.create(account=account, starts_on=MAY, **{column: second})

    assert titles(account, team) == [told]


def test_a_handover_names_the_role_and_who_took_it(account, team):
    user = make_user(family_name_latin="Mori", given_name_latin="Aki")
    make_account_role(account=account, user=user, role="deputy", starts_on=MAY)

    assert titles(account, team) == ["Deputy: Aki Mori"]


def test_contracts_begin_are_renewed_and_ended_by_notice(account, team):
    make_contract(account=account, starts_on=dt.date(2025, 4, 1), ends_on=dt.date(2026, 3, 31))
    make_contract(
        account=account,
        starts_on=dt.date(2026, 4, 1),
        notice_received_on=MAY,
        arr=2_400_000,
    )

    page = timeline_of(account=account, user=make_user(team=team))

    assert [item.title for item in page.items] == [
        "Cancellation notice: Monorhythm",
        "Contract renewed: Monorhythm",
        "Contract began: Monorhythm",
    ]
    assert page.items[1].text == "¥2,400,000 a year"
    assert {item.href.split("/")[1] for item in page.items} == {"contracts"}


def test_invoices_are_issued_and_paid_and_milestones_are_met(account, team):
    invoice = Invoice.objects.create(
        account=account, external_id="R-7", issued_on=MARCH, due_on=MAY, amount=110
    )
    InvoicePayment.objects.create(invoice=invoice, paid_on=MAY, amount=110)
    OnboardingMilestone.objects.create(
        account=account, key="kick-off", label_en="Kick-off", label_ja="開始", done_on=MARCH
    )

    assert titles(account, team) == [
        "Invoice paid: R-7",
        "Invoice issued: R-7",
        "Milestone reached: Kick-off",
    ]


def test_what_lies_ahead_has_not_happened(account, team):
    make_contract(
        account=account,
        starts_on=our_day() + dt.timedelta(days=3),
        ends_on=our_day() + dt.timedelta(days=300),
    )

    assert titles(account, team) == []


def test_who_sees_no_contracts_and_invoices_reads_of_none(account, team):
    for kind in ("contract", "invoice"):
        AccessPolicy.objects.create(role="viewer", kind=kind, read_scope="none", write_scope="none")
    make_contract(account=account)
    Invoice.objects.create(account=account, issued_on=MARCH, due_on=MAY, amount=1)

    assert titles(account, team, role="viewer") == []


def test_the_history_over_the_api_goes_on_where_it_ended(api, account, team):
    for number in range(16):
        Invoice.objects.create(
            account=account, external_id=f"R-{number}", issued_on=MARCH, due_on=MAY, amount=1
        )
    client, address = api(make_user(team=team)), f"/api/v1/accounts/{account.pk}/timeline/"

    with CaptureQueriesContext(connection) as asked:
        first = client.get(address, {"only": "invoices"}).json()
    rest = client.get(address, {"before": first["before"], "skip": first["skip"]}).json()

    assert [len(first["results"]), len(rest["results"]), rest["before"]] == [15, 1, None]
    assert first["results"][0]["source"] == "invoices"
    assert len(asked) <= 12
    assert api(make_user(team=make_team())).get(address).status_code == 404


@pytest.mark.parametrize(
    "query", ["only=gossip", "before=yesterday", "skip=-1", "before=0001-01-01"]
)
def test_a_history_that_is_not_there_is_refused(api, account, team, query):
    address = f"/api/v1/accounts/{account.pk}/timeline/?{query}"

    assert api(make_user(team=team)).get(address).status_code == 400
