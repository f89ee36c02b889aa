"""The solution concepts, as loops over every profile in exact arithmetic.

Payoffs are integers: each player's fractions times their common denominator, which changes no decision. The tolerance
is that of the definitions, without rounding: a gain counts iff it is more than 1e-12 of the player's range.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

Profile = tuple[int, ...]
Strategy = dict[tuple[Profile, int], int]  # (what was chosen before, move) -> option; one entry a decision
PARTS = 10**12  # of a range; one of them is the greatest gain that is still a tie


@dataclass(frozen=True)
class Plain:
    """A finite game over moves: who owns each, which options may be chosen, integer payoffs of every such profile."""

    owner: tuple[str, ...]  # of each move
    options: tuple[tuple[int, ...], ...]  # of each move
    payoff: Mapping[str, Mapping[Profile, int]]  # player -> profile -> payoff
    range: Mapping[str, int]

    @classmethod
    def of(cls, owner: Sequence[str], options: Sequence[Sequence[int]], payoffs: Mapping[str, Mapping]) -> "Plain":
        """The game with `payoffs` (any rationals) cut to the profiles of `options`."""
        ranks = tuple(tuple(one) for one in options)
        whole = {
            player: integers({p: own[p] for p in product(*ranks)}) for player, own in payoffs.items() if player in owner
        }
        return cls(
            tuple(owner), ranks, whole, {player: max(own.values()) - min(own.values()) for player, own in whole.items()}
        )

    @property
    def players(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.owner))

    def profiles(self) -> list[Profile]:
        return list(product(*self.options))

    def gains(self, player: str, old: Profile, new: Profile) -> bool:
        """Whether the player gains more than a tie by the change."""
        own = self.payoff[player]
        return (own[new] - own[old]) * PARTS > self.range[player]

    def replies(self, profile: Profile, members: Collection[str]) -> Iterator[Profile]:
        """Every profile that the members can reach together, the others' moves held."""
        free = (
            ranks if who in members else (at,) for ranks, who, at in zip(self.options, self.owner, profile, strict=True)
        )
        return product(*free)


def integers(payoffs: Mapping[Profile, Fraction | int]) -> dict[Profile, int]:
    """The payoffs times their least common denominator."""
    scale = math.lcm(*(Fraction(value).denominator for value in payoffs.values()))
    return {profile: int(value * scale) for profile, value in payoffs.items()}


def strong(game: Plain, size: int, may: Collection[frozenset[str]] | None = None) -> set[Profile]:
    """Profiles that no coalition of 1 to `size` players upsets; of two or more only those of `may`, where given."""
    stable = game.profiles()
    for k in range(1, size + 1):
        for members in combinations(game.players, k):
            if k == 1 or may is None or frozenset(members) in may:
                stable = [p for p in stable if not upset(game, p, members)]
    return set(stable)


def upset(game: Plain, profile: Profile, members: Sequence[str]) -> bool:
    """Whether some joint action of the members, all others fixed, gives every member more than a tie."""
    return any(all(game.gains(who, profile, new) for who in members) for new in game.replies(profile, members))


def subgame_perfect(game: Plain, order: Sequence[Sequence[int]]) -> set[Profile] | None:
    """All outcomes of pure subgame-perfect play; None where some subgame has none, by plain backward induction.

    `order` lists elements of move indices. After each history the set of outcomes is built from those of the next
    histories: an outcome stays iff each player who moves now has, after every other joint action of its own, some
    equilibrium continuation that is no gain. Deviations of two players lead to different histories, so each is met by
    its own worst.
    """
    return _after({}, list(order), game)


def _after(chosen: dict[int, int], rest: list[Sequence[int]], game: Plain) -> set[Profile] | None:
    if not rest:
        return {tuple(chosen[move] for move in range(len(game.owner)))}
    now, later = list(rest[0]), rest[1:]
    follows: dict[Profile, set[Profile]] = {}
    for joint in product(*(game.options[move] for move in now)):
        outcomes = _after(chosen | dict(zip(now, joint, strict=True)), later, game)
        if outcomes is None:
            return None
        follows[joint] = outcomes
    kept = {end for joint, ends in follows.items() for end in ends if _stands(joint, end, now, follows, game)}
    return kept or None


