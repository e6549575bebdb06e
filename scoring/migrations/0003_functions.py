"""What the database itself does for scores: partitions laid ahead, counts of what waits, storage."""

from django.db import migrations

# Partitioned by time, so that old days go by DROP. A default partition is an alarm only: rows there
# mean that partitions were not laid ahead.
PARTITIONED = """
CREATE TABLE scoring_usageday (
  account_id bigint NOT NULL, day date NOT NULL, series_id integer NOT NULL, known_on date NOT NULL,
  n integer NOT NULL, total numeric(30, 6),
  PRIMARY KEY (account_id, day, series_id, known_on) INCLUDE (n)
) PARTITION BY RANGE (day);
CREATE TABLE scoring_usageday_default PARTITION OF scoring_usageday DEFAULT;
CREATE TABLE scoring_event (
  batch_id bigint NOT NULL, message_id uuid NOT NULL, account_id bigint NOT NULL, user_id bigint,
  name_id integer NOT NULL, occurred_at timestamptz NOT NULL, received_at timestamptz NOT NULL,
  properties jsonb
) PARTITION BY RANGE (received_at);
CREATE INDEX scoring_event_batch ON scoring_event (batch_id);
CREATE INDEX scoring_event_received ON scoring_event USING brin (received_at);
CREATE TABLE scoring_event_default PARTITION OF scoring_event DEFAULT;
CREATE TABLE scoring_usermonth (
  account_id bigint NOT NULL, month date NOT NULL, series_id integer NOT NULL DEFAULT 0,
  user_id bigint NOT NULL, known_on date NOT NULL DEFAULT '0001-01-01', days integer NOT NULL,
  PRIMARY KEY (account_id, month, series_id, user_id, known_on)
) PARTITION BY RANGE (month);
CREATE TABLE scoring_usermonth_default PARTITION OF scoring_usermonth DEFAULT WITH (fillfactor = 80);

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
    kept jsonb,
    PRIMARY KEY (day, account_id)
) PARTITION BY RANGE (day);
CREATE TABLE scoring_healthdaily_default PARTITION OF scoring_healthdaily DEFAULT;
"""
NOT_PARTITIONED = "DROP TABLE scoring_event, scoring_usageday, scoring_usermonth, scoring_healthdaily"

# The web login lays partitions and drops old ones through these, within bounds.
PARTITIONS = """
CREATE FUNCTION scoring_add_partition(parent text, key text, lo date, hi date, options text)
RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  part text := parent || '_p' || to_char(lo, CASE WHEN hi - lo = 1 THEN 'YYYYMMDD' ELSE 'YYYYMM' END);
  from_key text := lo::text || CASE key WHEN 'received_at' THEN ' 00:00:00+00' ELSE '' END;
  to_key text := hi::text || CASE key WHEN 'received_at' THEN ' 00:00:00+00' ELSE '' END;
BEGIN
  IF to_regclass(part) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) %s', part, parent, options);
  EXECUTE format(
    'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
    parent || '_default', key, from_key, key, to_key, part);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, from_key, to_key);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION scoring_add_partition FROM PUBLIC;

CREATE FUNCTION scoring_add_event_days(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  added integer := 0;
  lo date;
BEGIN
  IF last - first > 400 THEN
    RAISE EXCEPTION 'more than 400 days of event partitions at once';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('scoring_partitions'));
  FOR lo IN SELECT d::date FROM generate_series(first, last, interval '1 day') d LOOP
    added := added + scoring_add_partition('scoring_event', 'received_at', lo, lo + 1, '')::integer;
  END LOOP;
  RETURN added;
END $$;

CREATE FUNCTION scoring_add_usage_months(first date, last date) RETURNS integer
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

CREATE FUNCTION scoring_drop_partitions(parent text, before date) RETURNS integer
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

SELECT scoring_add_event_days(app_now()::date - 1, (app_now() + interval '3 months')::date);
SELECT scoring_add_usage_months((app_now() - interval '1 month')::date, (app_now() + interval '3 months')::date);
SELECT scoring_add_health_months((app_now() - interval '1 month')::date, (app_now() + interval '3 months')::date);
"""
NO_PARTITIONS = """
DROP FUNCTION scoring_drop_partitions, scoring_add_health_months, scoring_add_usage_months,
  scoring_add_event_days, scoring_add_partition;
"""

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
"""
COUNT_NOTHING = """
DROP TRIGGER scoring_waiting_more ON scoring_eventquarantine;
DROP TRIGGER scoring_waiting_less ON scoring_eventquarantine;
DROP FUNCTION scoring_count_waiting;
"""

# The newest rows are rewritten in place: room for that on every page. Arrays stay whole in their
# row and are never compressed; a batch's body is compressed by its sender already.
STORAGE = """
ALTER TABLE scoring_ingestbatch ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE scoring_metricvalue SET (fillfactor = 70);
ALTER TABLE scoring_metricvalue ALTER COLUMN v SET STORAGE PLAIN;
ALTER TABLE scoring_metricvalue ALTER COLUMN seen SET STORAGE PLAIN;
ALTER TABLE scoring_healthcurrent SET (fillfactor = 70);
ALTER TABLE scoring_cohortquantiles ALTER COLUMN knots SET STORAGE PLAIN;
ALTER TABLE scoring_cohortquantiles ALTER COLUMN below SET STORAGE PLAIN;
ALTER TABLE scoring_cohortquantiles ALTER COLUMN upto SET STORAGE PLAIN;
"""


class Migration(migrations.Migration):
    # A database that went the longer way is there already.
    replaces = [
        ("scoring", "0012_words_of_the_history"),
    ]
    dependencies = [("scoring", "0002_history")]

    operations = [
        migrations.RunSQL(PARTITIONED, NOT_PARTITIONED),
        migrations.RunSQL(PARTITIONS, NO_PARTITIONS),
        migrations.RunSQL(COUNT_WAITING, COUNT_NOTHING),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
