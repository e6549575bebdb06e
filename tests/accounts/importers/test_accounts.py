import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, AttributeDefinition, Contract, DirtyAccount
from accounts.registry import importers
from accounts.services.accounts import create_account
from accounts.services.imports.faults import stored_faults
from tests.accounts.importers.files import (
    AT,
    TODAY,
    counts,
    faults,
    statements,
    take_in,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db

HEADER = ["external_id", "name"]
LATER = AT + dt.timedelta(days=30)


def snapshot():
    """Return all there is, to see that nothing changed."""
    tables = ("account", "accountevent", "accountstatusfact", "accountphasefact", "contract",
              "attributevalue", "contractterm", "dirtyaccount", "accountrole")  # fmt: skip
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t) FROM accounts_{table} t ORDER BY 1")
            rows.append(cursor.fetchall())
    return rows


def test_a_new_row_is_what_the_service_would_have_made(team):
    values = {"name": "株式会社 青嶺精機", "name_kana": "アオミネセイキ", "status": "signed",
              "phase": "onboarding", "tier": "a", "touch_model": "high"}  # fmt: skip
    made = create_account(team=team, external_id="A-1", at=AT, **values)
    header = ["external_id", "team", *values]

    take_in("accounts", header, ["A-2", "営業一課", *values.values()])

    imported = Account.objects.get(external_id="A-2")
    apart = {"id", "external_id", "search_text", "_state"}
    assert {k: v for k, v in vars(imported).items() if k not in apart} == {
        k: v for k, v in vars(Account.objects.get(pk=made.pk)).items() if k not in apart
    }
    assert imported.search_text == made.search_text.replace("a-1", "a-2")
    for facts in ("status_facts", "phase_facts", "attribute_values"):
        columns = [
            name for name in ("status", "phase", "key", "value", "starts_on", "ends_on",
                              "recorded_at", "retracted_at")
            if hasattr(getattr(made, facts).first(), name)
        ]  # fmt: skip
        assert list(getattr(imported, facts).values_list(*columns).order_by("pk")) == list(
            getattr(made, facts).values_list(*columns).order_by("pk")
        )
    assert DirtyAccount.objects.filter(account=imported).exists()


def test_a_japanese_file_from_excel_is_understood(team):
    run = take_in(
        "accounts",
        ["顧客ID", "会社名", "フリガナ", "チーム", "ティア", "備考"],
        ["A-1", "㈱ﾊﾙｶｾﾞ商事", "ﾊﾙｶｾﾞｼｮｳｼﾞ", "営業一課", "Ａ", "こちらは知らない列"],
        encoding="cp932",
    )
    account = Account.objects.get()
    assert (account.name, account.tier, account.team) == ("㈱ハルカゼ商事", "a", team)
    assert run.job.result["ignored"] == ["備考"]
    assert run.job.result["encoding"] == "cp932"


def test_an_absent_column_and_an_empty_cell_change_nothing(team):
    take_in("accounts", [*HEADER, "short_name", "tier"], ["A-1", "青嶺", "青", "a"])
    run = take_in("accounts", [*HEADER, "short_name"], ["A-1", "", ""])
    assert counts(run) == (0, 0, 1, 0)
    account = Account.objects.get()
    assert (account.name, account.short_name, account.tier) == ("青嶺", "青", "a")


def test_an_empty_cell_empties_what_the_mapping_says(team):
    take_in("accounts", [*HEADER, "short_name", "live_on"], ["A-1", "青嶺", "青", "2026-01-01"])
    mapping = {"clear": ["short_name", "live_on"]}
    run = take_in(
        "accounts", [*HEADER, "short_name", "live_on"], ["A-1", "", "", ""], mapping=mapping
    )
    account = Account.objects.get()
    assert counts(run) == (0, 1, 0, 0)
    assert (account.name, account.short_name, account.live_on) == ("青嶺", "", None)


