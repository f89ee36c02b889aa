"""How worrying is it, for whom: minus a player's payoff on a scale of its own, over the equilibria of every draw.

0 and 100 are the least and the greatest value over the profiles of the central game, so a draw may leave 0 to 100. An
index belongs to one player or observer: two of them are never added or compared. Where a draw has several equilibria it
has a least and a greatest index, and no average of them means anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.payoffs import BLOCK, central_parameters, compile_family, payoffs
from sim.game.plain_html import html_table
from sim.scenario.model import ScenarioData
from sim.solvers.concepts import Request, rules_of, solve_batch
from sim.sweeps.streams import sample


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One index under one concept (and order)."""

    index: str
    of: str  # the player or observer whose payoff it is
    concept: str
    order: str | None
    n: int  # draws
    with_equilibrium: int  # of them: the others have no index
    central: tuple[float, float] | None  # least and greatest over the equilibria of the central game; None without any
    least: tuple[float, float, float] | None  # 5%, 50%, 95% over draws of the least over equilibria
    greatest: tuple[float, float, float] | None  # the same of the greatest

    @property
    def row(self) -> str:
        """Concept and order as one name."""
        return self.concept if self.order is None else f"{self.concept}.{self.order}"

    def to_dict(self) -> dict[str, Any]:
        """Plain names and numbers."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Indices:
    """All indices of a scenario under all concepts asked."""

    rows: tuple[IndexRow, ...]
    draws: int
    seed: int

    def to_dict(self) -> list[dict[str, Any]]:
        """The entry `indices` of `summary.json`."""
        return [row.to_dict() for row in self.rows]

    def _repr_html_(self) -> str:
        cells = [
            [f"{row.index} ({row.of})", row.row, span(row.central), median_span(row), str(row.with_equilibrium)]
            for row in self.rows
        ]
        caption = f"0 and 100: least and greatest over the profiles of the central game; {self.draws:,} draws."
        return html_table(caption, ["index", "concept", "central", "middle draw", "draws with equilibrium"], cells)

    def __repr__(self) -> str:
        return f"<Indices: {len(self.rows)} rows of {self.draws} draws>"


def indices(scenario: ScenarioData, *, requests: Sequence[Request], draws: int, seed: int) -> Indices:
    """Every index of the file over the equilibria of every draw.

    Args:
        scenario: checked data; without `[indices]` there are no rows.
        requests: batch concepts, from `requests_for`.
        draws: sampled parameter sets, the first of the seed's stream.
        seed: of all streams.
    """
    names = [one.name for one in scenario.indices]
    if not names:
        return Indices((), draws, seed)
    central = _ends(scenario, requests, central_parameters(scenario), 1)
    drawn = _ends(scenario, requests, sample(scenario, seed, 0, draws), draws)
    rows = []
    for request in requests:
        for k, one in enumerate(scenario.indices):
            low, high = (ends[k] for ends in drawn[request])
            there = np.isfinite(low)
            at = tuple(float(ends[k, 0]) for ends in central[request])
            rows.append(
                IndexRow(
                    index=one.name,
                    of=one.of,
                    concept=request.concept,
                    order=request.order,
                    n=draws,
                    with_equilibrium=int(there.sum()),
                    central=(at[0], at[1]) if np.isfinite(at[0]) else None,
                    least=_quantiles(low[there]),
                    greatest=_quantiles(high[there]),
                )
            )
    return Indices(tuple(rows), draws, seed)


def span(ends: tuple[float, float] | None) -> str:
    """`31`, or `12 to 31`; a dash where there is no equilibrium."""
    if ends is None:
        return "-"
    low, high = (f"{round(end)}" for end in ends)  # round gives an integer: no minus before a 0
    return low if low == high else f"{low} to {high}"


def median_span(row: IndexRow) -> str:
    """From the median of the least to the median of the greatest index over draws."""
    return "-" if row.least is None or row.greatest is None else span((row.least[1], row.greatest[1]))


def _quantiles(values: NDArray[np.float64]) -> tuple[float, float, float] | None:
    if not len(values):
        return None
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95]).tolist()
    return low, middle, high


def _ends(
    scenario: ScenarioData, requests: Sequence[Request], parameters: dict[str, NDArray[np.float64]], draws: int
) -> dict[Request, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Least and greatest index over the equilibria of each draw, shape (indices, draws); not finite without any."""
    family, rules = compile_family(scenario, allowed_only=True), rules_of(scenario)
    of = tuple(one.of for one in scenario.indices)
    center = -payoffs(family, central_parameters(scenario), of=of)[0].reshape(len(of), -1)
    least, width = center.min(axis=1), np.ptp(center, axis=1)
    found = {request: (np.empty((len(of), draws)), np.empty((len(of), draws))) for request in requests}
    for start in range(0, draws, BLOCK):
        stop = min(start + BLOCK, draws)
        block = {name: own if len(own) == 1 else own[start:stop] for name, own in parameters.items()}
        answers = solve_batch(_all_draws(payoffs(family, block), stop - start), rules, requests)
        felt = _all_draws(payoffs(family, block, of=of), stop - start).reshape(stop - start, len(of), -1)
        scaled = 100 * (-felt - least[:, None]) / np.where(width > 0, width, 1.0)[:, None]
        for request, answer in answers.items():
            mask = answer.is_equilibrium.reshape(stop - start, 1, -1)
            low, high = found[request]
            low[:, start:stop] = np.where(mask, scaled, np.inf).min(axis=2).T
            high[:, start:stop] = np.where(mask, scaled, -np.inf).max(axis=2).T
    return found


def _all_draws(tensors: NDArray[np.float64], draws: int) -> NDArray[np.float64]:
    """Where every number is the same in all draws there is one tensor for all of them."""
    return tensors if len(tensors) == draws else np.repeat(tensors, draws, axis=0)
