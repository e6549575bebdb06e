"""Fold the names of accounts anew: more company forms are cut than before.

Only accounts whose key changes are written, in batches; nothing is locked but their rows. Nobody
changed anything, so their histories tell nothing of it; who is renamed meanwhile keeps their key.
"""

from django.db import migrations

from accounts.domain.names import name_key

BATCH = 5_000
UPDATE = """
UPDATE accounts_account a SET name_key = v.key
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v(id, name, key)
WHERE a.id = v.id AND a.name = v.name
"""
SILENCE = """
SELECT set_config('pgtrigger.ignore', (
  SELECT '{' || string_agg(tgname, ',') || '}' FROM pg_trigger
  WHERE tgrelid = 'accounts_account'::regclass AND tgname ~ '^pgtrigger_update_update'
), true)
"""
SPEAK = "SELECT set_config('pgtrigger.ignore', '', true)"


def fold_anew(apps, schema_editor):
    rows = apps.get_model("accounts", "Account").objects.using(schema_editor.connection.alias)
    keys = rows.order_by("pk").values_list("pk", "name", "name_key")
    folded = ((pk, name, name_key(name), was) for pk, name, was in keys.iterator())
    changed = [(pk, name, key) for pk, name, key, was in folded if key != was]
    if not changed:
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SILENCE)
        for start in range(0, len(changed), BATCH):
            columns = zip(*changed[start : start + BATCH], strict=True)
            cursor.execute(UPDATE, [list(column) for column in columns])
        cursor.execute(SPEAK)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_payment_terms")]

    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop)]
