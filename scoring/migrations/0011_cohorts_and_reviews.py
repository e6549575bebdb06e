import config.lib.clock
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# Every percentile reads these arrays: whole in their row, never compressed.
STORAGE = """
ALTER TABLE scoring_cohortquantiles ALTER COLUMN knots SET STORAGE PLAIN;
ALTER TABLE scoring_cohortquantiles ALTER COLUMN below SET STORAGE PLAIN;
ALTER TABLE scoring_cohortquantiles ALTER COLUMN upto SET STORAGE PLAIN;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_erase_further'),
        ('scoring', '0010_custom_metrics'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CohortQuantiles',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(blank=True, max_length=300)),
                ('metric', models.CharField(max_length=60)),
                ('n', models.PositiveIntegerField()),
                ('knots', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('below', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('upto', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('median', models.FloatField()),
                ('mad', models.FloatField()),
            ],
            options={
                'verbose_name': 'distribution of a metric',
                'verbose_name_plural': 'distributions of metrics',
            },
        ),
        migrations.CreateModel(
            name='CohortTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('t', models.DateTimeField(verbose_name='valid from')),
                ('known_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), verbose_name='known since')),
                ('accounts', models.PositiveIntegerField(default=0, verbose_name='accounts')),
            ],
            options={
                'verbose_name': 'cohort table',
                'verbose_name_plural': 'cohort tables',
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='scorecardversion',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='scorecardversion',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='scorecardversion',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='healthshard',
            name='scoring_shard_unique',
        ),
        migrations.AddField(
            model_name='healthdaily',
            name='kept',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='healthshard',
            name='depth',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='note',
            field=models.TextField(blank=True, verbose_name='why'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='pilot_segment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.segment', verbose_name='pilot on segment'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='promoted_on',
            field=models.DateField(blank=True, null=True, verbose_name='acts for everybody from'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='rejected_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='rejected'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='rejection',
            field=models.TextField(blank=True, verbose_name='why it was rejected'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='reverts_to',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.scorecardversion'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='submitted'),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='updated_at',
            field=models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False),
        ),
        migrations.AddField(
            model_name='scorecardversion',
            name='withdrawn_on',
            field=models.DateField(blank=True, null=True, verbose_name='withdrawn from'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='author',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='note',
            field=models.TextField(blank=True, verbose_name='why'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='pilot_segment',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.segment', verbose_name='pilot on segment'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='promoted_on',
            field=models.DateField(blank=True, null=True, verbose_name='acts for everybody from'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='rejected_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='rejected'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='rejection',
            field=models.TextField(blank=True, verbose_name='why it was rejected'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='reverts_to',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.scorecardversion'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='submitted'),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='submitted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='updated_at',
            field=models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False),
        ),
        migrations.AddField(
            model_name='scorecardversionevent',
            name='withdrawn_on',
            field=models.DateField(blank=True, null=True, verbose_name='withdrawn from'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardversionevent" ("author_id", "created_at", "definition", "digest", "effective_on", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pilot_segment_id", "promoted_on", "published_at", "published_by_id", "rejected_at", "rejection", "reverts_to_id", "schema_version", "scorecard_id", "state", "submitted_at", "submitted_by_id", "updated_at", "withdrawn_on") SELECT new_values."author_id", new_values."created_at", new_values."definition", new_values."digest", new_values."effective_on", new_values."id", new_values."note", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pilot_segment_id", new_values."promoted_on", new_values."published_at", new_values."published_by_id", new_values."rejected_at", new_values."rejection", new_values."reverts_to_id", new_values."schema_version", new_values."scorecard_id", new_values."state", new_values."submitted_at", new_values."submitted_by_id", new_values."updated_at", new_values."withdrawn_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3faf025aeef1d5d8316edef27c9d9bb71f0061de', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d1388', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_scorecardversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardversionevent" ("author_id", "created_at", "definition", "digest", "effective_on", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pilot_segment_id", "promoted_on", "published_at", "published_by_id", "rejected_at", "rejection", "reverts_to_id", "schema_version", "scorecard_id", "state", "submitted_at", "submitted_by_id", "updated_at", "withdrawn_on") SELECT new_values."author_id", new_values."created_at", new_values."definition", new_values."digest", new_values."effective_on", new_values."id", new_values."note", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pilot_segment_id", new_values."promoted_on", new_values."published_at", new_values."published_by_id", new_values."rejected_at", new_values."rejection", new_values."reverts_to_id", new_values."schema_version", new_values."scorecard_id", new_values."state", new_values."submitted_at", new_values."submitted_by_id", new_values."updated_at", new_values."withdrawn_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='603c632cb748e47dfaef8f2d1ec7bee0330d8fe8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_59e27', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_scorecardversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scorecardversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scorecardversionevent" ("author_id", "created_at", "definition", "digest", "effective_on", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pilot_segment_id", "promoted_on", "published_at", "published_by_id", "rejected_at", "rejection", "reverts_to_id", "schema_version", "scorecard_id", "state", "submitted_at", "submitted_by_id", "updated_at", "withdrawn_on") SELECT old_values."author_id", old_values."created_at", old_values."definition", old_values."digest", old_values."effective_on", old_values."id", old_values."note", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pilot_segment_id", old_values."promoted_on", old_values."published_at", old_values."published_by_id", old_values."rejected_at", old_values."rejection", old_values."reverts_to_id", old_values."schema_version", old_values."scorecard_id", old_values."state", old_values."submitted_at", old_values."submitted_by_id", old_values."updated_at", old_values."withdrawn_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='135b985f31679ab802078af70794e32c8e6d2795', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_29b8d', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_scorecardversion', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='healthshard',
            constraint=models.UniqueConstraint(fields=('run', 'depth', 'low_id'), name='scoring_shard_once'),
        ),
        migrations.AddConstraint(
            model_name='scorecardversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('promoted_on__isnull', True), ('withdrawn_on__isnull', True)), ('pilot_segment__isnull', False), _connector='OR'), name='scoring_only_pilots_are_promoted'),
        ),
        migrations.AddConstraint(
            model_name='cohorttable',
            constraint=models.UniqueConstraint(fields=('t',), name='scoring_cohort_table_once'),
        ),
        migrations.AddField(
            model_name='cohortquantiles',
            name='table',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quantiles', to='scoring.cohorttable'),
        ),
        migrations.AddConstraint(
            model_name='cohortquantiles',
            constraint=models.UniqueConstraint(fields=('table', 'audience', 'metric'), name='scoring_quantiles_unique'),
        ),
        migrations.AddConstraint(
            model_name='cohortquantiles',
            constraint=models.CheckConstraint(condition=models.Q(('n__gte', 1)), name='scoring_quantiles_of_somebody'),
        ),
        migrations.RunSQL(STORAGE, reverse_sql=migrations.RunSQL.noop),
    ]
