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
        differ: tuple[str, ...] = (f"cannot be asked: {error}",)
    else:
        differ = tuple(
            (f"{one.order}: {text}" if len(found) > 1 else text) for one in found for text in differences(one, expect)
        )
    head = (expect.file, expect.line, expect.concept, expect.order, expect.source)
    return Verdict(*head, holds=not differ, differences=differ)


def differences(found: EquilibriumSet, expect: Expect) -> list[str]:
    """Everything in which an answer differs from the published one; nothing where it holds."""
    statuses: Mapping[str, str] = found.status or {}
    return (
        (_other_equilibria(found, expect) if expect.equilibria is not None else [])
        + [
            f"'{event}' is {statuses.get(event)}, not {status}"
            for event, status in expect.status.items()
            if statuses.get(event) != status
        ]
        + _other_numbers(found, expect)
    )


def _other_equilibria(found: EquilibriumSet, expect: Expect) -> list[str]:
    """Published and not found; found and not published. Each one found answers for one published."""
    ours = [_strategies(found, k) for k in range(len(found))]
    missing = []
    for published in [tuple(one[player] for player in found.players) for one in expect.equilibria or ()]:
        near = [one for one in ours if _distance(one, published) <= (expect.within or 0)]
        if near:
            ours.remove(min(near, key=lambda one: _distance(one, published)))
        else:
            missing.append(f"{_written(published)} is not found")
    if not expect.only:
        return missing
    unknown = [] if found.complete else [f"whether there are others is not known ({found.why})"]
    return missing + [f"{_written(one)} is found beside them" for one in ours] + unknown


def _distance(one: Strategies, other: Strategies) -> Fraction:
    """The greatest difference of two shares of an action."""
    return max(abs(x - y) for own, theirs in zip(one, other, strict=True) for x, y in zip(own, theirs, strict=True))


def _other_numbers(found: EquilibriumSet, expect: Expect) -> list[str]:
    """Shares of events, gains of bargains, patience, bounds of events: equal but for rounding."""
    solutions, patience, bounds = (found.extra.get(key) or {} for key in ("solutions", "patience", "bounds"))
    gains = {name: one and one["gains"] for name, one in solutions.items()}
    wanted: list[tuple[str, tuple[Fraction, ...], Any]] = []
    for event, share in expect.shares.items():
        everywhere: list[Any] = [[(one.events or {})[event]] for one in found.equilibria]
        wanted += [(f"the share of '{event}'", (share,), ours) for ours in everywhere or [None]]
    wanted += [(f"gains of {name}", pair, gains.get(name)) for name, pair in expect.gains.items()]
    wanted += [(f"bounds of {name}", pair, bounds.get(name)) for name, pair in expect.bounds.items()]
    for name, number in expect.patience.items():
        ours = patience.get(name)
        wanted.append((f"patience of {name}", (number,), None if ours is None else [ours]))
    tolerance = max(ROUNDING, float(expect.within or 0))
    return [
        f"{what}: {'none' if ours is None else ', '.join(f'{x:.6g}' for x in ours)}, not {', '.join(map(str, theirs))}"
        for what, theirs, ours in wanted
        if ours is None or not all(isclose(x, float(y), abs_tol=tolerance) for x, y in zip(ours, theirs, strict=True))
    ]


def _strategies(found: EquilibriumSet, k: int) -> Strategies:
    one = found.equilibria[k]
    return one.exact if one.exact is not None else tuple(tuple(map(Fraction, own)) for own in one.strategies)


def _written(strategies: Strategies) -> str:
    """Fractions as they are; a share whose fraction only a machine would read (1 / 2**52), as a decimal."""
    return "(" + "; ".join(", ".join(_short(share) for share in own) for own in strategies) + ")"


def _short(share: Fraction) -> str:
    return str(share) if share.denominator < 10_000 else f"{float(share):.8g}"
