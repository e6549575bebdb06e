import datetime as dt

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, AttributeDefinition, Contract, DirtyAccount
from accounts.services.accounts import create_account
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.runs import ImportNotAllowed
from tests.accounts.importers.files import (
    AT,
    TODAY,
    counts,
    error_rows,
    faults,
    statements,
    take_in,
)
from tests.factories import make_account, make_contract, make_team, make_user

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


def test_an_arr_for_an_account_with_contracts_is_refused(team):
    make_contract(account=make_account(external_id="A-1", team=team))
    run = take_in("accounts", ["external_id", "arr"], ["A-1", "5"])
    assert faults(run) == [(2, "arr", "has_contracts")]


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


def test_rows_below_a_refused_new_account_are_refused_with_it(team):
    header = [*HEADER, "parent_external_id", "account_owner"]
    run = take_in(
        "accounts",
        header,
        ["A-1", "孫", "A-2", ""],
        ["A-2", "子", "A-3", ""],
        ["A-3", "親", "", "nobody@h.example"],
        ["A-4", "他", "", ""],
    )
    assert counts(run) == (1, 0, 0, 3)
    assert faults(run) == [
        (2, "parent_external_id", "refused_account"),
        (3, "parent_external_id", "refused_account"),
        (4, "account_owner", "unknown_user"),
    ]


def test_circles_are_refused_even_if_a_refused_row_closes_another(team):
    take_in("accounts", [*HEADER, "parent_external_id"], ["Y", "y", ""], ["X", "x", "Y"])
    header = ["external_id", "name", "parent_external_id"]
    run = take_in(
        "accounts", header, ["Z", "z", "X"], ["X", "", "Z"], ["Y", "", "X"], ["W", "w", "W"]
    )
    assert faults(run) == [
        (2, "parent_external_id", "cyclic"),
        (3, "parent_external_id", "cyclic"),
        (4, "parent_external_id", "cyclic"),
        (5, "parent_external_id", "cyclic"),
    ]
    assert Account.objects.get(external_id="Y").parent is None


def test_every_fault_of_a_row_is_named_with_its_row_and_column(team):
    make_team(name="二つ")
    make_team(name="二つ")
    make_account(external_id="OLD", team=team, archived_at=AT)
    header = ["external_id", "name", "tier", "live_on", "arr", "country", "team", "法人番号"]
    run = take_in(
        "accounts",
        header,
        ["A-1", "良い", "a", "2026/04/01", "¥1", "jp", "Sales 1", ""],
        ["A-2", "悪", "z", "令和8年4月1日", "12万", "JPN", "", "1234567890123"],
        ["A-1", "重複", "", "", "", "", "", ""],
        ["", "番号なし", "", "", "", "", "", ""],
        ["A-3", "", "", "", "", "", "", ""],
        ["A-4", "足りない"],
        ["A-5", "組", "", "", "", "JA", "どこ", ""],
        ["A-6", "組", "", "", "", "", "二つ", ""],
        ["OLD", "昔", "", "", "", "", "", ""],
        ["A-7", "あ" * 201, "", "", "", "", "Sales 1", ""],
    )
    assert counts(run)[0] == 1
    assert faults(run) == [
        (3, "arr", "number"),
        (3, "corporate_number", "corporate_number"),
        (3, "country", "country"),
        (3, "live_on", "era"),
        (3, "team", "required"),
        (3, "tier", "choice"),
        (4, "external_id", "duplicate"),
        (4, "team", "required"),
        (5, "external_id", "required"),
        (6, "name", "required"),
        (6, "team", "required"),
        (7, "", "ragged"),
        (8, "country", "country"),
        (8, "team", "unknown_team"),
        (9, "team", "ambiguous_team"),
        (10, "external_id", "archived"),
        (11, "name", "too_long"),
    ]


