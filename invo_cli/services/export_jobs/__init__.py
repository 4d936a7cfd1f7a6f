"""Incremental exports: named jobs, how far each has read, the batches it wrote and the ledger of its runs.

A batch is stored, as the very bytes of its file, in the transaction that moves the cursor; a file is written from what
is stored. So a run that is killed loses nothing: the next one delivers the stored bytes again, and only them.
"""
