"""Private types: published games, every full plan with every belief, and what is refused."""

import json
import random
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

import sim
from sim.show.equilibria import plain_equilibria
from sim.solvers.bayes import BayesianGame, bayes_nash, gains
from sim.solvers.perfect_bayes import cut, perfect_bayes
from tests.made import made

BEER_QUICHE = """
[players.S]
name = "Sender"
moves.breakfast = ["quiche", "beer"]
[players.R]
name = "Receiver"
moves.reply = ["leave", "fight"]
[parameters]
surly = { value = 0.5 }
[stakes]
favourite = { value = "surly if breakfast == 'beer' else 1 - surly" }
peace = { value = "reply == 'leave'" }
courage = { value = "1 - surly if reply == 'fight' else surly" }
[events]
beer = "breakfast == 'beer'"
fought = "reply == 'fight'"
[interests.S]
favourite = { weight = 1 }
peace = { weight = 2 }
[interests.R]
courage = { weight = 1 }
[types.S]
tough = { share = 0.9, set = { surly = 1 } }
wimp = { share = 0.1, set = { surly = 0 } }
[orders.watched]
moves = ["breakfast", "reply"]
"""
DETERRENCE = """
[players.A]
name = "Challenger"
moves.challenge = ["keep", "challenge"]
[players.B]
name = "Defender"
moves.answer = ["yield", "resist"]
[parameters]
conflict = { value = -1 }
[events]
challenged = "challenge == 'challenge'"
war = "challenged and answer == 'resist'"
[payoffs]
A = [[0, 0], [2, -2]]
B = [[3, 3], [0, "conflict"]]
[types.B]
hard = { share = HARD, set = { conflict = 1 } }
soft = { share = SOFT, set = { conflict = -1 } }
[orders.in_turn]
moves = ["challenge", "answer"]
"""
KYDD = """
[players.A]
name = "A"
moves.a = ["defect", "cooperate"]
[players.B]
name = "B"
moves.b = ["defect", "cooperate"]
[parameters]
greed = { value = 3 }
[payoffs]
A = [[1, 3], [0, 4]]
B = [[1, 0], ["greed", 4]]
[types.B]
trustworthy = { share = TRUST, set = { greed = 3 } }
untrustworthy = { share = REST, set = { greed = 5 } }
"""


def outcomes(found: sim.solvers.equilibria.EquilibriumSet) -> list[list[str]]:
    """What each profile of types reaches, as texts of options."""
    return [[" ".join(one["profile"].values()) for one in each.extra["outcomes"]] for each in found.equilibria]


def test_beer_and_quiche_are_both_pooled_on_and_nothing_separates(tmp_path: Path) -> None:  # Cho & Kreps (1987)
    found = sim.solve(made(tmp_path, BEER_QUICHE), "bayes", order="watched")
    assert outcomes(found) == [["quiche leave", "quiche leave"], ["beer leave", "beer leave"]]
    assert found.complete
    assert found.order == "watched"
    assert found.status == {"beer": "sometimes", "fought": "never"}
    assert found.equilibria[1].payoffs == (2.9, 0.9)


def test_more_wimps_than_tough_ones_leave_no_pure_perfect_bayesian_play(tmp_path: Path) -> None:
    body = BEER_QUICHE.replace("share = 0.9", "share = 0.3").replace("share = 0.1", "share = 0.7")
    found = sim.solve(made(tmp_path, body), "bayes", order="watched")
    assert outcomes(found) == []
    assert found.status == {"beer": "none", "fought": "none"}


@pytest.mark.parametrize(
    ("hard", "challenged", "war"), [("0.6", "never", 0.0), ("0.5", "sometimes", 0.5), ("0.4", "always", 0.4)]
)
@pytest.mark.parametrize("order", [None, "in_turn"])
def test_a_challenge_pays_up_to_half_of_hard_defenders(  # Zagare & Kilgour (2000), appendix 3
    tmp_path: Path, hard: str, challenged: str, war: float, order: str | None
) -> None:
    body = DETERRENCE.replace("HARD", hard).replace("SOFT", str(1 - Fraction(hard)).join('""'))
    found = sim.solve(made(tmp_path, body), "bayes", order=order)
    if order:  # at once, a defender that is not challenged may plan anything
        assert found.status["challenged"] == challenged
    last = found.equilibria[-1]
    if challenged != "never":
        assert last.extra["by_type"] == {"B": {"hard": {"answer": "resist"}, "soft": {"answer": "yield"}}}
        assert last.profile == {"challenge": "challenge"}
        assert last.events == {"challenged": 1.0, "war": war}
    shares = [1 - Fraction(hard), Fraction(hard)]
    assert (((0, 1), tuple(shares)) in [one.exact for one in found.equilibria]) == (challenged != "never")


