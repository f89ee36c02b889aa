"""Sampling until shares are known well enough: at powers of two, so that no way of computing changes the answer."""

from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.solvers.concepts import requests_for
from sim.sweeps.found import Sweep
from sim.sweeps.sweep import sweep
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import assert_same, marks, swept
from tests.sweeps.test_sweep import stop_after

ASKED = {"draws": 20_000, "until": 0.05, "concepts": ["pure-nash"]}


def widest(found: Sweep) -> float:
    """The width of the widest interval."""
    return max(high - low for own in found.intervals for low, high in own)


@pytest.mark.parametrize(("sampler", "until"), [("mc", 0.05), ("sobol", 0.02)])
def test_it_ends_where_every_interval_is_narrow_and_not_before(tmp_path: Path, sampler: str, until: float) -> None:
    found = swept(tmp_path, sampler=sampler, chunk=1000, **ASKED | {"until": until})
    assert found.finished
    assert found.draws in (2048, 4096, 8192)
    assert widest(found) < until
    half = swept(tmp_path, draws=found.draws // 2, concepts=["pure-nash"], sampler=sampler, out=tmp_path / "half")
    assert widest(half) >= until  # it had looked there, and gone on


def test_neither_parts_nor_a_stop_change_where_it_ends(tmp_path: Path) -> None:
    one = swept(tmp_path, chunk=1000, **ASKED)
    assert_same(swept(tmp_path, chunk=777, out=tmp_path / "two", **ASKED), one)
    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path, chunk=100, out=tmp_path / "stopped", progress=stop_after(1500, KeyboardInterrupt()), **ASKED)
    before = marks(tmp_path / "stopped")
    assert_same(swept(tmp_path, out=tmp_path / "stopped", resume=True, **ASKED), one)
    assert before.items() <= marks(tmp_path / "stopped").items()


def test_where_no_interval_would_ever_be_looked_at_it_is_refused_before_any_draw(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'until' looks at concepts that run on every draw, .* nash, logit"):
        swept(tmp_path, **ASKED | {"concepts": ["nash", "logit"]})
    silent = made(tmp_path, "headline = []\n" + TWO + UNSURE, "silent").data
    requests = requests_for(silent, ["pure-nash"])
    with pytest.raises(UsageError, match="headline events, and silent names none"):
        sweep(silent, requests, draws=2000, seed=1, until=0.1)
    assert not (tmp_path / "out").exists()


def test_a_sweep_that_may_not_grow_enough_says_how_wide_it_is(tmp_path: Path) -> None:
    said = []
    found = swept(tmp_path, **ASKED | {"draws": 1500, "until": 1e-3}, say=said.append)
    assert found.draws == 1500
    assert said[0].startswith("After 1,500 draws the widest interval is 0.0")
    assert swept(tmp_path, out=None, **ASKED | {"draws": 1500}).draws == 1500
