"""Bars belong to a terminal's standard error alone."""

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
