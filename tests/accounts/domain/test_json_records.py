"""Records are found in any JSON by the paths that lead to them, within limits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.json_records import (
    DEEPEST,
    BodyRefused,
    NoRecords,
    NotAValue,
    forget_in,
    read_json,
    records_in,
    rows_of,
)

NAMES = st.text(st.characters(codec="utf-8", exclude_characters=".\0"), min_size=1).filter(
    lambda name: not name.startswith(("$", "="))
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUES = st.none() | st.booleans() | st.integers() | TEXTS
TREES = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


def leaves(value, path=()):
    """Yield every path that leads to a single value, and what stands there."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, str(place)))
    elif path:
        yield ".".join(path), value


def cell(value):
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(st.lists(st.dictionaries(NAMES, TREES, min_size=1), min_size=1, max_size=4))
def test_every_value_of_every_record_is_found_by_its_path(records):
    body = json.dumps({"data": {"items": records}}).encode()
    columns = {f"{n}": path for n, (path, _) in enumerate(leaves(records[0]))}
    beyond = {f"{n}": f"$.data.items.0.{path}" for n, path in columns.items()}

    document = read_json(body)

    expected = [cell(value) for _, value in leaves(records[0])]
    first = rows_of(document, path="data.items", columns=columns) if _same(records) else None
    assert first is None or first[0] == expected
    assert rows_of(document, path="", columns=beyond) == [expected]
    assert len(records_in(document, "data.items")) == len(records)


def _same(records):
    """A path of the first record may lead to an object in another one."""
    return len(records) == 1


@given(TREES.filter(lambda tree: tree is not None))
def test_a_body_without_a_path_is_one_record(document):
    assert records_in(document, "") == [document]


def test_a_body_that_is_a_list_is_one_record_or_many():
    body = [{"id": 1}, {"id": 2}]

    assert rows_of(body, path="", columns={"external_id": "0.id"}) == [["1"]]
    assert rows_of(body, path="$", columns={"external_id": "id"}) == [["1"], ["2"]]


def test_a_list_of_values_is_one_cell_and_an_object_is_none():
    assert rows_of({"d": ["a", None, "b"]}, path="", columns={"domains": "d"}) == [["a;b"]]
    with pytest.raises(NotAValue) as refusal:
        rows_of([{"n": "x"}, {"n": {"x": 1}}], path="$", columns={"name": "n"})
    assert (refusal.value.number, refusal.value.key) == (2, "name")


@pytest.mark.parametrize("path", ["items", "data.none", "data.items.7", "data.text.x"])
def test_where_nothing_stands_there_are_no_records(path):
    with pytest.raises(NoRecords):
        records_in({"data": {"items": [], "text": "x"}}, path)


def test_numbers_stay_as_they_were_written():
    text = b'{"a": 1e400, "b": 0.10, "c": 123456789012345678901234567890}'

    assert read_json(text) == {"a": "1e400", "b": "0.10", "c": "123456789012345678901234567890"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"\xff", "not_json"),
        (b"[NaN]", "not_json"),
        (b"", "not_json"),
        (b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2), "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b'["\\u0000"]', "unstorable"),
        (b'{"\\ud800": 1}', "unstorable"),
    ],
)
def test_what_could_not_be_kept_is_refused(body, code):
    with pytest.raises(BodyRefused) as refusal:
        read_json(body)
    assert refusal.value.code == code


def test_a_record_that_names_somebody_goes_and_the_others_keep_their_places():
    def names(text):
        return "kaori" in text

    body = {"items": [{"id": "1"}, {"to": {"mail": "kaori@x.example"}}, {"id": "3"}]}

    assert forget_in(body, path="items", names=names) == {"items": [{"id": "1"}, None, {"id": "3"}]}
    assert forget_in({"by": "kaori", "items": [{}]}, path="items", names=names) is None
    assert forget_in({"mail": "kaori@x"}, path="", names=names) is None
    assert forget_in({"mail": "ken@x"}, path="", names=names) == {"mail": "ken@x"}
