"""Every write to surveys, waves, invitations and answers: keyword-only, atomic, `at=` given."""
