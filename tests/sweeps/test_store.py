"""A sweep on disk: the columns of the contract, parts whole or not at all, what is finished kept."""

import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim
from sim.scenario.reader import scenario_hash
from sim.solvers.concepts import requests_for
from sim.sweeps.status import STATUSES
from sim.sweeps.store import claim_folder, read_columns, write_json, write_part
from sim.sweeps.sweep import open_sweep, sweep
from tests.made import TWO, UNSURE, made


def swept(folder: Path, draws: int = 30, chunk: int = 10, **more):
    scenario = made(folder, TWO + UNSURE)
    requests = requests_for(scenario.data)
    return sweep(scenario.data, requests, draws=draws, seed=5, out=folder / "out", chunk=chunk, **more)


def test_the_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    swept(tmp_path)
    names = pq.read_table(tmp_path / "out/draws/part-00000.parquet").column_names
    uncertain = ["need", "tilt", "luck", "cost", "odds", "size", "mood"]
    expected = ["draw", *(f"p.{name}" for name in uncertain), "w.A.gain", "w.B.gain", "w.B.face"]
    for row in ("pure-nash", "strong-2", "subgame-perfect.first_a"):
        expected += [f"{row}.{event}.{part}" for event in ("agreed", "high") for part in ("status", "lower", "upper")]
        expected += [f"{row}.{part}" for part in ("n", "n_outcomes", "margin")]
    assert names == [*expected, "near_tie"]


def test_lower_and_upper_are_null_exactly_where_there_is_none(tmp_path: Path) -> None:
    swept(tmp_path, draws=300, chunk=300)
    table = pq.read_table(tmp_path / "out/draws/part-00000.parquet")
    bounds = {"always": (1, 1), "sometimes": (0, 1), "never": (0, 0), "none": (None, None)}
    seen = set()
    for row in table.to_pylist():
        status = row["pure-nash.agreed.status"]
        seen.add(status)
        assert (row["pure-nash.agreed.lower"], row["pure-nash.agreed.upper"]) == bounds[status]
        assert (row["pure-nash.n"] == 0) == (status == "none") == (row["pure-nash.margin"] is None)
    assert seen >= {"always", "never", "none"}


def test_rows_are_in_order_of_draw_and_equal_those_in_memory(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO + UNSURE)
    stored = swept(tmp_path, draws=25, chunk=10)
    memory = sim.sweep(scenario, draws=25, seed=5)
    assert stored.to_frame()["draw"].tolist() == list(range(25))
    for column in memory.to_frame():
        a, b = stored.to_frame([column])[column], memory.to_frame()[column]
        assert a.astype(object).where(a.notna(), None).tolist() == b.astype(object).where(b.notna(), None).tolist()
    assert stored.table().equals(memory.table())


def test_an_opened_sweep_has_the_table_of_the_one_that_was_written(tmp_path: Path) -> None:
    stored = swept(tmp_path)
    opened = open_sweep(tmp_path / "out")
    assert opened.table().equals(stored.table())
    assert opened.to_dict() == stored.to_dict() == json.loads((tmp_path / "out/summary.json").read_text())
    assert opened.to_frame().equals(stored.to_frame())


def test_the_manifest_says_enough_to_make_every_row_again(tmp_path: Path) -> None:
    swept(tmp_path, first=3)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    data = made(tmp_path, TWO + UNSURE).data
    known = {"scenario": "made", "hash": scenario_hash(data), "sampler": "mc", "seed": 5, "draws": 30, "first": 3}
    assert {key: manifest[key] for key in known} == known
    assert manifest["resolved"] == data.resolved
    assert manifest["concepts"] == ["pure-nash", "strong-2", "subgame-perfect.first_a"]
    assert manifest["parts"][0] == {"file": "part-00000.parquet", "start": 3, "draws": 7}
    assert sum(part["draws"] for part in manifest["parts"]) == 30
    assert manifest["versions"].keys() >= {"realpolitik", "numpy", "scipy", "python"}
    assert manifest["machine"]["simd"]
    assert manifest["finished"] is True


