"""What properties of events say: the newest value of a day, and which values there were."""

import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import MD5, Cast

# Partitioned by month as the other roll-ups, so that old ones go by DROP.
PARTITIONED = """
CREATE TABLE scoring_newestday (
  account_id bigint NOT NULL, day date NOT NULL, series_id integer NOT NULL, known_on date NOT NULL,
  value double precision NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (account_id, day, series_id, known_on)
) PARTITION BY RANGE (day);
CREATE TABLE scoring_newestday_default PARTITION OF scoring_newestday DEFAULT;
CREATE TABLE scoring_valuemonth (
  account_id bigint NOT NULL, month date NOT NULL, series_id integer NOT NULL, key uuid NOT NULL,
  known_on date NOT NULL DEFAULT '0001-01-01', days integer NOT NULL,
  PRIMARY KEY (account_id, month, series_id, key, known_on)
) PARTITION BY RANGE (month);
CREATE TABLE scoring_valuemonth_default PARTITION OF scoring_valuemonth DEFAULT;
"""
NOT_PARTITIONED = "DROP TABLE scoring_newestday, scoring_valuemonth"
PARTITIONS = """
CREATE OR REPLACE FUNCTION scoring_add_usage_months(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  added integer := 0;
  lo date;
  hi date;
BEGIN
  IF last - first > 366 * 30 THEN
    RAISE EXCEPTION 'more than 30 years of usage partitions at once';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));
  FOR lo IN SELECT d::date FROM generate_series(date_trunc('month', first), last, interval '1 month') d LOOP
    hi := (lo + interval '1 month')::date;
    added := added + scoring_add_partition('scoring_usageday', 'day', lo, hi, '')::integer
      + scoring_add_partition('scoring_usermonth', 'month', lo, hi, 'WITH (fillfactor = 80)')::integer
      + scoring_add_partition('scoring_newestday', 'day', lo, hi, 'WITH (fillfactor = 80)')::integer
      + scoring_add_partition('scoring_valuemonth', 'month', lo, hi, 'WITH (fillfactor = 80)')::integer;
  END LOOP;
  RETURN added;
END $$;

CREATE OR REPLACE FUNCTION scoring_drop_partitions(parent text, before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  part text;
  hi date;
  dropped integer := 0;
BEGIN
  IF parent NOT IN ('scoring_event', 'scoring_usageday', 'scoring_usermonth', 'scoring_newestday',
      'scoring_valuemonth') OR before > app_now()::date - 35 THEN
    RAISE EXCEPTION 'only partitions of events and roll-ups older than 35 days can be dropped';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));
  FOR part IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = parent::regclass LOOP
    hi := CASE
      WHEN part ~ '_p[0-9]{8}$' THEN to_date(right(part, 8), 'YYYYMMDD') + 1
      WHEN part ~ '_p[0-9]{6}$' THEN (to_date(right(part, 6), 'YYYYMM') + interval '1 month')::date
    END;
    IF hi <= before THEN
      EXECUTE format('DROP TABLE %I', part);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END $$;

SELECT scoring_add_usage_months(min(month), max(month)) FROM (
  SELECT to_date(right(inhrelid::regclass::text, 6), 'YYYYMM') AS month FROM pg_inherits
  WHERE inhparent = 'scoring_usageday'::regclass AND inhrelid::regclass::text ~ '_p[0-9]{6}$') m
HAVING min(month) IS NOT NULL;
"""
FORMER_PARTITIONS = """
CREATE OR REPLACE FUNCTION scoring_add_usage_months(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  added integer := 0;
  lo date;
  hi date;
BEGIN
  IF last - first > 366 * 30 THEN
    RAISE EXCEPTION 'more than 30 years of usage partitions at once';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));
  FOR lo IN SELECT d::date FROM generate_series(date_trunc('month', first), last, interval '1 month') d LOOP
    hi := (lo + interval '1 month')::date;
    added := added + scoring_add_partition('scoring_usageday', 'day', lo, hi, '')::integer
      + scoring_add_partition('scoring_usermonth', 'month', lo, hi, 'WITH (fillfactor = 80)')::integer;
  END LOOP;
  RETURN added;
END $$;

CREATE OR REPLACE FUNCTION scoring_drop_partitions(parent text, before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  part text;
  hi date;
  dropped integer := 0;
BEGIN
  IF parent NOT IN ('scoring_event', 'scoring_usageday', 'scoring_usermonth') OR before > app_now()::date - 35 THEN
    RAISE EXCEPTION 'only partitions of events and roll-ups older than 35 days can be dropped';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));
  FOR part IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = parent::regclass LOOP
    hi := CASE
      WHEN part ~ '_p[0-9]{8}$' THEN to_date(right(part, 8), 'YYYYMMDD') + 1
      WHEN part ~ '_p[0-9]{6}$' THEN (to_date(right(part, 6), 'YYYYMM') + interval '1 month')::date
    END;
    IF hi <= before THEN
      EXECUTE format('DROP TABLE %I', part);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0007_lists_by_change")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="NewestDay",
                    fields=[
                        ("pk", models.CompositePrimaryKey("account_id", "day", "series_id", "known_on", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("day", models.DateField()),
                        ("series_id", models.IntegerField()),
                        ("known_on", models.DateField()),
                        ("value", models.FloatField()),
                        ("at", models.DateTimeField()),
                        ("account", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to="accounts.account")),
                    ],
                ),
                migrations.CreateModel(
                    name="ValueMonth",
                    fields=[
                        ("pk", models.CompositePrimaryKey("account_id", "month", "series_id", "key", "known_on", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("month", models.DateField()),
                        ("series_id", models.IntegerField()),
                        ("key", models.UUIDField()),
                        ("known_on", models.DateField(default=datetime.date(1, 1, 1))),
                        ("days", models.IntegerField()),
                        ("account", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to="accounts.account")),
                    ],
                ),
            ],
        ),
        migrations.RunSQL(PARTITIONED, NOT_PARTITIONED),
        migrations.RunSQL(PARTITIONS, FORMER_PARTITIONS),
        migrations.RemoveConstraint(model_name="eventseries", name="scoring_series_unique"),
        migrations.AddField(
            model_name="eventseries",
            name="codes",
            field=models.JSONField(db_default={}, default=dict, verbose_name="numbers for its texts"),
        ),
        migrations.AddField(
            model_name="eventseries",
            name="newest_of",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="property whose newest value is kept"),
        ),
        migrations.AddField(
            model_name="eventseries",
            name="values_of",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="property whose values are counted"),
        ),
        migrations.AddConstraint(
            model_name="eventseries",
            constraint=models.UniqueConstraint(
                *("event", "filter", "summed_property", "counts_users", "newest_of", "values_of"),
                MD5(Cast("codes", models.TextField())),
                nulls_distinct=False,
                name="scoring_series_unique",
            ),
        ),
    ]
