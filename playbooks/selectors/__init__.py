"""Reads that are not a queryset of one model."""
