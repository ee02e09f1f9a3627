"""Engines are found by looking, and a broken plugin takes nothing with it."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.core.adapter import discovery
from workbench.core.errors import UserError

_PLUGIN = """
from workbench.core.adapter.contract import Capabilities, EngineSpec, Verification
SPECS = (EngineSpec("toy", "Toy", ("toy",), Capabilities("none", Verification.NEVER), print,
                    driver="no-such-distribution"),)
"""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    discovery.engines.cache_clear()
    yield
    discovery.engines.cache_clear()


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "object":
    """Install a distribution whose plugin module holds the given code."""

    def install(name: str, code: str) -> None:
        (tmp_path / f"{name}.py").write_text(code)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[workbench.engines]\n{name} = {name}\n")

    monkeypatch.syspath_prepend(str(tmp_path))
    return install


def test_our_engines_are_there_with_distinct_names_and_schemes() -> None:
    specs = discovery.engines()
    schemes = [scheme for spec in specs for scheme in spec.schemes]
    assert {"duckdb", "sqlite"} <= {spec.name for spec in specs}
    assert len(schemes) == len(set(schemes))


def test_every_engine_describes_itself() -> None:
    for spec in discovery.engines():
        assert spec.title
        assert spec.capabilities.stop_mechanism
        assert all(help_.strip() for help_ in spec.options.values())
        known = {*spec.options, "host", "port", "database", "user", "password", "readonly"}
        assert {form.where for form in spec.fields} <= known


def test_a_plugin_is_found(plugin: "object") -> None:
    assert callable(plugin)
    plugin("toy_engine", _PLUGIN)
    assert discovery.find("toy").title == "Toy"
    assert discovery.for_url("toy://x").name == "toy"
    assert discovery.driver_version(discovery.find("toy")) is None


@pytest.mark.parametrize(
    "code",
    [
        "raise RuntimeError('broken')",
        "import no_such_module",
        "SPECS = ('x',)",
        "",
        "SPECS = 7",
        "(",
    ],
)
def test_a_broken_plugin_is_logged_and_left_out(
    plugin: "object", caplog: pytest.LogCaptureFixture, code: str
) -> None:
    assert callable(plugin)
    name = f"broken_{abs(hash(code))}"
    plugin(name, code)
    with caplog.at_level(logging.WARNING):
        assert discovery.find("sqlite")
    assert any(name in record.getMessage() for record in caplog.records)


def test_a_plugin_does_not_replace_an_engine_of_ours(
    plugin: "object", caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(plugin)
    plugin("usurper", _PLUGIN.replace('"toy", "Toy"', '"sqlite", "Mine"'))
    assert discovery.find("sqlite").title == "SQLite"
    assert any("usurper" in record.getMessage() for record in caplog.records)


def test_an_unknown_name_or_scheme_names_the_known_ones() -> None:
    with pytest.raises(UserError, match="sqlite") as by_name:
        discovery.find("oracle")
    assert by_name.value.title == "Unknown engine"
    for url in ("oracle://x", "nothing", ""):
        with pytest.raises(UserError, match="duckdb://"):
            discovery.for_url(url)


def test_an_unknown_url_s_password_is_not_shown() -> None:
    with pytest.raises(UserError) as caught:
        discovery.for_url("oracle://scott:tiger@host/x")
    assert "tiger" not in str(caught.value)


def test_a_scheme_is_found_in_any_case() -> None:
    assert discovery.for_url("DuckDB:///x").name == "duckdb"


def test_a_file_s_first_bytes_win_over_its_name(tmp_path: Path) -> None:
    misnamed = tmp_path / "really_sqlite.duckdb"
    misnamed.write_bytes(b"SQLite format 3\0" + bytes(100))
    duck = tmp_path / "duck.db"
    duck.write_bytes(bytes(8) + b"DUCK" + bytes(100))
    assert (spec := discovery.for_file(misnamed)) is not None
    assert spec.name == "sqlite"
    assert (spec := discovery.for_file(duck)) is not None
    assert spec.name == "duckdb"


@pytest.mark.parametrize(
    ("name", "engine"), [("a.duckdb", "duckdb"), ("A.SQLITE3", "sqlite"), ("a.txt", ""), ("a", "")]
)
def test_a_file_that_tells_nothing_is_known_by_its_suffix(
    tmp_path: Path, name: str, engine: str
) -> None:
    (tmp_path / name).write_bytes(b"")
    for path in (tmp_path / name, tmp_path / "missing" / name):
        spec = discovery.for_file(path)
        assert (spec.name if spec else "") == engine


def test_looking_for_engines_loads_no_driver() -> None:
    code = (
        "import sys; from workbench.core.adapter import discovery as d; "
        "print([(s.name, d.driver_version(s)) for s in d.engines()]); "
        "print([m for m in ('duckdb', '_duckdb', 'sqlite3', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found, loaded = done.stdout.splitlines()
    assert "duckdb" in found
    assert loaded == "[]"


def test_the_driver_that_python_brings_has_no_version_of_its_own() -> None:
    assert discovery.driver_version(discovery.find("sqlite")) == ""
    assert discovery.driver_version(discovery.find("duckdb"))
