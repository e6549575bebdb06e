"""Tasks, runs and playbooks over the API."""
