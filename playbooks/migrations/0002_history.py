"""Install the triggers that `0001_initial` names: history, what may never change, sums kept."""

from django.db import migrations

from config.database.triggers import install_triggers


class Migration(migrations.Migration):
    # A database that went the longer way is there already.
    replaces = [
        ("playbooks", "0002_run_step_due_on"),
        ("playbooks", "0003_deletions_in_history"),
        ("playbooks", "0004_merges"),
    ]
    dependencies = [("playbooks", "0001_initial")]
    operations = [migrations.RunPython(install_triggers("playbooks"), migrations.RunPython.noop)]
