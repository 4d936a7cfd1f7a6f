"""Money on a bank statement set against what is owed: by reference, amount and customer, with a confidence.

`proposing.propose` says for each line what it probably pays and why; `booking.book` records what was decided. A line
that is booked is remembered by its fingerprint and is never booked again.
"""
