"""All benchmarks side by side with their peers, as one table, on the screen and in benchmarks/results.md.

Run: python -m benchmarks.run_all, or make bench. One process, one core, processor time.
"""

import argparse
import os
import platform
import random
from importlib.metadata import version
from pathlib import Path

import numpy as np

import sim
from benchmarks import batch, logit, n_player, two_player_batch, two_player_exact
from benchmarks.rows import Row

RESULTS = Path(__file__).resolve().parent / "results.md"
PACKAGES = ("realpolitik", "numpy", "numba", "scipy", "pygambit", "quantecon")
HEAD = ("work", "realpolitik", "peer", "its time", "ratio", "same answers")


def rows(scale: float) -> list[Row]:
    """Every line of the table; `scale` multiplies the number of games."""
    found = [batch.measure("vladivostok-2023", draws=4096, games_a_round=max(2, int(10 * scale)), rounds=5)]
    chance = np.random.default_rng(1)
    sim.solve_many(np.zeros((1, 2, 2, 2)), "nash")
    found += [
        two_player_batch.compare(m, n, max(2_000, int(10_000 * scale)), 5, chance) for m, n in two_player_batch.SIZES
    ]
    source = random.Random(1)
    for m, n in two_player_exact.SIZES:
        games = max(2, int((30 if m < 8 else 3) * scale))
        found += [two_player_exact.compare(m, n, greatest, games, source) for greatest in (2, 100)]
    n_player.n_player_equilibria(chance.normal(size=(1, 3, 2, 2, 2)))
    for sizes in n_player.SIZES:
        games = max(5, int(scale * 200 * 8 // int(np.prod(sizes)) ** 2 * 8))
        found.append(n_player.compare(sizes, games, chance))
    logit.warm()
    for sizes in logit.SIZES:
        found += [logit.compare(sizes, regret, max(50, int(1_000 * scale)), chance) for regret in logit.REGRETS]
    return found


def page(found: list[Row]) -> str:
    """The table with the versions and the machine that it was measured on."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = f"{platform.system()} on {platform.machine()}, Python {platform.python_version()}, one core"
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells() for row in found)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return (
        f"# Benchmarks\n\nWritten by `python -m benchmarks.run_all`. {machine}; {versions}.\n"
        f"Processor time a game or draw, both in one process. Read ratios: the times are of one machine on one day.\n\n"
        f"{table}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times as many games")
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    text = page(rows(asked.scale))
    RESULTS.write_text(text, encoding="utf-8")
    print(f"\n{text}")


if __name__ == "__main__":
    main()
