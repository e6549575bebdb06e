"""The pages of the scoring app, and `ingest`, where Segment clients post events."""
