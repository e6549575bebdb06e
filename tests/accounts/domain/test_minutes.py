import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.minutes import Section, is_internal, mail_copy, without_internal_lines

LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20), max_size=8
)


def test_internal_lines_are_left_out_in_both_languages_and_any_width():
    text = "決定しました。\n社内:値引きは不可\nINTERNAL: no\n  社内:控え\nNext: call"

    assert without_internal_lines(text) == "決定しました。\nNext: call"


@given(kept=LINES, ours=LINES)
def test_nothing_internal_ever_reaches_the_mail_and_all_else_does(kept, ours):
    marked = [f"社内:{line}" for line in ours]
    text = "\n".join([*kept, *marked])

    shown = without_internal_lines(text).splitlines()

    assert not any(is_internal(line) for line in shown)
    assert [line for line in shown if line] == [
        line for line in "\n".join(kept).splitlines() if line and not is_internal(line)
    ]


def test_parts_that_say_nothing_are_left_out():
    sections = [Section("Purpose", ""), Section("", "Fine"), Section("To-dos", "Internal: x")]

    assert mail_copy(subject="Review", sections=sections) == "Review\n\nFine"


@pytest.mark.parametrize("line", ["- 社内:見積を確認", "・ Internal: check", "  * internal: x"])
def test_a_to_do_of_ours_alone_is_internal_behind_its_bullet(line):
    assert is_internal(line)
