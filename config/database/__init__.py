"""Who may do what in the database: `roles.toml` says it, `grants` makes it so after a migrate."""
