"""The documentation as tests read it."""
