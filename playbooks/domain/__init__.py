"""Pure rules of playbooks: what a definition says, and which episodes start a run."""
