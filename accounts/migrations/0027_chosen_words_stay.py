"""Let an erasure leave alone what the program itself writes: a role is no name of anybody."""

from django.db import migrations

ERASE = r"""
DROP FUNCTION IF EXISTS accounts_erase_mentions(bigint, text[], text[], bigint[]);
-- Each expression comes as a quick one that finds at least as much, and as the exact one.
-- Replaces every mention of an address in every table, and of a full name or a number where the row
-- is about one of the person's accounts, or belongs to none, as the names of lists do.
-- How other contacts are called and reached is theirs; the person's own columns are blank by now.
-- `chosen` are the columns that hold words of the program, which may read like a name.
-- A text that must be unique keeps the number of its row behind the sign; keys stay keys.
CREATE OR REPLACE FUNCTION accounts_erase_mentions(
  erasure bigint, anywhere text[], among_us text[], accounts bigint[], chosen text[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found record;
  pattern text[];
  changed bigint;
  total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT FROM accounts_erasure WHERE id = erasure) THEN
    RAISE EXCEPTION 'there is no erasure %', erasure;
  END IF;
  IF '' ~* anywhere[2] OR '' ~* among_us[2] THEN
    RAISE EXCEPTION 'that finds anything';
  END IF;
  PERFORM accounts_open_history(true);
  FOR found IN
    SELECT c.relname, a.attname,
      CASE WHEN a.attname = 'attributes' AND c.relname = 'accounts_account' THEN 'id'
        WHEN a.attname = 'attributes' AND c.relname = 'accounts_accountevent' THEN 'pgh_obj_id'
        ELSE (SELECT o.attname::text FROM pg_attribute o WHERE o.attrelid = c.oid
              AND o.attname = 'account_id' AND NOT o.attisdropped) END AS account,
      CASE WHEN a.atttypid = 'jsonb'::regtype THEN
          format('accounts_json_without(%I, $1)', a.attname)
        WHEN a.attname = 'key' OR EXISTS (
          SELECT FROM pg_index i
          WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY(i.indkey)
        ) THEN format(
          'left(regexp_replace(%I, $1, %L || %I, ''gi''), %s)', a.attname,
          CASE WHEN a.attname = 'key' THEN 'erased_' ELSE '■' END,
          (SELECT k.attname FROM pg_attribute k LEFT JOIN pg_index i
             ON i.indrelid = k.attrelid AND i.indisprimary AND k.attnum = i.indkey[0]
           WHERE k.attrelid = c.oid AND (k.attname = 'pgh_obj_id' OR i.indisprimary)
           ORDER BY k.attname <> 'pgh_obj_id' LIMIT 1),
          CASE WHEN a.atttypmod > 0 THEN a.atttypmod - 4 ELSE 1000000 END)
        ELSE format('regexp_replace(%I, $1, ''■'', ''gi'')', a.attname) END AS rest
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = ''
      AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype)
      AND (c.relname ~ '^(accounts|surveys|scoring|playbooks)_'
           OR c.relname IN ('django_admin_log', 'pghistory_context'))
      AND c.relname NOT IN ('scoring_event', 'accounts_user', 'accounts_userevent',
                            'accounts_erasure')
      AND c.relname || '.' || a.attname <> ALL(chosen)
      AND NOT (c.relname IN ('accounts_contact', 'accounts_contactevent')
               AND a.attname ~ '^(email|phone|external_id|(family|given)_.*)$')
    ORDER BY c.relname, a.attnum
  LOOP
    pattern := CASE WHEN found.account IS NOT NULL OR found.relname IN (
      'accounts_touchpointtodo', 'accounts_touchpointtodoevent', 'accounts_job',
      'accounts_importrun', 'accounts_importchange', 'accounts_mergemove', 'accounts_export',
      'accounts_savedview', 'accounts_savedviewevent', 'accounts_segment',
      'accounts_segmentevent', 'accounts_staticlist', 'accounts_staticlistevent',
      'accounts_idempotencykey', 'django_admin_log'
    ) THEN among_us ELSE anywhere END;
    EXECUTE format(
      'UPDATE %I SET %I = %s WHERE %I::text ~* $4 AND %I::text ~* $1 %s',
      found.relname, found.attname, found.rest, found.attname, found.attname,
      CASE WHEN found.account IS NULL THEN ''
        ELSE format('AND (%I = ANY($2) OR %I::text ~* $3)', found.account, found.attname) END)
    USING pattern[2], accounts, anywhere[2], pattern[1];
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;
  END LOOP;
  PERFORM accounts_open_history(false);
  RETURN total;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0026_spellings_erased")]

    operations = [migrations.RunSQL(ERASE, migrations.RunSQL.noop)]
