"""Everything that is asked of an argument once it has been run: one analysis a question, each on the draws of the run.

An analysis that makes many sweeps takes fewer draws, or the rows of the table that tell most; what was typed for each,
with its number of draws, is kept beside its answer.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.analysis.sensitivity import telling_rows, uncertain_numbers
from sim.show.pieces import Job
from sim.show.progress import Bars
from sim.solvers.concepts import Request

if TYPE_CHECKING:
    from sim.analysis.believe import Beliefs
    from sim.analysis.challenge import Challenge
    from sim.analysis.discover import Discovery
    from sim.analysis.flips import Thresholds
    from sim.analysis.learn import Learning
    from sim.analysis.policy import Policy
    from sim.analysis.prove import Proof
    from sim.analysis.sobol_indices import Sensitivity
    from sim.analysis.structure import Structure

# At most so many draws each, for these solve every draw once for each claim, number, side of a box or search step.
DRAWS = {
    "shapley": 2_000,
    "believe": 2_000,
    "learn": 2_000,
    "discover": 4_000,
    "sensitivity": 1_000,
    "thresholds": 1_000,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How one analysis was asked."""

    command: str  # what to type for the same answer
    draws: int


@dataclass(frozen=True, slots=True, eq=False)
class Inquiry:
    """The answers. What a scenario gives no ground to ask (no claims, nobody who decides) is None or empty."""

    challenge: "Challenge | None" = None
    together: "Challenge | None" = None  # under one row, with Shapley's shares
    proofs: "tuple[Proof, ...]" = ()
    beliefs: "tuple[Beliefs, ...]" = ()
    structure: "Structure | None" = None
    policy: "Policy | None" = None
    learning: "Learning | None" = None
    thresholds: "Thresholds | None" = None  # of every uncertain number, under one row
    discovery: "Discovery | None" = None
    sensitivity: "Sensitivity | None" = None
    asked: Mapping[str, Asked] = field(default_factory=dict)  # by the command's name

    def to_dict(self) -> dict[str, Any]:
        """The documents of all analyses by their commands' names, each with what to type for it."""
        documents: dict[str, Any] = {}
        for name, asked in self.asked.items():
            found = self.answer(name)
            document = [one.to_dict() for one in found] if isinstance(found, tuple) else found.to_dict()
            documents[name] = {"command": asked.command, "draws": asked.draws, "answer": document}
        return documents

    def answer(self, name: str) -> Any:
        """What one command found: one answer, or one an event or number."""
        return {
            "challenge": self.challenge,
            "shapley": self.together,
            "prove": self.proofs,
            "believe": self.beliefs,
            "structure": self.structure,
            "policy": self.policy,
            "learn": self.learning,
            "thresholds": self.thresholds,
            "discover": self.discovery,
            "sensitivity": self.sensitivity,
        }[name]


def inquire(job: Job, progress: Bars) -> Inquiry:
    """Ask every question that the job's scenario gives ground for.

    Args:
        job: scenario, rows, events, draws and seed; its folder is not touched.
        progress: makes a bar for each question.
    """
    asking = _Asking(job, progress)
    scenario, all_rows, telling, main = job.scenario, job.requests, telling_rows(job.requests), main_row(job.requests)
    sampled = bool(uncertain_numbers(scenario))
    found: dict[str, Any] = {}
    if scenario.claims:
        found["challenge"] = asking.challenge(all_rows)
        found["together"] = asking.together(main)
    found["proofs"] = asking.prove(all_rows)
    found["beliefs"] = asking.believe(all_rows)
    found["structure"] = asking.structure(all_rows)
    if _chooses(job):
        found["policy"] = asking.policy(all_rows)
    if sampled:
        found["learning"] = asking.learn(telling)
        found["thresholds"] = asking.thresholds(main)
        found["discovery"] = asking.discover(telling)
        found["sensitivity"] = asking.sensitivity(telling)
    return Inquiry(**found, asked=asking.asked)


def main_row(requests: Sequence[Request]) -> Request:
    """The row where one must stand for all: pairs, where they were asked."""
    return next((row for row in requests if row.concept == "strong-2"), requests[0])


