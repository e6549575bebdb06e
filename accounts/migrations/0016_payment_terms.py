"""Contracts may be paid by closing terms; those there are keep their days.

Three empty columns and two checks, which read the table of contracts once under its lock.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_faster_lists'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='contract',
            name='closing_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='closing day'),
        ),
        migrations.AddField(
            model_name='contract',
            name='payment_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='day of payment'),
        ),
        migrations.AddField(
            model_name='contract',
            name='payment_months',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='months from closing to payment'),
        ),
        migrations.AddField(
            model_name='contractevent',
            name='closing_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='closing day'),
        ),
        migrations.AddField(
            model_name='contractevent',
            name='payment_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='day of payment'),
        ),
        migrations.AddField(
            model_name='contractevent',
            name='payment_months',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='months from closing to payment'),
        ),
        migrations.AlterField(
            model_name='contract',
            name='payment_days',
            field=models.PositiveSmallIntegerField(blank=True, default=30, null=True, verbose_name='payment within days'),
        ),
        migrations.AlterField(
            model_name='contractevent',
            name='payment_days',
            field=models.PositiveSmallIntegerField(blank=True, default=30, null=True, verbose_name='payment within days'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_contractevent" ("account_id", "approval_state", "archived_at", "auto_renews", "closing_day", "created_at", "currency", "ends_on", "external_id", "forecast", "id", "is_public_yearly", "kind", "notice_months", "notice_received_on", "payment_day", "payment_days", "payment_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "starts_on") SELECT new_values."account_id", new_values."approval_state", new_values."archived_at", new_values."auto_renews", new_values."closing_day", new_values."created_at", new_values."currency", new_values."ends_on", new_values."external_id", new_values."forecast", new_values."id", new_values."is_public_yearly", new_values."kind", new_values."notice_months", new_values."notice_received_on", new_values."payment_day", new_values."payment_days", new_values."payment_months", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."product", new_values."starts_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='49c8e07ba36c929ede7ac4c646c9d5259e097160', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9b144', referencing='REFERENCING NEW TABLE AS new_values ', table='accounts_contract', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_contractevent" ("account_id", "approval_state", "archived_at", "auto_renews", "closing_day", "created_at", "currency", "ends_on", "external_id", "forecast", "id", "is_public_yearly", "kind", "notice_months", "notice_received_on", "payment_day", "payment_days", "payment_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "starts_on") SELECT new_values."account_id", new_values."approval_state", new_values."archived_at", new_values."auto_renews", new_values."closing_day", new_values."created_at", new_values."currency", new_values."ends_on", new_values."external_id", new_values."forecast", new_values."id", new_values."is_public_yearly", new_values."kind", new_values."notice_months", new_values."notice_received_on", new_values."payment_day", new_values."payment_days", new_values."payment_months", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."product", new_values."starts_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."account_id" IS DISTINCT FROM (new_values."account_id") OR old_values."approval_state" IS DISTINCT FROM (new_values."approval_state") OR old_values."archived_at" IS DISTINCT FROM (new_values."archived_at") OR old_values."auto_renews" IS DISTINCT FROM (new_values."auto_renews") OR old_values."closing_day" IS DISTINCT FROM (new_values."closing_day") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."currency" IS DISTINCT FROM (new_values."currency") OR old_values."ends_on" IS DISTINCT FROM (new_values."ends_on") OR old_values."external_id" IS DISTINCT FROM (new_values."external_id") OR old_values."forecast" IS DISTINCT FROM (new_values."forecast") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_public_yearly" IS DISTINCT FROM (new_values."is_public_yearly") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."notice_months" IS DISTINCT FROM (new_values."notice_months") OR old_values."notice_received_on" IS DISTINCT FROM (new_values."notice_received_on") OR old_values."payment_day" IS DISTINCT FROM (new_values."payment_day") OR old_values."payment_days" IS DISTINCT FROM (new_values."payment_days") OR old_values."payment_months" IS DISTINCT FROM (new_values."payment_months") OR old_values."product" IS DISTINCT FROM (new_values."product") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e6527e95e4b2d4be304819fc2903c4686c90af4d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_63bd6', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='accounts_contract', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_contractevent" ("account_id", "approval_state", "archived_at", "auto_renews", "closing_day", "created_at", "currency", "ends_on", "external_id", "forecast", "id", "is_public_yearly", "kind", "notice_months", "notice_received_on", "payment_day", "payment_days", "payment_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product", "starts_on") SELECT old_values."account_id", old_values."approval_state", old_values."archived_at", old_values."auto_renews", old_values."closing_day", old_values."created_at", old_values."currency", old_values."ends_on", old_values."external_id", old_values."forecast", old_values."id", old_values."is_public_yearly", old_values."kind", old_values."notice_months", old_values."notice_received_on", old_values."payment_day", old_values."payment_days", old_values."payment_months", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."product", old_values."starts_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='0989bfb10297486d31238710ad43380581ac23a8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0c254', referencing='REFERENCING OLD TABLE AS old_values ', table='accounts_contract', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closing_day__isnull', True), ('payment_day__isnull', True), ('payment_days__isnull', False), ('payment_months__isnull', True)), models.Q(('closing_day__isnull', False), ('payment_day__isnull', False), ('payment_days__isnull', True), ('payment_months__isnull', False)), _connector='OR'), name='accounts_contract_one_kind_of_terms', violation_error_message='Give the days until payment, or closing day, months and day of payment together.'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('closing_day__isnull', True), models.Q(models.Q(('closing_day__range', (1, 28)), ('closing_day', 31), _connector='OR'), models.Q(('payment_day__range', (1, 28)), ('payment_day', 31), _connector='OR'), ('payment_months__lte', 3), models.Q(('payment_months__gt', 0), ('payment_day__gte', models.F('closing_day')), _connector='OR')), _connector='OR'), name='accounts_contract_possible_terms', violation_error_message='Days are 1 to 28 or 31 for the end of the month; payment never precedes closing.'),
        ),
    ]
