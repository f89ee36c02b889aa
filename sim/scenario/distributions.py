"""What is known of one number, as a distribution: its central value, its range, and the variants that robustness needs.

Data and rationals only; drawing from them is the sweep's work. The central value is the midpoint (uniform), the mode
(triangular, PERT), the median (normal, lognormal), the mean (beta), the value of greatest share (choice) and, for
weights known only in their order, the rank-order centroid (Barron & Barrett 1996, Management Science 42(11)).
"""

import math
from dataclasses import replace
from fractions import Fraction
from statistics import NormalDist

from sim.scenario.model import Distribution

KINDS = ("fixed", "uniform", "triangular", "pert", "normal", "lognormal", "beta", "choice")
LEAST_MASS = 1e-9  # a truncation that leaves less than this of a normal is a slip, and its quantiles lose their digits


def fault(distribution: Distribution) -> str:
    """Say what keeps these numbers from being a distribution of their kind; empty where nothing does."""
    numbers = distribution.numbers
    match distribution.kind:
        case "uniform":
            low, high = numbers
            return "" if low < high else "needs lo < hi in uniform [lo, hi]"
        case "triangular" | "pert":
            low, mode, high = numbers
            good = low <= mode <= high and low < high
            return "" if good else f"needs lo <= mode <= hi and lo < hi in {distribution.kind} [lo, mode, hi]"
        case "normal":
            return _normal_fault(distribution)
        case "lognormal":
            good = numbers[0] > 0 and 0 < numbers[1] <= 20
            return "" if good else "needs median > 0 and 0 < sigma <= 20 in lognormal [median, sigma]"
        case "beta":
            good = all(0 < number <= 10**9 for number in numbers) and min(numbers) >= Fraction(1, 1000)
            return "" if good else "needs a and b from 0.001 to 1e9 in beta [a, b]"
        case "choice":
            return _choice_fault(distribution)
    return ""


def _normal_fault(distribution: Distribution) -> str:
    if distribution.numbers[1] <= 0:
        return "needs sd > 0 in normal [mean, sd]"
    if distribution.within is None:
        return ""
    low, high = distribution.within
    if low >= high:
        return "needs lo < hi in within = [lo, hi]"
    below, above = _masses(distribution)
    return "" if above - below >= LEAST_MASS else "lies almost wholly outside of its `within`"


def _choice_fault(distribution: Distribution) -> str:
    values, shares = distribution.numbers, distribution.shares
    if not values or len(values) != len(shares):
        return f"has {len(values)} values and {len(shares)} shares in choice"
    if any(share <= 0 for share in shares):
        return "needs shares above 0 in choice"
    if len(set(values)) != len(values):
        return "names a value twice in choice"
    return "" if sum(shares) == 1 else "needs shares that add to 1 in choice"


def is_fixed(distribution: Distribution) -> bool:
    """True where the number is known: every draw has the same value."""
    return distribution.kind == "fixed" or len(distribution.numbers) == 1


def central(distribution: Distribution) -> Fraction:
    """The value that stands for the distribution in the central game."""
    numbers = distribution.numbers
    match distribution.kind:
        case "uniform":
            return (numbers[0] + numbers[1]) / 2
        case "triangular" | "pert":
            return numbers[1]
        case "normal":
            return _normal_median(distribution)
        case "beta":
            return numbers[0] / (numbers[0] + numbers[1])
        case "choice":
            return numbers[distribution.shares.index(max(distribution.shares))]
        case "ranked":
            place, count, total = int(numbers[0]), int(numbers[1]), numbers[2]
            return total * sum((Fraction(1, j + 1) for j in range(place, count)), Fraction(0)) / count
    return numbers[0]  # fixed: itself; lognormal: its median


def support(distribution: Distribution) -> tuple[float, float]:
    """Least and greatest value; infinite where the distribution has no bound on that side."""
    numbers = distribution.numbers
    match distribution.kind:
        case "normal":
            within = distribution.within
            return (-math.inf, math.inf) if within is None else (float(within[0]), float(within[1]))
        case "lognormal":
            return 0.0, math.inf
        case "beta":
            return 0.0, 1.0
        case "ranked":
            place, count, total = int(numbers[0]), int(numbers[1]), numbers[2]
            ends = (total / count if place == 0 else Fraction(0), total / (place + 1))
            return float(min(ends)), float(max(ends))
    return float(min(numbers)), float(max(numbers))


