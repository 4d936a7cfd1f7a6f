"""Nothing vanishes from the paper: what the fonts cannot show is written as an escape."""

from __future__ import annotations

from pathlib import Path

import pytest

from invo_cli.exports.pdf.glyphs import code_points, coverage, visible, visible_text
from invo_cli.exports.pdf.labels import LABELS, state_name
from invo_cli.exports.pdf.typesetting import FONTS, font_files, template_file
from invo_cli.gst.states import STATES

pytestmark = pytest.mark.unit
SHIPPED = font_files(template_file("a4"))
BREAK = "\N{ZERO WIDTH SPACE}"


@pytest.mark.parametrize(
    "text",
    [
        "₹1,18,000.00",
        "ਪੰਜਾਬੀ",
        "ગુજરાતી",
        "বাংলা অসমীয়া",
        "ଓଡ଼ିଆ",
        "தமிழ்",
        "తెలుగు",
        "ಕನ್ನಡ",
        "മലയാളം",
        "श्री ट्रेडर्स",
        "Müller – “A”",
        "क्‍ष",
    ],
)
def test_the_scripts_of_india_are_printed_as_they_are(text: str) -> None:
    assert visible_text(text, SHIPPED) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", r"a\u202eb"),
        ("a\x1bb", r"a\x1bb"),
        ("\U0001f600", r"\U0001f600"),
        ("اب", r"\u0627\u0628"),
        ("a\tb", "a b"),
        ("\u200b", r"\u200b"),
        ("\ue000", r"\ue000"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, shown: str) -> None:
    assert visible_text(text, SHIPPED).replace(BREAK, "") == shown


def test_long_words_may_be_broken_and_figures_never() -> None:
    assert visible_text("W" * 20, SHIPPED) == f"{'W' * 8}{BREAK}{'W' * 8}{BREAK}WWWW"
    for whole in ("29AAGCB7383J1Z4", "INV/26-27/000001", "₹99,99,99,99,99,999.99"):
        assert visible_text(whole, SHIPPED) == whole


def test_letters_joined_by_a_virama_are_never_parted() -> None:
    pieces = visible_text("रेफ्रिजरेटर" * 5, SHIPPED).split(BREAK)
    assert len(pieces) > 3
    assert all(not piece.endswith("\N{DEVANAGARI SIGN VIRAMA}") for piece in pieces)
    assert all("\N{DEVANAGARI LETTER A}" <= piece[0] <= "\N{DEVANAGARI LETTER HA}" for piece in pieces)


def test_every_text_of_the_data_is_made_visible() -> None:
    assert visible({"a": ["\u202e", {"b": "\x1b", "c": None}]}, SHIPPED) == {
        "a": [r"\u202e", {"b": r"\x1b", "c": None}]
    }


def test_every_label_and_state_can_be_printed() -> None:
    labels = [text for language in LABELS.values() for text in language.values()]
    states = [state_name(code, language) for code in STATES for language in LABELS]
    for text in labels + states:
        assert visible_text(text, SHIPPED).replace(BREAK, "") == text


@pytest.mark.parametrize("family", ["NotoSans", "NotoSansDevanagari"])
def test_the_bold_face_has_what_the_regular_has(family: str) -> None:
    regular, bold = (set(code_points((FONTS / f"{family}-{face}.ttf").read_bytes())) for face in ("Regular", "Bold"))
    assert regular == bold


def test_every_font_stands_beside_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()
    assert len(SHIPPED) == len(list(FONTS.glob("*.ttf"))) == 12


def test_a_file_that_is_no_font_covers_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\0\1\0\0\0\0" + bytes(20))
    assert coverage((broken,)) == frozenset()
