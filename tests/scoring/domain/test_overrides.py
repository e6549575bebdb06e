import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.overrides import Given, judge, middle_of

scores = st.floats(0, 100)
givens = st.builds(
    Given, st.sampled_from(["value", "floor", "ceiling"]), scores, st.just(""), scores
) | st.builds(Given, st.just("band"), st.none(), st.sampled_from(["critical", "steady"]), scores)


def test_a_band_stands_for_the_middle_of_its_span():
    assert [middle_of(band) for band in ("critical", "at_risk", "steady", "expansion")] == [
        20,
        50,
        70,
        90,
    ]


@pytest.mark.parametrize(
    ("given_", "happened", "word"),
    [
        (Given("value", 50, "", 76), 58, "nearer"),
        (Given("value", 50, "", 76), 70, "farther"),
        (Given("ceiling", 80, "", 76), 40, "even"),
        (Given("floor", 60, "", 40), 70, "nearer"),
        (Given("band", None, "at_risk", 76), 45, "nearer"),
        (Given("band", None, "at_risk", 76), 61, "farther"),
        (Given("band", None, "at_risk", 76), 0, "nearer"),
    ],
)
def test_what_was_nearer_is_told_by_what_happened(given_, happened, word):
    assert judge(given_, happened=happened) == word


@given(givens)
def test_who_stays_where_the_computed_score_was_was_never_wrong(given_):
    assert judge(given_, happened=given_.start) in {"farther", "even"}


@given(givens)
def test_who_comes_to_the_override_was_never_farther(given_):
    assert judge(given_, happened=given_.score) in {"nearer", "even"}
