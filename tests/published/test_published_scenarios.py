"""Every published game that is shipped, solved and held against the answer that its file cites."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from sim.analysis.expected import differences
from sim.scenario.model import Expect
from sim.scenario.reader import read_scenario
from sim.solvers.equilibria import EquilibriumSet
from sim.solvers.one_game import solve_scenario

PUBLISHED = sorted((Path(__file__).parents[2] / "scenarios" / "published").glob("*.toml"))
ANSWERS = [(path, k) for path in PUBLISHED for k in range(len(read_scenario(path).expect))]
each_answer = pytest.mark.parametrize(("path", "k"), ANSWERS, ids=[f"{path.stem}-{k}" for path, k in ANSWERS])
each_file = pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)


@cache
def answer(path: Path, k: int) -> tuple[EquilibriumSet, Expect]:
    scenario = read_scenario(path)
    expected = scenario.expect[k]
    (found,) = solve_scenario(
        scenario, expected.concept, order=expected.order, values=expected.set, bargaining=expected.bargaining
    )
    return found, expected


def altered(expected: Expect) -> Iterator[Expect]:
    """The same answer with one thing in it wrong, for each thing that it says."""
    equilibria = list(expected.equilibria or ())
    for at, one in enumerate(equilibria):
        yield replace(expected, equilibria=tuple(equilibria[:at] + equilibria[at + 1 :]))
        yield replace(expected, equilibria=(*equilibria, one))
        for player, shares in one.items():
            moved = tuple(share * (1 - Fraction(1, 1000)) for share in shares)
            nudged = {**one, player: (moved[0] + Fraction(1, 1000), *moved[1:])}
            if nudged[player] == shares:  # all on the first action: to the last
                nudged[player] = (Fraction(999, 1000), *shares[1:-1], Fraction(1, 1000))
            yield replace(expected, equilibria=(*equilibria[:at], nudged, *equilibria[at + 1 :]))
    for event, status in expected.status.items():
        yield replace(expected, status={**expected.status, event: "never" if status != "never" else "sometimes"})
    for name in ("shares", "patience"):
        for key, number in getattr(expected, name).items():
            yield replace(expected, **{name: {key: number + Fraction(1, 1000)}})
    for name in ("gains", "bounds"):
        for key, (first, second) in getattr(expected, name).items():
            yield replace(expected, **{name: {key: (first, second + Fraction(1, 1000))}})


@each_answer
def test_the_published_answer_is_found(path: Path, k: int) -> None:
    assert differences(*answer(path, k)) == []


@each_answer
def test_an_answer_that_is_wrong_in_any_one_thing_is_not_found(path: Path, k: int) -> None:
    found, expected = answer(path, k)
    planted = list(altered(expected))
    assert planted or expected.equilibria == ()
    assert [one for one in planted if not differences(found, one)] == []


@each_file
def test_a_published_game_cites_a_source_for_each_answer(path: Path) -> None:
    answers = read_scenario(path).expect
    assert answers
    assert all(answer.source for answer in answers)


def test_a_heavier_penalty_leaves_violations_and_lowers_enforcement() -> None:  # Tsebelis 1990
    solved = [
        solve_scenario(read_scenario(PUBLISHED[0].with_name(f"sanctions-{penalty}.toml")), "nash")[0].equilibria[0]
        for penalty in (2, 4, 10)
    ]
    target, sender = zip(*(one.exact for one in solved if one.exact is not None), strict=True)
    assert [own[0] for own in target] == [Fraction(1, 2)] * 3
    assert [own[0] for own in sender] == [Fraction(1, 2), Fraction(1, 4), Fraction(1, 10)]


def test_a_grid_twice_as_fine_leads_to_the_same_demand_and_chance_of_war(tmp_path: Path) -> None:
    """Ten costs in place of five, and demands around 0.70 half a step away: 0.65 and 0.75 are not the best."""
    text = PUBLISHED[0].with_name("ultimatum-unknown-cost.toml").read_text(encoding="utf-8")
    head, types, rest = text.partition("[types.B]\n")
    finer = [25 + 50 * k for k in range(10)]
    types += "".join(f"c{c:03} = {{ share = 0.1, set = {{ cost_b = 0.{c:03} }} }}\n" for c in finer)
    demands = ", ".join(f'"d{60 + 5 * k}"' for k in range(5))
    head = head.replace('"d50", "d60", "d70", "d80", "d90", "d100"', demands)
    head = head.replace("step = { value = 0.1", "step = { value = 0.05")
    head = head.replace("lowest = { value = 0.5", "lowest = { value = 0.6")
    rest = rest[rest.index("[events]") : rest.index("[[expect]]")]
    (tmp_path / "ultimatum-unknown-cost.toml").write_text(head + types + rest, encoding="utf-8")
    (found,) = solve_scenario(read_scenario(tmp_path / "ultimatum-unknown-cost.toml"), "bayes", order="in_turn")
    (one,) = found.equilibria
    assert found.actions[0][one.strategies[0].index(1.0)] == "d70"
    assert one.exact is not None
    assert one.exact[1] == (Fraction(2, 5), Fraction(3, 5))
