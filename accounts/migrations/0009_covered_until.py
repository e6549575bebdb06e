"""Say in one function on which day a contract covers its customer for the last time."""

from django.db import migrations

# Notice stops a contract that renewed itself at the end of the year that was running.
COVERED_UNTIL = """
CREATE FUNCTION accounts_covered_until(ends_on date, auto_renews boolean, notice_on date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN auto_renews AND notice_on IS NULL THEN NULL
    WHEN auto_renews AND notice_on > ends_on THEN accounts_decide_on(ends_on, 0, true, notice_on)
    ELSE ends_on END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_narrowed_lists")]

    operations = [
        migrations.RunSQL(
            COVERED_UNTIL, "DROP FUNCTION accounts_covered_until(date, boolean, date)"
        ),
    ]
