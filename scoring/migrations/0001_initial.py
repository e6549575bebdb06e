import config.lib.clock
import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClosedDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('closed_at', models.DateTimeField(db_default=config.lib.clock.AppNow())),
            ],
        ),
        migrations.CreateModel(
            name='EventName',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='event')),
                ('counts_users', models.BooleanField(default=False, verbose_name='count distinct users of it')),
                ('summed_property', models.CharField(blank=True, max_length=120, verbose_name='property to sum')),
            ],
            options={
                'verbose_name': 'event name',
                'verbose_name_plural': 'event names',
            },
        ),
        migrations.CreateModel(
            name='UserAlias',
            fields=[
                ('previous_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('user_key', models.CharField(db_index=True, max_length=255)),
                ('occurred_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='EventSeen',
            fields=[
                ('message_id', models.UUIDField(primary_key=True, serialize=False)),
                ('seen_on', models.DateField(null=True)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.BrinIndex(fields=['seen_on'], name='scoring_seen_on')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql='\nCREATE TABLE scoring_usageday (\n  account_id bigint NOT NULL, day date NOT NULL, series_id integer NOT NULL, known_on date NOT NULL,\n  n integer NOT NULL, total numeric(30, 6),\n  PRIMARY KEY (account_id, day, series_id, known_on) INCLUDE (n)\n) PARTITION BY RANGE (day);\nCREATE TABLE scoring_usageday_default PARTITION OF scoring_usageday DEFAULT;\n',
                    reverse_sql='',
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='UsageDay',
                    fields=[
                        ('pk', models.CompositePrimaryKey('account_id', 'day', 'series_id', 'known_on', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('known_on', models.DateField()),
                        ('n', models.IntegerField()),
                        ('total', models.DecimalField(decimal_places=6, max_digits=30, null=True)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.account')),
                        ('series', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='scoring.eventname')),
                    ],
                ),
            ],
        ),
        migrations.CreateModel(
            name='UsageUser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_key', models.CharField(max_length=255, verbose_name='user id')),
                ('traits_at', models.DateTimeField(editable=False, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='usage_users', to='accounts.account')),
                ('alias_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='aliases', to='scoring.usageuser')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='usage_users', to='accounts.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['user_key'], name='scoring_usage_user_key')],
                'constraints': [models.UniqueConstraint(fields=('account', 'user_key'), name='scoring_usage_user')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql='\nCREATE TABLE scoring_event (\n  batch_id bigint NOT NULL, message_id uuid NOT NULL, account_id bigint NOT NULL, user_id bigint,\n  name_id integer NOT NULL, occurred_at timestamptz NOT NULL, received_at timestamptz NOT NULL,\n  properties jsonb\n) PARTITION BY RANGE (received_at);\nCREATE INDEX scoring_event_batch ON scoring_event (batch_id);\nCREATE INDEX scoring_event_received ON scoring_event USING brin (received_at);\nCREATE TABLE scoring_event_default PARTITION OF scoring_event DEFAULT;\n',
                    reverse_sql='',
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Event',
                    fields=[
                        ('pk', models.CompositePrimaryKey('batch_id', 'message_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('batch_id', models.BigIntegerField()),
                        ('message_id', models.UUIDField()),
                        ('occurred_at', models.DateTimeField()),
                        ('received_at', models.DateTimeField()),
                        ('properties', models.JSONField(null=True)),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.account')),
                        ('name', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='scoring.eventname')),
                        ('user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='scoring.usageuser')),
                    ],
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="\nCREATE TABLE scoring_usermonth (\n  account_id bigint NOT NULL, month date NOT NULL, series_id integer NOT NULL DEFAULT 0,\n  user_id bigint NOT NULL, known_on date NOT NULL DEFAULT '0001-01-01', days integer NOT NULL,\n  PRIMARY KEY (account_id, month, series_id, user_id, known_on)\n) PARTITION BY RANGE (month);\nCREATE TABLE scoring_usermonth_default PARTITION OF scoring_usermonth DEFAULT WITH (fillfactor = 80);\n",
                    reverse_sql='',
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='UserMonth',
                    fields=[
                        ('pk', models.CompositePrimaryKey('account_id', 'month', 'series_id', 'user_id', 'known_on', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('month', models.DateField()),
                        ('series_id', models.IntegerField(default=0)),
                        ('known_on', models.DateField(default=datetime.date(1, 1, 1))),
                        ('days', models.IntegerField()),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.account')),
                        ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='scoring.usageuser')),
                    ],
                ),
            ],
        ),
        migrations.CreateModel(
            name='WriteKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('prefix', models.CharField(editable=False, max_length=16, unique=True, verbose_name='begins with')),
                ('digest', models.BinaryField(max_length=32)),
                ('creates_accounts', models.BooleanField(default=False, verbose_name='creates accounts it does not know')),
                ('allowed_traits', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('contact.given_name', 'Contact: given name'), ('contact.family_name', 'Contact: family name'), ('contact.title', 'Contact: title'), ('contact.department', 'Contact: department'), ('contact.phone', 'Contact: telephone'), ('account.short_name', 'Account: short name'), ('account.name_latin', 'Account: Latin name')], max_length=40), blank=True, default=list, size=None, verbose_name='fields that traits may change')),
                ('created_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False, verbose_name='created')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.team', verbose_name='team of created accounts')),
            ],
            options={
                'verbose_name': 'write key',
                'verbose_name_plural': 'write keys',
                'constraints': [models.UniqueConstraint(fields=('digest',), name='scoring_write_key_digest'), models.CheckConstraint(condition=models.Q(('creates_accounts', False), ('team__isnull', False), _connector='OR'), name='scoring_created_accounts_have_a_team', violation_error_message='Say which team gets the accounts this key creates.')],
            },
        ),
        migrations.CreateModel(
            name='SourceDay',
            fields=[
                ('pk', models.CompositePrimaryKey('write_key', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('last_arrival_at', models.DateTimeField()),
                ('items', models.BigIntegerField()),
                ('write_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='scoring.writekey')),
            ],
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_event_at', models.DateTimeField(verbose_name='first event received')),
                ('last_event_at', models.DateTimeField(verbose_name='last event received')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='accounts.account')),
                ('write_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='scoring.writekey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'write_key'), name='scoring_source_unique')],
            },
        ),
        migrations.CreateModel(
            name='IngestBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), verbose_name='received')),
                ('is_import', models.BooleanField(default=False, verbose_name='import of the past')),
                ('items', models.PositiveIntegerField(verbose_name='items')),
                ('body', models.BinaryField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), verbose_name='due')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
                ('dead_at', models.DateTimeField(null=True, verbose_name='given up')),
                ('last_error', models.TextField(blank=True, default='', verbose_name='last error')),
                ('write_key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='scoring.writekey')),
            ],
            options={
                'verbose_name': 'batch of events',
                'verbose_name_plural': 'batches of events',
                'indexes': [models.Index(condition=models.Q(('dead_at__isnull', True), ('done_at__isnull', True)), fields=['id'], name='scoring_batch_due'), django.contrib.postgres.indexes.BrinIndex(fields=['received_at'], name='scoring_batch_received')],
            },
        ),
        migrations.CreateModel(
            name='EventQuarantine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch_id', models.BigIntegerField()),
                ('message_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('track', 'Event'), ('page', 'Page view'), ('screen', 'Screen view'), ('identify', 'Details of a person'), ('group', 'Details of an account'), ('alias', 'Change of a user id')], max_length=8, verbose_name='kind')),
                ('group_key', models.CharField(max_length=128, null=True, verbose_name='account id')),
                ('user_key', models.CharField(max_length=255, null=True, verbose_name='user id')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='event')),
                ('occurred_at', models.DateTimeField(verbose_name='when')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('properties', models.JSONField(null=True)),
                ('write_key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='scoring.writekey')),
            ],
            options={
                'verbose_name': 'event of an unknown account',
                'verbose_name_plural': 'events of unknown accounts',
                'indexes': [models.Index(fields=['group_key'], name='scoring_quarantine_group'), models.Index(condition=models.Q(('group_key__isnull', True)), fields=['user_key'], name='scoring_quarantine_user'), django.contrib.postgres.indexes.BrinIndex(fields=['received_at'], name='scoring_quarantine_received')],
            },
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, verbose_name='key')),
                ('value', models.FloatField(verbose_name='value')),
                ('measured_at', models.DateTimeField(verbose_name='measured')),
                ('external_id', models.CharField(blank=True, max_length=128, null=True, verbose_name='own-system id')),
                ('recorded_at', models.DateTimeField(db_default=config.lib.clock.AppNow(), editable=False)),
                ('retracted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measurements', to='accounts.account')),
            ],
            options={
                'verbose_name': 'measurement',
                'verbose_name_plural': 'measurements',
                'indexes': [models.Index(fields=['account', 'key', '-measured_at'], name='scoring_measurement_account')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id__isnull', False), ('retracted_at__isnull', True)), fields=('account', 'key', 'external_id'), name='scoring_measurement_external')],
            },
        ),
        migrations.RunSQL(
            sql='ALTER TABLE scoring_ingestbatch ALTER COLUMN body SET STORAGE EXTERNAL',
            reverse_sql='',
        ),
        migrations.RunSQL(
            sql="\nCREATE FUNCTION scoring_add_partition(parent text, key text, lo date, hi date, options text)\nRETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$\nDECLARE\n  part text := parent || '_p' || to_char(lo, CASE WHEN hi - lo = 1 THEN 'YYYYMMDD' ELSE 'YYYYMM' END);\n  from_key text := lo::text || CASE key WHEN 'received_at' THEN ' 00:00:00+00' ELSE '' END;\n  to_key text := hi::text || CASE key WHEN 'received_at' THEN ' 00:00:00+00' ELSE '' END;\nBEGIN\n  IF to_regclass(part) IS NOT NULL THEN\n    RETURN false;\n  END IF;\n  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) %s', part, parent, options);\n  EXECUTE format(\n    'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',\n    parent || '_default', key, from_key, key, to_key, part);\n  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, from_key, to_key);\n  RETURN true;\nEND $$;\nREVOKE ALL ON FUNCTION scoring_add_partition FROM PUBLIC;\n\nCREATE FUNCTION scoring_add_event_days(first date, last date) RETURNS integer\nLANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$\nDECLARE\n  added integer := 0;\n  lo date;\nBEGIN\n  IF last - first > 400 THEN\n    RAISE EXCEPTION 'more than 400 days of event partitions at once';\n  END IF;\n  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));\n  FOR lo IN SELECT d::date FROM generate_series(first, last, interval '1 day') d LOOP\n    added := added + scoring_add_partition('scoring_event', 'received_at', lo, lo + 1, '')::integer;\n  END LOOP;\n  RETURN added;\nEND $$;\n\nCREATE FUNCTION scoring_add_usage_months(first date, last date) RETURNS integer\nLANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$\nDECLARE\n  added integer := 0;\n  lo date;\n  hi date;\nBEGIN\n  IF last - first > 366 * 30 THEN\n    RAISE EXCEPTION 'more than 30 years of usage partitions at once';\n  END IF;\n  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));\n  FOR lo IN SELECT d::date FROM generate_series(date_trunc('month', first), last, interval '1 month') d LOOP\n    hi := (lo + interval '1 month')::date;\n    added := added + scoring_add_partition('scoring_usageday', 'day', lo, hi, '')::integer\n      + scoring_add_partition('scoring_usermonth', 'month', lo, hi, 'WITH (fillfactor = 80)')::integer;\n  END LOOP;\n  RETURN added;\nEND $$;\n\nCREATE FUNCTION scoring_drop_partitions(parent text, before date) RETURNS integer\nLANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$\nDECLARE\n  part text;\n  hi date;\n  dropped integer := 0;\nBEGIN\n  IF parent NOT IN ('scoring_event', 'scoring_usageday', 'scoring_usermonth') OR before > app_now()::date - 35 THEN\n    RAISE EXCEPTION 'only partitions of events and roll-ups older than 35 days can be dropped';\n  END IF;\n  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));\n  FOR part IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = parent::regclass LOOP\n    hi := CASE\n      WHEN part ~ '_p[0-9]{8}$' THEN to_date(right(part, 8), 'YYYYMMDD') + 1\n      WHEN part ~ '_p[0-9]{6}$' THEN (to_date(right(part, 6), 'YYYYMM') + interval '1 month')::date\n    END;\n    IF hi <= before THEN\n      EXECUTE format('DROP TABLE %I', part);\n      dropped := dropped + 1;\n    END IF;\n  END LOOP;\n  RETURN dropped;\nEND $$;\n\nSELECT scoring_add_event_days(app_now()::date - 1, (app_now() + interval '3 months')::date);\nSELECT scoring_add_usage_months((app_now() - interval '1 month')::date, (app_now() + interval '3 months')::date);\n",
            reverse_sql='\nDROP TABLE scoring_event, scoring_usageday, scoring_usermonth;\nDROP FUNCTION scoring_drop_partitions, scoring_add_usage_months, scoring_add_event_days, scoring_add_partition;\n',
        ),
    ]
