"""The data of a template: one mapping of finished texts for each document (docs/templates.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.exports.pdf import parties, settlement, table, wording
from invo_cli.exports.pdf.glyphs import visible
from invo_cli.exports.pdf.qr import svg
from invo_cli.exports.pdf.sheet import Sheet

LARGEST_LOGO = 512 * 1024


def paper(sheet: Sheet, fonts: tuple[Path, ...]) -> dict[str, Any]:
    """Everything that is printed of a document, as texts that the fonts can show; pictures are added as they are."""
    texts: dict[str, Any] = visible(_texts(sheet), fonts)
    return texts | {
        "payment": _payment(sheet, fonts),
        "registration": _registration(sheet, fonts),
        "logo": _logo(sheet.extras.get("logo")),
    }


def _texts(sheet: Sheet) -> dict[str, Any]:
    return {
        "language": sheet.language,
        "kind": sheet.kind,
        "title": sheet.say(sheet.kind),
        "copy": wording.copy_mark(sheet),
        "watermark": wording.watermark(sheet),
        "cancellation": wording.cancellation(sheet),
        "endorsements": wording.endorsements(sheet),
        "seller": parties.seller_block(sheet),
        "buyer": parties.buyer_block(sheet),
        "ship_to": parties.ship_to_block(sheet),
        "particulars": parties.particulars(sheet),
        "lines": table.lines_table(sheet),
        "summary": table.summary_table(sheet),
        "totals": settlement.totals(sheet),
        "grand_total": settlement.grand_total(sheet),
        "settled": settlement.settled(sheet),
        "words": [sheet.say("words"), wording.total_in_words(sheet)],
        "notes": _remarks(sheet, "notes", sheet.document.get("notes")),
        "terms": _remarks(sheet, "terms", sheet.extras.get("terms")),
        "signature": [sheet.say("for", name=sheet.document["seller"]["name"]), sheet.say("signatory")],
        "jurisdiction": _jurisdiction(sheet),
        "page": sheet.say("page", page="{page}", pages="{pages}"),
    }


def _remarks(sheet: Sheet, key: str, text: str | None) -> dict[str, Any] | None:
    return {"title": sheet.say(key), "lines": text.splitlines()} if text else None


def _jurisdiction(sheet: Sheet) -> str | None:
    place = sheet.extras.get("jurisdiction")
    return sheet.say("jurisdiction", place=place) if place else None


def _payment(sheet: Sheet, fonts: tuple[Path, ...]) -> dict[str, Any] | None:
    found = settlement.payment(sheet)
    return found and {key: value if key == "qr" else visible(value, fonts) for key, value in found.items()}


def _registration(sheet: Sheet, fonts: tuple[Path, ...]) -> dict[str, Any] | None:
    """The signed QR code with the IRN (Rule 46(r)); the code is the portal's text, untouched."""
    signed = sheet.extras.get("signed_qr")
    facts = parties.registration_facts(sheet)
    if not (signed or facts):
        return None
    return {"facts": visible(facts, fonts), "qr": svg(signed, error="l") if signed else None}


def _logo(path: str | None) -> list[int] | None:
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_LOGO + 1)
    except OSError as error:
        raise NotFoundError(f"The logo {path} cannot be read.", hint="Set its path with: invo business edit") from error
    if len(content) > LARGEST_LOGO:
        raise InvalidError(f"The logo {path} is larger than 512 KiB.", hint="Save it smaller: 600 pixels are enough.")
    return list(content)
