"""Let talks of a merged account count for the one that stayed, whose history shows them."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


# What was merged before; the triggers keep it from here on.
MERGED_BEFORE = """
INSERT INTO accounts_accounttouch AS kept (account_id, last_two_way_at)
SELECT a.merged_into_id, max(gone.last_two_way_at) FROM accounts_account a
JOIN accounts_accounttouch gone ON gone.account_id = a.id
WHERE a.merged_into_id IS NOT NULL AND gone.last_two_way_at IS NOT NULL GROUP BY 1
ON CONFLICT (account_id) DO UPDATE SET last_two_way_at = greatest(
  kept.last_two_way_at, excluded.last_two_way_at)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_talks_searched'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='touchpoint',
            name='last_touch_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='touchpoint',
            name='last_touch_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='touchpoint',
            name='last_touch_delete',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='last_touch_merged', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)', declare='DECLARE concerned bigint[];', func="\nconcerned := array_remove(ARRAY[OLD.merged_into_id, NEW.merged_into_id], NULL);\n\nINSERT INTO accounts_accounttouch (account_id)\nSELECT DISTINCT id FROM unnest(concerned) AS a(id) ORDER BY id ON CONFLICT DO NOTHING;\n\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_accounttouch k WHERE k.account_id = ANY(concerned)\nORDER BY k.account_id FOR UPDATE;\nUPDATE accounts_accounttouch k SET last_two_way_at = t.last\nFROM unnest(concerned) AS a(id) CROSS JOIN LATERAL (\n  SELECT max(x.last) AS last FROM (\n    SELECT a.id UNION ALL SELECT m.id FROM accounts_account m WHERE m.merged_into_id = a.id\n  ) AS o(id) CROSS JOIN LATERAL (\n    SELECT max(p.occurred_at) AS last FROM accounts_touchpoint p\n    WHERE p.account_id = o.id AND p.direction = 'two_way' AND NOT p.is_draft\n      AND p.retracted_at IS NULL\n  ) x\n) t\nWHERE k.account_id = a.id AND k.last_two_way_at IS DISTINCT FROM t.last;\nRETURN NULL;\n", hash='4ee166d72dd5e59811c1db0ff8b17c6c1db6cf39', operation='UPDATE OF "merged_into_id"', pgid='pgtrigger_last_touch_merged_0dd73', table='accounts_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='touchpoint',
            trigger=pgtrigger.compiler.Trigger(name='last_touch_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO accounts_accounttouch AS kept (account_id, last_two_way_at)\nSELECT o.id, max(n.occurred_at) FROM new_rows n JOIN accounts_account a ON a.id = n.account_id\nCROSS JOIN LATERAL (VALUES (a.id), (a.merged_into_id)) AS o(id)\nWHERE n.direction = 'two_way' AND NOT n.is_draft AND n.retracted_at IS NULL AND o.id IS NOT NULL\nGROUP BY o.id ORDER BY o.id\nON CONFLICT (account_id) DO UPDATE SET last_two_way_at = excluded.last_two_way_at\nWHERE kept.last_two_way_at IS NULL OR kept.last_two_way_at < excluded.last_two_way_at;\nRETURN NULL;\n", hash='f1d2ce2e4258527b9f949695465299e6d0c53864', level='STATEMENT', operation='INSERT', pgid='pgtrigger_last_touch_insert_a5aa3', referencing='REFERENCING NEW TABLE AS new_rows ', table='accounts_touchpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='touchpoint',
            trigger=pgtrigger.compiler.Trigger(name='last_touch_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func="\nSELECT array_agg(DISTINCT c.account_id) INTO concerned FROM (\n  SELECT unnest(ARRAY[o.account_id, n.account_id]) AS account_id\n  FROM old_rows o JOIN new_rows n ON n.id = o.id\n  WHERE (o.direction = 'two_way' AND NOT o.is_draft AND o.retracted_at IS NULL\n    OR n.direction = 'two_way' AND NOT n.is_draft AND n.retracted_at IS NULL) AND\n    (o.account_id, o.direction, o.occurred_at, o.is_draft, o.retracted_at) IS DISTINCT FROM\n    (n.account_id, n.direction, n.occurred_at, n.is_draft, n.retracted_at)\n) c;\n\nSELECT array_agg(DISTINCT o.id) INTO concerned\nFROM unnest(concerned) AS c(id) LEFT JOIN accounts_account a ON a.id = c.id\nCROSS JOIN LATERAL (VALUES (c.id), (a.merged_into_id)) AS o(id) WHERE o.id IS NOT NULL;\n\nINSERT INTO accounts_accounttouch (account_id)\nSELECT DISTINCT id FROM unnest(concerned) AS a(id) ORDER BY id ON CONFLICT DO NOTHING;\n\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_accounttouch k WHERE k.account_id = ANY(concerned)\nORDER BY k.account_id FOR UPDATE;\nUPDATE accounts_accounttouch k SET last_two_way_at = t.last\nFROM unnest(concerned) AS a(id) CROSS JOIN LATERAL (\n  SELECT max(x.last) AS last FROM (\n    SELECT a.id UNION ALL SELECT m.id FROM accounts_account m WHERE m.merged_into_id = a.id\n  ) AS o(id) CROSS JOIN LATERAL (\n    SELECT max(p.occurred_at) AS last FROM accounts_touchpoint p\n    WHERE p.account_id = o.id AND p.direction = 'two_way' AND NOT p.is_draft\n      AND p.retracted_at IS NULL\n  ) x\n) t\nWHERE k.account_id = a.id AND k.last_two_way_at IS DISTINCT FROM t.last;\nRETURN NULL;\n", hash='6f17bb35307eab723a7778af072fc412bd5e74ef', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_last_touch_update_cac68', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='accounts_touchpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='touchpoint',
            trigger=pgtrigger.compiler.Trigger(name='last_touch_delete', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func="\nSELECT array_agg(DISTINCT o.account_id) INTO concerned FROM old_rows o\nWHERE o.direction = 'two_way' AND NOT o.is_draft AND o.retracted_at IS NULL;\n\nSELECT array_agg(DISTINCT o.id) INTO concerned\nFROM unnest(concerned) AS c(id) LEFT JOIN accounts_account a ON a.id = c.id\nCROSS JOIN LATERAL (VALUES (c.id), (a.merged_into_id)) AS o(id) WHERE o.id IS NOT NULL;\n\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_accounttouch k WHERE k.account_id = ANY(concerned)\nORDER BY k.account_id FOR UPDATE;\nUPDATE accounts_accounttouch k SET last_two_way_at = t.last\nFROM unnest(concerned) AS a(id) CROSS JOIN LATERAL (\n  SELECT max(x.last) AS last FROM (\n    SELECT a.id UNION ALL SELECT m.id FROM accounts_account m WHERE m.merged_into_id = a.id\n  ) AS o(id) CROSS JOIN LATERAL (\n    SELECT max(p.occurred_at) AS last FROM accounts_touchpoint p\n    WHERE p.account_id = o.id AND p.direction = 'two_way' AND NOT p.is_draft\n      AND p.retracted_at IS NULL\n  ) x\n) t\nWHERE k.account_id = a.id AND k.last_two_way_at IS DISTINCT FROM t.last;\nRETURN NULL;\n", hash='e9e1f85710e16d58eaaecbd7ee954e2d1549004f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_last_touch_delete_0f736', referencing='REFERENCING OLD TABLE AS old_rows ', table='accounts_touchpoint', when='AFTER')),
        ),
        migrations.RunSQL(MERGED_BEFORE, migrations.RunSQL.noop),
    ]
