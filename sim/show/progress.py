"""Progress of long work: a bar with rate and time left on a terminal's standard error, and nothing anywhere else.

A sweep also shows the shares so far of the headline events; or it says all of that as JSON lines, for other programs.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Group
    from rich.progress import Progress as Live

    from sim.sweeps.under_way import Standing, Watch

Progress = Callable[[int, int], None]  # done, in all
MOST_LINES = 12  # of shares so far

Bars = Callable[[str], Progress]  # the name of some work -> its progress


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Bars for the time of a block: each appears with its first step and is gone with its last.

    Standard output is never touched: it may be a file while standard error is a terminal.
    """
    if not sys.stderr.isatty():
        yield lambda name: _silent
        return
    shown: list[Live] = []
    try:
        yield lambda name: _bar(name, shown)
    finally:
        for live in shown:
            live.stop()


def _bar(name: str, shown: "list[Live]") -> Progress:
    live = _live()
    task = live.add_task(name, total=None, rate="")

    def show(done: int, total: int) -> None:
        if live not in shown:
            shown.append(live)
            live.start()
        speed = live.tasks[0].speed
        live.update(task, completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")
        if done >= total:
            live.stop()

    return show


def _live() -> "Live":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Live

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    console = Console(stderr=True)
    return Live(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _silent(done: int, total: int) -> None:
    return None


@contextmanager
def sweep_progress(kind: str, headline: Sequence[str]) -> "Iterator[Watch]":
    """Who watches a sweep for the time of a block.

    Args:
        kind: "bar" for a terminal, silent where standard error is none; "json" for a line on standard error a part.
        headline: events whose shares are shown.
    """
    begun = time.monotonic()
    if kind == "json":
        yield lambda now: print(json.dumps(_line(now, headline, time.monotonic() - begun)), file=sys.stderr, flush=True)
        return
    if not sys.stderr.isatty():
        yield lambda now: None
        return
    from rich.console import Console
    from rich.live import Live as Screen

    bar = _live()
    task = bar.add_task("draws", total=None, rate="")
    with Screen(console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False) as screen:

        def show(now: "Standing") -> None:
            rate = _rate(now, time.monotonic() - begun)
            bar.update(task, completed=now.done, total=now.total, rate=f"{rate:,.0f}/s" if rate else "")
            screen.update(_shown(bar, now, headline))

        yield show


def _shown(bar: "Live", now: "Standing", headline: Sequence[str]) -> "Group":
    """The bar, and a line for each concept and order: how often each headline event always holds, so far."""
    from rich.console import Group
    from rich.text import Text

    rows = list(dict.fromkeys(share.row for share in now.shares))
    lines = [Text("always, so far", style="dim")] if rows else []
    for row in rows[:MOST_LINES]:
        own = [share for share in now.shares if share.row == row and share.event in headline]
        lines.append(Text(f"  {row}: " + ", ".join(f"{share.event} {share.lower:.3f}" for share in own)))
    return Group(bar, *lines)


def _line(now: "Standing", headline: Sequence[str], seconds: float) -> dict[str, Any]:
    rate = _rate(now, seconds)
    return {
        "done": now.done,
        "total": now.total,
        "seconds": round(seconds, 3),
        "rate": round(rate, 1),
        "left": round((now.total - now.done) / rate, 1) if rate else None,
        "shares": [share.to_dict() for share in now.shares if share.event in headline],
    }


def _rate(now: "Standing", seconds: float) -> float:
    """Draws a second, without those that were there before."""
    return (now.done - now.before) / seconds if seconds > 0 else 0.0
