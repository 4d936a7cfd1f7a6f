"""The database: URLs, types, sessions, schema."""
