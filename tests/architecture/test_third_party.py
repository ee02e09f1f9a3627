"""Which third-party package may be imported where; everything else is refused.

The table is exact both ways: an import outside it fails, and so does a place in it where the
package is no longer used. Imports for types only count.
"""

import pytest

from tests.architecture.source import imports, is_third_party, modules

ALLOWED: dict[str, tuple[str, ...]] = {
    "PySide6": ("workbench/ui/",),
    "qasync": ("workbench/ui/app.py",),
    "qtawesome": ("workbench/ui/theme/",),
    "pyarrow": (
        "workbench/core/adapter/",
        "workbench/core/engines/",
        "workbench/core/results/",
        "workbench/core/query/",
        "workbench/cli/",
        "workbench/ui/panels/results/",
    ),
    "sqlglot": ("workbench/core/sql/",),
    "duckdb": ("workbench/core/engines/duckdb.py",),
    "keyring": ("workbench/core/profiles/secrets.py",),
    "platformdirs": ("workbench/core/paths.py",),
    "tomlkit": ("workbench/core/settings.py", "workbench/core/profiles/"),
}

PLACES = [(package, place) for package, places in ALLOWED.items() for place in places]


def test_third_party_packages_are_imported_only_where_the_table_says() -> None:
    strays = [
        f"{module.where(imported.node)} imports {imported.package}"
        for module in modules()
        for imported in imports(module)
        if is_third_party(imported.package)
        and not module.place.startswith(ALLOWED.get(imported.package, ()) or ("-",))
    ]
    assert not strays, "not in ALLOWED (tests/architecture/test_third_party.py):\n" + "\n".join(
        strays
    )


@pytest.mark.parametrize(("package", "place"), PLACES)
def test_no_allowance_is_unused(package: str, place: str) -> None:
    used = any(
        imported.package == package
        for module in modules()
        if module.place.startswith(place)
        for imported in imports(module)
    )
    assert used, f"nothing in {place} imports {package} any more: take the place out of ALLOWED"