class _Asking:
    """One method a question; each notes what to type for the same answer."""

    def __init__(self, job: Job, progress: Bars) -> None:
        self.job, self.progress = job, progress
        self.asked: dict[str, Asked] = {}

    def challenge(self, rows: Sequence[Request]) -> "Challenge":
        from sim.analysis.challenge import challenge

        return challenge(self.job.scenario, **self._with("challenge", rows))

    def together(self, row: Request) -> "Challenge":
        from sim.analysis.challenge import challenge

        asked = self._with("challenge", [row], note="shapley", more=["--shapley"])
        return challenge(self.job.scenario, **asked, shapley=True)

    def prove(self, rows: Sequence[Request]) -> "tuple[Proof, ...]":
        from sim.analysis.prove import prove

        return prove(self.job.scenario, **self._with("prove", rows))

    def believe(self, rows: Sequence[Request]) -> "tuple[Beliefs, ...]":
        from sim.analysis.believe import believe

        return believe(self.job.scenario, **self._with("believe", rows))

    def structure(self, rows: Sequence[Request]) -> "Structure":
        from sim.analysis.structure import structure

        return structure(self.job.scenario, **self._with("structure", rows))

    def policy(self, rows: Sequence[Request]) -> "Policy":
        from sim.analysis.policy import policy

        return policy(self.job.scenario, **self._with("policy", rows, events=False))

    def learn(self, rows: Sequence[Request]) -> "Learning":
        from sim.analysis.learn import learn

        who = self.job.scenario.decides if _chooses(self.job) else None
        more = [] if who is None else ["--player", who]
        return learn(self.job.scenario, player=who, **self._with("learn", rows, events=who is None, more=more))

    def discover(self, rows: Sequence[Request]) -> "Discovery":
        from sim.analysis.discover import discover

        return discover(self.job.scenario, **self._with("discover", rows))

    def sensitivity(self, rows: Sequence[Request]) -> "Sensitivity":
        from sim.analysis.sobol_indices import sensitivity

        return sensitivity(self.job.scenario, **self._with("sensitivity", rows))

    def thresholds(self, row: Request) -> "Thresholds":
        from sim.analysis.flips import Thresholds, flips, followed
        from sim.analysis.thresholds import thresholds

        scenario, asked = self.job.scenario, self._with("thresholds", [row])
        told, numbers = asked["progress"], uncertain_numbers(scenario)
        rows: list[Any] = []
        for done, number in enumerate(numbers, start=1):
            rows += thresholds(scenario, number, requests=[row], events=self.job.events)
            told(done, len(numbers))
        over = [own for number in followed(scenario, ()) for own in flips(scenario, number, **asked)]
        return Thresholds(tuple(rows), tuple(over))

    def _with(
        self,
        name: str,
        rows: Sequence[Request],
        *,
        events: bool = True,
        note: str = "",
        more: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The arguments of an analysis; what to type for them is noted."""
        job = self.job
        key = note or name
        draws = min(job.draws, DRAWS.get(key, job.draws))
        words = ["sim", name, job.file]
        words += [word for own, value in job.values.items() for word in ("--set", f"{own}={value}")]
        words += ["--draws", str(draws), "--seed", str(job.seed)]
        if tuple(rows) != job.requests or job.narrowed:
            words += [word for row in rows for word in ("--concept", row.name)]
        if events and job.scenario.events and job.events != job.scenario.headline:
            words += [word for event in job.events for word in ("--event", event)]
        self.asked[key] = Asked(shlex.join([*words, *more]), draws)
        asked: dict[str, Any] = {"requests": tuple(rows), "draws": draws, "seed": job.seed}
        return asked | {"progress": self.progress(key)} | ({"events": job.events} if events else {})


def _chooses(job: Job) -> bool:
    """Whether somebody decides, has a choice, and has payoffs that can be compared by size, not ranks alone."""
    scenario = job.scenario
    if scenario.decides is None or (scenario.table is not None and scenario.table.ordinal):
        return False
    return any(len(move.allowed) > 1 for move in scenario.moves if move.player == scenario.decides)
