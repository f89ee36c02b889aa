"""`python -m benchmarks.kill_and_resume`: kill a sweep at random moments, resume it, compare it with a whole one.

Each round starts the command line with two workers, kills it (SIGKILL) a random while after a random number of parts,
resumes it, kills it again, and lets it go on to its end. Printed for each round: the parts that were there at a kill,
whether they were left alone, and whether the rows are those of a sweep that ran through, to the last bit.
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

DRAWS, CHUNK = 150_000, 1_000
KILLS, MOST_PARTS, MOST_SECONDS = 2, 50, 0.05  # a kill: so long after so many new parts, each at most


def command(out: Path, *more: str) -> list[str]:
    """The sweep as a person types it."""
    words = ["sweep", "vladivostok-2023", "--draws", str(DRAWS), "--seed", "1", "--chunk", str(CHUNK), "--workers", "2"]
    concepts = ["--concepts", "pure-nash,strong-2,subgame-perfect.summit_first"]
    return [sys.executable, "-m", "sim", *words, *concepts, "--out", str(out), *more]


def killed_after(words: list[str], parts: int, seconds: float) -> bool:
    """Run a command and kill its whole group so long after so many parts; False where it had ended before."""
    told = [*words, "--progress", "json"]  # a line for each part
    with subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stderr is not None
        for _ in range(parts):
            process.stderr.readline()
        time.sleep(seconds)
        ended = process.poll() is not None
        if not ended:
            os.killpg(process.pid, signal.SIGKILL)
    return not ended


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


def one_round(whole: Path, out: Path, dice: random.Random) -> tuple[list[int], bool, bool]:
    """Kill twice, then let it end: parts that lay there after each kill, whether they were left alone, same rows."""
    kept, untouched = [], True
    before: dict[str, tuple[int, int, int]] = {}
    for _ in range(KILLS):
        if killed_after(command(out, "--resume"), dice.randint(1, MOST_PARTS), dice.uniform(0, MOST_SECONDS)):
            now = marks(out)
            untouched &= before.items() <= now.items()
            before = now
            kept.append(len(now))
    subprocess.run(command(out, "--resume"), check=True, capture_output=True)
    return kept, untouched and before.items() <= marks(out).items(), same_rows(whole, out)


@click.command()
@click.option("--times", default=10, show_default=True, help="Rounds, of two kills each.")
@click.option("--seed", default=1, show_default=True, help="Of the moments.")
def main(times: int, seed: int) -> None:
    """Kill a sweep at random moments, resume it, compare its rows with those of one that ran through."""
    dice, good, kills = random.Random(seed), 0, 0
    with TemporaryDirectory() as place:
        whole = Path(place) / "whole"
        subprocess.run(command(whole), check=True, capture_output=True)
        click.echo(f"{DRAWS:,} draws in parts of {CHUNK:,}, 2 workers")
        for k in range(times):
            out = Path(place) / f"round{k}"
            kept, untouched, same = one_round(whole, out, dice)
            good, kills = good + (same and untouched), kills + len(kept)
            click.echo(
                f"{k + 1:3}: killed with {' and '.join(map(str, kept)) or 'no'} parts there; "
                f"{'untouched' if untouched else 'WRITTEN AGAIN'}, {'same bits' if same else 'OTHER ROWS'}"
            )
            shutil.rmtree(out)
    click.echo(f"{kills} kills; {good} of {times} rounds: parts untouched and every row the same to the last bit")
    sys.exit(good != times)


if __name__ == "__main__":
    main()
