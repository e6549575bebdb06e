"""Inlets and what was sent to them: for administrators."""

from typing import Any, Self

from django.db import models

from accounts.querysets.reach import administers


class _ForAdministrators(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Keep everything for administrators, nothing for anybody else."""
        return self if administers(user) else self.none()

    def editable_by(self, user: Any) -> Self:
        """Keep what the user sees."""
        return self.visible_to(user)


class InletQuerySet(_ForAdministrators):
    """Where other systems send records."""


class InletDeliveryQuerySet(_ForAdministrators):
    """What they sent."""

    def waiting(self) -> Self:
        """Keep what nobody has made an import of, the oldest first."""
        return self.filter(opened_at__isnull=True).order_by("pk")

    def with_run(self) -> Self:
        """Fetch what the state is told by; the body stays where it is."""
        return (
            self.select_related("run__job", "inlet")
            .annotate(has_body=models.Q(body__isnull=False))
            .defer("body")
        )
