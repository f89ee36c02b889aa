"""Sequential equilibria of trees: published games, beliefs from trembles by Bayes' rule, random trees."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from sim.errors import PayoffError, UsageError
from sim.game.efg import parse_efg
from sim.game.subgames import payoffs_at_ends
from sim.game.tree import CHANCE, Node, Outcome, Tree
from sim.solvers import sequential as searched
from sim.solvers.equilibria import Equilibrium, EquilibriumSet
from sim.solvers.sequential import sequential
from sim.solvers.sequential_answer import solve_sequential
from sim.solvers.sequential_beliefs import beliefs_of, rational_weights
from sim.solvers.sequential_play import positions_of
from sim.solvers.sequential_system import Logarithm, solve_rows
from sim.solvers.tree_answer import solve_tree
from tests.game.written_games import TREES, Branch, Chance, Choice, efg_text, signalling
from tests.solvers.made_trees import centipede, random_hidden

Full = dict[int, tuple[Fraction, ...]]  # a mix at every information set of a player


def tree(root: Branch, players: int = 2) -> Tree:
    return parse_efg(efg_text("made", [f"P{k + 1}" for k in range(players)], root), "x.efg")


def played(found: EquilibriumSet) -> list[str]:
    """What is done at each information set, the sets in the order of the tree: `C R c`."""
    return sorted(
        " ".join(own["actions"][own["plays"].index(1)] for own in one.extra["information_sets"])
        for one in found.equilibria
    )


def belief(one: Equilibrium, player: str, number: str = "1") -> dict[str, Fraction]:
    """The belief at one information set, by the actions that lead there."""
    (own,) = (
        own for own in one.extra["information_sets"] if (own["player"], own["information_set"]) == (player, number)
    )
    return {" ".join(each["after"]): Fraction(each["exact"]) for each in own["beliefs"]}


def horse(end: tuple[int, int, int] = (1, 1, 1)) -> Choice:
    def three(left: Branch, right: Branch) -> Choice:
        return Choice(3, "hidden", {"L": left, "R": right})

    return Choice(1, "first", {
        "D": three((3, 3, 2), (0, 0, 0)),
        "C": Choice(2, "second", {"d": three((4, 4, 0), (0, 0, 1)), "c": end}),
    })  # fmt: skip


def test_of_the_two_pure_equilibria_of_seltens_horse_one_is_sequential() -> None:  # Selten (1975); Kreps & Wilson 1982
    found = solve_sequential(tree(horse(), 3))
    assert played(found) == ["C R c"]
    assert (found.complete, found.to_dict()["scope"]) == (True, "pure")  # others mix L in up to a quarter
    (one,) = found.equilibria
    assert one.payoffs == (1, 1, 1)
    assert belief(one, "P3")["C d"] >= Fraction(2, 3)
    assert (one.regret, one.extra["sequential_regret"]) == (0, 0)
    assert len(solve_tree(tree(horse(), 3)).equilibria) == 2


def test_play_is_known_to_be_pure_where_nothing_is_hidden_and_nobody_is_indifferent() -> None:
    def entry(share: int) -> Tree:
        return tree(
            Choice(1, "start", {"out": (0, 2), "in": Choice(2, "entered", {"fight": (-1, 1), "share": (1, share)})})
        )

    strict, tied = solve_sequential(entry(2)), solve_sequential(entry(1))
    assert (strict.complete, strict.verdict.scope, len(strict)) == (True, None, 1)
    assert (tied.complete, tied.verdict.scope, len(tied)) == (True, "pure", 2)


def test_where_none_is_found_the_answer_says_that_one_exists() -> None:
    """Before matching pennies against a hidden move player 1 may leave for more than pennies ever pay."""

    def pennies() -> Choice:
        def second(same: int) -> Choice:
            return Choice(1, "second", {"x": (same, -same), "y": (-same, same)})

        return Choice(2, "guess", {"l": second(1), "r": second(-1)})

    def first() -> Choice:
        return Choice(1, "first", {"out": (9, 0), "in": pennies()})

    found = solve_sequential(tree(Chance({"a": ("1/2", first()), "b": ("1/2", first())})))
    assert (len(found), found.complete) == (0, False)
    assert "exists all the same (Kreps & Wilson 1982)" in found.why


def test_a_plan_too_long_for_a_normal_form_is_told_by_information_sets() -> None:
    chances = 30

    nodes = {str(k): (f"1/{chances}", Choice(1, f"s{k}", {"a": (2,), "b": (0,)})) for k in range(chances)}
    found = solve_sequential(tree(Chance(nodes), 1))
    assert found.to_dict()["strategies"] is None
    (one,) = found.equilibria
    assert (one.payoffs, one.regret, one.pure, one.extra["sequential_regret"]) == ((2,), 0, True, 0)
    assert [own["plays"] for own in one.extra["information_sets"]] == [[1, 0]] * chances


def beer_quiche() -> Branch:  # Cho & Kreps (1987): 1/10 are wimps; who is not fought earns 2, the breakfast liked 1
    def worth(likes: str, coward: bool) -> dict[str, tuple[object, ...]]:
        return {
            meal + reply: (2 * (reply == "N") + (meal == likes), int((reply == "F") == coward))
            for meal in "BQ"
            for reply in "FN"
        }

    return signalling({"surly": ("9/10", worth("B", False)), "wimp": ("1/10", worth("Q", True))}, "BQ", "FN")


def test_both_breakfasts_may_be_everybodys_and_no_pure_play_tells_the_types_apart() -> None:
    found = solve_sequential(tree(beer_quiche()))
    assert played(found) == ["B N F B", "Q F N Q"]  # surly, after beer, after quiche, wimp
    beer = next(one for one in found.equilibria if one.payoffs == (2.9, 0.9))
    assert belief(beer, "P2") == {"surly B": Fraction(9, 10), "wimp B": Fraction(1, 10)}
    assert belief(beer, "P2", "2")["wimp Q"] >= Fraction(1, 2)


def out_first(second: object, wide: bool = False) -> Branch:
    """P1 stays out, or slips to a or b, which neither P2 nor P3 sees: both must believe the same of it.

    P2 takes x where a is likely enough, P3 takes l where b is at least as likely as a.
    """

    def third(slip: str) -> Choice:
        left, right = (0, 1) if slip == "a" else (1, 0)
        return Choice(3, "third", {"l": (0, second, left), "r": (0, second, right)})

    def then(slip: str) -> Choice:
        return Choice(2, "second", {"x": (0, int(slip == "a"), 0), "y": third(slip)})

    return Choice(1, "first", {"out": (2, 0, 0), "a": then("a"), "b": then("b")} | ({"c": then("c")} if wide else {}))


def test_players_who_saw_the_same_must_believe_the_same() -> None:
    """x needs a with 2/3, l needs it with at most 1/2: each is a best reply to some belief, together to none."""
    found = solve_sequential(tree(out_first("2/3"), 3))
    assert played(found) == ["out x r", "out y l", "out y r"]
    assert ["out", "x", "l"] in [list(plan) for plan in weakly_perfect(tree(out_first("2/3"), 3))]


@pytest.mark.parametrize("wide", [False, True])
def test_a_belief_that_has_to_be_met_exactly_is_found(wide: bool) -> None:
    found = solve_sequential(tree(out_first("1/2", wide), 3))
    assert played(found) == ["out x l", "out x r", "out y l", "out y r"]
    assert found.complete
    knife = plays(found, "out x l")
    assert belief(knife, "P2")["a"] == belief(knife, "P3")["a y"] == Fraction(1, 2)


def plays(found: EquilibriumSet, wanted: str) -> Equilibrium:
    (one,) = (one for one in found.equilibria if played(replace(found, equilibria=(one,))) == [wanted])
    return one


def guessing(odds: Mapping[str, str]) -> Choice:
    """P1 stays out or slips; P2 may say that it was one of the slips, which pays at worse odds than those given."""

    def bets(slip: str) -> dict[str, tuple[object, ...]]:
        paid = {said: (int(said == slip) - Fraction(p)) for said, p in odds.items()}
        return {"pass": (0, 0)} | {said: (0, gain) for said, gain in paid.items()}

    return Choice(1, "first", {"out": (1, 0)} | {slip: Choice(2, "second", bets(slip)) for slip in odds})


@pytest.mark.parametrize("odds", [{"a": "2/3", "b": "1/3"}, {"a": "1/2", "b": "1/3", "c": "1/6"}])
def test_one_belief_alone_makes_every_bet_fair_and_trembles_give_it(odds: dict[str, str]) -> None:
    game = tree(guessing(odds))
    found = solve_sequential(game)
    fair = plays(found, "out pass")
    assert belief(fair, "P2") == {slip: Fraction(p) for slip, p in odds.items()}
    assert check(game, fair) == 0
    assert found.complete


def three_bets(greatest: int) -> Branch:
    """P1 slips to a, b or c. Each of three others may learn that one of these did not happen, and nothing else.

    At x, x, x the first needs a twice as likely as b, the second b three times as likely as c, the third a at most
    `greatest` times as likely as c.
    """

    def against(player: int, likely: bool, times: int, *, both: bool = True) -> Choice:
        def worth(gain: int) -> tuple[int, ...]:
            return tuple(gain if k == player else 0 for k in range(1, 5))

        more = {"more": worth(1 if likely else -times)}
        less = {"less": worth(-1 if likely else times)} if both else {}
        return Choice(player, "", {"x": worth(0)} | more | less)

    def even(one: Branch, other: Branch) -> Chance:
        return Chance({"1": ("1/2", one), "2": ("1/2", other)})

    return Choice(1, "", {
        "out": (1, 0, 0, 0),
        "a": even(against(2, True, 2), against(4, True, greatest, both=False)),
        "b": even(against(2, False, 2), against(3, True, 3)),
        "c": even(against(3, False, 3), against(4, False, greatest, both=False)),
    })  # fmt: skip


@pytest.mark.parametrize(("greatest", "holds"), [(5, False), (6, True), (7, True)])
def test_beliefs_of_three_players_have_to_multiply(greatest: int, holds: bool) -> None:
    game = tree(three_bets(greatest), 4)
    found = solve_sequential(game)
    assert found.complete
    assert ("out x x x" in played(found)) == holds
    if holds:
        one = plays(found, "out x x x")
        assert check(game, one) == 0
        assert belief(one, "P4") == {"a 2": Fraction(6, 7), "c 2": Fraction(1, 7)}


def test_what_chance_adds_to_a_slip_is_believed_after_it() -> None:
    """Behind the slip chance has moved, 1 to 3, and P2 cannot see it: whatever the tremble, it believes 1 to 3."""

    def guess(good: str) -> Choice:
        return Choice(2, "guess", {g: (0, int(g == good)) for g in "LR"})

    game = tree(Choice(1, "", {"out": (1, 0), "in": Chance({"l": ("1/4", guess("L")), "r": ("3/4", guess("R"))})}))
    found = solve_sequential(game)
    assert played(found) == ["out R"]
    assert belief(found.equilibria[0], "P2") == {"in l": Fraction(1, 4), "in r": Fraction(3, 4)}


def test_with_nothing_hidden_sequential_is_subgame_perfect() -> None:
    for seed in range(40):
        game = random_hidden(seed, hide=0.0)
        if game is None:
            continue
        perfect, found = solve_tree(game), solve_sequential(game)
        assert {one.payoffs for one in found.equilibria} == {one.payoffs for one in perfect.equilibria}


def test_mixed_play_is_found_where_no_pure_plan_is_sequential() -> None:  # Myerson (1991), section 2.1
    found = solve_sequential(parse_efg(efg_text("poker", *TREES["poker"]), "x.efg"))
    assert found.extra["mixed"]
    assert found.complete
    (one,) = found.equilibria
    assert belief(one, "2") == {"red raise": Fraction(3, 4), "black raise": Fraction(1, 4)}
    assert check(parse_efg(efg_text("poker", *TREES["poker"]), "x.efg"), one) == 0


def test_pennies_that_are_not_played_are_mixed_and_believed() -> None:
    def guess(same: Branch, other: Branch) -> Choice:
        return Choice(2, "guess", {"h": same, "t": other})

    coin = Choice(1, "coin", {"H": guess((1, -1), (-1, 1)), "T": guess((-1, 1), (1, -1))})
    game = tree(Choice(2, "start", {"leave": (0, 1), "play": coin}))
    found = solve_sequential(game)
    assert (len(found), found.complete, found.extra["mixed"]) == (1, True, True)
    assert [own["plays"] for own in found.equilibria[0].extra["information_sets"]] == [[1, 0], [0.5, 0.5], [0.5, 0.5]]
    assert check(game, found.equilibria[0]) == 0


def test_a_branch_that_chance_never_takes_says_nothing() -> None:
    never = Chance(
        {"yes": (1, Choice(1, "", {"a": (1,), "b": (0,)})), "no": (0, Choice(1, "", {"a": (0,), "b": (9,)}))}
    )
    found = solve_sequential(tree(never, 1))
    assert played(found) == ["a"]
    assert "chance never takes" in found.why


def test_a_player_who_forgets_is_refused_by_name() -> None:
    absent = Choice(1, "here", {"go": Choice(1, "here", {"go": (1,), "stop": (4,)}), "stop": (0,)})
    with pytest.raises(UsageError, match="needs perfect recall, and in 'made' P1 forgets"):
        solve_sequential(tree(absent, 1))


def test_work_and_lists_end_where_they_should_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ties = Chance({str(k): ("1/4", Choice(1, k, {"a": (0,), "b": (0,)})) for k in range(4)})
    assert len(solve_sequential(tree(ties, 1))) == 16
    monkeypatch.setattr(searched, "GREATEST_FOUND", 10)
    stopped = solve_sequential(tree(ties, 1))
    assert (len(stopped), stopped.complete) == (10, False)
    assert "stopped at 10" in stopped.why
    monkeypatch.setattr(searched, "GREATEST_WORK", 30)
    stopped = solve_sequential(tree(ties, 1))
    assert (0 < len(stopped) < 10, stopped.complete) == (True, False)
    assert "stopped after 30 steps" in stopped.why
    monkeypatch.setattr(searched, "GREATEST_SETS", 3)
    with pytest.raises(PayoffError, match="4 information sets"):
        solve_sequential(tree(ties, 1))


# --- an oracle that shares nothing with the search ------------------------------------------------------------------


def chances(game: Tree, plan: Full, at: int) -> tuple[Fraction, ...]:
    own = game.nodes[at].information_set
    assert own is not None
    return game.information_sets[own].chances or plan[own]


def expected(game: Tree, plan: Full, start: int, player: int, ends: Mapping[int, tuple[Fraction, ...]]) -> Fraction:
    """What the player earns from a node on."""
    total, waiting = Fraction(0), [(start, Fraction(1))]
    while waiting:
        at, odds = waiting.pop()
        children = game.nodes[at].children
        if not children:
            total += odds * ends[at][player]
        elif odds:
            waiting += [(child, odds * p) for child, p in zip(children, chances(game, plan, at), strict=True)]
    return total


def members(game: Tree) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for at, node in enumerate(game.nodes):
        if node.information_set is not None and game.information_sets[node.information_set].player != CHANCE:
            found.setdefault(node.information_set, []).append(at)
    return found


def pure_plans(game: Tree) -> Iterator[Full]:
    own = sorted(members(game))
    for choice in product(*(range(len(game.information_sets[k].actions)) for k in own)):
        yield {
            k: tuple(Fraction(j == a) for j in range(len(game.information_sets[k].actions)))
            for k, a in zip(own, choice, strict=True)
        }


Gains = dict[int, set[tuple[Fraction, ...]]]  # at each set, for every other plan: what it gains from each node on


def all_gains(game: Tree, plan: Full) -> Gains:
    """By any pure plan of the player's own for all of its sets, played out in full."""
    ends, result = payoffs_at_ends(game), {}
    for own, nodes in members(game).items():
        player = game.information_sets[own].player
        mine = [k for k in members(game) if game.information_sets[k].player == player]
        earned = [expected(game, plan, at, player, ends) for at in nodes]
        result[own] = {
            tuple(expected(game, plan | other, at, player, ends) - e for at, e in zip(nodes, earned, strict=True))
            for other in pure_plans_of(game, mine)
        }
    return result


