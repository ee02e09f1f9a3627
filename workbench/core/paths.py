"""Where Workbench keeps its files, one function per kind. Makes nothing; does no I/O.

`WORKBENCH_HOME` puts everything under one folder (tests, portable use); otherwise the
system's own places (XDG on Linux). Any thread may call.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP = "workbench"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one user.

    `config` has settings and connections, `data` the history, `state` journal and logs,
    `cache` the sample data and spilled results.
    """

    config: Path
    data: Path
    state: Path
    cache: Path

    @property
    def settings(self) -> Path:
        """The settings file (TOML)."""
        return self.config / "settings.toml"

    @property
    def connections(self) -> Path:
        """The saved connections (TOML, never a secret)."""
        return self.config / "connections.toml"

    @property
    def history(self) -> Path:
        """The history database (SQLite, WAL)."""
        return self.data / "history.sqlite"

    @property
    def journal(self) -> Path:
        """The folder of the hot-exit journal."""
        return self.state / "journal"

    @property
    def spill(self) -> Path:
        """The folder of results too large for memory."""
        return self.cache / "spill"

    @property
    def samples(self) -> Path:
        """The folder of the generated sample databases."""
        return self.cache / "samples"


def user_paths() -> Paths:
    """This user's folders; they may not exist yet."""
    home = os.environ.get("WORKBENCH_HOME")
    if home:
        root = Path(home).absolute()
        return Paths(root / "config", root / "data", root / "state", root / "cache")
    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    return Paths(
        Path(dirs.user_config_dir),
        Path(dirs.user_data_dir),
        Path(dirs.user_state_dir),
        Path(dirs.user_cache_dir),
    )
