"""Taking data out: lists as people see them, everything of the organisation, all about a person."""