@pytest.mark.parametrize(("trust", "both"), [("0.4", False), ("0.5", True), ("0.6", True)])
def test_trust_of_one_half_is_enough_to_cooperate(tmp_path: Path, trust: str, both: bool) -> None:  # Kydd (2005)
    body = KYDD.replace("TRUST", trust).replace("REST", str(1 - Fraction(trust)).join('""'))
    found = sim.solve(made(tmp_path, body), "bayes")
    by_type = [one.extra["by_type"]["B"] for one in found.equilibria if one.profile.get("a") == "cooperate"]
    wanted = {"trustworthy": {"b": "cooperate"}, "untrustworthy": {"b": "defect"}}
    assert by_type == ([wanted] if both else [])


def test_a_costly_signal_separates_only_those_for_whom_it_is_cheap(tmp_path: Path) -> None:  # after Spence (1973)
    body = """
[players.W]
name = "Worker"
moves.school = ["no", "yes"]
[players.F]
name = "Firm"
moves.wage = ["low", "high"]
[parameters]
skill = { value = 1 }
cost = { value = 1 }
[stakes]
pay = { value = "3 if wage == 'high' else 1" }
years = { value = "cost if school == 'yes' else 0" }
match = { value = "skill if wage == 'high' else 1 - skill" }
[interests.W]
pay = { weight = 1 }
years = { weight = -1 }
[interests.F]
match = { weight = 1 }
[types.W]
able = { share = "1/3", set = { skill = 1, cost = 1 } }
other = { share = "2/3", set = { skill = 0, cost = 3 } }
[orders.signal]
moves = ["school", "wage"]
"""
    found = sim.solve(made(tmp_path, body), "bayes", order="signal")
    assert outcomes(found) == [["no low", "no low"], ["yes high", "no low"]]  # pooling without school; separating


def test_a_deviation_in_two_steps_is_not_forgotten() -> None:
    """N could gain only by going first and pressing later; what it would do later must not hold it back."""
    payoffs = {}
    for kind in range(2):
        table = np.empty((2, 2, 2, 2), dtype=object)  # N: go; R: meet; N: press
        for go, meet, press in product(range(2), repeat=3):
            n = 1 if not go else (3 if press else 0) if kind == 0 else (-9 if press else 0)
            table[:, go, meet, press] = [Fraction(n), Fraction(0)]
        payoffs[0, kind] = table
    game = BayesianGame(
        ("N", "R"),
        ((0, 2), (1,)),
        (("",), ("mild", "fierce")),
        ((Fraction(1),), (Fraction(9, 10), Fraction(1, 10))),
        payoffs,
    )
    reached = {
        tuple(np.unravel_index(at, game.shape)[0] for at in play) for play in perfect_bayes(game, [[0], [1], [2]])
    }
    assert reached == {(1, 1)}  # at 9/10 mild, going and pressing is worth 1.8; staying 1


# Every full plan, every belief: straight from the definition.


def random_game(rng: random.Random, types: tuple[int, ...], owners: tuple[int, ...]) -> BayesianGame:
    """Two options a move, payoffs of few values so that ties abound."""
    count = len(types)
    axes = tuple(tuple(k for k, who in enumerate(owners) if who == player) for player in range(count))
    shares = []
    for n in types:
        parts = [rng.randint(1, 3) for _ in range(n)]
        shares.append(tuple(Fraction(part, sum(parts)) for part in parts))
    payoffs = {}
    for kind in product(*map(range, types)):
        table = np.empty((count, *[2] * len(owners)), dtype=object)
        for at in np.ndindex(table.shape):
            table[at] = Fraction(rng.randint(0, 3), rng.choice((1, 2)))
        payoffs[kind] = table
    names = tuple(tuple(f"t{t}" for t in range(n)) if n > 1 else ("",) for n in types)
    return BayesianGame(tuple("ABC"[:count]), axes, names, tuple(shares), payoffs)


def turns_of(game: BayesianGame, elements: list[list[int]]) -> list[list[tuple[int, list[int]]]]:
    return [
        [(p, [a for a in element if a in axes]) for p, axes in enumerate(game.axes_of) if set(axes) & set(element)]
        for element in elements
    ]


def sets_of(game: BayesianGame, elements: list[list[int]]):
    """Every information set: player, own type, what was seen; with its actions."""
    found, seen = [], []
    for turns in turns_of(game, elements):
        for history in product(*(range(2) for _ in seen)):
            for player, own in turns:
                found += [
                    ((player, t, tuple(zip(seen, history, strict=True))), list(product(range(2), repeat=len(own))))
                    for t in range(len(game.types[player]))
                ]
        seen = [*seen, *(axis for _, own in turns for axis in own)]
    return found


