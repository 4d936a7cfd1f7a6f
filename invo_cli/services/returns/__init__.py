"""Returns: what the books of a period come to, when they are due, and that they were filed."""
