"""What GSTR-3B asks about outward supplies, summed document by document beside the sections of GSTR-1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from invo_cli.gst.document import Supply
from invo_cli.gst.returns.books import Document
from invo_cli.gst.returns.choice import Section, is_foreign
from invo_cli.gst.returns.figures import Breakdown, Figures, Untaxed

_UIN = re.compile("[0-9]{4}[A-Z]{3}[0-9]{5}[UO]N[0-9A-Z]")

UNREGISTERED, COMPOSITION, UIN = "unreg_details", "comp_details", "uin_details"
"""The lists of table 3.2."""


@dataclass(slots=True)
class Outward:
    """Outward supplies of a period by the rows of tables 3.1, 3.1.1 and 3.2; amounts in paise, net of notes."""

    taxable: Figures = field(default_factory=Figures)
    """3.1(a); under reverse charge the value alone."""
    zero_rated: Figures = field(default_factory=Figures)
    """3.1(b): exports and SEZ."""
    untaxed: Untaxed = field(default_factory=Untaxed)
    """3.1(c) and 3.1(e)."""
    through_operator: Figures = field(default_factory=Figures)
    """3.1.1(ii): the operator pays the tax (s.9(5)); GSTR-3B takes the taxable value alone."""
    payable_by_recipient: Figures = field(default_factory=Figures)
    """Tax under reverse charge: in GSTR-1, not in 3.1(a); its taxable value is in both."""
    inter_state: dict[tuple[str, str], Figures] = field(default_factory=dict)
    """3.2 by list and place of supply."""

    def add(self, document: Document, parts: Breakdown, section: Section, intra: bool, sign: int) -> None:
        """Count a document; `sign` is -1 for what is taken back."""
        if parts.untaxed is not None:
            self.untaxed.add(parts.untaxed, sign)
        if section is Section.PAYTX:
            self.through_operator.add(parts.taxed, sign)
        elif (document.supply is not Supply.REGULAR and document.supply.is_sez) or is_foreign(document):
            self.zero_rated.add(parts.taxed, sign)
        elif document.reverse_charge:
            self.taxable.taxable += sign * parts.taxed.taxable
            self.payable_by_recipient.add(parts.taxed, sign)
            self._add_inter_state(document, Figures(parts.taxed.taxable), intra, sign)
        else:
            self.taxable.add(parts.taxed, sign)
            self._add_inter_state(document, parts.taxed, intra, sign)

    def add_advance(self, due: Figures) -> None:
        """Count what an advance adds to 3.1(a)."""
        self.taxable.add(due)

    def _add_inter_state(self, document: Document, taxed: Figures, intra: bool, sign: int) -> None:
        recipient = None if intra else _recipient_list(document)
        if recipient is not None:
            self.inter_state.setdefault((recipient, document.pos), Figures()).add(taxed, sign)


def _recipient_list(document: Document) -> str | None:
    if document.gstin is None:
        return UNREGISTERED
    if document.buyer_is_composition:
        return COMPOSITION
    return UIN if _UIN.fullmatch(document.gstin) else None
