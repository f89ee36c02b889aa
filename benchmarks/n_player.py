"""All equilibria of games of three and more players, side by side with Gambit's polynomial systems (`enumpoly`).

Run: python -m benchmarks.n_player [--games K]. The same random games are solved in one process: by our batch, by
`sim.solve` game by game (which certifies each equilibrium in exact arithmetic too), and by Gambit, game by game. What
makes a game of arrays is not counted, theirs or ours. Times are processor time, since all three run on one core. Gambit
proves nothing; so the last columns say how many of its equilibria are not among ours, and how many of ours it misses.
"""

import argparse
import io
from time import process_time

import numpy as np
import pygambit
from numpy.typing import NDArray

import sim
from benchmarks.rows import Row
from sim.game.game import Game
from sim.solvers.equilibria import EquilibriumBatch
from sim.solvers.n_player_batch import n_player_equilibria

SIZES = ((2, 2, 2), (2, 2, 3), (2,) * 4, (2,) * 5, (3, 3, 3))
SLOWEST_PEER = 15  # seconds a size that Gambit may take; then fewer games are compared
SAME = 1e-6  # greatest difference of a share between two accounts of one equilibrium


def gambit_game(tensor: NDArray[np.float64]) -> pygambit.Game:
    """The same decimals, read from `.nfg` text before the clock starts."""
    sizes = tensor.shape[1:]
    cells = np.moveaxis(tensor, 0, -1).transpose(*reversed(range(len(sizes))), -1).ravel()  # player 1 moves fastest
    names = " ".join(f'"{k + 1}"' for k in range(len(sizes)))
    numbers = " ".join(format(float(cell), ".17f") for cell in cells)
    return pygambit.read_nfg(
        io.StringIO(f'NFG 1 R "random" {{ {names} }} {{ {" ".join(map(str, sizes))} }}\n\n{numbers}\n')
    )


def gambit_profiles(game: pygambit.Game) -> list[NDArray[np.float64]]:
    found = pygambit.nash.enumpoly_solve(game, use_strategic=True)
    return [np.array([float(share) for own in one for _, share in own]) for one in found.equilibria]


def missing(these: list[NDArray[np.float64]], among: list[NDArray[np.float64]]) -> int:
    return sum(all(np.abs(one - other).max() > SAME for other in among) for one in these)


def ours_of(batch: EquilibriumBatch, draw: int) -> list[NDArray[np.float64]]:
    return list(np.concatenate([own[batch.first[draw] : batch.first[draw + 1]] for own in batch.strategies], axis=1))


def compare(sizes: tuple[int, ...], games: int, source: np.random.Generator) -> Row:
    """The row of the batch."""
    return compare_both(sizes, games, source)[0]


def compare_both(sizes: tuple[int, ...], games: int, source: np.random.Generator) -> tuple[Row, Row]:
    """Two rows: the games in one batch, and the same games one at a time."""
    payoffs = source.normal(size=(games, len(sizes), *sizes))
    start = process_time()
    batch = n_player_equilibria(payoffs)
    ours = (process_time() - start) / games
    singles, peers, strangers, unseen, total = [], [], 0, 0, 0
    for draw, tensor in enumerate(payoffs):
        game = Game.from_arrays(*tensor)
        peer = gambit_game(tensor)
        start = process_time()
        sim.solve(game, "nash")
        middle = process_time()
        theirs = gambit_profiles(peer)
        singles.append(middle - start)
        peers.append(process_time() - middle)
        found = ours_of(batch, draw)
        strangers += missing(theirs, found)
        unseen += missing(found, theirs)
        total += len(found)
        if sum(peers) > SLOWEST_PEER:
            break
    alone, peers_mean = float(np.mean(singles)), float(np.mean(peers))
    shape = " x ".join(map(str, sizes))
    print(
        f"{shape:18s} {games:5d} games, {int(batch.complete.sum()):5d} proved whole; Gambit {1e3 * peers_mean:7.2f} ms"
        f" ({len(peers)} games); batch {1e6 * ours:8.1f} us a game, ratio {peers_mean / ours:5.1f}; one at a time"
        f" {1e6 * alone:8.1f} us, ratio {peers_mean / alone:5.1f}; Gambit's not ours {strangers}, ours not Gambit's"
        f" {unseen} of {total}",
        flush=True,
    )
    proved = f"{int(batch.complete.sum())} of {games} proved complete"
    seen = f"in {len(peers)} games {strangers} of Gambit's not ours, {unseen} of our {total} not Gambit's"
    work = f"all equilibria of a {'x'.join(map(str, sizes))} game, certified, mean of"
    in_batch, one_by_one = (
        Row(f"{work} {form}", 1e6 * time, "Gambit enumpoly", 1e6 * peers_mean, f"{proved}; {seen}")
        for form, time in (("a batch", ours), ("single solves", alone))
    )
    return in_batch, one_by_one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=1_000, help="2 x 2 x 2 games; fewer of the larger ones")
    games = parser.parse_args().games
    source = np.random.default_rng(1)
    n_player_equilibria(source.normal(size=(1, 3, 2, 2, 2)))  # compiled, or loaded, before the clock starts
    sim.solve(Game.from_arrays(*source.normal(size=(3, 2, 2, 2))), "nash")
    for sizes in SIZES:
        compare_both(sizes, max(5, games * 8 // int(np.prod(sizes)) ** 2 * 8), source)


if __name__ == "__main__":
    main()
