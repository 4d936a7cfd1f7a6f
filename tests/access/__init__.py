"""Who may do what: proved over every service and every command."""
