"""Binary values for reading: offset, hex and the printable characters, sixteen to a line.

Pure; any thread.
"""

import pyarrow.types as kinds

from workbench.core.results.arrays import AnyArray

HEX_BYTES = 16 * 1024


def raw_bytes(array: AnyArray) -> memoryview | None:
    """The bytes of the first value if the array's type is binary and it is not NULL; no copy."""
    kind = array.type
    binary = (
        kinds.is_binary(kind)
        or kinds.is_large_binary(kind)
        or kinds.is_binary_view(kind)
        or kinds.is_fixed_size_binary(kind)
    )
    if not binary or not array[0].is_valid:
        return None
    return memoryview(array[0].as_buffer())


def hex_dump(data: memoryview | bytes, most: int = HEX_BYTES) -> str:
    """The first `most` bytes: "00000000  48 65 ...  |He...|"."""
    lines = []
    for start in range(0, min(len(data), most), 16):
        part = bytes(data[start : min(start + 16, most)])
        codes = part[:8].hex(" ") + ("  " + part[8:].hex(" ") if len(part) > 8 else "")
        plain = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        lines.append(f"{start:08x}  {codes:<48}  |{plain}|")
    return "\n".join(lines)
