"""Grams beside every folded text; see config/lib/search.py for what they are."""

from django.db import migrations

FUNCTION = """
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
    dependencies = [("accounts", "0010_decide_on")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION search_grams(text)"),
        *(
            migrations.RunSQL(
                COLUMN.format(table=table, index=index), f"ALTER TABLE {table} DROP COLUMN grams"
            )
            for table, index in TABLES.items()
        ),
    ]
