"""Names as a reader says them, shares as percentages, and the caption that stands beside every figure."""

import re
from collections.abc import Mapping, Sequence

from sim.show.results import Provenance


def plain(name: str, titles: Mapping[str, str] | None = None) -> str:
    """A name without underscores, with the players' titles spelt as in the file."""
    text = name.replace("_", " ")
    for title in (titles or {}).values():
        parts = re.split(rf"(?<!\w){re.escape(title)}(?!\w)", text, flags=re.IGNORECASE) if title else [text]
        text = title.join(parts)  # as it is: a title may hold what means something in a pattern
    return text


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def event_label(event: str) -> str:
    """An event's name with a large letter."""
    return capital(plain(event))


def row_label(concept: str, order: str | None, titles: Mapping[str, str] | None = None) -> str:
    """A concept and its order as one short label: `pure Nash`, `strong-2, any pact`, `Russia proposes`."""
    if order is not None:
        return capital(plain(order, titles))
    if concept == "pure-nash":
        return "pure Nash"
    return f"{concept.removesuffix('-any')}, any" if concept.endswith("-any") else concept


def number_label(name: str) -> str:
    """A parameter or a weight as one says it: `strategic risk`, `RU: shells`."""
    player, dot, stake = name.partition(".")
    return f"{player}: {plain(stake)}" if dot else plain(name)


def set_text(values: Mapping[str, str]) -> str:
    """Numbers that were set, as they are typed: `need=0.9, RU.shells=60`."""
    return ", ".join(f"{name}={value}" for name, value in values.items())


def split_row(row: str) -> tuple[str, str | None]:
    """Concept and order of a row's name, `subgame-perfect.quiet`."""
    concept, dot, order = row.partition(".")
    return concept, order if dot else None


def percent(share: float) -> str:
    """A share in whole percent; 0% and 100% are said only where they are exact."""
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "<1%"
    if rounded == 100 and share < 1:
        return ">99%"
    return f"{rounded}%"


def number(value: float) -> str:
    """A number in three significant digits, with a true minus sign."""
    return f"{value:.3g}".replace("-", "−")


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def caption(
    message: str,
    shown: str,
    provenance: Provenance,
    *,
    units: str,
    rows: Sequence[str] = (),
    n: int | None = None,
    notes: Sequence[str] = (),
    basis: Sequence[str] = (),
) -> str:
    """The text beside a figure.

    Args:
        message: what the figure says, as in its title.
        shown: what stands where.
        provenance: scenario, hash, seed, draws.
        units: of every axis.
        rows: concepts and orders, as named in `summary.json`.
        n: draws behind what is shown; None: central values, no draw at all.
        notes: further sentences.
        basis: what stands instead of the two sentences about `n`, where that is neither draws nor central values.
    """
    lines = [f"{message.rstrip('.')}.", "", shown]
    if rows:
        lines.append(f"Concepts and orders: {', '.join(rows)}.")
    lines.append(f"Units: {units}.")
    lines += notes
    if basis:
        lines += basis
    elif n is None:
        lines.append("N = 1: every uncertain number at its central value, except where said; nothing is sampled.")
    else:
        lines.append(f"N = {n:,} draws. All shares are shares of sampled parameter sets.")
        lines.append(f"Sampling error of {n:,} draws only: it says nothing about the ranges being right.")
    changed = f" with {set_text(provenance.values)}" if provenance.values else ""
    source = f"Scenario {provenance.scenario}{changed}, hash {provenance.hash}; seed {provenance.seed}"
    lines.append(f"{source}, {provenance.draws:,} draws in the run.")
    return "\n".join(lines) + "\n"
