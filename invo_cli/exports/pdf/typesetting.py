"""From the data of a template to the bytes of a PDF, by typst with the fonts shipped here and no others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invo_cli.errors import InvalidError, NotFoundError, UsageProblemError

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
OWN_TEMPLATES = {name: HERE / "templates" / f"{name}.typ" for name in ("a4", "thermal")}
DATA_FORMAT = 1


def template_file(template: str | Path) -> Path:
    """The file of `a4`, of `thermal`, or of a folder with a `template.typ` of the business's own."""
    own = OWN_TEMPLATES.get(str(template))
    if own:
        return own
    file = Path(template).absolute() / "template.typ"
    if not file.is_file():
        raise NotFoundError(f"There is no template {file}.", hint="Use a4, thermal, or a folder with a template.typ.")
    return file


@lru_cache(maxsize=8)
def font_files(template: Path) -> tuple[Path, ...]:
    """The shipped fonts, and those in the folder `fonts` beside a business's own template."""
    own = [template.parent / "fonts"] if template not in OWN_TEMPLATES.values() else []
    return tuple(sorted(file for folder in [FONTS, *own] for file in folder.glob("*.[ot]tf")))


def typeset(papers: Sequence[dict[str, Any]], template: Path, *, created_on: dt.date) -> bytes:
    """One PDF with all the papers. The same papers on the same day give the same bytes.

    The data reach the template as a value, never as markup. Raises InvalidError when typst refuses.
    """
    compiler = _compiler(template)
    import typst

    data = json.dumps({"format": DATA_FORMAT, "papers": papers}, ensure_ascii=False)
    midnight = dt.datetime.combine(created_on, dt.time(), dt.UTC)
    try:
        pdf = compiler.compile(format="pdf", sys_inputs={"data": data}, timestamp=midnight)
    except typst.TypstError as error:
        message = error.message.rstrip(".")
        raise InvalidError(
            f"The paper cannot be typeset: {message}.", hint="Check the template and the logo."
        ) from error
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst gave {type(pdf)} for one PDF")
    return pdf


@lru_cache(maxsize=8)
def _compiler(template: Path) -> typst.Compiler:
    """A compiler per template, kept warm: it reads its fonts once."""
    try:
        import typst
    except ImportError as error:
        hint = 'Install it with: pip install "invo[pdf]"'
        raise UsageProblemError("Printing to PDF needs the extra pdf, which is not installed.", hint=hint) from error
    folders = sorted({str(file.parent) for file in font_files(template)})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(template), root=str(template.parent), font_paths=fonts, ignore_system_fonts=True)
