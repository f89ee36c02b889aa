"""`python -m benchmarks.faults`: do to a small sweep whatever may happen to one, and write down what comes of it.

Each fault strikes a sweep of three parts in a folder of its own; then the same command is given with --resume, and its
rows are compared, to the last bit, with those of a sweep that nothing happened to. The table goes into
docs/reliability.md.
"""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import click
from click.testing import CliRunner

import sim
from sim.cli import cli
from sim.sweeps import engines
from sim.sweeps.lock import LOCK, only_writer
from sim.sweeps.store import write_part

PAGE = Path(__file__).resolve().parent.parent / "docs/reliability.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"

DEADLY = """
import os, pathlib, signal, sys
sys.path[:] = sys.argv[1:]
from sim.sweeps import part, worker
finish = part.finish_part
def deadly(bench, folder, piece):
    mark = folder.parent / "deaths"
    if piece.start == 40 and len(mark.read_text()) < {times}:
        mark.write_text(mark.read_text() + "x")
        os.kill(os.getpid(), signal.SIGKILL)
    return finish(bench, folder, piece)
part.finish_part = deadly
worker.main()
"""


@dataclass
class Case:
    """A folder in which a fault strikes."""

    place: Path
    before: dict[str, tuple[int, int]] | None = None  # marks of the parts before they were resumed

    @property
    def out(self) -> Path:
        """The folder of the sweep."""
        return self.place / "DIR"

    def words(self, *more: str) -> list[str]:
        """The command."""
        words = ["sweep", str(self.place / "river.toml"), "--draws", "60", "--chunk", "20", "--out", str(self.out)]
        return [*words, *more]

    def sweep(self, *more: str) -> tuple[int, str]:
        """Give the command: its status, and what it says on standard error."""
        said = CliRunner().invoke(cli, self.words(*more))
        who = f"process {os.getpid()} on {platform.node()}"
        return said.exit_code, said.stderr.replace(str(self.out), "DIR").replace(who, "process 4711 on HOST")

    def part(self, number: int) -> Path:
        """A part."""
        return self.out / f"draws/part-{number:05d}.parquet"


Fault = Callable[[Case], tuple[int, str]]


@contextmanager
def failing(error: BaseException) -> Iterator[None]:
    """The third part cannot be written."""

    def write(folder: Path, record: dict[str, Any], content: Any) -> dict[str, Any]:
        if record["start"] == 40:
            if isinstance(error, OSError):
                error.filename = str(folder / "draws" / record["file"])
            raise error
        return write_part(folder, record, content)

    with mock.patch.object(engines, "write_part", write):
        yield


def struck(error: BaseException) -> Fault:
    """A fault that strikes while the third part is written."""

    def fault(case: Case) -> tuple[int, str]:
        with failing(error):
            return case.sweep()

    return fault


def killed(case: Case) -> tuple[int, str]:
    """The whole program is killed after its second part."""
    words = [
        sys.executable,
        "-c",
        "import sim.cli; sim.cli.main()",
        *case.words("--progress", "json", "--workers", "2"),
    ]
    words[words.index("--draws") + 1] = "2000000"
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stderr is not None
        for _ in range(2):
            process.stderr.readline()
        process.kill()
    return -signal.SIGKILL, ""  # as a shell would say 137


def deaths(times: int) -> Fault:
    """A worker process is killed so many times over the same piece."""

    def fault(case: Case) -> tuple[int, str]:
        (case.place / "deaths").write_text("")
        with mock.patch.object(engines, "START", DEADLY.format(times=times)):
            return case.sweep("--workers", "2")

    return fault


def after(change: Callable[[Case], object], *more: str) -> Fault:
    """A finished sweep is changed, then resumed."""

    def fault(case: Case) -> tuple[int, str]:
        case.sweep()
        change(case)
        case.before = marks(case)
        return case.sweep("--resume", *more)

    return fault


