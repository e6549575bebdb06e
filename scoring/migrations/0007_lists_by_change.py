"""Order accounts by the change of their health by index, as by the score itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0006_event_name_history"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="healthcurrent",
            index=models.Index(fields=["change_30d", "account"], name="scoring_current_change"),
        ),
    ]
