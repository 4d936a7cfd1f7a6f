"""The texts of e-mails: templates in English and Hindi, or the business's own (docs/manual.md, E-mail).

A template is `Subject: …`, an empty line and the text, in the language of jinja2. It runs in a sandbox: it reads the
values given to it and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invo_cli.errors import InvalidError
from invo_cli.gst.money import format_indian
from invo_cli.mail.message import one_line

if TYPE_CHECKING:
    from jinja2 import Environment

SHIPPED = Path(__file__).parent / "texts"
LANGUAGES = ("en", "hi")
_HEADING = "Subject:"
TITLES = {
    "en": {
        "tax_invoice": "Tax invoice",
        "bill_of_supply": "Bill of supply",
        "invoice_cum_bill_of_supply": "Invoice-cum-bill of supply",
        "credit_note": "Credit note",
        "debit_note": "Debit note",
    },
    "hi": {
        "tax_invoice": "कर बीजक",
        "bill_of_supply": "आपूर्ति बिल",
        "invoice_cum_bill_of_supply": "बीजक-सह-आपूर्ति बिल",
        "credit_note": "क्रेडिट नोट",
        "debit_note": "डेबिट नोट",
    },
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject, on one line, and text of an e-mail."""

    subject: str
    text: str


def file_name(kind: str, language: str) -> str:
    """What the template of a kind of e-mail is called, shipped or in the business's own folder."""
    return f"{kind}.{language}.txt"


def shipped(kind: str, language: str) -> str:
    """The template that comes with invo; kind is `invoice` or `reminder`."""
    return (SHIPPED / file_name(kind, language)).read_text(encoding="utf-8")


def written(template: str, values: Mapping[str, Any], *, name: str) -> Wording:
    """The template filled in; `name` is what a refusal calls it.

    Raises InvalidError for a template that has no subject, cannot be read, or names a value there is not.
    """
    from jinja2 import TemplateError

    heading, _, body = template.replace("\r\n", "\n").partition("\n")
    if not heading.startswith(_HEADING):
        raise InvalidError(
            f"{name} does not begin with a subject.", hint="Write 'Subject: …', an empty line, the text."
        )
    environment = _environment()
    try:
        subject = one_line(environment.from_string(heading.removeprefix(_HEADING)).render(values))
        # The heading is a line of its own: numbers of lines in refusals then are those of the file.
        text = environment.from_string("\n" + body).render(values).strip() + "\n"
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f" (line {line})" if line else ""
        reason = one_line(getattr(error, "message", None) or str(error)).rstrip(".")
        raise InvalidError(f"{name} cannot be filled in{where}: {reason}.", hint="Correct the template.") from error
    if not subject:
        raise InvalidError(f"{name} gives an empty subject.", hint="Write the subject on its first line.")
    return Wording(subject, text)


def _environment() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # Plain text: there is no markup that a value could break.
    environment = ImmutableSandboxedEnvironment(
        autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"rupees": _rupees, "day": _day}
    return environment


def _rupees(amount: str) -> str:
    return f"₹{format_indian(Decimal(amount))}"


def _day(iso: str) -> str:
    return dt.date.fromisoformat(iso).strftime("%d-%m-%Y")
