"""The law as pure functions over frozen values: no clock, no database, no settings."""
