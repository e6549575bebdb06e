import datetime as dt

import pytest

from accounts.models import Account
from tests.factories import make_account
from tests.playbooks.factories import NOON, make_task

pytestmark = pytest.mark.django_db


def test_accounts_know_how_much_is_open_and_how_much_is_late():
    busy, idle = make_account(), make_account()
    make_task(account=busy, due_on=dt.date(2026, 6, 1))
    make_task(account=busy, due_on=dt.date(2026, 7, 1))
    make_task(account=busy, status="done", completed_at=NOON)

    rows = Account.objects.with_fields("tasks.open", "tasks.overdue", at=NOON)
    counts = {row.pk: (row.tasks_open, row.tasks_overdue) for row in rows}

    assert counts == {busy.pk: (2, 1), idle.pk: (0, 0)}