def _stands(joint: Profile, end: Profile, now: list[int], follows: Mapping[Profile, set[Profile]], game: Plain) -> bool:
    for who in {game.owner[move] for move in now}:
        free = (game.options[m] if game.owner[m] == who else (at,) for m, at in zip(now, joint, strict=True))
        for other in product(*free):
            if all(game.gains(who, end, reached) for reached in follows[other]):
                return False
    return True


def mask(game: Plain, order: Sequence[Sequence[int]]) -> set[Profile] | None:
    """The mask of the definitions, word by word, profile by profile: M (here `kept`), L, G and w_i as there."""
    kept = set(game.profiles())
    for position in reversed(range(len(order))):
        before = [move for now in order[:position] for move in now]
        kept = {p for p in kept if _unmoved(game, p, kept, before, order[position])}
        if {tuple(p[move] for move in before) for p in kept} != set(product(*(game.options[move] for move in before))):
            return None  # some history is left without any play
    return kept


def _unmoved(game: Plain, profile: Profile, kept: set[Profile], before: Sequence[int], now: Sequence[int]) -> bool:
    """Whether every owner of a move in `now` has at least its greatest w_i: the worst of `kept` over later moves."""
    for who in {game.owner[move] for move in now}:
        held = [*before, *(move for move in now if game.owner[move] != who)]
        own = [move for move in now if game.owner[move] == who]
        worst: dict[Profile, int] = {}  # own choice in G -> w_i; absent is minus infinity
        for p in kept:
            if all(p[move] == profile[move] for move in held):
                choice = tuple(p[move] for move in own)
                worst[choice] = min(worst.get(choice, game.payoff[who][p]), game.payoff[who][p])
        if (max(worst.values()) - game.payoff[who][profile]) * PARTS > game.range[who]:
            return False
    return True


def subgame_perfect_by_force(game: Plain, order: Sequence[Sequence[int]]) -> set[Profile] | None:
    """The same from the definition alone: every pure strategy profile, tried as an equilibrium of every subgame."""
    decisions = [
        (history, move)
        for position, now in enumerate(order)
        for history in histories(game, order, position)
        for move in now
    ]
    found = set()
    for choice in product(*(game.options[move] for _, move in decisions)):
        strategy = dict(zip(decisions, choice, strict=True))
        if all(
            _best(game, order, position, history, strategy, who) * PARTS
            <= game.payoff[who][play(game, order, position, history, strategy)] * PARTS + game.range[who]
            for position in range(len(order))
            for history in histories(game, order, position)
            for who in game.players
        ):
            found.add(play(game, order, 0, (), strategy))
    return found or None


def histories(game: Plain, order: Sequence[Sequence[int]], position: int) -> list[Profile]:
    """Everything that may have been chosen before the element at `position`, in the order in which it was."""
    return list(product(*(game.options[move] for now in order[:position] for move in now)))


def play(game: Plain, order: Sequence[Sequence[int]], position: int, history: Profile, strategy: Strategy) -> Profile:
    """The profile that the strategies lead to from a history."""
    for now in order[position:]:
        history += tuple(strategy[history, move] for move in now)
    return _profile(order, history)


def _best(
    game: Plain, order: Sequence[Sequence[int]], position: int, history: Profile, strategy: Strategy, who: str
) -> int:
    """The most that one player can reach from a history by any strategy of its own, those of the others held."""
    if position == len(order):
        return game.payoff[who][_profile(order, history)]
    free = (game.options[m] if game.owner[m] == who else (strategy[history, m],) for m in order[position])
    return max(_best(game, order, position + 1, history + joint, strategy, who) for joint in product(*free))


def _profile(order: Sequence[Sequence[int]], history: Profile) -> Profile:
    moves = [move for now in order for move in now]
    return tuple(history[moves.index(move)] for move in range(len(moves)))
