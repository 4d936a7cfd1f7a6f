"""Values to files for other systems; nothing here knows a session."""