def run(game: BayesianGame, elements: list[list[int]], plan, kind, start=()) -> tuple[tuple[int, int], ...]:
    """Axis -> option, as play goes on from a history."""
    at = list(start)
    for turns in turns_of(game, elements):
        if set(turns[0][1]) <= {axis for axis, _ in at}:
            continue
        seen = tuple(at)
        for player, own in turns:
            at += zip(own, plan[player, kind[player], seen], strict=True)
    return tuple(at)


def place(game: BayesianGame, path) -> int:
    at = dict(path)
    return int(np.ravel_multi_index([at[axis] for axis in range(len(at))], game.shape))


def by_definition(game: BayesianGame, elements: list[list[int]]) -> list[tuple[int, ...]]:
    sets = sets_of(game, elements)
    kinds = game.type_profiles
    result = set()
    for choice in product(*(actions for _, actions in sets)):
        plan = dict(zip((where for where, _ in sets), choice, strict=True))
        paths = {kind: run(game, elements, plan, kind) for kind in kinds}
        if all(believable(game, elements, sets, plan, paths, where) for where, _ in sets):
            result.add(tuple(place(game, paths[kind]) for kind in kinds))
    return sorted(result)


def believable(game, elements, sets, plan, paths, where) -> bool:
    """Whether under some belief (Bayes' where play leads) no other plan for the rest is better there."""
    player, own, seen = where
    kinds = [kind for kind in game.type_profiles if kind[player] == own]
    later = [(s, actions) for s, actions in sets if s[0] == player and s[1] == own and s[2][: len(seen)] == seen]
    coming = [kind for kind in kinds if set(seen) <= set(paths[kind])]
    stay = [worth(game, player, kind, run(game, elements, plan, kind, seen)) for kind in kinds]
    rows = []
    for choice in product(*(actions for _, actions in later)):
        other = plan | dict(zip((s for s, _ in later), choice, strict=True))
        rows.append([worth(game, player, kind, run(game, elements, other, kind, seen)) - base
                     for kind, base in zip(kinds, stay, strict=True)])  # fmt: skip
    if coming:
        odds = [game.share(kind) if kind in coming else Fraction(0) for kind in kinds]
        return all(sum(p * g for p, g in zip(odds, row, strict=True)) <= 0 for row in rows)
    return feasible(rows)


def worth(game: BayesianGame, player: int, kind, path) -> Fraction:
    return game.payoffs[kind][player].ravel()[place(game, path)]


def feasible(rows) -> bool:
    """Whether some distribution makes no row positive; one or two cases, by an interval."""
    if len(rows[0]) == 1:
        return all(row[0] <= 0 for row in rows)
    low, high = Fraction(0), Fraction(1)  # the chance of the second case
    for first, second in rows:
        slope = second - first
        if slope == 0 and first > 0:
            return False
        if slope > 0:
            high = min(high, -first / slope)
        elif slope < 0:
            low = max(low, -first / slope)
    return low <= high


SHAPES = [  # types of each player, who owns each move, the order
    ((2, 1), (0, 1), [[0], [1]]),
    ((1, 2), (0, 1, 0), [[0], [1], [2]]),
    ((1, 2), (0, 1, 0), [[0, 1], [2]]),
    ((1, 2), (0, 1, 0), [[1, 2], [0]]),
    ((2, 2), (0, 1), [[0], [1]]),
    ((2, 2), (0, 1), [[0, 1]]),
    ((2, 1, 1), (0, 1, 2), [[0], [1, 2]]),
    ((2, 1), (0, 1, 0), [[0, 2], [1]]),
    ((2, 1), (1, 0, 1), [[0], [1], [2]]),
]


@pytest.mark.parametrize(("types", "owners", "elements"), SHAPES)
def test_every_plan_with_every_belief_gives_the_same_outcomes(types, owners, elements) -> None:
    sizes = []
    for seed in range(8 if len(owners) > 2 else 40):
        game = random_game(random.Random(seed), types, owners)
        found = perfect_bayes(game, elements)
        assert found == by_definition(game, elements), seed
        sizes.append(len(found))
    assert len(set(sizes)) > 1


@pytest.mark.parametrize(("types", "owners"), [((2, 1), (0, 1)), ((2, 2), (0, 1)), ((2, 1, 2), (0, 1, 2, 1))])
def test_every_joint_plan_is_checked_type_by_type(types, owners) -> None:
    for seed in range(25):
        game = random_game(random.Random(seed), types, owners)
        everything = list(range(len(owners)))
        assert sorted(bayes_nash(game)) == at_once(game, everything)
        assert all(gains(game, play).regret == 0 for play in bayes_nash(game))