def test_a_mapping_decides_which_column_is_which(team):
    mapping = {"columns": {"Kunde": "name", "name": None}}
    take_in("accounts", ["external_id", "Kunde", "name"], ["A-1", "青嶺", "x"], mapping=mapping)
    assert Account.objects.get().name == "青嶺"


def test_the_same_file_again_changes_nothing_at_all(team):
    file = [
        [*HEADER, "tier", "arr", "parent", "account_manager"],
        ["A-1", "青嶺", "a", "1,200,000", "", make_user(email="m@h.example").email],
        ["A-2", "青嶺販売", "b", "", "A-1", ""],
    ]
    assert counts(take_in("accounts", *file)) == (2, 0, 0, 0)
    before = snapshot()
    assert counts(take_in("accounts", *file, at=LATER)) == (0, 0, 2, 0)
    assert snapshot() == before


def test_a_preview_counts_the_same_and_changes_nothing(team):
    take_in("accounts", HEADER, ["A-1", "青嶺"])
    before = snapshot()
    file = [[*HEADER, "tier", "arr"], ["A-1", "青嶺精機", "a", "1"], ["A-2", "新", "b", "2"],
            ["A-3", "悪", "z", "3"]]  # fmt: skip
    run = take_in("accounts", *file, is_dry_run=True)
    assert counts(run) == (1, 1, 0, 1)
    assert snapshot() == before
    assert counts(take_in("accounts", *file)) == (1, 1, 0, 1)


def test_a_changed_tier_is_a_dated_fact_and_the_old_one_stays_known(team):
    take_in("accounts", [*HEADER, "tier"], ["A-1", "青嶺", "b"])
    take_in("accounts", [*HEADER, "tier"], ["A-1", "", "a"], at=LATER)
    account = Account.objects.get()
    tiers = account.attribute_values.filter(key="tier")
    day = TODAY + dt.timedelta(days=30)
    assert account.tier == "a"
    assert [fact.value for fact in tiers.as_of(TODAY, LATER)] == ["b"]
    assert [fact.value for fact in tiers.as_of(day, LATER)] == ["a"]
    assert [fact.value for fact in tiers.as_of(day, AT)] == ["b"]


def test_a_churned_account_keeps_its_day_and_reason(team):
    take_in("accounts", [*HEADER, "status", "churn_reason"], ["A-1", "青嶺", "churned", "price"])
    account = Account.objects.get()
    assert (account.churned_on, account.churn_reason) == (TODAY, "price")
    take_in("accounts", [*HEADER, "status"], ["A-1", "", "active"], at=LATER)
    account.refresh_from_db()
    assert (account.churned_on, account.churn_reason) == (None, "")


def test_an_arr_makes_a_contract_and_a_changed_one_new_terms(team):
    header = [*HEADER, "ARR", "seats", "contract_starts_on"]
    take_in("accounts", header, ["A-1", "青嶺", "¥1,200,000", "30", "2026/04/01"])
    account = Account.objects.get()
    assert (account.arr, account.mrr, account.licensed_users) == (1_200_000, 100_000, 30)
    assert account.customer_since_on == dt.date(2026, 4, 1)

    take_in("accounts", header, ["A-1", "", "2400000", "", ""], at=LATER)
    account.refresh_from_db()
    assert (account.arr, account.licensed_users) == (2_400_000, 30)
    terms = Contract.objects.get().terms.filter(retracted_at=None).order_by("starts_on")
    assert [term.arr for term in terms] == [1_200_000, 2_400_000]


