"""Erasure finds the person in attributes, views, lists and earlier to-dos, and blanks JSON."""

from django.db import migrations

FUNCTIONS = """
-- Blanks columns of text and of JSON in the history of some rows, for an erasure that is on record.
CREATE OR REPLACE FUNCTION accounts_blank_history(erasure bigint, events text, ids bigint[], columns text[])
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
CREATE OR REPLACE FUNCTION accounts_erase_mentions(
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
"""
BEFORE = """
-- Blanks text columns in the history of some rows, for an erasure that is on record.
CREATE OR REPLACE FUNCTION accounts_blank_history(erasure bigint, events text, ids bigint[], columns text[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  blanks text;
  changed bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM accounts_erasure WHERE id = erasure) THEN
    RAISE EXCEPTION 'there is no erasure %', erasure;
  END IF;
  SELECT string_agg(format('%I = %s', a.attname,
      CASE WHEN a.attnotnull THEN '''''' ELSE 'NULL' END), ', ')
  INTO blanks FROM pg_attribute a
  WHERE a.attrelid = to_regclass(events) AND a.attname = ANY(columns) AND a.attname !~ '^pgh_'
    AND a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND EXISTS (
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
-- one of the person's accounts or can be about nobody else.
CREATE OR REPLACE FUNCTION accounts_erase_mentions(
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
      EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'account_id'
              AND NOT o.attisdropped) AS has_account
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
    pattern := CASE WHEN found.has_account OR found.relname IN (
      'accounts_touchpointtodo', 'accounts_job', 'accounts_importrun', 'accounts_importchange',
      'accounts_mergemove', 'django_admin_log') THEN anything ELSE mail END;
    CONTINUE WHEN pattern IS NULL;
    EXECUTE format(
      'UPDATE %I SET %I = regexp_replace(%I::text, $1, ''■'', ''gi'')::%s WHERE %I::text ~* $1 %s',
      found.relname, found.attname, found.attname, found.kind, found.attname,
      CASE WHEN found.has_account AND found.relname <> 'accounts_contact'
        THEN 'AND (account_id = ANY($2) OR ' || format('%I', found.attname) || '::text ~* $3)'
        WHEN found.has_account THEN 'AND account_id = ANY($2)' ELSE '' END)
    USING pattern, accounts, coalesce(mail, 'a^');
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;
  END LOOP;
  PERFORM accounts_open_history(false);
  RETURN total;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("accounts", "0018_names_for_operators")]

    operations = [migrations.RunSQL(FUNCTIONS, BEFORE)]
