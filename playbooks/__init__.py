"""Playbooks: what the team does when something happens to an account.

Owns playbooks, triggers, runs, tasks and the working calendar. A trigger finds episodes, a run is
started once an episode, its steps act through services and land on working days.
"""
