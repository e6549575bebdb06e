"""What we do about it: playbooks, their runs, and the tasks on everybody's day.

A playbook starts at an episode of an account (health entered a bad band …), once an episode, and
opens its steps one after another on business days. Public services: `act_on_transitions`,
`open_due_steps`, `launch_playbook`, `stop_run`, `create_task`, `complete_task`, `snooze_task`,
`reassign_task`, `cancel_task`, `change_task`, `publish_version`, `switch_playbook`,
`install_starter_playbooks`. Triggers and actions are plug-ins: one file each in
`playbooks/triggers` and `playbooks/actions`.
"""
