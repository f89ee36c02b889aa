"""What a sweep is: the words that must agree before rows of two runs may lie in one folder, and the manifest around.

`manifest.json` holds the resolved scenario, what was asked, versions, the machine, and one line a finished part with
its counts. Every part says the same of itself, so a manifest that is lost or damaged can be made again.
"""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.scenario.reader import scenario_hash
from sim.scenario.shipped import as_typed
from sim.solvers.concepts import Request
from sim.sweeps.numbers import written
from sim.sweeps.run import CHUNK, Engine
from sim.whole_file import write_whole

FORMAT = 2  # of the folder; a reader refuses another
DECIDING = ("realpolitik", "numpy", "scipy", "numba")  # versions on which the bits of a row may depend
MANIFEST, SUMMARY = "manifest.json", "summary.json"
STORES, SAMPLERS = ("all", "outcomes"), ("mc", "sobol")

Record = dict[str, Any]  # of a finished part: file, start, draws, bytes, crc32, its tally


@dataclass(frozen=True, slots=True)
class Job:
    """What is swept, without how far and by whom."""

    scenario: ScenarioData
    requests: tuple[Request, ...]
    seed: int
    first: int = 0
    chunk: int = CHUNK
    store: str = "all"  # or "outcomes": the numbers are left out, they can be made again from the seed
    sampler: str = "mc"  # or "sobol"
    costly: int = 0  # draws from `first` on that costly concepts run on; 0 where none is asked


@cache
def version(name: str) -> str:
    """The version of a package; every part carries some, and looking one up reads files."""
    return metadata.version(name)


def identity(job: Job) -> dict[str, Any]:
    """What two runs must share to write into one folder; JSON, small enough to stand in every part."""
    return {
        "format": FORMAT,
        "scenario": job.scenario.name,
        "hash": scenario_hash(job.scenario),
        "fixed": {name: str(own.numbers[0]) for name, own in job.scenario.distributions().items() if is_fixed(own)},
        "sampler": job.sampler,
        "seed": job.seed,
        "first": job.first,
        "concepts": [request.name for request in job.requests],
        "store": job.store,
        "costly": job.costly,
        "versions": {name: version(name) for name in DECIDING},
    }


def differences(stored: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """What keeps rows asked for now from lying beside stored ones, one line each; empty where nothing does."""
    said = []
    for key, now in asked.items():
        then = stored.get(key)
        if then == now:
            continue
        if key == "hash":
            said.append("scenario: its content is another")
        elif isinstance(now, dict):
            known = then if isinstance(then, dict) else {}
            names = [name for name in {**known, **now} if known.get(name) != now.get(name)]
            head = "version of " if key == "versions" else ""
            said += [f"{head}{name}: {known.get(name, 'open')} there, {now.get(name, 'open')} now" for name in names]
        else:
            said.append(f"{key}: {_plain(then)} there, {_plain(now)} asked for")
    return said


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def manifest_of(engine: Engine, job: Job, draws: int) -> dict[str, Any]:
    """What the parts are: enough to make every row again."""
    scenario = engine.family.scenario
    left_out = {"sampling": written(scenario)} if job.store == "outcomes" else {}
    return (
        identity(job)
        | left_out
        | {
            "file": as_typed(scenario.path),
            "title": scenario.title,
            "resolved": scenario.resolved,
            "events": list(engine.events),
            "headline": list(scenario.headline),
            "draws": draws,
            "chunk": job.chunk,
            "libraries": {"pyarrow": version("pyarrow"), "python": platform.python_version()},
            "machine": machine(),
            "finished": False,
            "parts": [],
        }
    )


def machine() -> dict[str, Any]:
    """What the last bits of exp, log and powers may depend on."""
    found: dict[str, Any] = np.show_config(mode="dicts")  # type: ignore[assignment]  # numpy's stub says None in every mode
    blas = found["Build Dependencies"]["blas"]
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "simd": found["SIMD Extensions"].get("found", []),
        "blas": f"{blas.get('name')} {blas.get('version')}",
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write it, whole or not at all: one line a part, so that it can be read by eye."""
    head = {key: value for key, value in manifest.items() if key != "parts"}
    parts = ",\n  ".join(json.dumps(part, ensure_ascii=False) for part in manifest["parts"])
    text = json.dumps(head, indent=1, allow_nan=False, ensure_ascii=False).removesuffix("\n}")
    write_whole(folder / MANIFEST, f'{text},\n "parts": [\n  {parts}\n ]\n}}\n')


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a sweep's folder.

    Raises:
        DamagedManifestError: it is no JSON, or cut off.
        UsageError: no sweep there, or of another version of the program.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise UsageError(f"'{folder}' holds no sweep: there is no {MANIFEST}. `sim sweep FILE --out DIR` makes one.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DamagedManifestError(
            f"'{path}' cannot be read ({error}). The same sweep with --resume makes it again from the parts."
        ) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UsageError(f"'{path}' is not a manifest of this version of realpolitik.")
    return manifest


class DamagedManifestError(UsageError):
    """A manifest that is no longer JSON: the parts can tell what it said."""
