"""Ways to corrupt the books, each as a statement and what is found: the check, the subject, and a part of the sentence.

`OURS` stands for the business of the test, which has D-1 paid in part by PAY/26-27/0001 (of which PAY/26-27/0002 gave
some back), D-2 credited in part by D-3, D-4 of another customer, and a locked month.
"""

from __future__ import annotations

INVOICE, PAYMENT, PART, LINE = (
    "UPDATE invoices SET",
    "UPDATE payments SET",
    "UPDATE allocations SET",
    "UPDATE invoice_lines SET",
)
FIRST_ID = "(SELECT id FROM invoices WHERE OURS AND document_no = 1)"
FOURTH_ID = "(SELECT id FROM invoices WHERE OURS AND document_no = 4)"
RECEIPT, REFUND = "OURS AND direction = 'receipt'", "OURS AND direction = 'refund'"
CORRUPTIONS = {
    "a serial beyond the counter": (
        f"{INVOICE} serial = 9, number = 'INV/26-27/0009', number_key = 'INV/26-27/0009'"
        " WHERE OURS AND document_no = 1",
        ("numbers", "series:tax_invoice", "missing 1; beyond its counter 9"),
    ),
    "a number that is not its serial": (
        f"{INVOICE} number = 'INV/26-27/0077', number_key = 'INV/26-27/0077' WHERE OURS AND document_no = 1",
        ("numbers", "invoice:D-1", "'INV/26-27/0077' is not serial 1 of its series"),
    ),
    "a number found under another": (
        f"{INVOICE} number_key = 'X1' WHERE OURS AND document_no = 2",
        ("numbers", "invoice:D-2", "It is found as 'X1'"),
    ),
    "a counter set back": (
        "UPDATE number_counters SET last_serial = 2 WHERE OURS AND kind = 'tax_invoice'",
        ("numbers", "series:tax_invoice", "beyond its counter 3"),
    ),
    "a name beyond the counter": (
        "UPDATE books SET last_document_no = 3 WHERE OURS",
        ("numbers", "invoice:D-4", "will be given again"),
    ),
    "another financial year": (
        f"{INVOICE} financial_year = '2025-26' WHERE OURS AND document_no = 4",
        ("numbers", "invoice:D-4", "in 2026-27, but was counted in 2025-26"),
    ),
    "a number taken away": (
        f"{INVOICE} number = NULL, number_key = NULL WHERE OURS AND document_no = 4",
        ("numbers", "invoice:D-4", "this one is issued"),
    ),
    "a payment under another number": (
        f"{PAYMENT} number = 'PAY/26-27/0004', number_key = 'PAY/26-27/0004' WHERE {RECEIPT}",
        ("numbers", "payment:PAY/26-27/0004", "is not serial 1"),
    ),
    "a line changed": (
        f"{LINE} taxable_paise = 99999 WHERE OURS AND invoice_id = {FIRST_ID}",
        ("totals", "invoice:D-1", "Its lines have taxable value 999.99, its header says 1000.00."),
    ),
    "a line removed": (
        f"DELETE FROM invoice_lines WHERE OURS AND invoice_id = {FIRST_ID}",
        ("totals", "invoice:D-1", "It has no lines."),
    ),
    "a line's total changed": (
        f"{LINE} total_paise = 1 WHERE OURS AND invoice_id = {FIRST_ID}",
        ("totals", "invoice:D-1", "Line 1 has a total of 0.01, but its parts come to 1180.00."),
    ),
    "a line's price changed": (
        f"{LINE} gross_paise = 1 WHERE OURS AND invoice_id = {FIRST_ID}",
        ("totals", "invoice:D-1", "Line 1 has 0.01 less 0.00"),
    ),
    "a total changed": (
        f"{INVOICE} total_paise = 118001 WHERE OURS AND document_no = 4",
        ("totals", "invoice:D-4", "Its total is 1180.01, but its parts come to 1180.00."),
    ),
    "a tax split unevenly": (
        f"{INVOICE} cgst_paise = cgst_paise + 1, sgst_paise = sgst_paise - 1 WHERE OURS AND document_no = 4",
        ("totals", "invoice:D-4", "CGST and SGST are equal"),
    ),
    "a rupee rounded away": (
        f"{INVOICE} round_off_paise = -100, total_paise = 117900 WHERE OURS AND document_no = 4",
        ("totals", "invoice:D-4", "rounded by -1.00"),
    ),
    "paid without a payment": (
        f"{INVOICE} paid_paise = 118000 WHERE OURS AND document_no = 4",
        ("balances", "invoice:D-4", "Paid is 1180.00, but its parts come to 0.00."),
    ),
    "a credit forgotten": (
        f"{INVOICE} credited_paise = 0 WHERE OURS AND document_no = 2",
        ("balances", "invoice:D-2", "Credited is 0.00, but its parts come to 590.00."),
    ),
    "a note forgotten": (
        f"{INVOICE} credit_noted_paise = 1 WHERE OURS AND document_no = 2",
        ("balances", "invoice:D-2", "Credit notes is 0.01, but its parts come to 590.00."),
    ),
    "a debit note from nowhere": (
        f"{INVOICE} debit_noted_paise = 1 WHERE OURS AND document_no = 2",
        ("balances", "invoice:D-2", "Debit notes is 0.01"),
    ),
    "a note's credit spent twice": (
        f"{INVOICE} allocated_paise = 0 WHERE OURS AND document_no = 3",
        ("balances", "invoice:D-3", "Allocated is 0.00, but its parts come to 590.00."),
    ),
    "a payment spent twice": (
        f"{PAYMENT} allocated_paise = 0 WHERE {RECEIPT}",
        ("balances", "payment:PAY/26-27/0001", "Allocated is 0.00, but its parts come to 590.00."),
    ),
    "a refund forgotten": (
        f"{PAYMENT} refunded_paise = 0 WHERE {RECEIPT}",
        ("balances", "payment:PAY/26-27/0001", "Refunded is 0.00, but its parts come to 100.00."),
    ),
    "an allocation beyond its payment": (
        f"{PART} amount_paise = 100000 WHERE OURS AND payment_id IS NOT NULL",
        ("allocations", "payment:PAY/26-27/0001", "1100.00 of it is set off or given back, but it came to 1000.00."),
    ),
    "an allocation beyond its document": (
        f"{PART} amount_paise = 118001 WHERE OURS AND payment_id IS NOT NULL",
        ("allocations", "invoice:D-1", "1180.01 is set against it, but it comes to 1180.00."),
    ),
    "an allocation beyond its note": (
        f"{PART} amount_paise = 59001 WHERE OURS AND note_id IS NOT NULL",
        ("allocations", "invoice:D-3", "590.01 of its credit is set off"),
    ),
    "an allocation to another customer": (
        f"{PART} invoice_id = {FOURTH_ID} WHERE OURS AND payment_id IS NOT NULL",
        ("allocations", "invoice:D-4", "590.00 of another customer is set against it."),
    ),
    "an allocation before its payment": (
        f"{PART} allocated_on = '2026-10-01' WHERE OURS AND payment_id IS NOT NULL",
        ("allocations", "invoice:D-1", "before both sides were there"),
    ),
    "a document cancelled under its payment": (
        f"{INVOICE} status = 'cancelled' WHERE OURS AND document_no = 1",
        ("allocations", "invoice:D-1", "(tax_invoice, cancelled)"),
    ),
    "a payment void under its allocation": (
        f"{PAYMENT} voided_on = '2026-10-20', void_reason = 'x' WHERE {RECEIPT}",
        ("allocations", "payment:PAY/26-27/0001", "void or pays nothing"),
    ),
    "a note cancelled under its allocation": (
        f"{INVOICE} status = 'cancelled' WHERE OURS AND document_no = 3",
        ("allocations", "invoice:D-3", "it is no issued credit note"),
    ),
    "a refund of nothing": (
        f"{PAYMENT} refund_of_id = NULL WHERE {REFUND}",
        ("allocations", "payment:PAY/26-27/0002", "It gives back 100.00 of nothing"),
    ),
    "a note of more than it is": (
        "UPDATE note_originals SET amount_paise = 59001 WHERE OURS",
        ("allocations", "invoice:D-3", "It corrects 590.01 of other documents"),
    ),
    "more credited than charged": (
        "UPDATE note_originals SET amount_paise = 118001 WHERE OURS",
        ("allocations", "invoice:D-2", "Credit notes take back 1180.01 of it"),
    ),
    "an event altered": (
        "UPDATE audit_events SET actor = 'nobody' WHERE OURS AND subject = 'invoice:D-1'",
        ("audit", "invoice:D-1", "it was altered"),
    ),
    "a document altered": (
        f"{INVOICE} buyer_name = 'Usha' WHERE OURS AND document_no = 4",
        ("audit", "invoice:D-4", "but was issued as"),
    ),
    "a customer that is not there": (
        f"{INVOICE} customer_id = 1 WHERE OURS AND document_no = 4",
        ("references", "invoices:", "It refers to customers by"),
    ),
    "a line of no document": (
        f"{LINE} invoice_id = 7 WHERE OURS AND invoice_id = {FOURTH_ID}",
        ("references", "invoice_lines:", "It refers to invoices by"),
    ),
    "a record of another business": (
        "UPDATE note_originals SET business_id = 0 WHERE OURS",
        ("references", "note_originals:", "there is none"),
    ),
    "a snapshot that cannot be read": (
        f"{INVOICE} buyer = '{{' WHERE OURS AND document_no = 4",
        ("references", "invoice:D-4", "Its buyer cannot be read."),
    ),
    "a period that is no month": (
        f"{INVOICE} return_period = '132026' WHERE OURS AND document_no = 4",
        ("references", "invoice:D-4", "Its period 132026 is no month"),
    ),
    "a document in a locked month": (
        f"{INVOICE} return_period = '092026', issued_at = '2026-10-21 00:00:00', created_at = '2026-10-21 00:00:00'"
        " WHERE OURS AND document_no = 4",
        ("references", "invoice:D-4", "issued into the period 092026 after that was locked"),
    ),
    "a return filed before its month": (
        "UPDATE period_locks SET filed_on = '2026-08-20' WHERE OURS",
        ("references", "period:092026", "filed before the month"),
    ),
    "an amendment of what stands": (
        f"{INVOICE} amends_id = {FIRST_ID} WHERE OURS AND document_no = 4",
        ("references", "invoice:D-4", "It amends D-1, which is issued."),
    ),
    "amended by nothing": (
        f"{INVOICE} status = 'amended' WHERE OURS AND document_no = 4",
        ("references", "invoice:D-4", "nothing amends it"),
    ),
}
