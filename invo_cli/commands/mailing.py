"""E-mails on their way: what they say, the server they go through, and the ledger around each sending."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from invo_cli.commands import context, selection
from invo_cli.commands.invoice_entry import invoice_lookup_get
from invo_cli.commands.papers import template_of
from invo_cli.errors import InvalidError, InvoError, UsageProblemError
from invo_cli.gst.contact import check_email

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy.orm import Session

    from invo_cli.mail.message import Attachment, Mail
    from invo_cli.mail.transport import Outbox, Server
    from invo_cli.mail.wording import Wording
    from invo_cli.services.letters import Letter
    from invo_cli.services.mails import Claim, Posting

LANGUAGES = ("en", "hi")
SETUP = "Set INVO_SMTP_HOST and INVO_SMTP_FROM; docs/manual.md, E-mail, tells the rest."


def _language(word: str) -> str:
    return selection.one_of(word, LANGUAGES, "language")


Language = Annotated[str, typer.Option(parser=_language, metavar="CODE", help="en or hi, of the text and the PDF.")]
Text = Annotated[
    str | None,
    typer.Option("--text", metavar="FILE", help="A text of your own: 'Subject: …', an empty line, the text."),
]
Cc = Annotated[
    list[str] | None, typer.Option("--cc", parser=check_email, metavar="ADDRESS", help="Also to; repeat for several.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An e-mail as it will be sent; `paper` is None where only its text matters."""

    letter: Letter
    wording: Wording
    recipient: str
    cc: tuple[str, ...]
    paper: Attachment | None
    step: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the e-mails of one run are written: `kind` is `invoice` or `reminder`, `text` a file of one's own."""

    kind: str
    language: str
    text: str | None

    def template(self, business: str) -> tuple[str, str]:
        """The template of a business and what to call it: the file named, else its own in INVO_HOME, else invo's."""
        from invo_cli.mail import wording
        from invo_cli.settings import home

        if self.text is not None:
            return context.read_text(self.text), self.text
        own = home() / "texts" / business / wording.file_name(self.kind, self.language)
        if own.is_file():
            return context.read_text(str(own)), str(own)
        return wording.shipped(self.kind, self.language), "The text"


