import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.domain.names import fold_for_search
from accounts.models import Account, Touchpoint
from config.lib.search import is_gram
from tests.factories import make_account, make_touchpoint

pytestmark = pytest.mark.django_db
NAMES = st.text(alphabet="青嶺精機株式会社あいうアイウabcAB019 .-_%(株)é\\'\n", max_size=24)


def grams(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_grams(%s)", [text])
        return cursor.fetchone()[0]


def begins_a_word(text, word):
    before = {text[place - 1 : place] for place in range(len(text)) if text.startswith(word, place)}
    return any(sign == "" or not (sign.isascii() and sign.isalnum()) for sign in before)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(NAMES, st.text(alphabet="青嶺株式会社あア精機abc019(é", min_size=1, max_size=2))
def test_the_grams_of_a_text_are_the_short_words_it_contains(text, word):
    text, word = fold_for_search(text), fold_for_search(word)
    held = word in set(grams(text))

    if is_gram(word):
        contained = begins_a_word(text, word) if word.isascii() else word in text
        assert held == contained


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("株式会社 青嶺精機", "青嶺"),
        ("株式会社 青嶺精機", "機"),
        ("アオミネ", "ｱｵ"),
        ("HP Japan", "hp"),
        ("日本HP", "hp"),
        ("3M ジャパン", "3M"),
        ("acc-1_2%", "1_2%"),
        ("c:\\temp", "\\t"),
        ("青嶺精機", "青嶺精"),
        ("(株)青嶺", "株)"),
    ],
)
def test_a_word_of_any_length_finds_its_account(text, word):
    wanted = make_account(search_text=fold_for_search(text))
    make_account(search_text="みなとび")

    assert list(Account.objects.search(word)) == [wanted]


@pytest.mark.parametrize(
    ("text", "word"),
    [("aomine", "mi"), ("青嶺精機", "嶺機"), ("acc-12", "1_2"), ("100", "%0"), ("", "青")],
)
def test_what_a_text_does_not_hold_is_not_found(text, word):
    make_account(search_text=text)

    assert not Account.objects.search(word).exists()


def test_a_text_that_changes_changes_its_grams():
    account = make_account(search_text="青嶺")

    Account.objects.update(search_text="春風")

    assert list(Account.objects.search("春風")) == [account]
    assert not Account.objects.search("青嶺").exists()


def test_the_text_of_a_record_beside_it_is_looked_through_too():
    talk = make_touchpoint(account=make_account(search_text="青嶺"))
    make_touchpoint(account=make_account(search_text="春風"))

    assert list(Touchpoint.objects.filter(account__search_text__holds="青嶺")) == [talk]


def test_columns_without_grams_are_refused():
    with pytest.raises(TypeError):
        str(Touchpoint.objects.filter(body__holds="青嶺").query)


def test_short_words_are_answered_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Account.objects.search("青嶺").explain()

    assert "accounts_account_grams" in plan
