"""An imitation of the invoice portal: it signs as the real one does, with a key of its own made for the test."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from invo_cli.gst.einvoice.irn import DocumentType, irn
from invo_cli.gst.periods import parse_date

ACK_NO = 112610036563310
ACK_DATE = "2026-10-05 11:15:00"


@cache
def key(name: str) -> RSAPrivateKey:
    """A key pair; each name has its own."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_key(name: str = "portal") -> bytes:
    """The public half as the portal would publish it."""
    return key(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def token(data: dict[str, Any], *, signer: str = "portal", algorithm: str = "RS256") -> str:
    """A signed token whose payload holds the data as text."""
    header = {"alg": algorithm, "kid": "EDC57DE1358B300BA9F79340A6696831F3C85047", "typ": "JWT"}
    payload = {"data": json.dumps(data), "iss": "NIC"}
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in (header, payload))
    signature = key(signer).sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{_encoded(signature)}"


def answer(document: dict[str, Any], *, signer: str = "portal", **changes: Any) -> dict[str, Any]:
    """What the portal would answer to a document as `invo invoice show` has it; `changes` are in the code."""
    type_ = {"tax_invoice": "INV", "credit_note": "CRN", "debit_note": "DBN"}[document["kind"]]
    seller, day = document["seller"]["gstin"], parse_date(document["date"])
    code = {
        "SellerGstin": seller,
        "BuyerGstin": document["customer"]["gstin"] or "URP",
        "DocNo": document["number"],
        "DocTyp": type_,
        "DocDt": day.strftime("%d/%m/%Y"),
        "TotInvVal": float(document["total"]),
        "ItemCnt": 1,
        "MainHsnCode": "998716",
        "Irn": irn(seller, day, DocumentType(type_), document["number"]),
        "IrnDt": ACK_DATE,
    } | changes
    invoice = {
        "AckNo": ACK_NO,
        "AckDt": ACK_DATE,
        "Irn": code["Irn"],
        "Version": "1.1",
        "DocDtls": {"Typ": code["DocTyp"], "No": code["DocNo"], "Dt": code["DocDt"]},
        "SellerDtls": {"Gstin": code["SellerGstin"]},
        "ValDtls": {"TotInvVal": code["TotInvVal"]},
    }
    return {
        "AckNo": ACK_NO,
        "AckDt": ACK_DATE,
        "Irn": code["Irn"],
        "SignedInvoice": token(invoice, signer=signer),
        "SignedQRCode": token(code, signer=signer),
        "Status": "ACT",
        "EwbNo": None,
        "EwbDt": None,
        "EwbValidTill": None,
        "Remarks": None,
    }


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
