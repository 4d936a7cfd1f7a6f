"""The e-invoice INV-01 version 1.1: its field table, its rules, the file of a document, and its reference number."""
