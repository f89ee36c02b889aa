"""`python -m benchmarks.sweep_memory`: the most memory that a sweep takes, by how many draws it has.

Each sweep of the baseline runs in a process of its own with one worker, writes its parts to a folder that is removed
afterwards, and says its peak of resident memory as the system counts it. Also printed: microseconds of processor time
and bytes of disk a draw.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

CONCEPTS = "pure-nash,strong-2,subgame-perfect.summit_first"
ONE = """
import resource, sys, time, sim
start = time.process_time()
sim.sweep(sim.load("vladivostok-2023"), int(sys.argv[1]), 1, concepts=sys.argv[2].split(","), out=sys.argv[3],
          store=sys.argv[4])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_maxrss // (1024 if sys.platform != "darwin" else 1024**2), time.process_time() - start)
"""


def measured(draws: int, store: str) -> tuple[int, float, float]:
    """Peak in MiB, microseconds of processor time a draw, bytes a draw."""
    with TemporaryDirectory() as place:
        out = Path(place) / "sweep"
        words = [sys.executable, "-c", ONE, str(draws), CONCEPTS, str(out), store]
        peak, seconds = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
        size = sum(path.stat().st_size for path in out.rglob("*.parquet"))
    return int(peak), float(seconds) / draws * 1e6, size / draws


@click.command()
@click.option("--draws", multiple=True, type=int, default=(50_000, 1_000_000), show_default=True, help="Repeatable.")
@click.option("--store", type=click.Choice(["all", "outcomes"]), default="all", show_default=True)
def main(draws: tuple[int, ...], store: str) -> None:
    """Peak memory of sweeps of so many draws."""
    click.echo(f"vladivostok-2023, {CONCEPTS}, one worker, --store {store}")
    measured(1000, store)  # what is compiled once is compiled here
    peaks = []
    for count in draws:
        peak, micros, size = measured(count, store)
        peaks.append(peak)
        click.echo(f"{count:12,} draws: peak {peak} MiB, {micros:.1f} us and {size:.1f} bytes a draw")
    click.echo(f"growth: {max(peaks) - peaks[0]} MiB")


if __name__ == "__main__":
    main()
