"""What every test shares: the root of the checkout, and property tests that try the same examples on every machine."""

from pathlib import Path

import pytest
from hypothesis import settings

# No deadline (a busy machine is no bug), no memory of past runs (a failure prints what replays it), no luck.
settings.register_profile("same-everywhere", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("same-everywhere")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder that holds `pyproject.toml`."""
    return Path(__file__).resolve().parent.parent
