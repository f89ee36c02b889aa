"""What a player should commit to: for each of its actions, what the others then do, and what that leaves the player.

A commitment is that of a Stackelberg leader: the action is fixed and seen, and the others play an equilibrium of the
game that it induces. Where that game has several equilibria the player gets something between the least and the
greatest payoff that any of them gives it. Regret is the payoff foregone in the same draw against the best action there
(Savage 1951); the satisficing share counts the draws in which an action leaves at least what the player asks for
(Lempert, Popper & Bankes 2003).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import events_meant
from sim.errors import UsageError
from sim.game.payoffs import BLOCK, GameFamily, Parameters, block_payoffs, compile_family, event_values
from sim.game.plain_html import html_table, signed
from sim.scenario.model import Player, ScenarioData
from sim.scenario.spelling import did_you_mean
from sim.solvers.concepts import Request, Rules, rules_of, solve_batch
from sim.sweeps.run import CHUNK, Progress
from sim.sweeps.streams import sample

ENDS = ("lower", "upper")  # the least and the greatest payoff over the equilibria of the induced game
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Regret:
    """What one action gives at one end of the sets of equilibria, over the draws where every action can be compared."""

    payoff: tuple[float, float, float]  # 5%, 50% and 95% of draws, in the player's own points
    mean_payoff: float
    best: float  # share of draws in which no other action gives more
    mean: float  # regret, in the player's own points
    greatest: float
    satisficing: float | None  # share of draws with at least the level asked for

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers."""
        quantiles = {f"{round(100 * q)}%": value for q, value in zip(QUANTILES, self.payoff, strict=True)}
        return {
            "payoff": quantiles,
            "mean_payoff": self.mean_payoff,
            "best": self.best,
            "mean_regret": self.mean,
            "greatest_regret": self.greatest,
            "satisficing": self.satisficing,
        }


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One concept and order, and one action of the player."""

    concept: str
    order: str | None
    action: dict[str, str]  # move -> option
    n: int  # draws in which the game that each action induces has an equilibrium
    none: float  # share of all draws in which the game that this action induces has none
    lower: Regret
    upper: Regret
    events: Mapping[str, tuple[float, float]]  # shares of all draws in which it holds in every, and in some equilibrium

    def to_dict(self) -> dict[str, Any]:
        """A row of `sim policy --json`."""
        return {
            "concept": self.concept,
            "order": self.order,
            "action": dict(self.action),
            "n": self.n,
            "none": self.none,
            "lower": self.lower.to_dict(),
            "upper": self.upper.to_dict(),
            "events": {name: {"always": own[0], "possible": own[1]} for name, own in self.events.items()},
        }

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    @property
    def label(self) -> str:
        """The action as one text."""
        return " ".join(f"{move}={option}" for move, option in self.action.items())


@dataclass(frozen=True, slots=True)
class Policy:
    """Which action is least regretted, if the player commits to it."""

    scenario: str
    player: str
    draws: int
    seed: int
    level: float | None
    rows: tuple[PolicyRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of `sim policy --json`."""
        return {
            "scenario": self.scenario,
            "player": self.player,
            "draws": self.draws,
            "seed": self.seed,
            "level": self.level,
            "rows": [row.to_dict() for row in self.rows],
            "least_regretted": self.least_regretted(),
            "sentence": self.sentence,
        }

    def least_regretted(self) -> list[dict[str, Any]]:
        """For each concept and order the actions of least greatest and of least mean regret, at both ends."""
        found = []
        for name in dict.fromkeys(row.row for row in self.rows):
            own = [row for row in self.rows if row.row == name]
            entry: dict[str, Any] = {"concept": own[0].concept, "order": own[0].order}
            for end in ENDS:
                for key in ("greatest", "mean"):
                    least = min(getattr(getattr(row, end), key) for row in own)
                    kept = [row.label for row in own if getattr(getattr(row, end), key) == least]
                    entry[f"{end}_{key}"] = kept if own[0].n else []
            found.append(entry)
        return found

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        chosen: dict[str, list[str]] = {}
        for entry in self.least_regretted():
            names = entry["lower_greatest"]
            said = " or ".join(names) if names else "nothing (no draw can be compared)"
            name = entry["concept"] if entry["order"] is None else f"{entry['concept']}.{entry['order']}"
            chosen.setdefault(said, []).append(name)
        parts = [f"{said} under {_listed(rows, len(chosen) == 1)}" for said, rows in chosen.items()]
        return (
            f"Committed in advance, {self.player} regrets least, at worst and counting its least equilibrium payoff: "
            f"{'; '.join(parts)} ({self.draws:,} sampled parameter sets)."
        )

    def _repr_html_(self) -> str:
        head = ["concept", "action", "draws", "median payoff", "best in", "mean regret", "greatest", "at best: mean"]
        rows = [
            [
                row.row,
                row.label,
                str(row.n),
                signed(row.lower.payoff[1]),
                f"{row.lower.best:.3f}",
                signed(row.lower.mean),
                signed(row.lower.greatest),
                signed(row.upper.mean),
            ]
            for row in self.rows
        ]
        return html_table(self.sentence, head, rows, labels=2)

    def __repr__(self) -> str:
        return f"<Policy of {self.player} in {self.scenario}: {len(self.rows)} rows, {self.draws} draws>"


