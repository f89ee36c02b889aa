"""Where payoffs come from: what each incentive is worth at most to each player, in that player's own points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.payoffs import BLOCK, GameFamily, Parameters, central_parameters, compile_family, stake_values
from sim.game.plain_html import html_table, signed
from sim.scenario.model import Interest, ScenarioData
from sim.sweeps.streams import sample

OTHER = "other"  # the row of stakes that name no incentive


@dataclass(frozen=True, slots=True)
class Worth:
    """Points of one player at the profile where the incentive's central value is greatest in absolute terms."""

    low: float  # 5% of draws lie below
    central: float
    high: float  # 5% of draws lie above
    spread: float = 0.0  # greatest minus least over all profiles, at central values: what choices can move

    def to_dict(self) -> dict[str, float]:
        """Plain numbers."""
        return {"low": self.low, "central": self.central, "high": self.high, "spread": self.spread}


@dataclass(frozen=True, slots=True)
class IncentiveRow:
    """One incentive: its stakes' terms added up, for everyone who cares."""

    incentive: str
    worth: Mapping[str, Worth]  # player or observer -> worth; only those with an interest in it
    claims: tuple[str, ...]  # that its stakes and interests rest on

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        worth = {name: own.to_dict() for name, own in self.worth.items()}
        return {"incentive": self.incentive, "worth": worth, "claims": list(self.claims)}


@dataclass(frozen=True, slots=True)
class Incentives:
    """The table of incentives; points are never compared across players."""

    players: tuple[str, ...]  # players, then observers
    rows: tuple[IncentiveRow, ...]
    draws: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        rows = [row.to_dict() for row in self.rows]
        return {"players": list(self.players), "draws": self.draws, "seed": self.seed, "rows": rows}

    def _repr_html_(self) -> str:
        rows = [
            [row.incentive, *(_worth_text(row.worth.get(name)) for name in self.players), str(len(row.claims))]
            for row in self.rows
        ]
        caption = (
            "What each incentive is worth at most: central value, then 5% and 95% points over"
            f" {self.draws:,} draws. Points are each player's own: never compare across players."
        )
        return html_table(caption, ["incentive", *self.players, "claims"], rows)

    def __repr__(self) -> str:
        return f"<Incentives: {', '.join(row.incentive for row in self.rows)}; {self.draws} draws>"


def _worth_text(worth: Worth | None) -> str:
    return "" if worth is None else f"{signed(worth.central)} ({signed(worth.low)} to {signed(worth.high)})"


def incentives(scenario: ScenarioData, *, draws: int, seed: int) -> Incentives:
    """What each incentive is worth to each player and observer.

    The profile is the one where the sum of an incentive's terms (weight * stake / swing) is greatest in absolute terms
    in the central game, the first of equals; low and high are the 5% and 95% points over draws at that profile.

    Args:
        scenario: checked data; with a payoff table there are no stakes, and no rows.
        draws: sampled parameter sets.
        seed: of all streams.
    """
    family = compile_family(scenario, allowed_only=True)
    named = {stake.name: stake.incentive or OTHER for stake in scenario.stakes}
    groups: dict[tuple[str, str], list[Interest]] = {}
    for interest in scenario.interests:
        groups.setdefault((named[interest.stake], interest.player), []).append(interest)
    center = central_parameters(scenario)
    tensors = {key: _terms(family, stake_values(family, center), center, own) for key, own in groups.items()}
    places = {key: int(np.argmax(np.abs(tensor[..., 0]).ravel())) for key, tensor in tensors.items()}
    drawn = _at_profiles(family, sample(scenario, seed, 0, draws), draws, groups, places)
    worth = {}
    for key, tensor in tensors.items():
        low, high = np.quantile(drawn[key], [0.05, 0.95]).tolist()
        center_worth = float(tensor[..., 0].ravel()[places[key]])
        worth[key] = Worth(low, center_worth, high, float(np.ptp(tensor)))
    everyone = tuple(one.name for one in (*scenario.players, *scenario.observers))
    rows = [
        IncentiveRow(
            incentive,
            {name: worth[incentive, name] for name in everyone if (incentive, name) in worth},
            _claims(scenario, [one for (other, _), own in groups.items() if other == incentive for one in own]),
        )
        for incentive in _in_file_order(scenario, {incentive for incentive, _ in groups})
    ]
    return Incentives(everyone, tuple(rows), draws, seed)


def _at_profiles(
    family: GameFamily,
    parameters: Parameters,
    draws: int,
    groups: Mapping[tuple[str, str], Sequence[Interest]],
    places: Mapping[tuple[str, str], int],
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Each group's terms over draws at its own profile, block by block: a group's tensor over all draws is large."""
    found = {key: np.empty(draws) for key in groups}
    spots = {key: np.unravel_index(place, family.shape) for key, place in places.items()}
    for start in range(0, draws, BLOCK):
        stop = min(start + BLOCK, draws)
        block = {name: own if len(own) == 1 else own[start:stop] for name, own in parameters.items()}
        stakes = stake_values(family, block)
        for key, interests in groups.items():
            total = np.zeros(stop - start)
            for interest in interests:
                value = stakes[interest.stake]
                spot = tuple(k if n > 1 else 0 for k, n in zip(spots[key], value.shape[:-1], strict=True))
                total = total + value[spot] * (block[interest.name] / _swing(family, interest.stake))
            found[key][start:stop] = total
    return found


def _terms(
    family: GameFamily, stakes: Mapping[str, NDArray[np.float64]], parameters: Parameters, interests: Sequence[Interest]
) -> NDArray[np.float64]:
    """The sum of some terms of one payoff at every profile of one parameter set, shape (moves..., 1)."""
    total = np.zeros((*family.shape, 1))
    for interest in interests:
        total = total + stakes[interest.stake] * (parameters[interest.name] / _swing(family, interest.stake))
    return total


def _claims(scenario: ScenarioData, interests: Sequence[Interest]) -> tuple[str, ...]:
    stakes = {stake.name: stake for stake in scenario.stakes}
    cited = [claim for one in interests for claim in (*one.rests_on, *stakes[one.stake].rests_on)]
    return tuple(dict.fromkeys(cited))


def _in_file_order(scenario: ScenarioData, present: set[str]) -> list[str]:
    names = dict.fromkeys(stake.incentive for stake in scenario.stakes if stake.incentive)
    return [name for name in (*names, OTHER) if name in present]


def _swing(family: GameFamily, stake: str) -> float:
    return float(next(own.swing for own in family.scenario.stakes if own.name == stake))
