"""What a solver returns: a set of equilibria of one game, with the certificate that a sceptic needs to check it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.plain_html import MOST_ROWS, html_table
from sim.solvers.components import connected_components, nash_subsets
from sim.solvers.ties import TIE
from sim.solvers.verdict import Verdict, held

CELLS_AT_ONCE = 1 << 20  # payoffs in memory at a time where regrets are computed


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
    extra: Mapping[str, Any] = field(default_factory=dict)  # what one concept alone says of it

    def to_dict(self) -> dict[str, Any]:
        """The entry of `sim solve --json`."""
        listed = any(self.strategies)  # else they are too many, and `extra` says what is done
        entry: dict[str, Any] = {"strategies": [list(shares) for shares in self.strategies] if listed else None}
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
        return entry | dict(self.extra)


@dataclass(frozen=True, slots=True)
class EquilibriumSet:
    """All that was found for one game and one concept, and whether that is everything there is."""

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    concept: str
    verdict: Verdict  # whether that is everything there is, and why
    equilibria: tuple[Equilibrium, ...]
    nash_subsets: tuple[tuple[int, ...], ...] = ()  # two players: maximal bicliques, as indices into equilibria
    components: tuple[tuple[int, ...], ...] = ()  # two players: connected components, as indices into equilibria
    order: str | None = None
    status: Mapping[str, str] | None = None  # event -> one of the six words, for a scenario
    seconds: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether these are all equilibria there are."""
        return self.verdict.complete

    @property
    def why(self) -> str:
        """What makes the list complete, or what is missing."""
        return self.verdict.why

    def to_dict(self) -> dict[str, Any]:
        """One object of `sim solve --json`: plain lists, numbers and words."""
        result: dict[str, Any] = {
            "game": self.game,
            "players": list(self.players),
            "strategies": [list(actions) for actions in self.actions] if any(self.actions) else None,
            "concept": self.concept,
        }
        if self.order is not None:
            result["order"] = self.order
        result["complete"] = self.complete
        if self.verdict.scope is not None:
            result["scope"] = self.verdict.scope
        result |= {
            "why": self.why,
            "equilibria": [equilibrium.to_dict() for equilibrium in self.equilibria],
            "nash_subsets": [list(subset) for subset in self.nash_subsets],
            "components": [list(component) for component in self.components],
        }
        if self.status is not None:
            result["status"] = dict(self.status)
        return result | dict(self.extra) | {"seconds": self.seconds}

    def _repr_html_(self) -> str:
        alone = self.order is None  # what an order of moves leads to need not be stable against a change made alone
        head = ["", *self.players, *(f"payoff of {player}" for player in self.players)]
        rows = [
            [
                str(k + 1),
                *(_played(own, labels) for own, labels in zip(one.strategies, self.actions, strict=True)),
                *(f"{payoff:.4g}" for payoff in one.payoffs),
                *([f"{one.relative_regret:.2g}", _kind(one)] if alone else []),
            ]
            for k, one in enumerate(self.equilibria[:MOST_ROWS])
        ]
        head += ["relative regret", "kind"] if alone else []
        order = "" if self.order is None else f", order {self.order}"
        known = "complete" if self.complete else "not known to be complete"
        shown = "" if len(self) <= MOST_ROWS else f" The first {MOST_ROWS} are shown."
        said = "".join(f" {event}: {status}." for event, status in (self.status or {}).items())
        caption = f"{self.concept} of {self.game}{order}. {len(self)} found, {known}: {self.why}.{shown}{said}"
        return html_table(caption, head, rows) + self._beside()

    def _beside(self) -> str:
        """What stands beside the equilibria and is a list of its own: bounds of events, patience, bargains."""
        bounds = [[name, f"{low:.6g}", f"{high:.6g}"] for name, (low, high) in self._extra("bounds")]
        patience = [[name, "cannot be held" if x is None else f"{x:.6g}"] for name, x in self._extra("patience")]
        gains = [
            [name, *([f"{x:.6g}" for x in one["gains"]] if one else ["nothing is better for both", ""])]
            for name, one in self._extra("solutions")
        ]
        tables = (
            ("Probability over all correlated equilibria", ["event", "least", "greatest"], bounds),
            ("Least patience that holds cooperation up", ["repeated game", "patience"], patience),
            ("Gains over disagreement", ["solution", *self.extra.get("between", ())], gains),
        )
        return "".join(html_table(*table) for table in tables if table[2])

    def _extra(self, key: str) -> list[tuple[str, Any]]:
        return list(self.extra.get(key, {}).items())

    def __len__(self) -> int:
        return len(self.equilibria)

    def __repr__(self) -> str:
        known = "complete" if self.complete else "not known to be complete"
        return f"<{self.concept} of {self.game}: {len(self)} found, {known} ({self.why})>"


