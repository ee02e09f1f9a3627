"""Bytes for reading."""

import pyarrow as pa
import pytest

from workbench.core.results.hexdump import hex_dump, raw_bytes


def test_a_line_has_offset_hex_and_what_can_be_read() -> None:
    lines = hex_dump(bytes(range(0x30, 0x44)) + b"\x00").splitlines()
    assert lines == [
        "00000000  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  |0123456789:;<=>?|",
        "00000010  40 41 42 43 00" + " " * 36 + "|@ABC.|",
    ]


def test_only_the_first_bytes_are_shown() -> None:
    assert len(hex_dump(b"x" * 1000, most=100).splitlines()) == 7
    assert hex_dump(b"") == ""


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(2)])
def test_binary_values_of_every_kind_give_their_bytes(kind: pa.DataType) -> None:
    raw = raw_bytes(pa.array([b"ab"], kind))
    assert raw is not None
    assert bytes(raw) == b"ab"


def test_text_and_null_have_no_bytes_to_show() -> None:
    assert raw_bytes(pa.array(["ab"])) is None
    assert raw_bytes(pa.array([None], pa.binary())) is None
