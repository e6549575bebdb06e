"""What an import of accounts refuses: rows with their faults, whole files, and who may not."""

import pytest
from django.utils import translation

from accounts.models import Account
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.runs import ImportNotAllowed
from tests.accounts.importers.files import (
    AT,
    counts,
    error_rows,
    faults,
    take_in,
)
from tests.factories import make_account, make_contract, make_team, make_user

pytestmark = pytest.mark.django_db

HEADER = ["external_id", "name"]


def test_an_arr_for_an_account_with_contracts_is_refused(team):
    make_contract(account=make_account(external_id="A-1", team=team))
    run = take_in("accounts", ["external_id", "arr"], ["A-1", "5"])
    assert faults(run) == [(2, "arr", "has_contracts")]


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
