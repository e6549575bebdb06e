"""Files are read as people's programs write them, or refused naming the line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.csv_text import BadText, detect_encoding, read_rows

JAPANESE = "顧客ID,会社名\nA-1,株式会社青嶺精機\nA-2,ﾊﾙｶｾﾞ商事㈱\n"
#: Without the six that cp932 itself writes and reads as different characters.
CP932_LETTERS = st.text(
    st.characters(
        codec="cp932", exclude_categories=["Cc", "Cs", "Co"], exclude_characters="¢£¬‖−〜"
    ),
    max_size=12,
)


def read(data: bytes) -> list[list[str]]:
    file = io.BytesIO(data)
    return [row.cells for row in read_rows(file, detect_encoding(file))]


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_each_encoding_gives_the_same_rows_half_width_kana_included(encoding):
    assert read(JAPANESE.encode(encoding))[2] == ["A-2", "ﾊﾙｶｾﾞ商事㈱"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@given(rows=st.lists(st.lists(CP932_LETTERS, min_size=2, max_size=2), max_size=5))
def test_what_a_program_writes_is_what_is_read(encoding, rows):
    rows = [["id", "名前,会社名"], *rows]
    data = written(rows).encode(encoding)
    assert read(data) == [row for row in rows if any(row)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_separate_cells(delimiter):
    assert read(written([["a", "b"], ["1", "x"]], delimiter).encode()) == [["a", "b"], ["1", "x"]]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    file = io.BytesIO(b'a,b\n"two\nlines",1\n\n3,4\n')
    assert [row.number for row in read_rows(file, "utf-8")] == [1, 2, 4]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        ("名前\n青嶺精機という会社の名前\n".encode() * 9 + b"A,\xff\xfe\n", "not_utf_8", 19),
        (b"\xef\xbb\xbfid\nA,\xff\n", "not_utf_8", 2),
        ("会社名\n青嶺\n".encode("cp932") + b"\x81\n\xff", "no_encoding", 3),
        (b"id,name\n1,a\0b\n", "nul", 2),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old_spreadsheet", 0),
        ("id\n1\n".encode("utf-16"), "utf_16", 0),
        (b'id,name\n1,a\n2,"b\n3,c\n', "quotes", 3),
        (b'id,name\n1,"a"b\n', "quotes", 2),
        (b"id,name\n1," + b"x" * 140_000 + b"\n", "long_cell", 2),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_naming_the_line(data, code, line):
    with pytest.raises(BadText) as caught:
        read(data)
    assert (caught.value.code, caught.value.line) == (code, line)


def test_a_fault_behind_the_first_megabyte_is_found_before_any_row_is_handed_out():
    data = "id,名前\n".encode() + "1,青嶺\n".encode() * 200_000 + b"2,\xff\n"
    with pytest.raises(BadText) as caught:
        detect_encoding(io.BytesIO(data))
    assert caught.value.line == 200_002
