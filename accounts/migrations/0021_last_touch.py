"""Keep the last two-way touch of each account, by triggers on touchpoints.

Reads every two-way touchpoint once through its partial index (a second a million) and locks
touchpoints against writing meanwhile.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


FILL = """
LOCK TABLE accounts_touchpoint IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO accounts_accounttouch (account_id, last_two_way_at)
SELECT account_id, max(occurred_at) FROM accounts_touchpoint
WHERE direction = 'two_way' AND NOT is_draft AND retracted_at IS NULL GROUP BY account_id
ON CONFLICT (account_id) DO NOTHING;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_mentions_and_minutes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountTouch',
            fields=[
                ('account', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='touch', serialize=False, to='accounts.account')),
                ('last_two_way_at', models.DateTimeField(editable=False, null=True, verbose_name='last talk')),
            ],
            options={
                'verbose_name': 'last talk of an account',
                'verbose_name_plural': 'last talks of accounts',
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='touchpoint',
            trigger=pgtrigger.compiler.Trigger(name='last_touch_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO accounts_accounttouch AS kept (account_id, last_two_way_at)\nSELECT n.account_id, max(n.occurred_at) FROM new_rows n\nWHERE n.direction = 'two_way' AND NOT n.is_draft AND n.retracted_at IS NULL\nGROUP BY n.account_id ORDER BY n.account_id\nON CONFLICT (account_id) DO UPDATE SET last_two_way_at = excluded.last_two_way_at\nWHERE kept.last_two_way_at IS NULL OR kept.last_two_way_at < excluded.last_two_way_at;\nRETURN NULL;\n", hash='90ace6d7c9a3ea87307777ae409b77bff4fe8b75', level='STATEMENT', operation='INSERT', pgid='pgtrigger_last_touch_insert_a5aa3', referencing='REFERENCING NEW TABLE AS new_rows ', table='accounts_touchpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='touchpoint',
            trigger=pgtrigger.compiler.Trigger(name='last_touch_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func="\nSELECT array_agg(DISTINCT c.account_id) INTO concerned FROM (\n  SELECT unnest(ARRAY[o.account_id, n.account_id]) AS account_id\n  FROM old_rows o JOIN new_rows n ON n.id = o.id\n  WHERE (o.direction = 'two_way' AND NOT o.is_draft AND o.retracted_at IS NULL\n    OR n.direction = 'two_way' AND NOT n.is_draft AND n.retracted_at IS NULL) AND\n    (o.account_id, o.direction, o.occurred_at, o.is_draft, o.retracted_at) IS DISTINCT FROM\n    (n.account_id, n.direction, n.occurred_at, n.is_draft, n.retracted_at)\n) c;\nINSERT INTO accounts_accounttouch (account_id)\nSELECT DISTINCT id FROM unnest(concerned) AS a(id) ORDER BY id ON CONFLICT DO NOTHING;\n\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_accounttouch k WHERE k.account_id = ANY(concerned)\nORDER BY k.account_id FOR UPDATE;\nUPDATE accounts_accounttouch k SET last_two_way_at = t.last\nFROM unnest(concerned) AS a(id) CROSS JOIN LATERAL (\n  SELECT max(p.occurred_at) AS last FROM accounts_touchpoint p\n  WHERE p.account_id = a.id AND p.direction = 'two_way' AND NOT p.is_draft\n    AND p.retracted_at IS NULL\n) t\nWHERE k.account_id = a.id AND k.last_two_way_at IS DISTINCT FROM t.last;\nRETURN NULL;\n", hash='6906782565f7acaac4283d9f49aac97f96cd360b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_last_touch_update_cac68', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='accounts_touchpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='touchpoint',
            trigger=pgtrigger.compiler.Trigger(name='last_touch_delete', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func="\nSELECT array_agg(DISTINCT o.account_id) INTO concerned FROM old_rows o\nWHERE o.direction = 'two_way' AND NOT o.is_draft AND o.retracted_at IS NULL;\n\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_accounttouch k WHERE k.account_id = ANY(concerned)\nORDER BY k.account_id FOR UPDATE;\nUPDATE accounts_accounttouch k SET last_two_way_at = t.last\nFROM unnest(concerned) AS a(id) CROSS JOIN LATERAL (\n  SELECT max(p.occurred_at) AS last FROM accounts_touchpoint p\n  WHERE p.account_id = a.id AND p.direction = 'two_way' AND NOT p.is_draft\n    AND p.retracted_at IS NULL\n) t\nWHERE k.account_id = a.id AND k.last_two_way_at IS DISTINCT FROM t.last;\nRETURN NULL;\n", hash='201852e254b5e64482ad48c230a97d09e247cf4a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_last_touch_delete_0f736', referencing='REFERENCING OLD TABLE AS old_rows ', table='accounts_touchpoint', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='accounttouch',
            index=models.Index(fields=['last_two_way_at', 'account'], name='accounts_touch_last'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
