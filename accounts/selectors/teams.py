"""What belongs to our teams."""

from django.db.models import PROTECT

from accounts.models import Team


def teams_in_use() -> set[int]:
    """Return the teams that can't be removed: others, accounts or, above, more belong to them.

    Archived accounts count. One statement a table that keeps its team from going.
    """
    held: set[int] = set()
    for relation in Team._meta.related_objects:
        if relation.on_delete is PROTECT:
            column = relation.field.attname
            rows = relation.related_model._base_manager.filter(**{f"{column}__isnull": False})
            held.update(rows.order_by().values_list(column, flat=True).distinct())
    return held
