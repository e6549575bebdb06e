import datetime as dt

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="runstep",
            name="due_on",
            field=models.DateField(default=dt.date(2000, 1, 1), verbose_name="planned for"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="runstep",
            name="opens_on",
            field=models.DateField(verbose_name="opens on"),
        ),
    ]
