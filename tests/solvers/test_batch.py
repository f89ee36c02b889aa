"""The compiled batch against whole-array operations: the same profiles, margins and gaps to the last bit."""

from itertools import combinations

import numpy as np
import pytest

import sim
from sim.solvers.batch import as_words, truths
from sim.solvers.concepts import Request, Rules, requests_for, rules_of, solve_batch
from sim.solvers.strong import coalitions_of
from sim.solvers.ties import ranges
from sim.sweeps.run import make_engine, rows_at
from tests.solvers.plain_concepts import pure_nash, standing, strong, subgame_perfect

SHAPES = [
    (((0,), (1,)), (3, 4)),
    (((0,), (1,), (2,)), (2, 3, 2)),
    (((0, 2), (1,)), (2, 3, 2)),
    (((1,), (0, 3), (2,)), (2, 2, 3, 2)),
    (((0,), (1, 2), (3, 4), (5,)), (3, 2, 2, 2, 2, 3)),
    (((0,),), (5,)),
    (((0, 1), ()), (2, 2)),
]


def some_orders(rng: np.random.Generator, axes: int) -> dict[str, tuple[tuple[int, ...], ...]]:
    """One move after the other, some at once, all at once."""
    own = rng.permutation(axes).tolist()
    cut = axes // 2
    return {
        "each": tuple((axis,) for axis in own),
        "pairs": tuple(tuple(own[k : k + 2]) for k in range(0, axes, 2)),
        "halves": tuple(part for part in (tuple(own[:cut]), tuple(own[cut:])) if part),
        "once": (tuple(own),),
    }


def assert_as_plain(u: np.ndarray, rules: Rules, requests: list[Request]) -> None:
    found, scale = solve_batch(u, rules, requests), ranges(u)
    nash, gap = pure_nash(u, rules.axes_of, scale)
    alone = strong(u, rules.axes_of, scale, standing(nash, gap), tuple((k,) for k in range(len(rules.axes_of))))
    for request in requests:
        answer = found[request]
        if request.order is not None:
            ((mask, least),) = subgame_perfect(u, rules.axes_of, scale, [rules.orders[request.order]])
            margin = least
        else:
            left, size = alone, int(request.concept[7]) if request.concept.startswith("strong") else 1
            may = None if request.concept.endswith("-any") else rules.may
            for k in range(2, size + 1):
                left = strong(u, rules.axes_of, scale, left, coalitions_of(len(rules.axes_of), k, may))
            mask, margin, least = left.mask(u.shape[2:]), left.margin(), left.gap
        assert (answer.is_equilibrium == mask).all(), request
        assert np.array_equal(answer.gap, least), request
        assert np.array_equal(
            np.where(mask.any(axis=tuple(range(1, mask.ndim))), answer.margin, np.inf),
            np.where(mask.any(axis=tuple(range(1, mask.ndim))), margin, np.inf),
        ), request


@pytest.mark.parametrize("kind", ["ties", "floats", "tiny"])
@pytest.mark.parametrize(("axes_of", "shape"), SHAPES)
def test_every_concept_is_what_whole_arrays_give(axes_of, shape, kind: str) -> None:
    rng = np.random.default_rng(len(shape) * 10 + len(kind))
    players = len(axes_of)
    size = (70, players, *shape)
    u = rng.integers(0, 4, size).astype(float) if kind == "ties" else rng.normal(size=size)
    u[3], u[7, 0] = 0.0, 5.0  # nothing matters to any, and to one
    u *= 1e-305 if kind == "tiny" else 1.0
    may = tuple(group for group in combinations(range(players), 2) if sum(group) % 2)
    rules = Rules(axes_of, may=may, orders=some_orders(rng, len(shape)))
    names = [f"strong-{k}{tail}" for k in range(2, players + 1) for tail in ("", "-any")]
    requests = [Request("pure-nash"), *map(Request, names)]
    assert_as_plain(u, rules, requests + [Request("subgame-perfect", name) for name in rules.orders])


def test_the_rows_of_the_baseline_are_those_of_its_tensors() -> None:
    data = sim.load("vladivostok-2023").data
    requests = requests_for(data)
    scenario = sim.load("vladivostok-2023")
    engine, parameters = make_engine(data, requests), scenario.draws(70, 4)
    u = scenario.payoffs(parameters)
    assert_as_plain(u, rules_of(data), list(requests))
    rows, tensors = rows_at(engine, parameters), solve_batch(u, rules_of(data), requests)
    for request, own in rows.concepts.items():
        mask = tensors[request].is_equilibrium.reshape(len(u), -1)
        assert own.n.tolist() == mask.sum(axis=1).tolist()
        assert np.array_equal(own.margin, np.where(mask.any(axis=1), tensors[request].margin, np.inf))
        for draw, present in enumerate(mask):
            vectors = engine.classes.holds[engine.classes.code[present]]
            assert own.n_outcomes[draw] == len(np.unique(vectors, axis=0))
            words = ["always" if all(e) else "sometimes" if any(e) else "never" for e in vectors.T]
            codes = [("always", "sometimes", "never").index(word) for word in words] if len(vectors) else [3] * 9
            assert own.status[:, draw].tolist() == codes


def test_words_and_truths_are_each_others_inverse() -> None:
    mask = np.random.default_rng(1).random((5, 40)) < 0.5
    assert (truths(as_words(mask))[:, :40] == mask).all()
    assert not truths(as_words(mask))[:, 40:].any()
