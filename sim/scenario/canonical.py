"""One canonical text of a scenario, whose hash names it: comments, spacing and orders that mean nothing are gone.

Order means something for players, their moves, observers, and interests (the terms of a payoff are added in floating
point in an order that follows from theirs); these become lists of pairs. Everything else that has names is sorted by
name.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sim.scenario.numbers import exact


def canonical_text(data: Mapping[str, Any], headline: tuple[str, ...]) -> str:
    """The merged file as JSON; numbers are exact, as decimals where they have one, else as fractions in quotes."""
    head = {key: value for key, value in data.get("scenario", {}).items() if key not in ("extends", "remove")}
    whole = {**data, "scenario": {**head, "headline": list(headline)}}
    return json.dumps(canonical_value(whole, ()), ensure_ascii=False, sort_keys=True, indent=1)


def hash_of(text: str) -> str:
    """The sha256 of a canonical text, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical_value(value: Any, path: tuple[str, ...]) -> Any:
    """A value of a file at its path as JSON has it; equal values are equal here."""
    if isinstance(value, Mapping):
        if _keeps_order(path):
            return [[key, canonical_value(item, (*path, key))] for key, item in value.items()]
        return {key: canonical_value(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [canonical_value(item, (*path, "[]")) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | Decimal):
        number = exact(value)
        return number.numerator if number.denominator == 1 else str(number)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _keeps_order(path: tuple[str, ...]) -> bool:
    """True at players, observers and interests, at the moves of a player, and at the interests of one."""
    match path:
        case ("players",) | ("observers",) | ("interests",) | ("interests", _) | ("players", _, "moves"):
            return True
    return False
