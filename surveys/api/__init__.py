"""Surveys, waves and identified answers under `/api/v1/`; hidden answers have no resource."""