def worst_gain(gains: Gains, beliefs: Mapping[int, Sequence[Fraction]]) -> Fraction:
    """The most that anybody gains at any information set, at these beliefs over its nodes."""
    return max(
        (
            sum((p * gain for p, gain in zip(believed, each, strict=True)), start=Fraction(0))
            for own, believed in beliefs.items()
            for each in gains[own]
        ),
        default=Fraction(0),
    )


def pure_plans_of(game: Tree, sets: list[int]) -> Iterator[Full]:
    sizes = [len(game.information_sets[k].actions) for k in sets]
    for choice in product(*map(range, sizes)):
        yield {k: tuple(Fraction(j == a) for j in range(n)) for k, a, n in zip(sets, choice, sizes, strict=True)}


def by_bayes(game: Tree, trembling: Full) -> dict[int, dict[int, Fraction]]:
    """Beliefs of a plan that gives every action a chance."""
    reach = [Fraction(1)] * len(game.nodes)
    for at, node in enumerate(game.nodes):
        for p, child in zip(chances(game, trembling, at) if node.children else (), node.children, strict=True):
            reach[child] = reach[at] * p
    return {own: {at: reach[at] / sum(reach[k] for k in nodes) for at in nodes} for own, nodes in members(game).items()}


def trembling(
    plan: Full, orders: Mapping[tuple[int, int], int], weights: Mapping[tuple[int, int], Fraction], e: Fraction
) -> Full:
    made = {}
    for own, mix in plan.items():
        slips = [weights[own, a] * e ** orders[own, a] if not p else Fraction(0) for a, p in enumerate(mix)]
        made[own] = tuple(p * (1 - sum(slips)) + slip for p, slip in zip(mix, slips, strict=True))
    return made


