"""Published answers held against ours: each [[expect]] of a scenario, exact where the answer is."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isclose
from typing import Any

from sim.errors import UsageError
from sim.scenario.model import Expect, ScenarioData
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.one_game import solve_scenario

ROUNDING = 1e-9  # of a patience or a bound that is 0

Strategies = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one published answer is what we find."""

    file: str
    line: int
    concept: str
    order: str | None
    source: str
    holds: bool
    differences: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """An entry of `expect` in `sim check --json`."""
        return {name: getattr(self, name) for name in self.__slots__} | {"differences": list(self.differences)}

    def __str__(self) -> str:
        row = self.concept if self.order is None else f"{self.concept}.{self.order}"
        head = f"{self.file}:{self.line}:1: {row} ({self.source or 'no source'})"
        return f"{head}: holds" if self.holds else f"{head}: FAILS: {'; '.join(self.differences)}"


def verdicts_of(scenario: ScenarioData) -> tuple[Verdict, ...]:
    """Every [[expect]] of a scenario, in the order of the file."""
    return tuple(_verdict(scenario, one) for one in scenario.expect)


def _verdict(scenario: ScenarioData, expect: Expect) -> Verdict:
    """Several orders of moves, none of them named: the answer must hold in each. What cannot be asked does not hold."""
    try:
        found = solve_scenario(
            scenario, expect.concept, order=expect.order, values=expect.set, bargaining=expect.bargaining
        )
    except UsageError as error:  # said with the place in the file, and the other expectations are still tried
        differences: tuple[str, ...] = (f"cannot be asked: {error}",)
    else:
        differences = tuple(
            (f"{one.order}: {text}" if len(found) > 1 else text) for one in found for text in _differences(one, expect)
        )
    head = (expect.file, expect.line, expect.concept, expect.order, expect.source)
    return Verdict(*head, holds=not differences, differences=differences)


def _differences(found: EquilibriumSet, expect: Expect) -> list[str]:
    differences = []
    if expect.equilibria is not None:
        ours = {_strategies(found, k) for k in range(len(found))}
        published = {tuple(one[player] for player in found.players) for one in expect.equilibria}
        differences += [f"{_written(one)} is not found" for one in sorted(published - ours, reverse=True)]
        if expect.only:
            differences += [f"{_written(one)} is found beside them" for one in sorted(ours - published, reverse=True)]
            if not found.complete:
                differences.append(f"whether there are others is not known ({found.why})")
    statuses: Mapping[str, str] = found.status or {}
    differences += [
        f"'{event}' is {statuses[event]}, not {status}"
        for event, status in expect.status.items()
        if statuses[event] != status
    ]
    return differences + _further_differences(found, expect)


def _further_differences(found: EquilibriumSet, expect: Expect) -> list[str]:
    """Gains of bargains, patience, bounds of events: numbers, equal but for rounding."""
    solutions, patience, bounds = (found.extra.get(key) or {} for key in ("solutions", "patience", "bounds"))
    gains = {name: one and one["gains"] for name, one in solutions.items()}
    wanted: list[tuple[str, tuple[Fraction, ...], Any]] = []
    wanted += [(f"gains of {name}", pair, gains.get(name)) for name, pair in expect.gains.items()]
    wanted += [(f"bounds of {name}", pair, bounds.get(name)) for name, pair in expect.bounds.items()]
    for name, number in expect.patience.items():
        ours = patience.get(name)
        wanted.append((f"patience of {name}", (number,), None if ours is None else [ours]))
    return [
        f"{what}: {'none' if ours is None else ', '.join(f'{x:.6g}' for x in ours)}, not {', '.join(map(str, theirs))}"
        for what, theirs, ours in wanted
        if ours is None or not all(isclose(x, float(y), abs_tol=ROUNDING) for x, y in zip(ours, theirs, strict=True))
    ]


def _strategies(found: EquilibriumSet, k: int) -> Strategies:
    one = found.equilibria[k]
    return one.exact if one.exact is not None else tuple(tuple(map(Fraction, own)) for own in one.strategies)


def _written(strategies: Strategies) -> str:
    return "(" + "; ".join(", ".join(str(share) for share in own) for own in strategies) + ")"
