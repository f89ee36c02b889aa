"""`python -m benchmarks.explore`: how long the explorer takes to follow a hand on a slider.

Each of the five numbers that matter most is moved through its range by the widgets themselves, in the process of the
kernel. Printed for each: the median and the longest update, in milliseconds of processor time and of the clock. The
browser's own drawing comes on top.
"""

import statistics
import time

import click

import sim

STEPS = 20  # from one end of a range to the other


@click.command(help=__doc__)
@click.argument("scenario", default="vladivostok-2023")
def main(scenario: str) -> None:
    loaded = sim.load(scenario)
    start = time.perf_counter()
    explorer = sim.explore(loaded)
    click.echo(f"{scenario}: opened in {time.perf_counter() - start:.1f} s, screening included")
    for knob in explorer.knobs:
        field, taken = explorer.fields[knob.name], []
        field.value = knob.low
        for k in range(1, STEPS + 1):
            clock, work = time.perf_counter(), time.process_time()
            field.value = knob.low + (knob.high - knob.low) * k / STEPS
            taken.append((time.process_time() - work, time.perf_counter() - clock))
        explorer.reset.click()
        work, clock = (sorted(1000 * own for own in column) for column in zip(*taken, strict=True))
        click.echo(
            f"{knob.name:<24} processor: median {statistics.median(work):5.1f} ms, longest {work[-1]:5.1f} ms; "
            f"clock: median {statistics.median(clock):5.1f} ms, longest {clock[-1]:5.1f} ms"
        )


if __name__ == "__main__":
    main()
