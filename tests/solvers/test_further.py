"""The further concepts as a user meets them: one object a game, its JSON, its statuses, and what is missing said."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.expected import verdicts_of
from sim.errors import UsageError
from sim.scenario.reader import read_scenario
from sim.show.equilibria import plain_equilibria
from tests.made import made

PLAYERS = """
[players.A]
name = "A"
moves.a = ["keep", "give"]
moves.b = ["stay", "go"]
[players.B]
name = "B"
moves.c = ["keep", "give"]
[players.C]
name = "C"
moves.d = ["off", "on"]
"""
GIFTS = """
[events]
both = "a == 'give' and c == 'give'"
on = "d == 'on'"
[parameters]
ends = { value = 0.2 }
[stakes]
from_a = { value = "a == 'give'" }
from_b = { value = "c == 'give'" }
noise = { value = "on" }
[interests.A]
from_a = { weight = -1 }
from_b = { weight = 3 }
[interests.B]
from_a = { weight = 4 }
from_b = { weight = -2 }
[interests.C]
noise = { weight = 1 }
[bargaining.swap]
between = ["A", "B"]
given = { d = "on" }
disagreement = { a = "keep", b = "stay", c = "keep" }
[repeated.trust]
players = ["A", "B"]
cooperate = { a = "give", c = "give", d = "on" }
punish = { d = "on" }
ends = "ends"
[repeated.hope]
players = ["A", "B"]
cooperate = { a = "give", c = "give" }
punish = { a = "give" }
ends = "ends"
"""
WHOLE = PLAYERS + GIFTS


def answer(scenario: sim.Scenario | sim.Game, concept: str, **more: object) -> dict:
    """The JSON of one answer, read back: no NaN, no infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(json.dumps(sim.solve(scenario, concept, **more).to_dict()), parse_constant=refuse)


def test_correlated_gives_bounds_of_every_event(tmp_path: Path) -> None:
    found = answer(made(tmp_path, WHOLE), "correlated")
    assert found["bounds"] == {"both": [0.0, 0.0], "on": [1.0, 1.0]}
    assert found["status"] == {"both": "never", "on": "always"}


def test_a_game_without_events_gets_bounds_of_every_action() -> None:
    game = sim.Game.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], players=["R", "C"])
    assert answer(game, "correlated")["bounds"] == {
        name: pytest.approx([0, 1]) for name in ("R: 1", "R: 2", "C: 1", "C: 2")
    }


def test_bargaining_gives_solutions_with_lotteries_over_whole_profiles(tmp_path: Path) -> None:
    found = answer(made(tmp_path, WHOLE), "bargaining", bargaining="swap")
    nash = found["solutions"]["nash"]
    assert nash["gains"] == [2.0, 2.0]
    assert nash["product"] == 4.0
    assert nash["lottery"] == [{"profile": {"a": "give", "b": "stay", "c": "give", "d": "on"}, "share": 1.0}]
    assert set(found["solutions"]) == {"nash", "kalai-smorodinsky"}
    assert found["status"] == {"both": "sometimes", "on": "always"}  # the fair lottery has a gift without return
    assert not found["complete"]  # he may stay or go: neither counts
    assert found["disagreement"] == [0.0, 0.0]


def test_gains_are_counted_from_the_disagreement_wherever_that_lies(tmp_path: Path) -> None:
    body = WHOLE.replace("[interests.A]", 'luck = { value = "1" }\n[interests.A]\nluck = { weight = 5 }')
    found = answer(made(tmp_path, body), "bargaining")
    assert found["disagreement"] == [5.0, 0.0]
    assert found["solutions"]["nash"]["gains"] == [2.0, 2.0]


def test_an_event_that_an_unseen_lottery_could_change_is_open(tmp_path: Path) -> None:
    body = WHOLE.replace("[parameters]", "went = \"b == 'go'\"\n[parameters]")
    assert answer(made(tmp_path, body), "bargaining")["status"]["went"] == "open"


def test_a_bargain_that_helps_nobody_has_status_none(tmp_path: Path) -> None:
    scenario = made(tmp_path, WHOLE.replace("from_b = { weight = 3 }", "from_b = { weight = 0.1 }"))
    found = answer(scenario, "bargaining")
    assert found["solutions"] == {"nash": None, "kalai-smorodinsky": None}
    assert found["status"] == {"both": "none", "on": "none"}


