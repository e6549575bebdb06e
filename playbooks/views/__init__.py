"""The pages of the playbooks app."""
