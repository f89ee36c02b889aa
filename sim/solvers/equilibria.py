"""What a solver returns: a set of equilibria of one game, with the certificate that a sceptic needs to check it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.plain_html import MOST_ROWS, html_table
from sim.solvers.ties import TIE


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """One equilibrium: each player's mixed strategy, and what shows that nobody gains by leaving it."""

    strategies: tuple[tuple[float, ...], ...]  # one tuple a player, over its actions
    payoffs: tuple[float, ...]
    regret: float  # greatest gain of any player, recomputed from the payoffs
    relative_regret: float  # the same as a share of that player's payoff range
    pure: bool
    strict: bool  # every deviation of every player loses more than a tie
    exact: tuple[tuple[Fraction, ...], ...] | None = None  # the same strategies as rationals, where known
    profile: Mapping[str, str] | None = None  # move -> option, pure equilibria of a scenario
    events: Mapping[str, float] | None = None  # event -> its share under this equilibrium, for a scenario

    def to_dict(self) -> dict[str, Any]:
        """The entry of `sim solve --json`."""
        entry: dict[str, Any] = {"strategies": [list(shares) for shares in self.strategies]}
        if self.exact is not None:
            entry["exact"] = [[str(share) for share in shares] for shares in self.exact]
        entry |= {
            "payoffs": list(self.payoffs),
            "regret": self.regret,
            "relative_regret": self.relative_regret,
            "pure": self.pure,
            "strict": self.strict,
        }
        if self.profile is not None:
            entry["profile"] = dict(self.profile)
        if self.events is not None:
            entry["events"] = dict(self.events)
        return entry


@dataclass(frozen=True, slots=True)
class EquilibriumSet:
    """All that was found for one game and one concept, and whether that is everything there is."""

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    concept: str
    complete: bool
    why: str
    equilibria: tuple[Equilibrium, ...]
    nash_subsets: tuple[tuple[int, ...], ...] = ()  # two players: maximal bicliques, as indices into equilibria
    components: tuple[tuple[int, ...], ...] = ()  # two players: connected components, as indices into equilibria
    order: str | None = None
    status: Mapping[str, str] | None = None  # event -> one of the six words, for a scenario
    seconds: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """One object of `sim solve --json`: plain lists, numbers and words."""
        result: dict[str, Any] = {
            "game": self.game,
            "players": list(self.players),
            "strategies": [list(actions) for actions in self.actions],
            "concept": self.concept,
        }
        if self.order is not None:
            result["order"] = self.order
        result |= {
            "complete": self.complete,
            "why": self.why,
            "equilibria": [equilibrium.to_dict() for equilibrium in self.equilibria],
            "nash_subsets": [list(subset) for subset in self.nash_subsets],
            "components": [list(component) for component in self.components],
        }
        if self.status is not None:
            result["status"] = dict(self.status)
        return result | dict(self.extra) | {"seconds": self.seconds}

    def _repr_html_(self) -> str:
        head = ["", *self.players, *(f"payoff of {player}" for player in self.players), "relative regret", "kind"]
        rows = [
            [
                str(k + 1),
                *(_played(own, labels) for own, labels in zip(one.strategies, self.actions, strict=True)),
                *(f"{payoff:.4g}" for payoff in one.payoffs),
                f"{one.relative_regret:.2g}",
                "strict" if one.strict else "pure" if one.pure else "mixed",
            ]
            for k, one in enumerate(self.equilibria[:MOST_ROWS])
        ]
        order = "" if self.order is None else f", order {self.order}"
        known = "complete" if self.complete else "not known to be complete"
        shown = "" if len(self) <= MOST_ROWS else f" The first {MOST_ROWS} are shown."
        said = "".join(f" {event}: {status}." for event, status in (self.status or {}).items())
        caption = f"{self.concept} of {self.game}{order}. {len(self)} found, {known}: {self.why}.{shown}{said}"
        return html_table(caption, head, rows)

    def __len__(self) -> int:
        return len(self.equilibria)

    def __repr__(self) -> str:
        known = "complete" if self.complete else "not known to be complete"
        return f"<{self.concept} of {self.game}: {len(self)} found, {known} ({self.why})>"


def _played(shares: tuple[float, ...], labels: tuple[str, ...]) -> str:
    """An action, or a mixture with its shares."""
    played = [(label, share) for label, share in zip(labels, shares, strict=True) if share]
    return played[0][0] if len(played) == 1 else " + ".join(f"{share:.4g} ({label})" for label, share in played)


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth value, so no ==
class EquilibriumBatch:
    """The pure equilibria of many games at once, with what a sceptic needs to check them."""

    concept: str
    is_equilibrium: NDArray[np.bool_]  # (draws, n_1, ..., n_N)
    payoffs: NDArray[np.float64]  # (draws, players, n_1, ..., n_N), as given
    complete: NDArray[np.bool_]  # (draws,)
    why: str  # the ground for `complete`, or what is missing

    @property
    def counts(self) -> NDArray[np.int64]:
        """Equilibria found in each draw, shape (draws,)."""
        return np.asarray(self.is_equilibrium.reshape(len(self), -1).sum(axis=1), dtype=np.int64)

    @property
    def max_regret(self) -> NDArray[np.float64]:
        """Greatest regret of any player at any equilibrium of the draw, recomputed from the payoffs; 0 without any."""
        worst = np.zeros(self.is_equilibrium.shape)
        for player in range(self.payoffs.shape[1]):
            own = self.payoffs[:, player]
            worst = np.maximum(worst, own.max(axis=1 + player, keepdims=True) - own)
        return np.asarray(np.where(self.is_equilibrium, worst, 0.0).reshape(len(self), -1).max(axis=1))

    def equilibria(self, draw: int) -> EquilibriumSet:
        """The equilibria of one draw."""
        u, players = self.payoffs[draw], range(self.payoffs.shape[1])
        scale = [float(np.ptp(own)) for own in u]
        found = []
        for profile in np.argwhere(self.is_equilibrium[draw]).tolist():
            at = tuple(profile)
            rivals = [np.delete(u[(i, *at[:i], slice(None), *at[i + 1 :])], at[i]) for i in players]
            gains = [
                max(float(other.max(initial=-np.inf) - u[(i, *at)]), 0.0)
                for i, other in zip(players, rivals, strict=True)
            ]
            relative = max(gain / scale[i] if scale[i] else 0.0 for i, gain in enumerate(gains))
            strict = all((u[(i, *at)] - rivals[i] > TIE * scale[i]).all() for i in players)
            shares = tuple(tuple(float(k == at[i]) for k in range(u.shape[1 + i])) for i in players)
            earned = tuple(float(u[(i, *at)]) for i in players)
            found.append(Equilibrium(shares, earned, max(gains), relative, True, strict))
        names = tuple(str(i + 1) for i in players)
        labels = tuple(tuple(str(k + 1) for k in range(n)) for n in u.shape[1:])
        return EquilibriumSet(
            f"draw {draw}", names, labels, self.concept, bool(self.complete[draw]), self.why, tuple(found)
        )

    def __len__(self) -> int:
        return len(self.is_equilibrium)

    def __repr__(self) -> str:
        return f"<{self.concept}: {len(self)} draws, {int(self.complete.sum())} complete ({self.why})>"
