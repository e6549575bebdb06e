import config.lib.clock
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# One row an account and day; a month a partition, so that old days go by DROP. The default partition
# is an alarm only: rows there mean that months were not laid ahead.
HEALTH_DAILY = """
CREATE TABLE scoring_healthdaily (
    day date NOT NULL,
    account_id bigint NOT NULL,
    score double precision,
    computed double precision,
    base_weight double precision NOT NULL,
    coverage double precision NOT NULL,
    points double precision NOT NULL,
    corrections double precision[] NOT NULL,
    dimensions double precision[] NOT NULL,
    contributions double precision[] NOT NULL,
    band smallint CHECK (band BETWEEN 0 AND 3),
    state smallint CHECK (state BETWEEN 0 AND 3),
    rise smallint CHECK (rise BETWEEN 0 AND 3),
    low smallint CHECK (low BETWEEN 0 AND 3),
    kind varchar(12) NOT NULL,
    version_id bigint NOT NULL,
    run_id bigint NOT NULL,
    PRIMARY KEY (day, account_id)
) PARTITION BY RANGE (day);
CREATE TABLE scoring_healthdaily_default PARTITION OF scoring_healthdaily DEFAULT;

CREATE FUNCTION scoring_add_health_months(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  added integer := 0;
  lo date;
BEGIN
  IF last - first > 366 * 30 THEN
    RAISE EXCEPTION 'more than 30 years of health partitions at once';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));
  FOR lo IN SELECT d::date FROM generate_series(date_trunc('month', first), last, interval '1 month') d LOOP
    added := added + scoring_add_partition('scoring_healthdaily', 'day', lo, (lo + interval '1 month')::date, '')::integer;
  END LOOP;
  RETURN added;
END $$;

SELECT scoring_add_health_months((app_now() - interval '1 month')::date, (app_now() + interval '3 months')::date);
"""
NO_HEALTH_DAILY = "DROP TABLE scoring_healthdaily; DROP FUNCTION scoring_add_health_months"

