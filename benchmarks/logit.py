"""The principal logit branch of random games, side by side with Gambit's, to the same relative regret.

Run: python -m benchmarks.logit [--games K]. The same games are followed in one process: by our batch, and by Gambit,
game by game. Times are processor time, since both run on one core. Where both end at the same play is counted: a branch
has one limit, but near it shares may still differ by more than the regret says.
"""

import argparse
from time import process_time

import numpy as np
import pygambit

from benchmarks.n_player import gambit_game
from benchmarks.rows import Row
from sim.solvers.logit import CLOSE, logit_equilibria

SIZES = ((3, 4), (6, 6), (2, 2, 2))
REGRETS = (1e-4, CLOSE)
SLOWEST_PEER = 4  # seconds a size that Gambit may take; then fewer games are compared
SAME = 0.02  # greatest difference of a share at which two ends count as one


def compare(sizes: tuple[int, ...], regret: float, games: int, source: np.random.Generator) -> Row:
    payoffs = source.random(size=(games, len(sizes), *sizes))
    start = process_time()
    batch = logit_equilibria(payoffs, close=regret)
    ours = (process_time() - start) / games
    spent, compared, equal = 0.0, 0, 0
    for draw, tensor in enumerate(payoffs):
        peer = gambit_game(tensor)
        start = process_time()
        theirs = pygambit.nash.logit_solve(peer, use_strategic=True, maxregret=regret).equilibrium
        spent += process_time() - start
        compared += 1
        found = batch.equilibria(draw).equilibria
        if theirs is not None and found:
            shares = np.array([float(share) for own in theirs for _, share in own])
            equal += bool(np.abs(shares - np.concatenate(found[0].strategies)).max() <= SAME)
        if spent > SLOWEST_PEER:
            break
    worst = float(batch.max_regret.max())
    same = f"{int(batch.counts.sum())} of {games} solved, regret at most {worst:.1g}; same end in {equal} of {compared}"
    shape = "x".join(map(str, sizes))
    row = Row(f"logit branch of a {shape} game to regret {regret:g}, mean of a batch", 1e6 * ours,
              "Gambit logit", 1e6 * spent / compared, same)  # fmt: skip
    print(*row.cells(), sep="  ", flush=True)
    return row


def warm() -> None:
    """Load the compiled code, or compile it."""
    logit_equilibria(np.zeros((1, 1, 2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=2_000, help="of each size")
    games = parser.parse_args().games
    warm()
    for sizes in SIZES:
        for regret in REGRETS:
            compare(sizes, regret, games, np.random.default_rng(1))


if __name__ == "__main__":
    main()