def test_custom_attributes_are_columns_by_key_and_label(team):
    for key, kind, label in (("region", "text", "地域"), ("stores", "number", "店舗数"),
                             ("vip", "boolean", "重要")):  # fmt: skip
        AttributeDefinition.objects.create(key=key, type=kind, label_ja=label, label_en=key)
    take_in("accounts", [*HEADER, "地域", "店舗数", "attributes.vip"], ["A-1", "青", "関東", "１２", "はい"])  # noqa: E501  # fmt: skip
    take_in("accounts", [*HEADER, "stores"], ["A-1", "", "13"])
    account = Account.objects.get()
    assert account.attributes == {"region": "関東", "stores": 13, "vip": True}
    stores = account.attribute_values.current().filter(key="stores")
    assert [fact.value for fact in stores] == [13]


def test_people_of_ours_are_given_and_handed_over(team):
    anna, ben = make_user(email="anna@h.example"), make_user(email="ben@h.example")
    take_in("accounts", [*HEADER, "CS担当"], ["A-1", "青嶺", "Anna@h.example"])
    run = take_in("accounts", [*HEADER, "CS担当"], ["A-1", "", "ben@h.example"], at=LATER)
    assert counts(run) == (0, 1, 0, 0)
    roles = Account.objects.get().roles.current().order_by("starts_on")
    assert [(role.user, role.ends_on) for role in roles] == [
        (anna, TODAY + dt.timedelta(days=30)),
        (ben, None),
    ]


def test_a_parent_may_stand_anywhere_in_the_file(team):
    header = [*HEADER, "parent_external_id"]
    run = take_in("accounts", header, ["A-1", "子", "A-2"], ["A-2", "親", ""], ["A-3", "孫", "A-1"])
    assert counts(run) == (3, 0, 0, 0)
    assert Account.objects.get(external_id="A-3").parent.parent.name == "親"


def test_a_formula_is_a_name_like_any_other(team):
    take_in("accounts", HEADER, ["A-1", "=1+1"])
    assert Account.objects.get().name == "=1+1"


def test_a_thousand_rows_take_as_many_statements_as_ten(team):
    header = [*HEADER, "tier", "arr", "parent_external_id", "account_manager"]
    manager = make_user(email="m@h.example").email

    def rows(prefix: str, count: int) -> list[list[str]]:
        return [
            [f"{prefix}{n}", f"会社{n}", "a", "1000", f"{prefix}0" if n else "", manager]
            for n in range(count)
        ]

    statements("accounts", header, *rows("W", 2))
    few = statements("accounts", header, *rows("A", 10))
    assert statements("accounts", header, *rows("B", 1000)) == few


#: Half-width kana become what people write (tests/accounts/domain/test_cells.py).
HALF_WIDTH = "".join(map(chr, range(0xFF61, 0xFFA0)))
CELL = st.text(
    st.characters(
        codec="cp932", exclude_categories=["C", "Z"], exclude_characters="¢£¬‖−〜" + HALF_WIDTH
    ),
    min_size=1,
    max_size=40,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    names=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp932"]),
)
def test_what_is_written_in_any_encoding_is_what_is_stored(team, names, encoding):
    Account.objects.all().delete()
    rows = [[f"A-{n}", *texts] for n, texts in enumerate(names)]
    run = take_in("accounts", [*HEADER, "short_name"], *rows, encoding=encoding)
    assert counts(run) == (len(rows), 0, 0, 0)
    stored = Account.objects.order_by("pk").values_list("external_id", "name", "short_name")
    assert [list(row) for row in stored] == rows


@pytest.mark.parametrize(
    "given",
    [{"seats": "20"}, {"contract_starts_on": "2026-04-01"}, {"contract_ends_on": "2027-03-31"}],
)
def test_seats_without_an_arr_say_why_it_is_needed_and_where_to_set_it(given):
    run = take_in("accounts", [*HEADER, *given], ["A-1", "株式会社青嶺", *given.values()])

    assert ("arr", "needs_arr") in [(column, code) for _row, column, code in faults(run)]
    (said,) = [one for one in stored_faults(run.job.result, importers.get("accounts").columns())
               if one.column == "arr"]  # fmt: skip
    assert "kept together with its ARR" in said.reason
    assert "Choose the column" in said.reason
