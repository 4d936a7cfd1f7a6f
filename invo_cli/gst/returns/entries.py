"""The JSON objects of documents that are reported one by one: b2b, b2cl, exp, cdnr, cdnur and their amendments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from invo_cli.gst.document import Kind, Supply
from invo_cli.gst.returns.arrays import Array, Group
from invo_cli.gst.returns.books import Document
from invo_cli.gst.returns.choice import INVOICE_TYPES, Section, export_without_payment, is_foreign
from invo_cli.gst.returns.figures import Breakdown, Figures
from invo_cli.gst.returns.json_text import amount, day, item_number, quoted_text, rate

Write = Callable[[Array, Document, Breakdown, bool], None]
"""Adds a document to the array of its section; the last argument says whether CGST and SGST are due."""


def _write_b2b(array: Array, document: Document, parts: Breakdown, intra: bool) -> None:
    group = _recipient(array, document, "inv")
    text = (
        f'{_invoice_head(document)},"pos":"{document.pos}","rchrg":"{_yes(document.reverse_charge)}"{_differential(document)}'
        f',"inv_typ":"{INVOICE_TYPES[document.supply]}","itms":[{_items(document, parts.rates, intra)}]}}'
    )
    group.pieces.append(text)


def _write_b2cl(array: Array, document: Document, parts: Breakdown, _intra: bool) -> None:
    pos = (document.amends or document).pos
    group = array.group(pos, f'{{"pos":"{pos}","inv":[', "]}")
    items = ",".join(
        f'{{"num":{item_number(rt)},"itm_det":{{"txval":{amount(each.taxable)},"rt":{rate(rt)},"iamt":{amount(each.igst)}'
        + (f',"csamt":{amount(each.cess)}}}}}' if each.cess else "}}")
        for rt, each in parts.rates.items()
    )
    group.pieces.append(f'{_invoice_head(document)}{_differential(document)},"itms":[{items}]}}')


def _write_exp(array: Array, document: Document, parts: Breakdown, _intra: bool) -> None:
    is_free = export_without_payment(document)
    kind = "WOPAY" if is_free else "WPAY"
    group = array.group(kind, f'{{"exp_typ":"{kind}","inv":[', "]}")
    items = ",".join(
        f'{{"txval":{amount(each.taxable)},"rt":{rate(rt)},{_integrated(each, is_free)}}}'
        for rt, each in parts.rates.items()
    )
    group.pieces.append(f'{_invoice_head(document)}{_shipping(document)},"itms":[{items}]}}')


def _write_cdnr(array: Array, document: Document, parts: Breakdown, intra: bool) -> None:
    group = _recipient(array, document, "nt")
    text = (
        f'{_note_head(document)},"pos":"{document.pos}"{_differential(document)},"rchrg":"{_yes(document.reverse_charge)}"'
        f',"inv_typ":"{INVOICE_TYPES[document.supply]}","itms":[{_items(document, parts.telling(), intra)}]}}'
    )
    group.pieces.append(text)


def _write_cdnur(array: Array, document: Document, parts: Breakdown, _intra: bool) -> None:
    is_free = is_foreign(document) and export_without_payment(document)
    if is_foreign(document):
        where = f'"typ":"{"EXPWOP" if is_free else "EXPWP"}"'
    else:
        where = f'"typ":"B2CL","pos":"{document.pos}"{_differential(document)}'
    items = ",".join(
        f'{{"num":{item_number(rt)},"itm_det":{{"txval":{amount(each.taxable)},"rt":{rate(rt)}'
        f",{_integrated(each, is_free)}}}}}"
        for rt, each in parts.telling().items()
    )
    array.append(f'{_note_head(document)},{where},"itms":[{items}]}}')


WRITERS: Mapping[Section, Write] = MappingProxyType(
    {
        Section.B2B: _write_b2b,
        Section.B2CL: _write_b2cl,
        Section.EXP: _write_exp,
        Section.CDNR: _write_cdnr,
        Section.CDNUR: _write_cdnur,
    }
)
"""What writes a document into the array of its section; an amending document brings its original along."""


def _recipient(array: Array, document: Document, member: str) -> Group:
    ctin = document.gstin or ""
    return array.group(ctin, f'{{"ctin":{quoted_text(ctin)},"{member}":[', "]}")


def _invoice_head(document: Document) -> str:
    number, date = quoted_text(document.number), day(document.date)
    before = document.amends
    if before is None:
        return f'{{"inum":{number},"idt":"{date}","val":{amount(document.value_paise)}'
    return (
        f'{{"oinum":{quoted_text(before.number)},"oidt":"{day(before.date)}","inum":{number},"idt":"{date}"'
        f',"val":{amount(document.value_paise)}'
    )


def _note_head(document: Document) -> str:
    number, date = quoted_text(document.number), day(document.date)
    before = document.amends
    original = "" if before is None else f'"ont_num":{quoted_text(before.number)},"ont_dt":"{day(before.date)}",'
    kind = "C" if document.kind is Kind.CREDIT_NOTE else "D"
    return f'{{{original}"nt_num":{number},"nt_dt":"{date}","ntty":"{kind}","val":{amount(document.value_paise)}'


def _items(document: Document, rates: Mapping[int, Figures], intra: bool) -> str:
    is_free = document.supply is Supply.SEZ_WITHOUT_PAYMENT
    return ",".join(
        f'{{"num":{item_number(rt)},"itm_det":{{"txval":{amount(each.taxable)},"rt":{rate(rt)}'
        f",{_central_and_state(each) if intra else _integrated(each, is_free)}}}}}"
        for rt, each in rates.items()
    )


def _central_and_state(each: Figures) -> str:
    return f'"camt":{amount(each.cgst)},"samt":{amount(each.sgst)},"csamt":{amount(each.cess)}'


def _integrated(each: Figures, is_free: bool) -> str:
    if is_free:
        return '"iamt":0,"csamt":0'
    return f'"iamt":{amount(each.igst)},"csamt":{amount(each.cess)}'


def _shipping(document: Document) -> str:
    members = []
    if document.shipping_port:
        members.append(f',"sbpcode":{quoted_text(document.shipping_port)}')
    if document.shipping_number:
        members.append(f',"sbnum":{quoted_text(document.shipping_number)}')
    if document.shipping_date:
        members.append(f',"sbdt":"{day(document.shipping_date)}"')
    return "".join(members)


def _differential(document: Document) -> str:
    return ',"diff_percent":0.65' if document.differential == 65000 else ""


def _yes(flag: bool) -> str:
    return "Y" if flag else "N"
