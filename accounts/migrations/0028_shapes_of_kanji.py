"""Fold anew what is searched by: a kanji counts as each of its shapes, 髙 as 高.

Accounts and contacts are written only where a name has such a kanji; their histories tell nothing of
it. The columns of talks are derived by the database: their table is rewritten once, and locked for
it (about a millisecond a talk).
"""

from importlib import import_module

from django.db import migrations

from config.lib.kanji import VARIANTS

names = import_module("accounts.migrations.0017_name_keys")
said = import_module("accounts.migrations.0011_talks_searched")
REFOLD = """
UPDATE {table} SET search_text = translate(search_text, %s, %s) WHERE search_text ~ %s
"""
TALKS = f"""
ALTER TABLE accounts_touchpoint DROP COLUMN grams, DROP COLUMN search_text,
  ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS ({said._FOLDED}) STORED,
  ADD COLUMN grams text[] GENERATED ALWAYS AS (search_grams({said._FOLDED})) STORED;
CREATE INDEX accounts_said ON accounts_touchpoint USING gin (search_text gin_trgm_ops);
CREATE INDEX accounts_touch_grams ON accounts_touchpoint USING gin (grams)
  WITH (fastupdate = off);
"""


def fold_names(apps, schema_editor):
    """Fold only texts that have such a kanji; the keys of companies may lose their form, too."""
    shapes = "".join(VARIANTS), "".join(VARIANTS.values()), f"[{''.join(VARIANTS)}]"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(names.SILENCE)
        for table in ("accounts_account", "accounts_contact"):
            cursor.execute(REFOLD.format(table=table), shapes)
        cursor.execute(names.SPEAK)
    names.fold_anew(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0027_chosen_words_stay")]

    operations = [
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.RunSQL(TALKS, migrations.RunSQL.noop),
    ]
