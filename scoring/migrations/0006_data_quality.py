"""Say who answers for a source, what was wrong with it, and count what waits for its account.

Locks `scoring_eventquarantine` while it is counted once; the queue of batches waits meanwhile.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

COUNT_WAITING = """
CREATE FUNCTION scoring_count_waiting() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO scoring_waitingkey AS known (kind, key, write_key_id, events, first_at, last_at)
    SELECT CASE WHEN group_key IS NULL THEN 'user' ELSE 'group' END,
      coalesce(group_key, user_key), max(write_key_id), count(*), min(received_at), max(received_at)
    FROM changed GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (kind, key) DO UPDATE SET events = known.events + excluded.events,
      write_key_id = excluded.write_key_id, first_at = least(known.first_at, excluded.first_at),
      last_at = greatest(known.last_at, excluded.last_at);
  ELSE
    WITH gone AS (
      SELECT CASE WHEN group_key IS NULL THEN 'user' ELSE 'group' END AS kind,
        coalesce(group_key, user_key) AS key, count(*) AS n
      FROM changed GROUP BY 1, 2
    ), held AS (
      SELECT w.id, gone.n FROM scoring_waitingkey w JOIN gone USING (kind, key)
      ORDER BY kind, key FOR UPDATE OF w)
    UPDATE scoring_waitingkey w SET events = w.events - held.n FROM held WHERE held.id = w.id;
    DELETE FROM scoring_waitingkey w USING changed c
    WHERE w.kind = CASE WHEN c.group_key IS NULL THEN 'user' ELSE 'group' END
      AND w.key = coalesce(c.group_key, c.user_key) AND w.events <= 0;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER scoring_waiting_more AFTER INSERT ON scoring_eventquarantine
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scoring_count_waiting();
CREATE TRIGGER scoring_waiting_less AFTER DELETE ON scoring_eventquarantine
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION scoring_count_waiting();

INSERT INTO scoring_waitingkey (kind, key, write_key_id, events, first_at, last_at)
SELECT CASE WHEN group_key IS NULL THEN 'user' ELSE 'group' END, coalesce(group_key, user_key),
  max(write_key_id), count(*), min(received_at), max(received_at)
FROM scoring_eventquarantine GROUP BY 1, 2;
"""
COUNT_NOTHING = """
DROP TRIGGER scoring_waiting_more ON scoring_eventquarantine;
DROP TRIGGER scoring_waiting_less ON scoring_eventquarantine;
DROP FUNCTION scoring_count_waiting;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0005_declared_and_traced'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SourceFault',
            fields=[
                ('pk', models.CompositePrimaryKey('write_key', 'day', 'code', 'field', 'is_body', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('code', models.CharField(max_length=40)),
                ('field', models.CharField(max_length=120)),
                ('is_body', models.BooleanField()),
                ('n', models.BigIntegerField()),
                ('last_at', models.DateTimeField()),
                ('write_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='scoring.writekey')),
            ],
        ),
        migrations.CreateModel(
            name='WaitingKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('group', 'Account'), ('user', 'Person')], max_length=8, verbose_name='kind')),
                ('key', models.CharField(max_length=255, verbose_name='id')),
                ('events', models.BigIntegerField(verbose_name='events')),
                ('first_at', models.DateTimeField(verbose_name='first received')),
                ('last_at', models.DateTimeField(verbose_name='last received')),
            ],
            options={
                'verbose_name': 'unknown id',
                'verbose_name_plural': 'unknown ids',
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='writekey',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='writekey',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='writekey',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='sourceday',
            name='late',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='sourceday',
            name='repeated',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='sourceday',
            name='unknown',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='writekey',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='write_keys', to=settings.AUTH_USER_MODEL, verbose_name='who answers for it'),
        ),
        migrations.AddField(
            model_name='writekeyevent',
            name='owner',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who answers for it'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writekey',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_writekeyevent" ("allowed_traits", "created_at", "creates_accounts", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "team_id") SELECT new_values."allowed_traits", new_values."created_at", new_values."creates_accounts", new_values."id", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."prefix", new_values."revoked_at", new_values."team_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='db259725ecac53a20e7a472a44f563877160b89d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ecaa3', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_writekey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writekey',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_writekeyevent" ("allowed_traits", "created_at", "creates_accounts", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "team_id") SELECT new_values."allowed_traits", new_values."created_at", new_values."creates_accounts", new_values."id", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."prefix", new_values."revoked_at", new_values."team_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."allowed_traits" IS DISTINCT FROM (new_values."allowed_traits") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."creates_accounts" IS DISTINCT FROM (new_values."creates_accounts") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."prefix" IS DISTINCT FROM (new_values."prefix") OR old_values."revoked_at" IS DISTINCT FROM (new_values."revoked_at") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='65b676dc4399aa31152166d631144833125c060f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3cb0e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_writekey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='writekey',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_writekeyevent" ("allowed_traits", "created_at", "creates_accounts", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "team_id") SELECT old_values."allowed_traits", old_values."created_at", old_values."creates_accounts", old_values."id", old_values."name", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."prefix", old_values."revoked_at", old_values."team_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='97c21e4748a3b9812614d2cc05543dbc386e6882', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8ce04', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_writekey', when='AFTER')),
        ),
        migrations.AddField(
            model_name='waitingkey',
            name='write_key',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='scoring.writekey', verbose_name='sent with'),
        ),
        migrations.AddIndex(
            model_name='ingestbatch',
            index=models.Index(condition=models.Q(('dead_at__isnull', False)), fields=['write_key'], name='scoring_batch_dead'),
        ),
        migrations.AddIndex(
            model_name='waitingkey',
            index=models.Index(fields=['events', 'id'], name='scoring_waiting_events'),
        ),
        migrations.AddIndex(
            model_name='waitingkey',
            index=models.Index(fields=['last_at', 'id'], name='scoring_waiting_last'),
        ),
        migrations.AddConstraint(
            model_name='waitingkey',
            constraint=models.UniqueConstraint(fields=('kind', 'key'), name='scoring_waiting_key'),
        ),
        migrations.RunSQL(COUNT_WAITING, COUNT_NOTHING),
    ]
