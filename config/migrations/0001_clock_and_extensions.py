from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations

APP_NOW = """
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT now() + coalesce((
    SELECT split_part(setting, '=', 2)::interval
    FROM pg_catalog.pg_db_role_setting s
    JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND s.setrole = 0,
         unnest(s.setconfig) AS setting
    WHERE d.datname = current_database() AND setting LIKE 'yorisoi.clock_offset=%'
  ), interval '0')
$$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(APP_NOW, "DROP FUNCTION app_now()"),
    ]
