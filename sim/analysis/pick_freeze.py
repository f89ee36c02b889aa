"""Sobol' indices by pick-freeze: how much of the variance of a model's outputs each group of its inputs makes.

Two independent sets of inputs A and B are drawn, and AB is A with one group's inputs of B. The first index of the group
is the mean of f(B) (f(AB) - f(A)) (Saltelli et al. 2010), its total index half the mean of (f(A) - f(AB))^2 (Jansen
1999), both over the variance of f. A and B are two halves of one scrambled Sobol' sequence. Its 16 scrambles repeat the
whole estimate: their spread is its error (Owen 1997).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim.game.payoffs import Parameters
from sim.sweeps.run import Progress
from sim.sweeps.sobol import SCRAMBLES
from sim.sweeps.streams import Sampler

Floats = NDArray[np.float64]
Model = Callable[[Parameters], Floats]  # numbers of some draws -> shape (outputs, draws)
Pairs = Iterable[tuple[Parameters, Parameters]]  # A and B, some draws at a time


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Indices of every group for every output of a model, each with its standard error between scrambles."""

    mean: Floats  # (outputs,)
    variance: Floats  # (outputs,)
    first: Floats  # (groups, outputs); NaN where the output never varies, and so below
    first_error: Floats
    total: Floats
    total_error: Floats
    alone: Floats  # (outputs,): first indices of all groups added up, which errs less than its parts may seem to
    alone_error: Floats


@dataclass(frozen=True, slots=True)
class Half(Sampler):
    """One of two independent halves of a Sobol' sequence: each name has a dimension in both."""

    half: str = "A"

    def uniforms(self, seed: int, name: str, start: int, count: int) -> Floats:
        """As `Sampler.uniforms`, in this half."""
        return Sampler.uniforms(self, seed, f"{self.half}/{name}", start, count)


def halves(names: Iterable[str]) -> tuple[Half, Half]:
    """The two halves A and B of a Sobol' sequence with two dimensions a name."""
    dimensions = tuple(sorted(f"{half}/{name}" for name in names for half in "AB"))
    return Half(dimensions, "A"), Half(dimensions, "B")


def whole_draws(draws: int) -> int:
    """The least power of two of draws for each scramble that is at least `draws` in all."""
    return SCRAMBLES << max(0, -(-draws // SCRAMBLES) - 1).bit_length()


def pick_freeze(
    model: Model,
    pairs: Pairs,
    groups: Sequence[Sequence[str]],
    *,
    chunks: int = 1,
    progress: Progress | None = None,
) -> Estimates:
    """First and total indices of a model's outputs, with their errors between 16 repetitions.

    Args:
        model: vectorised over draws.
        pairs: A and B; draw k belongs to repetition k % 16, and all pairs have a multiple of 16 draws.
        groups: names whose numbers are frozen together; independent of each other.
        chunks: how many pairs there are, for `progress`.
        progress: told of groups done and in all.
    """
    sums: list[Floats] = []
    draws, shift, done = 0, None, 0
    for a_numbers, b_numbers in pairs:
        a, b = model(a_numbers), model(b_numbers)
        if shift is None:  # the variance of what lies far from 0 would drown in rounding
            shift = a.mean(axis=1, keepdims=True)
        a, b = a - shift, b - shift
        own = [_by_scramble(a + b), _by_scramble(a * a + b * b)]
        for names in groups:
            mixed = model({**a_numbers, **{name: b_numbers[name] for name in names}}) - shift
            moved = mixed - a
            own += [_by_scramble(b * moved), _by_scramble(moved), _by_scramble(moved * moved)]
            done += 1
            if progress is not None:
                progress(done, len(groups) * chunks)
        sums = [one + other for one, other in zip(sums, own, strict=True)] if sums else own
        draws += a.shape[1] // SCRAMBLES
    assert shift is not None  # there is at least one pair
    return _estimates(np.stack(sums) / draws, shift)


def _by_scramble(values: Floats) -> Floats:
    """Sums over the draws of each scramble: (outputs, draws) to (outputs, 16)."""
    return np.asarray(values.reshape(len(values), -1, SCRAMBLES).sum(axis=1))


def _estimates(means: Floats, shift: Floats) -> Estimates:
    """From means of each scramble, shape (2 + 3 groups, outputs, 16), to indices."""
    both, squares, parts = means[0] / 2, means[1] / 2, means[2:].reshape(len(means) // 3, 3, *means.shape[1:])
    mean = both.mean(axis=1, keepdims=True)
    variance = squares - 2 * mean * both + mean**2
    products, moved, distances = parts[:, 0], parts[:, 1], parts[:, 2]
    own = products - mean * moved
    shares = [_ratio(above, variance) for above in (own, distances / 2, own.sum(axis=0))]
    return Estimates((mean + shift)[:, 0], variance.mean(axis=1), *shares[0], *shares[1], *shares[2])


def _ratio(above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """The ratio of two means over scrambles, shape (..., outputs), and its standard error by linearisation.

    One ratio of means, and not the mean of 16 ratios: a scramble in which a rare event never varies has none.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = below.mean(axis=-1)
        ratio = above.mean(axis=-1) / whole
        rest = above - ratio[..., None] * below
        return ratio, rest.std(axis=-1, ddof=1) / sqrt(SCRAMBLES) / whole
