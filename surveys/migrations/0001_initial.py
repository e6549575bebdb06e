import config.lib.clock
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import surveys.registry
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person_key', models.BinaryField(max_length=32)),
                ('language', models.CharField(choices=[('ja', '日本語'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('invited_on', models.DateField(verbose_name='invited on')),
                ('answered', models.BooleanField(default=False, verbose_name='answered')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_invitations', to='accounts.account')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_invitations', to='accounts.contact')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
            },
        ),
        migrations.CreateModel(
            name='InvitationToken',
            fields=[
                ('digest', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('answer', 'Answer'), ('unsubscribe', 'Unsubscribe')], max_length=11, verbose_name='good for')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='expires')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='surveys.invitation')),
            ],
            options={
                'verbose_name': 'survey link',
                'verbose_name_plural': 'survey links',
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=surveys.registry.kind_choices, max_length=20, verbose_name='kind')),
                ('mode', models.CharField(choices=[('identified', 'Identified'), ('confidential', 'Confidential'), ('anonymous', 'Anonymous')], default='identified', max_length=12, verbose_name='mode')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('texts', models.JSONField(verbose_name='wording')),
                ('retention_months', models.PositiveSmallIntegerField(default=36, verbose_name='months answers are kept')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='created')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='surveys', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'survey',
                'verbose_name_plural': 'surveys',
                'constraints': [models.CheckConstraint(condition=models.Q(('mode', 'identified')), name='surveys_only_identified_yet'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='surveys_survey_named')],
            },
        ),
        migrations.CreateModel(
            name='SurveyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=surveys.registry.kind_choices, max_length=20, verbose_name='kind')),
                ('mode', models.CharField(choices=[('identified', 'Identified'), ('confidential', 'Confidential'), ('anonymous', 'Anonymous')], default='identified', max_length=12, verbose_name='mode')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('texts', models.JSONField(verbose_name='wording')),
                ('retention_months', models.PositiveSmallIntegerField(default=36, verbose_name='months answers are kept')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='surveys.survey')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed')], default='draft', editable=False, max_length=8, verbose_name='state')),
                ('opens_on', models.DateField(verbose_name='opens on')),
                ('closes_on', models.DateField(verbose_name='last day')),
                ('closes_at', models.DateTimeField(editable=False, verbose_name='closes')),
                ('report_on', models.DateField(verbose_name='results promised by')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waves', to='surveys.survey')),
            ],
            options={
                'verbose_name': 'wave',
                'verbose_name_plural': 'waves',
                'indexes': [models.Index(fields=['survey', '-opens_on'], name='surveys_wave_survey'), models.Index(condition=models.Q(('state', 'open')), fields=['closes_at'], name='surveys_wave_to_close')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='surveys_wave_lasts'), models.CheckConstraint(condition=models.Q(('report_on__gte', models.F('closes_on'))), name='surveys_report_after')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=surveys.registry.kind_choices, max_length=20, verbose_name='kind')),
                ('language', models.CharField(choices=[('ja', '日本語'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(10)], verbose_name='score')),
                ('csat', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='satisfaction')),
                ('comment', models.TextField(blank=True, max_length=2000, verbose_name='comment')),
                ('answered_at', models.DateTimeField(verbose_name='answered')),
                ('recorded_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False)),
                ('retracted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_responses', to='accounts.account')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_responses', to='accounts.contact')),
                ('invitation', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='response', to='surveys.invitation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.survey')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.wave')),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
                'indexes': [models.Index(fields=['account', '-answered_at', '-id'], name='surveys_response_account'), models.Index(fields=['wave', '-answered_at', '-id'], name='surveys_response_wave'), models.Index(fields=['kind', 'answered_at'], name='surveys_response_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(('score__range', (0, 10))), name='surveys_score_range'), models.CheckConstraint(condition=models.Q(('csat__isnull', True), ('csat__range', (1, 5)), _connector='OR'), name='surveys_csat_range')],
            },
        ),
        migrations.AddField(
            model_name='invitation',
            name='wave',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='surveys.wave'),
        ),
        migrations.CreateModel(
            name='WaveEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed')], default='draft', editable=False, max_length=8, verbose_name='state')),
                ('opens_on', models.DateField(verbose_name='opens on')),
                ('closes_on', models.DateField(verbose_name='last day')),
                ('closes_at', models.DateTimeField(editable=False, verbose_name='closes')),
                ('report_on', models.DateField(verbose_name='results promised by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='surveys.wave')),
                ('survey', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='surveys.survey')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['person_key', 'invited_on'], name='surveys_invited_person'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['account', 'invited_on'], name='surveys_invited_account'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('wave', 'contact'), name='surveys_invited_once'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('wave', 'person_key'), name='surveys_person_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_surveyevent" ("archived_at", "created_by_id", "id", "kind", "mode", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retention_months", "texts") SELECT new_values."archived_at", new_values."created_by_id", new_values."id", new_values."kind", new_values."mode", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."retention_months", new_values."texts" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='730a096f7665d718b2cb220bb48dd47fd5d3d586', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_472a1', referencing='REFERENCING NEW TABLE AS new_values ', table='surveys_survey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_surveyevent" ("archived_at", "created_by_id", "id", "kind", "mode", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retention_months", "texts") SELECT new_values."archived_at", new_values."created_by_id", new_values."id", new_values."kind", new_values."mode", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."retention_months", new_values."texts" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."archived_at" IS DISTINCT FROM (new_values."archived_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."mode" IS DISTINCT FROM (new_values."mode") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."retention_months" IS DISTINCT FROM (new_values."retention_months") OR old_values."texts" IS DISTINCT FROM (new_values."texts")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='74467c7f76717bc67d4c72299d23f72f0605cbfd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7c6a9', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='surveys_survey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_surveyevent" ("archived_at", "created_by_id", "id", "kind", "mode", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retention_months", "texts") SELECT old_values."archived_at", old_values."created_by_id", old_values."id", old_values."kind", old_values."mode", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."retention_months", old_values."texts" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='74e7a337575faede34e2fa42f3dc7e74017156c6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0ba4d', referencing='REFERENCING OLD TABLE AS old_values ', table='surveys_survey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0d1fbe54fbc62899407b97876154bc396324dbd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ef4ac', table='surveys_surveyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wave',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_waveevent" ("closes_at", "closes_on", "id", "name", "opens_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_on", "state", "survey_id") SELECT new_values."closes_at", new_values."closes_on", new_values."id", new_values."name", new_values."opens_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."report_on", new_values."state", new_values."survey_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='243558ffd0a89f63971e3ad7200d281f7d1e0d10', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_eafbd', referencing='REFERENCING NEW TABLE AS new_values ', table='surveys_wave', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wave',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_waveevent" ("closes_at", "closes_on", "id", "name", "opens_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_on", "state", "survey_id") SELECT new_values."closes_at", new_values."closes_on", new_values."id", new_values."name", new_values."opens_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."report_on", new_values."state", new_values."survey_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='453fa63bfacea6cbbf2f9813ea600bfa59b59178', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_644ad', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='surveys_wave', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wave',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_waveevent" ("closes_at", "closes_on", "id", "name", "opens_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "report_on", "state", "survey_id") SELECT old_values."closes_at", old_values."closes_on", old_values."id", old_values."name", old_values."opens_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."report_on", old_values."state", old_values."survey_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1a40bfb94541a586c4298cb98904bb6d2ac8ee33', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_22fe2', referencing='REFERENCING OLD TABLE AS old_values ', table='surveys_wave', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='waveevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9c9cc74047517ce42ff19e0737306690c307cc15', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f3478', table='surveys_waveevent', when='BEFORE')),
        ),
    ]
