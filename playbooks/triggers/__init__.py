"""Triggers: one file each, found by `PlaybooksConfig.ready`."""
