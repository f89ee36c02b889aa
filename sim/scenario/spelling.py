"""The nearest right name for a misspelt one."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

GREATEST_CHOICES = 500  # a thousand misspelt names among thousands of right ones must still be answered at once


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The most similar choice, first without regard to case; None where nothing is near."""
    names = list(islice(choices, GREATEST_CHOICES))
    short = name[:60]
    for choice in names:
        if choice.casefold() == short.casefold():
            return choice
    found = get_close_matches(short, names, n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """A mend that names the nearest right name, or lists them where there are few; empty otherwise."""
    names = list(islice(choices, GREATEST_CHOICES))
    near = nearest(name, names)
    if near is not None:
        return f"Did you mean '{near}'?"
    return f"There are: {', '.join(repr(one) for one in names)}." if 0 < len(names) <= 8 else ""
