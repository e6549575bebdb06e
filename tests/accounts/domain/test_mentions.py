import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.mentions import mentioned

NAMES = {
    1: ["佐伯直人", "佐伯", "Naoto Saeki", "Saeki", "saeki"],
    2: ["林さくら", "林", "hayashi"],
    3: ["Daniel Osei", "Osei Daniel", "Osei", "daniel.osei"],
    4: ["森拓也", "森"],
    5: ["森恵", "森"],
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@佐伯 直人 見積をお願いします", [1]),
        ("@佐伯直人さん、@林 へ", [1, 2]),
        ("＠佐伯様にも共有", [1]),
        ("cc @daniel osei, please", [3]),
        ("cc @Daniel.Osei.", [3]),
        ("@SAEKI and @saeki again", [1]),
        ("@林田さんは先方のご担当", []),
        ("@森 ではどちらか分からない", []),
        ("@森恵 なら分かる", [5]),
        ("mail to someone@saeki.example", []),
        ("@saekimoto is another", []),
        ("@ 佐伯", []),
        ("佐伯 without a mark", []),
        ("@", []),
    ],
)
def test_a_colleague_is_named_by_a_mark_and_a_name(text, found):
    assert mentioned(text, NAMES) == found


@given(st.text(alphabet="@ab 佐伯林 \n", max_size=40))
def test_only_known_people_are_named_each_once(text):
    found = mentioned(text, {1: ["佐伯"], 2: ["林"], 3: ["ab"]})

    assert len(found) == len(set(found)) <= text.count("@")


@given(st.sampled_from(sorted(NAMES[1] + NAMES[3])), st.text(alphabet="あ、。 \n", max_size=5))
def test_a_name_counts_wherever_it_stands(name, around):
    assert len(mentioned(f"{around}@{name}{around}", NAMES)) == 1
