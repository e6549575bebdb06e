from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.invitation_mail import Addressee, address
from surveys.domain.wording import fill

PERSON = Addressee("株式会社青嶺精機", "経営企画部", "課長", "水上", "隆")


def test_names_are_filled_and_unknown_ones_left_out():
    assert fill("{{product}}と{{nothing}}", {"product": "Monorhythm"}) == "Monorhythmと"


def test_a_value_brings_no_placeholder_to_life():
    assert fill("{{a}}", {"a": "{{b}}", "b": "secret"}) == "{{b}}"


def test_links_stay_for_the_outbox_to_fill():
    assert fill("/s/{{link:answer}}/", {"link": "x"}) == "/s/{{link:answer}}/"


@given(st.text(alphabet=st.characters(exclude_characters="{}")))
def test_text_without_placeholders_stays(text):
    assert fill(text, {"product": "x"}) == text


def test_a_japanese_addressee_has_a_line_for_each_part_and_an_honorific():
    assert address(PERSON, language="ja") == "株式会社青嶺精機\n経営企画部\n課長\n水上 隆 様"


def test_a_company_without_a_person_is_addressed_as_such():
    nobody = Addressee("株式会社青嶺精機", "", "", "", "")

    assert address(nobody, language="ja") == "株式会社青嶺精機 御中"
    assert address(nobody, language="en") == "Hello"


def test_in_english_the_given_name_greets():
    assert address(Addressee("Helios", "", "", "Ong", "Mei"), language="en") == "Dear Mei"