def check(game: Tree, one: Equilibrium) -> Fraction:
    """The greatest gain at the beliefs shown, which have to be the limit of Bayes' rule under the trembles shown."""
    number = {}
    for player, name in enumerate(game.players):
        own = [k for k, known in enumerate(game.information_sets) if known.player == player]
        number |= {(name, str(j + 1)): k for j, k in enumerate(own)}
        number |= {(name, game.information_sets[k].label): k for k in own if game.information_sets[k].label}
    plan = {
        number[own["player"], own["information_set"]]: tuple(map(Fraction, own["exact"]))
        for own in one.extra["information_sets"]
    }
    beliefs = {
        number[own["player"], own["information_set"]]: [Fraction(each["exact"]) for each in own["beliefs"]]
        for own in one.extra["information_sets"]
    }
    orders, weights = {}, {}
    for slip in one.extra["trembles"]:
        own = number[slip["player"], slip["information_set"]]
        key = own, game.information_sets[own].actions.index(slip["action"])
        orders[key], weights[key] = slip["order"], Fraction(slip["weight"])
    nodes = members(game)
    assert all(order > 0 for order in orders.values())
    assert all(weight > 0 for weight in weights.values())
    distances = []
    for e in (Fraction(1, 10**8), Fraction(1, 10**16)):
        bayes = by_bayes(game, trembling(plan, orders, weights, e))
        assert all(share > 0 for own in bayes.values() for share in own.values())
        distances.append(
            max(
                (
                    abs(bayes[own][at] - p)
                    for own, each in beliefs.items()
                    for at, p in zip(nodes[own], each, strict=True)
                ),
                default=Fraction(0),
            )
        )
    assert distances[0] < Fraction(1, 10**5)
    assert distances[1] <= distances[0] / 10**6
    gain = worst_gain(all_gains(game, plan), beliefs)
    assert float(gain) == one.extra["sequential_regret"]
    return gain


