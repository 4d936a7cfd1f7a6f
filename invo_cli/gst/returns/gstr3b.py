"""GSTR-3B from the same documents: tables 3.1, 3.1.1 and 3.2, as a check against the portal's locked figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from invo_cli.gst.returns.books import Books
from invo_cli.gst.returns.choice import Section, ordinal
from invo_cli.gst.returns.figures import Figures, total
from invo_cli.gst.returns.gstr1 import Gstr1
from invo_cli.gst.returns.json_text import amount, quoted_text
from invo_cli.gst.returns.outward import COMPOSITION, UIN, UNREGISTERED, Outward

OPERATORS_SINCE, PLACES_UNTIL = 202207, 202510
"""Table 3.1.1 begins in July 2022; table 3.2 is in the file until October 2025, then the portal fills it."""

_ALL = ("iamt", "camt", "samt", "csamt")
_ZERO_RATED = ("iamt", "csamt")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form in paise; `keys` are the taxes that the row has."""

    table: str
    """3.1(a), 3.2 and so on."""
    title: str
    path: tuple[str, str]
    """Where the file has it: `("sup_details", "osup_det")`."""
    figures: Figures
    keys: tuple[str, ...] = ()
    pos: str | None = None
    """Of a row of table 3.2: its place of supply."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where GSTR-3B and GSTR-1 of the same books do not agree; there should be none."""

    table: str
    field: str
    gstr1_paise: int
    gstr3b_paise: int


def rows(gstr1: Gstr1) -> list[Row]:
    """The rows of tables 3.1, 3.1.1 (from July 2022) and 3.2, in the order of the form."""
    books, outward = gstr1.books, gstr1.outward
    found = [*_supplies(books, outward)]
    if ordinal(books.period) >= OPERATORS_SINCE:
        found += _operators(outward)
    return [*found, *_places(outward)]


def text(gstr1: Gstr1) -> str:
    """Compact JSON in the keys of the portal's utility; table 3.2 as long as the period has it."""
    period = gstr1.books.period
    sections: dict[str, dict[str, list[Row]]] = {"sup_details": {}}
    if ordinal(period) >= OPERATORS_SINCE:
        sections["eco_dtls"] = {}
    if ordinal(period) <= PLACES_UNTIL:
        sections["inter_sup"] = {UNREGISTERED: [], COMPOSITION: [], UIN: []}
    for row in rows(gstr1):
        section, key = row.path
        if section in sections:
            sections[section].setdefault(key, []).append(row)
    body = ",".join(f'"{name}":{{{",".join(_members(members))}}}' for name, members in sections.items())
    return f'{{"gstin":{quoted_text(gstr1.books.filer.gstin)},"ret_period":"{period}",{body}}}'


def differences(gstr1: Gstr1) -> list[Difference]:
    """What the sections of GSTR-1 say otherwise: values in all, and taxes but for those the recipient pays."""
    outward, due = gstr1.outward, gstr1.due
    sections = total(due[name] for name in (*_TAXED, "at", "txpd") if name in due)
    sections.add(Figures(0, *outward.payable_by_recipient.heads[1:]), -1)
    form = total((outward.taxable, outward.zero_rated))
    keys = ("txval", *_ALL)
    pairs = zip(keys, sections.heads, form.heads, strict=True)
    compared = [("3.1(a)+(b)", key, here, there) for key, here, there in pairs]
    compared.append(("3.1(c)+(e)", "txval", due[Section.NIL].taxable, outward.untaxed.total))
    compared.append(("3.1.1(ii)", "txval", due[Section.PAYTX].taxable, outward.through_operator.taxable))
    return [Difference(*each) for each in compared if each[2] != each[3]]


_TAXED = tuple(section for section in Section if section not in (Section.NIL, Section.PAYTX))


def _supplies(books: Books, outward: Outward) -> Iterator[Row]:
    inward, untaxed = books.inward, outward.untaxed
    reverse = Figures(inward.taxable_paise, inward.igst_paise, inward.cgst_paise, inward.sgst_paise, inward.cess_paise)
    where = "sup_details"
    yield Row("3.1(a)", "Taxable outward supplies", (where, "osup_det"), outward.taxable, _ALL)
    yield Row("3.1(b)", "Zero-rated outward supplies", (where, "osup_zero"), outward.zero_rated, _ZERO_RATED)
    nil = Figures(untaxed.nil + untaxed.exempt)
    yield Row("3.1(c)", "Nil rated and exempt outward supplies", (where, "osup_nil_exmp"), nil)
    yield Row("3.1(d)", "Inward supplies under reverse charge", (where, "isup_rev"), reverse, _ALL)
    yield Row("3.1(e)", "Non-GST outward supplies", (where, "osup_nongst"), Figures(untaxed.non_gst))


def _operators(outward: Outward) -> Iterator[Row]:
    yield Row("3.1.1(i)", "Supplies on which the filer pays as operator", ("eco_dtls", "eco_sup"), Figures(), _ALL)
    value = Figures(outward.through_operator.taxable)
    yield Row("3.1.1(ii)", "Supplies on which an operator pays", ("eco_dtls", "eco_reg_sup"), value)


def _places(outward: Outward) -> Iterator[Row]:
    titles = {UNREGISTERED: "to unregistered persons", COMPOSITION: "to composition taxpayers", UIN: "to UIN holders"}
    for key, title in titles.items():
        for (recipient, pos), figures in sorted(outward.inter_state.items()):
            if recipient == key:
                yield Row("3.2", f"Inter-State supplies {title}", ("inter_sup", key), figures, ("iamt",), pos)


def _members(members: dict[str, list[Row]]) -> Iterator[str]:
    for key, found in members.items():
        if key in (UNREGISTERED, COMPOSITION, UIN):
            yield f'"{key}":[{",".join(map(_object, found))}]'
        else:
            yield f'"{key}":{_object(found[0])}'


def _object(row: Row) -> str:
    figures = row.figures
    taxes = dict(zip(_ALL, figures.heads[1:], strict=True))
    place = f'"pos":"{row.pos}",' if row.pos else ""
    told = "".join(f',"{key}":{amount(taxes[key])}' for key in row.keys)
    return f'{{{place}"txval":{amount(figures.taxable)}{told}}}'
