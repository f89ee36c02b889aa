"""How near the float engine is to what the machine can do: operations and bytes a draw, beside measured rates.

Run: python -m benchmarks.roofline [--scenario NAME] [--draws N]. One process, one core, processor time.

The rates are the engine's own loop on sums alone: of a few rows, which stay in the first cache, and of as many rows as
a program uses, which stay in the second. A row operation is one floating-point operation on 64 draws; it moves two rows
in and one out. The limit is the program's row operations at the second rate, as if all were sums and none were skipped;
finding what can follow a move skips what no draw reaches, and may so be below it.
"""

import argparse
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import numpy as np

import sim
from sim.game.payoff_rows import payoff_rows
from sim.game.payoffs import GameFamily, compile_family, stacked
from sim.game.row_kernel import run_block
from sim.game.row_operations import LANES, OPCODES
from sim.game.row_program import RowBuilder, RowCode
from sim.solvers.batch import Plan, make_plan
from sim.solvers.concepts import Request, asked_of, requests_for, rules_of
from sim.solvers.strong_kernel import stand
from sim.sweeps.run import make_engine, rows_at
from sim.sweeps.streams import sample

SEED = 1
ROUNDS = 7
NAMES = {number: name for name, number in OPCODES.items()}
NO_SUMS = {"both", "either", "keep", "check"}  # words; rows that are looked at in few draws, or only read


def best(action: Callable[[], object], units: float) -> float:
    """Seconds a unit, the best of some rounds after one that is not counted."""
    action()
    spent = []
    for _ in range(ROUNDS):
        start = process_time()
        action()
        spent.append(process_time() - start)
    return min(spent) / units


def sum_rate(rows_in_use: int, operations: int = 16_384) -> float:
    """Row operations a second, of sums of rows taken at random from one half of so many, put into the other half."""
    builder, chance = RowBuilder(fold=False), np.random.default_rng(SEED)
    pool = builder.numbers(rows_in_use)
    half = rows_in_use // 2
    a, b = chance.integers(0, half, (2, operations))
    code = builder.finish([builder.emit("+", pool[a], pool[b]), pool])
    count = code.entries.shape[1]
    code.entries[0] = code.place[pool[chance.integers(half, rows_in_use, count)]]
    rows, words = code.workspace()
    numbers = np.zeros((rows_in_use, LANES))

    def again() -> None:
        for _ in range(20):
            run_block(code.runs, code.entries, code.inputs[:0], numbers, 0, rows, words, False)

    return 1 / best(again, 20 * count)


def copy_bandwidth(megabytes: int = 256) -> float:
    """Bytes a second read and written by copying more than the caches hold."""
    source = np.ones(megabytes << 17)
    target = np.empty_like(source)
    return 1 / best(lambda: np.copyto(target, source), 2 * source.nbytes)


@dataclass(frozen=True)
class Line:
    """One set of concepts; times in seconds a draw."""

    work: str
    operations: float  # row operations a block
    limit: float
    block: float  # payoffs, ranges, pure Nash, subgame-perfect play
    strong: float
    whole: float  # parameters to statuses

    def cells(self) -> str:
        """As the table prints it."""
        times = "".join(f"{1e6 * own:10.2f}" for own in (self.limit, self.block, self.strong, self.whole))
        flops, moved = self.operations, 24 * self.operations / 1024
        return f"{self.work:44}{flops:10.0f}{moved:10.1f}{times}"


def row_operations(code: RowCode) -> int:
    """Entries that are sums, products, comparisons of rows; one that finds least and greatest is two."""
    counts = Counter(dict.fromkeys(OPCODES, 0))
    for operation, start, stop in code.runs[:, :3].tolist():
        counts[NAMES[operation]] += stop - start
    return counts.total() - sum(counts[name] for name in NO_SUMS) + counts["reach"] + counts["compare"]


def measured(family: GameFamily, work: str, requests: tuple[Request, ...], draws: int) -> Line:
    """The program of some concepts, its operations, and where its time goes."""
    parameters = sample(family.scenario, SEED, 0, draws)
    made = payoff_rows(family, family.players)
    plan = make_plan(made.builder, made.payoffs, asked_of(rules_of(family.scenario), requests)[0])
    numbers, (rows, words) = stacked(parameters, plan.code.names, draws), plan.code.workspace()

    def blocks(plan: Plan, strong: bool) -> None:
        code = plan.code
        for first in range(0, draws, LANES):
            run_block(code.runs, code.entries, code.inputs, numbers, first, rows, words, False)
            if strong and plan.strong is not None:
                stand(rows, words, plan.place, *plan.strong)

    block, both = (best(lambda strong=strong: blocks(plan, strong), draws) for strong in (False, True))
    engine = make_engine(family.scenario, requests)
    whole = best(lambda: rows_at(engine, parameters), draws)
    operations = row_operations(plan.code)
    limit = operations / sum_rate(plan.code.size) / LANES
    return Line(work, operations, limit, block, both - block, whole)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scenario", default="vladivostok-2023")
    options.add_argument("--draws", type=int, default=4096)
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    data = sim.load(chosen.scenario).data
    family = compile_family(data, allowed_only=True)
    first, second = sum_rate(64), sum_rate(512)
    print(f"copying memory             {copy_bandwidth() / 1e9:8.1f} GB a second, read and written")
    for name, rate in (("64 rows (first cache)", first), ("512 rows (second cache)", second)):
        flops, moved = rate * LANES / 1e9, 3 * 8 * rate * LANES / 1e9
        print(f"sums of {name:24} {flops:5.1f} billion a second, {moved:6.1f} GB a second")
    rows = payoff_rows(family, family.players)
    alone = row_operations(rows.builder.finish([rows.payoffs]))
    cells, distinct = rows.payoffs.size, len(np.unique(rows.payoffs))
    print(f"\n{data.name}: {cells} payoffs a draw, {distinct} of them distinct, made by {alone} row operations")
    print(f"{data.name}, a draw of {chosen.draws}; times in microseconds a draw")
    heads = ("operations", "KB moved", "limit", "rows", "strong", "whole")
    print(f"{'':44}" + "".join(f"{head:>10}" for head in heads))
    every = requests_for(data)
    lines = [("payoffs and ranges", ()), ("pure Nash", requests_for(data, ["pure-nash"]))]
    if len(data.players) > 1:
        lines.append(("strong-2", requests_for(data, ["strong-2"])))
    if data.orders:
        order = data.orders[0].name
        lines.append((f"subgame-perfect, {order}", requests_for(data, ["subgame-perfect"], order)))
        three = requests_for(data, ["pure-nash", "strong-2", "subgame-perfect"], order)
        lines.append(("pure Nash, strong-2 and that order", three))
    lines.append((f"all {len(every)} rows", every))
    for work, requests in lines:
        print(measured(family, work, requests, chosen.draws).cells())


if __name__ == "__main__":
    main()
