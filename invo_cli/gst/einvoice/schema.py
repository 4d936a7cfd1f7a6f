"""The field table of INV-01 version 1.1, the e-invoice of the Goods and Services Tax Network, as data.

A section goes by its path, `ItemList[].BchDtls`; the root is the empty path. Lengths are in characters, values are
rupees, quantities and per cent; how many decimals a number may have is how many its largest value has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType


class Shape(StrEnum):
    """What a value is in JSON."""

    TEXT = "text"
    NUMBER = "number"
    OBJECT = "object"
    LIST = "list"


class Need(StrEnum):
    """Whether a key must be there; what it depends on is in `conditions`."""

    MUST = "mandatory"
    DEPENDS = "conditional"
    MAY = "optional"


TEXT, NUMBER, OBJECT, LIST = Shape
MUST, DEPENDS, MAY = Need


@dataclass(frozen=True)
class Field:
    """One key: its shape, whether it is needed, its limits (length, value or count) and its pattern as published."""

    key: str
    shape: Shape
    need: Need
    least: int | str | None = None
    most: int | str | None = None
    pattern: str | None = None
    note: str = ""

    @cached_property
    def regex(self) -> re.Pattern[str] | None:
        """The pattern; the published ones are ECMAScript, where `$` is the very end."""
        return re.compile(self.pattern.replace("$", r"\Z")) if self.pattern else None

    @cached_property
    def limits(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest value of a number, exactly as published."""
        return Decimal(self.least or 0), Decimal(self.most or 0)

    @property
    def places(self) -> int:
        """How many decimals a number may have."""
        return len(str(self.most).partition(".")[2])


NO_QUOTES = r'^([^\\"])*$'
DATE = r"^[0-3][0-9]/[0-1][0-9]/[2][0][1-2][0-9]$"
STATE = r"^(?!0+$)([0-9]{1,2})$"
GSTIN = r"^([0-9]{2}[0-9A-Z]{13})$"
GSTIN_OR_URP = r"^(([0-9]{2}[0-9A-Z]{13})|URP)$"
YES_NO = r"^([Y|N]{1})$"
PHONE = r"^([0-9]{6,12})$"
EMAIL = r"^[a-zA-Z0-9+_.-]+@[a-zA-Z0-9.-]+$"

