"""Progress of long work: a bar with rate and time left on a terminal's standard error, and nothing anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Live

Progress = Callable[[int, int], None]  # done, in all
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
