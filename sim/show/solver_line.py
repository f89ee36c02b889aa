"""What a chosen solver found beside the exact set, as a sentence or two of plain text."""

from collections.abc import Mapping
from typing import Any


def solver_line(entry: Mapping[str, Any], ours: int) -> str:
    """The entry `solver` of a set of equilibria, in words; `ours`: how many the exact set has."""
    parts = []
    if entry["spurious"]:
        parts.append(f"{len(entry['spurious'])} that are no equilibria")
    if entry["not_extreme"]:
        parts.append(f"{entry['not_extreme']} inside a component, not extreme")
    if entry["malformed"]:
        parts.append(f"{entry['malformed']} that are no strategies of this game")
    found = entry["found"] - len(entry["spurious"]) - entry["not_extreme"]
    head = f"{entry['name']} (nashpy {entry['version']}) finds {found} of these {ours}"
    said = [head + (f", and {' and '.join(parts)}" if parts else "")]
    if entry["missing"]:
        said.append("it misses " + ", ".join(str(k + 1) for k in entry["missing"]))
    if entry["error"] is not None:
        said.append(f"it stopped: {entry['error']}")
    said += [f"it warns: {text}" for text in entry["warnings"]]
    said.append("both agree" if entry["agree"] else "the set above is ours")
    return "; ".join(said) + "."
