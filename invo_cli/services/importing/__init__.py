"""Records of a file stored as one batch: all in one transaction, each at most once, undone together.

`run` takes the records of a file in their order, stores those that are right and new, and counts the rest. In a run
that must come in whole it raises RejectedError when any was refused, and the caller's transaction takes back all.

    wanted = Wanted(data_set="customers", file_name="customers.csv", sha256=…, is_partial=False, max_errors=…)
    result = importing.run(session, business, records, wanted, act=act)   # records: Iterable[Record | Unreadable]

A data set is a function that is given the run: `run.chunks(n)` are its records, `run.refuse`, `run.skip` and
`run.made` say what became of each.
"""

from __future__ import annotations

from invo_cli.services.importing.importing import run
from invo_cli.services.importing.runs import RejectedError, Result, Run, Wanted

__all__ = ["RejectedError", "Result", "Run", "Wanted", "run"]
