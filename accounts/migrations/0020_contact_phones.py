"""Let telephone numbers be found by an index.

It is built over the contacts with a number, under a lock that lets them be read and not written.
"""

import config.lib.folding
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0019_twins_of_imports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(config.lib.folding.PhoneDigits('phone'), condition=models.Q(('phone', ''), _negated=True), name='accounts_contact_phone'),
        ),
    ]
