"""A published answer holds, or the difference is named exactly."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from sim.analysis.expected import verdicts_of
from sim.scenario import expectations
from sim.scenario.model import Expect, ScenarioData
from sim.scenario.reader import read_scenario
from sim.solvers.concepts import names_of_concepts

HALF, ONE, ZERO = Fraction(1, 2), Fraction(1), Fraction(0)
STAG = {"ROW": (ONE, ZERO), "COL": (ONE, ZERO)}
HARE = {"ROW": (ZERO, ONE), "COL": (ZERO, ONE)}
MIXED = {"ROW": (Fraction(3, 4), Fraction(1, 4)), "COL": (Fraction(3, 4), Fraction(1, 4))}


@pytest.fixture(scope="module")
def stag_hunt() -> ScenarioData:
    root = Path(__file__).resolve().parents[2]
    return read_scenario(root / "scenarios" / "published" / "stag-hunt.toml")


def differences(scenario: ScenarioData, *equilibria: Mapping[str, tuple[Fraction, ...]], **more: object) -> list[str]:
    expect = replace(Expect("nash", "made up", 1, "x.toml", equilibria), **more)
    (verdict,) = verdicts_of(replace(scenario, expect=(expect,)))
    assert verdict.holds == (not verdict.differences)
    return list(verdict.differences)


def test_the_same_set_in_another_order_holds(stag_hunt: ScenarioData) -> None:
    assert differences(stag_hunt, HARE, STAG, MIXED) == []


def test_a_missing_and_a_surplus_equilibrium_are_named(stag_hunt: ScenarioData) -> None:
    wrong = {"ROW": (HALF, HALF), "COL": (HALF, HALF)}
    assert differences(stag_hunt, STAG, HARE, wrong) == [
        "(1/2, 1/2; 1/2, 1/2) is not found",
        "(3/4, 1/4; 3/4, 1/4) is found beside them",
    ]


def test_some_of_them_are_enough_where_the_file_says_so(stag_hunt: ScenarioData) -> None:
    assert differences(stag_hunt, STAG, only=False) == []
    assert len(differences(stag_hunt, STAG)) == 2


def test_a_status_that_differs_is_named() -> None:
    root = Path(__file__).resolve().parents[2]
    dilemma = read_scenario(root / "scenarios" / "published" / "prisoners-dilemma.toml")
    event = dilemma.events[0].name
    said = verdicts_of(dilemma)
    assert all(one.holds for one in said)
    expect = Expect("pure-nash", "made up", 1, "x.toml", None, {event: "sometimes"})
    (verdict,) = verdicts_of(replace(dilemma, expect=(expect,)))
    assert len(verdict.differences) == 1
    assert verdict.differences[0].startswith(f"'{event}' is ")
    assert verdict.differences[0].endswith(", not sometimes")


def test_what_cannot_be_asked_fails_at_its_place_and_leaves_the_others_alone(stag_hunt: ScenarioData) -> None:
    astray = Expect("subgame-perfect", "made up", 7, "x.toml", None, {})
    fine = Expect("nash", "made up", 9, "x.toml", (STAG, HARE, MIXED))
    first, second = verdicts_of(replace(stag_hunt, expect=(astray, fine)))
    assert not first.holds
    assert str(first).startswith("x.toml:7:1: subgame-perfect (made up): FAILS: cannot be asked: ")
    assert second.holds


def test_a_file_may_expect_every_concept_of_the_table() -> None:
    solved = set(names_of_concepts(2)) - {"strong-2", "strong-2-any"}  # these the reader adds by the number of players
    assert solved == set(expectations.CONCEPTS)
