"""All equilibria of many two-player games, side by side with quantecon's support enumeration of one game at a time.

Run: python -m benchmarks.two_player_batch [--games K] [--rounds R]. Both solve the same games in one process; the sets
must be equal. Both are compiled before the clock starts; what the first call of a process costs is printed apart, from
a process of its own. Time is that of the process, so that what else the machine does counts little. Random games have
no ties: quantecon takes nondegenerate games alone. More lines show what ties cost, beside the time that quantecon takes
on the same games without finding their whole sets.
"""

import argparse
import subprocess
import sys
from statistics import median
from time import process_time

import numpy as np
from numpy.typing import NDArray
from quantecon.game_theory import NormalFormGame, Player, support_enumeration

import sim
from benchmarks.rows import Row

Floats = NDArray[np.float64]
SIZES = ((3, 4), (4, 4), (6, 6))


FIRST_CALL = """
import time, numpy as np, sim
sim.solve_many  # what is not compiled is loaded
start = time.process_time()
sim.solve_many(np.zeros((1, 2, 2, 2)), "nash")
print(time.process_time() - start)
"""


def first_call() -> float:
    sim.solve_many(np.zeros((1, 2, 2, 2)), "nash")  # the compiled code is there
    said = subprocess.run([sys.executable, "-c", FIRST_CALL], capture_output=True, text=True, check=True).stdout
    return float(said)


def peer_games(U: Floats) -> list[NormalFormGame]:
    return [NormalFormGame((Player(A), Player(np.ascontiguousarray(B.T)))) for A, B in U]


def same_sets(U: Floats, theirs: list[list[tuple[Floats, Floats]]]) -> int:
    batch, equal = sim.solve_many(U, "nash"), 0
    for draw, others in enumerate(theirs):
        own = slice(batch.first[draw], batch.first[draw + 1])
        mine = np.concatenate([side[own] for side in batch.strategies], axis=1)
        other = np.array([np.concatenate(one) for one in others]).reshape(-1, mine.shape[1])
        near = np.abs(mine[:, None] - other[None]).max(axis=2, initial=0) < 1e-8
        equal += len(mine) == len(other) and bool(near.any(axis=0).all() and near.any(axis=1).all())
    return equal


def compare(m: int, n: int, games: int, rounds: int, chance: np.random.Generator) -> Row:
    U = chance.random((games, 2, m, n))
    some = peer_games(U[: max(20, games // 100)])
    support_enumeration(some[0])
    sim.solve_many(U[:64], "nash")
    ours, theirs = [], []
    for _ in range(rounds):
        start = process_time()
        batch = sim.solve_many(U, "nash")
        middle = process_time()
        found = [support_enumeration(game) for game in some]
        ours.append((middle - start) / games)
        theirs.append((process_time() - middle) / len(some))
    mine, peer = 1e6 * median(ours), 1e6 * median(theirs)
    equal = same_sets(U[: len(some)], found)
    print(
        f"{m} x {n}  {games} games  {batch.counts.mean():.2f} equilibria a game  realpolitik {mine:6.3f} us  "
        f"quantecon {peer:7.2f} us  ratio {peer / mine:5.0f}  sets equal {equal}/{len(some)}"
    )
    work = f"all equilibria of a {m}x{n} game, in a batch"
    return Row(work, mine, "quantecon support_enumeration", peer, f"{equal} of {len(some)} sets")


def with_ties(m: int, n: int, greatest: int, games: int, chance: np.random.Generator) -> None:
    U = chance.integers(-greatest, greatest + 1, (games, 2, m, n)).astype(float)
    some = peer_games(U[: max(20, games // 100)])
    support_enumeration(some[0])
    sim.solve_many(U[:64], "nash")
    start = process_time()
    batch = sim.solve_many(U, "nash")
    middle = process_time()
    found = [support_enumeration(game) for game in some]
    mine, peer = 1e6 * (middle - start) / games, 1e6 * (process_time() - middle) / len(some)
    tied = float((batch.ground != 0).mean())
    whole = same_sets(U[: len(some)], found)
    print(
        f"{m} x {n}  integers -{greatest}..{greatest}  {games} games, {tied:.1%} with ties that matter  realpolitik "
        f" {mine:6.2f} us  quantecon {peer:7.2f} us, {whole}/{len(some)} sets whole  ratio {peer / mine:5.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=20_000, help="games of each size (the peer solves a hundredth)")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    chance = np.random.default_rng(1)
    print(f"first call of a process, with what it loads: {first_call():.2f} s (compiled code was kept)")
    for m, n in SIZES:
        compare(m, n, asked.games, asked.rounds, chance)
    for m, n, greatest in ((3, 4, 1000), (3, 4, 2), (4, 4, 2), (6, 6, 2)):
        with_ties(m, n, greatest, asked.games, chance)


if __name__ == "__main__":
    main()
