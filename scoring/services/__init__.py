"""Every write of the scoring app, one module a family of mutations."""
