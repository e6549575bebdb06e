"""Triggers of a whole app at once: one `AddTrigger` each renders the models anew every time."""

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def install_triggers(app: str) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    """Return the step of a migration that installs every trigger its models name."""

    def install(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for model in apps.get_app_config(app).get_models():
            for trigger in getattr(model._meta, "triggers", ()):
                schema_editor.execute(trigger.install_sql, params=None)

    return install