class Desk:
    """Sends e-mails one by one through one session with the mail server, each stored in the ledger before it goes."""

    def __init__(self, *, dry_run: bool) -> None:
        self._dry_run = dry_run
        self._sender = _sender()
        self._open = ExitStack()
        self._outbox: Outbox | None = None

    def __enter__(self) -> Desk:
        if not self._dry_run:
            from invo_cli.mail.transport import connected

            self._outbox = self._open.enter_context(connected(_server(self._sender)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def post(self, draft: Draft, *, again: bool = False) -> Claim:
        """Send an e-mail unless it went before; what became of it is in the ledger when this returns or raises."""
        from invo_cli.commands.entering import write

        claimed = write(lambda session: self._claim(session, draft, again), dry_run=self._dry_run)
        if self._outbox is None or not claimed.is_new:
            return claimed
        mail = _mail(draft, self._sender, claimed.row["message_id"])
        return _settled(claimed, self._hand_over(self._outbox, mail))

    def _claim(self, session: Session, draft: Draft, again: bool) -> Claim:
        from invo_cli.services import mails

        act, business = context.act(), context.business(session)
        domain = self._sender.partition("@")[2]
        claimed = mails.claim(session, business, _posting(session, draft), act=act, domain=domain, again=again)
        if self._dry_run and claimed.is_new:
            row = mails.settle(session, business, claimed.row["id"], act=act)
            return mails.Claim(row | {"text": draft.wording.text}, is_new=True)
        return claimed

    def _hand_over(self, outbox: Outbox, mail: Mail) -> InvoError | None:
        """None when the server took it, else the refusal; an outcome that is not known is raised."""
        from invo_cli.mail.message import as_bytes
        from invo_cli.mail.transport import LostServerError, PostponedMailError, RefusedMailError

        try:
            outbox.hand_over(self._sender, mail.envelope, as_bytes(mail))
        except (LostServerError, PostponedMailError, RefusedMailError) as problem:
            return problem
        return None


def draft(name: str, style: Style, *, to: str | None, cc: tuple[str, ...] = (), step: int | None = None) -> Draft:
    """The e-mail about a document; with `step` the reminder of what is owed on it.

    Raises InvalidError when nobody knows where it should go, ConflictError when it should go nowhere.
    """
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services import letters, reminders

    def work(session: Session) -> Letter:
        invoice = invoice_lookup_get(session, name)
        if step is not None:
            reminders.require_owed(invoice)
        return letters.about(session, context.business(session), invoice, today=clock.today())

    letter = read(work)
    recipient = to or letter.address
    if recipient is None:
        customer = letter.document["customer"]
        raise InvalidError(
            f"Customer {customer['code']} has no e-mail address.",
            hint=f"Give one with --to, or: invo customer edit {customer['code']} --email ADDRESS",
        )
    return Draft(
        letter=letter,
        wording=worded(letter, style, step),
        recipient=check_email(recipient),
        cc=cc,
        paper=_paper(letter, style.language),
        step=step,
    )


def worded(letter: Letter, style: Style, step: int | None = None) -> Wording:
    """Subject and text of a letter."""
    from datetime import date

    from invo_cli import clock
    from invo_cli.mail import wording

    document = letter.document
    late = (clock.today() - date.fromisoformat(document["due_date"])).days if document["due_date"] else None
    title = wording.TITLES[style.language][document["kind"]]
    template, name = style.template(letter.business["code"])
    return wording.written(template, letter.values(title=title, step=step, days_late=late), name=name)


def _paper(letter: Letter, language: str) -> Attachment:
    """The document as PDF, in the business's own template when it has one."""
    from invo_cli.exports.pdf import render, safe_name
    from invo_cli.mail.message import Attachment

    document = letter.document
    data = render(
        document,
        copy="original",
        language=language,  # type: ignore[arg-type] # read by _language
        template=template_of(None, letter.business["code"]),
        extras=letter.extras,  # type: ignore[arg-type] # printing.paper gives these keys
    )
    return Attachment(name=f"{safe_name(document['number'])}.pdf", data=data)


def _mail(draft: Draft, sender: str, message_id: str) -> Mail:
    from invo_cli import clock
    from invo_cli.mail.message import Mail

    business = draft.letter.business
    return Mail(
        sender=sender,
        sender_name=business["name"],
        reply_to=business["email"],
        recipient=draft.recipient,
        recipient_name=draft.letter.document["customer"]["name"],
        cc=draft.cc,
        subject=draft.wording.subject,
        text=draft.wording.text,
        message_id=message_id,
        at=clock.now().astimezone(clock.INDIA),
        attachment=draft.paper,
    )


def _posting(session: Session, draft: Draft) -> Posting:
    from invo_cli.services.mails import Posting

    return Posting(
        invoice=invoice_lookup_get(session, draft.letter.document["id"]),
        recipient=draft.recipient,
        cc=draft.cc,
        subject=draft.wording.subject,
        step=draft.step,
    )


def _settled(claimed: Claim, problem: InvoError | None) -> Claim:
    """Write into the ledger what became of a sending; a refusal is raised afterwards."""
    from invo_cli.commands.entering import write
    from invo_cli.services import mails

    act, failure = context.act(), None if problem is None else problem.message
    row = write(
        lambda session: mails.settle(session, context.business(session), claimed.row["id"], act=act, failure=failure)
    )
    if problem is not None:
        raise problem
    return mails.Claim(row, is_new=True)


def _sender() -> str:
    from invo_cli.settings import get_settings

    settings = get_settings()
    if not settings.smtp_host or not settings.smtp_from:
        raise UsageProblemError("No mail server is set.", hint=SETUP)
    return check_email(settings.smtp_from)


def _server(sender: str) -> Server:
    from invo_cli.mail.credentials import find_password
    from invo_cli.mail.transport import PORTS, Server
    from invo_cli.settings import get_settings

    settings = get_settings()
    user = settings.smtp_user
    return Server(
        host=str(settings.smtp_host),
        port=settings.smtp_port or PORTS[settings.smtp_security],
        security=settings.smtp_security,
        hello=sender.partition("@")[2],
        user=user,
        password=find_password(user, settings.smtp_password_file) if user else None,
    )
