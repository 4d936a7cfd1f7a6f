"""Which section of a return each document belongs to, and the exact text of the government's files."""
