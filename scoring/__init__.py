"""Health scores that explain themselves: from usage events to a banded number.

Owns usage events, pushed measurements and their roll-ups, metrics, scorecards, health scores
with their daily history, explanation and transitions. The walk: `ingest` stores events and rolls
them up, `metrics` turn facts into values, a scorecard turns values into a score, a change of band
becomes a `HealthTransition` row that playbooks act on.
"""
