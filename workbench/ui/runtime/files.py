"""Reading and writing scripts on the file pool. Functions block; the window awaits them.

A script is UTF-8 text; a byte that is none is kept as a surrogate and written back as it
was, so that opening and saving a file never alters what was not edited.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbench.core.errors import UserError

# A larger file is no script: the editor would hold it several times over.
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it stands in a file."""

    path: Path
    text: str


def read_script(path: Path) -> Script:
    """Read `path`. Blocks. Raises UserError naming what is wrong with it."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UserError(
                "Script too large",
                f"{path} has {size / 2**20:,.0f} MB; the editor takes {MOST_BYTES >> 20} MB. "
                f"Run it with: workbench query -f {path}",
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError("No such file", f"{path} does not exist.") from None
    except OSError as error:
        raise UserError("File cannot be read", f"{path}: {error.strerror or error}") from error
    return Script(path, data.decode("utf-8", "surrogateescape"))


def write_script(script: Script) -> None:
    """Write it, whole or not at all. Blocks. Raises UserError; the old file is whole then."""
    path = script.path
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(script.text.encode("utf-8", "surrogateescape"))
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                Path(temporary).chmod(path.stat().st_mode & 0o7777)
            else:
                Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except (OSError, UnicodeEncodeError) as error:
        raise UserError(
            "File cannot be saved", f"{path}: {error}. The text is safe in the tab."
        ) from error