@dataclass(frozen=True, slots=True, eq=False)
class Commitments:
    """What the player gets in each draw under each commitment; NaN where the induced game has no equilibrium."""

    actions: tuple[dict[str, str], ...]
    lower: dict[Request, NDArray[np.float64]]  # row -> (actions, draws), in the player's own points
    upper: dict[Request, NDArray[np.float64]]
    events: dict[Request, list[dict[str, tuple[float, float]]]]  # row -> for each action, of the equilibria that follow


def policy(
    scenario: ScenarioData,
    *,
    player: str | None = None,
    requests: Sequence[Request],
    level: float | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Policy:
    """Compare the actions of one player as commitments.

    Args:
        scenario: checked data.
        player: who commits; the scenario's `decides` where left out.
        requests: rows, from `requests_for`.
        level: the payoff, in the player's own points, that would be enough.
        draws: of the sweep of each action.
        seed: of all streams.
        progress: told of draws done, over all actions.

    Raises:
        UsageError: no such player, one without a choice, or nobody named where the scenario names nobody.
    """
    who = deciding(scenario, player)
    found = commitments(scenario, who, requests, draws, seed, progress)
    rows: list[PolicyRow] = []
    for request in requests:
        lower, upper = found.lower[request], found.upper[request]
        kept = ~np.isnan(lower).any(axis=0)
        ends = [_regrets(own[:, kept], level) for own in (lower, upper)]
        for k, action in enumerate(found.actions):
            none = float(np.isnan(lower[k]).mean())
            pair = (ends[0][k], ends[1][k])
            head = (request.concept, request.order, action, int(kept.sum()), none)
            rows.append(PolicyRow(*head, *pair, found.events[request][k]))
    return Policy(scenario.name, who.name, draws, seed, level, tuple(rows))


def deciding(scenario: ScenarioData, player: str | None) -> Player:
    """The player that is meant, who has a choice.

    Raises:
        UsageError: see `policy`.
    """
    name = player or scenario.decides
    known = {one.name: one for one in scenario.players}
    if name is None:
        raise UsageError(f"Who decides? Name one of {', '.join(known)} with --player, or set [scenario] decides.")
    if name not in known:
        raise UsageError(f"{scenario.name} has no player '{name}'. {did_you_mean(name, known)}".rstrip())
    if all(len(move.allowed) < 2 for move in scenario.moves if move.player == name):
        raise UsageError(f"{name} has no choice in {scenario.name}: every move of it has one allowed option.")
    if scenario.table is not None and scenario.table.ordinal:
        raise UsageError(f"Payoffs of {scenario.name} are ranks: no amount of them can be regretted, or be worth much.")
    return known[name]


def commitments(
    scenario: ScenarioData,
    player: Player,
    requests: Sequence[Request],
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Commitments:
    """Payoffs of the player at the equilibria of the game that each of its actions induces, draw by draw.

    All actions are compared on the same draws.
    """
    own = [move for move in scenario.moves if move.player == player.name]
    choices = list(product(*(move.allowed for move in own)))
    shape = (len(choices), draws)
    ends = [{request: np.empty(shape) for request in requests} for _ in ENDS]
    place = [one.name for one in scenario.players].index(player.name)
    families = [
        compile_family(
            scenario, allowed_only=True, ranks={move.name: (rank,) for move, rank in zip(own, ranks, strict=True)}
        )
        for ranks in choices
    ]
    rules = rules_of(scenario)
    meant = events_meant(scenario, None) if scenario.events else ()
    truths = [{event: event_values(family)[event] for event in meant} for family in families]
    held = {row: [{event: np.zeros(len(ENDS)) for event in own} for own in truths] for row in requests}
    for start in range(0, draws, CHUNK):
        count = min(CHUNK, draws - start)
        parameters = sample(scenario, seed, start, count)
        for k, family in enumerate(families):
            into = [{row: end[row][k, start : start + count] for row in requests} for end in ends]
            seen = {row: (truths[k], held[row][k]) for row in requests}
            _fill(family, rules, requests, parameters, count, place, into, seen)
            if progress is not None:
                progress(start * len(choices) + (k + 1) * count, draws * len(choices))
    actions = tuple({move.name: move.options[rank] for move, rank in zip(own, ranks, strict=True)} for ranks in choices)
    shares = {
        row: [{event: (float(own[0]) / draws, float(own[1]) / draws) for event, own in one.items()} for one in counts]
        for row, counts in held.items()
    }
    return Commitments(actions, ends[0], ends[1], shares)


def _fill(
    family: GameFamily,
    rules: Rules,
    requests: Sequence[Request],
    parameters: Parameters,
    draws: int,
    place: int,
    into: Sequence[dict[Request, NDArray[np.float64]]],
    seen: Mapping[Request, tuple[Mapping[str, NDArray[np.bool_]], Mapping[str, NDArray[np.float64]]]],
) -> None:
    """The least and the greatest payoff over equilibria, of every draw and row; counts of draws with each event."""
    buffer = np.empty((len(family.players), *family.shape, min(BLOCK, draws)))
    for first in range(0, draws, BLOCK):
        last = min(first + BLOCK, draws)
        part = {name: value if len(value) == 1 else value[first:last] for name, value in parameters.items()}
        out = buffer[..., : last - first]
        block_payoffs(family, part, out)
        payoffs = np.moveaxis(out, -1, 0)
        answers = solve_batch(payoffs, rules, requests, part)
        mine = payoffs[:, place].reshape(last - first, -1)
        for request, answer in answers.items():
            here = answer.is_equilibrium.reshape(last - first, -1)
            some = here.any(axis=1)
            for event, truth in seen[request][0].items():
                shown = (here & truth.ravel()).any(axis=1)
                counts = seen[request][1][event]
                counts += ((some & ~(here & ~truth.ravel()).any(axis=1)).sum(), shown.sum())
            for end, reduce, empty in zip(into, (np.min, np.max), (np.inf, -np.inf), strict=True):
                end[request][first:last] = np.where(some, reduce(np.where(here, mine, empty), axis=1), np.nan)


def _regrets(payoff: NDArray[np.float64], level: float | None) -> list[Regret]:
    """One entry an action, from payoffs of shape (actions, draws)."""
    if payoff.shape[1] == 0:
        nothing = Regret((0.0, 0.0, 0.0), 0.0, 0.0, 0.0, 0.0, None)
        return [nothing] * len(payoff)
    regret = payoff.max(axis=0) - payoff
    found = []
    for own, lost in zip(payoff, regret, strict=True):
        low, middle, high = np.quantile(own, QUANTILES).tolist()
        enough = None if level is None else float((own >= level).mean())
        quantiles = (low, middle, high)
        mean = float(own.mean())
        found.append(Regret(quantiles, mean, float((lost == 0).mean()), float(lost.mean()), float(lost.max()), enough))
    return found


def _listed(rows: Sequence[str], alone: bool) -> str:
    """The rows that agree; not one by one where all do."""
    return f"every concept and order asked ({len(rows)})" if alone and len(rows) > 2 else ", ".join(rows)
