"""Words an import wrote that were brought to an option since: no edit of what it wrote.

Whoever lets a word stand for an option corrects every fact that says it, in its place, and leaves a
retracted copy with the word (`accounts.services.attribute_words`).
"""

from accounts.choices import AttributeType
from accounts.domain.cells import fold_word
from accounts.models import AttributeDefinition
from accounts.services.attribute_words import settle_words
from accounts.services.imports.stage import Stage

FACTS = "accounts_attributevalue"
_TABLE = """
CREATE TEMP TABLE undo_word (key text, word jsonb, option jsonb) ON COMMIT DROP
"""
_COPY = """
c.account_id = {fact}.account_id AND c.key = {fact}.key AND c.starts_on = {fact}.starts_on
  AND c.id <> {fact}.id AND {fact}.retracted_at IS NULL AND c.retracted_at = {fact}.recorded_at
"""
_SAID = """
SELECT DISTINCT c.key, c.value #>> '{{}}', t.value #>> '{{}}'
FROM undo_row r JOIN {facts} t ON r.tab = '{facts}' AND r.id = t.id JOIN {facts} c ON {copy}
WHERE jsonb_typeof(c.value) = 'string' AND jsonb_typeof(t.value) = 'string'
"""
_KEEP = (
    "INSERT INTO undo_word VALUES (%(key)s, to_jsonb(%(word)s::text), to_jsonb(%(option)s::text))"
)
_SETTLED = """
EXISTS (SELECT FROM {facts} c JOIN undo_word w ON w.key = c.key AND w.word = c.value
  AND w.option = {fact}.value WHERE {copy})
"""
#: What the import left, with the words that read as options now as these options.
ATTRIBUTES = """
(SELECT coalesce(jsonb_object_agg(s.key, coalesce(w.option, s.value)), '{}'::jsonb)
 FROM jsonb_each(a.attributes) s LEFT JOIN undo_word w
   ON w.key = s.key AND w.word = s.value AND w.option = t.attributes -> s.key)
"""


def note_settled_words(stage: Stage) -> None:
    """Fill `undo_word` with the words of facts in `undo_row` that were brought to an option."""
    stage.run(_TABLE)
    known = {row.key: row.words() for row in _choices()}
    for key, word, option in stage.all(_SAID.format(facts=FACTS, copy=_COPY.format(fact="t"))):
        words = known.get(key, {})
        if option in (words.get(word), words.get(fold_word(word))):
            stage.run(_KEEP, key=key, word=word, option=option)


def was_settled(fact: str) -> str:
    """Return the condition, as SQL, that a fact says the option its word was brought to."""
    return _SETTLED.format(facts=FACTS, fact=fact, copy=_COPY.format(fact=fact))


def settle_restored(stage: Stage) -> None:
    """Bring words that came back with an undo to the options they stand for now."""
    for definition in _choices():
        settle_words(definition=definition, at=stage.at)


def _choices() -> list[AttributeDefinition]:
    rows = AttributeDefinition.objects.filter(type=AttributeType.CHOICE, expression="")
    return list(rows.order_by("key"))
