"""Checks of the GSTINs in a return: recipients and e-commerce operators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from invo_cli.errors import InvalidError
from invo_cli.gst.gstin import Gstin, GstinKind
from invo_cli.gst.returns.books import Document, Filer
from invo_cli.gst.returns.choice import Section
from invo_cli.gst.returns.document_checks import Problem
from invo_cli.gst.returns.operators import Operator
from invo_cli.gst.states import OVERSEAS

_OPERATOR = re.compile("[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]C[0-9A-Z]")


@dataclass(slots=True)
class PartyChecks:
    """Judges each GSTIN once, however many documents it has."""

    filer: Filer
    judged: dict[str, str | None] = field(default_factory=dict)

    def problems(self, document: Document, section: Section) -> Iterable[Problem]:
        """What is wrong with the recipient of a document."""
        gstin = document.gstin
        if gstin is None or section is Section.PAYTX:
            return ()
        if gstin not in self.judged:
            self.judged[gstin] = self._judge(gstin)
        problem = self.judged[gstin]
        if problem is None and document.pos != OVERSEAS:
            return ()
        return self._problems(document, gstin, problem, section)

    def _problems(self, document: Document, gstin: str, problem: str | None, section: Section) -> Iterator[Problem]:
        if problem is not None:
            yield "ctin", "R1-08", problem, "Compare it with the registration certificate and correct the customer."
        if document.pos == OVERSEAS and section in (Section.B2B, Section.CDNR):
            yield "pos", "R1-16", f"Place of supply 96 has the recipient {gstin}.", "Use the State of the recipient."

    def _judge(self, gstin: str) -> str | None:
        if gstin == self.filer.gstin:
            return "The recipient is the filer."
        try:
            kind = Gstin.parse(gstin).kind
        except InvalidError as error:
            return error.message
        if kind in (GstinKind.TCS, GstinKind.OIDAR):
            return f"GSTIN {gstin} is that of an online operator, who is no recipient here."
        return None


def operator_problem(operator: Operator) -> str | None:
    """What is wrong with the GSTIN of an operator; under s.9(5) any registration will do."""
    try:
        Gstin.parse(operator.gstin)
    except InvalidError as error:
        return error.message
    if operator.section == "52" and not _OPERATOR.fullmatch(operator.gstin):
        return f"GSTIN {operator.gstin} is not that of an e-commerce operator: character 14 is not C."
    return None
