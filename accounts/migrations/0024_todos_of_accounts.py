"""Keep beside to-dos the account of their talk and whether it stands.

Writes every to-do once, under a lock: who reads or writes to-dos, or writes talks, waits about a second
for 150,000 of them.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

#: Taken at once: a lock that is raised later meets who waits for the first one.
LOCK = [
    "LOCK TABLE accounts_touchpoint IN SHARE ROW EXCLUSIVE MODE",
    "LOCK TABLE accounts_touchpointtodo IN ACCESS EXCLUSIVE MODE",
]
FILL = """
UPDATE accounts_touchpointtodo d
SET talk_account = t.account_id, is_standing = NOT t.is_draft AND t.retracted_at IS NULL
FROM accounts_touchpoint t WHERE t.id = d.touchpoint_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0023_kept_figures"),
    ]

    operations = [
        migrations.RunSQL(LOCK, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name="touchpointtodo",
            name="update_update",
        ),
        migrations.AddField(
            model_name="touchpointtodo",
            name="is_standing",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="touchpointtodo",
            name="talk_account",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="touchpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="tell_todos",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE accounts_touchpointtodo d\nSET talk_account = n.account_id, is_standing = NOT n.is_draft AND n.retracted_at IS NULL\nFROM old_rows o JOIN new_rows n ON n.id = o.id\nWHERE (o.account_id, o.is_draft, o.retracted_at IS NULL) IS DISTINCT FROM\n  (n.account_id, n.is_draft, n.retracted_at IS NULL) AND d.touchpoint_id = n.id;\nRETURN NULL;\n",
                    hash="0902f76c78572bfb69eac6f74e9b32886b571e72",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_tell_todos_c606a",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="accounts_touchpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="touchpointtodo",
            trigger=pgtrigger.compiler.Trigger(
                name="talk_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nSELECT t.account_id, NOT t.is_draft AND t.retracted_at IS NULL\nINTO NEW.talk_account, NEW.is_standing\nFROM accounts_touchpoint t WHERE t.id = NEW.touchpoint_id FOR SHARE;\nRETURN NEW;\n",
                    hash="f38a7d145d6e0a668e928e657875c3df24618444",
                    operation="INSERT",
                    pgid="pgtrigger_talk_insert_e4411",
                    table="accounts_touchpointtodo",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="touchpointtodo",
            trigger=pgtrigger.compiler.Trigger(
                name="talk_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.touchpoint_id, OLD.talk_account, OLD.is_standing) IS DISTINCT FROM (NEW.touchpoint_id, NEW.talk_account, NEW.is_standing))",
                    func="\nSELECT t.account_id, NOT t.is_draft AND t.retracted_at IS NULL\nINTO NEW.talk_account, NEW.is_standing\nFROM accounts_touchpoint t WHERE t.id = NEW.touchpoint_id FOR SHARE;\nRETURN NEW;\n",
                    hash="bdf15ce48ecf3f60e7d2e0c9ca015fc209753ee5",
                    operation="UPDATE",
                    pgid="pgtrigger_talk_update_2b74a",
                    table="accounts_touchpointtodo",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="touchpointtodo",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_touchpointtodoevent" ("contact_id", "done_on", "due_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "side", "text", "touchpoint_id", "user_id") SELECT new_values."contact_id", new_values."done_on", new_values."due_on", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."side", new_values."text", new_values."touchpoint_id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."contact_id" IS DISTINCT FROM (new_values."contact_id") OR old_values."done_on" IS DISTINCT FROM (new_values."done_on") OR old_values."due_on" IS DISTINCT FROM (new_values."due_on") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."side" IS DISTINCT FROM (new_values."side") OR old_values."text" IS DISTINCT FROM (new_values."text") OR old_values."touchpoint_id" IS DISTINCT FROM (new_values."touchpoint_id") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5c325d298c1028ab332cba625562c2f9b8d9ac2a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e6356",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="accounts_touchpointtodo",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="touchpointtodo",
            index=models.Index(
                condition=models.Q(("is_standing", True)),
                fields=["talk_account", "id"],
                include=("due_on", "done_on"),
                name="accounts_todo_account",
            ),
        ),
    ]
