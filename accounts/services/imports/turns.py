"""One writer of many records at a time: imports, their undo, bulks, and no merge in between."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from config.lib.problems import Conflict

_KEY = "hashtext('yorisoi.import')"


class ImportRunning(Conflict):
    """An import or another bulk is being written; only one can be at a time."""

    code = "import_running"
    title = _("An import is being written. Try again in a moment.")


def wait_for_turn() -> None:
    """Wait until nobody else writes many records, and keep others waiting until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})")


def take_turn() -> None:
    """Keep others who write many records waiting until the commit.

    :raises ImportRunning: where somebody does so already.
    """
    _try_lock(f"SELECT pg_try_advisory_xact_lock({_KEY})")


def keep_imports_off() -> None:
    """Let nobody write many records until the commit; several may ask for that at once.

    :raises ImportRunning: where somebody does so already.
    """
    _try_lock(f"SELECT pg_try_advisory_xact_lock_shared({_KEY})")


def _try_lock(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        if not cursor.fetchone()[0]:
            raise ImportRunning