def _kind(one: Equilibrium) -> str:
    return "strict" if one.strict else "pure" if one.pure else "mixed"


def _played(shares: tuple[float, ...], labels: tuple[str, ...]) -> str:
    """An action, or a mixture with its shares."""
    played = [(label, share) for label, share in zip(labels, shares, strict=True) if share]
    return played[0][0] if len(played) == 1 else " + ".join(f"{share:.4g} ({label})" for label, share in played)


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth value, so no ==
class EquilibriumBatch:
    """The equilibria of many games of one size at once, with what a sceptic needs to check them.

    All profiles of all games stand in one list, game after game; those of game d are rows first[d] .. first[d + 1] - 1.
    """

    concept: str
    payoffs: NDArray[np.float64]  # (draws, players, n_1, ..., n_N), as given
    first: NDArray[np.int64]  # (draws + 1,)
    strategies: tuple[NDArray[np.float64], ...]  # one a player, (profiles, n_i)
    verdicts: tuple[Verdict, ...]
    ground: NDArray[np.uint8]  # (draws,): which of `verdicts`
    extra: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)  # what one concept alone says, (draws,) each

    @classmethod
    def of_pure(
        cls, concept: str, payoffs: NDArray[np.float64], is_equilibrium: NDArray[np.bool_], verdict: Verdict
    ) -> "EquilibriumBatch":
        """From a mask over pure profiles, shape (draws, n_1, ..., n_N)."""
        draw, *profile = np.nonzero(is_equilibrium)
        draws, *sizes = is_equilibrium.shape
        first = np.searchsorted(draw, np.arange(draws + 1)).astype(np.int64)
        strategies = tuple(np.eye(n)[chosen] for n, chosen in zip(sizes, profile, strict=True))
        return cls(concept, payoffs, first, strategies, (verdict,), np.zeros(draws, dtype=np.uint8))

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Whether all equilibria of each draw are known, shape (draws,)."""
        return np.array([one.complete for one in self.verdicts])[self.ground]

    @property
    def grounds(self) -> tuple[str, ...]:
        """What makes draws complete, or what is missing; `ground` says which."""
        return tuple(one.why for one in self.verdicts)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Equilibria found in each draw, shape (draws,)."""
        return np.diff(self.first)

    @property
    def max_regret(self) -> NDArray[np.float64]:
        """Greatest regret of any player at any equilibrium of the draw, recomputed from the payoffs; 0 without any."""
        worst = np.zeros(len(self))
        draw = np.repeat(np.arange(len(self)), self.counts)
        step = max(1, CELLS_AT_ONCE // self.payoffs[0].size)
        for start in range(0, len(draw), step):
            rows = slice(start, start + step)
            regret = regrets(self.payoffs[draw[rows]], [own[rows] for own in self.strategies])
            np.maximum.at(worst, draw[rows], regret.max(axis=1))
        return worst

    def equilibria(self, draw: int) -> EquilibriumSet:
        """The equilibria of one draw, sorted by player 1's strategy, then player 2's, and so on, descending."""
        draw = range(len(self))[draw]
        rows = slice(int(self.first[draw]), int(self.first[draw + 1]))
        profiles = list(zip(*(map(tuple, own[rows].tolist()) for own in self.strategies), strict=True))
        profiles.sort(reverse=True)
        names = tuple(str(i + 1) for i in range(self.payoffs.shape[1]))
        labels = tuple(tuple(str(k + 1) for k in range(n)) for n in self.payoffs.shape[2:])
        graph = [(profile[0], profile[1]) for profile in profiles] if self._is_bipartite() else []
        listed = _certified(self.payoffs[draw], profiles)
        return EquilibriumSet(
            f"draw {draw}",
            names,
            labels,
            self.concept,
            held(self.verdicts[self.ground[draw]], listed, ties=self.concept != "nash"),
            listed,
            nash_subsets=nash_subsets(graph),
            components=connected_components(graph),
            extra={name: float(own[draw]) for name, own in self.extra.items()},
        )

    def __getitem__(self, draw: int) -> EquilibriumSet:
        """As `equilibria`; IndexError beyond the last draw, so that a batch can be looped over."""
        return self.equilibria(draw)

    def _is_bipartite(self) -> bool:
        return self.concept == "nash" and len(self.strategies) == 2

    def __len__(self) -> int:
        return len(self.ground)

    def __repr__(self) -> str:
        return f"<{self.concept}: {len(self)} draws, {int(self.complete.sum())} complete ({'; '.join(self.grounds)})>"


def _certified(
    payoffs: NDArray[np.float64], profiles: Sequence[tuple[tuple[float, ...], ...]]
) -> tuple[Equilibrium, ...]:
    """Payoffs, regret, purity and strictness of the profiles of one game, from its payoffs in floating point."""
    if not profiles:
        return ()
    count = len(payoffs)
    strategies = [np.array([profile[i] for profile in profiles]) for i in range(count)]
    tables = np.broadcast_to(payoffs, (len(profiles), *payoffs.shape))
    earned = np.stack(
        [(_by_action(tables[:, i], strategies, i) * strategies[i]).sum(axis=1) for i in range(count)], axis=1
    )
    regret = regrets(tables, strategies)
    scale = np.array([np.ptp(own) for own in payoffs])
    relative = np.divide(regret, scale, out=np.zeros_like(regret), where=scale > 0)
    pure = np.all([own.max(axis=1) == 1 for own in strategies], axis=0)
    strict = pure.copy()
    for i in range(count):
        value = _by_action(tables[:, i], strategies, i)
        loss = np.where(strategies[i] > 0, np.inf, earned[:, i, None] - value)
        strict &= (loss > TIE * scale[i]).all(axis=1)
    return tuple(
        Equilibrium(
            profile,
            tuple(earned[k].tolist()),
            float(regret[k].max()),
            float(relative[k].max()),
            bool(pure[k]),
            bool(strict[k]),
        )
        for k, profile in enumerate(profiles)
    )


def regrets(payoffs: NDArray[np.float64], strategies: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Each player's best payoff of a pure action less the profile's payoff, shape (profiles, players), none negative.

    What the own action 0 earns is taken off first, whatever the others do: it changes no gain, and a large zero point
    of the payoffs would drown small gains.
    """
    regrets = []
    for i, own in enumerate(strategies):
        table = payoffs[:, i]
        value = _by_action(table - table.take([0], axis=1 + i), strategies, i)
        regrets.append(np.maximum(value.max(axis=1) - (value * own).sum(axis=1), 0.0))
    return np.stack(regrets, axis=1)


def _by_action(
    table: NDArray[np.float64], strategies: Sequence[NDArray[np.float64]], player: int
) -> NDArray[np.float64]:
    """What each of the player's actions earns, (profiles, n_1, ..., n_N) -> (profiles, n_player)."""
    for rival in reversed(range(len(strategies))):
        if rival != player:
            shares = strategies[rival]
            shape = [len(shares), *[1] * (table.ndim - 1)]
            shape[1 + rival] = shares.shape[1]
            table = (table * shares.reshape(shape)).sum(axis=1 + rival, keepdims=True)
    return table.reshape(len(table), -1)