def weakly_perfect(game: Tree) -> list[tuple[str, ...]]:
    """Pure plans that are best replies to some certainty at each set that is not reached, and to Bayes' rule elsewhere.

    Where two certainties must be averaged this misses some; it only ever has to find.
    """
    result = []
    for plan in pure_plans(game):
        reach = [Fraction(1)] * len(game.nodes)
        for at, node in enumerate(game.nodes):
            for p, child in zip(chances(game, plan, at) if node.children else (), node.children, strict=True):
                reach[child] = reach[at] * p
        good, gains = True, all_gains(game, plan)
        for own, nodes in members(game).items():
            total = sum(reach[at] for at in nodes)
            bayes = [[reach[at] / total for at in nodes]] if total else []
            options = bayes or [[Fraction(at == other) for other in nodes] for at in nodes]
            good = good and any(worst_gain(gains, {own: option}) == 0 for option in options)
        if good:
            result.append(tuple(game.information_sets[k].actions[mix.index(1)] for k, mix in sorted(plan.items())))
    return result


def test_every_answer_on_random_trees_passes_the_oracle_and_no_trembles_of_chance_find_more() -> None:
    counts, hidden = [], 0
    for seed in range(200):
        game = random_hidden(seed)
        if game is None:
            continue
        found = solve_sequential(game)
        hidden += any(len(nodes) > 1 for nodes in members(game).values())
        assert all(check(game, one) == 0 and one.regret == 0 for one in found.equilibria), seed
        assert not found.extra["mixed"] or len(found) or not found.complete
        if not found.extra["mixed"]:
            assert found.complete, (seed, found.why)
            perfect = {one.payoffs for one in solve_tree(game).equilibria}
            assert {one.payoffs for one in found.equilibria} <= perfect
        answer = sequential(game)
        plans = [] if answer.mixed else [one.plan for one in answer.assessments]
        positions = positions_of(game)
        for one in answer.assessments:
            assert set(beliefs_of(positions, one.plan, one.trembles)) == set(members(game))
        for plan in pure_plans(game):
            if plan not in plans:
                assert not some_trembles_do(game, plan, seed), (seed, plan)
        counts.append(len(plans))
    assert len(counts) > 100
    assert hidden > 40
    assert len(set(counts)) > 3


