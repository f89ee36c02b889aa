"""nashpy's algorithms in a process of their own with a time limit: its Lemke-Howson paths may turn in circles.

The payoffs go in as JSON; each answer comes out as one line of JSON as soon as it is found, so that what was found
before the limit is kept; a last line says how it ended.
"""

import json
import subprocess
import sys
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.game.game import Game
from sim.solvers.nashpy_bridge import (
    FloatPair,
    NashpyAnswer,
    answer_of,
    check_two_players,
    enumerate_by_nashpy,
    mapped_payoffs,
)


def solve_within(game: Game, algorithm: str, seconds: float) -> NashpyAnswer:
    """Ask one of nashpy's algorithms, and stop it after so many seconds, start of the process included.

    Args:
        game: two players.
        algorithm: a method of `nashpy.Game` that yields pairs of strategies.
        seconds: an answer that was stopped says so in `error`, and keeps what had been found.

    Raises:
        PayoffError: the game has not two players.
        UsageError: nashpy is not installed.
    """
    check_two_players(game)
    asked = json.dumps({"algorithm": algorithm, "payoffs": [own.tolist() for own in mapped_payoffs(game)]})
    command = [
        sys.executable,
        "-P",
        "-m",
        "sim.solvers.nashpy_process",
    ]  # -P: no file of the current folder hides a module
    stopped, problem = False, ""
    try:
        done = subprocess.run(command, input=asked.encode(), capture_output=True, timeout=seconds, check=False)
        said, problem = done.stdout, done.stderr.decode(errors="replace").strip()
    except subprocess.TimeoutExpired as late:
        said, stopped = late.stdout or b"", True
    pairs, ended = _read(said)
    if "usage" in ended:
        raise UsageError(ended["usage"])
    failure = ended.get("error")
    if stopped:
        failure = f"no end within {seconds:g} s"
    elif not ended:
        failure = f"its process ended early: {problem.splitlines()[-1] if problem else 'without a word'}"
    return answer_of(game, algorithm, ended.get("version") or _version(), pairs, failure, ended.get("warnings", ()))


def answer_on_standard_output() -> None:
    """The other end of the pipe."""
    asked = json.load(sys.stdin)
    payoffs = [np.array(own, dtype=np.float64) for own in asked["payoffs"]]
    try:
        version, failure, heard = enumerate_by_nashpy(payoffs, asked["algorithm"], _say)
    except UsageError as error:
        _say({"usage": str(error)})
    else:
        _say({"version": version, "error": failure, "warnings": heard})


def _say(document: Any) -> None:
    print(json.dumps(document), flush=True)


def _read(said: bytes) -> tuple[list[FloatPair], dict[str, Any]]:
    """Pairs, and the last line where there was one; a line cut off by the limit is left."""
    pairs: list[FloatPair] = []
    for line in said.decode().splitlines(keepends=True):
        document = json.loads(line) if line.endswith("\n") else None
        if isinstance(document, dict):
            return pairs, document
        if document is not None:
            x, y = document
            pairs.append((tuple(x), tuple(y)))
    return pairs, {}


def _version() -> str:
    from importlib.metadata import version

    return version("nashpy")


if __name__ == "__main__":
    answer_on_standard_output()
