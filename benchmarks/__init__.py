"""Measurements of speed, each beside its floor in the same run; results go to `results/`."""
