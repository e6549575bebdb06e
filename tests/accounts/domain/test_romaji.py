import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.romaji import hiragana_of


@pytest.mark.parametrize(
    ("word", "readings"),
    [
        ("aomine", ["あおみね"]),
        ("fujitsu", ["ふじつ"]),
        ("hujitu", ["ふじつ"]),
        ("hattori", ["はっとり"]),
        ("gumma", ["ぐんま"]),
        ("kanno", ["かんの"]),
        ("shin'ichi", ["しんいち"]),
        ("shinichi", ["しにち", "しんいち"]),
        ("ōta", ["おうた", "おおた"]),
        ("tan", ["たん", "たな", "たに", "たぬ", "たね", "たの"]),
        ("tanak", ["たなか", "たなき", "たなく", "たなけ", "たなこ"]),
        ("matchi", ["まっち"]),
    ],
)
def test_romaji_of_both_spellings_is_read_as_kana_even_unfinished(word, readings):
    assert hiragana_of(word) == readings


@pytest.mark.parametrize("word", ["ab", "ltd", "cloud", "c-100", "青嶺", "あおみね", "x1", ""])
def test_what_is_no_romaji_or_too_short_has_no_reading(word):
    assert hiragana_of(word) == []


@given(st.text(max_size=12))
def test_every_reading_is_hiragana_and_never_empty(word):
    readings = hiragana_of(word)

    assert all(len(one) >= 2 and all("ぁ" <= letter <= "ゔ" for letter in one) for one in readings)
    assert len(readings) == len(set(readings))
