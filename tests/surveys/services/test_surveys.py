import pytest
from django.db import IntegrityError, transaction

from surveys.models import Survey
from surveys.registry import LANGUAGES, TEXT_KEYS, kinds
from surveys.services.surveys import ModeNotOffered, WordingIncomplete, create_survey
from tests.surveys.factories import AT, make_survey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["anonymous", "confidential", "secret"])
def test_nothing_may_call_itself_anonymous_yet(mode):
    with pytest.raises(ModeNotOffered) as caught:
        create_survey(kind="nps", name="NPS", mode=mode, at=AT)

    assert caught.value.errors[0].pointer == "/mode"
    assert not Survey.objects.exists()


def test_not_even_a_direct_write_makes_a_survey_anonymous():
    survey = make_survey()

    with pytest.raises(IntegrityError, match="surveys_only_identified_yet"), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(mode="anonymous")


def test_a_survey_starts_with_the_wording_of_its_kind_and_takes_changes():
    survey = make_survey(texts={"en": {"title": "Your view"}})

    assert survey.texts["en"]["title"] == "Your view"
    assert survey.texts["ja"]["title"] == "{{product}}に関するアンケート"


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        ({"ja": {"title": " "}}, "/texts/ja/title"),
        ({"fr": {"title": "x"}}, "/texts/fr/title"),
        ({"en": {"tittle": "x"}}, "/texts/en/tittle"),
    ],
)
def test_a_gap_in_the_wording_is_named(texts, pointer):
    with pytest.raises(WordingIncomplete) as caught:
        make_survey(texts=texts)

    assert [fault.pointer for fault in caught.value.errors] == [pointer]


@pytest.mark.parametrize("key", list(kinds))
def test_every_kind_says_everything_in_both_languages_and_nowhere_claims_anonymity(key):
    kind = kinds.get(key)

    assert kind.key == key
    for language in LANGUAGES:
        assert sorted(kind.texts[language]) == sorted(TEXT_KEYS)
        wording = "".join(kind.texts[language].values())
        assert "匿名" not in wording
        assert "is anonymous" not in wording
        assert "{{survey_url}}" in kind.texts[language]["mail_body"]
        assert "{{unsubscribe_url}}" in kind.texts[language]["mail_body"]
    assert list(kind.scale) == sorted(set(kind.scale))
    if kind.asks_satisfaction:
        assert len(kind.texts["ja"]["satisfaction_levels"].splitlines()) == 5
