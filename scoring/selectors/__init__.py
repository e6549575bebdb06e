"""Reads of the scoring app that are not a queryset of one model, and the SQL they compile."""