def test_a_row_with_a_bad_cell_takes_no_place_from_a_good_row(team):
    header = [*HEADER, "tier", "parent_external_id"]
    run = take_in(
        "accounts",
        header,
        ["A-1", "誤り", "z", ""],
        ["A-1", "正しい", "a", ""],
        ["A-2", "親が誤り", "b", "A-3"],
        ["A-3", "誤り", "z", "NOBODY"],
    )

    assert faults(run) == [
        (2, "tier", "choice"),
        (4, "parent_external_id", "refused_account"),
        (5, "parent_external_id", "unknown_account"),
        (5, "tier", "choice"),
    ]
    assert Account.objects.get().name == "正しい"


def test_the_error_file_holds_the_failed_rows_with_reasons_and_without_formulas(team):
    with translation.override("ja"):
        run = take_in(
            "accounts",
            [*HEADER, "tier"],
            ["A-1", "良い", "a"],
            ["A-2", "=cmd|' /C calc'!A0", "z"],
            language="ja",
        )
    header, row = error_rows(run)
    assert header[3:] == [*HEADER, "tier"]
    assert row[:2] == ["3", "ランク"]
    assert "A, B, C" in row[2]
    assert row[3:] == ["A-2", "'=cmd|' /C calc'!A0", "z"]


def test_a_formula_is_a_name_like_any_other(team):
    take_in("accounts", HEADER, ["A-1", "=1+1"])
    assert Account.objects.get().name == "=1+1"


def test_all_or_nothing_stores_nothing_if_a_row_fails(team):
    run = take_in("accounts", [*HEADER, "tier"], ["A-1", "良い", "a"], ["A-2", "悪い", "z"],
                  is_all_or_nothing=True)  # fmt: skip
    assert counts(run) == (0, 0, 0, 1)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([], "empty"),
        ([["name"], ["青嶺"]], "missing"),
        ([["external_id", "name", "会社名"], ["A-1", "a", "b"]], "twice"),
    ],
)
def test_a_file_whose_headers_do_not_do_is_refused(team, rows, fault):
    with pytest.raises(BadImportFile) as caught:
        take_in("accounts", *rows)
    assert caught.value.fault == fault
    assert not Account.objects.exists()


def test_a_mapping_that_names_something_unknown_is_refused(team):
    with pytest.raises(BadImportFile, match="salary"):
        take_in("accounts", HEADER, ["A-1", "a"], mapping={"columns": {"name": "salary"}})


def test_too_many_rows_are_refused(team, settings):
    settings.IMPORT_MAX_ROWS = 2
    with pytest.raises(BadImportFile, match="2 rows"):
        take_in("accounts", HEADER, *([f"A-{n}", "a"] for n in range(3)))
    assert not Account.objects.exists()


def test_a_user_reaches_the_accounts_and_teams_of_their_own_team_only(team):
    user = make_user(team=team)
    other = make_team(name="他課")
    make_account(external_id="FAR", name="遠い", team=other)
    make_account(external_id="NEAR", name="近い", team=team)
    run = take_in(
        "accounts",
        [*HEADER, "team", "parent_external_id"],
        ["FAR", "奪う", "", ""],
        ["NEAR", "近くへ", "", ""],
        ["A-1", "新しい", "", ""],
        ["A-2", "他課へ", "他課", ""],
        ["A-3", "遠い親", "", "FAR"],
        by=user,
    )
    assert counts(run) == (1, 1, 0, 3)
    assert faults(run) == [
        (2, "external_id", "not_found"),
        (5, "team", "unknown_team"),
        (6, "parent_external_id", "unknown_account"),
    ]
    assert Account.objects.get(external_id="A-1").team == team
    assert Account.objects.get(external_id="FAR").name == "遠い"


def test_a_viewer_changes_nothing(team):
    with pytest.raises(ImportNotAllowed):
        take_in("accounts", HEADER, ["A-1", "y"], by=make_user(team=team, role="viewer"))
    assert not Account.objects.exists()


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
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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
