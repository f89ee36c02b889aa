"""`python -m benchmarks.kill_and_resume`: kill a sweep at random moments, resume it, compare it with a whole one.

Each round starts the command line with two workers, kills it (SIGKILL) after a random share of its time, twice, and
lets it go on to its end. Printed for each round: how many parts were kept, whether they were left alone, and whether
the rows are those of a sweep that ran through, to the last bit.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

import sim

DRAWS, CHUNK = 40_000, 1_000


def command(out: Path, *more: str) -> list[str]:
    """The sweep as a person types it."""
    words = ["sweep", "vladivostok-2023", "--draws", str(DRAWS), "--seed", "1", "--chunk", str(CHUNK), "--workers", "2"]
    concepts = ["--concepts", "pure-nash,strong-2,subgame-perfect.summit_first"]
    return [sys.executable, "-m", "sim", *words, *concepts, "--out", str(out), *more]


def seconds_of(words: list[str]) -> float:
    """How long a command takes."""
    start = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - start


def killed_after(words: list[str], seconds: float) -> bool:
    """Run a command and kill its whole group after so long; False where it had ended before."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as process:
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True
    return False


def marks(out: Path) -> dict[str, tuple[int, int, int]]:
    """What changes where a part is written again."""
    found = {}
    for path in out.glob("draws/part-*.parquet"):
        known = path.stat()
        found[path.name] = (known.st_ino, known.st_mtime_ns, known.st_size)
    return found


def same_rows(one: Path, other: Path) -> bool:
    """Whether two sweeps hold the same rows to the last bit."""
    a, b = sim.open_sweep(one).to_frame(), sim.open_sweep(other).to_frame()
    return len(a) == len(b) and all(a[name].equals(b[name]) for name in b)


def one_round(whole: Path, out: Path, seconds: float, dice: random.Random) -> tuple[int, int, bool, bool]:
    """Kill until it is finished: times killed, parts kept at the first, untouched, same rows."""
    kills, kept, untouched = 0, 0, True
    before: dict[str, tuple[int, int, int]] = {}
    while killed_after(command(out, "--resume"), seconds * dice.uniform(0.1, 0.9)):
        kills += 1
        now = marks(out)
        untouched &= before.items() <= now.items()
        before, kept = now, kept or len(now)
        if kills == 2:  # the rest in one go
            subprocess.run(command(out, "--resume"), check=True, capture_output=True)
            untouched &= before.items() <= marks(out).items()
            break
    return kills, kept, untouched, same_rows(whole, out)


@click.command()
@click.option("--times", default=20, show_default=True, help="Rounds.")
@click.option("--seed", default=1, show_default=True, help="Of the moments.")
def main(times: int, seed: int) -> None:
    """Kill a sweep at random moments, resume it, compare its rows with those of one that ran through."""
    dice, good = random.Random(seed), 0
    with TemporaryDirectory() as place:
        whole = Path(place) / "whole"
        seconds = seconds_of(command(whole))
        click.echo(f"{DRAWS:,} draws in parts of {CHUNK:,}, 2 workers, {seconds:.1f} s undisturbed")
        for k in range(times):
            out = Path(place) / f"round{k}"
            kills, kept, untouched, same = one_round(whole, out, seconds, dice)
            good += same and untouched
            click.echo(
                f"{k + 1:3}: killed {kills}x, {kept:2} parts at the first; "
                f"{'untouched' if untouched else 'WRITTEN AGAIN'}, {'same bits' if same else 'OTHER ROWS'}"
            )
            shutil.rmtree(out)
    click.echo(f"{good} of {times} rounds: finished parts untouched and every row the same to the last bit")
    sys.exit(good != times)


if __name__ == "__main__":
    main()
