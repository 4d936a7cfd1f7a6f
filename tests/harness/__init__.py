"""What the tests need from outside the program: a PostgreSQL server of their own."""
