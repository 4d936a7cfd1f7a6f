"""Rows to people: tables, pages and listings; nothing here knows a session."""
