"""Lists of the scoring app's records, one module a kind; each registers itself."""
