"""What a database consists of, as text that can be recorded, compared and committed."""
