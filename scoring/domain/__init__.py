"""The pure rules of scoring: values in, values out; no database, no clock, no framework."""
