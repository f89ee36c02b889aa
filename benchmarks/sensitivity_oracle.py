"""Sobol' indices side by side with SALib's: Ishigami's function, the g-function, and an event of the baseline.

Run: python -m benchmarks.sensitivity_oracle. Both get the same models and as many evaluations. SALib draws its own
design (one scrambled Sobol' sequence, its intervals by resampling); ours repeats the estimate over 16 scrambles. For
the functions the truth stands beside both.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from math import hypot, pi

import numpy as np
from SALib.analyze import sobol as salib_indices
from SALib.sample import sobol as salib_points

import sim
from sim.analysis.bounds import upper
from sim.analysis.pick_freeze import halves, pick_freeze
from sim.analysis.sobol_indices import independent_groups
from sim.solvers.concepts import Request
from sim.sweeps.run import make_engine, rows_at
from sim.sweeps.sobol import T15_95
from sim.sweeps.streams import Sampler, sample, sobol_over

Numbers = Mapping[str, np.ndarray]
Model = Callable[[Numbers], np.ndarray]


@dataclass(frozen=True)
class Side:
    """First and total indices with half of their 95% intervals, and the processor time they took in seconds."""

    first: np.ndarray
    first_half: np.ndarray
    total: np.ndarray
    total_half: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Case:
    """A model of independent uniform numbers, its groups, and the truth where it is known."""

    name: str
    model: Model
    names: Sequence[str]
    groups: Sequence[Sequence[str]]
    truth: tuple[Sequence[float], Sequence[float]] | None = None


@dataclass(frozen=True)
class Given(Sampler):
    """A sampler that hands out columns of a matrix that is there already."""

    columns: Mapping[str, np.ndarray] | None = None

    def uniforms(self, seed: int, name: str, start: int, count: int) -> np.ndarray:
        """As `Sampler.uniforms`; the seed makes no difference."""
        assert self.columns is not None
        return self.columns[name][start : start + count]


def ishigami(own: Numbers) -> np.ndarray:
    x, y, z = (pi * (2 * own[name] - 1) for name in "xyz")
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def g_function(own: Numbers, a: Sequence[float]) -> np.ndarray:
    return np.prod([(abs(4 * own[f"x{k}"] - 2) + c) / (1 + c) for k, c in enumerate(a)], axis=0)


def ishigami_case() -> Case:
    x, y, xz = 0.5 * (1 + 0.1 * pi**4 / 5) ** 2, 49 / 8, 0.01 * pi**8 * (1 / 18 - 1 / 50)
    whole = x + y + xz
    truth = [x / whole, y / whole, 0.0], [(x + xz) / whole, y / whole, xz / whole]
    return Case("Ishigami", ishigami, "xyz", [(name,) for name in "xyz"], truth)


def g_case() -> Case:
    a = (0.0, 0.5, 1.0, 3.0, 9.0, 99.0)
    names = [f"x{k}" for k in range(len(a))]
    own = np.array([1 / (3 * (1 + c) ** 2) for c in a])
    whole = np.prod(1 + own) - 1
    total = own * np.prod(1 + own) / (1 + own) / whole
    return Case("g-function", partial(g_function, a=a), names, [(name,) for name in names], (own / whole, total))


def baseline_case(event: str) -> Case:
    """Whether an event is possible between pairs, as a function of the uniform numbers that parameters are made of."""
    scenario = sim.load("vladivostok-2023").data
    request = Request("strong-2")
    engine = make_engine(scenario, [request])
    place = engine.events.index(event)

    def possible(own: Numbers) -> np.ndarray:
        count = len(next(iter(own.values())))
        values = sample(scenario, 0, 0, count, Given(columns=own))
        return upper(rows_at(engine, values, draws=count).concepts[request].status[place]).astype(float)

    names = sobol_over([scenario]).names or ()
    groups = independent_groups(scenario)
    held = [name for name in names if not any(name in group for group in groups)]  # observers' weights move no player
    own = [name for name in names if name not in held]
    still = dict.fromkeys(held, 0.5)

    def model(numbers: Numbers) -> np.ndarray:
        count = len(next(iter(numbers.values())))
        return possible({**numbers, **{name: np.full(count, value) for name, value in still.items()}})

    return Case(f"{event} possible, strong-2, baseline", model, own, groups)


def ours(case: Case, draws: int, seed: int) -> Side:
    begun = time.process_time()
    a, b = ({name: half.uniforms(seed, name, 0, draws) for name in case.names} for half in halves(case.names))
    found = pick_freeze(lambda own: case.model(own)[None], [(a, b)], case.groups)
    columns = (found.first, T15_95 * found.first_error, found.total, T15_95 * found.total_error)
    return Side(*(own[:, 0] for own in columns), time.process_time() - begun)


def salibs(case: Case, draws: int, seed: int) -> Side:
    begun = time.process_time()
    label = {name: " + ".join(group) for group in case.groups for name in group}
    problem = {"num_vars": len(case.names), "names": list(case.names), "bounds": [[0.0, 1.0]] * len(case.names)}
    problem["groups"] = [label[name] for name in case.names]
    points = salib_points.sample(problem, draws, calc_second_order=False, seed=seed)
    y = case.model({name: np.ascontiguousarray(points[:, k]) for k, name in enumerate(case.names)})
    found = salib_indices.analyze(problem, y, calc_second_order=False, seed=seed)
    at = {name: k for k, name in enumerate(dict.fromkeys(problem["groups"]))}
    order = [at[" + ".join(group)] for group in case.groups]
    columns = (np.asarray(found[key])[order] for key in ("S1", "S1_conf", "ST", "ST_conf"))
    return Side(*columns, time.process_time() - begun)


def compare(case: Case, draws: int, seed: int, most: int = 8) -> list[str]:
    """The groups with the greatest total index, ours beside SALib's; how often both agree within their intervals."""
    one, other = ours(case, draws, seed), salibs(case, draws, seed)
    head = f"{'':34}{'first':>16}{'SALib':>17}{'truth':>8}{'total':>17}{'SALib':>17}{'truth':>8}"
    lines = [f"{case.name}: {draws:,} draws, {draws * (len(case.groups) + 2):,} evaluations each", head]
    for k in np.argsort(-one.total)[:most]:
        cells = [f"{' + '.join(case.groups[k]):34}"]
        for order, part in enumerate(("first", "total")):
            for side in (one, other):
                cells.append(f"{getattr(side, part)[k]:9.3f} ± {getattr(side, part + '_half')[k]:.3f} ")
            cells.append("" if case.truth is None else f"{case.truth[order][k]:7.3f}")
        lines.append(" ".join(cells))
    lines.append(f"{agreement(one, other)}. Processor time: {one.seconds:.2f} s, SALib {other.seconds:.2f} s.")
    return lines


def agreement(one: Side, other: Side) -> str:
    """How many indices differ by no more than both intervals allow together."""
    near = total = 0
    for part in ("first", "total"):
        halves_of = zip(getattr(one, part + "_half"), getattr(other, part + "_half"), strict=True)
        allowed = np.array([hypot(a, b) for a, b in halves_of])
        near += int((abs(getattr(one, part) - getattr(other, part)) <= allowed + 1e-12).sum())
        total += len(allowed)
    return f"{near} of {total} indices agree within their joint 95% interval"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=8_192, help="of A and of B: a power of two")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    ours(ishigami_case(), 16, asked.seed)  # compiled loops are loaded once, outside the times
    print(f"realpolitik {sim.__version__}, SALib {version('salib')}")
    for case in (ishigami_case(), g_case(), baseline_case("deal")):
        print("\n" + "\n".join(compare(case, asked.draws, asked.seed)))


if __name__ == "__main__":
    main()
