"""Addresses of the scoring app's pages; those of ingestion stand in `ingest`."""

from django.urls import URLPattern, path

from scoring.views import quality
from scoring.views.write_keys import (
    write_key_edit,
    write_key_list,
    write_key_new,
    write_key_revoke,
)

app_name = "scoring"
urlpatterns: list[URLPattern] = [
    path("data-quality/", quality.sources, name="quality_sources"),
    path("data-quality/sources/<int:pk>/", quality.source, name="quality_source"),
    path("data-quality/sources/<int:pk>/owner/", quality.source_owner, name="source_owner"),
    path("data-quality/sources/<int:pk>/replay/", quality.source_replay, name="source_replay"),
    path("data-quality/unknown/", quality.unknown, name="quality_unknown"),
    path("data-quality/unknown/<int:pk>/give/", quality.unknown_give, name="unknown_give"),
    path("data-quality/unknown/<int:pk>/make/", quality.unknown_make, name="unknown_make"),
    path("data-quality/accounts/", quality.accounts, name="quality_accounts"),
    path("data-quality/measurements/", quality.measurements, name="quality_measurements"),
    path("settings/write-keys/", write_key_list, name="write_keys"),
    path("settings/write-keys/new/", write_key_new, name="write_key_new"),
    path("settings/write-keys/<int:pk>/", write_key_edit, name="write_key_edit"),
    path("settings/write-keys/<int:pk>/revoke/", write_key_revoke, name="write_key_revoke"),
]
