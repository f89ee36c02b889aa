"""Sequential equilibria of small trees with perfect recall: plans that are best replies at every information set.

An assessment is a plan for every information set of every player, and beliefs at each. It is a sequential equilibrium
if the beliefs are consistent and no player gains anywhere by another plan for the rest of the game. Consistent beliefs
follow Bayes' rule from each information set to the player's next, so it is enough that no single action gains
(Hendon, Jacobsen & Sloth 1996, The one-shot-deviation principle for sequential rationality).

All pure plans are looked at, information sets from the last to the first; a partial plan is given up as soon as no
belief at all would do at a set behind which everything is chosen. Whether consistent beliefs uphold a whole plan is
then decided exactly. Where no pure plan is sequential, mixed subgame-perfect plans are held against the same test, with
every pure choice at the sets that they leave open.

Source: Kreps & Wilson (1982), Sequential equilibria, Econometrica 50(4), 863-894.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from sim.errors import PayoffError, UsageError
from sim.game.tree import Tree
from sim.solvers.sequential_beliefs import Trembles, some_belief_fits, upheld
from sim.solvers.sequential_play import Mix, Plan, Positions, gains_at, positions_of
from sim.solvers.tree_perfect import mixed_plans, never_mixed
from sim.solvers.verdict import Ground, Verdict, judge

GREATEST_WORK = 3_000_000  # nodes looked at, and entries of linear systems; a quarter of a minute or so
GREATEST_SETS = 300  # information sets that a plan may have
GREATEST_FOUND = 1_000  # equilibria that are listed


@dataclass(frozen=True, slots=True)
class Assessment:
    """A plan at every information set that chance does not rule out, and trembles that give its beliefs."""

    plan: Plan
    trembles: Trembles


@dataclass(frozen=True, slots=True, eq=False)
class SequentialAnswer:
    """All that was found for a tree."""

    assessments: tuple[Assessment, ...]
    mixed: bool  # no pure plan is sequential, so mixed ones were looked at
    verdict: Verdict


class _EnoughError(Exception):
    """The work that is allowed is done."""


@dataclass(slots=True)
class _Work:
    done: int = 0

    def count(self, more: int) -> None:
        self.done += more
        if self.done > GREATEST_WORK:
            raise _EnoughError


@dataclass(slots=True)
class _Found:
    """Assessments so far, and what may be missing."""

    assessments: list[Assessment] = field(default_factory=list)
    undecided: int = 0  # plans for which it is not known whether consistent beliefs uphold them
    stopped: str = ""


def sequential(tree: Tree, positions: Positions | None = None) -> SequentialAnswer:
    """All pure sequential equilibria, each plan once; where there are none, mixed ones as far as found.

    Raises:
        UsageError: a player forgets what it knew or did.
        PayoffError: more information sets, strategies or digits than can be handled.
    """
    positions = positions_of(tree) if positions is None else positions
    check_askable(tree, positions)
    work = _Work()
    found = _extended(positions, {}, work)
    plans = _many(prod(len(tree.information_sets[own].actions) for own in positions.members))
    note = "branches that chance never takes are cut off" if positions.cut else None
    if found.assessments or found.stopped or found.undecided:
        missing = "; ".join(_missing(found))
        whole = Ground.SEQUENTIAL_NO_TIES if not missing and never_mixed(tree) else Ground.PURE_SEQUENTIAL
        ground = Ground.OPEN_SEQUENTIAL if missing else whole
        verdict = judge(ground, plans=plans, missing=missing, note=note)
        return SequentialAnswer(tuple(found.assessments), False, verdict)
    return _mixed(positions, work, plans, note)


def check_askable(tree: Tree, positions: Positions) -> None:
    """Raise UsageError where a player forgets, PayoffError where there is too much to plan."""
    if tree.forgetful:
        own = tree.information_sets[tree.forgetful[0]]
        where = f" at information set '{own.label}'" if own.label else ""
        raise UsageError(
            f"'sequential' needs perfect recall, and in '{tree.title}' {tree.players[own.player]} forgets{where} what "
            "it knew or did before."
        )
    if len(positions.members) > GREATEST_SETS:
        raise PayoffError(
            f"'{tree.title}' has {len(positions.members):,} information sets; sequential play is looked for in trees "
            f"with up to {GREATEST_SETS}."
        )


def _many(plans: int) -> str:
    return f"{plans:,}" if plans < 10**12 else f"10^{len(str(plans)) - 1}"


def _missing(found: _Found) -> list[str]:
    told = [found.stopped] if found.stopped else []
    if found.undecided:
        many = "1 plan is" if found.undecided == 1 else f"{found.undecided} plans are"
        told.append(f"{many} left undecided: beliefs shared by three or more ways, or with irrational trembles")
    return told


def _extended(positions: Positions, given: Mapping[int, Mix], work: _Work) -> _Found:
    """All sequential plans that do what is given, and one action for sure at every other information set."""
    found = _Found()
    try:
        for plan in _plans(positions, given, work):
            verdict = upheld(positions, plan, work.count)
            if verdict.trembles is not None:
                found.assessments.append(Assessment(plan, verdict.trembles))
            found.undecided += not verdict.known
            if len(found.assessments) == GREATEST_FOUND:
                found.stopped = f"stopped at {GREATEST_FOUND:,} equilibria: ties make more"
                return found
    except _EnoughError:
        found.stopped = f"stopped after {GREATEST_WORK:,} steps"
    return found


def _plans(positions: Positions, given: Mapping[int, Mix], work: _Work) -> Iterator[Plan]:
    """Plans where at every information set some belief makes them a best reply, the last sets chosen first."""
    tree = positions.tree
    behind = {own: _behind(positions, own) for own in positions.members}
    size = {own: sum(positions.end[at] - at for at in nodes) for own, nodes in positions.members.items()}
    free = sorted((own for own in positions.members if own not in given), key=lambda own: -positions.members[own][0])
    place = {own: k + 1 for k, own in enumerate(free)}
    due: list[list[int]] = [[] for _ in range(len(free) + 1)]  # after so many choices a set can be judged
    for own, others in behind.items():
        due[max(place.get(other, 0) for other in others)].append(own)
    plan = dict(given)

    def good(depth: int) -> bool:
        for own in due[depth]:
            work.count(size[own])
            if not some_belief_fits(gains_at(positions, own, plan)):
                return False
        return True

    def extend(depth: int) -> Iterator[Plan]:
        if not good(depth):
            return
        if depth == len(free):
            yield dict(plan)
            return
        own = free[depth]
        count = len(tree.information_sets[own].actions)
        for action in range(count):
            plan[own] = tuple(Fraction(k == action) for k in range(count))
            yield from extend(depth + 1)

    return extend(0)


def _behind(positions: Positions, own: int) -> set[int]:
    """The information sets at or behind one, of all players."""
    starts = positions.members[own]
    return {
        other
        for other, nodes in positions.members.items()
        if any(start <= at < positions.end[start] for at in nodes for start in starts)
    }


def _mixed(positions: Positions, work: _Work, plans: str, note: str | None) -> SequentialAnswer:
    """Mixed plans that are subgame-perfect, as far as these were found, and sequential."""
    candidates, missing = mixed_plans(positions.tree)
    assessments: list[Assessment] = []
    unsaid = False
    for plan in candidates:
        given = {own: mix for own, mix in plan.items() if own in positions.members}
        unsaid = unsaid or len(given) < len(positions.members)
        if any(max(mix) < 1 for mix in given.values()):  # else it is one of the pure plans
            found = _extended(positions, given, work)
            assessments += found.assessments
            missing += _missing(found)
    if unsaid:
        missing.append("mixed choices at information sets that a player's own plan rules out are not looked for")
    if not assessments and not missing:
        missing.append("none of them is sequential")
    ground = Ground.OPEN_MIXED_SEQUENTIAL if missing else Ground.MIXED_SEQUENTIAL
    if not assessments:
        ground = Ground.NO_SEQUENTIAL
    verdict = judge(ground, plans=plans, missing="; ".join(dict.fromkeys(missing)), note=note)
    return SequentialAnswer(tuple(assessments), True, verdict)
