"""Whole databases as text: every table in PostgreSQL's COPY format, from one snapshot of either engine into either."""
