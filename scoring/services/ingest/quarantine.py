"""Let messages go whose account or person is known by now: they count from today on.

An event was there before, but we learn only now whose it is: its known time is the release.
"""

import datetime as dt

from django.db import connection, transaction

from accounts.models import Organisation
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.merges.moves import keep_merges_off
from scoring.services.ingest import stage
from scoring.services.ingest.batches import DIRTY_REASON, count_facts

MOST_AT_ONCE = 5_000

#: From the unknown ids, which are few, to their events, which may be many.
_RELEASE = """
WITH found AS (
  SELECT q.id FROM scoring_waitingkey w
  JOIN scoring_eventquarantine q ON q.group_key = w.key
  WHERE w.kind = 'group' AND (
    EXISTS (SELECT FROM accounts_account a WHERE a.external_id = w.key)
    OR EXISTS (SELECT FROM accounts_externalref x JOIN accounts_account a ON a.id = x.object_id
      WHERE x.kind = 'account' AND x.source IN ('external_id', 'usage') AND x.value = w.key))
  UNION ALL
  SELECT q.id FROM scoring_waitingkey w
  LEFT JOIN scoring_useralias l ON l.previous_key = w.key
  JOIN accounts_contact c ON c.external_id = coalesce(l.user_key, w.key)
  JOIN scoring_eventquarantine q ON q.user_key = w.key AND q.group_key IS NULL
  WHERE w.kind = 'user'
), held AS (
  SELECT id FROM scoring_eventquarantine WHERE id IN (SELECT id FROM found)
  ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM scoring_eventquarantine q USING held WHERE q.id = held.id RETURNING q.*
)
INSERT INTO ingest_stage (batch_id, write_key_id, is_import, received_at, known_at, message_id,
  kind, group_key, user_key, name, occurred_at, properties)
SELECT g.batch_id, g.write_key_id, coalesce(b.is_import, false), g.received_at, %(at)s,
  g.message_id, g.kind, g.group_key, g.user_key, nullif(g.name, ''), g.occurred_at, g.properties
FROM gone g LEFT JOIN scoring_ingestbatch b ON b.id = g.batch_id
"""


def release_quarantine(*, at: dt.datetime) -> int:
    """Count what was set aside and has found its account; return how many messages."""
    released = 0
    while step := _release_some(at):
        released += step
    return released


@transaction.atomic
def _release_some(at: dt.datetime) -> int:
    keep_merges_off()
    stage.open_stage()
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"most": MOST_AT_ONCE, "at": at})
        released: int = cursor.rowcount
    if released:
        touched = count_facts(zone=Organisation.objects.zone().key, at=at, keep=stage.keep_all)
        mark_accounts_dirty(account_ids=touched, reason=DIRTY_REASON, at=at)
    return released
