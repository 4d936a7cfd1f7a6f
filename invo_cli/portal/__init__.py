"""What comes back from the government's portals: reading it and proving who signed it.

invo talks to no portal: files go in and files come out. A client of a GST Suvidha Provider that sends the files and
fetches the answers would live in this package and hand its answers to the same readers.
"""
