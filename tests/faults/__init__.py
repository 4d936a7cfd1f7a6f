"""Faults of machines and people, and the books that must survive them."""
