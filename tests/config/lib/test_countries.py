import pytest

from config.lib.countries import COUNTRIES, country_choices, country_code


def test_there_are_as_many_countries_as_iso_3166_names():
    assert len(COUNTRIES) == 249
    assert {"JP", "SG", "GB", "TW", "AX"} <= COUNTRIES


@pytest.mark.parametrize(("text", "code"), [("JP", "JP"), ("jp", "JP"), (" sg ", "SG")])
def test_a_code_is_stored_in_capitals(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["Japan", "Ja", "JA", "J1", "", "EU", "ZZ", "392", "ＪＰ"])
def test_what_is_no_country_has_no_code(text):
    assert country_code(text) is None


def test_countries_are_called_as_the_reader_calls_them():
    assert dict(country_choices("ja"))["JP"] == "日本"
    names = [name for _code, name in country_choices("en")]
    assert names.index("Åland Islands") < names.index("Albania") < names.index("Japan")
