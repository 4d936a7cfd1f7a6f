"""Debit notes: add to what an invoice charged."""

from __future__ import annotations

from invo_cli.commands import note_commands
from invo_cli.gst.document import Kind

app = note_commands.app_for(Kind.DEBIT_NOTE, help=__doc__)
