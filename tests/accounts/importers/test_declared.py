"""Known times a file declares: what happened counts as known since then, and is marked."""

import datetime as dt

import pytest

from accounts.models import Account, Contract, ContractTerm, ImportEffect
from tests.accounts.importers.files import AT, TODAY, counts, take_in

pytestmark = pytest.mark.django_db
LAST_APRIL = dt.date(2025, 4, 1)
#: Midnight of that day where the organisation is.
BEGAN = dt.datetime(2025, 3, 31, 15, 0, tzinfo=dt.UTC)
HEADER = ["external_id", "account_external_id", "arr", "starts_on", "ends_on", "terms_on"]


def contracts(*rows, **order):
    return take_in("contracts", HEADER, *rows, **order)


@pytest.fixture
def account(team):
    take_in("accounts", ["external_id", "name"], ["A-1", "青嶺"])
    return Account.objects.get()


def test_terms_of_a_new_contract_are_known_since_they_hold(account):
    contracts(["C-1", "A-1", "100", "2025-04-01", "2027-03-31", ""], known="declared")
    term = ContractTerm.objects.get()
    assert (term.starts_on, term.recorded_at, term.is_declared) == (LAST_APRIL, BEGAN, True)


def test_without_a_declaration_they_are_known_since_the_import(account):
    contracts(["C-1", "A-1", "100", "2025-04-01", "2027-03-31", ""])
    term = ContractTerm.objects.get()
    assert (term.recorded_at, term.is_declared) == (AT, False)


def test_what_lies_ahead_is_known_since_the_import(account):
    contracts(["C-1", "A-1", "100", "2026-07-01", "2027-03-31", ""], known="declared")
    term = ContractTerm.objects.get()
    assert (term.recorded_at, term.is_declared) == (AT, False)


def test_a_history_of_amounts_replays_as_if_each_had_been_entered_on_its_day(account):
    contracts(["C-1", "A-1", "100", "2025-04-01", "2027-03-31", ""], known="declared")
    contracts(["C-1", "A-1", "200", "", "", "2025-10-01"], known="declared")

    def arr(day):
        midnight = dt.datetime.combine(day, dt.time(3), tzinfo=dt.UTC)
        return [term.arr for term in ContractTerm.objects.as_of(day, midnight)]

    assert arr(dt.date(2025, 3, 30)) == []
    assert arr(dt.date(2025, 9, 30)) == [100]
    assert arr(dt.date(2025, 10, 1)) == [200]
    assert arr(TODAY) == [200]


def test_what_was_really_known_is_not_rewritten(account):
    contracts(["C-1", "A-1", "100", "2025-04-01", "2027-03-31", ""])
    contracts(["C-1", "A-1", "200", "", "", "2025-10-01"], known="declared",
              at=AT + dt.timedelta(days=1))  # fmt: skip
    assert not ContractTerm.objects.filter(is_declared=True).exists()
    known = ContractTerm.objects.as_of(TODAY, AT)
    assert [term.arr for term in known] == [100]


def test_a_new_account_is_what_it_is_since_it_is_a_customer(team):
    header = ["external_id", "name", "customer_since_on", "status", "tier"]
    take_in(
        "accounts", header,
        ["A-1", "青嶺", "2025-04-01", "active", "a"],
        ["A-2", "港", "2025-04-01", "leaving", "a"],
        known="declared",
    )  # fmt: skip
    active, leaving = Account.objects.order_by("external_id")
    assert active.status_facts.get().recorded_at == BEGAN
    assert leaving.status_facts.get().recorded_at == AT
    for account in (active, leaving):
        assert account.phase_facts.get().starts_on == LAST_APRIL
        tier = account.attribute_values.get(key="tier")
        assert (tier.starts_on, tier.recorded_at, tier.is_declared) == (LAST_APRIL, BEGAN, True)


def test_an_import_keeps_the_trace_of_what_it_wrote(account):
    run = contracts(["C-1", "A-1", "100", "2025-04-01", "2027-03-31", ""])
    assert counts(run) == (1, 0, 0, 0)
    contract = Contract.objects.get()
    traces = {(e.table, e.kind): e.ids for e in ImportEffect.objects.filter(run=run)}
    assert traces == {
        ("accounts_contract", "created"): [contract.pk],
        ("accounts_contractterm", "recorded"): [contract.terms.get().pk],
    }


def test_a_preview_leaves_no_trace(account):
    contracts(["C-1", "A-1", "100", "2025-04-01", "2027-03-31", ""], is_dry_run=True)
    assert not ImportEffect.objects.exclude(table__contains="account").exists()
    assert not Contract.objects.exists()