def widened(distribution: Distribution, factor: Fraction, *, unit: str = "") -> Distribution:
    """The same knowledge with its range scaled about the central value; the factor is above 0 (1/2 halves, 2 doubles).

    Signs stay: a range that does not cross 0 stays on its side of it. A number whose unit is a share, with a range
    inside 0 to 1, stays inside. Other natural bounds are not known here: an index on -1 to 1 doubles to -2 to 2.
    A normal cut at a bound of that kind gets the mean that keeps its median (but for rounding); where none does, it
    stays as it is. A beta keeps its mean, and its a + b is divided by the factor's square: that scales the standard
    deviation by nearly the factor where a + b is large, and by less where doubling leaves it small (a standard
    deviation cannot pass the square root of mean * (1 - mean)). A choice two of whose values would meet at a bound
    stays as it is. Ranked weights stay: their simplex is fixed by their order and total.
    """
    if distribution.kind in ("fixed", "ranked"):
        return distribution
    numbers = distribution.numbers
    if distribution.kind == "beta":
        return replace(distribution, numbers=tuple(number / factor**2 for number in numbers))
    if distribution.kind == "lognormal":
        return replace(distribution, numbers=(numbers[0], numbers[1] * factor))
    if distribution.kind == "normal":
        return _widened_normal(distribution, factor, unit)
    if distribution.kind == "choice":
        scaled = _scaled(numbers, central(distribution), factor, unit)
        kept = len(set(scaled)) == len(scaled)  # two values held at a bound would become one
        return replace(distribution, numbers=scaled if kept else numbers)
    return replace(distribution, numbers=_scaled(numbers, central(distribution), factor, unit))


def _widened_normal(distribution: Distribution, factor: Fraction, unit: str) -> Distribution:
    """Scaled about its median: mean and cuts alike, unless a natural bound stops a cut and the mean must give way."""
    (mean, sd), within, center = distribution.numbers, distribution.within, central(distribution)
    if within is None:
        return replace(distribution, numbers=(mean, sd * factor))
    low, high = _scaled(within, center, factor, unit)
    moved = replace(distribution, numbers=(center + factor * (mean - center), sd * factor), within=(low, high))
    if (low, high) == tuple(center + factor * (end - center) for end in within):
        return moved
    below, above = low - 6 * sd * factor, high + 6 * sd * factor  # further out, too little of the normal is left
    for _ in range(60):  # the median grows with the mean
        middle = Fraction(float((below + above) / 2))
        moved = replace(moved, numbers=(middle, sd * factor))
        below, above = (middle, above) if central(moved) < center else (below, middle)
    kept = not fault(moved) and abs(central(moved) - center) <= (high - low) / 10**9
    return moved if kept else distribution


def as_uniform(distribution: Distribution) -> Distribution:
    """A uniform over the same range in place of a triangular or a PERT; others unchanged."""
    if distribution.kind not in ("triangular", "pert"):
        return distribution
    return Distribution("uniform", (distribution.numbers[0], distribution.numbers[-1]))


def _scaled(numbers: tuple[Fraction, ...], center: Fraction, factor: Fraction, unit: str) -> tuple[Fraction, ...]:
    """Scale about the centre, held inside the natural bounds that the numbers themselves keep."""
    moved = tuple(center + factor * (number - center) for number in numbers)
    if min(numbers) >= 0:
        moved = tuple(max(number, Fraction(0)) for number in moved)
    if max(numbers) <= 0:
        moved = tuple(min(number, Fraction(0)) for number in moved)
    if unit.startswith("share") and min(numbers) >= 0 and max(numbers) <= 1:
        moved = tuple(min(number, Fraction(1)) for number in moved)
    return moved


def _masses(distribution: Distribution) -> tuple[float, float]:
    """Shares of the untruncated normal below both ends of `within`, in the tail where they keep their digits."""
    low, high = _standard_ends(distribution)
    normal = NormalDist()
    return (normal.cdf(-high), normal.cdf(-low)) if low > 0 else (normal.cdf(low), normal.cdf(high))


def _standard_ends(distribution: Distribution) -> tuple[float, float]:
    mean, sd = distribution.numbers
    low, high = distribution.within or (mean, mean)
    return float((low - mean) / sd), float((high - mean) / sd)


def _normal_median(distribution: Distribution) -> Fraction:
    """The median, rounded to 12 significant digits where the truncation is lopsided."""
    mean, sd = distribution.numbers
    if distribution.within is None or sum(distribution.within) == 2 * mean:
        return mean
    low, _ = _standard_ends(distribution)
    place = NormalDist().inv_cdf(sum(_masses(distribution)) / 2)
    median = float(mean) + float(sd) * (-place if low > 0 else place)
    least, greatest = distribution.within
    return min(max(Fraction(f"{median:.12g}"), least), greatest)
