"""What every command that runs something starts with: settings, log, the workbench.

Main thread. A home that cannot be read or written costs a warning, never the command.
"""

from workbench.cli.output import warn
from workbench.core import settings
from workbench.core.errors import UserError
from workbench.core.history.logfile import configure_logging
from workbench.core.paths import user_paths
from workbench.core.workbench import Workbench


def start() -> Workbench:
    """The workbench of this user. Blocks on the settings' file."""
    paths = user_paths()
    try:
        configure_logging(paths.state)
    except UserError as error:
        warn(error)
    try:
        chosen = settings.load(paths.settings)
    except UserError as error:
        warn(error)
        chosen = settings.Settings()
    return Workbench(paths=paths, settings=chosen, complain=warn)
