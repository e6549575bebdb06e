"""A previewed row says which record it may be already; an empty column, set without a rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_todos_by_done'),
    ]

    operations = [
        migrations.AddField(
            model_name='importchange',
            name='twin',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
