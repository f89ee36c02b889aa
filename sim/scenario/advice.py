"""What a careful reader of a scenario would ask about: unused names, numbers without a source, hidden constants."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from sim.scenario.formula_parser import names_in, numbers_in
from sim.scenario.model import Claim, Event, Interest, Parameter, PayoffTable, Stake
from sim.scenario.notes import Notes
from sim.scenario.numbers import spelled
from sim.scenario.places import Path
from sim.scenario.schema import FileShape
from sim.scenario.spelling import did_you_mean

GREATEST_CLAIMS = 6  # at one term: beyond, no reader can tell what carries it


def citations(data: Any) -> Iterator[tuple[Path, list[Any]]]:
    """Every `rests_on` of the file."""
    work: list[tuple[Path, Any]] = [((), data)]
    while work:
        path, value = work.pop()
        if isinstance(value, dict):
            for key, item in value.items():
                if key == "rests_on" and isinstance(item, list):
                    yield (*path, key), item
                else:
                    work.append(((*path, key), item))
        elif isinstance(value, list):
            work.extend(((*path, k), item) for k, item in enumerate(value) if isinstance(item, dict | list))


def check_claims(data: Mapping[str, Any], claims: Mapping[str, Claim] | None, notes: Notes) -> None:
    """Each claim cited exists; notes on claims that nothing cites, and on terms that cite too many.

    `claims` is None where the file names no register: then nothing can be checked, and a note says so once.
    """
    used: set[str] = set()
    for path, cited in citations(data):
        if claims is None:
            notes.warn(path, "claims are cited, but [scenario] names no `claims` file.")
            return
        if len(cited) > GREATEST_CLAIMS:
            notes.warn(
                path, f"{len(cited)} claims are cited at one term: more than {GREATEST_CLAIMS} hide what carries it."
            )
        for k, claim in enumerate(cited):
            if not isinstance(claim, str):
                continue  # a fault of shape, reported with the others
            if claim not in claims:
                notes.wrong((*path, k), f"'{claim}' is no claim of the register.", did_you_mean(claim, claims))
            used.add(claim)
    idle = [claim for claim in claims or {} if claim not in used]
    if claims and idle:
        shown = ", ".join(idle[:12]) + (f" and {len(idle) - 12} more" if len(idle) > 12 else "")
        notes.warn(("scenario", "claims"), f"claims that nothing cites: {shown}.")


def advise(
    shape: FileShape,
    events: tuple[Event, ...],
    parameters: tuple[Parameter, ...],
    stakes: tuple[Stake, ...],
    interests: tuple[Interest, ...],
    table: PayoffTable | None,
    notes: Notes,
) -> None:
    """Note what is never used, what rests on no claim, and constants hidden in formulas."""
    _note_unused(shape, events, stakes, table, notes)
    if shape.scenario.claims is not None:
        by_name = {stake.name: stake for stake in stakes}
        for parameter in parameters:
            if not parameter.rests_on:
                notes.warn(("parameters", parameter.name), f"parameter '{parameter.name}' rests on no claim.")
        for interest in interests:
            if not interest.rests_on and not by_name[interest.stake].rests_on:
                path: Path = ("interests", interest.player, interest.stake)
                notes.warn(path, f"neither the interest {interest.name} nor its stake rests on a claim.")
    quantities: dict[str, tuple[Event, ...] | tuple[Stake, ...]] = {"events": events, "stakes": stakes}
    for section, group in quantities.items():
        for quantity in group:
            hidden = [number for number in numbers_in(quantity.formula) if number not in (Fraction(0), Fraction(1))]
            if hidden:
                shown = ", ".join(dict.fromkeys(spelled(number) for number in hidden))
                notes.warn(
                    (section, quantity.name),
                    f"'{quantity.name}' hides constants: {shown}. A parameter would carry a name.",
                )


def _note_unused(
    shape: FileShape, events: tuple[Event, ...], stakes: tuple[Stake, ...], table: PayoffTable | None, notes: Notes
) -> None:
    trees = [event.formula for event in events] + [stake.formula for stake in stakes]
    trees += [cell for cells in (table.cells if table else {}).values() for cell in cells]
    used = {node.name for tree in trees for node in names_in(tree)}
    used |= {stake for interests in shape.interests.values() for stake in interests}
    used |= {repeated.ends for repeated in shape.repeated.values()}
    used |= {event for expect in shape.expect for event in expect.status}
    used |= set(shape.events if shape.scenario.headline is None else shape.scenario.headline)
    for section, kind in (("parameters", "parameter"), ("events", "event"), ("stakes", "stake")):
        for name in getattr(shape, section):
            if name not in used:
                notes.warn((section, name), f"{kind} '{name}' is never used.")
    weighing = set(shape.interests) | set(table.cells if table else ())
    for section in ("players", "observers"):
        for name in getattr(shape, section):
            if name not in weighing:
                notes.warn((section, name), f"'{name}' has no interests: it is indifferent everywhere.")
