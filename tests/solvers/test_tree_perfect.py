"""Subgame-perfect play of trees: textbook games, every full plan against the definition, depth, what is too much."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

import sim
from sim.errors import PayoffError
from sim.game.efg import parse_efg
from sim.game.subgames import payoffs_at_ends, subgame_roots
from sim.game.tree import CHANCE, InformationSet, Node, Outcome, Tree
from sim.show.equilibria import plain_equilibria
from sim.solvers import tree_answer
from sim.solvers import tree_perfect as searched
from sim.solvers.tree_answer import solve_tree
from sim.solvers.tree_perfect import tree_perfect
from tests.game.written_games import Branch, Choice, efg_text, random_tree
from tests.solvers.made_trees import centipede


def tree(root: Branch, players: int = 2) -> Tree:
    return parse_efg(efg_text("made", [f"P{k + 1}" for k in range(players)], root), "x.efg")


def ways(found: sim.solvers.equilibria.EquilibriumSet) -> list[list[str]]:
    return [one.extra["paths"][0]["actions"] for one in found.equilibria]


ENTRY = Choice(1, "start", {"out": (0, 2), "in": Choice(2, "entered", {"fight": (-1, -1), "share": (1, 1)})})


def test_the_threat_to_fight_an_entrant_is_empty() -> None:  # Selten (1978): out and fight is Nash, and not perfect
    found = sim.solve(tree(ENTRY), "subgame-perfect")
    assert ways(found) == [["in", "share"]]
    assert found.complete
    assert found.equilibria[0].exact == ((0, 1), (0, 1))
    assert len(sim.solve(tree(ENTRY), "pure-nash").equilibria) == 2
    assert "ends after in, share" in plain_equilibria(found)


def test_seltens_horse_has_no_proper_subgame_so_both_pure_equilibria_stay() -> None:  # Selten (1975)
    def three(left: Branch, right: Branch) -> Choice:
        return Choice(3, "hidden", {"L": left, "R": right})

    horse = Choice(1, "first", {
        "D": three((3, 3, 2), (0, 0, 0)),
        "C": Choice(2, "second", {"d": three((4, 4, 0), (0, 0, 1)), "c": (1, 1, 1)}),
    })  # fmt: skip
    found = sim.solve(tree(horse, 3), "subgame-perfect")
    assert [one.payoffs for one in found.equilibria] == [(3, 3, 2), (1, 1, 1)]
    assert found.extra["subgames"] == 1


@pytest.mark.parametrize("moves", [4, 20_000])
def test_the_centipede_ends_at_once_however_long_it_is(moves: int) -> None:  # Rosenthal (1981)
    found = solve_tree(centipede(moves))
    assert ways(found) == [["take"]]
    assert found.equilibria[0].payoffs == (2, 0)
    assert found.equilibria[0].regret == 0
    assert plain_equilibria(found)


def test_two_rounds_of_offers_give_the_second_proposer_all_but_what_waiting_costs() -> None:  # Stahl (1972)
    """A pie of 4, in whole parts; in round 2 it is worth half. A tie may go either way."""

    def answer(label: str, accepted: tuple[object, ...], refused: Branch) -> Choice:
        return Choice(2 if label[0] == "1" else 1, label, {"yes": accepted, "no": refused})

    second = {
        f"ask {x}": lambda n, x=x: answer(f"2:{n}:{x}", (f"{4 - x}/2", f"{x}/2"), (0, 0)) for x in range(5)
    }  # player 2 asks for x of 4, half of which is left
    root = Choice(1, "start", {
        f"give {y}": answer(f"1:{y}", (4 - y, y), Choice(2, f"r{y}", {a: make(y) for a, make in second.items()}))
        for y in range(5)
    })  # fmt: skip
    found = sim.solve(tree(root), "subgame-perfect")
    # round 2 gives player 2 all, worth 2, or 3/2: it takes 2 at once, unless it may get as much by waiting
    assert {one.payoffs for one in found.equilibria} == {(2, 2), (1, 3)}
    assert all(one.regret == 0 for one in found.equilibria)


def test_matching_pennies_behind_a_choice_is_mixed_and_says_so() -> None:
    def guess(same: Branch, other: Branch) -> Choice:
        return Choice(2, "guess", {"h": same, "t": other})

    coin = Choice(1, "coin", {"H": guess((1, -1), (-1, 1)), "T": guess((-1, 1), (1, -1))})
    found = sim.solve(tree(Choice(2, "start", {"leave": (0, "-1/2"), "play": coin})), "subgame-perfect")
    assert (found.complete, found.extra["mixed"]) == (True, True)
    (one,) = found.equilibria
    assert one.payoffs == (0, 0)
    assert [path["share"] for path in one.extra["paths"]] == [0.25] * 4
    tied = sim.solve(tree(Choice(2, "start", {"leave": (0, 0), "play": coin})), "subgame-perfect")
    assert not tied.complete  # player 2 might mix between leaving and playing
    assert "indifferent" in tied.why


def outside(worth: str) -> Tree:
    """Player 1 leaves, or plays the battle of the sexes with player 2: 3 and 1, 1 and 3, or 3/4 each by mixing."""

    def answer(left: Branch, right: Branch) -> Choice:
        return Choice(2, "second", {"h": left, "t": right})

    inside = Choice(1, "inside", {"H": answer((3, 1), (0, 0)), "T": answer((0, 0), (1, 3))})
    return tree(Choice(1, "start", {"out": (worth, 7), "in": inside}))


@pytest.mark.parametrize(
    ("worth", "earned", "complete"),
    [
        ("1/2", ["3/4", 1, 3], True),  # mixed inside is better than to leave, too
        ("7/8", ["7/8", 1, 3], True),  # leave for fear of mixed play inside: no pure threat does that
        ("1", [1, 1, 3], False),  # with the worse pure play inside behind it, whether to leave may be mixed
        ("2", [2, 3], True),
        ("4", [4], True),
    ],
)
def test_mixed_play_of_a_subgame_is_gone_on_with_beside_pure_play(
    worth: str, earned: list[str | int], complete: bool
) -> None:
    found = solve_tree(outside(worth))
    assert sorted(one.payoffs[0] for one in found.equilibria) == [float(Fraction(value)) for value in earned]
    assert all(one.regret == 0 for one in found.equilibria)
    assert (found.complete, found.extra["mixed"], "scope" in found.to_dict()) == (complete, False, False)
    assert complete or "indifferent" in found.why


def test_an_outcome_that_pure_play_reaches_is_told_by_its_pure_plan() -> None:
    pure = [one.pure for one in solve_tree(outside("2")).equilibria]  # either play inside but one lets player 1 leave
    assert pure == [True, True]
    assert [one.pure for one in solve_tree(outside("7/8")).equilibria] == [False, True, True]


def test_where_mixed_play_takes_too_long_or_is_too_much_pure_play_is_told_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(searched, "BESIDE", -1.0)
        late = solve_tree(outside("7/8"))
    assert (len(late), late.complete) == (2, False)
    assert "of mixed play perhaps not all: stopped after" in late.why
    search = searched._Search(outside("7/8"), mixed=False)
    search.plays()
    monkeypatch.setattr(searched, "GREATEST_WORK", search.work)
    much = solve_tree(outside("7/8"))
    assert (len(much), much.complete) == (2, False)
    assert "too much to look at" in much.why


def test_where_a_player_forgets_pure_play_is_whole_and_mixed_play_is_not_looked_for() -> None:
    absent = Choice(1, "here", {"exit": (0, 1), "go": Choice(1, "here", {"exit": (4, 0), "go": (1, 0)})})
    found = solve_tree(tree(absent))
    assert (ways(found), found.complete) == ([["go", "go"]], False)
    assert "forgets" in found.why


def test_a_continuum_off_the_path_is_one_outcome_and_one_on_the_path_is_not() -> None:
    threat = Choice(1, "start", {
        "out": (2, 2),
        "in": Choice(2, "seen", {"l": (1, 0), "r": (3, 0)}),
        "up": Choice(2, "seen", {"l": (0, 0), "r": (3, 0)}),
    })  # fmt: skip
    found = solve_tree(tree(threat))
    assert not found.complete  # r may be mixed with l, and in with up, in many ways that end otherwise
    assert "continuum" in found.why
    never = Choice(1, "start", {
        "out": (4, 2),
        "in": Choice(2, "seen", {"l": (1, 0), "r": (3, 0)}),
        "up": Choice(2, "seen", {"l": (0, 0), "r": (3, 0)}),
    })  # fmt: skip
    found = solve_tree(tree(never))
    assert (ways(found), found.complete) == ([["out"]], True)
    assert len(sim.solve(tree(never), "nash").equilibria) == 2  # the ends of the line of what player 2 would do


@pytest.mark.parametrize("seed", range(40))
def test_along_the_tree_a_plan_has_the_certificate_of_its_normal_form(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = parse_efg(random_tree(seed, most_nodes=22, recall=True), "x.efg")
    listed = solve_tree(game)
    monkeypatch.setattr(tree_answer, "LISTED", 0)
    along = solve_tree(game)
    assert along.to_dict()["strategies"] is None
    for one, other in zip(along.equilibria, listed.equilibria, strict=True):
        assert one.payoffs == pytest.approx(other.payoffs)
        assert (one.regret, one.relative_regret) == (other.regret, other.relative_regret) == (0, 0)
        assert one.extra["paths"] == other.extra["paths"]
        assert all(own["exact"] == [str(Fraction(s)) for s in own["exact"]] for own in one.extra["behaviour"])


@pytest.mark.parametrize("seed", range(40))
def test_what_a_bad_plan_forgoes_is_the_same_along_the_tree_and_in_the_normal_form(seed: int) -> None:
    game = parse_efg(random_tree(seed, most_nodes=22, recall=True), "x.efg")
    chance = random.Random(seed)
    plan = {}
    for own, known in enumerate(game.information_sets):
        weights = [Fraction(chance.randint(0, 3)) for _ in known.actions]
        weights[chance.randrange(len(weights))] += 1
        plan[own] = tuple(w / sum(weights) for w in weights)
    written = tree_answer.written_in(game, 1)
    along = replace(written, actions=((),) * len(game.players)).certified(plan)
    normal = written.certified(plan)
    assert along.payoffs == pytest.approx(normal.payoffs)
    assert along.regret == pytest.approx(normal.regret)
    assert along.relative_regret <= normal.relative_regret + 1e-9  # a share of the range of ends, chance not yet evened


def spans(tree: Tree) -> list[int]:
    end = list(range(1, len(tree.nodes) + 1))
    for at in reversed(range(len(tree.nodes))):
        if tree.nodes[at].children:
            end[at] = end[tree.nodes[at].children[-1]]
    return end


def roots_by_definition(tree: Tree) -> list[int]:
    end = spans(tree)
    members: dict[int, set[int]] = {}
    for at, node in enumerate(tree.nodes):
        if node.information_set is not None and tree.information_sets[node.information_set].player != CHANCE:
            members.setdefault(node.information_set, set()).add(at)
    roots = []
    for at, node in enumerate(tree.nodes):
        inside = set(range(at, end[at]))
        alone = members.get(node.information_set, {at}) == {at}
        if node.children and (
            at == 0 or (alone and all(not own & inside or own <= inside for own in members.values()))
        ):
            roots.append(at)
    return roots


def by_definition(tree: Tree) -> list[tuple[tuple[int, Fraction], ...]] | None:
    """Ends and chances of every full plan that is an equilibrium of every subgame; None: too many plans."""
    own = [k for k, known in enumerate(tree.information_sets) if known.player != CHANCE]
    sizes = [len(tree.information_sets[k].actions) for k in own]
    plans = 1
    for size in sizes:
        plans *= size
    if plans > 600:
        return None
    ends, roots = payoffs_at_ends(tree), roots_by_definition(tree)

    def reached(root: int, plan: dict[int, int]) -> dict[int, Fraction]:
        found, waiting = {}, [(root, Fraction(1))]
        while waiting:
            at, odds = waiting.pop()
            node = tree.nodes[at]
            if node.information_set is None:
                found[at] = odds
                continue
            known = tree.information_sets[node.information_set]
            if known.player == CHANCE:
                waiting += [(c, odds * p) for c, p in zip(node.children, known.chances, strict=True)]
            else:
                waiting.append((node.children[plan[node.information_set]], odds))
        return found

    every = [dict(zip(own, choice, strict=True)) for choice in product(*map(range, sizes))]
    values = []
    for plan in every:
        values.append(
            [
                tuple(sum(p * ends[e][k] for e, p in reached(root, plan).items()) for k in range(len(tree.players)))
                for root in roots
            ]
        )
    result = set()
    for a, plan in enumerate(every):
        good = True
        for b, other in enumerate(every):
            movers = {tree.information_sets[k].player for k in own if plan[k] != other[k]}
            if len(movers) == 1:
                (k,) = movers
                good = good and all(x[k] <= y[k] for x, y in zip(values[b], values[a], strict=True))
        if good and roots:
            result.add(tuple(sorted((e, p) for e, p in reached(0, plan).items() if p)))
    return sorted(result)


@pytest.mark.parametrize("recall", [None, True])
def test_every_full_plan_gives_the_same_outcomes(recall: bool | None) -> None:
    counts = []
    for seed in range(140):
        game = parse_efg(random_tree(seed, most_nodes=18, recall=recall), "x.efg")
        expected = by_definition(game) if game.nodes[0].children else None
        if expected is None:
            continue
        found = tree_perfect(game)
        pure = [play.ends for play in found.plays if all(max(mix) == 1 for mix in play.plan().values())]
        assert pure == expected, seed
        assert found.mixed <= (not pure)
        assert subgame_roots(game) == roots_by_definition(game)
        counts.append(len(expected))
    assert len(counts) > 60
    assert len(set(counts)) > 2


@pytest.mark.parametrize("chances", [16, 21])  # 16: a play has 16 ends, and each of them costs as much as a play
def test_too_many_ties_are_refused(chances: int) -> None:
    with pytest.raises(PayoffError, match="too many ties"):
        tree_perfect(_all_ties(chances))


def test_too_many_ways_to_play_on_are_refused_also_where_no_way_is_stable() -> None:
    with pytest.raises(PayoffError, match="too many ties"):
        tree_perfect(_pennies_before_ties(ends=40))  # 40^4 ways, and matching pennies before each of them
    found = solve_tree(_pennies_before_ties(ends=2))
    assert (len(found), found.extra["mixed"]) == (16, True)
    assert all(one.payoffs == (0, 0) and one.regret == 0 for one in found.equilibria)


@pytest.mark.parametrize("chances", [9, 12])  # plans as mixed strategies, and where that is too long, along the tree
def test_every_way_to_break_the_ties_is_an_outcome_without_regret(chances: int) -> None:
    found = solve_tree(_all_ties(chances))
    assert (found.actions == ((),)) == (chances == 12)
    assert len({tuple(path["actions"][1] for path in one.extra["paths"]) for one in found.equilibria}) == 2**chances
    assert all(one.regret == 0 and one.pure for one in found.equilibria)
    assert not found.complete  # all pure outcomes are there, but whoever is indifferent may mix
    assert "every outcome of pure play" in found.why
    assert "indifferent" in found.why


def _all_ties(chances: int) -> Tree:
    """Chance picks one of many nodes; at each a player is indifferent between two ends: 2^n outcomes."""
    nodes = [Node(0, tuple(1 + 3 * k for k in range(chances)))]
    for k in range(chances):
        nodes += [Node(k + 1, (3 * k + 2, 3 * k + 3)), Node(outcome=0), Node(outcome=0)]
    lottery = InformationSet(CHANCE, tuple(map(str, range(chances))), chances=(Fraction(1, chances),) * chances)
    sets = [lottery, *(InformationSet(0, ("a", "b")) for _ in range(chances))]
    return Tree("ties", ("A",), tuple(nodes), tuple(sets), (Outcome((Fraction(0),)),))


def _pennies_before_ties(ends: int) -> Tree:
    """Matching pennies; in each of its four cells player 1 then chooses among ends that are all worth the same."""
    nodes = [Node(0, (1, 4 + 2 * ends))]
    sets = [InformationSet(0, ("H", "T")), InformationSet(1, ("h", "t"))]
    for side in range(2):
        at = len(nodes)
        nodes.append(Node(1, (at + 1, at + 2 + ends)))
        for guess in range(2):
            at = len(nodes)
            nodes += [Node(len(sets), tuple(range(at + 1, at + 1 + ends))), *[Node(outcome=int(side != guess))] * ends]
            sets.append(InformationSet(0, tuple(map(str, range(ends)))))
    outcomes = (Outcome((Fraction(1), Fraction(-1))), Outcome((Fraction(-1), Fraction(1))))
    return Tree("pennies", ("A", "B"), tuple(nodes), tuple(sets), outcomes)
