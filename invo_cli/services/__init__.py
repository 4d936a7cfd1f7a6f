"""Session in, rows out: the only place with SQL. Nothing here commits, asks the clock or knows a terminal."""
