"""Random work by several people against a model of the books that shares no code with the program."""

import pytest

# So that what differs is told when a check fails there.
pytest.register_assert_rewrite("tests.simulation.running")