def test_units_zeros_and_the_order_of_actions_change_no_answer() -> None:
    for seed in range(30):
        game = random_hidden(seed)
        if game is None:
            continue
        found = sequential(game)
        ends = tuple(Outcome((3 * own.payoffs[0] - 2, *own.payoffs[1:])) for own in game.outcomes)
        scaled = sequential(replace(game, outcomes=ends))
        assert [one.plan for one in scaled.assessments] == [one.plan for one in found.assessments]
        turned = sequential(backwards(game))
        plans = [{own: mix[::-1] for own, mix in one.plan.items()} for one in turned.assessments]
        assert sorted(sorted(plan.items()) for plan in plans) == sorted(
            sorted(one.plan.items()) for one in found.assessments
        )


def backwards(game: Tree) -> Tree:
    """The same tree with the actions of every information set in the opposite order, its sets numbered as before."""
    nodes: list[Node] = []

    def copy(at: int) -> int:
        place, node = len(nodes), game.nodes[at]
        nodes.append(node)
        nodes[place] = replace(node, children=tuple(copy(child) for child in reversed(node.children)))
        return place

    copy(0)
    sets = tuple(replace(own, actions=own.actions[::-1], chances=own.chances[::-1]) for own in game.information_sets)
    return replace(game, nodes=tuple(nodes), information_sets=sets)