def at_once(game: BayesianGame, axes: list[int]) -> list[tuple[int, ...]]:
    """With everything in one element, nothing is unreached: Bayes-Nash equilibria by the definition."""
    sets = sets_of(game, [axes])
    result = []
    for choice in product(*(actions for _, actions in sets)):
        plan = dict(zip((where for where, _ in sets), choice, strict=True))
        paths = {kind: run(game, [axes], plan, kind) for kind in game.type_profiles}
        good = True
        for (player, own, _), actions in sets:
            kinds = [kind for kind in game.type_profiles if kind[player] == own]
            values = [
                sum(game.share(kind) * worth(game, player, kind, run(game, [axes], plan | {(player, own, ()): a}, kind))
                    for kind in kinds)
                for a in actions
            ]  # fmt: skip
            good = good and values[actions.index(plan[player, own, ()])] == max(values)
        if good:
            result.append(tuple(place(game, paths[kind]) for kind in game.type_profiles))
    return sorted(set(result))


def test_beliefs_that_are_left_are_those_of_a_linear_programme() -> None:
    rng = random.Random(3)
    answers = []
    for _ in range(300):
        n = rng.choice((3, 4))
        rows = [[rng.randint(-3, 4) for _ in range(n)] for _ in range(rng.randint(1, 4))]
        corners = [tuple(int(a == b) for b in range(n)) for a in range(n)]
        for row in rows:
            corners = cut(corners, row)
        least = linprog(
            np.append(np.zeros(n), 1),
            A_ub=np.hstack([rows, -np.ones((len(rows), 1))]),
            b_ub=np.zeros(len(rows)),
            A_eq=[[1] * n + [0]],
            b_eq=[1],
            bounds=[(0, None)] * n + [(None, None)],
        )
        answers.append(bool(corners))
        assert bool(corners) == (least.fun <= 1e-9)
        assert all(sum(p * g for p, g in zip(corner, row, strict=True)) <= 0 for corner in corners for row in rows)
    assert set(answers) == {True, False}


def test_json_says_what_each_type_does_and_the_page_too(tmp_path: Path) -> None:
    body = DETERRENCE.replace("HARD", "0.4").replace("SOFT", "0.6")
    found = sim.solve(made(tmp_path, body), "bayes", order="in_turn")
    said = json.loads(json.dumps(found.to_dict()))
    (one,) = said["equilibria"]
    assert said["order"] == "in_turn"
    assert one["by_type"]["B"]["soft"] == {"answer": "yield"}
    assert [(own["types"]["B"], own["share"]) for own in one["outcomes"]] == [("hard", 0.4), ("soft", 0.6)]
    assert "B if hard: answer=resist" in plain_equilibria(found)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("hard = { share = HARD", "hard = { share = 0"), "'hard' has the share 0"),
        (("[types.B]", "[types.A]\nx = { share = 0.5, set = { conflict = 0 } }\n"
          "y = { share = 0.5, set = { conflict = 0 } }\n[types.B]"), "both set 'conflict'"),
    ],
)  # fmt: skip
def test_types_that_make_no_sense_are_refused(tmp_path: Path, change, complaint) -> None:
    body = DETERRENCE.replace(*change).replace("HARD", "0.4").replace("SOFT", "1" if "share 0" in complaint else "0.6")
    with pytest.raises(sim.UsageError, match=complaint):
        sim.solve(made(tmp_path, body), "bayes")


def test_without_types_and_with_an_unknown_order_it_says_what_is_missing(tmp_path: Path) -> None:
    body = DETERRENCE.partition("[types.B]")[0]
    with pytest.raises(sim.UsageError, match=r"no \[types.X\]"):
        sim.solve(made(tmp_path, body), "bayes")
    whole = DETERRENCE.replace("HARD", "0.4").replace("SOFT", "0.6")
    with pytest.raises(sim.UsageError, match=r"no order 'in_trun'.*'in_turn'"):
        sim.solve(made(tmp_path, whole), "bayes", order="in_trun")
    with pytest.raises(sim.UsageError, match="needs a scenario"):
        sim.solve(sim.Game.from_arrays([[1, 2], [3, 4]], [[1, 2], [3, 4]]), "bayes")


def test_too_many_plans_are_refused_before_they_are_made() -> None:
    game = random_game(random.Random(1), (3, 1), (0,) * 7 + (1,))
    with pytest.raises(sim.UsageError, match=r"128\^3 x 2 joint plans"):
        bayes_nash(game)