def test_repeated_gives_the_patience_of_each_pair(tmp_path: Path) -> None:
    found = answer(made(tmp_path, WHOLE), "repeated")
    # A: (3 - 2) / (3 - 0), B: (4 - 2) / (4 - 0) = 1/2, of which one fifth of the games are the last
    assert found["patience"] == {"trust": pytest.approx(0.5 / 0.8), "hope": None}
    assert "no equilibrium" in found["reasons"]["hope"]
    (kept,) = found["equilibria"]
    assert kept["profile"] == {"a": "give", "b": "stay", "c": "give", "d": "on"}


def test_setting_a_number_moves_patience_and_bargain(tmp_path: Path) -> None:
    scenario = made(tmp_path, WHOLE)
    assert answer(scenario.set(ends=0), "repeated")["patience"]["trust"] == pytest.approx(0.5)
    assert answer(scenario.set(ends="0.6"), "repeated")["patience"]["trust"] is None
    assert answer(scenario.set(**{"A.from_b": 4}), "bargaining")["solutions"]["nash"]["gains"] == [3.0, 2.0]


def test_logit_of_a_scenario_does_not_hang_on_the_unit_of_a_player(tmp_path: Path) -> None:
    plain = made(tmp_path, WHOLE)
    other = made(tmp_path, WHOLE.replace("weight = 4 }", "weight = 400 }").replace("weight = -2 }", "weight = -200 }"))
    first, second = (answer(one, "qre", precision=2)["equilibria"][0]["strategies"] for one in (plain, other))
    assert first[1] == pytest.approx(second[1])
    assert "not free of scale" in answer(plain, "qre", precision=2)["why"]


def test_qre_of_a_game_takes_payoffs_as_they_are() -> None:
    game = sim.Game.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    found = answer(game, "qre", precision=1)
    assert found["precision"] == 1
    (one,) = found["equilibria"]
    assert one["strategies"][0][0] == pytest.approx(0.226751, abs=1e-6)  # shares of range would give 0.43
    assert one["relative_regret"] > 0.01
    assert "exact" not in one


def test_what_cannot_be_followed_is_unsolved_and_says_so(tmp_path: Path) -> None:
    body = """
[players.A]
name = "A"
moves.a = ["x", "y"]
[players.B]
name = "B"
moves.b = ["x", "y"]
[events]
met = "a == b"
[payoffs]
A = [[1, 0], [0, 1]]
B = [[1, 0], [0, 1]]
""".replace('"a == b"', "\"a == 'x' and b == 'x'\"")
    found = answer(made(tmp_path, body), "logit")
    assert found["equilibria"] == []
    assert found["status"] == {"met": "unsolved"}
    assert found["why"].startswith("unsolved: the principal branch is crossed")
    assert not found["complete"]


def test_elmira_is_reached_step_by_step_from_the_status_quo() -> None:
    found = answer(sim.load("elmira"), "seq")
    assert found["complete"]
    assert found["paths"][0] == [
        {"player": "LG", "profile": {"order": "original", "firm": "delay", "town": "insist"}},
    ]
    assert found["paths"][1:] == [None] * 5
    assert found["status"]["state_4"] == "never"
    assert answer(sim.load("elmira"), "gmr")["status"]["state_4"] == "sometimes"


def test_two_by_two_games_say_which_equilibrium_is_safer() -> None:
    assert answer(sim.load("stag-hunt"), "nash")["risk_dominant"] == ["hare", "hare"]
    assert answer(sim.load("prisoners-dilemma"), "nash")["risk_dominant"] == "not defined"
    assert "risk_dominant" not in answer(sim.load("von-stengel-3x2"), "nash")


@pytest.mark.parametrize("concept", ["nash", "correlated", "logit", "qre", "bargaining", "repeated"])
def test_ranks_are_not_enough_for_concepts_that_add_and_weigh(concept: str) -> None:
    with pytest.raises(UsageError, match="ordinal"):
        sim.solve(sim.load("elmira"), concept, precision=1)