def some_trembles_do(game: Tree, plan: Full, seed: int, tries: int = 12) -> bool:
    """Whether one of some random trembles gives beliefs at which nobody gains."""
    chance = random.Random(seed)
    slips = [(own, a) for own, mix in plan.items() for a, p in enumerate(mix) if not p]
    gains = all_gains(game, plan)
    for _ in range(tries):
        order = {slip: chance.choice([1, 1, 2, 3]) for slip in slips}
        weight = {slip: Fraction(chance.choice([1, 1, 2, 3, 5]), chance.choice([1, 1, 2, 3])) for slip in slips}
        path: list[tuple[int, Fraction]] = [(0, Fraction(1))] * len(game.nodes)
        for at, node in enumerate(game.nodes):
            for a, child in enumerate(node.children):
                p = chances(game, plan, at)[a]
                own = node.information_set
                k, w = path[at]
                path[child] = (k, w * p) if p else (k + order[own, a], w * weight[own, a])
        beliefs = {}
        for own, nodes in members(game).items():
            least = min(path[at][0] for at in nodes)
            total = sum(path[at][1] for at in nodes if path[at][0] == least)
            beliefs[own] = [path[at][1] / total if path[at][0] == least else Fraction(0) for at in nodes]
        if worst_gain(gains, beliefs) == 0:
            return True
    return False


