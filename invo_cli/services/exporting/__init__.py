"""Data sets for other systems: what there is, which rows are wanted, and their text made by the database itself.

A `DataSet` declares everything about one data set; the full export and the incremental one are both built from it:

    data_set = catalogue.get("invoices")            every one: catalogue.DATA_SETS
    fields = data_set.chosen("number,total")        all of them for None; further `Field`s may stand beside them
    rows = selecting.rows(data_set, fields, book, wanted, only=…)
                                                    the SELECT of one book (a business id) in the stable order;
                                                    `wanted` says which days, statuses, whether deleted rows, too;
                                                    `only` is any further condition, such as these two:
    selecting.changed(data_set, book, after=17, until=42)
                                                    the records changed by the events 18 to 42
    selecting.about(data_set, ["invoice:D-17"])     the records with these audit subjects
    streaming.blocks(session, rows, fields, "jsonl", tally=tally)
                                                    their text in pieces of bytes, the heading first; counts rows
    streaming.cells(session, rows, fields)          the same values row by row, each a text or None
    measuring.watermark(session, book), measuring.totals(session, rows, fields)
                                                    what a manifest says
    recording.record(session, act, "invoices", {…}) the note in the audit trail that data left

Every row belongs to one record, and every record has one audit subject (`data_set.subject` in SQL): a line to its
document, an allocation to its payment or credit note. So whatever happens to a record, all its rows are found again
by the subject of the event; rows that are not found any more were removed, and `data_set.keys` identify those that
are. `events.NO_CHANGES` (prints, mails, exports) change nothing. In the trail itself (`is_log`) each event is a row.

Everything of one run happens in one session of `db.session.snapshot()`, so that every statement sees one moment.
"""

from __future__ import annotations
