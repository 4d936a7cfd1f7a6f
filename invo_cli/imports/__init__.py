"""Files from elsewhere, read into records that know their lines: CSV, JSON Lines and Excel; no session here.

    with sources.opened(FILE, format, stdin) as source:
        for record in reading.records(source, layout, mapping): ...   # gst.records.Record or Unreadable

What is wrong with one record is an Unreadable beside the others; what makes the rest of the file unreadable (a quote
that is not closed, bytes that are not UTF-8) is an InvalidError that names the line.
"""
