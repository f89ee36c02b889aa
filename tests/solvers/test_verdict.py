"""The one place that calls a list complete: what a solver gets wrong is seen in certificate and verdict."""

import ast
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest

import sim
from sim.game.game import Game
from sim.solvers import n_player, one_game, two_player_batch, two_player_exact
from sim.solvers.certificate import integer_payoffs
from sim.solvers.equilibria import EquilibriumBatch, EquilibriumSet
from sim.solvers.exact_pairs import mix_of
from sim.solvers.index import component_indices, equilibrium_index
from sim.solvers.n_player import solve_n_player
from sim.solvers.one_game import solve_game
from sim.solvers.two_player_exact import ExtremeEquilibria, solve_exact
from sim.solvers.verdict import Ground, held, judge, refuted
from tests.made import made
from tests.solvers.planted import planted_game, random_game

THREE = Game.from_arrays([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])  # von Stengel 2007: three equilibria
COORDINATION = Game.from_arrays(np.eye(3), np.eye(3))  # seven: three pure, three of two actions, one of all
MET = """
[players.A]
name = "A"
moves.a = ["x", "y"]
[players.B]
name = "B"
moves.b = ["x", "y"]
[events]
met = "a == b"
[payoffs]
A = [[2, 0], [0, 1]]
B = [[2, 0], [0, 1]]
""".replace('"a == b"', "\"a == 'x' and b == 'x'\"")

EVEN = (Fraction(1, 2), Fraction(1, 2))


Change = Callable[[ExtremeEquilibria], ExtremeEquilibria]


