"""What a further concept says beside equilibria, as plain text: bounds, bargains, patience, precision, paths."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.show.plain_table import paragraph
from sim.solvers.equilibria import Equilibrium, EquilibriumSet

MOST_PATHS = 10


def further_lines(found: EquilibriumSet) -> list[str]:
    """Lines for the terminal; none for a concept that is a list of equilibria and no more."""
    extra = found.extra
    lines: list[str] = []
    if "bounds" in extra:
        lines.append("Least and greatest probability over all correlated equilibria (a strategy's, no forecast):")
        lines += [f"  {name}: {low:.6g} to {high:.6g}" for name, (low, high) in extra["bounds"].items()]
    if "solutions" in extra:
        lines += _bargain(extra)
    for name, value in extra.get("patience", {}).items():
        said = f"cannot be held: {extra['reasons'][name]}" if value is None else f"needs patience {value:.6g}"
        lines.append(paragraph(f"{name}: {said}", indent=2, hanging=4))
    if extra.get("precision") is not None and len(found):
        lines.append(f"Precision {extra['precision']:.6g}.")
    if "risk_dominant" in extra:
        dominant = extra["risk_dominant"]
        lines.append(f"Risk dominance: {dominant if isinstance(dominant, str) else ', '.join(dominant)}.")
    if "paths" in extra:
        lines += _paths(extra["status_quo"], extra["paths"])
    return lines


def type_lines(one: Equilibrium) -> list[str]:
    """What each type of a player does, where types are private."""
    return [
        paragraph(f"{player} if {name}: {_options(moves) or 'it depends on the types of others'}", indent=7, hanging=9)
        for player, types in one.extra.get("by_type", {}).items()
        for name, moves in types.items()
    ]


def path_lines(one: Equilibrium) -> list[str]:
    """Where the play of a tree ends, and how likely."""
    paths = one.extra.get("paths", [])
    lines = [
        paragraph(
            f"ends after {', '.join(way['actions'])}" + (f": {way['share']:.4g}" if len(paths) > 1 else ""),
            indent=7,
            hanging=9,
        )
        for way in paths[:MOST_PATHS]
    ]
    return lines + ([f"       ... and {len(paths) - MOST_PATHS} more ends"] if len(paths) > MOST_PATHS else [])


def belief_lines(one: Equilibrium) -> list[str]:
    """What is done and believed where a player of a tree cannot tell at which node it is."""
    lines = []
    for own in one.extra.get("information_sets", []):
        if len(own["beliefs"]) > 1:
            beliefs = [
                f"{each['share']:.4g} after {', '.join(each['after'])}" for each in own["beliefs"] if each["share"]
            ]
            plays = [
                action if share == 1 else f"{share:.4g} {action}"
                for action, share in zip(own["actions"], own["plays"], strict=True)
                if share
            ]
            said = f"{own['player']} at {own['information_set']}: {' + '.join(plays)}; believes {'; '.join(beliefs)}"
            lines.append(paragraph(said, indent=7, hanging=9))
    return lines


def _bargain(extra: Mapping[str, Any]) -> list[str]:
    first, second = extra["between"]
    lines = [f"Between {first} and {second}, over what disagreement gives each:"]
    for name, one in extra["solutions"].items():
        if one is None:
            lines.append(f"  {name}: nothing is better for both")
            continue
        gains = f"{first} gains {one['gains'][0]:.6g}, {second} {one['gains'][1]:.6g}; product {one['product']:.6g}"
        lines.append(paragraph(f"{name}: {gains}", indent=2, hanging=4))
        lines += [
            paragraph(f"{lot['share']:.4g} of {_options(lot['profile'])}", indent=4, hanging=8)
            for lot in one["lottery"]
        ]
    return lines


def _paths(start: Mapping[str, str], paths: Sequence[Sequence[Mapping[str, Any]] | None]) -> list[str]:
    """Chains of improvements to each equilibrium, numbered as above; each step says who changes what."""
    lines = [paragraph(f"From the status quo, {_options(start)}, by improvements:", hanging=2)]
    for k, steps in enumerate(paths[:MOST_PATHS]):
        before, told = start, []
        for step in steps or ():
            after = step["profile"]
            changed = {move: option for move, option in after.items() if before[move] != option}
            told.append(f"{step['player']} {_options(changed)}")
            before = after
        said = "no way there" if steps is None else ", then ".join(told) or "it is the status quo"
        lines.append(paragraph(f"{k + 1:3}. {said}", indent=2, hanging=7))
    if len(paths) > MOST_PATHS:
        lines.append(f"  ... and {len(paths) - MOST_PATHS} more: --json shows all")
    return lines


def _options(profile: Mapping[str, str]) -> str:
    return " ".join(f"{move}={option}" for move, option in profile.items())
