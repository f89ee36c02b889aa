"""Progress of long work: a bar with rate and time left on a terminal's standard error, and nothing anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]  # done, in all
Bars = Callable[[str], Progress]  # the name of some work -> its progress


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Bars for the time of a block; each stands until the next begins."""
    if not sys.stderr.isatty():
        yield lambda name: _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Live

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Live(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as live:

        def bar(name: str) -> Progress:
            for task in live.task_ids:
                live.update(task, visible=False)
            task = live.add_task(name, total=None, rate="")

            def show(done: int, total: int) -> None:
                speed = live.tasks[-1].speed
                live.update(task, completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

            return show

        yield bar


def _silent(done: int, total: int) -> None:
    return None
