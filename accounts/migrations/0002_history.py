"""Install the triggers that `0001_initial` names: history, what may never change, sums kept."""

from django.db import migrations

from config.database.triggers import install_triggers


class Migration(migrations.Migration):
    # A database that went the longer way is there already.
    replaces = [
        ("accounts", "0002_track_more"),
        ("accounts", "0003_outbox"),
        ("accounts", "0004_jobs_and_imports"),
        ("accounts", "0005_exports_and_privacy"),
        ("accounts", "0006_service_records"),
        ("accounts", "0007_merges"),
        ("accounts", "0008_declared_and_traced"),
        ("accounts", "0009_erasures"),
        ("accounts", "0010_decide_on"),
        ("accounts", "0011_search_grams"),
        ("accounts", "0012_list_orders"),
        ("accounts", "0013_touch_expectations"),
        ("accounts", "0014_attribute_formulas"),
        ("accounts", "0015_admin_names"),
        ("accounts", "0016_touchpoint_minutes"),
        ("accounts", "0017_saved_views_and_lists"),
        ("accounts", "0018_names_for_operators"),
        ("accounts", "0019_erase_further"),
        ("accounts", "0020_mentions_and_minutes"),
        ("accounts", "0021_last_touch"),
        ("accounts", "0022_referral_signal"),
        ("accounts", "0023_loss_reasons"),
        ("accounts", "0024_known_before"),
    ]
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(install_triggers("accounts"), migrations.RunPython.noop)]
