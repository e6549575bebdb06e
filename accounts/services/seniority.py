"""The words that make a title one of a level."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import Seniority
from accounts.domain.seniority import folded_words
from accounts.models import Organisation, SeniorityWords, User
from accounts.selectors.seniority import seniority_words, shipped_words
from accounts.services.authors import written_by
from config.lib.problems import FieldError, Problem

#: Letters of a word, and of the words of all levels together: the database reads them as one
#: expression, whose size goes by the square of them.
LONGEST, MOST = 120, 5_000


class BadTitleWords(Problem):
    """Words that would be too many to look through, or one that is none."""

    code = "bad_title_words"
    title = _("Give words of at most 120 characters, all levels together at most 5,000.")


def write_seniority(*, words: Mapping[str, Sequence[str]], by: User | None = None) -> None:
    """Say which words stand for the levels; what is as shipped goes on following what is shipped.

    :raises BadTitleWords: for a word too long, or too many of them.
    """
    with written_by(by):
        Organisation.objects.take_turn()
        for level, ones in words.items():
            _write(Seniority(level), ones)
        _refuse_too_many()


def add_title_word(*, word: str, level: Seniority | str, by: User | None = None) -> None:
    """Let one more word stand for a level; twice is once.

    :raises BadTitleWords: for a word too long, or one too many.
    """
    with written_by(by):
        Organisation.objects.take_turn()
        words = seniority_words()[Seniority(level)]
        if word not in words:
            _write(Seniority(level), [*words, word])
            _refuse_too_many()


def _write(level: Seniority, given: Sequence[str]) -> None:
    words = list(dict.fromkeys(word.strip() for word in given if word.strip()))
    if any(len(word) > LONGEST for word in words):
        raise BadTitleWords(errors=[FieldError(f"/{level}", BadTitleWords.title)])
    if words == shipped_words(level):
        SeniorityWords.objects.filter(level=level).delete()
    else:
        SeniorityWords.objects.update_or_create(level=level, defaults={"words": words})


def _refuse_too_many() -> None:
    if sum(map(len, folded_words(seniority_words()))) > MOST:
        raise BadTitleWords
