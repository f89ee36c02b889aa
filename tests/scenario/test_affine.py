from pathlib import Path

import pytest

import sim
from sim.scenario.affine import is_affine
from tests.made import TWO

FORMULAS = {
    "x": True,
    "3 - 2 * x / 5": True,
    "x * (a == 'high') + 1": True,
    "x if a == 'high' else -x": True,
    "x * other": True,
    "(x + other) * other": True,
    "x * x": False,
    "1 / (1 + x)": False,
    "max(x, 0.5)": False,
    "abs(x)": False,
    "x ** 2": False,
    "1 if x > 0.5 else 0": False,
    "other if x else 1": False,
    "base * x": False,  # through another stake
    "base + x": True,
}


@pytest.mark.parametrize(("formula", "affine"), FORMULAS.items())
def test_a_formula_is_called_affine_in_a_number_only_where_it_is(tmp_path: Path, formula: str, affine: bool) -> None:
    body = f"""{TWO}
[parameters]
x = {{ value = {{ uniform = [0, 1] }} }}
other = {{ value = {{ uniform = [0, 1] }} }}
[stakes]
base = {{ value = "x + 1" }}
gain = {{ value = "{formula}" }}
[interests.A]
gain = {{ weight = {{ uniform = [1, 2] }} }}
[interests.B]
gain = {{ weight = 1 }}
"""
    path = tmp_path / "made.toml"
    path.write_text(f'[scenario]\nname = "made"\n{body}')
    data = sim.load(path).data
    assert is_affine(data, "x") is affine
    assert is_affine(data, "A.gain")  # a weight enters no formula