def wrong_bit(case: Case) -> None:
    """One bit of a part changes on the disk."""
    content = bytearray(case.part(1).read_bytes())
    content[len(content) // 3] ^= 4
    case.part(1).write_bytes(content)


def stopped_again(case: Case) -> tuple[int, str]:
    """Ctrl-C strikes a resumed sweep before a damaged part is made again."""
    case.sweep()
    wrong_bit(case)
    case.before = marks(case)
    with mock.patch.object(engines, "made_part", side_effect=KeyboardInterrupt()):
        return case.sweep("--resume")


def power_loss(case: Case) -> None:
    """What may be left where the disk had been given the names, and not yet the bytes: zeros."""
    for path in (case.part(1), case.part(2), case.out / "manifest.json"):
        path.write_bytes(bytes(path.stat().st_size))


def twice(case: Case) -> tuple[int, str]:
    """Another process is at work in the folder."""
    case.out.mkdir()
    with only_writer(case.out):
        status, said = case.sweep("--resume")
    return status, said


def left_lock(case: Case) -> None:
    """A lock lies there from a run that was killed, of a number that lives again, from a clock that ran ahead."""
    (case.out / LOCK).write_text(f"process {os.getpid()} on another machine\n")
    os.utime(case.out / LOCK, (4_000_000_000, 4_000_000_000))


def foreign(case: Case) -> None:
    """Somebody put a Parquet file of their own beside the parts."""
    (case.out / "draws/other.parquet").write_bytes(b"PAR1")


def take_away(case: Case) -> None:
    """What the sentence asks for."""
    (case.out / "draws/other.parquet").unlink(missing_ok=True)


FAULTS: dict[str, Fault] = {
    "Ctrl-C": struck(KeyboardInterrupt()),
    "the disk is full": struck(OSError(28, "No space left on device")),
    "the folder may not be written": struck(PermissionError(13, "Permission denied")),
    "the program is killed (SIGKILL)": killed,
    "a worker is killed once": deaths(1),
    f"a worker is killed {engines.TRIES} times over the same draws": deaths(engines.TRIES),
    "a part is cut off": after(lambda case: case.part(1).write_bytes(case.part(1).read_bytes()[:1000])),
    "a part is empty": after(lambda case: case.part(1).write_bytes(b"")),
    "one bit of a part is wrong": after(wrong_bit),
    "a bit of a part is wrong, and Ctrl-C strikes before it is made again": stopped_again,
    "the power fails, and two parts and the manifest are full of zeros": after(power_loss),
    "a part is gone": after(lambda case: case.part(1).unlink()),
    "the manifest is damaged": after(lambda case: (case.out / "manifest.json").write_text("{")),
    "the manifest is gone": after(lambda case: (case.out / "manifest.json").unlink()),
    "a lock is left by a killed run": after(left_lock),
    "another file lies among the parts": after(lambda case: (case.out / "draws/notes.txt").write_text("mine")),
    "a foreign Parquet file lies among the parts": after(foreign),
    "another seed is asked for": after(lambda case: None, "--seed", "2"),
    "--resume is forgotten": lambda case: (case.sweep(), case.sweep())[1],
    "another process is at work there": twice,
}


@dataclass(frozen=True)
class Outcome:
    """What came of a fault."""

    fault: str
    status: int
    said: str
    kept: int  # parts that were there before and are the same files at the end
    same: bool  # the rows after --resume are those of a sweep that nothing happened to

    def row(self) -> str:
        """A line of the table."""
        said = self.said.replace("\n", " ").replace("|", "/").strip() or "(nothing)"
        end = "the whole sweep, same bits" if self.same else "NOT THE SAME"
        return f"| {self.fault} | {self.status} | {said} | {self.kept} | {end} |"


def marks(case: Case) -> dict[str, tuple[int, int]]:
    """What changes where a part is written again."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in case.out.glob("draws/part-*.parquet")}


def outcome(name: str, fault: Fault) -> Outcome:
    """Let a fault strike, resume, compare."""
    with TemporaryDirectory() as place:
        case = Case(Path(place))
        with chdir(place):
            CliRunner().invoke(cli, ["new", "river"])
        status, said = fault(case)
        before = marks(case) if case.before is None else case.before
        take_away(case)
        case.sweep("--resume")
        now = marks(case)
        kept = sum(now.get(part) == mark for part, mark in before.items())
        found = sim.open_sweep(case.out)
        whole = sim.sweep(sim.load(case.place / "river.toml"), found.draws, 1).to_frame()
        rows = found.to_frame()
        return Outcome(name, status, said, kept, all(rows[column].equals(whole[column]) for column in whole))


def table(outcomes: list[Outcome]) -> str:
    """The table of the page."""
    head = "| what happens | status | what the command says | parts kept as they were | after --resume |\n"
    return head + "| --- | --- | --- | --- | --- |\n" + "".join(f"{one.row()}\n" for one in outcomes)


@click.command()
def main() -> None:
    """Let every fault strike, and write the table into docs/reliability.md."""
    outcomes = []
    for name, fault in FAULTS.items():
        outcomes.append(outcome(name, fault))
        click.echo(outcomes[-1].row())
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + BEGIN + table(outcomes) + END + rest.split(END)[1], encoding="utf-8")
    sys.exit(not all(one.same for one in outcomes))


if __name__ == "__main__":
    main()
