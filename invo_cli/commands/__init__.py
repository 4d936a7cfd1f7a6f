"""argv to service to view: one module for each noun an operator types, imported when it is typed."""
