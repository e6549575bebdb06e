"""Addresses of the scoring app's pages; those of ingestion stand in `ingest`."""

from django.urls import URLPattern

app_name = "scoring"
urlpatterns: list[URLPattern] = []
