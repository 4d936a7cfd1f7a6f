"""Table 8: nil rated, exempt and non-GST supplies, by whether they cross a State border and who receives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from invo_cli.gst.document import Supply
from invo_cli.gst.returns.books import Document, Filer
from invo_cli.gst.returns.choice import is_foreign
from invo_cli.gst.returns.figures import Untaxed
from invo_cli.gst.returns.json_text import amount

_ORDER = ("INTRB2B", "INTRAB2B", "INTRB2C", "INTRAB2C")


@dataclass(slots=True)
class UntaxedSupplies:
    """Sums per kind of supply; credit notes take back."""

    filer: Filer
    rows: dict[str, Untaxed] = field(default_factory=dict)

    def add(self, document: Document, untaxed: Untaxed, sign: int) -> None:
        """Count the untaxed lines of a document; `sign` is -1 for what is taken back."""
        kind = supply_kind(document, self.filer)
        row = self.rows.get(kind)
        if row is None:
            row = self.rows[kind] = Untaxed()
        row.add(untaxed, sign)

    def texts(self) -> Iterator[str]:
        """The records of `nil.inv`, in the order of the table."""
        for kind in _ORDER:
            row = self.rows.get(kind)
            if row is not None:
                yield (
                    f'{{"sply_ty":"{kind}","expt_amt":{amount(row.exempt)},"nil_amt":{amount(row.nil)}'
                    f',"ngsup_amt":{amount(row.non_gst)}}}'
                )


def supply_kind(document: Document, filer: Filer) -> str:
    """`sply_ty` of table 8; INTR is between States, INTRA within one. An export is not to a registered person."""
    is_registered = document.gstin is not None and not is_foreign(document)
    stays = (
        document.pos == filer.state
        and not filer.is_sez
        and (document.supply is Supply.INTRA_STATE_IGST or not (document.supply.is_sez or document.supply.is_export))
    )
    return f"{'INTRA' if stays else 'INTR'}{'B2B' if is_registered else 'B2C'}"
