"""A sweep goes on where it was: finished parts untouched, the same bits, and another sweep refused."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.sweeps import manifest as manifest_module
from sim.sweeps.found import open_sweep
from tests.sweeps.swept import assert_same, marks, swept
from tests.sweeps.test_sweep import stop_after


def begun(folder: Path, draws: int = 20, **more) -> None:
    with pytest.raises(KeyboardInterrupt):
        swept(folder, progress=stop_after(draws, KeyboardInterrupt()), **more)


def test_a_resumed_sweep_is_the_whole_one_and_writes_no_finished_part_again(tmp_path: Path) -> None:
    begun(tmp_path)
    before = marks(tmp_path / "out")
    resumed, whole = swept(tmp_path, resume=True), swept(tmp_path, out=tmp_path / "whole")
    assert len(before) == 2
    assert before.items() < marks(tmp_path / "out").items()
    assert_same(resumed, whole)
    assert open_sweep(tmp_path / "out").finished


def test_resume_begins_where_nothing_is_there_yet(tmp_path: Path) -> None:
    assert_same(swept(tmp_path, resume=True), swept(tmp_path, out=tmp_path / "whole"))
    (tmp_path / "empty").mkdir()
    assert swept(tmp_path, out=tmp_path / "empty", resume=True).draws == 30


@pytest.mark.parametrize(("draws", "parts"), [(24, 3), (31, 5), (45, 6)])
def test_a_longer_sweep_goes_on_behind_the_shorter_one(tmp_path: Path, draws: int, parts: int) -> None:
    swept(tmp_path, draws=24)
    before = marks(tmp_path / "out")
    longer = swept(tmp_path, draws=draws, resume=True)
    assert before.items() <= marks(tmp_path / "out").items()
    assert len(marks(tmp_path / "out")) == parts
    assert_same(longer, swept(tmp_path, draws=draws, out=tmp_path / "whole"))


def test_a_shorter_sweep_keeps_the_longer_one_and_says_so(tmp_path: Path) -> None:
    whole, said = swept(tmp_path), []
    before = marks(tmp_path / "out")
    shorter = swept(tmp_path, draws=5, resume=True, say=said.append)
    assert_same(shorter, whole)
    assert marks(tmp_path / "out") == before
    assert said == ["The folder holds draws up to 29 already: they stay, and count in the summary."]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": 6}, "seed: 5 there, 6 asked for"),
        ({"first": 1}, "first: 0 there, 1 asked for"),
        ({"concepts": ["pure-nash"]}, "concepts: pure-nash, strong-2"),
        ({"store": "outcomes"}, "store: all there, outcomes asked for"),
    ],
)
def test_another_sweep_is_refused_with_what_differs(tmp_path: Path, change: dict, named: str) -> None:
    begun(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for _ in range(2):
        with pytest.raises(sim.UsageError, match="holds another sweep") as refused:
            swept(tmp_path, resume=True, **change)
        assert named in str(refused.value)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_another_scenario_or_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tmp_path)
    scenario = sim.load(tmp_path / "made.toml")
    with pytest.raises(sim.UsageError, match="known: 3/10 there, 2/5 now"):
        sim.sweep(scenario.set(known=0.4), 30, 5, out=tmp_path / "out", resume=True)
    true = manifest_module.version
    monkeypatch.setattr(manifest_module, "version", lambda name: "0.0.1" if name == "numpy" else true(name))
    with pytest.raises(sim.UsageError, match=r"version of numpy: .* there, 0\.0\.1 now"):
        swept(tmp_path, resume=True)


def test_parts_without_their_manifest_still_refuse_another_sweep(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / "out/manifest.json").unlink()
    with pytest.raises(sim.UsageError, match=r"is a part of another sweep .*seed: 5 there, 6 asked for"):
        swept(tmp_path, resume=True, seed=6)


@pytest.mark.parametrize("length", [0, 3, 1000, -1])
def test_a_part_cut_off_is_made_again_with_a_sentence(tmp_path: Path, length: int) -> None:
    whole, said = swept(tmp_path, out=tmp_path / "whole"), []
    swept(tmp_path)
    path = tmp_path / "out/draws/part-00001.parquet"
    path.write_bytes(path.read_bytes()[:length])
    before = marks(tmp_path / "out")
    assert_same(swept(tmp_path, resume=True, say=said.append), whole)
    assert said == ["part-00001.parquet was cut off or damaged: made again."]
    assert {name for name, mark in marks(tmp_path / "out").items() if mark != before[name]} == {path.name}


def test_a_part_of_the_right_length_with_one_wrong_bit_is_made_again(tmp_path: Path) -> None:
    whole, said = swept(tmp_path, out=tmp_path / "whole"), []
    swept(tmp_path)
    path = tmp_path / "out/draws/part-00002.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(content)
    assert_same(swept(tmp_path, resume=True, say=said.append), whole)
    assert said == ["part-00002.parquet was cut off or damaged: made again."]


@pytest.mark.parametrize("damage", ["", "{", None])
def test_a_damaged_or_missing_manifest_is_made_again_from_the_parts(tmp_path: Path, damage: str | None) -> None:
    whole, said = swept(tmp_path, out=tmp_path / "whole"), []
    begun(tmp_path, chunk=7)
    path, before = tmp_path / "out/manifest.json", marks(tmp_path / "out")
    if damage is None:
        path.unlink()
    else:
        path.write_text(damage)
    assert_same(swept(tmp_path, resume=True, say=said.append), whole)
    assert said[0].startswith("manifest.json was ")
    assert before.items() <= marks(tmp_path / "out").items()
    assert json.loads(path.read_text())["chunk"] == 7


def test_a_missing_part_is_made_again(tmp_path: Path) -> None:
    whole, said = swept(tmp_path, out=tmp_path / "whole"), []
    swept(tmp_path)
    (tmp_path / "out/draws/part-00001.parquet").unlink()
    assert_same(swept(tmp_path, resume=True, say=said.append), whole)
    assert said == ["part-00001.parquet is gone: made again."]


def test_foreign_files_are_left_and_named(tmp_path: Path) -> None:
    begun(tmp_path)
    draws, said = tmp_path / "out/draws", []
    (draws / "notes.txt").write_text("mine")
    pq.write_table(pa.table({"draw": [1]}), draws / "other.parquet")
    with pytest.raises(sim.UsageError, match=r"other\.parquet' is not of this sweep"):
        swept(tmp_path, resume=True)
    (draws / "other.parquet").rename(draws / "part-00077.parquet")
    with pytest.raises(sim.UsageError, match=r"part-00077\.parquet' is not of this program's sweeps"):
        swept(tmp_path, resume=True)
    (draws / "part-00077.parquet").write_bytes((draws / "part-00001.parquet").read_bytes())
    with pytest.raises(sim.UsageError, match="holds the rows of part-00001"):
        swept(tmp_path, resume=True)
    (draws / "part-00077.parquet").unlink()
    assert swept(tmp_path, resume=True, say=said.append).draws == 30
    assert said == ["notes.txt in draws/ is not of this sweep: left as it is."]
    assert (draws / "notes.txt").read_text() == "mine"


def test_what_a_killed_run_was_writing_is_cleared_away(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / "out/draws/.0123456789abcdef.tmp").write_bytes(b"half")
    swept(tmp_path, resume=True)
    assert sorted(path.suffix for path in (tmp_path / "out/draws").iterdir()) == [".parquet"] * 3


def test_a_resumed_sweep_keeps_the_chunk_that_it_began_with(tmp_path: Path) -> None:
    whole, said = swept(tmp_path, out=tmp_path / "whole"), []
    begun(tmp_path, draws=7, chunk=7)
    assert_same(swept(tmp_path, resume=True, chunk=4, say=said.append), whole)
    assert len(marks(tmp_path / "out")) == 5
    assert said == ["The sweep was begun with --chunk 7, and goes on with it."]


def test_parts_that_the_manifest_does_not_list_yet_count(tmp_path: Path) -> None:
    swept(tmp_path)
    path = tmp_path / "out/manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"parts": manifest["parts"][:1], "finished": False}))
    opened = open_sweep(tmp_path / "out")
    assert (opened.draws, opened.finished, len(opened.to_frame())) == (30, False, 30)
