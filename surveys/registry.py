"""What a kind of survey is, and the kinds there are (`surveys/kinds/`, one file each)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.lib.registry import Registry

LANGUAGES = ("ja", "en")

#: What a survey says, per language; `{{product}}` and its like are filled when shown or sent.
TEXT_KEYS = (
    "title",
    "question",
    "lowest",
    "highest",
    "reason",
    "reason_hint",
    "satisfaction",
    "satisfaction_levels",
    "purpose",
    "thanks",
    "mail_subject",
    "mail_body",
)


@dataclass(frozen=True, eq=False)
class SurveyKind:
    """A kind: the scale of its main question and the wording a new survey starts with.

    :param scale: the values the main question offers, lowest first.
    :param content_from: the least value that counts as content; their share is the top box.
    :param asks_satisfaction: whether the optional question about our team follows.
    :param texts: by language, one text for each of `TEXT_KEYS`.
    """

    key: str
    label: Any
    scale: tuple[int, ...]
    content_from: int
    asks_satisfaction: bool
    texts: Mapping[str, Mapping[str, str]]


kinds: Registry[SurveyKind] = Registry("survey kind")


def kind_choices() -> list[tuple[str, Any]]:
    """Return (key, label) of every kind; a function, so that a new kind needs no migration."""
    return [(key, kind.label) for key, kind in kinds.items()]
