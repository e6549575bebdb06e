"""Reads that are not a queryset of one model."""

from accounts.selectors.days import OrganisationDay
from accounts.selectors.timeline import timeline_of

__all__ = ["OrganisationDay", "timeline_of"]
