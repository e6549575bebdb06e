import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.wire import BodyRefused, NotANumber, pack, read_object, unpack

LIMIT = 1_000


def code_of(read, *args, **kwargs):
    try:
        read(*args, **kwargs)
    except BodyRefused as refusal:
        return refusal.code
    return None


@given(st.binary(max_size=LIMIT))
def test_what_is_packed_unpacks_to_itself(text):
    assert unpack(pack(text), limit=LIMIT) == text
    assert unpack(gzip.compress(text), limit=LIMIT) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_unpacked_or_refused(body):
    assert code_of(unpack, body, limit=LIMIT) in {None, "broken_gzip", "too_large"}


def test_the_limit_is_the_last_length_taken():
    assert unpack(pack(b" " * LIMIT), limit=LIMIT)
    with pytest.raises(BodyRefused, match="too_large"):
        unpack(pack(b" " * (LIMIT + 1)), limit=LIMIT)


@given(st.binary(max_size=200))
def test_any_text_is_an_object_or_refused(text):
    assert code_of(read_object, text) in {None, "not_utf8", "not_json", "not_an_object"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\xff", "not_utf8"),
        (b'{"a": }', "not_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not_json"),
        (b"[" * 200_000, "too_deep"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
    ],
)
def test_what_can_not_be_read_says_why(text, code):
    with pytest.raises(BodyRefused, match=code):
        read_object(text)


def test_a_byte_order_mark_is_no_fault():
    assert read_object(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_words_that_are_no_numbers_are_kept_for_their_item_to_be_refused(word):
    assert isinstance(
        read_object(json.dumps({"a": word}).replace(f'"{word}"', word).encode())["a"], NotANumber
    )
