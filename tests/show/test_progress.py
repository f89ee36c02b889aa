"""Bars belong to a terminal's standard error alone."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

CODE = """
from sim.show.progress import progress_bars
with progress_bars() as bars:
    bar = bars("some work")
    bar(1, 2)
    print("the answer")
    bar(2, 2)
"""


def test_a_bar_on_a_terminal_leaves_standard_output_alone(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    said = subprocess.run([sys.executable, "-c", CODE], stdout=subprocess.PIPE, stderr=theirs, env=env, check=True)
    os.close(theirs)
    drawn = os.read(ours, 65536).decode()
    os.close(ours)
    assert said.stdout == b"the answer\n"
    assert "some work" in drawn


def test_without_a_terminal_nothing_is_drawn() -> None:
    said = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    assert (said.stdout, said.stderr) == (b"the answer\n", b"")


SWEEP = """
from sim.show.progress import sweep_progress
from sim.sweeps.status import Share
from sim.sweeps.under_way import Standing
shares = tuple(Share("pure-nash", None, event, 40, (10, 0, 30, 0, 0, 0)) for event in ("deal", "other"))
with sweep_progress("KIND", ["deal"]) as watch:
    watch(Standing(40, 100, 20, shares))
    print("the answer")
    watch(Standing(100, 100, 20, shares))
"""


def test_a_sweep_on_a_terminal_shows_its_shares_so_far_and_leaves_standard_output_alone() -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    words = [sys.executable, "-c", SWEEP.replace("KIND", "bar")]
    said = subprocess.run(words, stdout=subprocess.PIPE, stderr=theirs, env=env, check=True)
    os.close(theirs)
    drawn = os.read(ours, 65536).decode()
    os.close(ours)
    assert said.stdout == b"the answer\n"
    assert "pure-nash: deal 0.250" in drawn
    assert "other" not in drawn
    assert "100/100" in drawn
    assert subprocess.run(words, capture_output=True, check=True).stderr == b""


def test_a_sweep_says_how_far_it_is_as_json_lines() -> None:
    said = subprocess.run([sys.executable, "-c", SWEEP.replace("KIND", "json")], capture_output=True, check=True)
    assert said.stdout == b"the answer\n"
    first, last = map(json.loads, said.stderr.splitlines())
    assert (first["done"], first["total"], last["done"], last["left"]) == (40, 100, 100, 0.0)
    assert first["rate"] * first["seconds"] <= 21  # draws that were there before are no work
    assert [(share["event"], share["always"]) for share in first["shares"]] == [("deal", 0.25)]
