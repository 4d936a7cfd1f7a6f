"""The texts of e-mails: shipped ones say what matters, own ones can say nothing they were not given."""

from __future__ import annotations

from typing import Any

import pytest

from invo_cli.errors import InvalidError
from invo_cli.mail.wording import LANGUAGES, TITLES, shipped, written

pytestmark = pytest.mark.unit
DOCUMENT = {
    "number": "INV/26-27/0001",
    "kind": "tax_invoice",
    "date": "2026-09-01",
    "due_date": "2026-10-08",
    "total": "118000.00",
    "customer": {"name": "Asha {{ 7*7 }} & Söhne"},
}
BUSINESS = {"name": "आशा सेवा केन्द्र", "upi": "centre@upi", "mobile": "9876500000"}
VALUES: dict[str, Any] = {
    "document": DOCUMENT,
    "business": BUSINESS,
    "outstanding": "118000.00",
    "title": "Tax invoice",
    "step": 10,
    "days_late": 12,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["invoice", "reminder"])
def test_a_shipped_text_names_number_amount_and_payee(kind: str, language: str) -> None:
    wording = written(shipped(kind, language), VALUES, name="The text")
    assert "INV/26-27/0001" in wording.subject
    for word in ("INV/26-27/0001", "₹1,18,000.00", "08-10-2026", "centre@upi", BUSINESS["name"], "Asha {{ 7*7 }} &"):
        assert word in wording.text, word
    assert "{%" not in wording.text
    assert "None" not in wording.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_text_does_without_what_is_not_known(language: str) -> None:
    bare = VALUES | {
        "outstanding": None,
        "business": {"name": "Shop", "upi": None, "mobile": None},
        "document": DOCUMENT | {"due_date": None},
        "days_late": None,
        "step": None,
    }
    wording = written(shipped("invoice", language), bare, name="The text")
    assert "None" not in wording.text
    assert "UPI" not in wording.text
    assert wording.text.endswith("Shop\n")


def test_a_later_reminder_is_firmer() -> None:
    first, second = (written(shipped("reminder", "en"), VALUES | {"step": step}, name="x").text for step in (3, 10))
    assert "overlooked" in first
    assert "12 days late" in second


def test_every_kind_of_document_has_a_title_in_every_language() -> None:
    assert set(TITLES) == set(LANGUAGES)
    assert len({frozenset(titles) for titles in TITLES.values()}) == 1


def test_an_own_text_may_use_every_value() -> None:
    wording = written(
        "Subject: {{ title }} {{ document.number }}\r\n\r\n{% if days_late %}{{ days_late }}{% endif %} {{ step }}",
        VALUES,
        name="own.txt",
    )
    assert (wording.subject, wording.text) == ("Tax invoice INV/26-27/0001", "12 10\n")


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("Hello", "own.txt does not begin with a subject."),
        ("", "own.txt does not begin with a subject."),
        ("Subject:  \n\nHello", "own.txt gives an empty subject."),
        ("Subject: x\n\n\n{{ nothing }}", "own.txt cannot be filled in: 'nothing' is undefined."),
        ("Subject: x\n\n\n{% if %}", "own.txt cannot be filled in (line 4): Expected an expression, got 'end of"),
        ("Subject: x\n\n{{ document.total|rupee }}", "own.txt cannot be filled in (line 3): No filter named 'rupee'"),
        ("Subject: x\n\n{{ 1 / 0 }}", "own.txt cannot be filled in: division by zero."),
        ("Subject: x\n\n{{ ''.__class__.__mro__ }}", "own.txt cannot be filled in: access to attribute '__class__'"),
        ("Subject: x\n\n{% include '/etc/passwd' %}", "own.txt cannot be filled in"),
        ("Subject: x\n\n{{ document.update(a=1) }}", "own.txt cannot be filled in"),
        ("Subject: x\n\n{{ range(1000000) }}", "own.txt cannot be filled in: Range too big"),
        ("Subject: x\n\n{{ 'x'|rupees }}", "own.txt cannot be filled in"),
    ],
)
def test_an_own_text_that_cannot_be_filled_in_is_refused_with_the_reason(template: str, sentence: str) -> None:
    with pytest.raises(InvalidError) as refused:
        written(template, VALUES, name="own.txt")
    assert refused.value.message.startswith(sentence)


def test_a_line_break_in_a_value_stays_out_of_the_subject() -> None:
    wording = written("Subject: {{ title }}\n\nText", VALUES | {"title": "A\nBcc: thief@example.net"}, name="x")
    assert (wording.subject, wording.text) == ("A Bcc: thief@example.net", "Text\n")