def test_logarithms_compare_as_products_of_powers() -> None:
    two, three = Logarithm.of(Fraction(2)), Logarithm.of(Fraction(3))
    assert two < three
    assert not three < two
    assert three * Fraction(12) < two * Fraction(20)  # 531,441 and 1,048,576
    assert two * Fraction(19) < three * Fraction(12)  # 524,288: nineteen fifths are no octaves
    assert (two * Fraction(1, 2)).number() is None
    assert (two + two).number() == 4
    assert (Logarithm.of(Fraction(4, 9)) * Fraction(1, 2)).number() == Fraction(2, 3)
    assert abs((two * Fraction(1, 2)).nearby() ** 2 - 2) < Fraction(1, 10**6)
    assert abs((three * Fraction(-1, 3)).nearby() ** 3 - Fraction(1, 3)) < Fraction(1, 10**6)


def test_weights_that_are_irrational_are_looked_for_nearby_and_else_not_known() -> None:
    """The product of two weights is 1, their ratio 2: then they are the root of 2 and of 1/2."""
    one, two = Fraction(1), Fraction(2)
    product, ratio = {0: one, 1: one}, {0: one, 1: -one}
    assert rational_weights([(product, one, one), (ratio, two, two)], 2) is None
    near = rational_weights([(product, one, one * 2), (ratio, two, None)], 2)
    assert near is not None
    assert 1 <= near[0] * near[1] <= 2 <= near[0] / near[1]


def test_a_tree_as_long_as_is_allowed_is_solved_and_a_longer_one_refused() -> None:
    found = solve_sequential(centipede(300))
    assert (len(found), found.complete, found.equilibria[0].payoffs) == (1, True, (2, 0))
    assert "each of 10^90 pure plans" in found.why
    with pytest.raises(PayoffError, match="301 information sets"):
        solve_sequential(centipede(301))


def test_linear_systems_are_solved_or_refuted() -> None:
    one = Fraction(1)
    found = solve_rows([({0: one, 1: one}, Fraction(2), Fraction(2)), ({0: one, 1: -one}, None, Fraction(0))],
                       [(Fraction(0), None), (None, Fraction(3, 2))], Fraction(0))  # fmt: skip
    assert found is not None
    assert sum(found) == 2
    assert found[0] <= found[1] <= Fraction(3, 2)
    assert (
        solve_rows([({0: one}, Fraction(1), None), ({0: one}, None, Fraction(1, 2))], [(None, None)], Fraction(0))
        is None
    )
