"""Credit notes: take back an invoice, whole or in part."""

from __future__ import annotations

from invo_cli.commands import note_commands
from invo_cli.gst.document import Kind

app = note_commands.app_for(Kind.CREDIT_NOTE, help=__doc__)
