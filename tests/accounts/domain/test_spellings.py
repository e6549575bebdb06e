"""A person is found however they are written, and nobody else is."""

import re
import time
import unicodedata
from urllib.parse import quote, quote_plus

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.spellings import (
    Spelling,
    either,
    spelled,
    written_address,
    written_names,
    written_number,
)

MOBILE = "090-9876-5432"
MAIL = "ruriko.kujiraoka@customer.example"
#: Texts around a find: no letters, digits or percent signs, which could make it another one.
AROUND = st.text(st.sampled_from("様へ、。「」：! \n電話連絡先"), max_size=6)
BETWEEN_DIGITS = st.text(st.sampled_from(" -()./　‐－−ー・（）"), max_size=3)
BETWEEN_NAMES = st.text(st.sampled_from(" 　,、，・･·.-_/"), max_size=3)
_NARROW = {
    unicodedata.normalize("NFKC", letter): letter for letter in map(chr, range(0xFF66, 0xFF9E))
}


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def half_width(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    marks = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
    return "".join(_NARROW.get(sign, marks.get(sign, sign)) for sign in parts)


def hiragana(text: str) -> str:
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in text)


WIDTHS = st.sampled_from([str, str.upper, str.title, full_width])
KANA = st.sampled_from([str, half_width, hiragana, lambda text: unicodedata.normalize("NFD", text)])
CODES = st.sampled_from([str, quote, quote_plus, lambda text: quote(text).lower()])


def replaced(spelling: Spelling, text: str) -> str:
    return re.sub(spelling.exact, "■", text, flags=re.IGNORECASE)


def finds(spellings: list[Spelling], text: str) -> bool:
    spelling = either(spellings)
    found = re.search(spelling.exact, text, re.IGNORECASE) is not None
    assert re.search(spelling.hint, text, re.IGNORECASE) or not found
    return found


@st.composite
def written_digits(draw, number: str) -> str:
    """Write digits with anything between them, each in a width of its own."""
    signs = [draw(st.sampled_from([str, full_width]))(digit) for digit in number]
    return "".join(sign + draw(BETWEEN_DIGITS) for sign in signs[:-1]) + signs[-1]


@given(
    st.sampled_from([MOBILE, "09098765432", "+81 90-9876-5432", "０９０（９８７６）５４３２"]),
    st.sampled_from(["", "+", "00", "010"]).flatmap(
        lambda front: written_digits("819098765432").map(lambda rest: front + rest)
    )
    | written_digits("09098765432")
    | written_digits("8109098765432"),
    AROUND,
    AROUND,
)
def test_a_number_is_found_however_it_is_typed(on_record, written, before, after):
    text = before + written + after
    found = replaced(either(written_number(on_record)), text)

    assert finds(written_number(on_record), text)
    assert found.replace("+", "") in {before + "■" + after, before.rstrip("(（") + "■" + after}


@given(st.integers(min_value=0, max_value=10**11 - 1).map("{:011}".format), AROUND)
def test_a_number_of_somebody_else_is_not_found(other, around):
    assert finds(written_number(MOBILE), around + other) == (other == "09098765432")


@given(st.text("0123456789０９", min_size=1), st.text("0123456789０９"))
def test_a_longer_string_of_digits_is_not_the_number(before, after):
    assert not finds(written_number("+1 415 555 2671"), f"{before}14155552671{after}")
    assert not finds(written_number("+1 415 555 2671"), f"{after}14155552671{before}")


@pytest.mark.parametrize(
    ("on_record", "written"),
    [
        ("03-1234-5678 (内線 12)", "0312345678"),
        ("代表 03-1234-5678", "03(1234)5678"),
        ("03-1234-5678 / 090-9876-5432", "09098765432"),
        ("819098765432", "090-9876-5432"),
        ("1234-5678", "１２３４－５６７８"),
    ],
)
def test_what_stands_around_a_number_on_record_does_not_matter(on_record, written):
    assert finds(written_number(on_record), f"電話は{written}まで")


@pytest.mark.parametrize("on_record", ["12", "内線 345", "123-456"])
def test_an_extension_alone_is_nobodys_number(on_record):
    assert written_number(on_record) == []


