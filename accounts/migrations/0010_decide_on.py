"""The actionable renewal date as a function of the database, for figures and lists alike."""

from django.db import migrations

CREATE = """
CREATE FUNCTION accounts_decide_on(ends_on date, notice_months int, goes_on boolean, day date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN NOT goes_on OR first > day THEN first - 1
    ELSE (ends_on + 1 + make_interval(months => 12 * (years + 1) - notice_months))::date - 1 END
  FROM (
    SELECT years, (ends_on + 1 + make_interval(months => 12 * years - notice_months))::date AS first
    FROM (
      SELECT CASE WHEN goes_on THEN greatest(0, extract(year FROM day + 1)::int - extract(
        year FROM (ends_on + 1 - make_interval(months => notice_months)))::int) ELSE 0 END AS years
    ) passed
  ) next
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_erasures")]

    operations = [
        migrations.RunSQL(
            CREATE, "DROP FUNCTION accounts_decide_on(date, int, boolean, date)"
        )
    ]
