"""Sampling until shares are known well enough: at powers of two, so that no way of computing changes the answer."""

from pathlib import Path

import pytest

from tests.sweeps.swept import assert_same, marks, swept
from tests.sweeps.test_sweep import stop_after

ASKED = {"draws": 20_000, "until": 0.05, "concepts": ["pure-nash"]}


@pytest.mark.parametrize("sampler", ["mc", "sobol"])
def test_it_ends_where_every_interval_is_narrow_and_not_before(tmp_path: Path, sampler: str) -> None:
    found = swept(tmp_path, sampler=sampler, chunk=1000, **ASKED)
    assert found.draws in ((2048, 4096, 8192) if sampler == "mc" else (1024, 2048))
    assert found.finished
    assert max(high - low for own in found.intervals for low, high in own) < 0.05
    half = swept(tmp_path, draws=found.draws // 2, concepts=["pure-nash"], sampler=sampler, out=tmp_path / "half")
    assert max(high - low for own in half.intervals for low, high in own) >= 0.05 or half.draws < 1024


def test_neither_parts_nor_a_stop_change_where_it_ends(tmp_path: Path) -> None:
    one = swept(tmp_path, chunk=1000, **ASKED)
    assert_same(swept(tmp_path, chunk=777, out=tmp_path / "two", **ASKED), one)
    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path, chunk=100, out=tmp_path / "stopped", progress=stop_after(1500, KeyboardInterrupt()), **ASKED)
    before = marks(tmp_path / "stopped")
    assert_same(swept(tmp_path, out=tmp_path / "stopped", resume=True, **ASKED), one)
    assert before.items() <= marks(tmp_path / "stopped").items()


def test_a_sweep_that_may_not_grow_enough_says_how_wide_it_is(tmp_path: Path) -> None:
    said = []
    found = swept(tmp_path, **ASKED | {"draws": 1500, "until": 1e-3}, say=said.append)
    assert found.draws == 1500
    assert said[0].startswith("After 1,500 draws the widest interval is 0.0")
    assert swept(tmp_path, out=None, **ASKED | {"draws": 1500}).draws == 1500
