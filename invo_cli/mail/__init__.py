"""E-mail: its texts, its bytes, and the way to the mail server."""
