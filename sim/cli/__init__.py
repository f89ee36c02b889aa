"""The command line: one thin function a command, grouped by what a person wants.

Nothing heavy is imported before a command needs it, so that `sim --help` answers at once.
"""

import sys
import warnings

from sim.cli.argument import (
    believe,
    challenge,
    discover,
    map_,
    placebo,
    prove,
    structure,
    thresholds,
)
from sim.cli.ask import compare, explain
from sim.cli.decision import diff, hindcast, learn, policy, register
from sim.cli.explore import explore
from sim.cli.frame import Frame, program
from sim.cli.report import archive, report
from sim.cli.run import run, solve
from sim.cli.sensitivity import sensitivity
from sim.cli.share import completion, export
from sim.cli.show import plot
from sim.cli.start import check, list_, new
from sim.cli.sweep import sweep

cli: Frame = program(
    {
        "Start": [new, list_, check],
        "Run": [run, solve, sweep],
        "Ask": [
            *(explain, placebo, prove, believe, challenge, structure, sensitivity, thresholds, map_),
            *(discover, policy, learn, compare, diff, register, hindcast),
        ],
        "Show": [plot, report, explore],
        "Share": [export, archive, completion],
    }
)


def main() -> None:
    """What `sim`, `realpolitik` and `python -m sim` call."""
    if not sys.warnoptions:  # whoever asks for warnings with -W sees them
        warnings.simplefilter("ignore")  # they speak to programmers; what a person must know is in the answer
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")  # a terminal without a sign shows `?`, and the command goes on
            else:
                stream.reconfigure(encoding="utf-8")  # a file or a pipe gets every sign, on every system
    cli()
