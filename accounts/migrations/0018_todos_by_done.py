"""Order to-dos by the day they were done; writes to to-dos wait while the index is built."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0017_name_keys"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="touchpointtodo",
            index=models.Index(fields=["done_on", "id"], name="accounts_todo_done"),
        ),
    ]
