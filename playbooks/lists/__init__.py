"""The lists of the playbooks app: every task and every run, as pages and as files."""
