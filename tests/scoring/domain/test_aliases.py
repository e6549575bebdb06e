from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.aliases import merge_aliases

keys = st.sampled_from("abcdef")


@given(st.lists(st.tuples(keys, keys)))
def test_every_alias_leads_to_a_key_that_is_none(pairs):
    merged = merge_aliases({}, pairs)

    assert not set(merged) & set(merged.values())


@given(st.lists(st.tuples(keys, keys)), st.integers(0, 10))
def test_what_comes_in_two_parts_is_what_comes_at_once(pairs, cut):
    in_parts = merge_aliases(merge_aliases({}, pairs[:cut]), pairs[cut:])

    assert set(in_parts) >= set(merge_aliases({}, pairs[:cut]))
    assert not set(in_parts) & set(in_parts.values())


def test_chains_are_followed_to_their_end():
    assert merge_aliases({"a": "b"}, [("b", "c")]) == {"a": "c", "b": "c"}


def test_a_circle_says_nothing_new():
    assert merge_aliases({"a": "b"}, [("b", "a")]) == {"a": "b"}
    assert merge_aliases({}, [("a", "a")]) == {}


def test_the_last_word_counts():
    assert merge_aliases({"a": "b"}, [("a", "c")]) == {"a": "c"}
