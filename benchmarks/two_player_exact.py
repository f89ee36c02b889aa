"""All equilibria of two-player games in exact arithmetic, side by side with Gambit's rational vertex enumeration.

Run: python -m benchmarks.two_player_exact [--games K]. Both solve the same games in one process, each all of them in a
row, and the equilibrium sets must be equal. Time is that of the process, so that what else the machine does counts
little; what the first game of a size costs, tables included, is printed apart. Gambit reads the same game from `.nfg`
text, read before the clock starts. Then games of up to 12 x 12, without Gambit.
"""

import argparse
import io
import random
from fractions import Fraction
from statistics import median
from time import process_time

import pygambit

from benchmarks.rows import Row
from sim.game.game import Game
from sim.solvers.two_player_exact import solve_exact

SIZES = ((3, 4), (6, 6), (8, 8))


def random_payoffs(m: int, n: int, greatest: int, source: random.Random) -> tuple[list[list[int]], list[list[int]]]:
    A, B = ([[source.randint(-greatest, greatest) for _ in range(n)] for _ in range(m)] for _ in range(2))
    return A, B


def nfg_text(A: list[list[int]], B: list[list[int]]) -> str:
    m, n = len(A), len(A[0])
    payoffs = " ".join(f"{A[i][j]} {B[i][j]}" for j in range(n) for i in range(m))  # player 1 moves fastest
    return f'NFG 1 R "random" {{ "1" "2" }} {{ {m} {n} }}\n\n{payoffs}\n'


def gambit_equilibria(game: pygambit.Game) -> set[tuple[tuple[Fraction, ...], ...]]:
    result = pygambit.nash.enummixed_solve(game, rational=True)
    return {
        tuple(tuple(Fraction(share.numerator, share.denominator) for _, share in own) for own in profile)
        for profile in result.equilibria
    }


def compare(m: int, n: int, greatest: int, games: int, source: random.Random) -> Row:
    ours, theirs, counts = [], [], []
    start = process_time()
    solve_exact(Game.from_arrays(*random_payoffs(m, n, greatest, source)))
    first = 1e3 * (process_time() - start)
    both = [random_payoffs(m, n, greatest, source) for _ in range(games)]
    own, peer = (
        [Game.from_arrays(A, B) for A, B in both],
        [pygambit.read_nfg(io.StringIO(nfg_text(*one))) for one in both],
    )
    for game in own:
        start = process_time()
        found = solve_exact(game)
        ours.append(process_time() - start)
        counts.append(len(found))
    for game in peer:
        start = process_time()
        pygambit.nash.enummixed_solve(game, rational=True)
        theirs.append(process_time() - start)
    equal = sum(
        {one.exact for one in solve_exact(game).equilibria} == gambit_equilibria(other)
        for game, other in zip(own, peer, strict=True)
    )
    mine, peers = 1e3 * median(ours), 1e3 * median(theirs)
    print(
        f"{m} x {n}  payoffs -{greatest}..{greatest}  {games:4d} games  median equilibria {median(counts):3g}  "
        f"realpolitik {mine:8.3f} ms  Gambit {peers:8.2f} ms  ratio {peers / mine:6.1f}  sets equal {equal}/{games}  "
        f"first game {first:.1f} ms"
    )
    work = f"all equilibria of a {m}x{n} game, exact, payoffs -{greatest}..{greatest}"
    return Row(work, 1e3 * mine, "Gambit enummixed, rational", 1e3 * peers, f"{equal} of {games} sets")


def alone(name: str, game: Game) -> None:
    start = process_time()
    found = solve_exact(game)
    spent = process_time() - start
    print(f"{name:<32}  {len(found):5d} equilibria  complete {found.complete}  realpolitik {spent:6.2f} s")


def large(source: random.Random) -> None:
    for n in (10, 12):
        one = [[int(i == j) for j in range(n)] for i in range(n)]
        other = [[1 - value for value in row] for row in one]
        for greatest in (2, 100):
            game = Game.from_arrays(*random_payoffs(n, n, greatest, source))
            alone(f"{n} x {n}  payoffs -{greatest}..{greatest}", game)
        alone(f"{n} x {n}  coordination", Game.from_arrays(one, one))
        alone(f"{n} x {n}  anti-coordination", Game.from_arrays(other, other))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=30, help="games of each kind")
    games = parser.parse_args().games
    source = random.Random(1)
    for m, n in SIZES:
        for greatest in (2, 100):
            compare(m, n, greatest, games if m < 8 else max(1, games // 10), source)
    large(source)


if __name__ == "__main__":
    main()
