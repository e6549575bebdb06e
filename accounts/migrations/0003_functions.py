"""What the database itself does for accounts: erasing, purging, the day to decide, search grams."""

from django.db import migrations

# Erasure is the only way into the history, and only for an erasure that is on record.
ERASURE = """
CREATE FUNCTION accounts_open_history(is_open boolean) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT set_config('pgtrigger.ignore', CASE WHEN is_open THEN (
    SELECT '{' || string_agg(tgname, ',') || '}' FROM pg_trigger WHERE tgname ~ 'append_only'
  ) ELSE '' END, true);
$$;
REVOKE ALL ON FUNCTION accounts_open_history FROM PUBLIC;

-- Blanks columns of text and of JSON in the history of some rows, for an erasure that is on record.
CREATE FUNCTION accounts_blank_history(
  erasure bigint, events text, ids bigint[], columns text[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  blanks text;
  changed bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM accounts_erasure WHERE id = erasure) THEN
    RAISE EXCEPTION 'there is no erasure %', erasure;
  END IF;
  SELECT string_agg(format('%I = %s', a.attname,
      CASE WHEN NOT a.attnotnull THEN 'NULL'
      WHEN a.atttypid = 'jsonb'::regtype THEN '''{}''' ELSE '''''' END), ', ')
  INTO blanks FROM pg_attribute a
  WHERE a.attrelid = to_regclass(events) AND a.attname = ANY(columns) AND a.attname !~ '^pgh_'
    AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype) AND EXISTS (
      SELECT FROM pg_attribute p WHERE p.attrelid = a.attrelid AND p.attname = 'pgh_obj_id');
  IF blanks IS NULL THEN
    RAISE EXCEPTION '% is no table of events with such columns', events;
  END IF;
  PERFORM accounts_open_history(true);
  EXECUTE format('UPDATE %s SET %s WHERE pgh_obj_id = ANY($1)', to_regclass(events), blanks)
    USING ids;
  GET DIAGNOSTICS changed = ROW_COUNT;
  PERFORM accounts_open_history(false);
  RETURN changed;
END $$;

-- Replaces every mention of an address in every table, and of a full name where the row is about
-- one of the person's accounts, or belongs to none, as the names of lists do.
CREATE FUNCTION accounts_erase_mentions(
  erasure bigint, addresses text[], names text[], accounts bigint[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found record;
  mail text;
  anything text;
  pattern text;
  changed bigint;
  total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM accounts_erasure WHERE id = erasure) THEN
    RAISE EXCEPTION 'there is no erasure %', erasure;
  END IF;
  SELECT string_agg(regexp_replace(one, '([.*+?^$(){}|\\[\\]\\\\])', '\\\\\\1', 'g'), '|')
  INTO mail FROM unnest(addresses) one WHERE length(one) > 4;
  SELECT string_agg(regexp_replace(one, '([.*+?^$(){}|\\[\\]\\\\])', '\\\\\\1', 'g'), '|')
  INTO anything FROM unnest(names || addresses) one WHERE length(one) > 2;
  PERFORM accounts_open_history(true);
  FOR found IN
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL) AS kind,
      CASE WHEN a.attname = 'attributes' AND c.relname = 'accounts_account' THEN 'id'
        WHEN a.attname = 'attributes' AND c.relname = 'accounts_accountevent' THEN 'pgh_obj_id'
        ELSE (SELECT o.attname::text FROM pg_attribute o WHERE o.attrelid = c.oid
              AND o.attname = 'account_id' AND NOT o.attisdropped) END AS account
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = ''
      AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype)
      AND (c.relname ~ '^(accounts|surveys|scoring|playbooks)_'
           OR c.relname IN ('django_admin_log', 'pghistory_context'))
      AND c.relname NOT IN ('scoring_event', 'accounts_user', 'accounts_userevent',
                            'accounts_erasure')
    ORDER BY c.relname, a.attnum
  LOOP
    pattern := CASE WHEN found.account IS NOT NULL OR found.relname IN (
      'accounts_touchpointtodo', 'accounts_touchpointtodoevent', 'accounts_job',
      'accounts_importrun', 'accounts_importchange', 'accounts_mergemove', 'accounts_export',
      'accounts_savedview', 'accounts_savedviewevent', 'accounts_staticlist',
      'accounts_staticlistevent', 'accounts_idempotencykey', 'django_admin_log'
    ) THEN anything ELSE mail END;
    CONTINUE WHEN pattern IS NULL;
    EXECUTE format(
      'UPDATE %I SET %I = regexp_replace(%I::text, $1, ''■'', ''gi'')::%s WHERE %I::text ~* $1 %s',
      found.relname, found.attname, found.attname, found.kind, found.attname,
      CASE WHEN found.account IS NULL THEN ''
        WHEN found.relname = 'accounts_contact' THEN 'AND account_id = ANY($2)'
        ELSE format('AND (%I = ANY($2) OR %I::text ~* $3)', found.account, found.attname) END)
    USING pattern, accounts, coalesce(mail, 'a^');
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;
  END LOOP;
  PERFORM accounts_open_history(false);
  RETURN total;
END $$;

-- Lets go of history older than the organisation keeps; without a rule nothing.
CREATE FUNCTION accounts_purge_history(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept integer := (SELECT days FROM accounts_retentionrule WHERE key = 'history');
  events text;
  gone bigint;
  total bigint := 0;
BEGIN
  IF kept IS NULL OR kept < 30 THEN
    RETURN 0;
  END IF;
  PERFORM accounts_open_history(true);
  FOR events IN
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'pgh_obj_id'
    ORDER BY c.relname
  LOOP
    EXECUTE format(
      'DELETE FROM %I WHERE pgh_id IN (SELECT pgh_id FROM %I WHERE pgh_created_at < app_now()'
      ' - make_interval(days => $1) ORDER BY pgh_id LIMIT $2)', events, events)
    USING kept, greatest(most - total, 0);
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    EXIT WHEN total >= most;
  END LOOP;
  PERFORM accounts_open_history(false);
  RETURN total;
END $$;
"""
NO_ERASURE = """
DROP FUNCTION accounts_purge_history(integer);
DROP FUNCTION accounts_erase_mentions(bigint, text[], text[], bigint[]);
DROP FUNCTION accounts_blank_history(bigint, text, bigint[], text[]);
DROP FUNCTION accounts_open_history(boolean);
"""

