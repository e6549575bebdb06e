"""Words for the options of a choice: what accounts say is brought to the option it stands for.

A correction, not a change of the account: the facts say from their first day on what was meant,
and a retracted copy keeps what was written.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.choices import AttributeType
from accounts.domain.attributes import LONGEST_WORD
from accounts.domain.cells import fold_word
from accounts.models import AttributeDefinition, AttributeValue, User
from accounts.services.authors import written_by
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import FieldError, Problem

#: In the order of their keys, so that writers never wait for each other in a circle.
_HOLD = """
SELECT FROM accounts_account a WHERE EXISTS (
  SELECT FROM unnest(%(words)s::text[]) AS word
  WHERE a.attributes @> jsonb_build_object(%(key)s::text, word))
ORDER BY a.id FOR UPDATE OF a
"""
_KEPT = """
INSERT INTO accounts_attributevalue
  (account_id, key, value, starts_on, ends_on, recorded_at, is_declared, retracted_at)
SELECT v.account_id, v.key, v.value, v.starts_on, v.ends_on, v.recorded_at, v.is_declared, %(at)s
FROM accounts_attributevalue v
WHERE v.key = %(key)s AND v.retracted_at IS NULL
  AND v.value IN (SELECT to_jsonb(word) FROM unnest(%(words)s::text[]) AS word)
"""
_FACTS = """
UPDATE accounts_attributevalue v
SET value = to_jsonb(w.option), recorded_at = %(at)s, is_declared = false
FROM unnest(%(words)s::text[], %(options)s::text[]) AS w(word, option)
WHERE v.key = %(key)s AND v.retracted_at IS NULL AND v.value = to_jsonb(w.word)
"""
_ACCOUNTS = """
UPDATE accounts_account a SET updated_at = %(at)s,
  attributes = jsonb_set(a.attributes, ARRAY[%(key)s::text], to_jsonb(w.option))
FROM unnest(%(words)s::text[], %(options)s::text[]) AS w(word, option)
WHERE a.attributes @> jsonb_build_object(%(key)s::text, w.word)
RETURNING a.id
"""


class NoSuchOption(Problem):
    """A word can stand only for an option of a list that takes words outside it."""

    code = "no_such_option"
    title = _("This is none of the options.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/option", self.title)])


def map_word(
    *, definition: AttributeDefinition, word: str, option: str, at: dt.datetime,
    by: User | None = None,
) -> int:  # fmt: skip
    """Let a word stand for an option, or be one of its own where `option` is empty.

    Files and programs may use it from now on; return how many accounts that said it were brought
    to the option.

    :raises NoSuchOption: for an option that is none, an attribute without a list, or a word no
        account can say.
    """
    with written_by(by):
        locked = AttributeDefinition.objects.select_for_update().get(pk=definition.pk)
        locked.options = _with_word(locked, word, option)
        locked.save(update_fields=["options"])
        return settle_words(definition=locked, at=at)


def settle_words(*, definition: AttributeDefinition, at: dt.datetime) -> int:
    """Bring what accounts say to the options it stands for; return how many accounts changed."""
    if definition.type != AttributeType.CHOICE or definition.is_computed:
        return 0
    known = definition.words()
    facts = AttributeValue.objects.filter(key=definition.key, retracted_at=None)
    said = facts.order_by("value").values_list("value", flat=True).distinct()
    meant = {
        word: option
        for word in said
        if isinstance(word, str)
        and (option := known.get(word) or known.get(fold_word(word)))
        and option != word
    }
    return _bring(definition.key, meant, at) if meant else 0


def _bring(key: str, meant: Mapping[str, str], at: dt.datetime) -> int:
    params: dict[str, Any] = {
        "key": key,
        "at": at,
        "words": list(meant),
        "options": list(meant.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, params)
        cursor.execute(_KEPT, params)
        cursor.execute(_FACTS, params)
        cursor.execute(_ACCOUNTS, params)
        changed = [pk for (pk,) in cursor.fetchall()]
    mark_accounts_dirty(account_ids=changed, reason="attributes", at=at)
    return len(changed)


def _with_word(definition: AttributeDefinition, word: str, option: str) -> list[Any]:
    options = [one if isinstance(one, dict) else {"value": one} for one in definition.options]
    if definition.type != AttributeType.CHOICE or definition.is_computed:
        raise NoSuchOption
    if not word.strip() or len(word) > LONGEST_WORD or "\0" in word:
        raise NoSuchOption
    listed = {one["value"] for one in options}
    if word in listed or (option and option not in listed):
        raise NoSuchOption
    if not option:
        return [*options, {"value": word}]
    return [
        {**one, "synonyms": [*one.get("synonyms", []), word]} if one["value"] == option else one
        for one in options
    ]
