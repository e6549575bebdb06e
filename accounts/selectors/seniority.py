"""The level a contact has by their title: the words for it, and the titles without one."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from django.db.models import Count, F, Func, TextField, Value

from accounts.choices import Seniority
from accounts.domain.seniority import folded_words, level_of, words_pattern
from accounts.models import Contact, SeniorityWords
from config.lib.folding import Folded
from config.lib.once import once

STARTER = Path(__file__).parent.parent / "starter" / "seniority"
#: The most frequent ones are shown; once they have a level the next come up.
MOST_TITLES = 100


@dataclass(frozen=True)
class TitleLevel:
    """A level with the words that stand for it; `is_changed` when they are not those shipped."""

    key: str
    words: list[str]
    is_changed: bool
    is_shipped: ClassVar[bool] = True


@dataclass(frozen=True)
class UnknownTitle:
    """A title no word of which stands for a level, and how many contacts have it."""

    title: str
    contacts: int


class LevelOfTitle(Func):
    """The level of a folded title, NULL where no word stands for one; equal to `level_of`."""

    template = "(%(expressions)s)"
    arg_joiner = "::jsonb ->> "

    def __init__(self, title: str) -> None:
        words = _folded()
        first = Func(Folded(title), Value(words_pattern(words)), function="substring")
        super().__init__(Value(json.dumps(words)), first, output_field=TextField())


def seniority_words() -> dict[str, list[str]]:
    """Return the words of each level, from the top down: the organisation's, or as shipped."""
    own = dict(SeniorityWords.objects.values_list("level", "words"))
    return {level: own.get(level, shipped_words(level)) for level in Seniority.values}


def title_levels() -> list[TitleLevel]:
    """Return the levels from the top down."""
    words = seniority_words()
    return [TitleLevel(key, ones, ones != shipped_words(key)) for key, ones in words.items()]


@cache
def shipped_words(level: str) -> list[str]:
    """Return the words of a level as they are shipped."""
    words: list[str] = json.loads((STARTER / f"{level}.json").read_text("utf-8"))["words"]
    return words


def seniority_of(title: str) -> str:
    """Return the level of a title, in one query a request; empty where no word stands for one."""
    return level_of(title, _folded()) if title else ""


def unknown_titles() -> list[UnknownTitle]:
    """Return the titles without a level, the most frequent first."""
    rows = (
        Contact.objects.filter(archived_at=None)
        .exclude(title="")
        .annotate(level=LevelOfTitle("title"))
        .filter(level=None)
        .values("title")
        .annotate(contacts=Count("pk"))
        .order_by(F("contacts").desc(), "title")
    )
    return [UnknownTitle(row["title"], row["contacts"]) for row in rows[:MOST_TITLES]]


def _folded() -> dict[str, str]:
    return once("seniority", lambda: folded_words(seniority_words()))
