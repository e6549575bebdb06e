"""Reasons of downgrades; what was tracked, and why customers left, as dated facts.

Adding the column locks the terms for an instant; the facts are filled in by two statements.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


#: Since when each account has been known: its first status.
_FIRST = """
CROSS JOIN LATERAL (
  SELECT coalesce(min(f.starts_on), a.created_at::date) AS starts_on,
    coalesce(min(f.recorded_at), a.created_at) AS recorded_at
  FROM accounts_accountstatusfact f WHERE f.account_id = a.id
) first
"""
_TRACKED = f"""
INSERT INTO accounts_attributevalue (account_id, key, value, starts_on, recorded_at, is_declared)
SELECT a.id, 'tracked', to_jsonb(a.tracked), first.starts_on, first.recorded_at, false
FROM accounts_account a {_FIRST}
WHERE NOT EXISTS (
  SELECT FROM accounts_attributevalue v WHERE v.account_id = a.id AND v.key = 'tracked')
"""
_REASONS = """
INSERT INTO accounts_attributevalue (account_id, key, value, starts_on, recorded_at, is_declared)
SELECT a.id, 'churn_reason', to_jsonb(a.churn_reason), a.churned_on,
  coalesce(max(f.recorded_at), a.updated_at), coalesce(bool_or(f.is_declared), false)
FROM accounts_account a LEFT JOIN accounts_accountstatusfact f
  ON f.account_id = a.id AND f.status = 'churned' AND f.retracted_at IS NULL
WHERE a.churn_reason <> '' AND a.churned_on IS NOT NULL AND NOT EXISTS (
  SELECT FROM accounts_attributevalue v WHERE v.account_id = a.id AND v.key = 'churn_reason')
GROUP BY a.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0022_referral_signal'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='contractterm',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contractterm',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contractterm',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='contractterm',
            name='reason',
            field=models.CharField(blank=True, choices=[('not_adopted', 'Not adopted'), ('champion_left', 'Champion left'), ('budget', 'Budget'), ('price', 'Price'), ('missing_feature', 'Missing feature'), ('competitor', 'Competitor'), ('support', 'Support'), ('closed_or_merged', 'Closed or merged'), ('involuntary', 'Involuntary, unpaid'), ('other', 'Other')], db_default='', default='', max_length=20, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='contracttermevent',
            name='reason',
            field=models.CharField(blank=True, choices=[('not_adopted', 'Not adopted'), ('champion_left', 'Champion left'), ('budget', 'Budget'), ('price', 'Price'), ('missing_feature', 'Missing feature'), ('competitor', 'Competitor'), ('support', 'Support'), ('closed_or_merged', 'Closed or merged'), ('involuntary', 'Involuntary, unpaid'), ('other', 'Other')], db_default='', default='', max_length=20, verbose_name='reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractterm',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_contracttermevent" ("arr", "contract_id", "ends_on", "id", "is_declared", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "retracted_at", "seats", "starts_on") SELECT new_values."arr", new_values."contract_id", new_values."ends_on", new_values."id", new_values."is_declared", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."recorded_at", new_values."retracted_at", new_values."seats", new_values."starts_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='85e3c565fe68a4ba263b107fa76907b7a82ea5cb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d3602', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_contractterm', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractterm',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_contracttermevent" ("arr", "contract_id", "ends_on", "id", "is_declared", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "retracted_at", "seats", "starts_on") SELECT new_values."arr", new_values."contract_id", new_values."ends_on", new_values."id", new_values."is_declared", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."recorded_at", new_values."retracted_at", new_values."seats", new_values."starts_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c6b584741de306931dbfa2de1bf5e0e00bb51bf0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_319d9', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_contractterm', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractterm',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_contracttermevent" ("arr", "contract_id", "ends_on", "id", "is_declared", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "retracted_at", "seats", "starts_on") SELECT old_values."arr", old_values."contract_id", old_values."ends_on", old_values."id", old_values."is_declared", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."recorded_at", old_values."retracted_at", old_values."seats", old_values."starts_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='98fb2511d856f6dfb00a267907c54a40ddfccfd6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5a317', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_contractterm', when='AFTER')),
        ),
        migrations.RunSQL(_TRACKED, migrations.RunSQL.noop),
        migrations.RunSQL(_REASONS, migrations.RunSQL.noop),
    ]
