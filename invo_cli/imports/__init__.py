"""Files of other systems to values; nothing here knows a session."""
