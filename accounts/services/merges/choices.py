"""Which value stays: the fields in which two records differ, and whose each one shall be.

What the target lacks it takes from the source; otherwise its own stays unless somebody chose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.selectors.value_words import column_word
from config.lib.problems import FieldError, Problem, Text

Whose = Literal["source", "target"]
EMPTY: tuple[Any, ...] = (None, "", {}, [])


class BadChoice(Problem):
    """A field that does not exist or does not differ, or neither of both records."""

    code = "bad_choice"
    title = _("Choose for each field the value of one of both records.")


@dataclass(frozen=True)
class FieldChoice:
    """A field in which both differ, whose value stays, and how the source's and target's read."""

    name: str
    label: Text
    source: Any
    target: Any
    taken: Whose
    words: tuple[Any, Any] = ("", "")

    @property
    def value(self) -> Any:
        """Return the value that stays."""
        return self.source if self.taken == "source" else self.target


def choose(
    name: str,
    label: Text,
    source: Any,
    target: Any,
    keep: Mapping[str, str],
    words: tuple[Any, Any] | None = None,
) -> FieldChoice | None:
    """Return the choice for a field, or None where both say the same."""
    if source == target or (source in EMPTY and target in EMPTY):
        return None
    taken: Whose = "source" if target in EMPTY else "target"
    if name in keep:
        taken = "source" if keep[name] == "source" else "target"
    return FieldChoice(name, label, source, target, taken, words or (source, target))


def choose_columns(
    *, source: models.Model, target: models.Model, names: Sequence[str], keep: Mapping[str, str]
) -> list[FieldChoice]:
    """Return the choices for plain columns and links, in the order of `names`."""
    chosen = []
    for name in names:
        column: Any = source._meta.get_field(name)
        label = column.verbose_name
        values = getattr(source, name), getattr(target, name)
        words = values
        if not column.is_relation:
            words = column_word(column, values[0]), column_word(column, values[1])
        chosen.append(choose(name, label, *values, keep, words))
    return [choice for choice in chosen if choice is not None]


def check_keep(keep: Mapping[str, str], *, known: set[str]) -> None:
    """Refuse names that are no fields and values that are neither record.

    :raises BadChoice: naming each.
    """
    wrong = [
        FieldError(f"/keep/{name}", BadChoice.title)
        for name, whose in keep.items()
        if whose not in ("source", "target")
        or (name not in known and not name.startswith("attributes."))
    ]
    if wrong:
        raise BadChoice(errors=wrong)
