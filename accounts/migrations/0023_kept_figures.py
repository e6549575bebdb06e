"""Keep beside invoices what was paid, and beside contracts their last terms and whether one follows.

Reads the facts of both tables once under their locks and writes the rows that have any; each table
is written anew for every column that follows from others. Writers wait: seconds for 300,000 rows.
"""

import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

LOCK = "LOCK TABLE accounts_contractterm, accounts_invoicepayment IN SHARE ROW EXCLUSIVE MODE"
PAID = """
UPDATE accounts_invoice i SET paid_amount = k.paid_amount, last_paid_on = k.last_paid_on
FROM (
  SELECT invoice_id, sum(amount) AS paid_amount, max(paid_on) AS last_paid_on
  FROM accounts_invoicepayment WHERE retracted_at IS NULL GROUP BY invoice_id
) k WHERE k.invoice_id = i.id
"""
LAST_TERMS = """
UPDATE accounts_contract c SET last_from = k.starts_on, last_arr = k.arr, last_seats = k.seats
FROM (
  SELECT DISTINCT ON (contract_id) contract_id, starts_on, arr, seats
  FROM accounts_contractterm WHERE retracted_at IS NULL
  ORDER BY contract_id, starts_on DESC, id DESC
) k WHERE k.contract_id = c.id
"""