@pytest.mark.parametrize(
    ("concept", "more", "said"),
    [
        ("qre", {}, "--precision"),
        ("qre", {"precision": -1}, "from 0 up"),
        ("bargaining", {}, "no [bargaining.X]"),
        ("repeated", {}, "no [repeated.X]"),
    ],
)
def test_what_is_missing_is_named(concept: str, more: dict, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        sim.solve(sim.load("stag-hunt"), concept, **more)
    assert said in str(caught.value)


def test_a_bargain_is_found_by_name_or_the_nearest_is_offered(tmp_path: Path) -> None:
    scenario = made(tmp_path, WHOLE + WHOLE[WHOLE.index("[bargaining.swap]") : WHOLE.index("[repeated.trust]")].replace(
        "bargaining.swap", "bargaining.trade"
    ))  # fmt: skip
    with pytest.raises(UsageError, match="'swap', 'trade'"):
        sim.solve(scenario, "bargaining")
    with pytest.raises(UsageError, match="'swap'"):
        sim.solve(scenario, "bargaining", bargaining="swop")
    with pytest.raises(UsageError, match="needs a scenario"):
        sim.solve(sim.Game.from_arrays([[1]], [[1]]), "bargaining")


@pytest.mark.parametrize(
    ("concept", "said"),
    [
        ("correlated", ["both: 0 to 0", "on: 1 to 1"]),
        ("bargaining", ["nash: A gains 2, B 2; product 4", "1 of a=give b=stay c=give d=on"]),
        ("repeated", ["trust: needs patience 0.625", "hope: cannot be held"]),
        ("qre", ["Precision 2."]),
    ],
)
def test_a_terminal_shows_what_the_json_holds(tmp_path: Path, concept: str, said: list[str]) -> None:
    precision = 2.0 if concept == "qre" else None
    text = plain_equilibria(sim.solve(made(tmp_path, WHOLE), concept, precision=precision))
    for words in said:
        assert words in text
    assert max(map(len, text.splitlines())) <= 100


EXPECT = """
[[expect]]
concept = "bargaining"
gains = { nash = [2, 2] }
source = "here"
[[expect]]
concept = "repeated"
patience = { trust = "5/8" }
source = "here"
[[expect]]
concept = "correlated"
bounds = { both = [0, 0] }
source = "here"
"""


@pytest.mark.parametrize(
    ("right", "wrong", "difference"),
    [
        ("[2, 2]", "[2, 3]", "gains of nash: 2, 2, not 2, 3"),
        ('"5/8"', '"1/2"', "patience of trust: 0.625, not 1/2"),
        ('trust = "5/8"', 'hope = "1/2"', "patience of hope: none, not 1/2"),
        ("[0, 0]", '[0, "1/2"]', "bounds of both: 0, 0, not 0, 1/2"),
    ],
)
def test_published_gains_patience_and_bounds_are_held_against_ours(
    tmp_path: Path, right: str, wrong: str, difference: str
) -> None:
    assert all(one.holds for one in verdicts_of(made(tmp_path, WHOLE + EXPECT).data))
    told = [text for one in verdicts_of(made(tmp_path, WHOLE + EXPECT.replace(right, wrong)).data)
            for text in one.differences]  # fmt: skip
    assert told == [difference]


def test_misspelt_answers_are_refused_by_the_reader(tmp_path: Path) -> None:
    wrong = EXPECT.replace("nash = [2, 2]", "nahs = [2, 2]").replace("trust =", "thrust =").replace("[0, 0]", "[0]")
    with pytest.raises(sim.ScenarioError) as caught:
        made(tmp_path, WHOLE + wrong)
    causes = [problem.cause for problem in caught.value.problems]
    assert [cause for cause in causes if "no bargaining solution" in cause]
    assert [cause for cause in causes if "no repeated game" in cause]
    assert [cause for cause in causes if "two are needed" in cause]


def test_published_files_for_these_concepts_hold() -> None:
    folder = Path(__file__).parents[2] / "scenarios" / "published"
    for name in ("nash-1950", "elmira", "prisoners-dilemma"):
        verdicts = verdicts_of(read_scenario(folder / f"{name}.toml"))
        assert [str(one) for one in verdicts if not one.holds] == []


@pytest.mark.parametrize(
    ("concept", "said"),
    [("correlated", ["greatest", "both"]), ("repeated", ["0.625", "cannot be held"]), ("bargaining", ["nash", "2"])],
)
def test_a_notebook_shows_what_is_no_list_of_equilibria(tmp_path: Path, concept: str, said: list[str]) -> None:
    page = sim.solve(made(tmp_path, WHOLE), concept)._repr_html_()
    assert page.count("<table") == 2
    assert all(words in page for words in said)


def test_errors_that_vanish_do_not_blur_what_the_limit_says() -> None:
    found = answer(sim.load("prisoners-dilemma"), "logit")
    (one,) = found["equilibria"]
    assert one["strategies"] == [[0.0, 1.0], [0.0, 1.0]]
    assert (one["pure"], one["regret"]) == (True, 0.0)
    assert found["status"] == {"cooperation": "open"}  # one-sided, and no list of all equilibria
    assert "taken as 0" in found["why"]


CONCEPTS = [("correlated", None), ("logit", None), ("qre", 1.5), ("seq", None), ("gmr", None), ("smr", None)]


def told(u: np.ndarray, concept: str, precision: float | None) -> tuple[dict, list]:
    """Bounds of every action, and equilibria as lists of strategies, by numbers of players and actions from 0."""
    game = sim.Game.from_arrays(*u)
    found = sim.solve(game, concept, precision=precision)
    names = {f"{player}: {action}": (i, a) for i, player in enumerate(game.players) for a, action in enumerate(
        game.actions[i])}  # fmt: skip
    bounds = {names[name]: ends for name, ends in found.extra.get("bounds", {}).items()}
    return bounds, sorted([[list(own) for own in one.strategies] for one in found.equilibria])


@pytest.mark.parametrize(("concept", "precision"), CONCEPTS)
@pytest.mark.parametrize("sizes", [(3, 2), (2, 2, 3)])
def test_players_and_actions_in_another_order_and_other_units_move_the_answer_along(
    concept: str, precision: float | None, sizes: tuple[int, ...]
) -> None:
    source = np.random.default_rng(len(sizes))
    for _ in range(6):
        u = source.integers(0, 5, (len(sizes), *sizes)).astype(float)
        players = source.permutation(len(sizes)).tolist()
        actions = [source.permutation(n).tolist() for n in sizes]
        unit = 1.0 if concept == "qre" else 1024.0  # a precision counts in the inverse unit
        moved = unit * u[players].transpose(0, *(1 + player for player in players)) + 3
        for axis, player in enumerate(players):
            moved = np.take(moved, actions[player], axis=1 + axis)
        bounds, listed = told(u, concept, precision)
        bounds_after, listed_after = told(moved, concept, precision)
        assert len(listed) == len(listed_after)
        back = {(players[i], actions[players[i]][a]): ends for (i, a), ends in bounds_after.items()}
        assert back == {place: pytest.approx(ends, abs=1e-7) for place, ends in bounds.items()}
        returned = []
        for one in listed_after:
            profile = [[0.0] * n for n in sizes]
            for axis, player in enumerate(players):
                for a, share in enumerate(one[axis]):
                    profile[player][actions[player][a]] = share
            returned.append(profile)
        for mine, other in zip(listed, sorted(returned), strict=True):
            for own, right in zip(mine, other, strict=True):
                assert own == pytest.approx(right, abs=1e-3 if concept == "logit" else 1e-9)


@pytest.mark.parametrize("concept", ["nash", "correlated", "logit", "seq", "gmr", "smr", "pure-nash"])
@pytest.mark.parametrize("shape", [(1,), (4,), (1, 5), (5, 1), (2, 1, 2), (2, 2)])
def test_the_smallest_games_and_those_where_nothing_matters_are_answered(concept: str, shape: tuple[int, ...]) -> None:
    for u in (np.zeros((len(shape), *shape)), np.arange(len(shape) * np.prod(shape)).reshape(len(shape), *shape)):
        bounds, listed = told(1e9 * u, concept, None)
        assert listed or bounds
        for one in listed:
            assert [sum(own) for own in one] == pytest.approx([1.0] * len(shape))


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_correlated_bounds_hold_every_nash_equilibrium_of_payoffs_in_any_unit(scale: float) -> None:
    source = np.random.default_rng(9)
    for sizes in product((2, 3), (2, 3)):
        for _ in range(5):
            u = scale * source.integers(0, 4, (2, *sizes)) + scale
            bounds, _ = told(u, "correlated", None)
            for one in told(u, "nash", None)[1]:
                for (i, a), (least, greatest) in bounds.items():
                    assert least <= one[i][a] + 1e-12
                    assert one[i][a] <= greatest + 1e-12


def test_from_even_play_qre_goes_to_where_nobody_gains() -> None:
    source = np.random.default_rng(12)
    for _ in range(10):
        game = sim.Game.from_arrays(*source.random((2, 3, 3)))
        gains = [sim.solve(game, "qre", precision=x).equilibria[0].relative_regret for x in (1.0, 100.0, 10_000.0)]
        assert gains[0] > gains[1] > gains[2] or gains[2] < 1e-12
        assert gains[2] < 1e-3
        near = sim.solve(game, "qre", precision=1e-6).equilibria[0].strategies
        assert [share for own in near for share in own] == pytest.approx([1 / 3] * 6, abs=1e-5)
