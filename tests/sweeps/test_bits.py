"""The promise: a row is the same to the last bit however, where and beside what it was computed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import assert_same, swept

JOINED = '[[correlated]]\nof = ["cost", "odds", "A.gain"]\nrho = 0.4\n'
DIGEST = """
import hashlib, sys, pandas as pd, sim
for name in sys.argv[1:]:
    frame = sim.sweep(sim.load(name), 600, 7).to_frame()
    print(hashlib.sha256(pd.util.hash_pandas_object(frame).to_numpy().tobytes()).hexdigest())
"""


def same_beginning(longer: pd.DataFrame, shorter: pd.DataFrame) -> None:
    for name in shorter:
        assert longer[name].head(len(shorter)).reset_index(drop=True).equals(shorter[name].reset_index(drop=True)), name


@pytest.mark.parametrize(("chunk", "draws"), [(1, 40), (7, 300), (997, 1100)])
def test_the_size_of_parts_changes_no_bit(tmp_path: Path, chunk: int, draws: int) -> None:
    cut = swept(tmp_path, draws=draws, chunk=chunk, out=tmp_path / "cut")
    assert_same(cut, swept(tmp_path, draws=draws, chunk=10_000))


def test_neither_parts_nor_workers_change_a_bit_of_the_baseline(tmp_path: Path) -> None:
    found = [
        sim.sweep(sim.load("vladivostok-2023"), 300, 3, concepts=["pure-nash", "strong-2"], out=tmp_path / name, **how)
        for name, how in {"whole": {}, "cut": {"chunk": 97, "workers": 2}}.items()
    ]
    assert_same(*found)


def test_a_longer_sweep_begins_with_the_shorter_one(tmp_path: Path) -> None:
    same_beginning(swept(tmp_path, draws=500, chunk=97).to_frame(), swept(tmp_path, 300, out=tmp_path / "s").to_frame())


def test_a_sweep_that_starts_at_a_draw_has_the_rows_of_one_that_passes_it(tmp_path: Path) -> None:
    whole = swept(tmp_path, draws=120, chunk=50).to_frame()
    late = swept(tmp_path, draws=40, first=77, chunk=11, out=tmp_path / "late").to_frame()
    same_beginning(whole.iloc[77:], late)
    assert late["draw"].tolist() == list(range(77, 117))


def test_threads_of_the_linear_algebra_change_no_bit(tmp_path: Path) -> None:
    made(tmp_path, TWO + UNSURE + JOINED)
    said = set()
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
        env = os.environ | dict.fromkeys(names, threads)
        words = [sys.executable, "-c", DIGEST, str(tmp_path / "made.toml")]
        said.add(subprocess.run(words, env=env, capture_output=True, check=True, text=True).stdout)
    assert len(said) == 1
    assert len(said.pop().split()) == 1


def test_a_draw_explained_alone_has_the_numbers_of_its_stored_row(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE + JOINED)
    rows = sim.sweep(scenario, 40, 9, out=tmp_path / "out", chunk=16).to_frame()
    for draw in (0, 15, 16, 39):
        told = sim.explain(scenario, draw=draw, seed=9).to_dict()["parameters"]
        row = rows.iloc[draw]
        numbers = {name[2:]: row[name] for name in rows if name[:2] in ("p.", "w.")}
        assert numbers == {name: told[name] for name in numbers}


def test_a_sweep_stopped_at_any_part_and_resumed_is_the_whole_one(tmp_path: Path) -> None:
    def stopping(after: int):
        def progress(done: int, _: int) -> None:
            if done >= after:
                raise KeyboardInterrupt

        return progress

    whole = swept(tmp_path, draws=60, chunk=9, out=tmp_path / "whole")
    for after in np.random.default_rng(1).integers(1, 60, 5).tolist():
        out = tmp_path / f"stopped{after}"
        with pytest.raises(KeyboardInterrupt):
            swept(tmp_path, draws=60, chunk=9, out=out, progress=stopping(after))
        assert_same(swept(tmp_path, draws=60, chunk=9, out=out, resume=True), whole)
