"""Fold the names of accounts anew: more company forms are cut than before.

Only accounts whose key changes are written, in batches; nothing is locked but their rows.
"""

from django.db import migrations

from accounts.domain.names import name_key

BATCH = 5_000
UPDATE = """
UPDATE accounts_account a SET name_key = v.key
FROM unnest(%s::bigint[], %s::text[]) AS v(id, key) WHERE a.id = v.id
"""


def fold_anew(apps, schema_editor):
    rows = apps.get_model("accounts", "Account").objects.using(schema_editor.connection.alias)
    keys = rows.order_by("pk").values_list("pk", "name", "name_key")
    changed = [(pk, key) for pk, name, was in keys.iterator() if (key := name_key(name)) != was]
    with schema_editor.connection.cursor() as cursor:
        for start in range(0, len(changed), BATCH):
            ids, texts = zip(*changed[start : start + BATCH], strict=True)
            cursor.execute(UPDATE, [list(ids), list(texts)])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_payment_terms")]

    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop)]
