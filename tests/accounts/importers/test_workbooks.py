"""Excel workbooks: values as typed, formulas as their results, bombs and damage refused."""

import datetime as dt
import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from django.core.files.base import ContentFile, File

from accounts.models import Account, Contract, ImportRun
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.runs import ImportOrder, import_here
from tests.accounts.importers.files import AT, counts, csv_bytes, faults, take_in
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def workbook(**sheets) -> bytes:
    """Return a workbook; a tuple is a formula and its result."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    era = book.add_format({"num_format": '[$-411]ggge"年"m"月"d"日"'})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write_formula(y, x, cell[0], None, cell[1])
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(y, x, cell, era)
                else:
                    sheet.write(y, x, cell)
    book.close()
    return file.getvalue()


def take(kind: str, data: bytes, **order) -> ImportRun:
    what = ImportOrder(kind=kind, file_name="file.xlsx", **order)
    return import_here(order=what, file=ContentFile(data, "file.xlsx"), at=AT)


def refused(data: bytes, **order) -> str:
    with pytest.raises(BadImportFile) as caught:
        take("accounts", data, **order)
    assert not Account.objects.exists()
    return caught.value.fault


def test_dates_numbers_and_results_of_formulas_are_taken_as_they_are_shown(team):
    make_account(external_id="A-1", team=team)
    data = workbook(契約=[
        ["契約ID", "顧客ID", "年額", "開始日", "終了日", "席数"],
        [10045, "A-1", 1200000.5, dt.date(2026, 4, 1), dt.date(2027, 3, 31), ("=5*10", 50)],
    ])  # fmt: skip
    assert counts(take("contracts", data)) == (1, 0, 0, 0)
    contract = Contract.objects.get()
    term = contract.terms.get()
    assert (contract.external_id, contract.starts_on) == ("10045", dt.date(2026, 4, 1))
    assert (float(term.arr), term.seats) == (1200000.5, 50)


def test_a_formula_is_its_result_and_nothing_is_calculated(team):
    data = workbook(
        a=[["external_id", "name"], ["A-1", ('=HYPERLINK("http://x.example")', "青嶺")]]
    )
    take("accounts", data)
    assert Account.objects.get().name == "青嶺"


def test_the_sheet_is_chosen_by_name_and_else_the_first_with_rows(team):
    data = workbook(表紙=[], 今年=[["external_id", "name"], ["A-1", "青嶺"]],
                    去年=[["external_id", "name"], ["A-2", "港"]])  # fmt: skip
    run = take("accounts", data)
    assert (run.job.result["sheet"], run.job.result["sheets"]) == ("今年", ["表紙", "今年", "去年"])
    take("accounts", data, sheet="去年")
    assert set(Account.objects.values_list("external_id", flat=True)) == {"A-1", "A-2"}
    with pytest.raises(BadImportFile, match="no sheet “来年”"):
        take("accounts", data, sheet="来年")


def test_rows_are_counted_as_the_spreadsheet_counts_them(team):
    data = workbook(
        a=[[], ["external_id", "name", "tier"], [], ["A-1", "青嶺", "z"], ["A-2", "港", "a"]]
    )
    run = take("accounts", data)
    assert faults(run) == [(4, "tier", "choice")]
    assert run.error_file


@pytest.mark.parametrize(
    "era", ["令和8年4月1日", "R8.4.1", "昭和63年1月7日", "Ｈ３０．４．１", "㋿8年4月1日"]
)
def test_a_year_of_an_era_is_refused_with_its_row(team, era):
    data = workbook(a=[["external_id", "name", "live_on"], ["A-1", "青嶺", "2026/4/1"],
                       ["A-2", "港", era]])  # fmt: skip
    assert faults(take("accounts", data)) == [(3, "live_on", "era")]


def test_a_small_file_that_unpacks_to_much_is_refused_before_it_does(team, settings):
    settings.IMPORT_MAX_UNPACKED_BYTES = 5_000_000
    good = workbook(a=[["external_id", "name"], ["A-1", "青嶺"]])
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(bomb, "w", 8) as target:
        for entry in source.infolist():
            target.writestr(entry, source.read(entry))
        target.writestr("xl/worksheets/sheet9.xml", b" " * 50_000_000)
    assert len(bomb.getvalue()) < 100_000
    assert refused(bomb.getvalue()) == "unpacked"


def test_a_bomb_that_lies_about_its_size_is_found_out(team, settings):
    settings.IMPORT_MAX_UNPACKED_BYTES = 5_000_000
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", 8) as target:
        target.writestr("xl/workbook.xml", b"<workbook/>")
        target.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    real, told = (50_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert bomb.getvalue().count(real) == 2
    assert refused(bomb.getvalue().replace(real, told)) in {"no_workbook", "unpacked"}


def test_a_cell_at_the_far_corner_does_not_fill_the_memory(team):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["external_id", "name"])
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert refused(file.getvalue()) == "wide_sheet"


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("azz90000", "xl/worksheets/sheet1.xml"),
        ("AZZ0000090000", "xl/worksheets/sheet1.xml"),
        ("AZZ90000", "xl/pages/one.xml"),
        ("AZZ90000", "XL/Worksheets/sheet1.xml"),
    ],
)
def test_nor_does_one_that_is_written_or_filed_in_another_way(team, place, name):
    good = workbook(a=[["external_id", "name"], ["A-1", "青嶺"]])
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(bomb, "w", 8) as target:
        for entry in source.namelist():
            filed = name if entry == "xl/worksheets/sheet1.xml" else entry
            text = source.read(entry).replace(b'r="B2"', f'r="{place}"'.encode())
            inside = name.removeprefix("xl/").encode()
            target.writestr(filed, text.replace(b"worksheets/sheet1.xml", inside))
    assert refused(bomb.getvalue()) == "wide_sheet"


@pytest.mark.parametrize("other", ["xl/workbook.bin", "content.xml"])
def test_a_workbook_of_another_kind_beside_it_is_never_read(team, other):
    file = io.BytesIO(workbook(a=[["external_id", "name"], ["A-1", "青嶺"]]))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(other, b"x")
    assert refused(file.getvalue()) == "no_workbook"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"PK\x03\x04 and then nothing", "no_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_spreadsheet"),
        (workbook(a=[]), "empty"),
        (workbook(a=[["external_id", "name"], ["A-1", "青嶺"]])[:-80], "no_workbook"),
    ],
)
def test_what_is_no_workbook_says_so(team, data, fault):
    assert refused(data) == fault


def test_a_zip_of_something_else_is_no_workbook(team):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    assert refused(file.getvalue()) == "no_workbook"


def test_too_many_rows_of_a_sheet_are_refused(team, settings):
    settings.IMPORT_MAX_ROWS = 1
    rows = [["external_id", "name"], ["A-1", "青嶺"], ["A-2", "港"]]
    assert refused(workbook(a=rows)) == "too_many_rows"


def test_a_file_of_two_gigabytes_is_refused_without_being_read(team, tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as sparse:
        sparse.truncate(2 << 30)
    order = ImportOrder(kind="accounts", file_name="large.csv")
    tracemalloc.start()
    with path.open("rb") as file, pytest.raises(BadImportFile) as caught:
        import_here(order=order, file=File(file), at=AT)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.fault == "too_large"
    assert peak < 5_000_000
    assert not ImportRun.objects.exists()


def test_a_wrong_cell_in_row_seventy_thousand_is_named_and_nothing_is_half_done(team):
    rows = [[f"A-{n}", "青嶺", ""] for n in range(70_000)]
    rows[69_998][2] = "いつか"
    run = take_in("accounts", ["external_id", "name", "live_on"], *rows, is_all_or_nothing=True)
    assert faults(run) == [(70_000, "live_on", "date")]
    assert not Account.objects.exists()


def test_damaged_bytes_in_row_seventy_thousand_store_nothing_of_the_rows_before(team):
    rows = [[f"A-{n}", "青嶺"] for n in range(70_000)]
    data = csv_bytes(["external_id", "name"], *rows)
    lines = data.split(b"\r\n")
    lines[69_999] += b"\xff\xfe"
    with pytest.raises(BadImportFile, match="Line 70000"):
        take("accounts", b"\r\n".join(lines))
    assert not Account.objects.exists()


def test_an_id_that_comes_twice_names_the_row_it_came_in_first(team):
    data = workbook(a=[["external_id", "name"], ["A-1", "青嶺"], ["A-2", "港"], ["A-1", "青嶺二"]])
    run = take("accounts", data)
    assert faults(run) == [(4, "external_id", "duplicate")]
    assert run.job.result["errors"][0]["hint"] == "2"
    assert Account.objects.get(external_id="A-1").name == "青嶺"


def test_half_width_kana_become_what_people_write_and_ids_stay_as_they_are(team):
    take(
        "accounts",
        workbook(a=[["external_id", "name", "name_kana"], ["ｱ-1", "ﾊﾙｶｾﾞ商事㈱", "ﾊﾙｶｾﾞ"]]),
    )
    account = Account.objects.get()
    assert (account.external_id, account.name, account.name_kana) == (
        "ｱ-1", "ハルカゼ商事㈱", "ハルカゼ",
    )  # fmt: skip
