"""`workbench engines`: what there is, what is installed, what can be stopped. No driver loaded."""

from workbench.cli.exits import Exit
from workbench.cli.output import put
from workbench.cli.tables import table
from workbench.core.adapter import discovery
from workbench.core.adapter.contract import EngineSpec, Verification
from workbench.core.results.export_json import json_line

_VERIFIED = {
    Verification.SERVER: "another connection asks the server",
    Verification.RETURNED: "the engine's call has returned",
    Verification.NEVER: "nobody can know",
}


def show(*, as_json: bool) -> int:
    """Print the engines. Raises OutputGone."""
    specs = discovery.engines()
    if as_json:
        put("[" + ",\n ".join(json_line(_object(spec)) for spec in specs) + "]\n")
        return Exit.OK
    rows = [
        (
            spec.name,
            spec.title,
            " ".join(f"{scheme}://" for scheme in spec.schemes),
            _driver(spec),
            spec.capabilities.stop_mechanism,
            _VERIFIED[spec.capabilities.verification],
        )
        for spec in specs
    ]
    put(table(("engine", "title", "URL", "driver", "stopped by", "verified"), rows))
    return Exit.OK


def _driver(spec: EngineSpec) -> str:
    version = discovery.driver_version(spec)
    if version is None:
        return f"missing: pip install 'workbench[{spec.extra}]'"
    return f"{spec.driver} {version}" if spec.driver else "part of Python"


def _object(spec: EngineSpec) -> dict[str, object]:
    able = spec.capabilities
    version = discovery.driver_version(spec)
    return {
        "name": spec.name,
        "title": spec.title,
        "schemes": list(spec.schemes),
        "driver": spec.driver or None,
        "driver_version": version or None,
        "available": version is not None,
        "install": f"workbench[{spec.extra}]" if spec.extra else None,
        "stop": able.stop_mechanism,
        "stop_needs": able.stop_needs or None,
        "stop_note": able.stop_note or None,
        "verification": able.verification.value,
        "transactions": able.transactions,
        "read_only": able.read_only or None,
        "progress": able.progress,
    }
