"""Who changes a contract while a file is taken in is waited for, and what they wrote is kept."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, connections, transaction

from accounts.models import ContractTerm
from accounts.services.contracts import change_terms, create_contract
from accounts.services.own_codes import code_of
from tests.accounts.importers.files import AT, counts, take_in
from tests.factories import make_account

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2026, 6, 1)
_CODE = f"SELECT {code_of('c')} FROM accounts_contract c WHERE c.id = %s"
_AWAITED = """
SELECT EXISTS (SELECT FROM pg_locks
  WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))
"""


def one(statement, values=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def wait_until_awaited():
    until = time.monotonic() + 20
    while not one(_AWAITED):
        assert time.monotonic() < until, "nobody waited for this transaction"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("terms", ["contract_external_id", "starts_on", "arr"]),
        ("contracts", ["external_id", "terms_on", "arr"]),
    ],
)
@pytest.mark.parametrize("own_id", ["K-1", None])
def test_seats_changed_meanwhile_are_kept(kind, header, own_id):
    contract = create_contract(
        account=make_account(), external_id=own_id, starts_on=dt.date(2024, 4, 1),
        kind="open_ended", arr=100, seats=5, at=AT,
    )  # fmt: skip
    row = [own_id or one(_CODE, [contract.pk]), DAY.isoformat(), "120"]
    runs = []

    def import_file():
        try:
            runs.append(counts(take_in(kind, header, row)))
        finally:
            connections.close_all()

    thread = threading.Thread(target=import_file)
    with transaction.atomic():
        change_terms(contract=contract, arr=100, seats=50, on=DAY, at=AT)
        thread.start()
        wait_until_awaited()
    thread.join()

    assert [sum(run[:2]) for run in runs] == [1]
    held = ContractTerm.objects.get(contract=contract, retracted_at=None, starts_on=DAY)
    assert (held.arr, held.seats) == (120, 50)
