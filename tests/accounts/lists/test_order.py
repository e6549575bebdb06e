"""A whole list is walked in its order, whatever column that is; see `accounts.models.listed`."""

import pytest
from django.db import connection

from accounts.registry import lists
from config.lib.clock import app_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db

#: What is reckoned for each row, lies at another record, or is asked of a short list.
UNINDEXED = {
    "contracts": {"account", "state", "arr", "decide_on", "ends_on", "seats"},
    "contacts": {"account"},
    "invoices": {"account"},
    "tickets": {"account", "severity", "contact"},
    "milestones": {"account", "is_late", "is_first_value"},
    "tasks": {"task", "account", "assignee", "priority", "status", "completed_by"},
}
#: Unique by itself: its own index leaves next to nothing to put in order.
UNIQUE = "external_id"
ORDERS = [
    (key, column)
    for key, others in UNINDEXED.items()
    for column in lists.get(key).columns
    if column.is_sortable and column.key not in others and column.order != UNIQUE
]


@pytest.mark.parametrize("way", ["", "-"])
@pytest.mark.parametrize(("key", "column"), ORDERS, ids=lambda part: getattr(part, "key", part))
def test_a_list_is_walked_in_the_order_of_a_column(key, column, way):
    rows = lists.get(key).rows(user=make_user(role="administrator"), at=app_now())
    valued = rows.filter(**{f"{column.order}__isnull": False})
    page = valued.order_by(f"{way}{column.order}", f"{way}pk").values("pk")[:51]
    with connection.cursor() as cursor:
        for way_out in ("seqscan", "bitmapscan", "sort"):  # the tables of tests are empty
            cursor.execute(f"SET LOCAL enable_{way_out} = off")

    plan = page.explain()

    assert "Sort" not in plan, plan
    assert "Index" in plan
