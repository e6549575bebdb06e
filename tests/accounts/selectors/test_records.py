import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.choices import RecordKind
from accounts.models import AccessPolicy, Touchpoint
from accounts.querysets import reach_of
from accounts.registry import ListColumn, ListFilter, RecordList
from accounts.selectors.records import UnknownOrder, read_question, rows_asked
from tests.factories import make_account, make_touchpoint

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 18, tzinfo=dt.UTC)
TALKS = RecordList(
    key="talks",
    label="Talks",
    icon="history",
    kind=RecordKind.TOUCHPOINT,
    rows=lambda user, at: Touchpoint.objects.visible_to(user).select_related("account"),
    search=lambda rows, text, user: rows.filter(subject__contains=text),
    default_sort="-occurred_at",
    columns=(
        ListColumn("subject", "Subject", "text", "subject"),
        ListColumn("occurred_at", "When", "datetime", "occurred_at"),
        ListColumn("account", "Account", "account", "account"),
        ListColumn("body", "Text", "text", "body", kind="touchpoint_body"),
        ListColumn("minutes", "Minutes", "number", "duration_minutes", is_default=False),
    ),
    filters=(
        ListFilter("type", "Type", "choice", "type", choices=[("call", "Call"), ("mail", "Mail")]),
        ListFilter("occurred_at", "When", "datetime", "occurred_at"),
        ListFilter("minutes", "Minutes", "number", "duration_minutes"),
        ListFilter("is_draft", "Draft", "boolean", "is_draft"),
        ListFilter("subject", "Subject", "text", "subject"),
        ListFilter("body", "Text", "text", "body", kind="touchpoint_body"),
    ),
)


def asked(user, address):
    return read_question(TALKS, QueryDict(address), reach=reach_of(user))


def found(user, address):
    rows = rows_asked(TALKS, asked(user, address), user=user, at=NOW)
    return sorted(rows.values_list("subject", flat=True))


@pytest.fixture
def talks(alice):
    account = make_account(team=alice.teams.get())
    for day, (kind, minutes) in enumerate([("call", 10), ("mail", 20), ("visit", 60)], start=1):
        make_touchpoint(
            account=account,
            subject=f"{kind} {day}",
            type=kind,
            duration_minutes=minutes,
            occurred_at=dt.datetime(2026, 6, day, 22, tzinfo=dt.UTC),
        )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["call 1", "mail 2", "visit 3"]),
        ("q=isit", ["visit 3"]),
        ("type=call", ["call 1"]),
        ("type=call&type=mail", ["call 1", "mail 2"]),
        ("minutes_from=20", ["mail 2", "visit 3"]),
        ("minutes_from=20&minutes_to=20", ["mail 2"]),
        ("is_draft=True", []),
        ("subject=AIL", ["mail 2"]),
        ("type=call&subject=mail", []),
    ],
)
def test_rules_of_an_address_keep_the_rows_that_fulfil_all(alice, talks, address, expected):
    assert found(alice, address) == expected


def test_days_of_an_instant_are_those_of_the_reader(alice, talks):
    # 22:00 UTC of the first is seven in the morning of the second in Tokyo.
    with timezone.override("Asia/Tokyo"):
        assert found(alice, "occurred_at_from=2026-06-02&occurred_at_to=2026-06-02") == ["call 1"]
        assert asked(alice, "occurred_at_to=2026-06-02").conditions[0].word == dt.date(2026, 6, 2)


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("type=pigeon", "/type"),
        ("type=call&type=pigeon", "/type"),
        ("is_draft=maybe", "/is_draft"),
        ("occurred_at_from=yesterday", "/occurred_at_from"),
        ("occurred_at_to=2026-02-30", "/occurred_at_to"),
        ("occurred_at_to=9999-12-31", "/occurred_at_to"),
        ("minutes_from=many", "/minutes_from"),
        ("minutes_from=NaN", "/minutes_from"),
        ("minutes_to=1e400", "/minutes_to"),
    ],
)
def test_what_can_not_be_read_is_told_and_left_out(alice, address, pointer):
    question = asked(alice, address)

    assert [fault.pointer for fault in question.faults] == [pointer]
    assert question.conditions == ()


def test_numbers_are_exact(alice):
    assert asked(alice, "minutes_from=0.10").conditions[0].value == Decimal("0.10")


@pytest.mark.parametrize("columns", ["columns=minutes,account", "columns=minutes&columns=account"])
def test_columns_can_be_chosen_and_the_first_one_stays(alice, columns):
    keys = [column.key for column in asked(alice, f"{columns}&columns=invented").columns]

    assert keys == ["subject", "account", "minutes"]


@pytest.mark.parametrize("sort", ["invented", "--subject", "-", "password", "account__name"])
def test_an_order_the_list_does_not_have_is_refused(alice, sort):
    with pytest.raises(UnknownOrder):
        asked(alice, f"sort={sort}")


def test_what_a_policy_hides_is_no_column_no_order_and_no_filter(alice):
    AccessPolicy.objects.create(
        role="member", kind="touchpoint_body", read_scope="none", write_scope="none"
    )

    question = asked(alice, "body=secret&columns=body")

    assert "body" not in [column.key for column in question.columns]
    assert question.conditions == ()
    with pytest.raises(UnknownOrder):
        asked(alice, "sort=body")


def test_what_a_policy_hides_in_some_rows_neither_sorts_nor_filters(alice):
    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="all", write_scope="none"
    )

    question = asked(alice, "body=secret")

    assert "body" not in [column.key for column in question.columns if column.is_sortable]
    assert question.conditions == ()
