"""The services that demand no right themselves, reviewed: each is called by others that do, or opens the door."""

from __future__ import annotations

DOORS = frozenset(
    {
        *("access.principals.attach", "access.principals.principal_of"),
        *("access.admitting.admit", "access.admitting.note_use", "access.admitting.end_expired"),
        *("identity.sign_ins.begin", "identity.sign_ins.fail", "identity.sign_ins.succeed", "identity.sign_ins.end"),
        *("first_run.code_of", "first_run.needs_admin", "businesses.count", "users.count", "audit.append"),
        "audit_refusals.note",
    }
)
"""Called by commands before anybody is known, or for whoever that is: signing in and out, init, doctor; the notes in
the trail that somebody was refused, or that the owner has migrated the database or taken a backup."""

_STEPS = {
    "allocating money": """advances.receive advances.give_back advances.bearing
        advances.corrections allocating.spread allocating.take_back
        allocating.carry_over allocating.free_since matching.owing.owing matching.booking.judge
        matching.booking.booked_before matching.booking.book settling.touch settling.give_back settling.events
        ledger.unallocated payments.parts payments.new payments.recorded sources.get sources.as_row""",
    "making documents": """amending.fill amending.check amending.first_of amending.replace_by composing.compose
        given_numbers.take invoice_explaining.document_of invoice_rows.add invoice_rows.add_lines invoice_storing.store
        invoice_storing.recorded issuing.apply issuing.take issuing.numbered issuing.ask_neighbours
        issuing.numbers_used note_effects.apply note_effects.undo note_lines.remains_of noting.fill
        idempotency.recall idempotency.remember period_locks.locked_among period_locks.require_open
        batching.batched row_writing.write_rows row_writing.add_rows row_writing.plan_anew""",
    "records looked up within a business": """customers.find customers.find_or_create customers.record items.get
        items.find hsn.descriptions hsn.every_description hsn.unknown report_sums.added_up rereading.reread
        originals.of_notes text_search.found""",
    "numbers": """series.pattern_for series.take_number series.take_numbers series.ask series.patterns series.cover
        books.take books.ask books.give_back books.close_chain
        series_audit.accounted""",
    "the trail": """identity.proving.verify audit.close audit_chain.verify audit_chain.accept_damaged_text
        audit_documents.verify audit_payments.verify audit_records.verify verifying.findings.broken""",
    "reporting": """einvoicing.papers.load einvoicing.standing.candidates returns.advances.of_period
        returns.advances.sums returns.advances_amended.restated
        returns.amended.chains returns.amended.with_bases returns.amended.restated returns.numbers.taken
        returns.papers.of_periods returns.papers.read
        returns.papers.streamed""",
    "steps of export jobs, which hold a job that was got": """export_jobs.batches.next_no
        export_jobs.batches.undelivered export_jobs.batches.newest export_jobs.batches.add export_jobs.batches.get
        export_jobs.batches.mark_delivered export_jobs.batches.prune export_jobs.jobs.cursors export_jobs.jobs.move
        export_jobs.runs.begin export_jobs.runs.end export_jobs.vanishing.keys exporting.streaming.statement""",
    "steps of imports": """importing.batches.begin importing.batches.find importing.batches.get
        importing.batches.counters importing.leaning.require_free importing.leaning.serials""",
    "what becomes of a user": "identity.sign_ins.end_all identity.sign_ins.end_tokens users.state",
}
INNER = frozenset(name for names in _STEPS.values() for name in names.split())
"""Steps of guarded services, which no command calls."""