def with_list(monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Let the exact solver's list be changed on its way out."""
    honest = two_player_exact.extreme_equilibria
    monkeypatch.setattr(two_player_exact, "extreme_equilibria", lambda *args, **more: change(honest(*args, **more)))


def without(*dropped: int) -> Change:
    return lambda found: replace(found, graph=[own for k, own in enumerate(found.graph) if k not in dropped])


def test_a_wrong_equilibrium_slipped_in_shows_its_regret_and_refutes_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = mix_of((0, 1, 0))  # against player 2's first action its own first would do better
    with_list(
        monkeypatch,
        lambda found: replace(found, left=[*found.left, wrong], graph=[*found.graph, (len(found.left), 0)]),
    )
    found = solve_game(THREE, "nash")
    assert [one.regret for one in found.equilibria] == [0, 0, 0, 4]
    assert found.equilibria[3].relative_regret == pytest.approx(4 / 5)
    assert not found.complete
    assert found.why.startswith("refuted: somebody gains 0.8 of its range by leaving profile 4")
    assert Ground.VERTICES.says in found.why


@pytest.mark.parametrize("k", range(3))
def test_any_one_equilibrium_left_out_is_missed_by_the_count(monkeypatch: pytest.MonkeyPatch, k: int) -> None:
    assert solve_game(THREE, "nash").complete
    with_list(monkeypatch, without(k))
    found = solve_game(THREE, "nash")
    assert len(found) == 2
    assert not found.complete
    assert found.why.startswith("refuted: an even number")


def test_two_left_out_are_missed_by_their_indices_but_not_where_these_cancel(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = solve_exact(COORDINATION)
    index = [equilibrium_index(integer_payoffs(COORDINATION), one) for one in whole.equilibria]
    assert sorted(index) == [-1, -1, -1, 1, 1, 1, 1]  # two actions: -1
    plus, minus = index.index(1), index.index(-1)
    with monkeypatch.context() as patch:
        with_list(patch, without(plus, index.index(1, plus + 1)))
        assert solve_exact(COORDINATION).why.startswith("refuted: the indices of the 5 equilibria listed add to -1")
    with_list(monkeypatch, without(plus, minus))
    assert solve_exact(COORDINATION).complete  # a sum of 1 proves nothing


def test_an_empty_list_is_refuted_for_every_game_has_an_equilibrium(monkeypatch: pytest.MonkeyPatch) -> None:
    with_list(monkeypatch, without(0, 1, 2))
    assert "every game has one" in solve_exact(THREE).why


def test_a_tie_makes_the_game_degenerate_and_changes_strictness_and_parts() -> None:
    plain = solve_game(THREE, "nash")
    nudged = Game.from_arrays([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]])
    tied = solve_game(nudged, "nash")
    assert (plain.extra["degenerate"], tied.extra["degenerate"]) == (False, True)
    assert [one.strict for one in plain.equilibria] == [True, False, False]
    assert [one.strict for one in tied.equilibria] == [False] * 3
    assert plain.nash_subsets == plain.components == ((0,), (1,), (2,))
    assert tied.nash_subsets == tied.components == ((0, 1), (2,))  # the first two span a line of equilibria
    assert tied.complete
    index = [equilibrium_index(integer_payoffs(THREE), one) for one in plain.equilibria]
    assert index == [1, -1, 1]
    assert equilibrium_index(integer_payoffs(nudged), tied.equilibria[0]) is None  # another best reply: not regular


def test_in_a_batch_the_tied_game_alone_goes_the_exact_way() -> None:
    plain = THREE.payoffs
    tied = plain.copy()
    tied[1, 0, 1] = 3
    batch = sim.solve_many(np.stack([plain, tied, plain]))
    assert [batch.grounds[k] for k in batch.ground] == [Ground.SIGNS.says, Ground.VERTICES.says, Ground.SIGNS.says]
    assert batch.complete.all()
    assert [one.strict for one in batch.equilibria(1).equilibria] == [False] * 3


def test_in_a_batch_an_even_number_of_proved_equilibria_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = two_player_batch._by_signs

    def short(*args: object) -> tuple:
        found, left = honest(*args)
        counts = found.counts - (found.games == 0)
        return replace(found, counts=counts, x=found.x[1:], y=found.y[1:]), left

    monkeypatch.setattr(two_player_batch, "_by_signs", short)
    batch = sim.solve_many(np.stack([THREE.payoffs] * 3))
    assert batch.complete.tolist() == [False, True, True]
    assert batch.equilibria(0).why.startswith("refuted: an even number")


def test_in_a_batch_a_wrong_share_is_seen_in_the_regret_of_its_game() -> None:
    batch = sim.solve_many(np.stack([THREE.payoffs] * 2))
    moved = batch.strategies[0].copy()
    moved[1] = [0, 1, 0]
    planted = replace(batch, strategies=(moved, batch.strategies[1]))
    assert planted.max_regret[0] > 0.1
    assert planted.max_regret[1] < 1e-12
    assert [planted.equilibria(d).complete for d in range(2)] == [False, True]


def test_a_wrong_pure_profile_is_refuted_and_no_event_is_told_by_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    honest = one_game.solve_batch

    def generous(payoffs: np.ndarray, rules: object, requests: list) -> dict:
        answers = honest(payoffs, rules, requests)
        everything = np.ones((1, 2, 2), dtype=bool)
        return {row: replace(answer, is_equilibrium=everything) for row, answer in answers.items()}

    scenario = made(tmp_path, MET)
    assert sim.solve(scenario, "pure-nash").status == {"met": "sometimes"}
    monkeypatch.setattr(one_game, "solve_batch", generous)
    found = sim.solve(scenario, "pure-nash")
    assert not found.complete
    assert "refuted" in found.why
    assert found.status == {"met": "unsolved"}


def test_a_wrong_profile_of_three_players_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    game, _ = planted_game((2, 2, 2), Random(6))  # all of it mixed once, so nothing is dominated
    honest = n_player._proved

    def slipped(*args: object) -> tuple:
        entries, doubtful = honest(*args)
        return [*entries, n_player._Entry(args[3].certified((EVEN, EVEN, EVEN)), False)], doubtful

    assert solve_n_player(game).complete
    monkeypatch.setattr(n_player, "_proved", slipped)
    found = solve_n_player(game)
    assert not found.complete
    assert found.why.startswith("refuted: somebody gains")


def test_a_refuted_smaller_game_refutes_what_rests_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    A, B = THREE.payoffs
    game = Game.from_arrays(np.stack([A] * 2, 2), np.stack([B] * 2, 2), np.stack([np.ones((3, 2)), 0 * A], 2))
    assert solve_game(game, "nash").complete
    with_list(monkeypatch, without(0))
    assert not solve_game(game, "nash").complete


@pytest.mark.parametrize("greatest", [1, 3, 1000])
def test_no_true_list_is_ever_refuted(greatest: int) -> None:
    source = Random(greatest)
    for sizes in ((1, 1), (1, 4), (2, 2), (3, 3), (3, 4), (5, 5), (2, 2, 2), (2, 3, 2), (1, 2, 3)):
        for _ in range(12 if len(sizes) == 2 else 3):
            game = Game.from_arrays(*random_game(sizes, source, greatest))
            for concept in ("nash", "pure-nash", f"strong-{len(sizes)}"):
                found = solve_game(game, concept)
                assert not found.verdict.refuted, found.why
            assert not sim.solve_many(game.payoffs[None]).equilibria(0).verdict.refuted


def test_the_index_is_that_of_shapley_for_positive_payoffs() -> None:
    source = np.random.default_rng(3)
    met, degenerate = set(), 0
    for _ in range(60):
        A, B = source.integers(1, 50, (2, 4, 4))
        game = Game.from_arrays(A, B)
        for one in solve_exact(game).equilibria:
            rows, columns = ([k for k, share in enumerate(own) if share] for own in one.exact)
            if len(rows) != len(columns):
                assert equilibrium_index(integer_payoffs(game), one) is None
                continue
            own = np.ix_(rows, columns)
            sign = -((-1) ** len(rows)) * np.sign(np.linalg.det(A[own]) * np.linalg.det(B[own]))
            index = equilibrium_index(integer_payoffs(game), one)
            assert index in (sign, None)
            degenerate += index is None
            met.add((len(rows), int(sign)))
    assert met >= {(1, 1), (2, 1), (2, -1), (3, 1), (3, -1)}
    assert degenerate < 10


def test_what_is_no_certain_gain_refutes_nothing_and_what_is_not_claimed_cannot_be_refuted() -> None:
    one = solve_exact(THREE).equilibria[0]
    claim, no_claim = judge(Ground.CHECKED), judge(Ground.ONLY_NAMED)
    slightly = replace(one, relative_regret=1e-12)
    assert held(claim, [slightly], ties=True) == claim
    assert held(claim, [slightly]).refuted
    assert held(claim, [replace(slightly, exact=None)]) == claim  # its shares are rounded
    assert held(claim, [replace(one, exact=None, relative_regret=1e-6)], ties=True).refuted
    assert held(no_claim, [replace(one, relative_regret=1.0)]) == no_claim


def test_exactly_four_reasons_make_a_list_complete() -> None:
    assert {ground.reason for ground in Ground} == {"a", "b", "c", "d", None}
    for ground in Ground:
        words = dict.fromkeys(("inside", "players", "supports", "missing", "point", "trouble", "plans"), "-")
        claim = judge(ground, seconds=1, most=1, note="noted", **words)
        assert claim.complete == (ground.reason is not None)
        assert claim.why.endswith("; noted")
        assert not refuted(claim, "it is not so").complete


def test_the_scope_of_pure_play_is_said_beside_complete_and_in_why(tmp_path: Path) -> None:
    scenario = made(tmp_path, MET)
    for concept in ("pure-nash", "strong-2"):
        told = sim.solve(scenario, concept).to_dict()
        assert (told["complete"], told["scope"], "pure" in told["why"]) == (True, "pure", True)
        assert sim.solve_many(THREE.payoffs[None], concept)[0].to_dict()["scope"] == "pure"
    for concept in ("nash", "correlated", "seq"):
        assert "scope" not in sim.solve(scenario, concept).to_dict()
    for ground in Ground:
        words = dict.fromkeys(("inside", "players", "supports", "missing", "point", "trouble", "plans"), "-")
        claim = judge(ground, seconds=1, most=1, **words)
        assert claim.scope == ground.scope == refuted(claim, "it is not so").scope
        assert ground.scope is None or "pure" in ground.says or "mixed ones are not" in ground.says


def test_the_json_of_two_players_has_the_index_of_each_equilibrium_and_component() -> None:
    told = solve_game(THREE, "nash").to_dict()
    assert [one["index"] for one in told["equilibria"]] == [1, -1, 1]
    assert told["component_indices"] == [1, -1, 1]
    nudged = solve_game(Game.from_arrays([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]), "nash").to_dict()
    assert [one["index"] for one in nudged["equilibria"]] == [None, None, 1]  # a line, and a point
    assert told["components"] == [[0], [1], [2]]
    assert nudged["component_indices"] == [0, 1]  # the line's follows from the rest: all add to 1
    tied = solve_game(Game.from_arrays([[1, 0], [1, 0]], [[1, 1], [0, 0]]), "nash").to_dict()
    assert (len(tied["components"]), tied["component_indices"]) == (1, [1])
    assert component_indices([[0, 1], [2]], [None, None, 1], whole=False) == [None, 1]
    assert component_indices([[0, 1], [2], [3]], [None, None, 1, None], whole=True) == [None, 1, None]


def makes_a_verdict(path: Path) -> bool:
    """Whether a module calls the class that it imports from where verdicts are made, or sets `complete` by name."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    modules = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "sim.solvers.verdict"]
    taken = {name.asname or name.name for node in modules for name in node.names if name.name == "Verdict"}
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return any(ast.unparse(call.func) in taken or "complete" in {word.arg for word in call.keywords} for call in calls)


def test_nobody_else_makes_a_verdict(root: Path) -> None:
    assert [path.name for path in (root / "sim").rglob("*.py") if makes_a_verdict(path)] == []
    fields = {*EquilibriumSet.__dataclass_fields__, *EquilibriumBatch.__dataclass_fields__}
    assert not fields & {"complete", "why", "grounds"}  # both are asked of the verdict
