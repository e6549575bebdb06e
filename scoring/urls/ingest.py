"""Segment-compatible ingestion, below `/v1/`."""

from django.urls import path

from scoring.views.ingest import IngestView, MessageView

app_name = "ingest"

urlpatterns = [
    path("batch", IngestView.as_view(), name="batch"),
    path("import", IngestView.as_view(is_import=True), name="import"),
    *(
        path(kind, MessageView.as_view(kind=kind), name=kind)
        for kind in ("identify", "group", "track", "page", "screen", "alias")
    ),
]
