"""Let choices keep words outside their list, and titles of contacts stand for a level."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_contact_phones"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeniorityWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("executive", "Top executive"),
                            ("officer", "Officer level"),
                            ("director", "Director level"),
                            ("manager", "Manager level"),
                            ("lead", "Team lead level"),
                            ("staff", "Staff level"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="level",
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        default=list,
                        size=None,
                        verbose_name="words",
                    ),
                ),
            ],
            options={
                "verbose_name": "words of a level of titles",
                "verbose_name_plural": "words of levels of titles",
            },
        ),
        migrations.CreateModel(
            name="SeniorityWordsEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("executive", "Top executive"),
                            ("officer", "Officer level"),
                            ("director", "Director level"),
                            ("manager", "Manager level"),
                            ("lead", "Team lead level"),
                            ("staff", "Staff level"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        default=list,
                        size=None,
                        verbose_name="words",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="attributedefinition",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="attributedefinition",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="attributedefinition",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="attributedefinition",
            name="takes_others",
            field=models.BooleanField(default=False, verbose_name="keeps words outside the list"),
        ),
        migrations.AddField(
            model_name="attributedefinitionevent",
            name="takes_others",
            field=models.BooleanField(default=False, verbose_name="keeps words outside the list"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attributedefinition",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_attributedefinitionevent" ("description_en", "description_ja", "expression", "id", "is_archived", "is_listed", "key", "label_en", "label_ja", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "required_tiers", "takes_others", "type") SELECT new_values."description_en", new_values."description_ja", new_values."expression", new_values."id", new_values."is_archived", new_values."is_listed", new_values."key", new_values."label_en", new_values."label_ja", new_values."options", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."place", new_values."required_tiers", new_values."takes_others", new_values."type" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="6d509ac86a4443f7c1f80a732a36c1a28841387a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f3ced",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="accounts_attributedefinition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attributedefinition",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_attributedefinitionevent" ("description_en", "description_ja", "expression", "id", "is_archived", "is_listed", "key", "label_en", "label_ja", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "required_tiers", "takes_others", "type") SELECT new_values."description_en", new_values."description_ja", new_values."expression", new_values."id", new_values."is_archived", new_values."is_listed", new_values."key", new_values."label_en", new_values."label_ja", new_values."options", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."place", new_values."required_tiers", new_values."takes_others", new_values."type" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="120bc5f9548e991d6f939a8fa3b456108245eacc",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0dc5a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="accounts_attributedefinition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attributedefinition",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_attributedefinitionevent" ("description_en", "description_ja", "expression", "id", "is_archived", "is_listed", "key", "label_en", "label_ja", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "required_tiers", "takes_others", "type") SELECT old_values."description_en", old_values."description_ja", old_values."expression", old_values."id", old_values."is_archived", old_values."is_listed", old_values."key", old_values."label_en", old_values."label_ja", old_values."options", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place", old_values."required_tiers", old_values."takes_others", old_values."type" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ce1cfbbd6f63b241307ff370cab827c2aa51ce41",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d6da5",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="accounts_attributedefinition",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="senioritywords",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_senioritywordsevent" ("id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") SELECT new_values."id", new_values."level", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."words" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="ebed71e5ef4978e1c9ef34522d5e5e9614fbe645",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c58b4",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="accounts_senioritywords",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="senioritywords",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_senioritywordsevent" ("id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") SELECT new_values."id", new_values."level", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."words" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="fa7e64b1634672f0b771b8c267a7a8b64eb0c3a8",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c4c0c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="accounts_senioritywords",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="senioritywords",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "accounts_senioritywordsevent" ("id", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") SELECT old_values."id", old_values."level", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."words" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d049a1adef70677e05c0ae4f1626719e626fbfde",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aad04",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="accounts_senioritywords",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="senioritywordsevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="senioritywordsevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="accounts.senioritywords",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="senioritywordsevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d6ae8e4ce198243d3ef525c27babdf217e4691ea",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_96f09",
                    table="accounts_senioritywordsevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("import", "Import"),
                    ("import_undo", "Undo of an import"),
                    ("export", "Export"),
                    ("erasure", "Erasure"),
                    ("validation", "Validation"),
                ],
                max_length=50,
                verbose_name="kind",
            ),
        ),
    ]
