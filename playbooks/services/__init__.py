"""Every write of the playbooks app, one module a family."""
