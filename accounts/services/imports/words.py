"""The words of files in both languages: headers and choices, as people call them on the pages."""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.domain.cells import CellFault, CellParser, fold_word, text_cell, word_cell
from accounts.domain.import_columns import Column
from accounts.domain.web_domains import fold_domain

_HOST = re.compile(r"^https?://(?:www\.)?([^/]+).*$", re.IGNORECASE)
_PARTED = re.compile(r"[\s,;、；，]+")
YES = ("yes", "true", "1", "y", "t", "on", "はい", "有", "あり", "○", "〇", "する")
NO = ("no", "false", "0", "n", "f", "off", "いいえ", "無", "なし", "×", "しない")
#: What a file calls the id its sender knows an account by, whatever its rows are.
ACCOUNT_ID_WORDS = (
    "account id",
    "customer id",
    "顧客id",
    "顧客コード",
    "顧客番号",
    "取引先コード",
    "会社コード",
)


def header_words(columns: Sequence[Column]) -> dict[str, str]:
    """Return every folded header that is understood, with the key of its column.

    Own words come before labels: two labels may read alike where the headers do not.
    """
    words: dict[str, str] = {}
    for column in columns:
        for name in (column.key, *column.headers):
            words.setdefault(fold_word(name), column.key)
    for column in columns:
        for name in in_every_language(column.label):
            words.setdefault(fold_word(name), column.key)
    return words


def in_every_language(label: Any) -> list[str]:
    """Return a translated text in each language of the product."""
    words = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words.append(str(label))
    return words


class LabelledCell:
    """Takes words for stored values, and knows what people call each value."""

    def __call__(self, text: str) -> str:
        """Return the stored value for a word."""
        raise NotImplementedError

    def label(self, value: str) -> str:
        """Return what people call the value, in the active language."""
        raise NotImplementedError


class ChoiceCell(LabelledCell):
    """Takes a stored value, a label in any language or another word; knows each value's label."""

    def __init__(self, choices: type[TextChoices], others: dict[str, str]) -> None:
        self.choices, self.others = choices, others

    def __call__(self, text: str) -> str:
        return _parser(self.choices, self.others)(text)

    def labels(self) -> list[str]:
        """Return what people call all values, in the active language."""
        return [str(label) for label in self.choices.labels]

    def label(self, value: str) -> str:
        return str(self.choices(value).label) if value in self.choices.values else value


def choice_cell(choices: type[TextChoices], **others: str) -> ChoiceCell:
    """Take a stored value, a label in any language, or one of `others` (word=value)."""
    return ChoiceCell(choices, others)


def account_id_column(*, is_required: bool = False, others: Sequence[str] = ()) -> Column:
    """Return the column that says whose a row is, by the id of the account; `others` call it so."""
    return Column(
        "account_external_id",
        _("id of the account"),
        text_cell(128),
        ("account", *ACCOUNT_ID_WORDS, *others),
        is_required=is_required,
        is_key=True,
    )


def domains_cell(text: str) -> str:
    """Take mail or web domains or addresses of sites, parted by commas, semicolons or spaces.

    :raises CellFault: for a part that is none of these.
    """
    domains = [fold_domain(_HOST.sub(r"\1", part)) for part in _PARTED.split(text) if part]
    if None in domains:
        raise CellFault("domain")
    return ";".join(dict.fromkeys(domain for domain in domains if domain))


def yes_or_no_cell(text: str) -> str:
    """Take yes or no in the words and signs people use for it.

    :raises CellFault: for any other word.
    """
    word = fold_word(text)
    if word in _YES:
        return "true"
    if word in _NO:
        return "false"
    raise CellFault("yes_or_no")


_YES = frozenset(map(fold_word, YES))
_NO = frozenset(map(fold_word, NO))
_parsers: dict[tuple[object, ...], CellParser] = {}


def _parser(choices: type[TextChoices], others: dict[str, str]) -> CellParser:
    """Make the parser when it is first used: labels are translated only once Django is ready."""
    key = (choices, *others.items())
    if key not in _parsers:
        words = {fold_word(word): value for word, value in others.items()}
        for value, label in choices.choices:
            for word in (*in_every_language(label), value):
                words[fold_word(word)] = value
        words |= {value: value for value in choices.values}
        _parsers[key] = word_cell(words, ", ".join(choices.values))
    return _parsers[key]
