"""Documents on paper: A4 and thermal receipts as PDF, by typst; the same document gives the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.exports.pdf.extras import Extras
from invo_cli.exports.pdf.labels import LABELS, Language
from invo_cli.exports.pdf.naming import safe_name
from invo_cli.exports.pdf.paper import paper
from invo_cli.exports.pdf.sheet import Sheet
from invo_cli.exports.pdf.typesetting import font_files, template_file, typeset
from invo_cli.exports.pdf.wording import COPIES, copies_of

__all__ = ["COPIES", "Extras", "Language", "Sheet", "copies_of", "render", "render_together", "safe_name"]


def render(
    document: Mapping[str, Any],
    *,
    copy: str | None = None,
    language: Language = "en",
    template: str | Path = "a4",
    extras: Extras | None = None,
) -> bytes:
    """The PDF of a document as scripts see it (docs/document.md).

    `copy` is `original`, `duplicate`, `triplicate` or None for a paper that does not say; `template` is `a4`,
    `thermal` or a folder with a `template.typ` (docs/templates.md).
    Raises InvalidError for a copy or language there is not, and NotFoundError for a missing template or logo.
    """
    sheet = Sheet(document=document, extras=extras or Extras(), copy=copy, language=language)
    return render_together([sheet], template=template)


def render_together(sheets: Sequence[Sheet], *, template: str | Path = "a4") -> bytes:
    """One PDF of several sheets, each with its own page numbers: many documents, or the copies of one."""
    for sheet in sheets:
        if sheet.language not in LABELS:
            raise InvalidError(f"There is no language {sheet.language}.", hint=f"Use {' or '.join(LABELS)}.")
    file = template_file(template)
    papers = [paper(sheet, font_files(file)) for sheet in sheets]
    return typeset(papers, file, created_on=dt.date.fromisoformat(sheets[0].document["date"]))
