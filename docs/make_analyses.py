"""Write docs/analyses.md: what each analysis asks, the command with what it prints, how to read it, what it cannot say.

Run: python docs/make_analyses.py
"""

import os
import re
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from sim.cli import cli

PAGE = Path(__file__).resolve().parent / "analyses.md"

HEAD = """# Analyses

Written by `python docs/make_analyses.py`: every block below is what its command prints. The draws are few, so that the
page is quick to make; `sim` takes 10,000 unless told otherwise. Every command has `--json` and `--set NAME=VALUE`,
and its function in Python has its name: `sim.placebo(sim.load("vladivostok-2023"))`.

All shares are of sampled parameter sets. They depend on the ranges in the file, and are no forecast. *always*: in every
equilibrium of a parameter set; *possible*: in some, or may.
"""


@dataclass(frozen=True)
class Part:
    """One analysis."""

    name: str
    question: str
    command: str
    read: str
    method: str
    limits: str


PARTS = (
    Part(
        "placebo",
        "Does the article speak, or the form of the game?",
        "sim placebo vladivostok-2023 --event deal --draws 1000",
        "A share that stands in the columns *shuffled* or *coin* too is the doing of the form of the game: of"
        " who moves when, and of how many outcomes count as the event. What the numbers of the file add is the"
        " difference.",
        "A randomisation test: the weights of each player permuted among its interests with their signs kept,"
        " and independent uniform payoffs, on the same draws.",
        "A small difference does not say that the article is wrong, only that this event does not need it.",
    ),
    Part(
        "prove",
        "True for all numbers in the ranges, for some, or for none?",
        "sim prove vladivostok-2023 --event technology --draws 1000",
        "*necessary* and *impossible* hold at every parameter set in the ranges, not only at those drawn."
        " *possible* comes with a parameter set on each side (`--json`), ready for `--set`. *undecided* is"
        " neither proved nor witnessed.",
        "Payoffs are linear in weights, so a gain has its least value at the ends of the ranges; for what is"
        " left a linear program asks whether some deviation always gains (robust ordinal regression: Greco,"
        " Mousseau & Slowinski 2008), with products bounded by their factors (McCormick 1976).",
        "The bounds may be too wide to prove what is true. Outside the ranges nothing is said.",
    ),
    Part(
        "believe",
        "What would one have to believe for an event?",
        "sim believe vladivostok-2023 --event technology --concept strong-2 --draws 1000",
        "The numbers to change, from where they are to where the event begins. Distance adds up changes as"
        " shares of half of each range, so 1 is one number moved from the middle of its range to its end. Try"
        " it: `sim solve FILE --concept C --set ...`.",
        "The sum of absolute changes favours few numbers (Tibshirani 1996); linear programs where a profile"
        " has only to be a pure Nash equilibrium, elsewhere a search from sets in which the event holds"
        " inwards to its border.",
        "It finds near numbers, not provably the nearest. It does not say that they are any less believable"
        " than others.",
    ),
    Part(
        "challenge",
        "Which sentence of the source carries the result?",
        "sim challenge vladivostok-2023 --concept strong-2 --event deal --draws 1000",
        "Each claim is dropped by itself: what rests on it gets weight 0. *flips*: draws in which some status"
        " is another. `--deny` turns the sign, `--doubt CLAIM=0.5` keeps it in half of the draws, `--shapley`"
        " divides the whole change among claims and kinds of source.",
        "Leave one out, and Shapley's value (1953) over the orders in which claims fall, on the same draws.",
        "A claim that two sentences share may look idle in each, and carry the result in both: Shapley's"
        " shares show that.",
    ),
    Part(
        "structure",
        "Is it the numbers or the model?",
        "sim structure vladivostok-2023 --event deal --draws 1000",
        "Whatever has the greatest share of the variance divides the answers most. *end* is the choice of equilibrium.",
        "A specification curve (Simonsohn, Simmons & Nelson 2020), and an analysis of variance on draws"
        " crossed with structures; `--version FILE` crosses versions of the scenario too.",
        "Shares depend on which structures are crossed: a concept with many orders of moves weighs more than"
        " one with one.",
    ),
    Part(
        "thresholds",
        "Where exactly does it flip?",
        "sim thresholds vladivostok-2023 --parameter need --concept pure-nash --draws 1000",
        "First at central values of all else: the values of the number at which a status changes. Then over"
        " draws: with all else as drawn, how often the event flips in the range, and where.",
        "Where payoffs are affine in the number, two of them cross at most once: the roots are solved for."
        " Elsewhere a grid and bisection, and the length that may be missed is said.",
        "One number at a time. Over draws the place is known to half a cell of a grid of 64.",
    ),
    Part(
        "map",
        "How do two unknowns share the plane?",
        "sim map vladivostok-2023 --x strategic_risk --y need --size 41",
        "Regions are numbered; each is named by what holds in it, and told by what is played in its"
        " equilibria. Borders along x are exact on each line.",
        "Thresholds along lines, as above.",
        "All else is at central values. The share of the plane weighs it evenly, which no prior does.",
    ),
    Part(
        "discover",
        "In which box of the numbers does an event live?",
        "sim discover vladivostok-2023 --event technology --concept strong-2 --draws 4000",
        "*density*: how often the event holds inside the box; *coverage*: how much of the event lies inside."
        " A rule that resampled draws seldom pick again is chance.",
        "Patient rule induction (Friedman & Fisher 1999), rules dropped as in Bryant & Lempert (2010);"
        " typical numbers are the central values of Lahdelma, Hokkanen & Salminen (1998).",
        "Boxes have sides along the axes: an event that lives along a diagonal needs many.",
    ),
    Part(
        "policy",
        "What should a player commit to?",
        "sim policy vladivostok-2023 --player US --concept strong-2 --draws 1000",
        "Each action as if it were fixed and seen; the others then play an equilibrium. Regret is the payoff"
        " foregone against the best action of the same draw, in the player's own points.",
        "Commitment of a Stackelberg leader; regret of Savage (1951); satisficing, `--level`, of robust"
        " decision making (Lempert, Popper & Bankes 2003).",
        "A player that cannot commit plays another game. Points are not compared across players.",
    ),
    Part(
        "learn",
        "Which number is worth finding out?",
        "sim learn vladivostok-2023 --player US --concept strong-2 --draws 1000",
        "What the player gains on average by knowing a number before it commits, beside what a number that"
        " tells nothing would seem to be worth. Without `--player`: the share of each event's variance that"
        " the number explains.",
        "Expected value of perfect and of partial information, the latter by regression (Strong, Oakley &"
        " Brennan 2014), with permuted draws as the null.",
        "One number, or one group, at a time; a smooth regression sees little of a narrow step.",
    ),
    Part(
        "compare",
        "Two versions, or one option: what does it change?",
        "sim compare vladivostok-2023 --option disclosure=disclose --event deal --concept strong-2 --draws 1000",
        "*helps* and *hurts* count draws, the same in both. `sim compare A B` sets two files side by side."
        " What an option does is forbidden against allowed; forced against forced is the other table.",
        "Within-draw differences: numbers of one name are drawn alike in both.",
        "What stands in one of two files alone is noted, and cannot be paired.",
    ),
    Part(
        "diff",
        "Which edit did it?",
        "sim diff vladivostok-2023 disclosure-off --event deal --concept strong-2 --draws 1000",
        "Each edit alone, by what it does to a headline share; then those that do nothing. `--check 0.01`"
        " exits with 1 where a share moves by more than a point.",
        "The difference of what the files mean: order of lines and comments are nothing.",
        "Edits that only work together show no effect alone: the first sentence has all of them together.",
    ),
    Part(
        "register and hindcast",
        "Would it have been right?",
        "sim register vladivostok-2023 --concept strong-2 --event deal --event trip --draws 1000",
        "The record is dated and hashed, and is never overwritten; `sim hindcast FILE --outcomes"
        " outcomes.toml` scores it, and refuses a file that was edited since.",
        "Brier (1950) and log scores at both ends of the set of equilibria, beside baselines; Green (2002)"
        " says how sober one must be.",
        "A share of sampled parameter sets is no forecast; scoring it as one tests the scenario. A record"
        " made after the date of knowledge is a look back, and says so in its first line.",
    ),
)


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(text for part in PARTS for text in _part(part))])


def printed(command: str) -> str:
    """What a command prints on standard output, in an empty folder, with the day of today left out."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            said = CliRunner().invoke(cli, shlex.split(command)[1:], env={"COLUMNS": "100"}, catch_exceptions=False)
        finally:
            os.chdir(here)
    if said.exit_code:
        raise RuntimeError(f"{command}\n{said.output}")
    text = re.sub(r"registered \d{4}-\d{2}-\d{2}", "registered (today)", said.stdout)
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def _part(part: Part) -> list[str]:
    block = ["```text", f"$ {part.command}", printed(part.command), "```"]
    told = [f"**Reading it.** {part.read}", f"**Method.** {part.method}", f"**What it cannot say.** {part.limits}"]
    return [f"## {part.name}", "", part.question, "", *block, "", *(line for text in told for line in (text, ""))]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
