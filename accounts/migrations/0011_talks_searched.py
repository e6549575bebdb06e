"""Fold what talks say beside them, so that an index finds words in a million of them."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Concat

import config.lib.folding

# Words of one and two characters ask the grams; see config/lib/search.py.
GRAMS = """
ALTER TABLE accounts_touchpoint ADD COLUMN grams text[]
  GENERATED ALWAYS AS (search_grams({folded})) STORED;
CREATE INDEX accounts_touch_grams ON accounts_touchpoint USING gin (grams)
  WITH (fastupdate = off);
"""
# A generated column can't be derived of another one.
_FOLDED = config.lib.folding.Folded.template.replace(
    "%(expressions)s",
    r"((coalesce(subject, '') || E'\n') || (coalesce(purpose, '') || E'\n'))"
    r" || coalesce(decisions, '')",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_erased_user_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="touchpoint",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=config.lib.folding.Folded(
                    Concat(
                        "subject",
                        models.Value("\n"),
                        "purpose",
                        models.Value("\n"),
                        "decisions",
                        output_field=models.TextField(),
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.RunSQL(
            GRAMS.format(folded=_FOLDED), "ALTER TABLE accounts_touchpoint DROP COLUMN grams"
        ),
        migrations.AddIndex(
            model_name="touchpoint",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="accounts_said", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
