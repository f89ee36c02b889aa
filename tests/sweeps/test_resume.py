"""A sweep goes on where it was: finished parts untouched, the same bits, and another sweep refused."""

import json
from collections.abc import Callable
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


def flip(path: Path, place: int) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.write_bytes(content)


def footer_count(path: Path) -> int:
    """Where a part's own counts stand, outside every checksum of a page: the last digit of one, as Arrow keeps it."""
    return path.read_bytes().rindex(b'"draws": 10') + len('"draws": 10') - 1


@pytest.mark.parametrize("place", [footer_count, lambda path: path.stat().st_size // 3], ids=["footer", "page"])
def test_a_damaged_part_is_taken_by_nobody_though_the_resumed_sweep_is_stopped_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Callable[[Path], int]
) -> None:
    whole, path = swept(tmp_path, out=tmp_path / "whole"), tmp_path / "out/draws/part-00001.parquet"
    swept(tmp_path)
    flip(path, place(path))
    with monkeypatch.context() as patched:
        patched.setattr("sim.sweeps.engines.made_part", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt, match="20 of 30 draws are finished"):
            swept(tmp_path, resume=True)
    assert not path.exists()
    assert open_sweep(tmp_path / "out").draws == 20
    assert_same(swept(tmp_path, resume=True), whole)


def test_damaged_parts_of_a_sweep_that_grew_are_not_counted_beside_those_made_again(tmp_path: Path) -> None:
    swept(tmp_path, draws=1000, chunk=4096)
    grown, said = swept(tmp_path, draws=2000, chunk=4096, resume=True), []
    for path in (tmp_path / "out/draws").iterdir():
        flip(path, path.stat().st_size // 2)
    again = swept(tmp_path, draws=2000, chunk=4096, resume=True, say=said.append)
    assert sorted(said) == [f"part-0000{k}.parquet was cut off or damaged: made again." for k in (0, 1)]
    assert_same(again, grown)
    opened = open_sweep(tmp_path / "out")
    assert (opened.draws, len(opened.to_frame(["draw"]))) == (2000, 2000)


def test_two_parts_that_hold_the_same_draws_are_refused_by_every_reader(tmp_path: Path) -> None:
    for folder, chunk in (("out", 10), ("other", 20)):
        swept(tmp_path, draws=20, chunk=chunk, out=tmp_path / folder)
    (tmp_path / "out/draws/part-00000.parquet").write_bytes((tmp_path / "other/draws/part-00000.parquet").read_bytes())
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    (tmp_path / "out/manifest.json").write_text(json.dumps(manifest | {"parts": manifest["parts"][1:]}))
    with pytest.raises(sim.UsageError, match=r"part-00001\.parquet' holds draws that part-00000\.parquet holds too"):
        open_sweep(tmp_path / "out")


def test_parts_of_a_sweep_that_grew_fit_though_those_before_them_are_gone(tmp_path: Path) -> None:
    swept(tmp_path, draws=14, out=tmp_path / "out")
    whole = swept(tmp_path, draws=44, resume=True)
    for number in (0, 1, 2):  # of 10, 4 and 6 draws
        (tmp_path / f"out/draws/part-0000{number}.parquet").unlink()
    before = marks(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):  # the manifest that is written now lists the others alone
        swept(tmp_path, draws=44, resume=True, progress=stop_after(0, KeyboardInterrupt()))
    assert_same(swept(tmp_path, draws=44, resume=True), whole)
    assert before.items() < marks(tmp_path / "out").items()


def test_a_part_that_the_system_does_not_let_be_read_is_not_taken_for_damaged(tmp_path: Path, monkeypatch) -> None:
    swept(tmp_path)
    before = marks(tmp_path / "out")

    def refuse(path: Path) -> bytes:
        raise OSError(24, "Too many open files", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(OSError, match="Too many open files"):
        swept(tmp_path, resume=True)
    assert marks(tmp_path / "out") == before
