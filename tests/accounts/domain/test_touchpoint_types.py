import re

from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.touchpoint_types import LONGEST_KEY, new_key


def test_a_key_comes_from_the_english_name_and_is_nobody_elses():
    assert new_key("On-site audit", taken=set()) == "on_site_audit"
    assert new_key("On-site audit", taken={"on_site_audit"}) == "on_site_audit_2"
    assert new_key("朝会", taken=set()) == "type"


@given(label=st.text(max_size=40), taken=st.sets(st.sampled_from(["type", "a", "a_2", "b"])))
def test_every_key_is_short_new_and_made_of_plain_letters(label, taken):
    key = new_key(label, taken=taken)

    assert key not in taken
    assert len(key) <= LONGEST_KEY
    assert re.fullmatch("[a-z0-9_]+", key)
