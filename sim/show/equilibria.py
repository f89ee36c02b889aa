"""A set of equilibria as plain text: what was found, whether that is everything, and what it says of each event."""

from collections.abc import Sequence
from fractions import Fraction

from sim.show.further import belief_lines, further_lines, path_lines, type_lines
from sim.show.plain_table import paragraph
from sim.show.solver_line import solver_line
from sim.solvers.equilibria import Equilibrium, EquilibriumSet

MOST = 40  # equilibria written out; the rest are counted
READABLE = 999  # greatest denominator of a fraction that is printed as one
NO_LIST = {"bounds", "solutions", "patience", "precision"}  # answers that stand beside a list of equilibria
DIGITS = 6  # significant, of a payoff


def completeness(found: EquilibriumSet, *, ground: bool = True) -> str:
    """The only place of the screen that says whether a set is everything there is, with the ground for it."""
    word = "complete" if found.complete else "not known to be complete"
    return f"{word}: {found.why}" if ground else word


def plain_equilibria(found: EquilibriumSet) -> str:
    """All of it, for a terminal."""
    row = found.concept if found.order is None else f"{found.concept}.{found.order}"
    many = f"{len(found)} equilibri{'um' if len(found) == 1 else 'a'}"
    what = found.why if found.extra.keys() & NO_LIST and not len(found) else f"{many} ({completeness(found)})"
    lines = [paragraph(f"{found.game}, {row}: {what}", hanging=2)]
    for k, one in enumerate(found.equilibria[:MOST]):
        lines += _one(k + 1, found, one)
    if len(found) > MOST:
        lines.append(f"  ... and {len(found) - MOST} more: --json shows all")
    if len(found):
        lines.append("Payoffs are in each player's own points.")
    lines += further_lines(found)
    if "solver" in found.extra:
        lines.append(paragraph(solver_line(found.extra["solver"], len(found)), hanging=2))
    if found.status:
        said = ", ".join(f"{event}: {status}" for event, status in found.status.items())
        lines.append(paragraph(f"{'Over these equilibria' if len(found) else 'Events'}: {said}.", hanging=2))
    return "\n".join(lines)


def strategies(found: EquilibriumSet, one: Equilibrium) -> str:
    """Each player's action, or its mixture as exact shares."""
    if one.profile is not None:
        return " ".join(f"{move}={option}" for move, option in one.profile.items()) or "every move depends on types"
    listed = [(k, player) for k, player in enumerate(found.players) if found.actions[k]]
    return "; ".join(f"{player}: {_mixture(found, one, k)}" for k, player in listed) or "too many plans to name one"


def _one(number: int, found: EquilibriumSet, one: Equilibrium) -> list[str]:
    earned = ", ".join(f"{player} {value:.{DIGITS}g}" for player, value in zip(found.players, one.payoffs, strict=True))
    kind = "pure" if one.pure else "mixed"
    strict = ", strict" if one.strict else ""
    text = f"{kind}{strict}; payoffs {earned}"
    if found.order is None:  # in a tree, what a deviation earns is answered by whoever moves later
        text += f"; relative regret {one.relative_regret:g}"
    return [
        paragraph(f"{number:3}. {strategies(found, one)}", indent=2, hanging=7),
        *type_lines(one),
        *belief_lines(one),
        *path_lines(one),
        paragraph(text, indent=7),
    ]


def _mixture(found: EquilibriumSet, one: Equilibrium, player: int) -> str:
    shares: Sequence[Fraction | float] = (one.exact or one.strategies)[player]
    played = [(action, share) for action, share in zip(found.actions[player], shares, strict=True) if share]
    if len(played) == 1:
        return f"({played[0][0]})" if " " in played[0][0] else played[0][0]
    return " + ".join(
        f"{_share(own)} ({action})" if " " in action else f"{_share(own)} {action}" for action, own in played
    )


def _share(share: Fraction | float) -> str:
    """A fraction that a person can read, else a rounded number; `--json` has both in full."""
    return str(share) if isinstance(share, Fraction) and share.denominator <= READABLE else f"{float(share):.4g}"
