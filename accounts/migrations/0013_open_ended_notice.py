"""End an open-ended contract with the notice period that begins when notice is given."""

from django.db import migrations

# Months are shifted from the first day that is not covered, as `accounts_decide_on` does.
COVERED_UNTIL = """
CREATE FUNCTION accounts_covered_until(
  ends_on date, auto_renews boolean, notice_on date, notice_months int)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN ends_on IS NULL THEN (notice_on + 1 + make_interval(months => notice_months))::date - 1
    WHEN auto_renews AND notice_on IS NULL THEN NULL
    WHEN auto_renews AND notice_on > ends_on THEN accounts_decide_on(ends_on, 0, true, notice_on)
    ELSE ends_on END
$$
"""
BEFORE = """
CREATE FUNCTION accounts_covered_until(ends_on date, auto_renews boolean, notice_on date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN auto_renews AND notice_on IS NULL THEN NULL
    WHEN auto_renews AND notice_on > ends_on THEN accounts_decide_on(ends_on, 0, true, notice_on)
    ELSE ends_on END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_talks_of_merged")]

    operations = [
        migrations.RunSQL(
            COVERED_UNTIL, "DROP FUNCTION accounts_covered_until(date, boolean, date, int)"
        ),
        migrations.RunSQL(
            "DROP FUNCTION accounts_covered_until(date, boolean, date)", reverse_sql=BEFORE
        ),
    ]
