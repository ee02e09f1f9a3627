"""Connecting to a sample database makes it first, if it is not there yet.

So the sample is made inside the connection attempt of whoever first runs on it: a
registered query, with elapsed time, that stops like any other. On the worker's thread.
"""

from dataclasses import replace
from pathlib import Path

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import ConnectAttempt, Connection, EngineSpec
from workbench.core.adapter.target import Target
from workbench.core.profiles.sample import SAMPLES, ensure_sample, sample_path, sample_target


def sample_offers(folder: Path) -> tuple[tuple[str, str, EngineSpec], ...]:
    """URL, title and engine of each sample; no I/O."""
    return tuple(
        (
            sample_target(sample_path(folder, sample.engine), sample.engine).url,
            sample.title,
            discovery.find(sample.engine),
        )
        for sample in SAMPLES
    )


def with_sample(spec: EngineSpec, target: Target, folder: Path) -> EngineSpec:
    """`spec`, whose `connect` makes the sample first if `target` is one of `folder`."""
    if spec.name not in {sample.engine for sample in SAMPLES}:
        return spec
    if Path(target.database) != sample_path(folder, spec.name).absolute():
        return spec

    def connect(wanted: Target, attempt: ConnectAttempt) -> Connection:
        ensure_sample(folder, spec.name, attempt)
        return spec.connect(wanted, attempt)

    return replace(spec, connect=connect)
