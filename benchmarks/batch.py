"""The batch path of a sweep, side by side with quantecon's pure_nash_brute on the same games.

Run: python -m benchmarks.batch [--draws N] [--games K] [--rounds R]. One process, one core, processor time, so that
other work on the machine counts little. Ours is the whole way from parameters to statuses: payoffs, pure Nash, strong-2
and every event of the baseline; below it other sets of concepts, and sampling. The peer finds the pure Nash equilibria
alone, of games built before the clock starts.
The sets must be equal.
"""

import argparse
import os
from statistics import median
from time import process_time

import numpy as np
from numpy.typing import NDArray
from quantecon.game_theory import NormalFormGame, pure_nash_brute

import sim
from benchmarks.rows import Row
from sim.game.payoffs import compile_family, payoffs
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import requests_for
from sim.sweeps.run import make_engine, rows_at
from sim.sweeps.streams import sample

BAR = 600  # times; the median ratio that the project promises itself
SEED = 1

Profiles = set[tuple[int, ...]]


def peer_games(tensors: NDArray[np.float64]) -> list[NormalFormGame]:
    """One game a draw: (draws, players, n_1, ..., n_N) -> the peer's arrays, payoff of each player last."""
    return [NormalFormGame(np.ascontiguousarray(np.moveaxis(own, 0, -1))) for own in tensors]


def our_sets(tensors: NDArray[np.float64]) -> list[Profiles]:
    batch = sim.solve_many(tensors, concept="pure-nash")
    sets = [batch.equilibria(draw).equilibria for draw in range(len(batch))]
    return [{tuple(own.index(1.0) for own in one.strategies) for one in found} for found in sets]


def measure(name: str, draws: int, games_a_round: int, rounds: int) -> Row:
    """Both on the same draws: `draws` of ours and `games_a_round` of the peer's in each round."""
    scenario = sim.load(name)
    engine = make_engine(scenario.data, requests_for(scenario.data, ["pure-nash", "strong-2"]))
    parameters = sample(scenario.data, SEED, 0, draws)
    tensors = scenario.normal_form(scenario.draws(games_a_round * rounds, SEED))
    games = peer_games(tensors)
    rows_at(engine, parameters)  # once before the clock starts, as the peer below
    pure_nash_brute(games[0])

    ours, theirs, found = [], [], []
    for first in range(0, len(games), games_a_round):
        start = process_time()
        rows_at(engine, parameters)
        middle = process_time()
        found += [pure_nash_brute(game) for game in games[first : first + games_a_round]]
        ours.append((middle - start) / draws)
        theirs.append((process_time() - middle) / games_a_round)

    others = _other_sets(scenario.data, draws, rounds)
    equal = sum(set(peer) == own for peer, own in zip(found, our_sets(tensors), strict=True))
    shape = " x ".join(str(n) for n in tensors.shape[2:])
    ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
    print(f"{scenario.name}: {shape} profiles, {rounds} rounds, medians of one draw")
    print(f"  ours, parameters to statuses of pure-nash and strong-2  {median(ours) * 1e6:12.1f} microseconds")
    print(f"  quantecon pure_nash_brute alone                         {median(theirs) * 1e6:12.1f} microseconds")
    for work, spent in others.items():
        print(f"  {'ours, ' + work:54}  {spent * 1e6:12.1f} microseconds")
    print(f"  ratio {ratio:.0f} (bar {BAR}); pure Nash sets equal in {equal} of {len(games)} games")
    work = f"a draw of {scenario.name}: payoffs, pure Nash, strong-2, events ({shape})"
    peer = "quantecon pure_nash_brute alone"
    return Row(work, 1e6 * median(ours), peer, 1e6 * median(theirs), f"{equal} of {len(games)} pure Nash sets")


def _other_sets(data: ScenarioData, draws: int, rounds: int) -> dict[str, float]:
    """Medians of seconds a draw for other requests, of all players' payoffs as tensors, and of sampling."""
    found = {"sampling": lambda: sample(data, SEED, 0, draws)}
    parameters, family = sample(data, SEED, 0, draws), compile_family(data, allowed_only=True)
    found["payoff tensors alone, as analyses take them"] = lambda: payoffs(family, parameters)
    wanted = {"pure-nash": requests_for(data, ["pure-nash"]), f"all {len(requests_for(data))} rows": requests_for(data)}
    if data.orders:
        order = data.orders[0].name
        wanted[f"subgame-perfect.{order}"] = requests_for(data, ["subgame-perfect"], order)
        three = requests_for(data, ["pure-nash", "strong-2", "subgame-perfect"], order)
        wanted[f"pure-nash, strong-2, subgame-perfect.{order}"] = three
    for work, requests in wanted.items():
        engine = make_engine(data, requests)
        found[work] = lambda engine=engine: rows_at(engine, parameters)
    medians = {}
    for work, action in found.items():
        action()
        spent = []
        for _ in range(rounds):
            start = process_time()
            action()
            spent.append((process_time() - start) / draws)
        medians[work] = median(spent)
    return medians


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scenario", default="vladivostok-2023")
    options.add_argument("--draws", type=int, default=4096, help="draws of ours in each round")
    options.add_argument("--games", type=int, default=20, help="games of the peer in each round")
    options.add_argument("--rounds", type=int, default=9)
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    row = measure(chosen.scenario, chosen.draws, chosen.games, chosen.rounds)
    equal, _, total, *_ = row.same.split()
    if equal != total:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