def test_a_folder_that_holds_a_sweep_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    swept(tmp_path)
    before = {path: path.read_bytes() for path in sorted((tmp_path / "out").rglob("*")) if path.is_file()}
    with pytest.raises(sim.UsageError, match="already holds a sweep"):
        swept(tmp_path)
    (tmp_path / "out/manifest.json").unlink()
    with pytest.raises(sim.UsageError, match="already holds a sweep"):
        swept(tmp_path)
    assert {path for path in (tmp_path / "out").rglob("*") if path.is_file()} == before.keys() - {
        tmp_path / "out/manifest.json"
    }


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(sim.UsageError, match="is a file, not a folder"):
        swept(tmp_path)
    assert (tmp_path / "out").read_text() == "mine"


def test_an_interrupted_sweep_keeps_what_is_finished(tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path, progress=stop)
    opened = open_sweep(tmp_path / "out")
    assert (opened.draws, opened.finished) == (20, False)
    assert opened.shares[0].n == 20
    whole = sim.sweep(made(tmp_path, TWO + UNSURE), draws=20, seed=5)
    assert opened.table().equals(whole.table())
    assert json.loads((tmp_path / "out/summary.json").read_text()) == opened.to_dict()


def test_a_part_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("disk full")

    table = sim.sweep(made(tmp_path, TWO + UNSURE), draws=3, seed=1).arrow
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write_part(tmp_path / "new", 0, table)
    with pytest.raises(OSError, match="disk full"):
        write_json(tmp_path / "new" / "manifest.json", {"a": 1})
    assert [path for path in (tmp_path / "new").rglob("*") if path.is_file()] == []


def test_a_sweep_stopped_before_its_first_part_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("sim.sweeps.sweep.write_part", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt, match="nothing was written"):
        swept(tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_summary_that_fails_does_not_hide_the_first_error(tmp_path: Path, monkeypatch) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 20:
            monkeypatch.setattr("sim.sweeps.sweep.write_json", full)
            raise ValueError("the first")

    def full(path: Path, _: object) -> None:
        raise OSError(28, "No space left", str(path))

    with pytest.raises(ValueError, match="the first"):
        swept(tmp_path, progress=stop)


@pytest.mark.parametrize("name", ["summary.json", "report.html"])
def test_the_folder_of_a_run_takes_no_sweep(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("a run's")
    with pytest.raises(sim.UsageError, match="holds a run"):
        swept(tmp_path)
    assert [one.name for one in (tmp_path / "out").iterdir()] == [name]


def test_of_two_sweeps_into_one_folder_one_is_refused(tmp_path: Path) -> None:
    claim_folder(tmp_path / "out")
    with pytest.raises(sim.UsageError, match="already holds a sweep"):
        claim_folder(tmp_path / "out")


def test_what_is_no_sweep_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(sim.UsageError, match="holds no sweep"):
        open_sweep(tmp_path)
    for text, complaint in [("{", "cannot be read"), ("[]", "not a manifest"), ('{"format": 99}', "not a manifest")]:
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(sim.UsageError, match=complaint):
            open_sweep(tmp_path)


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    swept(tmp_path)
    (tmp_path / "out/draws/part-00001.parquet").write_bytes(b"nothing")
    with pytest.raises(sim.UsageError, match=r"part-00001\.parquet' cannot be read"):
        open_sweep(tmp_path / "out")


def test_statuses_read_back_as_they_were(tmp_path: Path) -> None:
    stored = swept(tmp_path)
    words = read_columns(tmp_path / "out").column("pure-nash.agreed.status").to_pylist()
    counts = next(share.counts for share in stored.shares if (share.row, share.event) == ("pure-nash", "agreed"))
    assert [words.count(status) for status in STATUSES] == list(counts)


@pytest.mark.parametrize(("draws", "first"), [(0, 0), (-1, 0), (3, -1)])
def test_a_sweep_of_nothing_is_refused_before_anything_is_written(tmp_path: Path, draws: int, first: int) -> None:
    with pytest.raises(sim.UsageError, match="at least one draw"):
        swept(tmp_path, draws=draws, first=first)
    assert not (tmp_path / "out").exists()
