"""One run a folder: never two at once, and never the files of two."""

import json
import os
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.show.run_folder import MARK, only_run, remove_former_run


def test_a_second_run_is_refused_while_the_first_is_there(tmp_path: Path) -> None:
    with only_run(tmp_path / "out"):
        with pytest.raises(UsageError, match="Another run writes to"), only_run(tmp_path / "out"):
            pass
        assert (tmp_path / "out" / MARK).exists()
    with only_run(tmp_path / "out"):
        pass


def test_a_run_that_was_cut_off_stands_in_nobodys_way(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    (tmp_path / MARK).write_text(str(child))
    with only_run(tmp_path):
        assert (tmp_path / MARK).read_text() == str(os.getpid())


def test_a_run_that_wrote_nothing_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), only_run(tmp_path / "a" / "b"):
        raise ValueError("stop")
    assert list(tmp_path.iterdir()) == []


def test_the_files_of_a_former_run_go_and_nothing_else(tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "figures").mkdir(parents=True)
    for name in ("figures/threshold-old.pdf", "report.html", "mine.txt", "../outside.txt"):
        (run / name).write_text(name)
    listed = ["figures/threshold-old.pdf", "report.html", "../outside.txt", str(tmp_path / "outside.txt"), "gone.png"]
    (run / "summary.json").write_text(json.dumps({"files": listed}))
    remove_former_run(run)
    assert [path.name for path in run.iterdir()] == ["mine.txt"]
    assert (tmp_path / "outside.txt").exists()
