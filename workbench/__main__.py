"""Where the program starts: a command goes to the command line, anything else to the window.

Both are imported only once it is known which is wanted: the command line never loads Qt.
"""

import signal
import sys
from collections.abc import Sequence

from workbench.cli.exits import Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Workbench with `arguments` (the process's own if None); the exit status. Blocks."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from workbench.cli.main import main as run_command
        from workbench.cli.main import wants_window

        if not wants_window(given):
            return run_command(given)
        from workbench.ui.app import main as window

        return window(given)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        if arguments is None:
            # The status is settled: a Ctrl-C while Python takes itself down would spoil it.
            signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
