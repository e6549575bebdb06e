"""The words that make a title one of a level."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import Seniority
from accounts.models import Organisation, SeniorityWords, User
from accounts.selectors.seniority import seniority_words, shipped_words
from accounts.services.authors import written_by
from config.lib.problems import FieldError, Problem

LONGEST, MOST = 120, 500


class BadTitleWords(Problem):
    """A list of words that would be too long to look through, or a word that is none."""

    code = "bad_title_words"
    title = _("Give at most 500 words of at most 120 characters.")


def write_seniority(*, words: Mapping[str, Sequence[str]], by: User | None = None) -> None:
    """Say which words stand for the levels; what is as shipped goes on following what is shipped.

    :raises BadTitleWords: for a word too long, or too many of them.
    """
    with written_by(by):
        Organisation.objects.take_turn()
        for level, ones in words.items():
            _write(Seniority(level), ones)


def add_title_word(*, word: str, level: Seniority | str, by: User | None = None) -> None:
    """Let one more word stand for a level; twice is once."""
    with written_by(by):
        Organisation.objects.take_turn()
        words = seniority_words()[Seniority(level)]
        if word not in words:
            _write(Seniority(level), [*words, word])


def _write(level: Seniority, given: Sequence[str]) -> None:
    words = list(dict.fromkeys(word.strip() for word in given if word.strip()))
    if len(words) > MOST or any(len(word) > LONGEST for word in words):
        raise BadTitleWords(errors=[FieldError(f"/{level}", BadTitleWords.title)])
    if words == shipped_words(level):
        SeniorityWords.objects.filter(level=level).delete()
    else:
        SeniorityWords.objects.update_or_create(level=level, defaults={"words": words})