# The actionable renewal date, for figures and lists alike.
DECIDE_ON = """
CREATE FUNCTION accounts_decide_on(ends_on date, notice_months int, goes_on boolean, day date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN NOT goes_on OR first > day THEN first - 1
    ELSE (ends_on + 1 + make_interval(months => 12 * (years + 1) - notice_months))::date - 1 END
  FROM (
    SELECT years, (ends_on + 1 + make_interval(months => 12 * years - notice_months))::date AS first
    FROM (
      SELECT CASE WHEN goes_on THEN greatest(0, extract(year FROM day + 1)::int - extract(
        year FROM (ends_on + 1 - make_interval(months => notice_months)))::int) ELSE 0 END AS years
    ) passed
  ) next
$$
"""

# Grams beside every folded text; see config/lib/search.py for what they are.
GRAMS = """
CREATE FUNCTION search_grams(folded text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  signs text[] := string_to_array(folded, NULL);
  grams text[] := '{}';
  here text;
  follows text;
  code int;
  after int;
  in_word boolean := false;
BEGIN
  FOR i IN 1 .. cardinality(signs) LOOP
    here := signs[i];
    follows := signs[i + 1];
    code := ascii(here);
    after := coalesce(ascii(follows), 32);
    IF code > 127 THEN
      grams := grams || here;
      IF after > 32 THEN
        grams := grams || (here || follows);
      END IF;
      in_word := false;
    ELSIF code BETWEEN 48 AND 57 OR code BETWEEN 97 AND 122 THEN
      IF NOT in_word THEN
        grams := grams || here;
        IF after BETWEEN 48 AND 57 OR after BETWEEN 97 AND 122 THEN
          grams := grams || (here || follows);
        END IF;
      END IF;
      IF after > 127 THEN
        grams := grams || (here || follows);
      END IF;
      in_word := true;
    ELSE
      IF code > 32 AND after > 127 THEN
        grams := grams || (here || follows);
      END IF;
      in_word := false;
    END IF;
  END LOOP;
  RETURN grams;
END
$$;
"""
COLUMN = """
ALTER TABLE {table} ADD COLUMN grams text[]
  GENERATED ALWAYS AS (search_grams(search_text)) STORED;
CREATE INDEX {index} ON {table} USING gin (grams) WITH (fastupdate = off);
"""
TABLES = {
    "accounts_account": "accounts_account_grams",
    "accounts_contact": "accounts_contact_grams",
}


class Migration(migrations.Migration):
    # A database that went the longer way is there already.
    replaces = [
        ("accounts", "0025_touchpoint_types"),
    ]
    dependencies = [("accounts", "0002_history")]

    operations = [
        migrations.RunSQL(ERASURE, NO_ERASURE),
        migrations.RunSQL(DECIDE_ON, "DROP FUNCTION accounts_decide_on(date, int, boolean, date)"),
        migrations.RunSQL(GRAMS, "DROP FUNCTION search_grams(text)"),
        *(
            migrations.RunSQL(
                COLUMN.format(table=table, index=index), f"ALTER TABLE {table} DROP COLUMN grams"
            )
            for table, index in TABLES.items()
        ),
    ]
