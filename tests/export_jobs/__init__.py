"""Incremental exports: whatever happens, all batches of a job in order are the full export."""
