"""The rows of a sweep: the same bits however they are cut, and the games at the edge of what a scenario can be."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.solvers.concepts import Request, requests_for
from sim.sweeps.run import Rows, all_rows, chunks_of_rows, join_rows, make_engine, rows_at, shares
from sim.sweeps.status import STATUSES
from tests.made import TWO, UNSURE, made

ONE_PLAYER = '[players.A]\nname = "A"\nmoves.a = ["low", "mid", "high"]\n'
STAKE = '[stakes]\ns = { value = "rank(a)" }\n[interests.A]\ns = { weight = 1 }\n'


def engine_of(scenario, *concepts):
    return make_engine(scenario.data, requests_for(scenario.data, concepts or None))


def assert_same_rows(one: Rows, other: Rows) -> None:
    assert len(one) == len(other)
    assert one.start == other.start
    for name in one.parameters:
        a, b = (np.broadcast_to(rows.parameters[name], len(rows)) for rows in (one, other))
        assert (a == b).all(), name
    for request, own in one.concepts.items():
        for field in ("status", "n", "n_outcomes", "margin"):
            assert np.array_equal(getattr(own, field), getattr(other.concepts[request], field)), (request.name, field)
    assert (one.near_tie == other.near_tie).all()


@pytest.mark.parametrize("chunk", [1, 7, 997])
def test_the_size_of_a_chunk_changes_no_bit(tmp_path: Path, chunk: int) -> None:
    engine = engine_of(made(tmp_path, TWO + UNSURE))
    draws = 40 if chunk == 1 else 1100
    whole = all_rows(engine, draws, 3)
    assert_same_rows(join_rows(list(chunks_of_rows(engine, draws, 3, chunk=chunk))), whole)


def test_a_draw_of_the_baseline_alone_has_the_bits_that_it_has_among_others() -> None:
    engine = engine_of(sim.load("vladivostok-2023"))
    whole = all_rows(engine, 260, 2)
    for draw in (0, 127, 128, 259):
        alone = all_rows(engine, 1, 2, first=draw)
        for request, own in alone.concepts.items():
            assert (own.status[:, 0] == whole.concepts[request].status[:, draw]).all()
            assert own.margin[0] == whole.concepts[request].margin[draw]
    for chunk in (63, 64, 100):
        assert_same_rows(join_rows(list(chunks_of_rows(engine, 260, 2, chunk=chunk))), whole)


def test_a_block_that_needs_guards_has_the_rows_that_its_draws_have_elsewhere(tmp_path: Path) -> None:
    # in draw 5 a branch that is not taken divides by zero, so its block is computed again with guards
    formula = "rank(a) * (1 / x if x > 0 else y) - rank(b) * y + min(y, x)"
    body = TWO + f'[parameters]\nx = {{ value = 1 }}\ny = {{ value = 1 }}\n[stakes]\ns = {{ value = "{formula}" }}\n'
    engine = engine_of(made(tmp_path, body + "[interests.A]\ns = { weight = 1 }\n[interests.B]\ns = { weight = -1 }\n"))
    x, y = np.random.default_rng(1).uniform(0.1, 1, (2, 100))
    bare = rows_at(engine, {"x": x, "y": y, "A.s": np.ones(1), "B.s": -np.ones(1)})
    x[5] = 0.0
    guarded = rows_at(engine, {"x": x, "y": y, "A.s": np.ones(1), "B.s": -np.ones(1)})
    for request, own in guarded.concepts.items():
        for field in ("status", "n", "n_outcomes", "margin"):
            here, there = (getattr(rows, field) for rows in (own, bare.concepts[request]))
            assert np.array_equal(np.delete(here, 5, axis=-1), np.delete(there, 5, axis=-1))


def test_repeated_play_stands_beside_the_other_concepts_as_alone(tmp_path: Path) -> None:
    again = "[repeated.trust]\nplayers = ['A', 'B']\ncooperate = { a = 'high', b = 'yes' }\n"
    body = UNSURE + again + "punish = { a = 'low', b = 'no' }\nends = 'need'\n"
    scenario = made(tmp_path, TWO + body)
    both, alone = (
        make_engine(scenario.data, requests_for(scenario.data, names, repeated=True))
        for names in (("pure-nash", "repeated"), ("repeated",))
    )
    rows, own = all_rows(both, 130, 1), all_rows(alone, 130, 1)
    (found,) = own.concepts.values()
    assert (found.status == rows.concepts[Request("repeated", "trust")].status).all()
    assert set(found.n) <= {0, 1}
    assert np.isinf(found.margin).all()


def test_a_longer_sweep_begins_with_the_shorter_one_wherever_it_starts(tmp_path: Path) -> None:
    engine = engine_of(made(tmp_path, TWO + UNSURE))
    whole, tail = all_rows(engine, 300, 3), all_rows(engine, 100, 3, first=200)
    assert tail.start == 200
    for request, own in tail.concepts.items():
        assert (own.status == whole.concepts[request].status[:, 200:]).all()


def test_chunks_start_at_multiples_and_progress_counts_draws(tmp_path: Path) -> None:
    engine, heard = engine_of(made(tmp_path, TWO + UNSURE)), []
    parts = list(chunks_of_rows(engine, 20, 1, first=6, chunk=7, progress=lambda done, of: heard.append((done, of))))
    assert [(part.start, len(part)) for part in parts] == [(6, 1), (7, 7), (14, 7), (21, 5)]
    assert heard == [(1, 20), (8, 20), (15, 20), (20, 20)]
    assert_same_rows(join_rows(parts), all_rows(engine, 20, 1, first=6))


def test_more_concepts_beside_it_change_no_row_of_one(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    every, one = all_rows(engine_of(scenario), 200, 1), all_rows(engine_of(scenario, "strong-2"), 200, 1)
    request = Request("strong-2")
    assert (every.concepts[request].status == one.concepts[request].status).all()
    assert (every.concepts[request].margin == one.concepts[request].margin).all()


def test_a_scenario_without_uncertain_numbers_has_as_many_rows_as_draws(tmp_path: Path) -> None:
    body = ONE_PLAYER + "[events]\ntop = \"a == 'high'\"\n" + STAKE
    rows = all_rows(engine_of(made(tmp_path, body), "pure-nash"), 300, 1)
    assert len(rows) == 300
    assert set(rows.concepts[Request("pure-nash")].status.ravel()) == {STATUSES.index("always")}


def test_a_scenario_without_events_is_counted_by_existence(tmp_path: Path) -> None:
    engine = engine_of(made(tmp_path, ONE_PLAYER + STAKE), "pure-nash")
    rows = all_rows(engine, 5, 1)
    (share,) = shares(engine, rows)
    assert share.counts[STATUSES.index("always")] == 5
    assert rows.concepts[Request("pure-nash")].margin.tolist() == [0.5] * 5


def test_a_table_of_numbers_alone_sweeps(tmp_path: Path) -> None:
    body = TWO.partition("[observers.O]")[0] + "[payoffs]\nA = [[1, 1], [0, 0], [1, 1]]\nB = [[0, 0], [0, 0], [0, 0]]\n"
    rows = all_rows(engine_of(made(tmp_path, body), "pure-nash"), 6, 1)
    assert rows.concepts[Request("pure-nash")].n.tolist() == [4] * 6
    assert rows.concepts[Request("pure-nash")].n_outcomes.tolist() == [1] * 6


def test_a_player_of_range_0_never_leaves(tmp_path: Path) -> None:
    body = UNSURE.replace("gain = { weight = { uniform = [-1, 1] } }", "gain = { weight = 0 }").replace(
        "face = { weight = { triangular = [-2, 0.5, 1] } }", "face = { weight = 0 }"
    )
    scenario = made(tmp_path, TWO + body)
    engine = engine_of(scenario, "pure-nash", "strong-2", "subgame-perfect")
    rows, u = all_rows(engine, 50, 1), scenario.normal_form(scenario.draws(50))
    best = (u[:, 0] >= u[:, 0].max(axis=1, keepdims=True)).sum(axis=(1, 2))
    for concept in ("pure-nash", "strong-2"):  # the indifferent one gains nothing, so no pair upsets
        assert rows.concepts[Request(concept)].n.tolist() == best.tolist()
    assert np.isfinite(rows.concepts[Request("pure-nash")].margin).all()


def test_a_forbidden_option_is_in_no_equilibrium(tmp_path: Path) -> None:
    cut = made(tmp_path, TWO + UNSURE + '[allow]\nb = ["no"]\n')
    engine = engine_of(cut, "pure-nash")
    rows = all_rows(engine, 50, 1)
    assert set(rows.concepts[Request("pure-nash")].status[engine.events.index("agreed")]) == {STATUSES.index("never")}


def test_only_what_a_tolerance_might_decide_is_near_a_tie(tmp_path: Path) -> None:
    body = TWO + "[parameters]\nx = { value = 0 }\n[stakes]\ns = { value = \"(a == 'high') + x * (a == 'mid')\" }\n"
    engine = engine_of(made(tmp_path, body + "[interests.A]\ns = { weight = 1 }\n"), "pure-nash")
    parameters = {"x": 1 + np.array([0.0, 1e-13, 1e-10, 1e-8, -1e-10]), "A.s": np.ones(1)}
    assert rows_at(engine, parameters).near_tie.tolist() == [False, True, True, False, True]
