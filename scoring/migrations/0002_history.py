"""Install the triggers that `0001_initial` names: history, what may never change, sums kept."""

from django.db import migrations

from config.database.triggers import install_triggers


class Migration(migrations.Migration):
    # A database that went the longer way is there already.
    replaces = [
        ("scoring", "0002_health"),
        ("scoring", "0003_write_key_history"),
        ("scoring", "0004_measurements"),
        ("scoring", "0005_declared_and_traced"),
        ("scoring", "0006_data_quality"),
        ("scoring", "0007_alerts_and_overrides"),
        ("scoring", "0008_validations"),
        ("scoring", "0009_event_meanings"),
        ("scoring", "0010_custom_metrics"),
        ("scoring", "0011_cohorts_and_reviews"),
    ]
    dependencies = [("scoring", "0001_initial")]
    operations = [migrations.RunPython(install_triggers("scoring"), migrations.RunPython.noop)]
