"""What is dangerous in a migration of a database in use: rules over its SQL and over its script."""
