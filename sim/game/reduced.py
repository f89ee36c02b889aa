"""Reduced strategies: what a player does at each of its information sets that its own earlier choices leave reachable.

Two full plans that differ only where the plan itself never leads are the same plan. Each is found once, by choosing at
the first information set that can be met and has no choice yet; also where the player forgets what it knew.

Source: Kuhn (1953), Extensive games and the problem of information; von Stengel (2002), Computing equilibria for
two-person games, on reduced strategies.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import PayoffError

GREATEST_WORK = 3_000_000  # steps of the search, counted with what each copies; a few seconds

Step = tuple[int, int, int]  # own history before, information set, action
Strategy = Mapping[int, int]  # information set -> action


@dataclass(frozen=True, slots=True)
class OwnPlay:
    """One player's own histories in a game: what it met and did, nothing else. History 0 is the empty one."""

    after: Mapping[Step, int]  # the history that a choice leads to
    met: tuple[tuple[int, ...], ...]  # history -> its information sets that can be met right after it, ascending
    actions: Mapping[int, int]  # own information set -> number of actions

    def forgotten(self) -> tuple[int, ...]:
        """Information sets that are met after different own histories: there the player forgets."""
        seen: dict[int, int] = {}
        for sets in self.met:
            for own in sets:
                seen[own] = seen.get(own, 0) + 1
        return tuple(sorted(own for own, times in seen.items() if times > 1))


def reduced_strategies(play: OwnPlay, player: str) -> list[Strategy]:
    """All reduced strategies, the choice at the last information set changing fastest; at least the empty one.

    Args:
        play: what the player can meet.
        player: its name, for the error.

    Raises:
        PayoffError: there are too many to be listed.
    """
    forgotten = frozenset(play.forgotten())
    found: list[Strategy] = []
    stack = [_follow(play, _Plan(None, {}, 0), [0], forgotten)]
    work = 0
    while stack:
        plan = stack.pop()
        if plan.waiting:
            chosen = min(plan.waiting)
            work += play.actions[chosen] * (len(plan.waiting) + (plan.depth if forgotten else 1))
        else:
            found.append(dict(sorted(plan.choices())))
            work += 1 + plan.depth
        if work > GREATEST_WORK:
            raise PayoffError(
                f"The normal form is too large: the reduced strategies of {player!r} cannot be listed "
                f"({len(found):,} of them took all of the {GREATEST_WORK:,} steps that are allowed)."
            )
        for action in reversed(range(play.actions[chosen] if plan.waiting else 0)):
            waiting = dict(plan.waiting)
            reached = [play.after[before, chosen, action] for before in waiting.pop(chosen)]
            made = _Plan((chosen, action, plan.last), waiting, plan.depth + 1)
            stack.append(_follow(play, made, reached, forgotten))
    return found


def histories_of(play: OwnPlay, strategy: Strategy) -> list[int]:
    """The player's own histories that a strategy can lead to, whatever the others do."""
    reached = [0]
    for history in reached:  # grows on the way
        reached.extend(play.after[history, own, strategy[own]] for own in play.met[history])
    return reached


Choice = tuple[int, int, "Choice | None"]  # information set, action, the choice before: shared between plans


@dataclass(frozen=True, slots=True)
class _Plan:
    """A strategy in the making."""

    last: Choice | None
    waiting: dict[int, tuple[int, ...]]  # information sets that can be met, without a choice -> own histories there
    depth: int  # choices made

    def choices(self) -> list[tuple[int, int]]:
        """Information sets and actions chosen so far, last first."""
        listed, choice = [], self.last
        while choice is not None:
            own, action, choice = choice
            listed.append((own, action))
        return listed


def _follow(play: OwnPlay, plan: _Plan, reached: list[int], forgotten: frozenset[int]) -> _Plan:
    """Add what can be met after some new histories; a choice made already, in a forgetful set, leads on at once."""
    waiting = dict(plan.waiting)
    for history in reached:  # grows on the way
        for own in play.met[history]:
            made = dict(plan.choices()).get(own) if own in forgotten else None
            if made is None:
                waiting[own] = (*waiting.get(own, ()), history)
            else:
                reached.append(play.after[history, own, made])
    return _Plan(plan.last, waiting, plan.depth)
