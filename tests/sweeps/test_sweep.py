"""A sweep into a folder: what it refuses, what it leaves when it is stopped, what it says."""

import json
import os
from pathlib import Path

import pytest

import sim
from sim.sweeps.found import open_sweep
from sim.sweeps.manifest import write_manifest
from sim.sweeps.store import write_json, write_part
from tests.made import TWO, UNSURE, made
from tests.sweeps.swept import assert_same, swept


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def stop_after(draws: int, error: BaseException):
    def progress(done: int, _: int) -> None:
        if done >= draws:
            raise error

    return progress


def test_a_folder_that_holds_a_sweep_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    swept(tmp_path)
    before = {path: path.read_bytes() for path in files(tmp_path / "out")}
    with pytest.raises(sim.UsageError, match="already holds a sweep"):
        swept(tmp_path)
    (tmp_path / "out/manifest.json").unlink()
    with pytest.raises(sim.UsageError, match="already holds a sweep"):
        swept(tmp_path)
    assert files(tmp_path / "out") == before.keys() - {tmp_path / "out/manifest.json"}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    for resume in (False, True):
        with pytest.raises(sim.UsageError, match="is a file, not a folder"):
            swept(tmp_path, resume=resume)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_finished_folder_holds_what_the_contract_names_and_nothing_else(tmp_path: Path) -> None:
    swept(tmp_path, draws=20)
    names = {str(path.relative_to(tmp_path / "out")) for path in files(tmp_path / "out")}
    assert names == {"manifest.json", "summary.json", "draws/part-00000.parquet", "draws/part-00001.parquet"}


def test_an_interrupted_sweep_keeps_what_is_finished(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt, match="20 of 30 draws are finished and kept"):
        swept(tmp_path, progress=stop_after(20, KeyboardInterrupt()))
    opened = open_sweep(tmp_path / "out")
    assert (opened.draws, opened.finished) == (20, False)
    whole = sim.sweep(made(tmp_path, TWO + UNSURE), draws=20, seed=5)
    assert opened.table().equals(whole.table())
    assert json.loads((tmp_path / "out/summary.json").read_text()) == opened.to_dict()
    assert not (tmp_path / "out/.lock").exists()


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "disk full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write_manifest(tmp_path, {"parts": []})
    (tmp_path / "draws").mkdir()
    with pytest.raises(OSError, match="disk full"):
        write_part(tmp_path, {"file": "part-00000.parquet"}, b"rows")
    with pytest.raises(OSError, match="disk full"):
        write_json(tmp_path / "new" / "summary.json", {"a": 1})
    assert files(tmp_path) == set()


def test_no_part_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is killed loses nothing by it; a power loss is told by checksums."""
    monkeypatch.setattr(os, "fsync", lambda _: pytest.fail("waited for the disk"))
    assert swept(tmp_path).finished


def test_a_sweep_stopped_before_its_first_part_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.sweeps.engines.write_part", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt, match="nothing was written"):
        swept(tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_full_disk_keeps_what_is_finished_and_says_how_to_go_on(tmp_path: Path, monkeypatch) -> None:
    def full(folder: Path, record: dict, content: object) -> dict:
        if record["start"] == 20:
            raise OSError(28, "No space left on device", str(folder / "draws" / record["file"]))
        return write_part(folder, record, content)

    monkeypatch.setattr("sim.sweeps.engines.write_part", full)
    with pytest.raises(sim.RealpolitikError, match=r"No space left on device\. 20 of 30 .* --resume goes on"):
        swept(tmp_path)
    monkeypatch.undo()
    assert_same(swept(tmp_path, resume=True), swept(tmp_path, out=tmp_path / "whole"))


def test_a_summary_that_fails_does_not_hide_the_first_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 20:
            monkeypatch.setattr("sim.sweeps.under_way.write_json", full)
            raise ValueError("the first")

    def full(path: Path, _: object) -> None:
        raise OSError(28, "No space left", str(path))

    with pytest.raises(ValueError, match="the first"):
        swept(tmp_path, progress=stop)


@pytest.mark.parametrize("name", ["summary.json", "report.html"])
@pytest.mark.parametrize("resume", [False, True])
def test_the_folder_of_a_run_takes_no_sweep(tmp_path: Path, name: str, resume: bool) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("a run's")
    with pytest.raises(sim.UsageError, match="holds a run"):
        swept(tmp_path, resume=resume)
    assert [one.name for one in (tmp_path / "out").iterdir()] == [name]


def test_what_is_no_sweep_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(sim.UsageError, match="holds no sweep"):
        open_sweep(tmp_path)
    for text, complaint in [("{", "cannot be read"), ("[]", "not a manifest"), ('{"format": 99}', "not a manifest")]:
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(sim.UsageError, match=complaint):
            open_sweep(tmp_path)


def test_a_part_of_another_size_is_named(tmp_path: Path) -> None:
    swept(tmp_path)
    (tmp_path / "out/draws/part-00001.parquet").write_bytes(b"nothing")
    with pytest.raises(sim.UsageError, match=r"part-00001\.parquet' cannot be read .*--resume makes it again"):
        open_sweep(tmp_path / "out")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"draws": 0}, "at least one draw, from draw 0 on; asked for 0 from draw 0"),
        ({"draws": -1}, "at least one draw"),
        ({"first": -1}, "asked for 30 from draw -1"),
        ({"chunk": 0}, "'chunk' must be 1 or more, not 0"),
        ({"workers": 0}, "'workers' must be 1 or more, not 0"),
        ({"costly": -2}, "'costly' must be 1 or more, not -2"),
        ({"until": float("nan")}, "'until' is the width of an interval, more than 0; not nan"),
        ({"until": 0}, "'until' is the width of an interval"),
        (
            {"draws": 10**12},
            "1,000,000,000,000 draws in parts of 10 are more than .* ask for --chunk 1,000,000 or more",
        ),
    ],
)
def test_what_cannot_be_swept_is_refused_for_its_own_reason_and_nothing_written(
    tmp_path: Path, asked: dict, said: str
) -> None:
    with pytest.raises(sim.UsageError, match=said):
        swept(tmp_path, **asked)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sweep_without_a_folder_does_not_speak_of_one_when_it_is_stopped(tmp_path: Path, workers: int) -> None:
    with pytest.raises(KeyboardInterrupt) as stopped:
        swept(tmp_path, out=None, workers=workers, progress=stop_after(20, KeyboardInterrupt()))
    assert "resume" not in str(stopped.value)
    assert "kept" not in str(stopped.value)


def test_a_part_that_lies_in_the_way_does_not_hide_the_first_error(tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 20:
            (tmp_path / "out/draws/part-00000.parquet").write_bytes(b"nothing")
            raise ValueError("the first")

    with pytest.raises(ValueError, match="the first") as stopped:
        swept(tmp_path, progress=stop)
    assert "part-00000.parquet' cannot be read" in stopped.value.__notes__[0]
