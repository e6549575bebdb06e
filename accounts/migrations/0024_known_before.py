"""What contracts and contacts said before they were changed: two tables and their triggers.

The triggers lock both tables for an instant; the past is filled in from their history.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


def _from_history(kind: str, columns: str) -> str:
    """Fill in what rows said before, as far as their history goes back."""
    return f"""
INSERT INTO accounts_{kind}before ({kind}_id, {columns}, retracted_at)
SELECT h.pgh_obj_id, {', '.join(f'h.{name.strip()}' for name in columns.split(','))}, h.changed_at
FROM (
  SELECT e.*, lead(e.pgh_created_at) OVER w AS changed_at,
    (lead(({', '.join(f'e.{name.strip()}' for name in columns.split(','))})::text) OVER w)
      IS DISTINCT FROM ({', '.join(f'e.{name.strip()}' for name in columns.split(','))})::text AS is_changed
  FROM accounts_{kind}event e WINDOW w AS (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id)
) h
WHERE h.changed_at IS NOT NULL AND h.is_changed
  AND EXISTS (SELECT FROM accounts_{kind} r WHERE r.id = h.pgh_obj_id)
"""


CONTRACT = "product, starts_on, ends_on, auto_renews, notice_months, notice_received_on, archived_at"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0023_loss_reasons'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactBefore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left_on', models.DateField(null=True)),
                ('archived_at', models.DateTimeField(null=True)),
                ('retracted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ContractBefore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product', models.CharField(blank=True, max_length=200)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('auto_renews', models.BooleanField()),
                ('notice_months', models.PositiveSmallIntegerField()),
                ('notice_received_on', models.DateField(null=True)),
                ('archived_at', models.DateTimeField(null=True)),
                ('retracted_at', models.DateTimeField()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='keep_what_it_said', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."archived_at" IS DISTINCT FROM (NEW."archived_at") OR OLD."left_on" IS DISTINCT FROM (NEW."left_on"))', func='INSERT INTO accounts_contactbefore (contact_id, left_on, archived_at, retracted_at) VALUES (OLD.id, OLD.left_on, OLD.archived_at, CASE WHEN NEW.updated_at > OLD.updated_at THEN NEW.updated_at ELSE app_now() END); RETURN NULL;', hash='5d879b603a2c28809e2c9b49f9c40982c945d266', operation='UPDATE', pgid='pgtrigger_keep_what_it_said_63785', table='accounts_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='keep_what_it_said', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."archived_at" IS DISTINCT FROM (NEW."archived_at") OR OLD."auto_renews" IS DISTINCT FROM (NEW."auto_renews") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."notice_months" IS DISTINCT FROM (NEW."notice_months") OR OLD."notice_received_on" IS DISTINCT FROM (NEW."notice_received_on") OR OLD."product" IS DISTINCT FROM (NEW."product") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on"))', func='INSERT INTO accounts_contractbefore (contract_id, product, starts_on, ends_on, auto_renews, notice_months, notice_received_on, archived_at, retracted_at) VALUES (OLD.id, OLD.product, OLD.starts_on, OLD.ends_on, OLD.auto_renews, OLD.notice_months, OLD.notice_received_on, OLD.archived_at, CASE WHEN NEW.updated_at > OLD.updated_at THEN NEW.updated_at ELSE app_now() END); RETURN NULL;', hash='df00709f4b1ab4267865b564786e47e4b70ad997', operation='UPDATE', pgid='pgtrigger_keep_what_it_said_5621e', table='accounts_contract', when='AFTER')),
        ),
        migrations.AddField(
            model_name='contactbefore',
            name='contact',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.contact'),
        ),
        migrations.AddField(
            model_name='contractbefore',
            name='contract',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.contract'),
        ),
        migrations.AddIndex(
            model_name='contactbefore',
            index=models.Index(fields=['retracted_at'], name='accounts_contact_before'),
        ),
        migrations.AddIndex(
            model_name='contractbefore',
            index=models.Index(fields=['retracted_at'], name='accounts_contract_before'),
        ),
        migrations.RunSQL(_from_history("contract", CONTRACT), migrations.RunSQL.noop),
        migrations.RunSQL(_from_history("contact", "left_on, archived_at"), migrations.RunSQL.noop),
    ]
