"""Recomputing the books: every figure that follows from others is computed again and compared."""
