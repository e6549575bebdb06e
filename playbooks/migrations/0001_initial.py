import config.lib.clock
import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
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
            name='Playbook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True, verbose_name='key')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_ja', models.CharField(max_length=120, verbose_name='name in Japanese')),
                ('is_active', models.BooleanField(default=False, verbose_name='switched on')),
                ('active_since', models.DateTimeField(blank=True, null=True, verbose_name='switched on at')),
                ('starter_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'playbook',
                'verbose_name_plural': 'playbooks',
                'constraints': [models.CheckConstraint(condition=models.Q(('is_active', False), ('active_since__isnull', False), _connector='OR'), name='playbooks_active_has_start')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "playbooks_playbookevent" ("active_since", "archived_at", "created_at", "id", "is_active", "key", "name_en", "name_ja", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starter_digest") SELECT new_values."active_since", new_values."archived_at", new_values."created_at", new_values."id", new_values."is_active", new_values."key", new_values."name_en", new_values."name_ja", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."starter_digest" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6cd16f57d7205ed346a8d3077e1b14a54b53681c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0bc8c', referencing='REFERENCING NEW TABLE AS new_values ', table='playbooks_playbook', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "playbooks_playbookevent" ("active_since", "archived_at", "created_at", "id", "is_active", "key", "name_en", "name_ja", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starter_digest") SELECT new_values."active_since", new_values."archived_at", new_values."created_at", new_values."id", new_values."is_active", new_values."key", new_values."name_en", new_values."name_ja", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."starter_digest" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."active_since" IS DISTINCT FROM (new_values."active_since") OR old_values."archived_at" IS DISTINCT FROM (new_values."archived_at") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."key" IS DISTINCT FROM (new_values."key") OR old_values."name_en" IS DISTINCT FROM (new_values."name_en") OR old_values."name_ja" IS DISTINCT FROM (new_values."name_ja") OR old_values."starter_digest" IS DISTINCT FROM (new_values."starter_digest")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='974532e61cd5329a423ebfb75adb793a872ef129', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_785bc', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='playbooks_playbook', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "playbooks_playbookevent" ("active_since", "archived_at", "created_at", "id", "is_active", "key", "name_en", "name_ja", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starter_digest") SELECT old_values."active_since", old_values."archived_at", old_values."created_at", old_values."id", old_values."is_active", old_values."key", old_values."name_en", old_values."name_ja", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."starter_digest" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c08f944048e28d5697d4f703afcc56d17a76daa4', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_bd922', referencing='REFERENCING OLD TABLE AS old_values ', table='playbooks_playbook', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PlaybookEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=60, verbose_name='key')),
                ('name_en', models.CharField(max_length=120, verbose_name='name in English')),
                ('name_ja', models.CharField(max_length=120, verbose_name='name in Japanese')),
                ('is_active', models.BooleanField(default=False, verbose_name='switched on')),
                ('active_since', models.DateTimeField(blank=True, null=True, verbose_name='switched on at')),
                ('starter_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='created')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='playbooks.playbook')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='74e2e8ea5837202f1ccdd9541c24e334812c9abe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_58a19', table='playbooks_playbookevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PlaybookVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=10, verbose_name='state')),
                ('definition', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='definition')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='created')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='playbooks.playbook')),
            ],
            options={
                'verbose_name': 'playbook version',
                'verbose_name_plural': 'playbook versions',
                'constraints': [models.UniqueConstraint(fields=('playbook', 'number'), name='playbooks_version_number_unique'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('playbook',), name='playbooks_one_draft'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('published_at__isnull', False), _connector='OR'), name='playbooks_published_has_date')],
                'triggers': [pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'published\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fdedb7fd58d49d4f892fe784c960046e740979d9', operation='UPDATE', pgid='pgtrigger_published_is_final_61e4a', table='playbooks_playbookversion', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PlaybookRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('episode_key', models.CharField(max_length=120)),
                ('entered_at', models.DateTimeField(verbose_name='episode began')),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('state', models.CharField(choices=[('running', 'Running'), ('ended', 'Ended'), ('skipped', 'Not started')], default='running', max_length=10, verbose_name='state')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('outcome', models.CharField(blank=True, choices=[('recovered', 'Recovered'), ('stabilised', 'Stabilised'), ('completed', 'All steps done'), ('lost', 'Lost'), ('false_alarm', 'False alarm'), ('stopped', 'Stopped')], max_length=20, verbose_name='outcome')),
                ('reason', models.CharField(blank=True, choices=[('exit_condition', 'The exit condition holds'), ('steps_done', 'All steps are done'), ('by_hand', 'Stopped by hand'), ('cool_down', 'The last run is too recent'), ('already_running', 'A run is open already'), ('superseded', 'A later episode had begun'), ('already_over', 'The condition was over before the start'), ('merged', 'The account was merged')], max_length=20, verbose_name='reason')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='playbook_runs', to='accounts.account')),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='playbooks.playbook')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='playbooks.playbookversion')),
            ],
            options={
                'verbose_name': 'playbook run',
                'verbose_name_plural': 'playbook runs',
                'indexes': [models.Index(fields=['account', '-entered_at'], name='playbooks_run_account'), models.Index(fields=['playbook', '-entered_at', '-id'], name='playbooks_run_playbook')],
                'constraints': [models.UniqueConstraint(fields=('playbook', 'account', 'episode_key'), name='playbooks_once_an_episode'), models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('playbook', 'account'), name='playbooks_one_open_run'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='playbooks_run_ended_has_time')],
            },
        ),
        migrations.CreateModel(
            name='RunStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('position', models.PositiveSmallIntegerField()),
                ('offset', models.SmallIntegerField(verbose_name='business days from entry')),
                ('role', models.CharField(choices=[('account_manager', 'Account manager'), ('deputy', 'Deputy'), ('account_owner', 'Account owner'), ('solution_architect', 'Solution architect'), ('executive_sponsor', 'Our executive sponsor'), ('abm_marketer', 'ABM marketer'), ('team_manager', 'Manager of the team')], max_length=20, verbose_name='for')),
                ('action', models.CharField(max_length=60)),
                ('after', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('due_on', models.DateField(verbose_name='planned for')),
                ('opens_on', models.DateField(verbose_name='opens on')),
                ('state', models.CharField(choices=[('waiting', 'Planned'), ('open', 'Open'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='waiting', max_length=10, verbose_name='state')),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='playbooks.playbookrun')),
            ],
            options={
                'verbose_name': 'step of a run',
                'verbose_name_plural': 'steps of runs',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['opens_on'], name='playbooks_step_waiting')],
                'constraints': [models.UniqueConstraint(fields=('run', 'key'), name='playbooks_step_unique')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step_key', models.SlugField(blank=True, max_length=60)),
                ('title_en', models.CharField(max_length=200, verbose_name='title in English')),
                ('title_ja', models.CharField(max_length=200, verbose_name='title in Japanese')),
                ('text_en', models.TextField(blank=True, verbose_name='text in English')),
                ('text_ja', models.TextField(blank=True, verbose_name='text in Japanese')),
                ('status', models.CharField(choices=[('open', 'Open'), ('snoozed', 'Snoozed'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='open', max_length=10, verbose_name='status')),
                ('due_on', models.DateField(verbose_name='due')),
                ('snoozed_until', models.DateField(blank=True, null=True, verbose_name='snoozed until')),
                ('assigned_role', models.CharField(blank=True, choices=[('account_manager', 'Account manager'), ('deputy', 'Deputy'), ('account_owner', 'Account owner'), ('solution_architect', 'Solution architect'), ('executive_sponsor', 'Our executive sponsor'), ('abm_marketer', 'ABM marketer'), ('team_manager', 'Manager of the team')], max_length=20, verbose_name='for')),
                ('priority', models.CharField(choices=[('low', 'Low'), ('normal', 'Normal'), ('high', 'High')], default='normal', max_length=10, verbose_name='priority')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='completed')),
                ('outcome', models.CharField(blank=True, choices=[('achieved', 'Achieved'), ('no_reply', 'No reply'), ('not_needed', 'Not needed')], max_length=20, verbose_name='outcome')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='changed')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='accounts.account')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to=settings.AUTH_USER_MODEL, verbose_name='assignee')),
                ('completed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='completed by')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='playbooks.playbookrun')),
            ],
            options={
                'verbose_name': 'task',
                'verbose_name_plural': 'tasks',
                'indexes': [models.Index(condition=models.Q(('status__in', ['open', 'snoozed'])), fields=['assignee', 'due_on', 'id'], name='playbooks_task_todo'), models.Index(fields=['account', '-id'], name='playbooks_task_account'), models.Index(fields=['due_on', 'id'], name='playbooks_task_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('run__isnull', False)), fields=('run', 'step_key'), name='playbooks_task_once_a_step'), models.CheckConstraint(condition=models.Q(models.Q(('completed_at__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('completed_at__isnull', True)), _connector='OR'), name='playbooks_task_done_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'snoozed'), _negated=True), ('snoozed_until__isnull', False), _connector='OR'), name='playbooks_task_snoozed_has_day'), models.CheckConstraint(condition=models.Q(models.Q(('title_en', ''), _negated=True), models.Q(('title_ja', ''), _negated=True)), name='playbooks_task_titled')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "playbooks_taskevent" ("account_id", "assigned_role", "assignee_id", "completed_at", "completed_by_id", "created_at", "created_by_id", "due_on", "id", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "run_id", "snoozed_until", "status", "step_key", "text_en", "text_ja", "title_en", "title_ja") SELECT new_values."account_id", new_values."assigned_role", new_values."assignee_id", new_values."completed_at", new_values."completed_by_id", new_values."created_at", new_values."created_by_id", new_values."due_on", new_values."id", new_values."notes", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."priority", new_values."run_id", new_values."snoozed_until", new_values."status", new_values."step_key", new_values."text_en", new_values."text_ja", new_values."title_en", new_values."title_ja" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3c4380bf890ae891d33d8470c6237351b2136f2c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_bdbc2', referencing='REFERENCING NEW TABLE AS new_values ', table='playbooks_task', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "playbooks_taskevent" ("account_id", "assigned_role", "assignee_id", "completed_at", "completed_by_id", "created_at", "created_by_id", "due_on", "id", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "run_id", "snoozed_until", "status", "step_key", "text_en", "text_ja", "title_en", "title_ja") SELECT new_values."account_id", new_values."assigned_role", new_values."assignee_id", new_values."completed_at", new_values."completed_by_id", new_values."created_at", new_values."created_by_id", new_values."due_on", new_values."id", new_values."notes", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."priority", new_values."run_id", new_values."snoozed_until", new_values."status", new_values."step_key", new_values."text_en", new_values."text_ja", new_values."title_en", new_values."title_ja" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."account_id" IS DISTINCT FROM (new_values."account_id") OR old_values."assigned_role" IS DISTINCT FROM (new_values."assigned_role") OR old_values."assignee_id" IS DISTINCT FROM (new_values."assignee_id") OR old_values."completed_at" IS DISTINCT FROM (new_values."completed_at") OR old_values."completed_by_id" IS DISTINCT FROM (new_values."completed_by_id") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."due_on" IS DISTINCT FROM (new_values."due_on") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."notes" IS DISTINCT FROM (new_values."notes") OR old_values."outcome" IS DISTINCT FROM (new_values."outcome") OR old_values."priority" IS DISTINCT FROM (new_values."priority") OR old_values."run_id" IS DISTINCT FROM (new_values."run_id") OR old_values."snoozed_until" IS DISTINCT FROM (new_values."snoozed_until") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."step_key" IS DISTINCT FROM (new_values."step_key") OR old_values."text_en" IS DISTINCT FROM (new_values."text_en") OR old_values."text_ja" IS DISTINCT FROM (new_values."text_ja") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."title_ja" IS DISTINCT FROM (new_values."title_ja")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4a5fe5a1558c2090e9a03ff6a4109d80150c1929', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c006d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='playbooks_task', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "playbooks_taskevent" ("account_id", "assigned_role", "assignee_id", "completed_at", "completed_by_id", "created_at", "created_by_id", "due_on", "id", "notes", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "run_id", "snoozed_until", "status", "step_key", "text_en", "text_ja", "title_en", "title_ja") SELECT old_values."account_id", old_values."assigned_role", old_values."assignee_id", old_values."completed_at", old_values."completed_by_id", old_values."created_at", old_values."created_by_id", old_values."due_on", old_values."id", old_values."notes", old_values."outcome", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."priority", old_values."run_id", old_values."snoozed_until", old_values."status", old_values."step_key", old_values."text_en", old_values."text_ja", old_values."title_en", old_values."title_ja" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='66cad7ba5fcda90d025f67a11f979b6b5a4a7a3c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f13de', referencing='REFERENCING OLD TABLE AS old_values ', table='playbooks_task', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='TaskEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('step_key', models.SlugField(blank=True, db_index=False, max_length=60)),
                ('title_en', models.CharField(max_length=200, verbose_name='title in English')),
                ('title_ja', models.CharField(max_length=200, verbose_name='title in Japanese')),
                ('text_en', models.TextField(blank=True, verbose_name='text in English')),
                ('text_ja', models.TextField(blank=True, verbose_name='text in Japanese')),
                ('status', models.CharField(choices=[('open', 'Open'), ('snoozed', 'Snoozed'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='open', max_length=10, verbose_name='status')),
                ('due_on', models.DateField(verbose_name='due')),
                ('snoozed_until', models.DateField(blank=True, null=True, verbose_name='snoozed until')),
                ('assigned_role', models.CharField(blank=True, choices=[('account_manager', 'Account manager'), ('deputy', 'Deputy'), ('account_owner', 'Account owner'), ('solution_architect', 'Solution architect'), ('executive_sponsor', 'Our executive sponsor'), ('abm_marketer', 'ABM marketer'), ('team_manager', 'Manager of the team')], max_length=20, verbose_name='for')),
                ('priority', models.CharField(choices=[('low', 'Low'), ('normal', 'Normal'), ('high', 'High')], default='normal', max_length=10, verbose_name='priority')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='completed')),
                ('outcome', models.CharField(blank=True, choices=[('achieved', 'Achieved'), ('no_reply', 'No reply'), ('not_needed', 'Not needed')], max_length=20, verbose_name='outcome')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='created')),
                ('account', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.account')),
                ('assignee', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assignee')),
                ('completed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='completed by')),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='playbooks.task')),
                ('run', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='playbooks.playbookrun')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='adb3a61d938709ab6443b7940b668405fb8db335', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9bdc6', table='playbooks_taskevent', when='BEFORE'))],
            },
        ),
    ]
