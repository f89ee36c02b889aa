"""What a billion draws on a thousand cores would take, and what would break first: measured costs, then a simulation.

Measured here: processor time, bytes and manifest line of a part, and what a scheduler needs for a task, with a local
Dask cluster. Simulated: tasks go out one after the other through the scheduler to cores that are free; nothing is
assumed of the network, and disks are taken as fast enough for the bytes that are told.

    python -m benchmarks.cluster_scale
"""

import heapq
import json
import os
import time
from dataclasses import dataclass

from sim.scenario.reader import read_scenario
from sim.scenario.shipped import shipped
from sim.show.plain_table import plain_table
from sim.solvers.concepts import requests_for
from sim.sweeps.cluster import MOST_PIECES
from sim.sweeps.manifest import Job
from sim.sweeps.part import made_part, set_up
from sim.sweeps.plan import Piece
from sim.sweeps.run import CHUNK

CONCEPTS = ("pure-nash", "strong-2", "subgame-perfect.russia_proposes")
ROUNDS, TASKS = 5, 1000
PLANS = ((10**6, 2), (10**8, 100), (10**9, 100), (10**9, 1_000), (10**9, 10_000), (10**12, 10_000))
EURO_A_CORE_HOUR = 0.04  # a round figure for rented cores; put in your own


@dataclass(frozen=True, slots=True)
class Costs:
    """Measured on this machine."""

    part: float  # seconds of a core for a part
    size: int  # bytes of a part
    line: int  # bytes of its line in the manifest
    task: float  # seconds of the scheduler for a task


def measured(store: str = "outcomes") -> Costs:
    """Costs of a part of the baseline, and of a task."""
    path = shipped("vladivostok-2023")
    assert path is not None
    scenario = read_scenario(path)
    requests = requests_for(scenario, CONCEPTS)
    bench = set_up(Job(scenario, requests, 1, 0, CHUNK, store, "mc", 0))
    made_part(bench, Piece(0, CHUNK, 0))  # loads and compiles
    times = []
    for k in range(1, ROUNDS + 1):
        begun = time.process_time()
        content, record = made_part(bench, Piece(k * CHUNK, CHUNK, k))
        times.append(time.process_time() - begun)
    return Costs(sorted(times)[ROUNDS // 2], content.size, len(json.dumps(record)), _task())


def _task() -> float:
    """Seconds that a scheduler takes for a task that does nothing, one after another."""
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "error")
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        client.gather(client.map(abs, range(100), pure=False))
        begun = time.perf_counter()
        client.gather(client.map(abs, range(TASKS), pure=False))
        return (time.perf_counter() - begun) / TASKS


def simulated(draws: int, cores: int, costs: Costs) -> tuple[float, float]:
    """Wall-clock seconds, and the share of them in which the scheduler is busy.

    A task leaves the scheduler when the scheduler is free, and begins when a core is.
    """
    parts = -(-draws // CHUNK)
    pieces = max(1, min(MOST_PIECES, parts // (4 * cores)))  # as `sim.sweeps.cluster` packs them: four tasks a core
    tasks = -(-parts // pieces)
    free = [0.0] * min(cores, tasks)
    heapq.heapify(free)
    sent, end = 0.0, 0.0
    for k in range(min(tasks, 200_000)):  # beyond that it goes on as it does
        sent += costs.task
        begun = max(heapq.heappop(free), sent)
        end = begun + costs.part * (pieces if k + 1 < tasks else parts - pieces * (tasks - 1))
        heapq.heappush(free, end)
    last = max(free) * max(1.0, tasks / 200_000)
    return last, tasks * costs.task / last


def main() -> None:
    """Print what was measured, and the plans."""
    costs = measured()
    print(f"a part of {CHUNK:,} draws: {costs.part:.3f} s of a core, {costs.size:,} bytes (outcomes alone),")
    print(f"{costs.line} bytes of the manifest; a task: {1000 * costs.task:.2f} ms of the scheduler")
    rows = [["draws", "cores", "parts", "data", "manifest", "time", "scheduler busy", "core hours", "euro"]]
    for draws, cores in PLANS:
        parts = -(-draws // CHUNK)
        wall, busy = simulated(draws, cores, costs)
        hours = parts * costs.part / 3600
        data, listed = parts * costs.size / 1e9, parts * costs.line / 1e6
        rows.append(
            [
                f"{draws:.0e}".replace("e+0", "e").replace("e+", "e"),
                f"{cores:,}",
                f"{parts:,}",
                f"{data:,.2f} GB",
                f"{listed:,.1f} MB",
                f"{wall:,.0f} s" if wall < 7200 else f"{wall / 3600:,.1f} h",
                f"{busy:.0%}",
                f"{hours:,.1f}",
                f"{hours * EURO_A_CORE_HOUR:,.2f}",
            ]
        )
    print(plain_table(rows, left=0))
    full = costs.part * MOST_PIECES / costs.task
    print(f"the scheduler is full at {full:,.0f} cores (tasks of {MOST_PIECES} parts); beyond it more cores do nothing")
    listed = 1e9 / costs.line
    print(f"a manifest of 1 GB, which is read whole, lists {listed:,.0f} parts, {listed * CHUNK:.1e} draws")


if __name__ == "__main__":
    main()
