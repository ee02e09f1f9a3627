"""What the writers of text share: whole columns as text, and names made different.

Pure; any thread.
"""

from collections import Counter
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from workbench.core.results.arrays import AnyArray
from workbench.core.results.text import full_texts


def text_array(array: AnyArray, hint: str = "") -> AnyArray:
    """The full texts of `array` as large strings, NULL as null: as `text.py` has them.

    Arrow's own casts are used where they write the same (whole numbers, booleans, text):
    fifty times as fast.
    """
    kind = array.type
    if _is_string(kind):
        if _is_valid(array):
            return array.cast(pa.large_string())
    elif kinds.is_boolean(kind) or (kinds.is_integer(kind) and hint.lower() != "bool"):
        return pc.cast(array, pa.large_string())
    return pa.array(full_texts(array, hint), pa.large_string())


def different_names(names: Iterable[str]) -> list[str]:
    """`names`, with _2, _3, ... after those that stood there before."""
    given = list(names)
    taken = set(given)
    seen: Counter[str] = Counter()
    result = []
    for name in given:
        seen[name] += 1
        if seen[name] == 1:
            result.append(name)
            continue
        count = seen[name]
        while f"{name}_{count}" in taken:
            count += 1
        taken.add(f"{name}_{count}")
        result.append(f"{name}_{count}")
    return result


def _is_string(kind: pa.DataType) -> bool:
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _is_valid(array: AnyArray) -> bool:
    """Is it UTF-8 throughout? Engines hand out bytes as text where a user stored them so."""
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
