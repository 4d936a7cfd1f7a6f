from __future__ import annotations

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.contact import check_email, check_pincode, normalise_mobile


@pytest.mark.parametrize(
    "text",
    ["9876543210", "+919876543210", "+91 98765 43210", "91-9876543210", "09876543210", " 98765-43210 "],
)
def test_indian_mobiles_become_ten_digits(text: str) -> None:
    assert normalise_mobile(text) == "9876543210"


def test_a_mobile_that_begins_like_the_country_code_is_kept() -> None:
    assert normalise_mobile("9198765432") == "9198765432"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5876543210",
        "987654321",
        "98765432100",
        "+1 9876543210",
        "+910987654321",
        "९८७६५४३२१०",
        "98765x3210",
        "919876543",
    ],
)
def test_other_mobiles_are_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="is not an Indian mobile number"):
        normalise_mobile(text)


def test_pincodes_have_six_digits() -> None:
    assert check_pincode(" 560001 ") == "560001"
    for text in ["", "56001", "5600011", "060001", "56000a", "५६०००१", "560 001"]:
        with pytest.raises(InvalidError, match="is not a PIN code"):
            check_pincode(text)


@pytest.mark.parametrize("text", ["a@b.in", "asha.traders+gst@mail.example.co.in", " X@Y-Z.org ", f"{'a' * 64}@b.in"])
def test_ordinary_addresses_are_kept(text: str) -> None:
    assert check_email(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "@b.in",
        "a@",
        "a@@b.in",
        "a b@c.in",
        ".a@b.in",
        "a.@b.in",
        "a..b@c.in",
        "a@-b.in",
        "a@b-.in",
        "a@b..in",
        "a@b.in\nBcc: x@y.in",
        "आशा@b.in",
        "a@बी.in",
        f"{'a' * 65}@b.in",
        f"a@{'b' * 64}.in",
        f"a@{'b.' * 130}in",
        "<a@b.in>",
    ],
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="is not an e-mail address"):
        check_email(text)
