"""Whether a list of equilibria is whole, and why: every ground in one table, and the one function that judges by it.

A list is complete for four reasons alone: (a) every profile, or plan, was checked; (b) two players, and every vertex of
both best-response polytopes was met, by exact arithmetic or by proved signs; (c) iterated elimination of strictly
dominated actions leaves one of these; (d) three or more players, and every support was decided by proof. All other
grounds say what is missing. A ground of scope "pure" speaks of pure play alone: mixed play was not looked for.

What a solver claims is then held against what it listed, which can refute but never prove. A profile from which
somebody gains is no equilibrium. And where each listed equilibrium of a two-player game is regular (equal supports, no
other best reply, nonsingular), a whole list has indices that add to 1, so its length is odd.

Sources: Wilson (1971), SIAM J. Applied Mathematics 21, 80-87 (odd); Shapley (1974), Mathematical Programming Study 1,
175-189 (index); McKelvey & McLennan (1996), Handbook of Computational Economics 1, ch. 2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Protocol

from sim.solvers.ties import TIE

ELIMINATED = "iterated elimination of strictly dominated actions leaves"
ROUNDED = 1e-8  # greatest relative regret that the rounding of irrational shares to binary ones may leave
TIED = 2 * TIE  # of a pure profile that was found equal to a better one within a tie

EVEN = "an even number of equilibria is listed, all regular, and a game without others has an odd number"

Reason = Literal["a", "b", "c", "d"]
Scope = Literal["pure"]


class Ground(Enum):
    """What a list rests on: for which of the four reasons it is complete (None: it is not), and how to say so."""

    def __init__(self, reason: Reason | None, says: str, scope: Scope | None = None) -> None:
        self.reason = reason
        self.says = says  # {words} are filled in by `judge`
        self.scope = scope  # what the list is of, where that is not all play

    CHECKED = "a", "every profile checked; pure play alone", "pure"
    STATES = "a", "every profile checked"  # of what knows no mixing, or where nobody has a choice
    RANKS = "a", "every profile checked; the payoffs are ranks, so pure equilibria only", "pure"
    TYPE_PLANS = "a", "every joint plan of the types checked; mixed ones are not", "pure"
    TYPE_OUTCOMES = (
        "a",
        "every outcome of pure play checked; off its path some best reply to some belief upholds each",
        "pure",
    )
    NO_TIES = "a", "every outcome of play in {inside}; nothing is hidden, and nobody is ever indifferent"
    SUBGAMES = "b", "every outcome of pure play and of mixed play in {inside}"
    MIXED_SUBGAMES = "b", "no pure subgame-perfect play; mixed equilibria in {inside}"
    PURE_SEQUENTIAL = (
        "a",
        "each of {plans} pure plans held against all consistent beliefs; mixed ones are not looked for",
        "pure",
    )
    SEQUENTIAL_NO_TIES = (
        "a",
        "each of {plans} pure plans held against all consistent beliefs; nothing is hidden, and nobody is ever "
        "indifferent, so there are no mixed ones",
    )
    MIXED_SEQUENTIAL = (
        "b",
        "none of {plans} pure plans is sequential; every mixed subgame-perfect plan held against that",
    )
    VERTICES = "b", "every vertex of both best-response polytopes, exact arithmetic"
    SIGNS = (
        "b",
        "every completely labelled pair of vertices of both best-response polytopes: each support pair decided by "
        "signs of minors, all proved",
    )
    ONE_PROFILE = "c", ELIMINATED + " one profile; every profile checked"
    FEWER_PLAYERS = "c", ELIMINATED + " a choice to {players} alone: {within}"
    SUPPORTS = (
        "d",
        "every support decided: each solution proved by interval Newton, the absence of others by bounds on gains "
        "({supports} supports)",
    )

    STOPPED = None, "stopped after {seconds:g} s, before every vertex was met"
    OPEN_SUPPORTS = None, "{missing}"
    OPEN_IN_BATCH = (
        None,
        "some supports were not decided: a continuum, a tie too near to call, or more work than one game of a batch "
        "gets",
    )
    ONLY_PURE = None, "only pure profiles were checked: a player has more than {most} actions"
    OPEN_SUBGAMES = None, "no pure subgame-perfect play; mixed equilibria in {inside}; {missing}"
    PURE_SUBGAMES = None, "every outcome of pure play in {inside}; of mixed play perhaps not all: {missing}"
    OPEN_SEQUENTIAL = None, "{plans} pure plans, and consistent beliefs to uphold them; {missing}", "pure"
    OPEN_MIXED_SEQUENTIAL = (
        None,
        "none of {plans} pure plans is sequential; mixed subgame-perfect plans held against that; {missing}",
    )
    NO_SEQUENTIAL = (
        None,
        "none of {plans} pure plans is sequential; mixed subgame-perfect plans held against that; {missing}; at least "
        "one sequential equilibrium exists all the same (Kreps & Wilson 1982)",
    )
    FORGETFUL = None, "no pure subgame-perfect play in {inside}; mixed play is not looked for where a player forgets"
    ONE_POINT = None, "{point}"
    UNSOLVED = None, "unsolved: {trouble}"
    BOUNDS = (
        None,
        "bounds over all correlated equilibria, proved in exact arithmetic; `complete` is about lists, and of these "
        "equilibria none is made",
    )
    OTHER_LOTTERIES = None, "every profile checked, but other lotteries give the same gains as those shown"
    ONLY_NAMED = None, "only the cooperation that [repeated] names was tried"


class Listed(Protocol):
    """What is asked of an equilibrium on a list."""

    @property
    def relative_regret(self) -> float:
        """Greatest gain of any player, as a share of that player's range, recomputed from the payoffs."""

    @property
    def exact(self) -> object | None:
        """The strategies as rationals; None where they are rounded."""

    @property
    def pure(self) -> bool:
        """Whether every player plays one action."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a list is complete, and why. Made here alone, by `judge`, `held` and `refuted`."""

    complete: bool
    why: str
    refuted: bool = False  # what was listed contradicts the ground
    scope: Scope | None = None  # "pure": the list is of pure play alone, and `complete` speaks of that

    def __str__(self) -> str:
        return self.why


