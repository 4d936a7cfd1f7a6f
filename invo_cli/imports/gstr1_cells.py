"""The cells of the GSTR-1 workbook of the official offline tool, by the keys that the return's JSON has for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.gstin import Gstin
from invo_cli.gst.money import parse_counter_decimal, parse_decimal
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.text import quoted
from invo_cli.imports.bank_dates import parse_bank_date
from invo_cli.imports.grids import key_of
from invo_cli.imports.hsn_list import repaired

_MONTHS = (
    *("april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "january", "february", "march"),
)
_DOCUMENT_NATURES = MappingProxyType(
    {
        "invoicesforoutwardsupply": 1,
        "invoicesforinwardsupplyfromunregisteredperson": 2,
        "revisedinvoice": 3,
        "debitnote": 4,
        "creditnote": 5,
        "receiptvoucher": 6,
        "paymentvoucher": 7,
        "refundvoucher": 8,
        "deliverychallanforjobwork": 9,
        "deliverychallanforsupplyonapproval": 10,
        "deliverychallanincaseofliquidgas": 11,
        "deliverychallanincaseotherthanbywayofsupplyexcludingatsno9to11": 12,
        "deliverychallanincasesotherthanbywayofsupplyexcludingatsno9to11": 12,
    }
)
_INVOICE_TYPES = MappingProxyType(
    {
        "regular": "R",
        "regularb2b": "R",
        "r": "R",
        "sezsupplieswithpayment": "SEWP",
        "sewp": "SEWP",
        "sezsupplieswithoutpayment": "SEWOP",
        "sewop": "SEWOP",
        "deemedexp": "DE",
        "deemedexports": "DE",
        "de": "DE",
        "intrastatesuppliesattractingigst": "CBW",
        "salefrombondedwh": "CBW",
        "cbw": "CBW",
    }
)
_NIL_SUPPLIES = MappingProxyType(
    {
        "interstatesuppliestoregisteredpersons": "INTRB2B",
        "intrastatesuppliestoregisteredpersons": "INTRAB2B",
        "interstatesuppliestounregisteredpersons": "INTRB2C",
        "intrastatesuppliestounregisteredpersons": "INTRAB2C",
    }
)


def _text(cell: str) -> str:
    return cell


def _upper(cell: str) -> str:
    return cell.upper()


def _amount(cell: str) -> Decimal:
    exact = re.sub(r"(\.[0-9]{2})0+$", r"\1", cell)
    return parse_counter_decimal(exact, what="The value", places=2, negative=True) if cell else Decimal(0)


def _rate(cell: str) -> Decimal:
    rate = parse_decimal(cell.removesuffix("%"), what="The rate", places=3)
    return rate.normalize() if rate % 1 else Decimal(int(rate))


def _count(cell: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", cell or "0"):
        raise InvalidError(f"{quoted(cell)} is not a number of documents.")
    return int(cell or "0")


def _date(cell: str) -> str:
    day = parse_bank_date(cell)
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def _gstin(cell: str) -> str:
    return Gstin.parse(cell).value


def _place(cell: str) -> str:
    match = re.fullmatch("([0-9]{1,2})(?:-.*)?", cell)
    if match is None:
        raise InvalidError(f"{quoted(cell)} is not a place of supply.", hint="It begins with the number of the state.")
    return match[1].zfill(2)


def _yes(cell: str) -> str:
    return str(_among({"y": "Y", "yes": "Y", "n": "N", "no": "N", "": "N"}, cell))


def _share(cell: str) -> Decimal | None:
    """0.65 where 65 % of the rate is charged; nothing where all of it is."""
    share = _rate(cell or "100")
    if share not in (65, 100):
        raise InvalidError(f"{quoted(cell)} is not 65: no other share of a rate may be charged.")
    return None if share == 100 else Decimal("0.65")


def _uqc(cell: str) -> str:
    return cell.split("-")[0].strip().upper()


def _hsn(cell: str) -> str:
    code = repaired(cell)
    if code is None:
        raise InvalidError(f"{quoted(cell)} is not an HSN or SAC code.")
    return code


def _year(cell: str) -> FinancialYear:
    return FinancialYear.parse(cell)


def _month(cell: str) -> int:
    """Months since April."""
    name = cell.strip().lower()
    found = [at for at, month in enumerate(_MONTHS) if len(name) >= 3 and month.startswith(name)]
    if len(found) != 1:
        raise InvalidError(f"{quoted(cell)} is not a month.", hint="Write it in English: APRIL.")
    return found[0]


def _among(known: Mapping[str, Any], cell: str) -> Any:
    key = key_of(cell)
    found = None if cell and not key else known.get(key)
    if found is None:
        raise InvalidError(f"{quoted(cell)} is not known here.", hint=f"Known are {', '.join(filter(None, known))}.")
    return found


def original_month(year: FinancialYear, months: int) -> str:
    """MMYYYY of a month of a financial year, counted from April."""
    month = (3 + months) % 12 + 1
    return f"{month:02}{year.start + (months > 8)}"


PARSERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        **dict.fromkeys(("inum", "oinum", "nt_num", "ont_num", "sbnum", "sbpcode", "desc", "from", "to"), _text),
        **dict.fromkeys(("idt", "oidt", "nt_dt", "ont_dt", "sbdt"), _date),
        **dict.fromkeys(("val", "txval", "csamt", "ad_amt", "qty", "iamt", "camt", "samt"), _amount),
        **dict.fromkeys(("nil_amt", "expt_amt", "ngsup_amt"), _amount),
        **dict.fromkeys(("totnum", "cancel"), _count),
        "ctin": _gstin,
        "pos": _place,
        "rchrg": _yes,
        "diff_percent": _share,
        "inv_typ": lambda cell: _among(_INVOICE_TYPES, cell or "R"),
        "ntty": lambda cell: _among({"c": "C", "creditnote": "C", "d": "D", "debitnote": "D"}, cell),
        "typ": _upper,
        "exp_typ": lambda cell: _among({"wpay": "WPAY", "wopay": "WOPAY"}, cell),
        "rt": _rate,
        "hsn_sc": _hsn,
        "uqc": _uqc,
        "doc_typ": lambda cell: (_among(_DOCUMENT_NATURES, cell), cell),
        "nil": lambda cell: _among(_NIL_SUPPLIES, cell),
        "year": _year,
        "month": _month,
    }
)

# Headings without case, spaces and signs; those of template versions before 2.0 are the ones with a voucher.
FIELD_OF: Mapping[str, str] = MappingProxyType(
    {
        "gstinuinofrecipient": "ctin",
        "invoicenumber": "inum",
        "revisedinvoicenumber": "inum",
        "originalinvoicenumber": "oinum",
        "invoicedate": "idt",
        "revisedinvoicedate": "idt",
        "originalinvoicedate": "oidt",
        "invoicevalue": "val",
        "placeofsupply": "pos",
        "originalplaceofsupply": "pos",
        "reversecharge": "rchrg",
        "applicableoftaxrate": "diff_percent",
        "invoicetype": "inv_typ",
        "rate": "rt",
        "taxablevalue": "txval",
        "cessamount": "csamt",
        "notenumber": "nt_num",
        "revisednotenumber": "nt_num",
        "noterefundvouchernumber": "nt_num",
        "revisednoterefundvouchernumber": "nt_num",
        "originalnotenumber": "ont_num",
        "originalnoterefundvouchernumber": "ont_num",
        "notedate": "nt_dt",
        "revisednotedate": "nt_dt",
        "noterefundvoucherdate": "nt_dt",
        "revisednoterefundvoucherdate": "nt_dt",
        "originalnotedate": "ont_dt",
        "originalnoterefundvoucherdate": "ont_dt",
        "notetype": "ntty",
        "documenttype": "ntty",
        "notesupplytype": "inv_typ",
        "notevalue": "val",
        "noterefundvouchervalue": "val",
        "urtype": "typ",
        "type": "typ",
        "exporttype": "exp_typ",
        "portcode": "sbpcode",
        "shippingbillnumber": "sbnum",
        "shippingbilldate": "sbdt",
        "grossadvancereceived": "ad_amt",
        "grossadvanceadjusted": "ad_amt",
        "financialyear": "year",
        "originalmonth": "month",
        "hsn": "hsn_sc",
        "uqc": "uqc",
        "totalquantity": "qty",
        "totalvalue": "val",
        "integratedtaxamount": "iamt",
        "centraltaxamount": "camt",
        "stateuttaxamount": "samt",
        "nilratedsupplies": "nil_amt",
        "exemptedotherthannilratednongstsupply": "expt_amt",
        "nongstsupplies": "ngsup_amt",
        "natureofdocument": "doc_typ",
        "srnofrom": "from",
        "srnoto": "to",
        "totalnumber": "totnum",
        "cancelled": "cancel",
    }
)
