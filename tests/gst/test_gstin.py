from __future__ import annotations

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.gstin import Gstin, GstinKind, check_character
from invo_cli.gst.pan import pan_doubts, parse_pan
from tests.gst.vectors import load

VECTORS = load("gstin")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def refusal_of(text: str) -> InvalidError:
    with pytest.raises(InvalidError) as refusal:
        Gstin.parse(text)
    assert refusal.value.hint
    return refusal.value


def complete(first14: str) -> str:
    return first14 + check_character(first14)


@pytest.mark.parametrize("row", VECTORS["accepted"], ids=lambda row: row["gstin"])
def test_published_gstins_are_accepted_with_their_kind(row: dict[str, str]) -> None:
    gstin = Gstin.parse(row["gstin"])
    assert (gstin.value, gstin.kind) == (row["gstin"], row["kind"])
    assert gstin.value[14] == check_character(gstin.value[:14])
    assert gstin.state is None if gstin.kind is GstinKind.OIDAR else gstin.state and gstin.state.code == gstin.value[:2]
    # 36AASFP8573D2ZN belongs to a second registration, the others to a first: none of that is unusual.
    assert gstin.warnings == ()


@pytest.mark.parametrize("row", VECTORS["accepted_with_warning"], ids=lambda row: row["gstin"])
def test_legal_but_unusual_gstins_are_accepted_with_a_warning(row: dict[str, str]) -> None:
    gstin = Gstin.parse(row["gstin"])
    assert gstin.kind == row["kind"]
    assert len(gstin.warnings) == 1
    assert row["warning"] in gstin.warnings[0]


@pytest.mark.parametrize("row", VECTORS["refused"], ids=lambda row: row["gstin"])
def test_wrong_gstins_are_refused_with_the_reason(row: dict[str, str]) -> None:
    assert refusal_of(row["gstin"]).message == f"GSTIN '{row['gstin']}' {row['problem']}."


@pytest.mark.parametrize(
    ("first14", "kind"),
    [
        ("29AAAG12345A1Z", GstinKind.GOVERNMENT),
        ("0717USA00012NR", GstinKind.NRTP),
        ("27AAFT56212B1D", GstinKind.TDS),
        ("97AAPFU0939F1Z", GstinKind.REGULAR),
        ("38AAPFU0939F1Z", GstinKind.REGULAR),
    ],
)
def test_rarer_kinds_and_states_are_accepted(first14: str, kind: GstinKind) -> None:
    # A government number ends in a digit: take the department whose check character is one.
    numbers = [complete(f"{first14[:7]}{n:04}{first14[11:]}") for n in range(1000, 1200)]
    number = next(number for number in numbers if number[14].isdigit()) if kind == "government" else complete(first14)
    assert Gstin.parse(number).kind is kind


@pytest.mark.parametrize("row", VECTORS["accepted"], ids=lambda row: row["gstin"])
def test_a_change_of_any_one_character_is_noticed(row: dict[str, str]) -> None:
    number = row["gstin"]
    for position in range(15):
        for character in ALPHABET.replace(number[position], ""):
            refusal_of(number[:position] + character + number[position + 1 :])


def test_input_is_stripped_and_put_in_capitals() -> None:
    gstin = Gstin.parse("  27aapfu0939f1zv\n")
    assert str(gstin) == "27AAPFU0939F1ZV"
    assert gstin.pan == "AAPFU0939F"


def test_only_regular_and_tcs_numbers_tell_a_pan() -> None:
    assert Gstin.parse("29AABCF8078M1C8").pan == "AABCF8078M"
    assert Gstin.parse("0717UNO00154UNU").pan is None
    assert Gstin.parse("09ALDN00287A1DD").pan is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "The GSTIN is empty."),
        ("URP", "GSTIN 'URP' has 3 characters instead of 15."),
        ("27AAPFU0939F1Zı", "GSTIN '27AAPFU0939F1Zı' has 'ı' at position 15."),
        ("２7AAPFU0939F1ZV", "GSTIN '２7AAPFU0939F1ZV' has '２' at position 1."),
        ("27AAPF\x000939F1ZV", "GSTIN '27AAPF\\x000939F1ZV' has '\\x00' at position 7."),
        (complete("96AAPFU0939F1Z"), "begins with 96, which is no state."),
        (complete("00AAPFU0939F1Z"), "begins with 00, which is no state."),
        (complete("9917UNO00154UN"), "begins with 99."),
        ("27AAPFUU939F1ZV", "has AAPFUU939F where a PAN belongs."),
        ("29AAFCA7488L1Z0", "ends with 0 where its check character is "),
    ],
)
def test_the_first_thing_wrong_is_named(text: str, problem: str) -> None:
    assert problem in refusal_of(text).message


def test_a_state_code_out_of_use_is_a_warning() -> None:
    warnings = Gstin.parse(complete("25AAPFU0939F1Z")).warnings
    assert len(warnings) == 1
    assert warnings[0].endswith("obsolete state code 25: numbers given out now have 26.")


def test_pans_have_five_letters_four_digits_and_a_letter() -> None:
    assert parse_pan(" aapfu0939f ") == "AAPFU0939F"
    for text in ["", "AAPFU0939", "AAPFU09391", "AAPFU0939FF", "AAPFU093９F", "AAPFU0939ﬁ"]:
        with pytest.raises(InvalidError, match="is not a PAN"):
            parse_pan(text)


@pytest.mark.parametrize(
    ("pan", "doubts"), [("AAPFU0939F", 0), ("AAPXU0939F", 1), ("AAPFU0000F", 1), ("AAPXU0000F", 2)]
)
def test_pans_that_are_not_issued_raise_doubts(pan: str, doubts: int) -> None:
    assert len(pan_doubts(pan)) == doubts