SCHEMA: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "": (
            Field("Version", TEXT, MUST, 1, 6, None, '"1.1"'),
            Field("Irn", TEXT, MAY, 64, 64, None, "never sent; the portal returns it"),
            Field("TranDtls", OBJECT, MUST),
            Field("DocDtls", OBJECT, MUST),
            Field("SellerDtls", OBJECT, MUST),
            Field("BuyerDtls", OBJECT, MUST),
            Field("ItemList", LIST, MUST, 1, 1000, None, "1..1000 items (5000 on request to NIC)"),
            Field("ValDtls", OBJECT, MUST),
            Field("DispDtls", OBJECT, MAY),
            Field("ShipDtls", OBJECT, MAY),
            Field("PayDtls", OBJECT, MAY),
            Field("RefDtls", OBJECT, MAY),
            Field("ExpDtls", OBJECT, MAY),
            Field("EwbDtls", OBJECT, MAY),
            Field("AddlDocDtls", LIST, MAY),
        ),
        "TranDtls": (
            Field("TaxSch", TEXT, MUST, 3, 10, r"^(GST)$", "GST"),
            Field(
                "SupTyp",
                TEXT,
                MUST,
                3,
                10,
                r"(?i)^((B2B)|(SEZWP)|(SEZWOP)|(EXPWP)|(EXPWOP)|(DEXP))$",
                "B2B SEZWP SEZWOP EXPWP EXPWOP DEXP",
            ),
            Field("RegRev", TEXT, MAY, 1, 1, YES_NO, "Y/N, default N"),
            Field("EcmGstin", TEXT, MAY, 15, 15, GSTIN, "e-commerce operator"),
            Field("IgstOnIntra", TEXT, MAY, 1, 1, YES_NO, "Y = POS in own state but IGST"),
        ),
        "DocDtls": (
            Field("Typ", TEXT, MUST, 3, 3, r"(?i)^((INV)|(CRN)|(DBN))$", "INV CRN DBN"),
            Field("No", TEXT, MUST, 1, 16, r"^([a-zA-Z1-9]{1}[a-zA-Z0-9\/-]{0,15})$", "may not start with 0 / -"),
            Field("Dt", TEXT, MUST, 10, 10, DATE, "DD/MM/YYYY"),
        ),
        "SellerDtls": (
            Field("Gstin", TEXT, MUST, 15, 15, r"([0-9]{2}[0-9A-Z]{13})"),
            Field("LglNm", TEXT, MUST, 3, 100, NO_QUOTES),
            Field("TrdNm", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Addr1", TEXT, MUST, 1, 100, NO_QUOTES),
            Field("Addr2", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Loc", TEXT, MUST, 3, 50, NO_QUOTES),
            Field("Pin", NUMBER, MUST, "100000", "999999"),
            Field("Stcd", TEXT, MUST, 1, 2, STATE, "= first two of Gstin"),
            Field("Ph", TEXT, MAY, 6, 12, PHONE),
            Field("Em", TEXT, MAY, 6, 100, EMAIL),
        ),
        "BuyerDtls": (
            Field("Gstin", TEXT, MUST, 3, 15, GSTIN_OR_URP, "URP for exports"),
            Field("LglNm", TEXT, MUST, 3, 100, NO_QUOTES),
            Field("TrdNm", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Pos", TEXT, MUST, 1, 2, STATE, "96 outside India"),
            Field("Addr1", TEXT, MUST, 1, 100, NO_QUOTES),
            Field("Addr2", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Loc", TEXT, MUST, 3, 100, NO_QUOTES),
            Field(
                "Pin",
                NUMBER,
                DEPENDS,
                "100000",
                "999999",
                None,
                "not in schema required list; needed for domestic buyers; 999999 for exports",
            ),
            Field("Stcd", TEXT, MUST, 1, 2, STATE, "96 for exports"),
            Field("Ph", TEXT, MAY, 6, 12, PHONE),
            Field("Em", TEXT, MAY, 6, 100, EMAIL),
        ),
        "DispDtls": (
            Field("Nm", TEXT, MUST, 3, 100, NO_QUOTES),
            Field("Addr1", TEXT, MUST, 1, 100, NO_QUOTES),
            Field("Addr2", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Loc", TEXT, MUST, 3, 100, NO_QUOTES),
            Field("Pin", NUMBER, MUST, "100000", "999999"),
            Field("Stcd", TEXT, MUST, 1, 2, STATE),
        ),
        "ShipDtls": (
            Field("Gstin", TEXT, MAY, 3, 15, GSTIN_OR_URP),
            Field("LglNm", TEXT, MUST, 3, 100, NO_QUOTES),
            Field("TrdNm", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Addr1", TEXT, MUST, 1, 100, NO_QUOTES),
            Field("Addr2", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Loc", TEXT, MUST, 3, 100, NO_QUOTES),
            Field("Pin", NUMBER, MUST, "100000", "999999"),
            Field("Stcd", TEXT, MUST, 1, 2, STATE),
        ),
        "ItemList[]": (
            Field("SlNo", TEXT, MUST, 1, 6, r"^([0-9]{1,6})$", "numeric string, unique"),
            Field("PrdDesc", TEXT, MAY, 3, 300, NO_QUOTES),
            Field("IsServc", TEXT, MUST, 1, 1, YES_NO, "Y when HSN starts 99"),
            Field(
                "HsnCd", TEXT, MUST, 4, 8, r"^(?!0+$)([0-9]{4}|[0-9]{6}|[0-9]{8})$", "6+ digits when AATO >= 5 crore"
            ),
            Field("Barcde", TEXT, MAY, 3, 30, NO_QUOTES),
            Field("Qty", NUMBER, DEPENDS, "0", "9999999999.999", None, "3 decimals; mandatory for goods"),
            Field("FreeQty", NUMBER, MAY, "0", "9999999999.999"),
            Field("Unit", TEXT, DEPENDS, 3, 8, r"^([A-Z|a-z]{3,8})$", "UQC; mandatory for goods"),
            Field("UnitPrice", NUMBER, MUST, "0", "999999999999.999", None, "3 decimals"),
            Field("TotAmt", NUMBER, MUST, "0", "999999999999.99", None, "gross = qty x price"),
            Field("Discount", NUMBER, MAY, "0", "999999999999.99"),
            Field("PreTaxVal", NUMBER, MAY, "0", "999999999999.99"),
            Field("AssAmt", NUMBER, MUST, "0", "999999999999.99", None, "taxable = TotAmt - Discount"),
            Field("GstRt", NUMBER, MUST, "0", "999.999", None, "combined rate"),
            Field("IgstAmt", NUMBER, MAY, "0", "999999999999.99"),
            Field("CgstAmt", NUMBER, MAY, "0", "999999999999.99"),
            Field("SgstAmt", NUMBER, MAY, "0", "999999999999.99"),
            Field("CesRt", NUMBER, MAY, "0", "999.999"),
            Field("CesAmt", NUMBER, MAY, "0", "999999999999.99", None, "ad valorem"),
            Field("CesNonAdvlAmt", NUMBER, MAY, "0", "999999999999.99", None, "specific"),
            Field("StateCesRt", NUMBER, MAY, "0", "999.999"),
            Field("StateCesAmt", NUMBER, MAY, "0", "999999999999.99"),
            Field("StateCesNonAdvlAmt", NUMBER, MAY, "0", "999999999999.99"),
            Field("OthChrg", NUMBER, MAY, "0", "999999999999.99"),
            Field("TotItemVal", NUMBER, MUST, "0", "999999999999.99", None, "AssAmt + all taxes + cess + OthChrg"),
            Field("OrdLineRef", TEXT, MAY, 1, 50, NO_QUOTES),
            Field("OrgCntry", TEXT, MAY, 2, 2, r"^([A-Z|a-z]{2})$"),
            Field("PrdSlNo", TEXT, MAY, 1, 20, NO_QUOTES),
            Field("BchDtls", OBJECT, MAY),
            Field("AttribDtls", LIST, MAY),
        ),
        "ItemList[].BchDtls": (
            Field("Nm", TEXT, MUST, 3, 20, NO_QUOTES),
            Field("ExpDt", TEXT, MAY, 10, 10, DATE),
            Field("WrDt", TEXT, MAY, 10, 10, DATE),
        ),
        "ItemList[].AttribDtls[]": (
            Field("Nm", TEXT, MAY, 1, 100, NO_QUOTES),
            Field("Val", TEXT, MAY, 1, 100, NO_QUOTES),
        ),
        "ValDtls": (
            Field("AssVal", NUMBER, MUST, "0", "99999999999999.98"),
            Field("CgstVal", NUMBER, MAY, "0", "99999999999999.98"),
            Field("SgstVal", NUMBER, MAY, "0", "99999999999999.98"),
            Field("IgstVal", NUMBER, MAY, "0", "99999999999999.98"),
            Field("CesVal", NUMBER, MAY, "0", "99999999999999.98", None, "ad valorem + specific"),
            Field("StCesVal", NUMBER, MAY, "0", "99999999999999.98"),
            Field("Discount", NUMBER, MAY, "0", "99999999999999.98", None, "after tax, invoice level"),
            Field(
                "OthChrg",
                NUMBER,
                MAY,
                "0",
                "99999999999999.98",
                None,
                "invoice level, incl. exempt/nil lines left out of ItemList",
            ),
            Field("RndOffAmt", NUMBER, MAY, "-99.99", "99.99", None, "the only signed amount"),
            Field("TotInvVal", NUMBER, MUST, "0", "99999999999999.98"),
            Field("TotInvValFc", NUMBER, MAY, "0", "99999999999999.98", None, "foreign currency"),
        ),
        "PayDtls": (
            Field("Nm", TEXT, MAY, 1, 100, NO_QUOTES),
            Field("AccDet", TEXT, MAY, 1, 18, NO_QUOTES),
            Field("Mode", TEXT, MAY, 1, 18, NO_QUOTES),
            Field("FinInsBr", TEXT, MAY, 1, 11, NO_QUOTES, "IFSC"),
            Field("PayTerm", TEXT, MAY, 1, 100, NO_QUOTES),
            Field("PayInstr", TEXT, MAY, 1, 100, NO_QUOTES),
            Field("CrTrn", TEXT, MAY, 1, 100, NO_QUOTES),
            Field("DirDr", TEXT, MAY, 1, 100, NO_QUOTES),
            Field("CrDay", NUMBER, MAY, "0", "9999"),
            Field("PaidAmt", NUMBER, MAY, "0", "99999999999999.98"),
            Field("PaymtDue", NUMBER, MAY, "0", "99999999999999.98"),
        ),
        "RefDtls": (
            Field("InvRm", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("DocPerdDtls", OBJECT, MAY),
            Field("PrecDocDtls", LIST, MAY),
            Field("ContrDtls", LIST, MAY),
        ),
        "RefDtls.DocPerdDtls": (
            Field("InvStDt", TEXT, MUST, 10, 10, DATE),
            Field("InvEndDt", TEXT, MUST, 10, 10, DATE),
        ),
        "RefDtls.PrecDocDtls[]": (
            Field("InvNo", TEXT, MUST, 1, 16, r"^[1-9a-zA-Z]{1}[0-9a-zA-Z\/-]{1,15}$"),
            Field("InvDt", TEXT, MUST, 10, 10, DATE),
            Field("OthRefNo", TEXT, MAY, 1, 20, NO_QUOTES),
        ),
        "RefDtls.ContrDtls[]": (
            Field("RecAdvRefr", TEXT, MAY, 1, 20, NO_QUOTES),
            Field("RecAdvDt", TEXT, MAY, 10, 10, DATE),
            Field("TendRefr", TEXT, MAY, 1, 20, NO_QUOTES),
            Field("ContrRefr", TEXT, MAY, 1, 20, NO_QUOTES),
            Field("ExtRefr", TEXT, MAY, 1, 20, NO_QUOTES),
            Field("ProjRefr", TEXT, MAY, 1, 20, NO_QUOTES),
            Field("PORefr", TEXT, MAY, 1, 16, NO_QUOTES),
            Field("PORefDt", TEXT, MAY, 10, 10, DATE),
        ),
        "AddlDocDtls[]": (
            Field("Url", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("Docs", TEXT, MAY, 3, 1000, NO_QUOTES, "base64"),
            Field("Info", TEXT, MAY, 3, 1000, NO_QUOTES),
        ),
        "ExpDtls": (
            Field("ShipBNo", TEXT, MAY, 1, 20, NO_QUOTES),
            Field("ShipBDt", TEXT, MAY, 10, 10, DATE),
            Field("Port", TEXT, MAY, 2, 10, r"^[0-9|A-Z|a-z]{2,10}$", "port master"),
            Field("RefClm", TEXT, MAY, 1, 1, YES_NO, "refund claim"),
            Field("ForCur", TEXT, MAY, 3, 16, r"^[A-Z|a-z]{3,16}$", "currency master"),
            Field("CntCode", TEXT, MAY, 2, 2, r"^([A-Z]{2})$", "country master"),
            Field("ExpDuty", NUMBER, MAY, "0", "999999999999.99"),
        ),
        "EwbDtls": (
            Field("TransId", TEXT, MAY, 15, 15, GSTIN, "transporter"),
            Field("TransName", TEXT, MAY, 3, 100, NO_QUOTES),
            Field("TransMode", TEXT, MAY, 1, 1, r"^([1-4]{1})?$", "1 road 2 rail 3 air 4 ship"),
            Field("Distance", NUMBER, MUST, "0", "4000", None, "0 = let the portal compute PIN-PIN"),
            Field("TransDocNo", TEXT, MAY, 1, 15, r"^([a-zA-Z0-9\/-]{1,15})$"),
            Field("TransDocDt", TEXT, MAY, 10, 10, r"^[a-zA-Z0-9]{1}[a-zA-Z0-9-/]*$", "DD/MM/YYYY"),
            Field("VehNo", TEXT, MAY, 4, 20, r"^([A-Z|a-z|0-9]{4,20})$"),
            Field("VehType", TEXT, MAY, 1, 1, r"^([O|R]{1})$", "R regular O over-dimensional"),
        ),
    }
)
