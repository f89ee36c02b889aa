"""Sections for one concept alone: read into data, and every slip said at its place."""

from fractions import Fraction
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.model import ScenarioData
from sim.scenario.reader import read_scenario

BODY = """
[scenario]
name = "deals"
[players.A]
name = "A"
moves.a = ["no", "some", "all"]
moves.b = ["stay", "go"]
[players.B]
name = "B"
moves.c = ["no", "yes"]
[players.C]
name = "C"
moves.d = ["off", "on"]
[parameters]
ends = { value = 0.1 }
need = { value = { uniform = [0, 1] } }
[stakes]
gain = { value = "rank(a) * need * (c == 'yes') * (b == 'go') * (d == 'on')" }
[interests.A]
gain = { weight = 1 }
[interests.B]
gain = { weight = 1 }
[interests.C]
gain = { weight = 1 }
[bargaining.terms]
between = ["B", "A"]
given = { d = "on" }
disagreement = { a = "some", b = "stay", c = "no" }
[repeated.trust]
players = ["A", "B"]
cooperate = { a = "all", c = "yes" }
punish = { a = "no" }
ends = "ends"
[types.A]
keen = { share = "1/3", set = { need = 0.9 } }
slow = { share = "2/3", set = { need = 0.1 } }
[status_quo]
b = "go"
[graph]
a = { no = ["some", "all"], some = ["all"] }
"""


def read(folder: Path, body: str) -> ScenarioData:
    path = folder / "deals.toml"
    path.write_text(body, encoding="utf-8")
    return read_scenario(path)


def test_each_section_becomes_data_in_ranks(tmp_path: Path) -> None:
    found = read(tmp_path, BODY)
    (bargain,) = found.bargaining
    assert (bargain.between, bargain.given) == (("B", "A"), {"d": 1})
    assert bargain.disagreement == {"a": 1, "b": 0, "c": 0}
    (trust,) = found.repeated
    assert trust.cooperate == {"a": 2, "b": 1, "c": 1, "d": 0}  # b from the status quo, d lowest
    assert trust.punish == {"a": 0, "b": 1, "c": 0, "d": 0}
    assert [(one.name, one.share, one.set) for one in found.types] == [
        ("keen", Fraction(1, 3), {"need": Fraction(9, 10)}),
        ("slow", Fraction(2, 3), {"need": Fraction(1, 10)}),
    ]
    assert found.status_quo == {"b": 1}
    assert found.graph == {"a": ((1, 2), (2,), ())}


def test_the_lowest_option_is_the_lowest_allowed(tmp_path: Path) -> None:
    found = read(tmp_path, BODY + '[allow]\nd = ["on"]\n')
    assert found.repeated[0].punish["d"] == 1


@pytest.mark.parametrize(
    ("right", "wrong", "at", "cause"),
    [
        ('between = ["B", "A"]', 'between = ["B", "B"]', "between", "both are 'B'"),
        ('players = ["A", "B"]', 'players = ["A", "X"]', '"X"', "'X' is no player"),
        ('given = { d = "on" }', 'given = { d = "each" }', '"each"', '"each" is for slices'),
        ('given = { d = "on" }', "given = {}", "given", "nothing is given for 'd'"),
        ('punish = { a = "no" }', 'punish = { a = "non" }', '"non"', "'non' is no option of move 'a'"),
        ('ends = "ends"', 'ends = "end"', '"end"', "'end' is no parameter"),
        ('a = { no = ["some"', 'a = { on = ["some"', "on =", "'on' is no option of move 'a'"),
        ('some = ["all"] }', 'some = ["al"] }', '"al"]', "'al' is no option of move 'a'"),
        ('a = { no = ["some", "all"]', 'e = { no = ["some", "all"]', "e =", "'e' is no move"),
    ],
)
def test_a_slip_is_said_at_its_line(tmp_path: Path, right: str, wrong: str, at: str, cause: str) -> None:
    assert right in BODY
    body = BODY.replace(right, wrong)
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, body)
    lines = body.splitlines()
    said = [(problem.line, problem.cause) for problem in caught.value.problems]
    line = next(k + 1 for k, text in enumerate(lines) if wrong.splitlines()[0] in text)
    assert any(cause in text and number == line for number, text in said), said
    assert at in lines[line - 1]
