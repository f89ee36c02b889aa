"""One profile taken apart: each payoff split into stakes, weights and claims, and what each player could do instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.game.payoffs import (
    GameFamily,
    Parameters,
    central_parameters,
    compile_family,
    event_values,
    payoffs,
    stake_values,
)
from sim.game.plain_html import html_table, signed
from sim.scenario.model import ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.scenario.versions import with_values
from sim.solvers.concepts import Request, default_requests, rules_of, solve_batch
from sim.sweeps.run import make_engine, rows_at
from sim.sweeps.status import STATUSES
from sim.sweeps.streams import sample


@dataclass(frozen=True, slots=True)
class StakeTerm:
    """One term of a payoff: points = weight * value / swing."""

    player: str
    stake: str
    incentive: str
    unit: str
    weight: float
    value: float
    swing: float
    points: float
    rests_on: tuple[str, ...]  # claims of the interest, then of the stake

    def to_dict(self) -> dict[str, Any]:
        """A row of `stakes` in `sim explain --json`."""
        return {name: getattr(self, name) for name in self.__slots__} | {"rests_on": list(self.rests_on)}


@dataclass(frozen=True, slots=True)
class Alternative:
    """A player's best other action, all others' moves as they are; a negative loss is a gain."""

    player: str
    profile: Mapping[str, str]
    loss: float

    def to_dict(self) -> dict[str, Any]:
        """A row of `alternatives` in `sim explain --json`."""
        return {"player": self.player, "profile": dict(self.profile), "loss": self.loss}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What everyone gets at one profile of one parameter set, and why."""

    scenario: str
    profile: Mapping[str, str]
    chosen: str  # "given", or the concept whose first equilibrium it is or completes it
    completed: tuple[str, ...]  # moves that were not given beside others that were, taken from that equilibrium
    draw: int | None  # None: central values
    seed: int | None
    parameters: Mapping[str, float]  # every parameter and weight, in file order
    payoffs: Mapping[str, float]  # players, then observers, each in its own points
    stakes: tuple[StakeTerm, ...]
    alternatives: tuple[Alternative, ...]
    events: Mapping[str, bool]
    statuses: Mapping[str, Mapping[str, str]]  # batch concept (and order) -> event -> status at these numbers
    equilibria: int = 0  # of how many under `chosen` it is the first; 0 where all moves were given

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim explain --json`."""
        return {
            "scenario": self.scenario,
            "profile": dict(self.profile),
            "chosen": self.chosen,
            "completed": list(self.completed),
            "draw": self.draw,
            "seed": self.seed,
            "parameters": dict(self.parameters),
            "payoffs": dict(self.payoffs),
            "stakes": [term.to_dict() for term in self.stakes],
            "alternatives": [one.to_dict() for one in self.alternatives],
            "events": dict(self.events),
            "statuses": {row: dict(own) for row, own in self.statuses.items()},
        }

    def _repr_html_(self) -> str:
        where = "central values" if self.draw is None else f"draw {self.draw} of seed {self.seed}"
        profile = ", ".join(f"{move}={option}" for move, option in self.profile.items())
        rows = []
        for name, payoff in self.payoffs.items():
            for one in self.stakes:
                if one.player == name:
                    numbers = [signed(own) for own in (one.weight, one.value, one.swing, one.points)]
                    rows.append([name, one.stake, *numbers, ", ".join(one.rests_on)])
            rows.append([name, "all", "", "", "", signed(payoff), ""])
        head = ["player", "stake", "weight", "value", "swing", "points", "rests on"]
        caption = f"{self.scenario} at {where}: {profile}. points = weight * value / swing, in each player's own"
        return html_table(f"{caption}: never compare across players.", head, rows, labels=2)

    def __repr__(self) -> str:
        return f"<Explanation of {self.scenario} at {' '.join(f'{m}={o}' for m, o in self.profile.items())}>"


def explain(
    scenario: ScenarioData,
    *,
    profile: Mapping[str, str] | None = None,
    player: str | None = None,
    draw: int | None = None,
    seed: int = 1,
    set: Mapping[str, Fraction] | None = None,
) -> Explanation:
    """Split every payoff at one profile into its terms, and find each player's best alternative.

    Args:
        scenario: checked data.
        profile: an option for every move; a move left out is as in the first equilibrium of strong-2, else of
            pure-nash.
        player: a player or observer to narrow the answer to.
        draw: the draw of a sweep with `seed` whose parameters are used; central values where left out.
        seed: of that sweep.
        set: numbers to fix, as `--set` does.

    Raises:
        UsageError: an unknown name, or moves left out where there is no pure equilibrium to take them from.
    """
    fixed = with_values(scenario, set or {})
    names = tuple(one.name for one in (*fixed.players, *fixed.observers))
    if player is not None and player not in names:
        mend = did_you_mean(player, names)
        raise UsageError(f"'{player}' is no player and no observer of {fixed.name}. {mend}".rstrip())
    if draw is not None and draw < 0:
        raise UsageError(f"Draws are counted from 0; there is no draw {draw}.")
    parameters = central_parameters(fixed) if draw is None else sample(fixed, seed, draw, 1)
    family = compile_family(fixed)  # whole ladders: a forbidden option can be asked about
    tensor = payoffs(family, parameters, of=names)[0]
    given, chosen = _ranks_of(fixed, profile or {}), "given"
    count = 0
    left_out = tuple(move.name for move in fixed.moves if move.name not in given)
    at = tuple(given.values())
    if left_out:
        first, chosen, count = _first_equilibrium(fixed, parameters)
        at = tuple(given.get(move.name, rank) for move, rank in zip(fixed.moves, first, strict=True))
    shown = names if player is None else (player,)
    return Explanation(
        scenario=fixed.name,
        profile=_profile(fixed, at),
        chosen=chosen,
        completed=left_out if given else (),
        draw=draw,
        seed=None if draw is None else seed,
        parameters={name: float(value[0]) for name, value in parameters.items()},
        payoffs={name: float(tensor[(row, *at)]) for row, name in enumerate(names) if name in shown},
        stakes=tuple(term for term in stake_terms(family, parameters, at) if term.player in shown),
        alternatives=tuple(one for one in best_alternatives(family, tensor, at) if one.player in shown),
        events={name: bool(truth[at]) for name, truth in event_values(family).items()},
        statuses=_statuses(fixed, parameters),
        equilibria=count,
    )


def _statuses(scenario: ScenarioData, parameters: Parameters) -> dict[str, dict[str, str]]:
    """What every batch concept says of every event at one parameter set, as a sweep would store it."""
    engine = make_engine(scenario, default_requests(scenario))
    rows = rows_at(engine, parameters, draws=1)
    return {
        request.name: {event: STATUSES[code] for event, code in zip(engine.events, own.status[:, 0], strict=True)}
        for request, own in rows.concepts.items()
    }


def parse_profile(text: str) -> dict[str, str]:
    """`offer=goods ask=goods` (spaces or commas between) as move -> option; names are checked by `explain`.

    Raises:
        UsageError: a part that is not `move=option`.
    """
    profile = {}
    for part in text.replace(",", " ").split():
        move, sign, option = part.partition("=")
        if not (move and sign and option):
            raise UsageError(f"'{part}' is not of the form move=option.")
        profile[move] = option
    return profile


def _ranks_of(scenario: ScenarioData, profile: Mapping[str, str]) -> dict[str, int]:
    """Move -> rank of its option, in the order of the moves; those given alone."""
    moves = {move.name: move for move in scenario.moves}
    for name, option in profile.items():
        if name not in moves:
            raise UsageError(f"'{name}' is no move of {scenario.name}. {did_you_mean(name, moves)}".rstrip())
        if option not in moves[name].options:
            mend = did_you_mean(option, moves[name].options)
            raise UsageError(f"'{option}' is no option of {name}. {mend}".rstrip())
    return {name: move.options.index(profile[name]) for name, move in moves.items() if name in profile}


def _first_equilibrium(scenario: ScenarioData, parameters: Parameters) -> tuple[tuple[int, ...], str, int]:
    """The first pure equilibrium, of which concept it is, and of how many it is the first."""
    family = compile_family(scenario, allowed_only=True)
    wanted = [Request("strong-2"), Request("pure-nash")] if len(scenario.players) > 1 else [Request("pure-nash")]
    answers = solve_batch(payoffs(family, parameters), rules_of(scenario), wanted)
    for request in wanted:
        found = np.argwhere(answers[request].is_equilibrium[0])
        if len(found):
            at = tuple(own[k] for own, k in zip(family.ranks, found[0].tolist(), strict=True))
            return at, request.concept, len(found)
    raise UsageError(f"{scenario.name} has no pure equilibrium at these numbers: say an option for every move.")


def stake_terms(family: GameFamily, parameters: Parameters, at: tuple[int, ...]) -> list[StakeTerm]:
    """Every term of every payoff at one profile of whole ladders, in the order of players, observers, interests."""
    known = {stake.name: stake for stake in family.scenario.stakes}
    factors = stake_values(family, parameters) if known else {}
    terms = []
    for interests in family.interests.values():
        for interest in interests:
            stake, own = known[interest.stake], factors[interest.stake]
            spot = tuple(k if n > 1 else 0 for k, n in zip(at, own.shape[:-1], strict=True))
            value, weight, swing = float(own[(*spot, 0)]), float(parameters[interest.name][0]), float(stake.swing)
            claims = tuple(dict.fromkeys((*interest.rests_on, *stake.rests_on)))
            points = value * (weight / swing)  # as the payoffs multiply it
            terms.append(
                StakeTerm(
                    interest.player, stake.name, stake.incentive, stake.unit, weight, value, swing, points, claims
                )
            )
    return terms


def best_alternatives(family: GameFamily, tensor: NDArray[np.float64], at: tuple[int, ...]) -> list[Alternative]:
    """For each player its best other allowed action; players without another have no entry."""
    moves = family.scenario.moves
    found = []
    for row, (name, axes) in enumerate(zip(family.players, family.axes_of, strict=True)):
        index = tuple(slice(None) if axis in axes else k for axis, k in enumerate(at))
        own = tensor[row][index].copy()
        forbidden = np.ones(own.shape, dtype=np.bool_)
        forbidden[np.ix_(*(moves[axis].allowed for axis in axes))] = False
        forbidden[tuple(at[axis] for axis in axes)] = True  # the action itself is no alternative
        if forbidden.all():
            continue
        own[forbidden] = -np.inf
        best = np.unravel_index(int(np.argmax(own)), own.shape)
        changed = list(at)
        for axis, k in zip(axes, best, strict=True):
            changed[axis] = int(k)
        loss = float(tensor[(row, *at)] - own[best])
        found.append(Alternative(name, _profile(family.scenario, tuple(changed)), loss))
    return found


def _profile(scenario: ScenarioData, at: tuple[int, ...]) -> dict[str, str]:
    return {move.name: move.options[k] for move, k in zip(scenario.moves, at, strict=True)}
