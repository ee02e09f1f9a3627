"""The one name for "any Arrow array" in annotations.

pyarrow's stubs give arrays of different types no common ancestor that has their own
attributes (`field`, `indices`, `storage`), and most code here asks the type first.
"""

from typing import Any

AnyArray = Any
