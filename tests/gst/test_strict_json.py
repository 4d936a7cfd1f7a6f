import json
from decimal import Decimal

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.strict_json import MAX_BYTES, MAX_DEPTH, load_json

pytestmark = pytest.mark.unit


def refusal(text: str | bytes) -> InvalidError:
    with pytest.raises(InvalidError) as caught:
        load_json(text)
    return caught.value


def test_numbers_are_read_as_written_and_never_through_a_float() -> None:
    data = load_json('{"a": 0.1000, "b": 9999999999999.999, "c": -0.005, "d": 7, "e": "0.10"}')
    assert {key: str(value) for key, value in data.items()} == {
        "a": "0.1000",
        "b": "9999999999999.999",
        "c": "-0.005",
        "d": "7",
        "e": "0.10",
    }
    assert isinstance(data["d"], Decimal)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e5", "1E-2", "10000000000000", "1" * 5000])
def test_a_number_outside_the_grammar_is_refused(number: str) -> None:
    error = refusal(f'{{"quantity": {number}}}')
    assert "cannot be read exactly" in error.message
    assert len(error.message) < 100


def test_a_byte_order_mark_is_skipped_in_bytes_and_in_text() -> None:
    assert load_json(b'\xef\xbb\xbf{"a": null}') == load_json('\ufeff{"a": null}') == {"a": None}


def test_a_duplicate_key_is_refused_at_any_depth() -> None:
    assert '"unit"' in refusal('{"lines": [{"unit": "NOS", "unit": "PCS"}]}').message


def test_invalid_utf_8_is_refused_with_its_line_and_column() -> None:
    error = refusal(b'{\n "a": "\xff"}')
    assert (error.details["line"], error.details["column"]) == (2, 8)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("", 1, 1), ("{\n  'a': 1}", 2, 3), ('{"a": 1', 1, 8), ('{"a": 1} {"b": 2}', 1, 10), ('{"a": "x\ny"}', 1, 9)],
)
def test_what_is_not_json_is_refused_with_its_line_and_column(text: str, line: int, column: int) -> None:
    error = refusal(text)
    assert (error.details["line"], error.details["column"]) == (line, column)


@pytest.mark.parametrize("text", ["[]", "1", '"text"', "true", "null"])
def test_the_top_level_must_be_an_object(text: str) -> None:
    assert "not a JSON object" in refusal(text).message


def test_a_document_may_nest_32_deep_and_not_deeper() -> None:
    def nested(depth: int) -> str:
        return '{"a":' * depth + "1" + "}" * depth

    load_json(nested(MAX_DEPTH))
    assert "deep" in refusal(nested(MAX_DEPTH + 1)).message
    assert "deep" in refusal("[" * 200_000).message


def test_a_document_of_more_than_ten_mebibytes_is_refused() -> None:
    assert "10 MiB" in refusal(b" " * (MAX_BYTES + 1)).message


def test_every_refusal_is_a_sentence_with_a_hint() -> None:
    for text in ("", "[]", '{"a": 1e5}', '{"a": 1, "a": 2}', json.dumps({"a": 1})[:-1]):
        error = refusal(text)
        assert error.message[0].isupper()
        assert error.message.endswith(".")
        assert error.hint
