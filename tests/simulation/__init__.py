"""Random work by several people against a model of the books that shares no code with the program."""
