import pytest

from scoring.choices import TraitField
from scoring.domain.traits import TRAITS, read_traits

ALL = list(TRAITS)


def test_the_choices_are_the_traits_there_are():
    assert set(TraitField.values) == set(TRAITS)


def test_no_trait_leads_to_a_mail_address():
    said = {"email": "thief@evil.example", "mail": "thief@evil.example", "title": "部長"}

    assert not any("email" in field for field in TRAITS)
    assert read_traits("identify", said, allowed=[*ALL, "contact.email"]) == {"title": "部長"}


def test_only_what_is_allowed_is_read():
    said = {"title": "部長", "phone": "03-0000-0000"}

    assert read_traits("identify", said, allowed=["contact.title"]) == {"title": "部長"}
    assert read_traits("group", said, allowed=ALL) == {}


@pytest.mark.parametrize("value", [None, "", "  ", 7, True, ["部長"], "x" * 121])
def test_a_value_that_does_not_fit_is_left_out(value):
    assert read_traits("identify", {"title": value}, allowed=ALL) == {}
