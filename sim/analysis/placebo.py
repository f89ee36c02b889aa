"""Two placebos on the same form: shuffled weights, and payoffs by the toss of a coin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant
from sim.game.payoffs import Parameters, block_payoffs
from sim.scenario.distributions import is_fixed, support
from sim.scenario.model import Distribution, ScenarioData
from sim.solvers.concepts import Request
from sim.sweeps.run import (
    CHUNK,
    Engine,
    PayoffSource,
    Progress,
    Rows,
    all_rows,
    join_rows,
    make_engine,
    rows_at,
    rows_of_payoffs,
    shares,
)
from sim.sweeps.status import Share
from sim.sweeps.streams import sample, uniforms


@dataclass(frozen=True, slots=True)
class PlaceboRow:
    """One concept, order and event: the scenario's shares beside the two placebos'."""

    share: Share
    shuffled: Share
    coin: Share

    def to_dict(self) -> dict[str, Any]:
        """A row of the document of `Placebo`."""
        return {
            "concept": self.share.concept,
            "order": self.share.order,
            "event": self.share.event,
            "share": self.share.shares(),
            "shuffled": self.shuffled.shares(),
            "coin": self.coin.shares(),
        }


@dataclass(frozen=True, slots=True)
class Placebo:
    """Does the article speak, or the form of the game?"""

    rows: tuple[PlaceboRow, ...]
    draws: int
    seed: int
    coin_mean_equilibria: float  # pure Nash equilibria a game of independent payoffs: 1 in expectation
    coin_standard_error: float

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, names and numbers."""
        return {
            "draws": self.draws,
            "seed": self.seed,
            "rows": [row.to_dict() for row in self.rows],
            "coin_mean_equilibria": self.coin_mean_equilibria,
            "coin_standard_error": self.coin_standard_error,
        }

    def __repr__(self) -> str:
        return f"<Placebo: {len(self.rows)} rows of {self.draws} draws, coin mean {self.coin_mean_equilibria:.3f}>"


def placebo(
    scenario: ScenarioData,
    *,
    draws: int,
    seed: int,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Placebo:
    """Every share beside two baselines on the same form of game.

    Args:
        scenario: checked data.
        draws: of each of the three sweeps.
        seed: of all streams.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        progress: told after each of the three sweeps.
    """
    meant = events_meant(scenario, events)
    engine = make_engine(scenario, requests)
    report = progress or (lambda done, total: None)
    main = shares(engine, all_rows(engine, draws, seed))
    report(draws, 3 * draws)
    shuffled = shares(engine, shuffled_rows(engine, draws, seed))
    report(2 * draws, 3 * draws)
    nash = Request("pure-nash")
    wide = replace(engine, requests=tuple(dict.fromkeys((*requests, nash))))
    tossed = coin_rows(wide, draws, seed)
    coin = shares(engine, tossed)
    report(3 * draws, 3 * draws)
    counts = tossed.concepts[nash].n
    rows = tuple(PlaceboRow(*three) for three in zip(main, shuffled, coin, strict=True) if three[0].event in meant)
    error = float(counts.std(ddof=1) / np.sqrt(draws)) if draws > 1 else 0.0
    return Placebo(rows, draws, seed, float(counts.mean()), error)


def shuffled_rows(engine: Engine, draws: int, seed: int) -> Rows:
    """The sweep with each player's weights permuted among its interests in every draw, signs kept.

    In a scenario with a payoff table, each player's payoffs are permuted among the profiles instead.
    """
    scenario = engine.family.scenario
    parts = []
    for start, count in _chunks(draws):
        parameters = sample(scenario, seed, start, count)
        if scenario.table is None:
            parts.append(rows_at(engine, shuffled_weights(scenario, parameters, seed, start, count), start=start))
        else:
            source = _shuffled_table(engine, parameters, seed, start)
            parts.append(rows_of_payoffs(engine, source, count, parameters, start=start))
    return join_rows(parts)


def shuffled_weights(
    scenario: ScenarioData, parameters: Parameters, seed: int, start: int, count: int
) -> dict[str, NDArray[np.float64]]:
    """Permute the magnitudes of each player's weights among its interests; a weight fixed at 0 takes no part.

    The permutation sorts random keys, one stream a weight's name, so it depends on seed, names and draw alone.

    Args:
        scenario: with stakes and interests.
        parameters: of draws start .. start + count - 1, as sampled.
        seed: of the keys.
        start: the first draw.
        count: of draws.
    """
    moved = dict(parameters)
    for player in scenario.players:
        own = [one for one in scenario.interests if one.player == player.name and not _is_zero(one.weight)]
        if len(own) < 2:
            continue
        weights = np.stack([np.broadcast_to(parameters[one.name], (count,)) for one in own])
        keys = np.stack([uniforms(seed, f"shuffled/{one.name}", start, count) for one in own])
        taken = np.take_along_axis(np.abs(weights), np.argsort(keys, axis=0), axis=0)
        for interest, weight, magnitude in zip(own, weights, taken, strict=True):
            downwards = -1.0 if support(interest.weight)[1] <= 0 else 1.0  # the sign of a weight that happens to be 0
            moved[interest.name] = np.where(weight == 0, downwards, np.sign(weight)) * magnitude
    return moved


def coin_rows(engine: Engine, draws: int, seed: int) -> Rows:
    """The sweep with independent uniform payoffs, one stream a player; the scenario's events and rules stay."""
    parts = [
        rows_of_payoffs(engine, _coins(engine, seed, start), count, {}, start=start) for start, count in _chunks(draws)
    ]
    return join_rows(parts)


def _coins(engine: Engine, seed: int, start: int) -> PayoffSource:
    """Draw k takes the numbers k * profiles .. (k + 1) * profiles - 1 of each player's stream."""
    family = engine.family
    profiles = prod(family.shape)

    def source(first: int, last: int) -> NDArray[np.float64]:
        tensor = np.empty((len(family.players), profiles, last - first))  # draws innermost, as the kernels like it
        for row, player in enumerate(family.players):
            numbers = uniforms(seed, f"coin/{player}", (start + first) * profiles, (last - first) * profiles)
            tensor[row] = numbers.reshape(last - first, profiles).T
        return np.moveaxis(tensor.reshape(len(family.players), *family.shape, last - first), -1, 0)

    return source


def _shuffled_table(engine: Engine, parameters: Parameters, seed: int, start: int) -> PayoffSource:
    family = engine.family
    coins = _coins(engine, seed, start)

    def source(first: int, last: int) -> NDArray[np.float64]:
        block = {name: value if len(value) == 1 else value[first:last] for name, value in parameters.items()}
        tensor = np.empty((len(family.players), *family.shape, last - first))
        block_payoffs(family, block, tensor)
        keys = np.moveaxis(coins(first, last), 0, -1)
        flat = (len(family.players), -1, last - first)
        moved = np.take_along_axis(tensor.reshape(flat), np.argsort(keys.reshape(flat), axis=1), axis=1)
        return np.moveaxis(moved.reshape(tensor.shape), -1, 0)

    return source


def _is_zero(weight: Distribution) -> bool:
    return is_fixed(weight) and weight.numbers[0] == 0


def _chunks(draws: int) -> Iterator[tuple[int, int]]:
    for start in range(0, draws, CHUNK):
        yield start, min(CHUNK, draws - start)