FOLLOWED = """
UPDATE accounts_contract c SET is_followed = true WHERE EXISTS (
  SELECT FROM accounts_contract n WHERE n.account_id = c.account_id AND n.id <> c.id
    AND n.product = c.product AND n.archived_at IS NULL
    AND n.starts_on > c.starts_on AND n.starts_on >= c.ends_on)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0022_idempotency_headers'),
    ]

    operations = [
        migrations.RunSQL(LOCK, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='contract',
            name='decide_by',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('ends_on'), models.F('notice_months'), arg_joiner=' + 1) - make_interval(months => ', template='((%(expressions)s))::date - 1'), output_field=models.DateField(null=True), verbose_name='first day to decide by'),
        ),
        migrations.AddField(
            model_name='contract',
            name='is_followed',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='followed by another contract'),
        ),
        migrations.AddField(
            model_name='contract',
            name='last_arr',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=18, null=True, verbose_name='ARR of the last terms'),
        ),
        migrations.AddField(
            model_name='contract',
            name='last_from',
            field=models.DateField(editable=False, null=True, verbose_name='last terms since'),
        ),
        migrations.AddField(
            model_name='contract',
            name='last_seats',
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name='seats of the last terms'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='paid_amount',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, editable=False, max_digits=18, verbose_name='amount paid'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='last_paid_on',
            field=models.DateField(editable=False, null=True, verbose_name='last paid on'),
        ),
        migrations.AddIndex(
            model_name='account',
            index=models.Index(condition=models.Q(('status', 'churned')), fields=['id'], name='accounts_churned'),
        ),
        migrations.RunSQL(LAST_TERMS, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOWED, migrations.RunSQL.noop),
        migrations.RunSQL(PAID, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='keep_followed_insert', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT account_id FROM new_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_contract c WHERE c.account_id = ANY(concerned)\nORDER BY c.id FOR NO KEY UPDATE;\nUPDATE accounts_contract c SET is_followed = k.is_followed\nFROM accounts_contract r CROSS JOIN LATERAL (\n  SELECT EXISTS (\n    SELECT FROM accounts_contract n WHERE n.account_id = r.account_id AND n.id <> r.id\n      AND n.product = r.product AND n.archived_at IS NULL\n      AND n.starts_on > r.starts_on AND n.starts_on >= r.ends_on\n  ) AS is_followed\n) k\nWHERE r.account_id = ANY(concerned) AND c.id = r.id AND c.is_followed <> k.is_followed;\nRETURN NULL;\n', hash='7206c300d47840fa762818cf35f9f38d5a1bfe75', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_followed_insert_e7b0e', referencing='REFERENCING NEW TABLE AS new_rows ', table='accounts_contract', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='keep_followed_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT unnest(ARRAY[x.was, x.now]) FROM (\nSELECT o.account_id, n.account_id FROM old_rows o JOIN new_rows n ON n.id = o.id\nWHERE (o.account_id, o.product, o.starts_on, o.ends_on, o.archived_at) IS DISTINCT FROM\n  (n.account_id, n.product, n.starts_on, n.ends_on, n.archived_at)\n) x(was, now)) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_contract c WHERE c.account_id = ANY(concerned)\nORDER BY c.id FOR NO KEY UPDATE;\nUPDATE accounts_contract c SET is_followed = k.is_followed\nFROM accounts_contract r CROSS JOIN LATERAL (\n  SELECT EXISTS (\n    SELECT FROM accounts_contract n WHERE n.account_id = r.account_id AND n.id <> r.id\n      AND n.product = r.product AND n.archived_at IS NULL\n      AND n.starts_on > r.starts_on AND n.starts_on >= r.ends_on\n  ) AS is_followed\n) k\nWHERE r.account_id = ANY(concerned) AND c.id = r.id AND c.is_followed <> k.is_followed;\nRETURN NULL;\n', hash='ce7af63e364d53154bdadfef50a004916c3158b2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_keep_followed_update_7d322', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='accounts_contract', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='keep_followed_delete', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT account_id FROM old_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_contract c WHERE c.account_id = ANY(concerned)\nORDER BY c.id FOR NO KEY UPDATE;\nUPDATE accounts_contract c SET is_followed = k.is_followed\nFROM accounts_contract r CROSS JOIN LATERAL (\n  SELECT EXISTS (\n    SELECT FROM accounts_contract n WHERE n.account_id = r.account_id AND n.id <> r.id\n      AND n.product = r.product AND n.archived_at IS NULL\n      AND n.starts_on > r.starts_on AND n.starts_on >= r.ends_on\n  ) AS is_followed\n) k\nWHERE r.account_id = ANY(concerned) AND c.id = r.id AND c.is_followed <> k.is_followed;\nRETURN NULL;\n', hash='0b9caa0c98162910bab00935e7eb54a39dc2eed6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_keep_followed_delete_52fb1', referencing='REFERENCING OLD TABLE AS old_rows ', table='accounts_contract', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contract',
            trigger=pgtrigger.compiler.Trigger(name='leave_figures', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND (OLD.last_from IS DISTINCT FROM NEW.last_from OR OLD.last_arr IS DISTINCT FROM NEW.last_arr OR OLD.last_seats IS DISTINCT FROM NEW.last_seats OR OLD.is_followed IS DISTINCT FROM NEW.is_followed))', func='NEW.last_from := OLD.last_from; NEW.last_arr := OLD.last_arr; NEW.last_seats := OLD.last_seats; NEW.is_followed := OLD.is_followed; RETURN NEW;', hash='930b5943e448b7f0565afe14919630823451047d', operation='UPDATE', pgid='pgtrigger_leave_figures_c6c85', table='accounts_contract', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractterm',
            trigger=pgtrigger.compiler.Trigger(name='keep_figures_insert', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT contract_id FROM new_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_contract r WHERE r.id = ANY(concerned) ORDER BY r.id FOR NO KEY UPDATE;\nUPDATE accounts_contract r SET last_from = k.last_from, last_arr = k.last_arr, last_seats = k.last_seats\nFROM unnest(concerned) AS c(id) CROSS JOIN LATERAL (\n  SELECT max(f.starts_on) AS last_from, (array_agg(f.arr ORDER BY f.starts_on DESC, f.id DESC))[1] AS last_arr, (array_agg(f.seats ORDER BY f.starts_on DESC, f.id DESC))[1] AS last_seats FROM accounts_contractterm f WHERE f.contract_id = c.id AND f.retracted_at IS NULL\n) k\nWHERE r.id = c.id AND (r.last_from, r.last_arr, r.last_seats) IS DISTINCT FROM (k.last_from, k.last_arr, k.last_seats);\nRETURN NULL;\n', hash='32872c0f3e9d4d7e6c48c861f9bf7a4cff5100d8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_figures_insert_19e29', referencing='REFERENCING NEW TABLE AS new_rows ', table='accounts_contractterm', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractterm',
            trigger=pgtrigger.compiler.Trigger(name='keep_figures_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT contract_id FROM old_rows UNION ALL SELECT contract_id FROM new_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_contract r WHERE r.id = ANY(concerned) ORDER BY r.id FOR NO KEY UPDATE;\nUPDATE accounts_contract r SET last_from = k.last_from, last_arr = k.last_arr, last_seats = k.last_seats\nFROM unnest(concerned) AS c(id) CROSS JOIN LATERAL (\n  SELECT max(f.starts_on) AS last_from, (array_agg(f.arr ORDER BY f.starts_on DESC, f.id DESC))[1] AS last_arr, (array_agg(f.seats ORDER BY f.starts_on DESC, f.id DESC))[1] AS last_seats FROM accounts_contractterm f WHERE f.contract_id = c.id AND f.retracted_at IS NULL\n) k\nWHERE r.id = c.id AND (r.last_from, r.last_arr, r.last_seats) IS DISTINCT FROM (k.last_from, k.last_arr, k.last_seats);\nRETURN NULL;\n', hash='5a46ec3876f8063b8cfa675d98d17486ec185cfb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_keep_figures_update_eb6cf', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='accounts_contractterm', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contractterm',
            trigger=pgtrigger.compiler.Trigger(name='keep_figures_delete', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT contract_id FROM old_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_contract r WHERE r.id = ANY(concerned) ORDER BY r.id FOR NO KEY UPDATE;\nUPDATE accounts_contract r SET last_from = k.last_from, last_arr = k.last_arr, last_seats = k.last_seats\nFROM unnest(concerned) AS c(id) CROSS JOIN LATERAL (\n  SELECT max(f.starts_on) AS last_from, (array_agg(f.arr ORDER BY f.starts_on DESC, f.id DESC))[1] AS last_arr, (array_agg(f.seats ORDER BY f.starts_on DESC, f.id DESC))[1] AS last_seats FROM accounts_contractterm f WHERE f.contract_id = c.id AND f.retracted_at IS NULL\n) k\nWHERE r.id = c.id AND (r.last_from, r.last_arr, r.last_seats) IS DISTINCT FROM (k.last_from, k.last_arr, k.last_seats);\nRETURN NULL;\n', hash='fef46cdffd07f31739340c0a57717c24cdb71dc5', level='STATEMENT', operation='DELETE', pgid='pgtrigger_keep_figures_delete_96625', referencing='REFERENCING OLD TABLE AS old_rows ', table='accounts_contractterm', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='leave_figures', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND (OLD.paid_amount IS DISTINCT FROM NEW.paid_amount OR OLD.last_paid_on IS DISTINCT FROM NEW.last_paid_on))', func='NEW.paid_amount := OLD.paid_amount; NEW.last_paid_on := OLD.last_paid_on; RETURN NEW;', hash='ce098151cdbb2e22a9f32827ed839c884751b6e6', operation='UPDATE', pgid='pgtrigger_leave_figures_d07e2', table='accounts_invoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoicepayment',
            trigger=pgtrigger.compiler.Trigger(name='keep_figures_insert', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT invoice_id FROM new_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_invoice r WHERE r.id = ANY(concerned) ORDER BY r.id FOR NO KEY UPDATE;\nUPDATE accounts_invoice r SET paid_amount = k.paid_amount, last_paid_on = k.last_paid_on\nFROM unnest(concerned) AS c(id) CROSS JOIN LATERAL (\n  SELECT coalesce(sum(f.amount), 0) AS paid_amount, max(f.paid_on) AS last_paid_on FROM accounts_invoicepayment f WHERE f.invoice_id = c.id AND f.retracted_at IS NULL\n) k\nWHERE r.id = c.id AND (r.paid_amount, r.last_paid_on) IS DISTINCT FROM (k.paid_amount, k.last_paid_on);\nRETURN NULL;\n', hash='cf9b57fd06281c944a77e6fd4f000de396e626bf', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_figures_insert_3d565', referencing='REFERENCING NEW TABLE AS new_rows ', table='accounts_invoicepayment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoicepayment',
            trigger=pgtrigger.compiler.Trigger(name='keep_figures_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT invoice_id FROM old_rows UNION ALL SELECT invoice_id FROM new_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_invoice r WHERE r.id = ANY(concerned) ORDER BY r.id FOR NO KEY UPDATE;\nUPDATE accounts_invoice r SET paid_amount = k.paid_amount, last_paid_on = k.last_paid_on\nFROM unnest(concerned) AS c(id) CROSS JOIN LATERAL (\n  SELECT coalesce(sum(f.amount), 0) AS paid_amount, max(f.paid_on) AS last_paid_on FROM accounts_invoicepayment f WHERE f.invoice_id = c.id AND f.retracted_at IS NULL\n) k\nWHERE r.id = c.id AND (r.paid_amount, r.last_paid_on) IS DISTINCT FROM (k.paid_amount, k.last_paid_on);\nRETURN NULL;\n', hash='557d5d7269ff0fd06ffa8e6c138e0a4765ed218c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_keep_figures_update_0bb9f', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='accounts_invoicepayment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoicepayment',
            trigger=pgtrigger.compiler.Trigger(name='keep_figures_delete', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE concerned bigint[];', func='SELECT array_agg(DISTINCT id) INTO concerned FROM (SELECT invoice_id FROM old_rows) c(id);\nIF concerned IS NULL THEN RETURN NULL; END IF;\nPERFORM 1 FROM accounts_invoice r WHERE r.id = ANY(concerned) ORDER BY r.id FOR NO KEY UPDATE;\nUPDATE accounts_invoice r SET paid_amount = k.paid_amount, last_paid_on = k.last_paid_on\nFROM unnest(concerned) AS c(id) CROSS JOIN LATERAL (\n  SELECT coalesce(sum(f.amount), 0) AS paid_amount, max(f.paid_on) AS last_paid_on FROM accounts_invoicepayment f WHERE f.invoice_id = c.id AND f.retracted_at IS NULL\n) k\nWHERE r.id = c.id AND (r.paid_amount, r.last_paid_on) IS DISTINCT FROM (k.paid_amount, k.last_paid_on);\nRETURN NULL;\n', hash='eb32a64ddff15fdb21a63e9b895d856f03c6f72f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_keep_figures_delete_95f3c', referencing='REFERENCING OLD TABLE AS old_rows ', table='accounts_invoicepayment', when='AFTER')),
        ),
        migrations.AddField(
            model_name='invoice',
            name='balance',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(models.F('amount'), '-', models.F('paid_amount')), output_field=models.DecimalField(decimal_places=2, max_digits=18), verbose_name='open amount'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='paid_on',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(paid_amount__gte=models.F('amount'), then=models.F('last_paid_on'))), output_field=models.DateField(null=True), verbose_name='paid on'),
        ),
    ]
