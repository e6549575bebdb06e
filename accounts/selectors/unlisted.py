"""Words of accounts that are none of the options of their attribute, kept as they were written."""

from dataclasses import dataclass

from django.db.models import Count, F

from accounts.models import Account, AttributeDefinition
from accounts.selectors.attributes import definitions
from accounts.selectors.formulas import stored_attribute

#: The most frequent ones are shown; once they are mapped the next come up.
MOST_WORDS = 100


@dataclass(frozen=True)
class UnlistedWord:
    """A word outside the list, and how many accounts say it."""

    word: str
    accounts: int


def open_choices() -> list[AttributeDefinition]:
    """Return the attributes in use that keep words outside their list."""
    return [row for row in definitions() if row.takes_others]


def unlisted_words(definition: AttributeDefinition) -> list[UnlistedWord]:
    """Return the words outside the list, the most frequent first."""
    rows = (
        Account.objects.unarchived()
        .annotate(word=stored_attribute(definition.key, definition.type))
        .filter(word__isnull=False)
        .exclude(word__in=definition.values())
        .values("word")
        .annotate(accounts=Count("pk"))
        .order_by(F("accounts").desc(), "word")
    )
    return [UnlistedWord(row["word"], row["accounts"]) for row in rows[:MOST_WORDS]]
