"""Two servers: what is read on the standby, and what never is."""