def judge(ground: Ground, *, within: Verdict | None = None, note: str | None = None, **words: Any) -> Verdict:
    """What a solver may claim of a list, before the list is looked at.

    Args:
        ground: what the solver did.
        within: the verdict on a smaller game that the ground rests on.
        note: what else to say, as of numbers that were rounded.
        words: what the ground's sentence leaves open.
    """
    why = ground.says.format(within=within, **words)
    known = ground.reason is not None and (within is None or within.complete)
    return Verdict(known, f"{why}; {note}" if note else why, within is not None and within.refuted, ground.scope)


def held(
    claim: Verdict, listed: Sequence[Listed] = (), *, indices: Iterable[int | None] | None = None, ties: bool = False
) -> Verdict:
    """The claim held against what was listed: as it was, or refuted, with what contradicts it.

    Args:
        claim: from `judge`.
        listed: the equilibria, where each is to be one from which nobody gains by a change of its own.
        indices: two players, all equilibria: the index of each, None where it is not regular.
        ties: pure profiles were compared in floating point, where a gain below a tie counts as none.
    """
    if not claim.complete:
        return claim
    against = _gain_at(listed, ties) or (None if indices is None else _index_sum(indices))
    return claim if against is None else refuted(claim, against)


def refuted(claim: Verdict, against: str) -> Verdict:
    """The claim with what contradicts it."""
    return Verdict(False, f"refuted: {against}; claimed was: {claim.why}", True, claim.scope)


def _gain_at(listed: Sequence[Listed], ties: bool) -> str | None:
    """The first profile from which somebody gains more than how it was found can explain."""
    for k, one in enumerate(listed):
        allowed = TIED if ties and one.pure else 0.0 if one.exact is not None else ROUNDED
        if one.relative_regret > allowed:
            return f"somebody gains {one.relative_regret:.2g} of its range by leaving profile {k + 1} of the list"
    return None


def _index_sum(indices: Iterable[int | None]) -> str | None:
    """What is wrong with a whole list of regular equilibria; None where one is not regular, or nothing is."""
    total, count = 0, 0
    for index in indices:
        if index is None:
            return None
        total, count = total + index, count + 1
    if total == 1:
        return None
    if count == 0:
        return "no equilibrium is listed, and every game has one"
    if count % 2 == 0:
        return EVEN
    return f"the indices of the {count} equilibria listed add to {total}, and those of all add to 1"
