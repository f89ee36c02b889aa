"""Whether some deviation from a profile gains whatever the numbers, though not always the same: a linear program.

The program looks for numbers at which no deviation gains more than t, and makes t as small as it can. A payoff is a sum
of products of numbers; each product is a variable of its own, kept in its range and between its factors. So the program
has more freedom than the numbers have, and where even it cannot bring t down to 0, nothing can.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis.gain_bounds import Term

Product = tuple[str | None, frozenset[str]]  # a weight (None: fixed), times numbers that run from 0 to 1

MARGIN = 1e-7  # of the greatest coefficient: what a solver of linear programs may err by, with a wide berth


def always_left(
    terms: Sequence[Sequence[Term]],
    ends: Mapping[str, tuple[float, float]],
    profile: int,
    deviations: Sequence[tuple[int, NDArray[np.intp]]],
) -> bool:
    """Whether at every set of numbers some player gains by leaving the profile.

    Args:
        terms: of each player, from `gain_bounds.terms_of`.
        ends: the range of every uncertain number.
        profile: its place.
        deviations: for each player the places of the profiles that it reaches alone.
    """
    from scipy.optimize import linprog

    places: dict[Product, int] = {}
    rows: list[dict[int, float]] = []
    bounds: list[float] = []
    for player, others in deviations:
        for other in others.tolist():
            if other == profile or not _bounded(terms[player], profile, other):
                continue
            row, constant = _gain(terms[player], profile, other, places)
            rows.append(row)
            bounds.append(-constant)
    if not rows:
        return False
    table = np.zeros((len(rows), len(places) + 1))
    for k, row in enumerate(rows):
        for place, coefficient in row.items():
            table[k, place] = coefficient
    table[:, -1] = -1.0  # gain - t <= 0
    more, most = _between_factors(places, ends)
    ranges = [_range_of(product, ends) for product in places]
    objective = np.zeros(len(places) + 1)
    objective[-1] = 1.0
    found = linprog(
        objective,
        A_ub=np.vstack([table, more]) if len(more) else table,
        b_ub=np.concatenate([bounds, most]),
        bounds=[*ranges, (None, None)],
        method="highs",
    )
    scale = max(float(np.abs(table[:, :-1]).max(initial=0.0)), max(map(abs, bounds)), 1e-300)
    return bool(found.status == 0 and found.fun > MARGIN * scale)


def _bounded(terms: Sequence[Term], profile: int, other: int) -> bool:
    """Whether every term that differs between the two profiles is made of products of bounded numbers."""
    for term in terms:
        if term.group is not None and term.group[profile] != term.group[other]:
            return False
        if not np.isfinite(term.weight).all():
            return False
    return True


def _gain(
    terms: Sequence[Term], profile: int, other: int, places: dict[Product, int]
) -> tuple[dict[int, float], float]:
    """The gain as coefficients of products, and a constant."""
    row: dict[int, float] = {}
    constant = 0.0
    for term in terms:
        if term.group is not None:
            continue  # the same at both
        coefficients = term.coefficients[:, other] - term.coefficients[:, profile]
        for subset, coefficient in enumerate(coefficients.tolist()):
            if coefficient == 0:
                continue
            numbers = frozenset(name for k, name in enumerate(term.names) if subset >> k & 1)
            fixed = term.weight[0] if term.weight_name is None else 1.0
            if term.weight_name is None and not numbers:
                constant += fixed * coefficient
                continue
            place = places.setdefault((term.weight_name, numbers), len(places))
            row[place] = row.get(place, 0.0) + fixed * coefficient
    return row, constant


def _range_of(product: Product, ends: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    weight, numbers = product
    low, high = (1.0, 1.0) if weight is None else ends[weight]
    return (min(low, 0.0), max(high, 0.0)) if numbers else (low, high)


def _between_factors(
    places: Mapping[Product, int], ends: Mapping[str, tuple[float, float]]
) -> tuple[NDArray[np.float64], list[float]]:
    """A product with one number more lies between 0 and the product without it, where the sign of that is known."""
    rows, most = [], []
    for (weight, numbers), place in places.items():
        low, high = (1.0, 1.0) if weight is None else ends[weight]
        for name in numbers:
            smaller = places.get((weight, numbers - {name}))
            if smaller is None or low < 0 < high:
                continue
            row = np.zeros(len(places) + 1)
            row[place], row[smaller] = (1.0, -1.0) if low >= 0 else (-1.0, 1.0)
            rows.append(row)
            most.append(0.0)
    return np.array(rows), most
