"""A small sweep to do things to, and what must be the same of two sweeps."""

from pathlib import Path

from sim.solvers.concepts import requests_for
from sim.sweeps.found import Sweep
from sim.sweeps.sweep import How, sweep
from tests.made import TWO, UNSURE, made


def swept(folder: Path, draws: int = 30, chunk: int = 10, seed: int = 5, concepts=None, **more) -> Sweep:
    """Sweep `made.toml` of a folder into its folder `out`; what `How` knows is passed on to it."""
    scenario = made(folder, TWO + UNSURE)
    how = How(
        **{key: more.pop(key) for key in ("workers", "engine", "scheduler", "watch", "say", "progress") if key in more}
    )
    requests = requests_for(scenario.data, concepts, costly=True)
    out = more.pop("out", folder / "out")
    return sweep(scenario.data, requests, draws=draws, seed=seed, out=out, chunk=chunk, how=how, **more)


def assert_same(one: Sweep, other: Sweep) -> None:
    """The same rows to the last bit, and the same table."""
    a, b = one.to_frame(), other.to_frame()
    assert a.columns.tolist() == b.columns.tolist()
    assert len(a) == len(b)
    for name in a:
        assert a[name].equals(b[name]), name
    assert one.shares == other.shares


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """What changes where a part is written again: its inode and its time."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (folder / "draws").glob("part-*")}
