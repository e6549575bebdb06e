"""Trees of accounts and of teams: no row may stand above itself, whoever writes at once.

Two writers who each see a clean tree could close a circle together, so all changes of one kind of
tree wait for each other on an advisory lock, and only then look.
"""

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from config.lib.problems import Conflict, FieldError

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('yorisoi.hierarchy'), hashtext(%s))"
_ABOVE = """
WITH RECURSIVE above(id) AS (
  SELECT %s::bigint
  UNION
  SELECT t.parent_id FROM {table} t JOIN above ON t.id = above.id WHERE t.parent_id IS NOT NULL
)
SELECT EXISTS (SELECT FROM above WHERE id = %s)
"""


class CyclicHierarchy(Conflict):
    """The new parent stands below the row."""

    code = "cyclic_hierarchy"
    title = _("This would put the record above itself.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/parent", self.title)])


def hold_tree(table: str) -> None:
    """Keep other changes of this tree waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [table])


def refuse_cycle(*, row: models.Model, parent: models.Model | None) -> None:
    """Wait for other changes of the same kind of tree, then check the new parent.

    :raises CyclicHierarchy: where the parent is the row itself or stands below it.
    """
    table = row._meta.db_table
    hold_tree(table)
    if parent is None:
        return
    with connection.cursor() as cursor:
        statement = _ABOVE.format(table=connection.ops.quote_name(table))
        cursor.execute(statement, [parent.pk, row.pk])
        if cursor.fetchone()[0]:
            raise CyclicHierarchy
