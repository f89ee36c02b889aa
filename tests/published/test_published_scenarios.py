"""Every published game that is shipped, solved and held against the answer that its file cites."""

from fractions import Fraction
from pathlib import Path

import pytest

from sim.scenario.model import Expect
from sim.scenario.reader import read_scenario
from sim.solvers.one_game import solve_scenario

PUBLISHED = sorted((Path(__file__).parents[2] / "scenarios" / "published").glob("*.toml"))
ANSWERS = [(path, k) for path in PUBLISHED for k in range(len(read_scenario(path).expect))]


def strategies(expected: Expect, players: list[str]) -> list[tuple[tuple[Fraction, ...], ...]]:
    assert expected.equilibria is not None
    return [tuple(one[player] for player in players) for one in expected.equilibria]


@pytest.mark.parametrize(("path", "k"), ANSWERS, ids=[f"{path.stem}-{k}" for path, k in ANSWERS])
def test_the_published_answer_is_found(path: Path, k: int) -> None:
    scenario = read_scenario(path)
    expected = scenario.expect[k]
    (found,) = solve_scenario(
        scenario, expected.concept, order=expected.order, values=expected.set, bargaining=expected.bargaining
    )
    assert found.complete or expected.equilibria is None
    if expected.equilibria is not None:
        answers = [one.exact for one in found.equilibria]
        published = strategies(expected, [player.name for player in scenario.players])
        assert set(published) <= set(answers)
        assert not expected.only or len(answers) == len(published)
    for solution, gains in expected.gains.items():
        assert found.extra["solutions"][solution]["gains"] == [float(own) for own in gains]
    for name, patience in expected.patience.items():
        assert found.extra["patience"][name] == pytest.approx(float(patience))
    for event, ends in expected.bounds.items():
        assert found.extra["bounds"][event] == pytest.approx([float(end) for end in ends])
    assert found.status is not None
    assert {event: found.status[event] for event in expected.status} == dict(expected.status)


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
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