# The newest rows are rewritten in place: room for that on every page, arrays never compressed.
STORAGE = """
ALTER TABLE scoring_metricvalue SET (fillfactor = 70);
ALTER TABLE scoring_metricvalue ALTER COLUMN v SET STORAGE PLAIN;
ALTER TABLE scoring_metricvalue ALTER COLUMN seen SET STORAGE PLAIN;
ALTER TABLE scoring_healthcurrent SET (fillfactor = 70);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('scoring', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MetricValue',
            fields=[
                ('account', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='metric_value', serialize=False, to='accounts.account')),
                ('v', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(null=True), size=None)),
                ('seen', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(null=True), size=None)),
                ('known_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ScorecardEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=60, verbose_name='key')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_ja', models.CharField(max_length=120, verbose_name='name in Japanese')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='order')),
                ('condition', models.JSONField(blank=True, default=dict, verbose_name='for accounts with')),
                ('is_default', models.BooleanField(default=False, verbose_name='for all others')),
                ('is_shipped', models.BooleanField(default=False, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScorecardVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'In review'), ('published', 'Published')], default='draft', max_length=10, verbose_name='state')),
                ('schema_version', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('definition', models.JSONField(verbose_name='definition')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='acts from')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False)),
            ],
            options={
                'verbose_name': 'scorecard version',
                'verbose_name_plural': 'scorecard versions',
            },
        ),
        migrations.CreateModel(
            name='ScorecardVersionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'In review'), ('published', 'Published')], default='draft', max_length=10, verbose_name='state')),
                ('schema_version', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('definition', models.JSONField(verbose_name='definition')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='acts from')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HealthOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('value', 'Score'), ('band', 'Band'), ('floor', 'At least'), ('ceiling', 'At most')], max_length=8, verbose_name='kind')),
                ('value', models.FloatField(blank=True, null=True, verbose_name='score')),
                ('band', models.CharField(blank=True, choices=[('critical', 'Critical'), ('at_risk', 'At risk'), ('steady', 'Steady'), ('expansion', 'Expansion'), ('not_enough_data', 'Not enough data')], max_length=16, verbose_name='band')),
                ('reason', models.TextField(verbose_name='reason')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('expires_at', models.DateTimeField(verbose_name='until')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='reviewed')),
                ('recorded_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False)),
                ('retracted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='health_overrides', to='accounts.account')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'override',
                'verbose_name_plural': 'overrides',
            },
        ),
        migrations.CreateModel(
            name='HealthOverrideEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('value', 'Score'), ('band', 'Band'), ('floor', 'At least'), ('ceiling', 'At most')], max_length=8, verbose_name='kind')),
                ('value', models.FloatField(blank=True, null=True, verbose_name='score')),
                ('band', models.CharField(blank=True, choices=[('critical', 'Critical'), ('at_risk', 'At risk'), ('steady', 'Steady'), ('expansion', 'Expansion'), ('not_enough_data', 'Not enough data')], max_length=16, verbose_name='band')),
                ('reason', models.TextField(verbose_name='reason')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('expires_at', models.DateTimeField(verbose_name='until')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='reviewed')),
                ('recorded_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False)),
                ('retracted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('account', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.account')),
                ('author', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='scoring.healthoverride')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HealthRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('provisional', 'Provisional'), ('official', 'Official')], max_length=12, verbose_name='kind')),
                ('day', models.DateField(verbose_name='day')),
                ('t', models.DateTimeField(verbose_name='facts before')),
                ('k', models.DateTimeField(verbose_name='as known at')),
                ('versions', models.JSONField(default=dict, verbose_name='scorecard versions')),
                ('engine', models.CharField(max_length=20, verbose_name='engine')),
                ('cohort_id', models.BigIntegerField(null=True)),
                ('started_at', models.DateTimeField(db_default=config.lib.clock.AppNow())),
                ('finished_at', models.DateTimeField(null=True)),
                ('accounts', models.PositiveIntegerField(default=0, verbose_name='accounts')),
                ('transitions', models.PositiveIntegerField(default=0, verbose_name='changes of band')),
                ('seconds', models.FloatField(default=0, verbose_name='seconds')),
            ],
            options={
                'verbose_name': 'health run',
                'verbose_name_plural': 'health runs',
                'indexes': [models.Index(fields=['kind', '-day'], name='scoring_run_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'official')), fields=('day',), name='scoring_one_official_run')],
            },
        ),
        migrations.CreateModel(
            name='HealthCurrent',
            fields=[
                ('account', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='health', serialize=False, to='accounts.account')),
                ('day', models.DateField(null=True, verbose_name='day')),
                ('score', models.FloatField(null=True, verbose_name='score')),
                ('computed', models.FloatField(null=True, verbose_name='computed score')),
                ('band', models.CharField(choices=[('critical', 'Critical'), ('at_risk', 'At risk'), ('steady', 'Steady'), ('expansion', 'Expansion'), ('not_enough_data', 'Not enough data')], default='not_enough_data', max_length=16, verbose_name='band')),
                ('state', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('coverage', models.FloatField(default=0, verbose_name='coverage')),
                ('confidence', models.FloatField(default=0, verbose_name='confidence')),
                ('change_30d', models.FloatField(null=True, verbose_name='change in 30 days')),
                ('kind', models.CharField(choices=[('provisional', 'Provisional'), ('official', 'Official')], default='provisional', max_length=12, verbose_name='kind')),
                ('computed_at', models.DateTimeField(null=True, verbose_name='computed')),
                ('run', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scoring.healthrun')),
            ],
            options={
                'verbose_name': 'health',
                'verbose_name_plural': 'health',
            },
        ),
        migrations.CreateModel(
            name='HealthShard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('low_id', models.BigIntegerField()),
                ('high_id', models.BigIntegerField()),
                ('done_at', models.DateTimeField(null=True)),
                ('accounts', models.PositiveIntegerField(default=0)),
                ('transitions', models.PositiveIntegerField(default=0)),
                ('seconds', models.FloatField(default=0)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shards', to='scoring.healthrun')),
            ],
        ),
        migrations.CreateModel(
            name='HealthTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_band', models.CharField(choices=[('critical', 'Critical'), ('at_risk', 'At risk'), ('steady', 'Steady'), ('expansion', 'Expansion'), ('not_enough_data', 'Not enough data')], max_length=16, verbose_name='from')),
                ('to_band', models.CharField(choices=[('critical', 'Critical'), ('at_risk', 'At risk'), ('steady', 'Steady'), ('expansion', 'Expansion'), ('not_enough_data', 'Not enough data')], max_length=16, verbose_name='to')),
                ('score', models.FloatField(null=True, verbose_name='score')),
                ('day', models.DateField(verbose_name='day')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('kind', models.CharField(choices=[('provisional', 'Provisional'), ('official', 'Official')], max_length=12, verbose_name='kind')),
                ('acted_at', models.DateTimeField(editable=False, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='health_transitions', to='accounts.account')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='news', to='scoring.healthrun')),
            ],
            options={
                'verbose_name': 'change of band',
                'verbose_name_plural': 'changes of band',
            },
        ),
        migrations.CreateModel(
            name='MetricDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True, verbose_name='key')),
                ('slot', models.PositiveSmallIntegerField(editable=False, unique=True)),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False)),
            ],
            options={
                'verbose_name': 'metric',
                'verbose_name_plural': 'metrics',
                'constraints': [models.CheckConstraint(condition=models.Q(('slot__gte', 1)), name='scoring_metric_slot_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Scorecard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True, verbose_name='key')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_ja', models.CharField(max_length=120, verbose_name='name in Japanese')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='order')),
                ('condition', models.JSONField(blank=True, default=dict, verbose_name='for accounts with')),
                ('is_default', models.BooleanField(default=False, verbose_name='for all others')),
                ('is_shipped', models.BooleanField(default=False, editable=False)),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
            ],
            options={
                'verbose_name': 'scorecard',
                'verbose_name_plural': 'scorecards',
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True), ('is_default', True)), fields=('is_default',), name='scoring_one_default_scorecard')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecard',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardevent" ("archived_at", "condition", "id", "is_default", "is_shipped", "key", "name_en", "name_ja", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") SELECT new_values."archived_at", new_values."condition", new_values."id", new_values."is_default", new_values."is_shipped", new_values."key", new_values."name_en", new_values."name_ja", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."position" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ca76dc4ade3a11a787904769f67a9c16f012548a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9b3d5', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_scorecard', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecard',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardevent" ("archived_at", "condition", "id", "is_default", "is_shipped", "key", "name_en", "name_ja", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") SELECT new_values."archived_at", new_values."condition", new_values."id", new_values."is_default", new_values."is_shipped", new_values."key", new_values."name_en", new_values."name_ja", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."position" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='29bbe1c5545f82f521b043cf9f9d7e2ebcfb4506', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_29da2', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_scorecard', when='AFTER')),
        ),
        migrations.AddField(
            model_name='scorecardevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='scorecardevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='scoring.scorecard'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='scorecard',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='scoring.scorecard'),
        ),
        migrations.AddField(
            model_name='healthcurrent',
            name='version',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.scorecardversion'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='scoring.scorecardversion'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='published_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='scorecard',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.scorecard'),
        ),
        migrations.AddConstraint(
            model_name='healthoverride',
            constraint=models.UniqueConstraint(condition=models.Q(('retracted_at__isnull', True)), fields=('account',), name='scoring_one_standing_override'),
        ),
        migrations.AddConstraint(
            model_name='healthoverride',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('band__gt', ''), ('kind', 'band'), ('value__isnull', True)), models.Q(models.Q(('kind', 'band'), _negated=True), ('band', ''), ('value__range', (0, 100))), _connector='OR'), name='scoring_override_value_or_band'),
        ),
        migrations.AddConstraint(
            model_name='healthoverride',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('starts_at'))), name='scoring_override_ends'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='healthoverride',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_healthoverrideevent" ("account_id", "author_id", "band", "expires_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "retracted_at", "reviewed_at", "starts_at", "value") SELECT new_values."account_id", new_values."author_id", new_values."band", new_values."expires_at", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."recorded_at", new_values."retracted_at", new_values."reviewed_at", new_values."starts_at", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6cbbceb65da20aff41f7bbec97bf9b710a50a091', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b77ba', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_healthoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='healthoverride',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_healthoverrideevent" ("account_id", "author_id", "band", "expires_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "retracted_at", "reviewed_at", "starts_at", "value") SELECT new_values."account_id", new_values."author_id", new_values."band", new_values."expires_at", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."recorded_at", new_values."retracted_at", new_values."reviewed_at", new_values."starts_at", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d6f9e94afa8d3a0b022648fd56469ee5c8761c16', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9d305', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_healthoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='healthoverrideevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='de4b46b840a4a9e6414b551413ff066cd699154a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b2b04', table='scoring_healthoverrideevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='healthshard',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['run'], name='scoring_shard_open'),
        ),
        migrations.AddConstraint(
            model_name='healthshard',
            constraint=models.UniqueConstraint(fields=('run', 'low_id'), name='scoring_shard_unique'),
        ),
        migrations.AddIndex(
            model_name='healthtransition',
            index=models.Index(fields=['account', '-at'], name='scoring_transition_account'),
        ),
        migrations.AddIndex(
            model_name='healthtransition',
            index=models.Index(condition=models.Q(('acted_at__isnull', True)), fields=['id'], name='scoring_transition_news'),
        ),
        migrations.AddConstraint(
            model_name='healthtransition',
            constraint=models.CheckConstraint(condition=models.Q(('from_band', models.F('to_band')), _negated=True), name='scoring_transition_moves'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d9f1b43889ae5addcdff0787aaa98be4c8b069af', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_15c9d', table='scoring_scorecardevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='scorecardversion',
            constraint=models.UniqueConstraint(fields=('scorecard', 'number'), name='scoring_version_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='scorecardversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('effective_on__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='scoring_published_has_dates'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardversionevent" ("created_at", "definition", "digest", "effective_on", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "schema_version", "scorecard_id", "state") SELECT new_values."created_at", new_values."definition", new_values."digest", new_values."effective_on", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."published_at", new_values."published_by_id", new_values."schema_version", new_values."scorecard_id", new_values."state" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6a44c8f50d73a82034f177ef5fc72b65d5366326', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d1388', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_scorecardversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardversionevent" ("created_at", "definition", "digest", "effective_on", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "schema_version", "scorecard_id", "state") SELECT new_values."created_at", new_values."definition", new_values."digest", new_values."effective_on", new_values."id", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."published_at", new_values."published_by_id", new_values."schema_version", new_values."scorecard_id", new_values."state" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='48b733ee344dbc49e189095af9d9c92b4b786329', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_59e27', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_scorecardversion', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='healthcurrent',
            index=models.Index(fields=['score', 'account'], name='scoring_current_score'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardversionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c70475f91911ed914bb44e50d19c481e0ec75be4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cc3bb', table='scoring_scorecardversionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='healthoverride',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_healthoverrideevent" ("account_id", "author_id", "band", "expires_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "retracted_at", "reviewed_at", "starts_at", "value") SELECT old_values."account_id", old_values."author_id", old_values."band", old_values."expires_at", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."recorded_at", old_values."retracted_at", old_values."reviewed_at", old_values."starts_at", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5e0eaf8ee9f90d8a76a0b4d3924d9073a72baa4d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f2b60', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_healthoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecard',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardevent" ("archived_at", "condition", "id", "is_default", "is_shipped", "key", "name_en", "name_ja", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") SELECT old_values."archived_at", old_values."condition", old_values."id", old_values."is_default", old_values."is_shipped", old_values."key", old_values."name_en", old_values."name_ja", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."position" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5d45560c57a0e1622733816b87f8b79a91ac35b8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_42856', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_scorecard', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardversionevent" ("created_at", "definition", "digest", "effective_on", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "schema_version", "scorecard_id", "state") SELECT old_values."created_at", old_values."definition", old_values."digest", old_values."effective_on", old_values."id", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."published_by_id", old_values."schema_version", old_values."scorecard_id", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8528f366897a33ddd54042a844ab64fa3811f12a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_29b8d', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_scorecardversion', when='AFTER')),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(HEALTH_DAILY, reverse_sql=NO_HEALTH_DAILY)],
            state_operations=[
                migrations.CreateModel(
                    name='HealthDaily',
                    fields=[
                        ('pk', models.CompositePrimaryKey('day', 'account_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('score', models.FloatField(null=True)),
                        ('computed', models.FloatField(null=True)),
                        ('base_weight', models.FloatField()),
                        ('coverage', models.FloatField()),
                        ('points', models.FloatField()),
                        ('corrections', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                        ('dimensions', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(null=True), size=None)),
                        ('contributions', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                        ('band', models.PositiveSmallIntegerField(null=True)),
                        ('state', models.PositiveSmallIntegerField(null=True)),
                        ('rise', models.PositiveSmallIntegerField(null=True)),
                        ('low', models.PositiveSmallIntegerField(null=True)),
                        ('kind', models.CharField(choices=[('provisional', 'Provisional'), ('official', 'Official')], max_length=12)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='health_days', to='accounts.account')),
                        ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='scoring.healthrun')),
                        ('version', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.scorecardversion')),
                    ],
                ),
            ],
        ),
        migrations.RunSQL(STORAGE, reverse_sql=migrations.RunSQL.noop),
    ]