@given(AROUND, WIDTHS, CODES, AROUND)
def test_an_address_is_found_in_any_width_and_code(before, width, code, after):
    assert finds([written_address(MAIL)], before + code(width(MAIL)) + after)


@pytest.mark.parametrize(
    "other",
    [f"x{MAIL}", f"x.{MAIL}", f"{MAIL}s", f"{MAIL}.au", f"９{MAIL}", MAIL.replace(".", "x", 1)],
)
def test_a_longer_address_is_another_one(other):
    assert not finds([written_address(MAIL)], f"Mail to {other}")


@pytest.mark.parametrize("after", [".", ".Thanks", ".pdf", ".次に"])
def test_an_address_is_found_at_the_end_of_a_sentence(after):
    assert finds([written_address(MAIL)], f"Mail to {MAIL}{after}")


@given(
    st.permutations(["クジラオカ", "ガブリエラ"]),
    st.tuples(KANA, KANA),
    BETWEEN_NAMES,
    AROUND,
    AROUND,
)
def test_a_name_is_found_in_any_kana_and_order(parts, ways, between, before, after):
    written = between.join(way(part) for way, part in zip(ways, parts, strict=True))

    assert finds(written_names([("クジラオカ", "ガブリエラ")]), before + written + after)


@given(st.permutations(["Kujiraoka", "José"]), st.tuples(WIDTHS, WIDTHS), BETWEEN_NAMES, CODES)
def test_a_latin_name_is_found_in_any_width_code_and_order(parts, ways, between, code):
    written = between.join(way(part) for way, part in zip(ways, parts, strict=True))

    assert finds(written_names([("Kujiraoka", "José")]), code(f"{written} さん"))
    assert finds(written_names([("Kujiraoka", "José")]), "meet_jose_kujiraoka_2")


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        (("Li", "An"), "a brilliant plan"),
        (("Tanaka", "Ken"), "Tanaka Kenji"),
        (("Tanaka", "Ken"), "Ken Tanakadate"),
        (("鯨岡", "瑠璃子"), "鯨岡太郎と山田瑠璃子"),
        (("林", "一"), "林一郎"),
    ],
)
def test_other_people_are_not_found(pair, text):
    assert not finds(written_names([pair]), text)


@given(st.text(min_size=1))
def test_any_text_finds_itself(text):
    assert re.fullmatch(spelled(text), text, re.IGNORECASE)


@pytest.mark.django_db
@given(
    written_digits("09098765432")
    | st.just("鯨岡，瑠璃子")
    | st.just("ｸｼﾞﾗｵｶ･ｶﾞﾌﾞ")
    | WIDTHS.map(lambda w: f"{w(MAIL)}.Next"),
    CODES,
    AROUND,
    AROUND,
)
def test_the_database_reads_the_expressions_as_python_does(written, code, before, after):
    spellings = [
        written_address(MAIL),
        *written_names([("鯨岡", "瑠璃子"), ("くじらおか", "ガブ")]),
        *written_number(MOBILE),
    ]
    spelling = either(spellings)
    text = before + code(written) + after
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT regexp_replace(%s, %s, '■', 'gi'), %s ~* %s",
            [text, spelling.exact, text, spelling.hint],
        )
        told, is_hinted = cursor.fetchone()

    assert finds(spellings, text)
    assert is_hinted
    assert told == replaced(spelling, text)


@pytest.mark.parametrize("pair", [("-", "-"), ("・", "."), ("?", "？"), ("1", "2"), ("―", "鯨岡")])
def test_what_stands_for_a_name_nobody_knew_is_none(pair):
    assert not written_names([pair])


@pytest.mark.parametrize("sign", ["０", "９"])
def test_a_row_of_coded_digits_is_read_in_no_time(sign):
    (spelling,) = written_number(f"{sign * 9}8")
    started = time.process_time()

    assert re.search(spelling.hint, quote(sign * 10_000), re.IGNORECASE) is None

    assert time.process_time() - started < 5


@given(st.sampled_from(["髙橋", "高橋"]), BETWEEN_NAMES, st.sampled_from(["眞一", "真一"]), CODES)
def test_a_name_is_found_in_each_shape_of_its_kanji(family, between, given_name, code):
    spellings = written_names([("髙橋", "真一")])

    assert finds(spellings, code(family + between + given_name))
    assert not finds(spellings, code("橋本" + between + given_name))
